"""The pipeline: applications, their stages, and the interviews in them. One fact, one home.

These are the acts that touch more than one record, or keep a rule that one record can't see; each that writes is called
inside an open change set. Who or what a user means is `lookup.py`'s; nothing here prints or asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise

from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import Moment, zone_named
from crm_core.errors import InputError
from crm_core.records import Application, Company, Interview, Move, Outcome, Ref, Seat, Stage
from crm_core.words import read_moment

STAGE_AFTER: dict[Outcome, Stage] = {"next-round": "interviewing", "offer": "offer", "rejected": "rejected"}
UNKNOWN_ROLE = "unknown"
NOT_SENT: frozenset[Stage] = frozenset({"wishlist", "withdrawn"})
"""Stages that an application can come to without ever having been sent."""

MINUTES_OF_A_DAY = 24 * 60
DAYS_IN_DOUBT = 2  # another zone, and a length that reaches into the next day


def move(book: Book, application: Application, stage: Stage, on: date) -> Application:
    """Record that an application came to a stage that day; to the stage it is in already changes nothing.

    Raises:
        InputError: It moved later than that day already: history is not rewritten in passing.
    """
    if application.moves and application.stage == stage:
        return application
    if application.moves and on < application.moves[-1].on:
        last = application.moves[-1]
        raise InputError(
            f"{application.id} came to {last.stage} on {last.on}, after {on}",
            f"Give a day from {last.on} on, or correct that one: "
            f"`crm application edit {application.id} --move-date {last.id} DATE`.",
        )
    moves = (*application.moves, Move(id=book.new_move_id(), stage=stage, on=on))
    return book.applications.save(replace(application, moves=moves))


def sent_on(application: Application) -> date | None:
    """The day on which an application was sent, None if it was not.

    That is its first move to `applied`; one that never had such a move was sent, at the latest, when it first came to
    a stage that nobody comes to without applying.
    """
    applied = next((move.on for move in application.moves if move.stage == "applied"), None)
    return applied or next((move.on for move in application.moves if move.stage not in NOT_SENT), None)


def sent_between(book: Book, since: date | None, until: date) -> Iterator[tuple[Application, date]]:
    """The applications that were sent in a period, each with the day; what is ahead has not been sent yet.

    Args:
        book: Where they are.
        since: The first day; None for the beginning.
        until: The last day.
    """
    for application in book.applications:
        day = sent_on(application)
        if day is not None and (since is None or since <= day) and day <= min(until, book.today):
            yield application, day


def redate(book: Book, application: Application, days: Mapping[str, date]) -> Application:
    """Correct the days of moves by their ids; the ids stay, since step keys and marks name them.

    Args:
        book: With a change open.
        application: Whose moves they are.
        days: The right day by move id.

    Raises:
        InputError: It has no such move, or they would not be in the order in which they were made.
    """
    known = {step.id: step for step in application.moves}
    unknown = next((id_ for id_ in days if id_ not in known), None)
    if unknown is not None:
        listed = "; ".join(f"{step.id} {step.stage} on {step.on}" for step in application.moves)
        raise InputError(f"{application.id} has no move {unknown[:40]!r}", f"Its moves: {listed or 'none'}.")
    moves = tuple(replace(step, on=days.get(step.id, step.on)) for step in application.moves)
    for before, after in pairwise(moves):
        if after.on < before.on:
            raise InputError(
                f"{application.id} came to {before.stage} ({before.id}) before it came to {after.stage} ({after.id}), "
                f"but {before.on} is after {after.on}",
                "Correct the days of both, or record the stages in another order.",
            )
    return book.applications.save(replace(application, moves=moves))


def apply(book: Book, application: Application, stage: Stage, on: date) -> Application:
    """Add an application, at its first stage."""
    first = Move(id=book.new_move_id(), stage=stage, on=on)
    return book.applications.add(replace(application, moves=(first,)))


def live_applications(book: Book, company: Company, role: str = "") -> list[Application]:
    """The company's applications that are alive, newest last; of that role if one is given.

    Roles are the same whatever their case and spacing.
    """
    found = [application for application in book.applications.where("company", company.id) if application.alive]
    wanted = _plain(role)
    return [application for application in found if not wanted or _plain(application.role) == wanted]


def log_interview(book: Book, application: Application, interview: Interview) -> Interview:
    """Add an interview; an application that was not yet interviewing is from the day on which it is logged or held.

    Somebody twice on the panel gets one seat, and of several leads the first is it.
    """
    whole = replace(interview, application=application.id).tidied()
    added = book.interviews.add(replace(whole, panel=_one_lead(whole.panel)))
    if application.stage in {"wishlist", "applied"}:
        held = known_by(book, interview.at)
        move(book, application, "interviewing", max([held, *(past.on for past in application.moves)]))
    return added


def known_by(book: Book, at: Moment) -> date:
    """The day from which an interview at that time says that its application is interviewing; today, if it is ahead."""
    return min(at.local.date(), book.today)


def record_outcome(book: Book, interview: Interview, outcome: Outcome, on: date) -> Interview:
    """Record what came of an interview and move its application accordingly, as one fact.

    The same outcome again corrects its day, and that of the move it made. A next round after which another interview
    is known already moves nothing: what came later says how far the application is.

    Raises:
        InputError: The application moved later than that day already.
    """
    application = book.applications.get(interview.application)
    made = _move_made(application, interview) if interview.outcome == outcome else None
    if made is not None:
        redate(book, application, {made.id: on})
    elif outcome != "next-round" or not _followed(book, interview):
        move(book, application, STAGE_AFTER[outcome], on)
    return book.interviews.save(replace(interview, outcome=outcome, outcome_on=on))


def seated(panel: Sequence[Seat], contact: str, *, role: str = "", lead: bool = False) -> tuple[Seat, ...]:
    """The panel with that person on it; a new lead takes the flag from the old one."""
    others = [replace(seat, lead=False) if lead else seat for seat in panel]
    present = next((seat for seat in others if seat.contact == contact), None)
    if present is None:
        return (*others, Seat(contact=Ref(contact), role=role, lead=lead))
    changed = replace(present, role=role or present.role, lead=lead or present.lead)
    return tuple(changed if seat is present else seat for seat in others)


def interview_moment(at: Moment, zone: str) -> Moment:
    """The same wall-clock time in another zone.

    Raises:
        InputError: There is no such zone, or its clocks skip that time on that day.
    """
    return read_moment(f"{at.local:%Y-%m-%d %H:%M}", at.at, zone_named(zone))


def interviews_of(book: Book, application: Application) -> list[Interview]:
    """An application's interviews, earliest first."""
    return sorted(book.interviews.where("application", application.id), key=lambda interview: interview.start)


def last_ended(book: Book, interviews: Sequence[Interview]) -> Interview | None:
    """Of those, the last that has ended."""
    ended = [interview for interview in interviews if interview.end <= book.now]
    return max(ended, key=lambda interview: interview.end, default=None)


def next_ahead(interviews: Sequence[Interview], now: datetime) -> Interview | None:
    """Of those, the next that has not ended."""
    return min((i for i in interviews if i.end > now), key=lambda interview: interview.start, default=None)


def alive(book: Book, interview: Interview) -> bool:
    """Whether the application that an interview belongs to is alive."""
    application = book.applications.find(interview.application)
    return application is not None and application.alive


def accepted_offer(book: Book) -> Application | None:
    """The application whose offer was accepted, of several the last; while there is one, the search is over."""
    accepted = [application for application in book.applications if application.stage == "accepted"]
    return max(accepted, key=lambda application: (application.moves[-1].on, application.id), default=None)


def long_over(book: Book, interview: Interview, days: int) -> bool:
    """Whether an interview ended more than so many days ago for certain: a first look, cheap enough for thousands.

    Told by its local day, so in doubt for a day or two it is False.
    """
    age = (book.today - interview.at.local.date()).days - interview.length // MINUTES_OF_A_DAY
    return age > days + DAYS_IN_DOUBT


def _plain(role: str) -> str:
    return " ".join(role.split()).casefold()


def _one_lead(panel: tuple[Seat, ...]) -> tuple[Seat, ...]:
    leads = [seat for seat in panel if seat.lead]
    return tuple(replace(seat, lead=seat is leads[0]) if leads else seat for seat in panel)


def _followed(book: Book, interview: Interview) -> bool:
    """Whether a later interview in the same application is known."""
    return any(other.start > interview.start for other in book.interviews.where("application", interview.application))


def _move_made(application: Application, interview: Interview) -> Move | None:
    """The move that the interview's recorded outcome made; a next round may have found the stage as it was."""
    if interview.outcome is None or interview.outcome == "next-round":
        return None
    stage = STAGE_AFTER[interview.outcome]
    made = (step for step in application.moves if step.stage == stage and step.on == interview.outcome_on)
    return next(made, None)
