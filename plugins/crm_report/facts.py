"""What a report says: each application in which something happened in the period, and the sums.

Typed values only; how they look is the business of the three forms. What happened is what the book dates: moves from
stage to stage, interviews that were held, letters that were sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

import msgspec

from crm_core import (
    STAGES,
    Application,
    Book,
    Contact,
    Deadline,
    Entry,
    Interview,
    Letter,
    Me,
    Stage,
    application_of,
    day_of,
    sent_on,
)


class Move(msgspec.Struct, frozen=True):
    """That it came to a stage."""

    stage: Stage
    on: date


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """An interview that was held; `people` are those on the panel, with what they did there."""

    at: datetime
    round: int | None
    kind: str
    people: tuple[str, ...]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that was sent."""

    on: date
    kind: str
    to: str


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """One application.

    Args:
        id: Its id.
        company: Where.
        role: As what.
        source: How the user came to know of it.
        url: Where the posting is.
        cv: Which CV went out.
        applied: When the application was sent; None while it is only on the wishlist.
        moves: All stages until the end of the period.
        meetings: The interviews held in the period.
        letters: The letters sent in the period.
        people: Who was met in them, each once.
        next_interview: The next one that is ahead.
        next_step: What is to be done next.
        next_due: By when.
        stage: How far it is today.
        since: Since when.
        answer_by: Until when an offer is to be answered.
    """

    id: str
    company: str
    role: str
    source: str
    url: str
    cv: str
    applied: date | None
    moves: tuple[Move, ...]
    meetings: tuple[Meeting, ...]
    letters: tuple[Sent, ...]
    people: tuple[str, ...]
    next_interview: datetime | None
    next_step: str
    next_due: Deadline | None
    stage: Stage
    since: date | None
    answer_by: date | None


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums: what was done in the period, how the applications in the report stand, and how many are not in it.

    `quiet` are older ones that are still open and in which nothing happened.
    """

    applications: int
    sent: int
    interviews: int
    letters: int
    people: int
    stages: dict[Stage, int]
    quiet: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report; the period is from `since`, or the beginning, to `until`, both days included."""

    me: Me
    since: date | None
    until: date
    today: date
    applications: tuple[Reported, ...]
    totals: Totals


def report_on(
    book: Book, steps: Iterable[Entry], since: date | None, until: date, stages: Collection[Stage] = ()
) -> Report:
    """The report.

    Args:
        book: Where everything is.
        steps: What is to be done, the most urgent first.
        since: The first day; None for the beginning.
        until: The last day.
        stages: Only applications that are at one of these today; all that were sent, if none is given.
    """
    collector = _Collector(book, steps, since, until)
    found = [a for a in book.applications if (a.stage in stages if stages else sent_on(a) is not None)]
    active = [application for application in found if collector.happened(application)]
    quiet = [a for a in found if a.alive and a not in active and a.moves and a.moves[0].on <= until]
    reported = sorted((collector.reported(application) for application in active), key=_order)
    return Report(
        me=book.me,
        since=since,
        until=until,
        today=book.today,
        applications=tuple(reported),
        totals=_totals(collector, active, reported, len(quiet)),
    )


def _totals(collector: _Collector, active: Iterable[Application], reported: Sequence[Reported], quiet: int) -> Totals:
    counted = Counter(one.stage for one in reported)
    met = {seat.contact for application in active for held in collector.held(application) for seat in held.panel}
    return Totals(
        applications=len(reported),
        sent=sum(one.applied is not None and collector.in_period(one.applied) for one in reported),
        interviews=sum(len(one.meetings) for one in reported),
        letters=sum(len(one.letters) for one in reported),
        people=len(met),
        stages={stage: counted[stage] for stage in STAGES if counted[stage]},
        quiet=quiet,
    )


def _order(one: Reported) -> tuple[date, int, str]:
    return one.applied or (one.moves[0].on if one.moves else date.max), len(one.id), one.id


class _Collector:
    """Looks up what belongs to an application in a period."""

    def __init__(self, book: Book, steps: Iterable[Entry], since: date | None, until: date) -> None:
        self._book = book
        self._since = since
        self._until = until
        self._next: dict[str, Entry] = {}
        for step in steps:
            application = application_of(book, book.find(step.about)) if step.open else None
            if application is not None:
                self._next.setdefault(application.id, step)

    def in_period(self, day: date) -> bool:
        """Whether that day is one of the period's."""
        return (self._since is None or day >= self._since) and day <= self._until

    def happened(self, application: Application) -> bool:
        """Whether anything did, in the period."""
        moved = any(self.in_period(move.on) for move in application.moves)
        return moved or bool(self.held(application)) or bool(self._letters(application))

    def held(self, application: Application) -> list[Interview]:
        """Its interviews in the period, the earliest first."""
        found = self._book.interviews.where("application", application.id)
        held = [one for one in found if one.start <= self._book.now and self.in_period(one.at.local.date())]
        return sorted(held, key=lambda one: one.start)

    def reported(self, application: Application) -> Reported:
        """All about it."""
        company = self._book.companies.find(application.company)
        held, step = self.held(application), self._next.get(application.id)
        meetings = tuple(self._meeting(interview) for interview in held)
        return Reported(
            id=application.id,
            company=company.name if company is not None else "",
            role=application.role,
            source=application.source,
            url=application.url,
            cv=application.cv,
            applied=sent_on(application),
            moves=tuple(Move(move.stage, move.on) for move in application.moves if move.on <= self._until),
            meetings=meetings,
            letters=tuple(self._letters(application)),
            people=tuple(dict.fromkeys(person for meeting in meetings for person in meeting.people)),
            next_interview=self._ahead(application),
            next_step=step.title if step is not None else "",
            next_due=step.due if step is not None else None,
            stage=application.stage,
            since=application.moves[-1].on if application.moves else None,
            answer_by=application.respond_by if application.stage == "offer" else None,
        )

    def _meeting(self, interview: Interview) -> Meeting:
        seats = ((self._book.contacts.find(seat.contact), seat.role) for seat in interview.panel)
        people = tuple(_met(who, role) for who, role in seats if who is not None)
        return Meeting(at=interview.start, round=interview.round, kind=interview.kind, people=people)

    def _letters(self, application: Application) -> list[Sent]:
        interviews = [one.id for one in self._book.interviews.where("application", application.id)]
        found = {
            letter.id: letter
            for letter in (
                *self._book.letters.where("application", application.id),
                *(letter for id_ in interviews for letter in self._book.letters.where("interview", id_)),
            )
        }
        sent = [self._sent(letter, day_of(letter.sent)) for letter in found.values() if letter.sent is not None]
        return sorted((one for one in sent if self.in_period(one.on)), key=lambda one: one.on)

    def _sent(self, letter: Letter, on: date) -> Sent:
        contact = self._book.contacts.find(letter.contact)
        return Sent(on=on, kind=letter.kind, to=contact.name if contact is not None else "")

    def _ahead(self, application: Application) -> datetime | None:
        found = self._book.interviews.where("application", application.id)
        return min((one.start for one in found if one.start > self._book.now), default=None)


def _met(contact: Contact, role: str) -> str:
    what = role or (contact.position.title if contact.position is not None else "")
    return f"{contact.name} ({what})" if what else contact.name
