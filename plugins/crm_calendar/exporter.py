"""`crm export ics`: one calendar of the whole book, brought up to date where the file is there already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import click

from crm_calendar.components import Made, interview_events, step_components
from crm_calendar.content import Damaged, component, folded, taken_apart, text, value_of
from crm_calendar.settings import CalendarSettings
from crm_calendar.times import zones_of
from crm_calendar.updating import Earlier, brought_up_to_date
from crm_core import Book, Export, Exporter, InputError

PRODUCT = "-//crm-core//crm_calendar//EN"
TITLE = "Job search"
HELP = """Interviews become events; steps become tasks, with the reason and the command to type. Written over an
earlier file of the same book, it brings that up to date: what is done is completed, what is gone is cancelled, what has
not changed stays as it is, so that a calendar that imported the file before, or subscribes to it, follows."""


def exporter() -> Exporter:
    """The format."""
    about = "Steps as events, too, for calendars that leave out tasks (setting crm_calendar.events)."
    return Exporter(
        name="ics",
        label="Interviews and steps for a calendar (iCalendar)",
        suffix=".ics",
        write=calendar_of,
        updates=True,
        options=(click.Option(["--events/--no-events"], default=None, help=about),),
        help=HELP,
    )


def calendar_of(export: Export) -> Iterable[bytes]:
    """The calendar's bytes, with what the earlier file has brought up to date.

    Raises:
        InputError: The earlier file is no calendar of this book.
    """
    book, settings = export.book, export.book.settings(CalendarSettings)
    earlier = _earlier(book, export.earlier, export.file)
    forget_before = book.now.astimezone(UTC) - timedelta(days=settings.kept_days)
    wanted = [made for made in _made(export, settings) if _is_wanted(made, earlier, forget_before)]
    components = list(brought_up_to_date(wanted, earlier, book.now, forget_before))
    inner = (line for one in (*zones_of(components), *components) for line in one)
    return folded(component("VCALENDAR", [*_head(book), *inner]))


def _made(export: Export, settings: CalendarSettings) -> Iterator[Made]:
    """All that the book has for a calendar; a book in which nothing ever was has no identity to make UIDs of."""
    if export.book.identity:
        given = export.options.get("events")
        yield from interview_events(export.book)
        yield from step_components(export.book, export.agenda(), events=settings.events if given is None else given)


def _head(book: Book) -> list[str]:
    return [
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        *([f"UID:{_calendar_uid(book)}"] if book.identity else ()),
        "CALSCALE:GREGORIAN",
        f"NAME:{text(TITLE)}",
        f"X-WR-CALNAME:{text(TITLE)}",
    ]


def _calendar_uid(book: Book) -> str:
    """RFC 7986 section 5.3; it says of which book a file is."""
    return f"crm-{book.identity}-calendar"


def _is_wanted(made: Made, earlier: Earlier, forget_before: datetime) -> bool:
    """Not what was done long ago, unless the earlier file has it as still to be done."""
    return made.done is None or made.done >= forget_before or earlier.open(made.uid)


def _earlier(book: Book, data: bytes, file: str) -> Earlier:
    """What a file holds that is to be written over.

    Raises:
        InputError: It is no calendar of this book, and would be lost.
    """
    if not data:
        return Earlier()
    try:
        properties, components = taken_apart(data)
    except Damaged:
        raise InputError(f"{file} is no calendar, or a damaged one", _other_name()) from None
    head = component("VCALENDAR", properties)
    if value_of(head, "PRODID") != PRODUCT:
        raise InputError(f"{file} is a calendar that another program wrote", _other_name())
    # One with nothing in it, as of a book before its first record, may become any book's.
    if components and value_of(head, "UID") != _calendar_uid(book):
        raise InputError(f"{file} is the calendar of another book", _other_name())
    return Earlier.of(components)


def _other_name() -> str:
    return "Nothing was changed. Give another name, or remove the file first."
