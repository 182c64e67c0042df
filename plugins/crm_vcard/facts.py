"""What one property says of a person, whatever else is on the card.

How a contact is put together of it is in `fields.py`; profiles have a module of their own.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from crm_core import clean_text, one_line, usual_label
from crm_vcard.content import values
from crm_vcard.own import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_vcard.content import Property

NO_PARTS: Final = [""] * 5
SCHEMES: Final = {"EMAIL": "mailto:", "TEL": "tel:"}
APPLE_LABEL: Final = re.compile(r"_?\$!<(.*)>!\$_?")
DATE: Final = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?:[T ].*)?")
YEARLESS: Final = re.compile(r"--([0-9]{2})-?([0-9]{2})(?:[T ].*)?")
EMPTY: Final = " ;,"
LEAP_YEAR: Final = 2000
IGNORED_TAGS: Final = frozenset({"mycontacts"})
CARET: Final = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}


def name_parts(entry: Property) -> list[str]:
    """Family, given, additional names, prefixes, suffixes (RFC 2426 section 3.1.2).

    None of them where we wrote the whole name in the place of the given one.
    """
    parts = entry.parts(";")
    if len(parts) != len(NO_PARTS):
        parts = (parts + NO_PARTS)[:5]
    whole = MARK in entry.head.values and not any(parts[:1] + parts[2:])
    return NO_PARTS if whole else parts


def organisation_of(entry: Property) -> str:
    """The organisation without its units."""
    return entry.parts(";")[0] if ";" in entry.value else entry.words


def tags_of(*entries: Property) -> tuple[str, ...]:
    """The categories of some lines that say anything, each once."""
    found = [tag for entry in entries for tag in entry.parts(",")]
    return tuple(dict.fromkeys([tag for tag in found if tag and tag.lower() not in IGNORED_TAGS]))


def nickname_of(entry: Property) -> str:
    """One or several, with commas between them."""
    if "," not in entry.value:
        return entry.words
    return ", ".join(part for part in entry.parts(",") if part)


def reached_at(entry: Property) -> str:
    """An e-mail address or a phone number, without the scheme of an address."""
    value = entry.words
    if ":" not in value:
        return value
    scheme = SCHEMES[entry.name]
    return value[len(scheme) :].strip() if value[: len(scheme)].lower() == scheme else value


def label_of(entry: Property, apple: Mapping[str, Property]) -> str:
    """What an address or a number is for: as a label in Apple's manner says, else as its types do.

    Args:
        entry: An EMAIL or TEL.
        apple: The card's X-ABLABELs by group.
    """
    label = apple.get(entry.head.group) if entry.head.group else None
    return (apple_label(label) if label is not None else "") or entry.head.label


def apple_label(entry: Property) -> str:
    """What an X-ABLABEL says, in the usual words; Apple's own are marked, as `_$!<Mobile>!$_`."""
    words = entry.words
    marked = APPLE_LABEL.fullmatch(words)
    return usual_label(marked[1] if marked else words)


def address_of(entry: Property) -> str:
    """A postal address on one line; its parts are, in order, those of RFC 2426 section 3.2.1.

    Where they are empty, version 4.0 may have the whole as a parameter, escaped after RFC 6868.
    """
    if "\\" not in entry.value and entry.value.isprintable() and entry.value.strip(EMPTY):
        return ", ".join(filter(None, entry.parts(";")))
    parts = values(entry.value, ";") if entry.value.strip(EMPTY) else [_printed_label(entry)]
    lines = (one_line(line) for part in parts for line in clean_text(part).split("\n"))
    return ", ".join(filter(None, lines))


def birthday_of(entry: Property) -> str:
    """`1990-05-04`, or `--05-04` without a year; another text as it is."""
    text = entry.words
    found = DATE.fullmatch(text)
    if found is None:
        yearless = YEARLESS.fullmatch(text)
        is_day = yearless is not None and _is_day(LEAP_YEAR, yearless[1], yearless[2])
        return f"--{yearless[1]}-{yearless[2]}" if yearless is not None and is_day else text
    if not _is_day(int(found[1]), found[3], found[4]):
        return text
    day = f"{found[3]}-{found[4]}"
    return f"--{day}" if entry.head.values.get("X-APPLE-OMIT-YEAR") == found[1] else f"{found[1]}-{day}"


def _printed_label(entry: Property) -> str:
    return re.sub(r"\^[nN'^]", lambda found: CARET[found[0]], entry.head.values.get("LABEL", ""))


def _is_day(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True
