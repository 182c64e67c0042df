"""The steps of hearback: from the question when news will come to the answer that you owe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core import (
    UNKNOWN_ROLE,
    Step,
    accepted_offer,
    day_end,
    day_of,
    deadline,
    employer_name,
    evening_after,
    interview_label,
    say_day,
    say_on,
    say_when,
)
from crm_hearback.settings import HearbackSettings
from crm_hearback.waiting import (
    Words,
    agreed_day,
    answered_on,
    applied,
    asked_on,
    heard_since,
    last_in,
    newest_interview,
    news_came,
)

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Application, Book, Contact, Deadline, Interaction, Interview, Move, Ref, When

SHOWN = 60
"""Characters of a message in the reason for answering it."""


def hearback_steps(book: Book) -> Iterator[Step]:
    """All of them; what has expired or was overtaken by facts is left out, what was finished is not."""
    over = accepted_offer(book) is not None
    for step in _all_steps(book):
        if over and step.kind == "silence" and step.done is None:
            continue  # who has accepted an offer asks nobody how they stand; telling the others is crm_bridges' step
        if step.done is not None or step.expires is None or book.now <= day_end(step.expires, book.zone):
            yield step


def _all_steps(book: Book) -> Iterator[Step]:
    words, settings = Words(book), book.settings(HearbackSettings)
    for application in book.applications:
        newest = newest_interview(book, application)
        if newest is not None:
            yield from _about_interview(book, application, newest, words, settings)
        elif (sent := applied(application)) is not None:
            yield from _after_applying(book, application, sent, words, settings)
        yield from _offer(book, application)
        yield from _posting(book, application, settings)
    yield from _replies(book, words, settings)


def _about_interview(
    book: Book, application: Application, newest: Interview, words: Words, settings: HearbackSettings
) -> Iterator[Step]:
    agreed = agreed_day(newest)
    open_ = application.alive and not news_came(application, newest)
    if newest.end > book.now:
        if agreed is None and not newest.hear_how and newest.outcome is None:
            yield _ask(book, newest, settings)
        return
    if agreed is not None:
        chase = _chase(book, application, newest, words, agreed)
        if open_ or chase.done is not None:
            yield chase
        return
    if open_:
        yield _told(book, application, newest, settings)
    elif not words.with_(application) and not book.letters.where("interview", newest.id):
        return
    unheard = _silent_after_interview(book, application, newest, words, settings)
    if unheard.done is not None or (open_ and not heard_since(words.with_(application), newest.at.local.date())):
        yield unheard


def _ask(book: Book, interview: Interview, settings: HearbackSettings) -> Step:
    return Step(
        kind="ask",
        about=interview.id,
        title="At the interview: ask when and how you will hear, and say that you want the job",
        why=interview_label(book, interview),
        starts=interview.at.local.date() - timedelta(days=settings.ask_days),
        due=interview.end,
        person=_lead(book, interview),
        command=f"crm hearback told {interview.id} --by DATE --how TEXT",
    )


def _told(book: Book, application: Application, interview: Interview, settings: HearbackSettings) -> Step:
    end = interview.end
    return Step(
        kind="told",
        about=interview.id,
        title=f"Write down when you will hear from {employer_name(book, application)}",
        why=f"no day is known for news of the interview that ended {say_when(end, book.now)}",
        starts=end,
        due=evening_after(end),
        late=end + timedelta(days=1),
        expires=end + timedelta(days=settings.told_days),
        command=f"crm hearback told {interview.id} --by DATE --how TEXT",
    )


def _chase(book: Book, application: Application, interview: Interview, words: Words, agreed: date) -> Step:
    company, how = employer_name(book, application), _by(interview.hear_how)
    asked = asked_on(words.with_(application), book.letters.where("interview", interview.id), agreed)
    day = agreed + timedelta(days=1)
    return Step(
        kind="chase",
        about=interview.id,
        title=f"Ask {company} for news",
        why=f"you were to hear by {say_day(agreed, book.today)}{how}",
        starts=day,
        due=day,
        person=_lead(book, interview),
        command=f"crm hearback ask {interview.id}",
        waiting_for=f"news from {company}{how}",
        done=_done(asked),
    )


def _after_applying(
    book: Book, application: Application, sent: Move, words: Words, settings: HearbackSettings
) -> Iterator[Step]:
    said = words.with_(application)
    if heard_since(said, sent.on):
        return
    # What went out on the day itself was the application.
    asked = asked_on(said, book.letters.where("application", application.id), sent.on + timedelta(days=1))
    what = f"you applied {say_on(sent.on, book.today)}"
    yield _silence(book, application, (application.id,), sent.id, sent.on, what, asked, words, settings)


def _silent_after_interview(
    book: Book, application: Application, interview: Interview, words: Words, settings: HearbackSettings
) -> Step:
    """As after an application, where nobody said when news would come; a letter of thanks asks nothing."""
    held = interview.at.local.date()
    due = held + timedelta(days=settings.silence_days)
    asked = asked_on(words.with_(application), book.letters.where("interview", interview.id), due)
    what, refs = f"the interview was {say_on(held, book.today)}", (application.id, interview.id)
    return _silence(book, application, refs, "", held, what, asked, words, settings)


def _silence(
    book: Book,
    application: Application,
    refs: tuple[str, ...],
    slot: str,
    since: date,
    what: str,
    asked: When | None,
    words: Words,
    settings: HearbackSettings,
) -> Step:
    due = since + timedelta(days=settings.silence_days)
    begun = due <= book.today and asked is None and application.alive
    interview = book.interviews.find(refs[-1])
    lead = _lead(book, interview) if interview is not None else None
    somebody = (book.contacts.find(lead) or words.somebody_at(application)) if begun else None
    nobody = begun and somebody is None
    return Step(
        kind="silence",
        about=application.id,
        refs=refs,
        slot=slot,
        title=f"Ask {employer_name(book, application)} how your application stands",
        why=f"{what}, and you have heard nothing since{'; you know nobody there yet' if nobody else ''}",
        starts=due,
        due=due,
        expires=due + timedelta(days=settings.expires_days),
        person=somebody.id if somebody is not None else None,
        command=f"crm contact add NAME --company {application.company}"
        if nobody
        else _write(application, somebody, refs),
        done=_done(asked),
    )


def _write(application: Application, somebody: Contact | None, refs: tuple[str, ...]) -> str:
    if len(refs) > 1:
        return f"crm hearback ask {refs[1]}"
    about = f" --application {application.id}" if somebody is not None else ""
    return f"crm letter draft hearback {somebody.id}{about}" if somebody is not None else ""


def _offer(book: Book, application: Application) -> Iterator[Step]:
    """To answer the last offer; an answer is wherever the application went from there."""
    place = next((n for n, move in reversed(list(enumerate(application.moves))) if move.stage == "offer"), None)
    if place is None or application.respond_by is None:
        return
    offer, after = application.moves[place], application.moves[place + 1 :]
    if application.respond_by < offer.on:
        return  # the day that was named with an earlier offer
    came, until = say_on(offer.on, book.today), say_day(application.respond_by, book.today)
    yield Step(
        kind="offer",
        about=application.id,
        slot=offer.id,
        title=f"Answer the offer from {employer_name(book, application)}",
        why=f"it came {came}, and they want an answer by {until}",
        starts=offer.on,
        due=application.respond_by,
        command=f"crm application show {application.id}",
        done=after[0].on if after else None,
    )


def _posting(book: Book, application: Application, settings: HearbackSettings) -> Iterator[Step]:
    closes = application.closes
    if closes is None:
        return
    sent = next((move for move in application.moves if move.stage != "wishlist"), None)
    role = "" if application.role.casefold() == UNKNOWN_ROLE else f" ({application.role})"
    yield Step(
        kind="posting",
        about=application.id,
        title=f"Apply to {employer_name(book, application)}{role} before the posting closes",
        why=f"it is on your wishlist, and closes {say_on(closes, book.today)}",
        starts=closes - timedelta(days=settings.posting_days),
        due=closes,
        expires=closes,
        command=f"crm application move {application.id} applied",
        done=sent.on if sent is not None else None,
    )


def _replies(book: Book, words: Words, settings: HearbackSettings) -> Iterator[Step]:
    people = {exchange.contact for exchange in book.interactions if exchange.direction == "in"}
    panels = _live_panels(book) if people else {}
    for person in sorted(people):
        contact = book.contacts.find(person)
        message = last_in(book, book.interactions.where("contact", person))
        if contact is not None and message is not None:
            about = _live_application(book, contact, panels.get(contact.id, ()), words)
            if about is not None:
                yield _reply(book, contact, message, about, words, settings)


def _reply(
    book: Book, contact: Contact, message: Interaction, about: Application, words: Words, settings: HearbackSettings
) -> Step:
    due = day_of(message.on) + timedelta(days=settings.reply_days)
    text = " ".join(message.about.split())
    said = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    return Step(
        kind="reply",
        about=about.id,
        refs=(contact.id,),
        slot=message.id,
        title=f"Reply to {contact.name}",
        why=f"you owe them a reply: {said or 'to their message'} ({say_when(message.on, book.now)})",
        starts=deadline(message.on),
        due=due,
        expires=due + timedelta(days=settings.expires_days),
        person=contact.id,
        command=f'crm log {contact.id} "replied" --out',
        done=_done(answered_on(book, message, words.of_person(contact.id))),
    )


def _live_panels(book: Book) -> dict[str, list[Application]]:
    """The live applications on whose panels each person sits."""
    found: dict[str, list[Application]] = {}
    for interview in book.interviews:
        application = book.applications.find(interview.application)
        if application is not None and application.alive:
            for seat in interview.panel:
                found.setdefault(seat.contact, []).append(application)
    return found


def _live_application(
    book: Book, contact: Contact, on_panels: Sequence[Application], words: Words
) -> Application | None:
    """The live application that a person has to do with: where they sit on a panel, else at their company."""
    found = on_panels or [
        a for company in words.employers(contact) for a in book.applications.where("company", company) if a.alive
    ]
    return max(
        found,
        key=lambda a: (a.moves[-1].on.toordinal() if a.moves else 0, a.role, employer_name(book, a)),
        default=None,
    )


def _lead(book: Book, interview: Interview) -> Ref[Contact] | None:
    lead = book.contacts.find(interview.lead.contact) if interview.lead is not None else None
    return lead.id if lead is not None else None


def _done(on: When | None) -> Deadline | None:
    return deadline(on) if on is not None else None


def _by(how: str) -> str:
    """How news will come, to be added to a sentence: `email` and `by email` are the same."""
    said = " ".join(how.split())
    if not said:
        return ""
    return f", by {said}" if " " not in said else f", {said}"
