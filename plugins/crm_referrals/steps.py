"""When somebody is to be asked to put in a word: soon after the last interview, or after the application began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from crm_core import (
    Application,
    Book,
    Contact,
    Deadline,
    Interview,
    Path,
    Step,
    accepted_offer,
    alive,
    day_end,
    day_of,
    employer_name,
    say_day,
)
from crm_referrals.asking import Network, asks_of, interviewers, last_event
from crm_referrals.records import Ask
from crm_referrals.settings import ReferralSettings


def referral_steps(book: Book) -> Iterator[Step]:
    """A step for each person who was asked, and for those to be asked next in applications that are alive.

    Nobody is proposed once an offer is accepted. So many people are proposed as the settings say may be asked at a
    time; who declined makes room for the next.
    """
    settings, network, over = book.settings(ReferralSettings), Network(book), accepted_offer(book) is not None
    for application in book.applications:
        asks = asks_of(book, application)
        deciding = _deciding(book, application) if asks else set()
        for ask in asks:
            yield from _asked(book, application, ask, settings, deciding)
        event = last_event(book, application) if application.alive and not over else None
        if event is not None and _in_time(book, event, settings):
            for path in _proposed(network, application, asks, settings, deciding):
                yield _ask_step(book, application, path.person, event, path.proof, settings)


def missed(book: Book, interview: Interview) -> bool:
    """Whether nobody was asked for the interview's application though somebody could have been, and it is too late."""
    application = book.applications.find(interview.application)
    event = last_event(book, application) if application is not None else None
    settings = book.settings(ReferralSettings)
    if application is None or event is None or _in_time(book, event, settings) or asks_of(book, application):
        return False
    return next(Network(book).next_to_ask(application, ()), None) is not None


def nobody_to_ask(book: Book, interview: Interview) -> str:
    """Why there is no step for an interview's application."""
    if not alive(book, interview):
        return "the application has ended"
    if accepted_offer(book) is not None:
        return "an offer is accepted"
    application = book.applications.get(interview.application)
    company = book.companies.find(application.company)
    return f"your book knows no path to {company.name if company is not None else 'the company'}"


def _deciding(book: Book, application: Application) -> set[str]:
    """The ids of those who interview at the application's company: who was asked before that is waited for no more."""
    company = book.companies.find(application.company)
    return interviewers(book, company) if company is not None else set()


def _proposed(
    network: Network, application: Application, asks: list[Ask], settings: ReferralSettings, deciding: set[str]
) -> Iterator[Path]:
    """The closest people who were not asked yet, as many as may be asked besides those who did not decline."""
    waited_for = (ask for ask in asks if ask.state != "asked" or ask.contact not in deciding)
    places = settings.people - sum(ask.state != "declined" for ask in waited_for)
    asked = {ask.contact for ask in asks}
    return islice(network.next_to_ask(application, asked), max(places, 0))


def _in_time(book: Book, event: Deadline, settings: ReferralSettings) -> bool:
    """Days are those of the calendar where the interview was."""
    return book.now <= day_end(day_of(event) + timedelta(days=settings.expires_days), book.zone)


def _asked(
    book: Book, application: Application, ask: Ask, settings: ReferralSettings, deciding: set[str]
) -> Iterator[Step]:
    contact = book.contacts.find(ask.contact)
    if contact is None:
        return
    event = last_event(book, application) or ask.asked
    answered = f"; {ask.state} {say_day(ask.on, book.today)}" if ask.state != "asked" else ""
    why = f"asked {say_day(ask.asked, book.today)}{answered}"
    yield _ask_step(book, application, contact, event, why, settings, ask)
    again = ask.asked + timedelta(days=settings.answer_days)
    expired = book.now > day_end(again + timedelta(days=settings.expires_days), book.zone)
    unanswered = ask.state == "asked"
    if unanswered and contact.id in deciding:
        return
    if (unanswered and not expired) or (not unanswered and ask.on >= again):
        yield _follow_step(book, application, contact, ask, settings)


def _ask_step(
    book: Book,
    application: Application,
    contact: Contact,
    event: Deadline,
    why: str,
    settings: ReferralSettings,
    ask: Ask | None = None,
) -> Step:
    return Step(
        kind="ask",
        about=application.id,
        refs=(application.id, contact.id),
        title=f"Ask {contact.name} to put in a word at {employer_name(book, application)}",
        why=why,
        starts=event,
        due=day_of(event) + timedelta(days=settings.due_days),
        expires=day_of(event) + timedelta(days=settings.expires_days),
        person=contact.id,
        command="" if ask is not None else f"crm referral ask {application.id} {contact.id}",
        done=ask.asked if ask is not None else None,
    )


def _follow_step(book: Book, application: Application, contact: Contact, ask: Ask, settings: ReferralSettings) -> Step:
    """Ask again where no answer came; until then it is their turn."""
    again = ask.asked + timedelta(days=settings.answer_days)
    return Step(
        kind="follow",
        about=application.id,
        refs=(application.id, contact.id),
        title=f"Ask {contact.name} again about a word at {employer_name(book, application)}",
        why=f"asked {say_day(ask.asked, book.today)}, and no answer is recorded",
        starts=again,
        due=again,
        expires=again + timedelta(days=settings.expires_days),
        person=contact.id,
        command=f"crm referral ask {application.id} {contact.id}" if ask.state == "asked" else "",
        waiting_for=f"an answer from {contact.name}",
        done=None if ask.state == "asked" else ask.on,
    )
