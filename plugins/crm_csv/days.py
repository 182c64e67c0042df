"""Days as tables write them: `2026-02-08`, `08 Feb 2026`, `7-Feb-22`, `01.05.2023`, `3/22/1980`, `12 mars 2023`.

Nothing here knows what day it is: what a short year means follows from what the day is.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from crm_csv.words import plain

YOUNGEST: Final = 12
"""Two digits of the latest year that somebody with a short birth year is born in."""
PIVOT: Final = 69
"""Two digits of the first year of the last century; so POSIX's strptime."""
LEAP_YEAR: Final = 2000

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_NUMBERS: Final = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?: .*)?", re.ASCII)
_DAY_MONTH: Final = re.compile(
    r"(\d{1,2})[. -]+(?:de )?([^\W\d]{3,12})[., -]+(?:de )?(\d{4}|\d{2})", re.ASCII | re.IGNORECASE
)
_MONTH_DAY: Final = re.compile(r"([^\W\d]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII | re.IGNORECASE)
_YEARLESS: Final = re.compile(r"-{0,2}-?(\d{1,2})-(\d{1,2})", re.ASCII)

_MONTHS: Final = (
    ("jan", "ene", "gen"),
    ("feb", "fev", "feb"),
    ("mar", "mrz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "dic"),
)
"""How months begin in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents."""


def day_of(text: str, *, day_first: bool = False, birth: bool = False) -> date | None:
    """The day that a text names; None if it names none.

    Args:
        text: As it stands in the table.
        day_first: Whether `8/2/2026` is in February. Else the month comes first between slashes, as Outlook and
            LinkedIn write it, unless it can't be one. Between full stops and hyphens the day always does.
        birth: Whether somebody was born then: `3/22/60` is long ago.
    """
    text = " ".join(text.split())
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(found[1], found[2], found[3], birth=birth)
    if found := _NUMBERS.fullmatch(text):
        first, second = found[1], found[3]
        month_first = found[2] == "/" and int(first) <= 12 and not (day_first and int(second) <= 12)
        day, month = (second, first) if month_first else (first, second)
        return _day(found[4], month, day, birth=birth)
    bare = plain(text)
    if found := _DAY_MONTH.fullmatch(bare):
        return _day(found[3], _month(found[2]), found[1], birth=birth)
    if found := _MONTH_DAY.fullmatch(bare):
        return _day(found[3], _month(found[1]), found[2], birth=birth)
    return None


def birthday_of(text: str, *, day_first: bool = False) -> str:
    """A birthday as it is stored: `1980-03-22`, `--03-22` without a year, another text as it is; empty for `0/0/00`."""
    if not text.strip(" 0/.-"):
        return ""
    if day := day_of(text, day_first=day_first, birth=True):
        return day.isoformat()
    found = _YEARLESS.fullmatch(text)
    if found and text.startswith("--") and _day(str(LEAP_YEAR), found[1], found[2], birth=True):
        return f"--{int(found[1]):02}-{int(found[2]):02}"
    return text


def _month(word: str) -> str:
    for number, starts in enumerate(_MONTHS, 1):
        if word.startswith(starts):
            return str(number)
    return "0"


def _day(year: str, month: str, day: str, *, birth: bool) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= (YOUNGEST if birth else PIVOT - 1) else 1900
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None
