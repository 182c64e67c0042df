"""Dates, times and zones as iCalendar writes them (RFC 5545 sections 3.3.4, 3.3.5, 3.3.6 and 3.6.5).

A time that has an IANA zone is written on that zone's clock, with the zone described in the file: when a country
changes its clocks by law, an appointment stays at two o'clock. What iCalendar can't say so, the second of an hour that
comes twice, is written in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from crm_calendar.content import Component, component
from crm_core import Deadline

_ZONED = re.compile(r"(?:DTSTART|DTEND|DUE);TZID=([^:;]+):([0-9]{4})")
LOCAL = "%Y%m%dT%H%M%S"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Observance(msgspec.Struct, frozen=True):
    """How a zone's clocks go for a time: seconds east of UTC before and after it begins, its name, summer or not."""

    before: int
    after: int
    name: str
    summer: bool


def utc(at: datetime) -> str:
    """A moment in UTC."""
    return _digits(at.astimezone(UTC)) + "Z"


def dated(name: str, when: Deadline) -> str:
    """A property with a date, or a date-time in its own zone."""
    if not isinstance(when, datetime):
        return f"{name};VALUE=DATE:{when.year:04}{when.month:02}{when.day:02}"
    zone = zone_of(when)
    return f"{name};TZID={zone.key}:{_digits(when)}" if zone is not None else f"{name}:{utc(when)}"


def zone_of(when: Deadline) -> ZoneInfo | None:
    """The zone on whose clock a time is written; None where it is in UTC, or a day."""
    if not isinstance(when, datetime) or not isinstance(when.tzinfo, ZoneInfo):
        return None
    return None if when.tzinfo.key in {"UTC", "Etc/UTC"} or when.fold else when.tzinfo


def duration(minutes: int) -> str:
    """A length of time: `PT90M`, `PT2H`, `P1D`."""
    if minutes and minutes % (24 * 60) == 0:
        return f"P{minutes // (24 * 60)}D"
    return f"PT{minutes // 60}H" if minutes and minutes % 60 == 0 else f"PT{minutes}M"


def zones_of(components: Iterable[Component]) -> list[Component]:
    """The descriptions of all zones that the times in these components need, for the years that they lie in."""
    years: dict[str, list[int]] = {}
    for line in (line for one in components for line in one):
        match = _ZONED.match(line)
        if match is not None:
            years.setdefault(match[1], []).append(int(match[2]))
    return [_zone(ZoneInfo(key), min(years[key]), max(years[key])) for key in sorted(years)]


def _zone(zone: ZoneInfo, first: int, last: int) -> Component:
    """A zone from the beginning of one year to the end of another, with the onset of each change in between."""
    begin = datetime(first, 1, 1, tzinfo=zone)
    offset = _seconds(begin)
    onsets: dict[Observance, list[datetime]] = {
        Observance(offset, offset, begin.tzname() or "", _summer(begin)): [begin.replace(tzinfo=None)]
    }
    for before, after in _changes(zone, begin.astimezone(UTC), datetime(last + 1, 1, 1, tzinfo=zone).astimezone(UTC)):
        observance = Observance(_seconds(before), _seconds(after), after.tzname() or "", _summer(after))
        # The onset is told on the clock as it was until then.
        wall = (after.astimezone(UTC) + timedelta(seconds=observance.before)).replace(tzinfo=None)
        onsets.setdefault(observance, []).append(wall)
    inner = (line for observance, walls in onsets.items() for line in _observance(observance, walls))
    return component("VTIMEZONE", (f"TZID:{zone.key}", *inner))


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The last second before each change of a zone's clocks and the first after it, between two moments in UTC."""
    at = begin
    while at < end:
        following = at + DAY
        if _clock(at.astimezone(zone)) != _clock(following.astimezone(zone)):
            early, late = at, following
            while late - early > SECOND:
                middle = early + (late - early) // SECOND // 2 * SECOND
                same = _clock(middle.astimezone(zone)) == _clock(at.astimezone(zone))
                early, late = (middle, late) if same else (early, middle)
            yield early.astimezone(zone), late.astimezone(zone)
            following = late
        at = following


def _observance(observance: Observance, onsets: list[datetime]) -> Component:
    lines = [
        f"DTSTART:{_digits(onsets[0])}",
        f"TZOFFSETFROM:{_offset(observance.before)}",
        f"TZOFFSETTO:{_offset(observance.after)}",
        f"TZNAME:{observance.name}",
        *(f"RDATE:{_digits(onset)}" for onset in onsets[1:]),
    ]
    return component("DAYLIGHT" if observance.summer else "STANDARD", lines)


def _clock(at: datetime) -> tuple[int, str, bool]:
    return _seconds(at), at.tzname() or "", _summer(at)


def _seconds(at: datetime) -> int:
    return round((at.utcoffset() or timedelta()).total_seconds())


def _summer(at: datetime) -> bool:
    return (at.dst() or timedelta()) > timedelta()


def _offset(seconds: int) -> str:
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")


def _digits(at: date) -> str:
    """Date and time; the year by itself, since strftime leaves out leading zeros of early years on some systems."""
    return f"{at.year:04}" + at.strftime(LOCAL.removeprefix("%Y"))
