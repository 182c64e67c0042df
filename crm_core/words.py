"""Dates in words: what a person types and what a person reads.

Every date, time or length that comes from a command line, a prompt or a setting is read here, and every date in a list
or a letter's margin is said here; what is said can be typed again. English names are written out, so nothing depends on
the machine's locale. How dates are stored, compared and moved is in `dates.py`; ISO dates for `--json` need no words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias, TypeVar

from crm_core.dates import Deadline, Moment, When, deadline, moment_of, months_after, zone_named
from crm_core.errors import InputError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# Whatever is read can be moved by any step's days, months and hours without leaving Python's calendar.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
LONGEST: Final = 24 * 60

DATE_HINT: Final = (
    "Dates are written 2026-11-23, today, tomorrow, yesterday, friday, next friday, last friday, in 3 days, "
    "2 weeks ago, next week, next month, 27 Nov or 27 Nov 2026."
)
TIME_HINT: Final = "A time follows its date, as in friday 9:30 or tomorrow 2:30 pm; or 14:00, now, in 2 hours."
MINUTES_HINT: Final = "Lengths are written 60, 90 min, 1h30, 1.5h or 2 hours; from 1 minute to 24 hours."

_LASTING: Final[ContextVar[bool]] = ContextVar("lasting", default=False)

D = TypeVar("D", bound=date)
Reader: TypeAlias = Callable[[re.Match[str], D], D]
"""From the words that matched and today (or now), the day (or moment) that they mean; ValueError if there is none."""


def read_date(text: str, today: date) -> date:
    """The day that a person means.

    A weekday is the next one after today; `next friday` is the Friday of the next ISO week, `last friday` the latest
    before today. A day and month without a year is the occurrence nearest to today.

    Raises:
        InputError: Not a date, no such day, or one that can be read in two ways, such as 03/04/2026.
    """
    return _day(_tidy(text), today, text, DATE_HINT)


def read_yearly(text: str) -> tuple[int | None, int, int] | None:
    """Year, month and day of a day that comes back each year, such as `4 May` or `May 4th, 1990`; None if it is none.

    The year is None where it is not said. The 29th of February is one.
    """
    words = _tidy(text)
    match = next(filter(None, (_match(pattern, words) for pattern in _YEARLY)), None)
    if match is None:
        return None
    year, month, day = match["year"], _index(MONTHS, match["month"]) + 1, int(match["day"])
    try:
        date(int(year or 2000), month, day)  # 2000 was a leap year
    except ValueError:
        return None
    return int(year) if year else None, month, day


def read_when(text: str, now: datetime, zone: ZoneInfo | None = None) -> When:
    """The day, or the moment if a time of day is said, that a person means.

    Args:
        text: Any date that `read_date` knows, a time, or both; `now`, `in 2 hours`; an ISO date-time with an offset.
        now: The present, aware, in the user's zone.
        zone: Where the words are meant; the zone of `now` if not given. "today" is the day there.

    Returns:
        A date, or a moment in that zone. Of a time that comes twice when the clocks go back, the first.

    Raises:
        InputError: As `read_date`, or the clocks skip that time on that day.
    """
    zone = zone or zone_named(moment_of(now).zone)
    here = now.astimezone(zone).replace(second=0, microsecond=0)
    hint = f"{DATE_HINT} {TIME_HINT}"
    words = _tidy(text)
    instant = _first(_INSTANTS, words, here, text, hint)
    if instant is not None:
        return moment_of(instant)
    timed = _match(_TIMED, words)
    if timed is None:
        return _day(words, here.date(), text, hint)
    day = _day(timed["day"], here.date(), text, hint) if timed["day"] else here.date()
    try:
        local = datetime.combine(day, _clock(timed))
    except ValueError:
        raise InputError(f"There is no such time of day: {_quoted(text)}", hint) from None
    return _existing(local, zone, text)


def read_moment(text: str, now: datetime, zone: ZoneInfo | None = None) -> Moment:
    """As `read_when`, where a day alone will not do.

    Raises:
        InputError: As `read_when`, or no time of day is said.
    """
    when = read_when(text, now, zone)
    if isinstance(when, Moment):
        return when
    raise InputError(f"{_quoted(text)} has no time of day", f"Add one: {when} 14:00")


def read_clock(text: str) -> time:
    """A time of day: `14:00`, `2:30 pm`.

    Raises:
        InputError: It is none, or a day is said with it.
    """
    timed = _match(_TIMED, _tidy(text))
    try:
        if timed is not None and not timed["day"]:
            return _clock(timed)
    except ValueError:
        pass
    raise InputError(f"{_quoted(text)} is not a time of day", "Write it as 14:00 or 2:30 pm.")


def read_minutes(text: str) -> int:
    """A length in minutes, from 1 to 1,440; a part of an hour is rounded to whole minutes.

    Raises:
        InputError: Not a length, or not between a minute and a day.
    """
    found = next(filter(None, (_match(pattern, _tidy(text, comma=".")) for pattern in _LENGTHS)), None)
    if found is None:
        raise InputError(f"Can't read {_quoted(text)} as a length of time", MINUTES_HINT)
    parts = found.groupdict()
    minutes = round(float(parts.get("hours") or 0) * 60) + int(parts.get("minutes") or 0)
    if not 1 <= minutes <= LONGEST:
        raise InputError(f"{_quoted(text)} is not between 1 minute and 24 hours", MINUTES_HINT)
    return minutes


@contextmanager
def lasting_words() -> Iterator[None]:
    """Inside, every day is said by its date and year: for what is read on another day, such as a calendar.

    Whoever says a day need not know: steps' reasons, say, are written by plugins.
    """
    token = _LASTING.set(True)
    try:
        yield
    finally:
        _LASTING.reset(token)


def say_day(day: date, today: date) -> str:
    """The shortest words that mean one day only, and that `read_date` reads as that day.

    The weekday helps within six days; without its year a day is clear only in this year and less than half of one away.
    """
    if _LASTING.get():
        return f"{_short(day)} {day.year:04}"
    away = (day - today).days
    if away in _NEAR:
        return _NEAR[away]
    if abs(away) < 7:
        return _on_weekday(day)
    if day.year == today.year and abs(away) <= 182:
        return _short(day)
    return f"{_short(day)} {day.year:04}"


def say_on(day: date, today: date) -> str:
    """As `say_day`, to stand in a sentence: `on 3 Nov`, but `yesterday` as it is."""
    said = say_day(day, today)
    return f"on {said}" if any(character.isdigit() for character in said) else said


def say_when(when: When | Deadline, now: datetime) -> str:
    """A day as `say_day`; a moment with its time on the clock of `now`, and on its own where that shows another.

    Args:
        when: A stored date or moment, or a step's date.
        now: The present, aware, in the user's zone.
    """
    at = deadline(when)
    if not isinstance(at, datetime):
        return say_day(at, now.date())
    here = at.astimezone(now.tzinfo)
    text = f"{say_day(here.date(), now.date())} {here:%H:%M}"
    if here.replace(tzinfo=None) == at.replace(tzinfo=None):
        return text
    own_day = "" if at.date() == here.date() else f"{_on_weekday(at)} "
    return f"{text} ({own_day}{at:%H:%M} {at.tzinfo})"


def say_distance(day: date, today: date) -> str:
    """How far away a day is: `today`, `in 3 days`, `2 weeks ago`; from two weeks on in whole weeks, months or years."""
    if _LASTING.get():
        return say_on(day, today)
    away = (day - today).days
    if away in _NEAR:
        return _NEAR[away]
    unit, length = next((unit, length) for unit, length in _SPANS if abs(away) >= 2 * length)
    span = f"{int(abs(away) / length)} {unit}"
    return f"in {span}" if away > 0 else f"{span} ago"


def _short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def _on_weekday(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {_short(day)}"


def _tidy(text: str, comma: str = " ") -> str:
    return " ".join(text.replace(",", comma).split())


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def _match(pattern: str, words: str) -> re.Match[str] | None:
    # Patterns are compiled (and kept, by re) when first used: most commands read no date. ASCII: only 0-9 are digits.
    return re.fullmatch(pattern, words, re.ASCII | re.IGNORECASE)


def _first(table: Iterable[tuple[str, Reader[D]]], words: str, start: D, text: str, hint: str) -> D | None:
    """What the first matching line of the table reads; None if no line matches."""
    for pattern, read in table:
        if match := _match(pattern, words):
            try:
                found = read(match, start)
            except (ValueError, OverflowError):
                found = None
            if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
                raise InputError(f"There is no such day from {FIRST_YEAR} to {LAST_YEAR}: {_quoted(text)}", hint)
            return found
    return None


def _day(words: str, today: date, text: str, hint: str) -> date:
    day = _first(_DAYS, words, today, text, hint)
    if day is None:
        raise InputError(f"Can't read {_quoted(text)} as a date", hint)
    return day


def _iso(match: re.Match[str], _today: date) -> date:
    return date(int(match["year"]), int(match["month"]), int(match["day"]))


def _near(match: re.Match[str], today: date) -> date:
    return today + timedelta(days=next(away for away, word in _NEAR.items() if word == match[0].lower()))


def _weekday(match: re.Match[str], today: date) -> date:
    weekday = _index(WEEKDAYS, match["weekday"])
    which = (match["which"] or "").lower()
    if which == "next":
        return today + timedelta(days=7 - today.weekday() + weekday)
    if which == "last":
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _count(match: re.Match[str]) -> int:
    """How many units, negative for the past; `next week` and `last week` have no count."""
    parts = match.groupdict()
    word = (parts.get("count") or "a").lower()
    count = _COUNTS[word] if word in _COUNTS else int(word)
    return count if parts.get("later") else -count


def _days_away(match: re.Match[str], today: date) -> date:
    count, unit = _count(match), match["unit"].lower()
    if unit in _MONTHS_IN:
        return months_after(today, count * _MONTHS_IN[unit])
    return today + count * _UNITS[unit]


def _month_day(match: re.Match[str], today: date) -> date:
    month, number = _index(MONTHS, match["month"]) + 1, int(match["day"])
    day = date(int(match["year"]), month, number) if match["year"] else _nearest(month, number, today)
    if day is None:
        name = f"{number} {MONTHS[month - 1]}"
        raise InputError(f"There is no {name} within half a year of {today}: {_quoted(match[0])}", "Say the year, too.")
    if match["weekday"] and _index(WEEKDAYS, match["weekday"]) != day.weekday():
        name = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        raise InputError(f"{_quoted(match[0])} is no day: {name} is a {WEEKDAYS[day.weekday()]}", DATE_HINT)
    return day


def _nearest(month: int, number: int, today: date) -> date | None:
    """The occurrence of a day and month nearest to today, the coming one if two are; only 29 February may have none."""
    # 2000 was a leap year; months_after makes a 28th of the 29th of February in a year without one.
    model = date(2000, month, number)
    years = (months_after(model, 12 * (today.year + years - 2000)) for years in (-1, 0, 1))
    days = sorted((day for day in years if day.day == number), reverse=True)
    near = min(days, key=lambda day: abs(day - today), default=None)
    return near if near and abs(near - today).days <= 183 else None


def _ambiguous(match: re.Match[str], _today: date) -> NoReturn:
    year = f"20{match['year']}"[-4:] if len(match["year"]) == 2 else match["year"]
    pairs = ((match["second"], match["first"]), (match["first"], match["second"]))
    readings = [f"{year}-{month:0>2}-{day:0>2}" for month, day in pairs if 1 <= int(month) <= 12]
    forms = " or ".join(dict.fromkeys(readings)) or "2026-11-23"
    raise InputError(
        f"{_quoted(match[0])} is ambiguous: some write the day first, some the month", f"Write year-month-day: {forms}"
    )


def _now(_match: re.Match[str], now: datetime) -> datetime:
    return now


def _hours_away(match: re.Match[str], now: datetime) -> datetime:
    # Elapsed time, so by way of UTC; in whole minutes, which a float of hours could miss by a microsecond.
    elapsed = _count(match) * _UNITS[match["unit"].lower()]
    return (now.astimezone(UTC) + elapsed).astimezone(now.tzinfo)


def _with_offset(match: re.Match[str], now: datetime) -> datetime:
    said = datetime.fromisoformat(f"{match['day']}T{match['clock']}{match['offset'].upper()}")
    return said.astimezone(now.tzinfo).replace(microsecond=0)


def _clock(match: re.Match[str]) -> time:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"no {hour} {half}m")
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0))


def _existing(local: datetime, zone: ZoneInfo, text: str) -> Moment:
    """The local time as a moment, unless the zone's clocks skip it (they then show a later time at that instant)."""
    shown = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if shown == local:
        return Moment(local, zone.key)
    raise InputError(
        f"{_quoted(text)} does not exist: on {local.date()} the clocks in {zone.key} go forward and skip {local:%H:%M}",
        f"Perhaps you mean {shown:%Y-%m-%d %H:%M}.",
    )


def _index(names: tuple[str, ...], word: str) -> int:
    return [name[:3].lower() for name in names].index(word[:3].lower())


def _any_of(names: Iterable[str]) -> str:
    """A pattern for each name and every shorter form of at least three letters."""
    return "|".join(name[:end] for name in names for end in range(len(name), 2, -1))


_NEAR: Final = {0: "today", 1: "tomorrow", -1: "yesterday"}
_COUNTS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_UNITS: Final = {
    "minute": timedelta(minutes=1), "min": timedelta(minutes=1), "hour": timedelta(hours=1),
    "day": timedelta(days=1), "week": timedelta(weeks=1),
}  # fmt: skip
_MONTHS_IN: Final = {"month": 1, "year": 12}
_SPANS: Final = (("years", 365.25), ("months", 365.25 / 12), ("weeks", 7), ("days", 1))

_COUNT: Final = rf"(?P<count>\d+|{'|'.join(_COUNTS)})"
_DAY_UNIT: Final = "(?P<unit>day|week|month|year)"
_HOUR_UNIT: Final = "(?P<unit>minute|min|hour)"
_WEEKDAY: Final = f"(?P<weekday>{_any_of(WEEKDAYS)})"
_MONTH: Final = rf"(?P<month>{_any_of(MONTHS)})\.?"
_NUMBER: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR: Final = r"(?:[ -](?P<year>\d{4}))?"

_YEARLY: Final = (rf"{_NUMBER}[ -]?(?:of )?{_MONTH}{_YEAR}", rf"{_MONTH}[ -]?{_NUMBER}{_YEAR}")

_DAYS: Final[tuple[tuple[str, Reader[date]], ...]] = (
    (r"(?:on )?(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _iso),
    ("|".join(_NEAR.values()), _near),
    (f"(?:(?P<which>on|this|next|last) )?{_WEEKDAY}", _weekday),
    (f"(?P<later>in) {_COUNT} ?{_DAY_UNIT}s?", _days_away),
    (f"{_COUNT} ?{_DAY_UNIT}s? ago", _days_away),
    (f"(?:(?P<later>next)|last) {_DAY_UNIT}", _days_away),
    *((f"(?:on )?(?:{_WEEKDAY} )?{pattern}", _month_day) for pattern in _YEARLY),
    (r"(?:on )?(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4}|\d\d)", _ambiguous),
)
_INSTANTS: Final[tuple[tuple[str, Reader[datetime]], ...]] = (
    ("now", _now),
    (f"(?P<later>in) {_COUNT} ?{_HOUR_UNIT}s?", _hours_away),
    (f"{_COUNT} ?{_HOUR_UNIT}s? ago", _hours_away),
    (
        r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<clock>\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(?P<offset>Z|[+-]\d\d:?\d\d)",
        _with_offset,
    ),
)
_TIMED: Final = (
    r"(?:(?P<day>(?!at ).+?)(?: |(?<=\d)T))?(?:at )?"
    r"(?P<hour>\d{1,2})(?=:| ?[ap])(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?(?: ?(?P<half>[ap])\.?m\.?)?"
)
_LENGTHS: Final = (
    r"(?P<minutes>\d{1,4}) ?(?:m|mins?|minutes?)?",
    r"(?P<hours>\d{1,2}(?:\.\d{1,4})?) ?(?:h|hrs?|hours?)",
    r"(?P<hours>\d{1,2}) ?(?:h|hrs?|hours?) ?(?P<minutes>\d{1,2}) ?(?:m|mins?|minutes?)?",
)
