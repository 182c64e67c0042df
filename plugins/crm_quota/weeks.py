"""ISO weeks: from Monday to Sunday, numbered by the year that their Thursday is in (ISO 8601)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

DAYS = 7
WORKING_DAYS = 5


class Week(NamedTuple):
    """An ISO week, by its Monday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that a day is in."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def previous(self) -> Week:
        """The week before it."""
        return Week(self.monday - timedelta(days=DAYS))

    @property
    def working_days(self) -> list[date]:
        """Monday to Friday."""
        return [self.monday + timedelta(days=number) for number in range(WORKING_DAYS)]

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"


def weeks_between(first: date, last: date) -> Iterator[Week]:
    """The weeks that the days from `first` to `last` touch, in order."""
    week = Week.of(first)
    while week.monday <= last:
        yield week
        week = Week.of(week.monday + timedelta(days=DAYS))
