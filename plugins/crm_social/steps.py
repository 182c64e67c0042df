"""When to follow whom: the company in the week before an interview, its interviewers in the days after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crm_core import (
    Book,
    Company,
    Contact,
    Interview,
    Step,
    alive,
    day_end,
    day_of,
    interview_label,
    long_over,
    say_when,
)
from crm_social.following import Following, Who, followings_of, pages_to_follow, recorded_of
from crm_social.networks import Page
from crm_social.settings import SocialSettings


def social_steps(book: Book) -> Iterator[Step]:
    """A step for each company and each person met, on each network known; once in a lifetime, whatever became of it."""
    settings = book.settings(SocialSettings)
    at_company, of_person = _occasions(book)
    for find, occasions in ((book.companies.find, at_company), (book.contacts.find, of_person)):
        for id_, interview in occasions.items():
            if long_over(book, interview, settings.expires_days) and not recorded_of(book, id_):
                continue
            who: Who | None = find(id_)
            if who is not None:
                yield from _steps(book, who, interview, settings)


def missed(book: Book, interview: Interview) -> bool:
    """Whether somebody was never followed, and the time for it after this interview has run out."""
    if book.now <= day_end(_expires(interview, book.settings(SocialSettings)), book.zone):
        return False
    return any(_left(book, who) for who in _met(book, interview))


def nobody_to_follow(book: Book, interview: Interview) -> str:
    """Why there is no step for an interview."""
    met = _met(book, interview)
    if not any(pages_to_follow(book, who) for who in met):
        return "no page of theirs is known: add one with --profile"
    if not any(_left(book, who) for who in met):
        return "you had followed all of them already"
    if not alive(book, interview):
        return "the application has ended"
    if interview.end > book.now:
        return f"not before {say_when(interview.end, book.now)}"
    return "another interview calls for it"


def _occasions(book: Book) -> tuple[dict[str, Interview], dict[str, Interview]]:
    """The interview that is the reason to follow: by company the next, else the last; by person the last that ended.

    Interviews of applications that are alive go before all others.
    """
    at_company: dict[str, Interview] = {}
    of_person: dict[str, Interview] = {}
    for interview in sorted(book.interviews, key=lambda interview: (interview.start, interview.id)):
        application = book.applications.find(interview.application)
        if application is None:
            continue
        known = at_company.get(application.company)
        if known is None or _before(book, known, interview):
            at_company[application.company] = interview
        if interview.end <= book.now:
            for seat in interview.panel:
                met = of_person.get(seat.contact)
                if met is None or alive(book, interview) or not alive(book, met):
                    of_person[seat.contact] = interview
    return at_company, of_person


def _before(book: Book, known: Interview, later: Interview) -> bool:
    """Whether a later interview at a company is the better occasion."""
    if alive(book, known) != alive(book, later):
        return alive(book, later)
    return known.end <= book.now


def _steps(book: Book, who: Who, interview: Interview, settings: SocialSettings) -> Iterator[Step]:
    recorded = {found.network: found for found in followings_of(book, who)}
    in_time = book.now <= day_end(_expires(interview, settings), book.zone)
    for page in pages_to_follow(book, who):
        found = recorded.get(page.network.name)
        if found is not None or (in_time and alive(book, interview)):
            yield _step(book, who, interview, page, found, settings)


def _step(
    book: Book, who: Who, interview: Interview, page: Page, found: Following | None, settings: SocialSettings
) -> Step:
    network, day = page.network, day_of(interview.at)
    company = isinstance(who, Company)
    ahead = interview.end > book.now
    verb = "Follow" if company else network.verb
    return Step(
        kind="company" if company else "person",
        about=interview.id,
        refs=(who.id, network.name),
        title=f"{verb} {who.name} on {network.label}",
        why=_why(book, interview, company=company, ahead=ahead),
        starts=day - timedelta(days=settings.starts_days) if company else interview.end,
        due=day - timedelta(days=settings.due_days) if company else _ended(interview) + timedelta(settings.after_days),
        expires=_expires(interview, settings),
        person=who.id if isinstance(who, Contact) else None,
        command="" if found is not None else f"crm social open {who.id} {network.name}",
        done=found.on if found is not None else None,
    )


def _why(book: Book, interview: Interview, *, company: bool, ahead: bool) -> str:
    if company and ahead:
        return f"your interview there is {say_when(interview.start, book.now)}"
    return f"{'you were there' if company else 'you met'}: {interview_label(book, interview)}"


def _ended(interview: Interview) -> date:
    """The day on which it ended, where it was."""
    return interview.end.date()


def _expires(interview: Interview, settings: SocialSettings) -> date:
    return _ended(interview) + timedelta(days=settings.expires_days)


def _met(book: Book, interview: Interview) -> list[Who]:
    """The company of an interview, and the people on its panel."""
    application = book.applications.find(interview.application)
    company = book.companies.find(application.company) if application is not None else None
    people = [book.contacts.find(seat.contact) for seat in interview.panel]
    return [who for who in (company, *people) if who is not None]


def _left(book: Book, who: Who) -> bool:
    """Whether there is a page of theirs of which nothing is recorded."""
    recorded = {found.network for found in followings_of(book, who)}
    return any(page.network.name not in recorded for page in pages_to_follow(book, who))
