"""Dates and moments: how they are stored, compared and moved.

A `When` is a date, or a `Moment`: local time and IANA zone, as a person would write it in a diary. A moment is never
stored as UTC: when a country changes its clocks by law, an appointment stays at two o'clock.
Words such as "friday" or "in 3 days" are read in `words.py`; nothing here reads or prints text for people.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from crm_core.errors import InputError

EVENING = time(20, 0)


class Moment(msgspec.Struct, frozen=True):
    """A point in time as written down: wall-clock time and the IANA zone that it was meant in.

    Moments sort by when they happen, whatever their zones; equal are only those written alike.
    """

    local: datetime
    zone: str

    @property
    def at(self) -> datetime:
        """The same moment as an aware datetime in its own zone; of an hour that comes twice, the first."""
        return _at(self.local, self.zone)

    def __lt__(self, other: object) -> bool:
        return self._rank < other._rank if isinstance(other, Moment) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._rank <= other._rank if isinstance(other, Moment) else NotImplemented

    @property
    def _rank(self) -> tuple[float, str, datetime]:
        return self.at.timestamp(), self.zone, self.local


When: TypeAlias = date | Moment
"""A fact's date: a calendar day, or a moment where the hour is known."""

Deadline: TypeAlias = date | datetime
"""A step's date: a calendar day, or an aware datetime."""


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name, for example `Europe/Berlin`.

    Raises:
        InputError: No such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            f"There is no time zone named {name[:60]!r}", "Zones are named like Europe/Berlin or America/New_York."
        ) from None


# Every plugin asks when each interview began and ended: some ten times for one agenda.
@lru_cache(maxsize=4096)
def _at(local: datetime, zone: str) -> datetime:
    # What is stored can't say which of two equal hours was meant, so what is in memory must not either.
    return local.replace(tzinfo=zone_named(zone), fold=0)


@lru_cache(maxsize=4096)
def minutes_after(start: Moment, minutes: int) -> datetime:
    """So many elapsed minutes after a moment, in its zone."""
    return hours_after(start.at, minutes / 60)


def moment_of(at: datetime) -> Moment:
    """An aware datetime, in its own zone, to store.

    Raises:
        ValueError: The datetime is naive or its zone has no IANA name.
    """
    if isinstance(at.tzinfo, ZoneInfo) and at.tzinfo.key:
        return Moment(at.replace(tzinfo=None, fold=0), at.tzinfo.key)
    if at.tzinfo is UTC:
        return Moment(at.replace(tzinfo=None, fold=0), "UTC")
    raise ValueError(f"not a time in a named zone: {at!r}")


def deadline(when: When) -> Deadline:
    """A stored date or moment as steps use it."""
    return when.at if isinstance(when, Moment) else when


def day_of(when: When | Deadline) -> date:
    """The calendar day in the zone that the date was written in."""
    if isinstance(when, Moment):
        return when.local.date()
    return when.date() if isinstance(when, datetime) else when


def day_start(when: When | Deadline, zone: ZoneInfo) -> datetime:
    """The first instant of it: a moment itself, a date's midnight in `zone`."""
    when = when.at if isinstance(when, Moment) else when
    return when if isinstance(when, datetime) else datetime.combine(when, time(), tzinfo=zone)


def day_end(when: When | Deadline, zone: ZoneInfo) -> datetime:
    """The last instant of it: a moment itself, the midnight that ends a date in `zone`."""
    when = when.at if isinstance(when, Moment) else when
    return when if isinstance(when, datetime) else datetime.combine(when + timedelta(days=1), time(), tzinfo=zone)


def hours_after(at: datetime, hours: float) -> datetime:
    """So many elapsed hours later, in the same zone.

    Python adds to the wall clock: across a clock change `at + timedelta(hours=24)` is 23 or 25 hours away.
    """
    return (at.astimezone(UTC) + timedelta(hours=hours)).astimezone(at.tzinfo)


def evening_after(end: datetime) -> datetime:
    """The evening of an event that ends then: 20:00 that day, or an hour after the end if that is later."""
    return max(datetime.combine(end.date(), EVENING, tzinfo=end.tzinfo), hours_after(end, 1))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day: 31 August and six months is 28 February."""
    index = day.year * 12 + day.month - 1 + months
    try:
        return date(index // 12, index % 12 + 1, day.day)
    except ValueError:  # it has fewer days
        index += 1
        return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)
