"""What becomes of interviews and steps: VEVENTs and VTODOs with their alarms (RFC 5545 sections 3.6.1, 3.6.2, 3.6.6).

Nothing of the present day is in them but which alarms are past, so that an unchanged book gives unchanged components.
When one was written, and how often it changed, is `updating.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Final, NamedTuple

import msgspec

from crm_calendar.content import Component, component, text
from crm_calendar.settings import CalendarSettings
from crm_calendar.times import dated, duration, utc
from crm_core import (
    Application,
    Book,
    Deadline,
    Entry,
    Interview,
    application_label,
    clean_text,
    day_of,
    day_start,
    hours_after,
    say_day,
    say_when,
)

NOON: Final = time(12)
SHOWN_BEFORE: Final = 30
"""Minutes before the time that a step is due in which an event shows it."""
_WEB: Final = re.compile(r"https?://\S+")


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A component but for what `updating.py` says of it.

    Args:
        name: `VEVENT` or `VTODO`.
        uid: What other programs know it by.
        lines: Its other properties and its alarms.
        done: When it was finished; None while it is not.
    """

    name: str
    uid: str
    lines: Component
    done: datetime | None = None


class Ring(NamedTuple):
    """An alarm: the property that says when it rings, and when that is."""

    trigger: str
    at: datetime


def interview_events(book: Book) -> Iterator[Made]:
    """Every interview, the earliest first."""
    settings = book.settings(CalendarSettings)
    for interview in sorted(book.interviews, key=lambda one: (one.start, one.id)):
        application = book.applications.find(interview.application)
        if application is not None:
            yield _interview(book, interview, application, settings)


def step_components(book: Book, entries: Iterable[Entry], *, events: bool) -> Iterator[Made]:
    """Every step that was not skipped as a task, and as an event where those are asked for.

    Where there are both, only the event rings: whoever asks for events sees no tasks, or would hear it twice.
    """
    settings = book.settings(CalendarSettings)
    for entry in entries:
        if entry.state == "skipped":
            continue
        uid = _step_uid(book, entry)
        rings = [] if entry.state in {"done", "snoozed"} else _due_rings(book, entry.due, settings)
        yield _task(book, entry, uid, [] if events else rings)
        if events:
            yield _event(book, entry, f"{uid}-event", rings)


def _interview(book: Book, interview: Interview, application: Application, settings: CalendarSettings) -> Made:
    uid, title = book.uid(interview), f"Interview: {application_label(book, application)}"
    rings = [
        Ring(f"TRIGGER:-{duration(minutes)}", hours_after(interview.start, -minutes / 60))
        for minutes in settings.interview_minutes
    ]
    lines = (
        dated("DTSTART", interview.start),
        dated("DTEND", interview.end),
        f"SUMMARY:{text(title)}",
        *_described(_about_interview(book, interview)),
        *_link(application.url),
        "CATEGORIES:interview",
        "CLASS:PRIVATE",
        "STATUS:CONFIRMED",
        *_alarms(book, uid, title, rings),
    )
    return Made(name="VEVENT", uid=uid, lines=lines)


def _about_interview(book: Book, interview: Interview) -> Iterator[str]:
    """What one wants to know on the way there."""
    seats = ((book.contacts.find(seat.contact), seat) for seat in interview.panel)
    people = [f"{who.name} ({seat.role})" if seat.role else who.name for who, seat in seats if who is not None]
    yield f"With {', '.join(people)}" if people else ""
    yield f"Round {interview.round}" if interview.round else ""
    yield interview.kind
    by = f"by {say_day(interview.hear_by, book.today)}" if interview.hear_by else ""
    news = ", ".join(filter(None, (by, interview.hear_how)))
    yield f"News was promised {news}" if news else ""
    yield f"Outcome: {interview.outcome}" if interview.outcome else ""


def _step_uid(book: Book, entry: Entry) -> str:
    """Made of the key, which stays the same for as long as it is the same step, but is of any length and letters."""
    from hashlib import blake2b

    return f"crm-{book.identity}-step-{blake2b(entry.key.encode('utf-8', 'replace'), digest_size=10).hexdigest()}"


def _task(book: Book, entry: Entry, uid: str, rings: Iterable[Ring]) -> Made:
    start, done = _start(book, entry), _finished(book, entry)
    state = ["STATUS:NEEDS-ACTION"]
    if done is not None:
        state = ["STATUS:COMPLETED", f"COMPLETED:{utc(done)}", "PERCENT-COMPLETE:100"]
    lines = (
        *((dated("DTSTART", start),) if start is not None else ()),
        dated("DUE", entry.due),
        f"SUMMARY:{text(entry.title)}",
        *_said(book, entry),
        *state,
        *_alarms(book, uid, entry.title, rings),
    )
    return Made(name="VTODO", uid=uid, lines=lines, done=done)


def _event(book: Book, entry: Entry, uid: str, rings: Iterable[Ring]) -> Made:
    """The last minutes before it is due, or the day; nobody is busy for that."""
    when = [dated("DTSTART", entry.due)]
    if isinstance(entry.due, datetime):
        when = [dated("DTSTART", hours_after(entry.due, -SHOWN_BEFORE / 60)), dated("DTEND", entry.due)]
    title = f"Done: {entry.title}" if entry.done is not None else entry.title
    lines = (
        *when,
        f"SUMMARY:{text(title)}",
        *_said(book, entry),
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        *_alarms(book, uid, entry.title, rings),
    )
    return Made(name="VEVENT", uid=uid, lines=lines, done=_finished(book, entry))


def _said(book: Book, entry: Entry) -> Iterator[str]:
    """Why and how, and whose step it is."""
    waiting = f"Waiting for {entry.waiting_for}" if entry.state == "waiting" else ""
    late = f"At the latest {say_when(entry.late, book.now)}" if entry.late != entry.due else ""
    command = entry.command if entry.done is None else ""
    yield from _described((entry.why, waiting, late, entry.note, command))
    yield f"CATEGORIES:{text(entry.plugin.removeprefix('crm_'))}"
    yield "CLASS:PRIVATE"


def _described(said: Iterable[str]) -> Iterator[str]:
    words = "\n".join(filter(None, said))
    if words:
        yield f"DESCRIPTION:{text(words)}"


def _link(url: str) -> Iterator[str]:
    """A page of the web; a URI is not escaped as a text is (section 3.3.13)."""
    if _WEB.fullmatch(url) and clean_text(url) == url:
        yield f"URL:{url}"


def _start(book: Book, entry: Entry) -> Deadline | None:
    """Since when it is called for; it must be of the same kind as `due`, and before it (section 3.8.2.3)."""
    if isinstance(entry.due, datetime):
        moment = day_start(entry.starts, book.zone)
        return moment if moment < entry.due else None
    day = day_of(entry.starts)
    return day if day < entry.due else None


def _finished(book: Book, entry: Entry) -> datetime | None:
    """When it was done; of a day its noon, as everywhere where only a day is known."""
    if entry.done is None or isinstance(entry.done, datetime):
        return entry.done
    return datetime.combine(entry.done, NOON, tzinfo=book.zone)


def _due_rings(book: Book, due: date, settings: CalendarSettings) -> list[Ring]:
    """When to ring for a step: so long before a time, or at hours of a day.

    Programs disagree whether a task that is due on a day is due at its beginning or at its end, so that for a day
    the hours are told in UTC.
    """
    if isinstance(due, datetime):
        return [
            Ring(f"TRIGGER;RELATED=END:-{duration(minutes)}", hours_after(due, -minutes / 60))
            for minutes in settings.step_minutes
        ]
    hours = [datetime.combine(due, time(hour), tzinfo=book.zone) for hour in settings.day_hours]
    return [Ring(f"TRIGGER;VALUE=DATE-TIME:{utc(hour)}", hour) for hour in hours]


def _alarms(book: Book, uid: str, title: str, rings: Iterable[Ring]) -> Iterator[str]:
    """Alarms with UIDs, so that one that was dismissed is known again; past ones need not ring any more (RFC 9074)."""
    for number, ring in enumerate(rings, 1):
        past = (f"ACKNOWLEDGED:{utc(book.now)}",) if ring.at <= book.now else ()
        said = (f"UID:{uid}-alarm-{number}", "ACTION:DISPLAY", ring.trigger, f"DESCRIPTION:{text(title)}")
        yield from component("VALARM", (*said, *past))
