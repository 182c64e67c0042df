"""The settings of the calendar: the section `[crm_calendar]`."""

from __future__ import annotations

from pathlib import Path

from crm_core import Section

LONGEST = 60 * 24 * 60
"""Minutes before something that one may be reminded of it: 60 days."""


class CalendarSettings(Section, frozen=True, kw_only=True):
    """When to be reminded, and what to keep in the file.

    `interview_minutes` are minutes before an interview, and `step_minutes` before a step that is due at a time, at
    which to be reminded; none for no reminder. `day_hours` are the hours of the day at which to be reminded of a step
    that is due by the end of a day. `events` says whether steps are written as events, too, for calendars that leave
    out tasks. `kept_days` is how long a step that is done, and anything that was cancelled, stays in the file. `file`
    is a calendar's whole path, `~` for your home, that is brought up to date after each change; empty for none.
    """

    interview_minutes: tuple[int, ...] = (24 * 60, 60)
    step_minutes: tuple[int, ...] = (60,)
    day_hours: tuple[int, ...] = (9,)
    events: bool = False
    kept_days: int = 30
    file: str = ""

    def check(self) -> None:
        """Refuse times that no day has, numbers of days that no calendar can add, and paths that hang on a folder."""
        for name in ("interview_minutes", "step_minutes"):
            wrong = next((minutes for minutes in getattr(self, name) if not 0 <= minutes <= LONGEST), None)
            if wrong is not None:
                raise ValueError(f"{name}: {wrong} is not from 0 to {LONGEST}")
        wrong = next((hour for hour in self.day_hours if not 0 <= hour <= 23), None)
        if wrong is not None:
            raise ValueError(f"day_hours: {wrong} is not from 0 to 23")
        if not 0 <= self.kept_days <= 3650:
            raise ValueError(f"kept_days: {self.kept_days} is not from 0 to 3650")
        if self.file and not self.file.startswith(("/", "~")) and not Path(self.file).is_absolute():
            raise ValueError(f"file: {self.file[:60]!r} is not a whole path, such as ~/Calendar/jobs.ics")
