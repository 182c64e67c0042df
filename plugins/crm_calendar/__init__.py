"""The calendar: interviews as events and steps as tasks, for any program that reads iCalendar.

Only the hooks are here, so that starting the program costs nothing: content lines are in `content.py`, dates and zones
in `times.py`, what becomes of interviews and steps in `components.py`, what becomes of an earlier file in
`updating.py`, and a file that follows each change in `keeping.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from crm_core import Book, Entry, Exporter, Section


@hookimpl
def crm_settings() -> type[Section]:
    """When to be reminded, and what to keep in the file."""
    from crm_calendar.settings import CalendarSettings

    return CalendarSettings


@hookimpl
def crm_exporters() -> Iterable[Exporter]:
    """The format iCalendar."""
    from crm_calendar.exporter import exporter

    yield exporter()


@hookimpl
def crm_changed(book: Book, agenda: Callable[[], Sequence[Entry]]) -> None:
    """Bring the file up to date that the settings name."""
    from crm_calendar.settings import CalendarSettings

    file = book.settings(CalendarSettings).file
    if file:
        from crm_calendar.keeping import keep_up

        keep_up(book, file, agenda)
