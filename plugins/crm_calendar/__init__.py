"""The calendar: interviews as events and steps as tasks, for any program that reads iCalendar.

Only the hooks are here, so that starting the program costs nothing: content lines are in `content.py`, dates and zones
in `times.py`, what becomes of interviews and steps in `components.py`, what becomes of an earlier file in
`updating.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Exporter, Section


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
