"""The steps of bridges. All outlive their application: that it has ended is what calls for most of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from crm_bridges.cadence import over, rejection, returns, thanks
from crm_bridges.letters import GRACIOUS, WITHDRAW
from crm_bridges.people import People
from crm_bridges.reopening import newest_sign
from crm_bridges.settings import BridgesSettings
from crm_core import (
    UNKNOWN_ROLE,
    Step,
    accepted_offer,
    day_end,
    day_of,
    day_start,
    deadline,
    employer_name,
    say_day,
    say_on,
)

if TYPE_CHECKING:
    from crm_core import Application, Book, Contact, Interview, Move, When

NOT_YET_TOLD = frozenset({"applied", "interviewing", "offer"})
"""Stages in which they know of you and wait; of a wish nobody knows."""


def bridge_steps(book: Book, until: datetime | None = None) -> Iterator[Step]:
    """All that begin by then; those that have expired are left out, finished ones are not."""
    for step in _all_steps(book, until):
        if step.done is not None or step.expires is None or book.now <= day_end(step.expires, book.zone):
            yield step


def missed(book: Book, interview: Interview) -> bool:
    """Whether nobody was thanked for the decision, and the time for it has run out."""
    application = book.applications.find(interview.application)
    no = rejection(application) if application is not None else None
    people = People(book)
    contact = people.first(application) if application is not None else None
    if application is None or no is None or contact is None:
        return False
    thank = thanks(book, people, application, no, contact)
    return thank.done is None and book.now > day_end(thank.expires, book.zone)


def nothing_to_keep(book: Book, interview: Interview) -> str:
    """Why no bridge is to be kept after an interview."""
    application = book.applications.find(interview.application)
    if application is None or rejection(application) is None:
        return "you were not rejected"
    return "you know nobody there"


def _all_steps(book: Book, until: datetime | None) -> Iterator[Step]:
    people = People(book)
    for application in book.applications:
        no = rejection(application)
        if no is not None:
            yield from _after_a_no(book, people, application, no, until)
    yield from _tell_others(book, people)


def _after_a_no(
    book: Book, people: People, application: Application, no: Move, until: datetime | None
) -> Iterator[Step]:
    behind = people.behind(application)
    for contact in behind[:1]:
        yield from _thank(book, people, application, no, contact)
    past = over(book, no)
    for contact in behind:
        if not past or people.touches(contact):
            yield from _returns(book, people, application, no, contact, until)
    yield from _reopened(book, people, application, no)


def _thank(book: Book, people: People, application: Application, no: Move, contact: Contact) -> Iterator[Step]:
    thank = thanks(book, people, application, no, contact)
    if thank.done is None and book.now > day_end(thank.expires, book.zone):
        return
    yield Step(
        kind="thank",
        about=application.id,
        refs=(application.id, contact.id),
        slot=no.id,
        title=f"Thank {contact.name} for the decision",
        why=f"{_label(book, application)} said no {say_on(no.on, book.today)}; who thanks them is remembered well",
        starts=no.on,
        due=thank.due,
        expires=thank.expires,
        person=contact.id,
        command=f"crm bridges write {application.id} --contact {contact.id}",
        outlives=True,
        done=_done(thank.done),
    )


def _returns(
    book: Book, people: People, application: Application, no: Move, contact: Contact, until: datetime | None
) -> Iterator[Step]:
    """Of a year's occasions most are over or far ahead: these are left out before anything is said of them."""
    early = timedelta(days=book.settings(BridgesSettings).early_days)
    last = people.touches(contact)[-1:]
    since = f"; last in touch {say_on(day_of(last[0].on), book.today)}" if last else ""
    for time in returns(book, people, no, contact):
        ahead = until is not None and day_start(time.due - early, book.zone) > until
        if time.done is None and (ahead or book.now > day_end(time.expires, book.zone)):
            continue
        yield Step(
            kind="return",
            about=application.id,
            refs=(application.id, contact.id),
            slot=f"{no.id}-{time.months}m",
            title=f"Come back to {contact.name}",
            why=f"{_label(book, application)} said no {say_on(no.on, book.today)}{since}",
            starts=time.due - early,
            due=time.due,
            expires=time.expires,
            person=contact.id,
            command=f"crm bridges write {application.id} --contact {contact.id}",
            outlives=True,
            done=_done(time.done),
        )


def _reopened(book: Book, people: People, application: Application, no: Move) -> Iterator[Step]:
    settings, sign = book.settings(BridgesSettings), newest_sign(book, application, no)
    if sign is None:
        return
    due = sign.on + timedelta(days=settings.reopened_days)
    contact = people.first(application)
    source = " ".join(sign.source.split())
    yield Step(
        kind="reopened",
        about=application.id,
        refs=(application.id,),
        slot=sign.id,
        title=f"Ask for the role that is open again: {_label(book, application)}",
        why=f"{source or 'you noted it'} ({say_day(sign.on, book.today)}); they said no {say_on(no.on, book.today)}",
        starts=sign.on,
        due=due,
        expires=due + timedelta(days=settings.expires_days),
        person=contact.id if contact is not None else None,
        command=f"crm bridges write {application.id} --as reopened",
        outlives=True,
        done=_done(_followed_up(book, people, application, contact, sign.on)),
    )


def _followed_up(
    book: Book, people: People, application: Application, contact: Contact | None, since: date
) -> When | None:
    """When you wrote to the person after a role reopened, or applied there anew."""
    touches = people.touches(contact) if contact is not None else []
    wrote = [touch.on for touch in touches if touch.out and touch.letter != GRACIOUS]
    others = (a for a in book.applications.where("company", application.company) if a.id != application.id)
    anew = [move.on for other in others for move in other.moves if move.stage == "applied"]
    after = [on for on in (*wrote, *anew) if day_of(on) >= since]
    return min(after, key=lambda on: day_start(on, book.zone), default=None)


def _tell_others(book: Book, people: People) -> Iterator[Step]:
    chosen = accepted_offer(book)
    if chosen is None:
        return
    on = chosen.moves[-1].on
    for other in book.applications:
        if other.id != chosen.id and other.moves and other.moves[0].on <= on:
            yield from _tell(book, people, chosen, other)


def _tell(book: Book, people: People, chosen: Application, other: Application) -> Iterator[Step]:
    yes, last = chosen.moves[-1], other.moves[-1]
    withdrew = last.on if last.stage == "withdrawn" and last.on >= yes.on else None
    if withdrew is None and other.stage not in NOT_YET_TOLD:
        return
    settings = book.settings(BridgesSettings)
    due = yes.on + timedelta(days=settings.tell_days)
    contact = people.first(other)
    yield Step(
        kind="tell",
        about=other.id,
        slot=yes.id,
        title=f"Tell {employer_name(book, other)} kindly that you have accepted another offer",
        why=f"you accepted {_label(book, chosen)} {say_on(yes.on, book.today)}; {_label(book, other)} is still open",
        starts=yes.on,
        due=due,
        expires=due + timedelta(days=settings.expires_days),
        person=contact.id if contact is not None else None,
        command=_how_to_tell(other, contact),
        outlives=True,
        done=_done(withdrew or _told(book, other, yes.on)),
    )


def _how_to_tell(other: Application, contact: Contact | None) -> str:
    if contact is None:
        return f"crm application move {other.id} withdrawn"
    return f"crm bridges write {other.id}"


def _told(book: Book, other: Application, since: date) -> When | None:
    """When the letter that withdraws an application went out."""
    sent = (x.sent for x in book.letters.where("application", other.id) if x.kind == WITHDRAW)
    after = [on for on in sent if on is not None and day_of(on) >= since]
    return min(after, key=lambda on: day_start(on, book.zone), default=None)


def _label(book: Book, application: Application) -> str:
    role = "" if application.role.casefold() == UNKNOWN_ROLE else f" ({application.role})"
    return f"{employer_name(book, application)}{role}"


def _done(on: When | None) -> date | None:
    return deadline(on) if on is not None else None
