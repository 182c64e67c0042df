"""Single facts of a person in the form in which two are compared: UID, e-mail, phone, profile, birthday, position.

Names are in `names.py`, organisations in `companies.py`. What agreeing facts prove is in `weighing.py`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from crm_core.network.companies import organisation_key
from crm_core.network.names import fold
from crm_core.records import Contact, Position, Profile

COMPARED_DIGITS: Final = 9
"""Digits at a phone number's end that are compared: without country code, trunk zero or 00."""

SHORTEST_PHONE: Final = 6
"""Digits below which a number is an extension, and nobody's own."""

_NUMBER: Final = re.compile(r"[\d\s()+./*#-]+")

_BIRTHDAY: Final = re.compile(r"([0-9]{4}|-)-?([0-9]{2})-?([0-9]{2})")
_ADDRESS_START: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?")

_organisation: Final = lru_cache(maxsize=2048)(organisation_key)
"""Thousands of contacts work for a few hundred organisations."""


class Birthday(NamedTuple):
    """A birthday as far as it is known: the year may be empty; `day` is `05-04`, or a text that is no date."""

    year: str
    day: str


def uid_key(uid: str) -> str:
    """A UID for comparing: version 4.0 of vCard writes as `urn:uuid:...` what 3.0 writes without it.

    White space counts once, as in a line that keeps a UID: a table's cell may hold line ends.
    """
    return " ".join(uid.split()).casefold().removeprefix("urn:uuid:")


def email_key(email: str) -> str:
    """An e-mail address for comparing; case does not matter."""
    return email.strip().casefold()


def phone_digits(phone: str) -> str:
    """The digits of a phone number, in any script."""
    digits = "".join(filter(str.isdecimal, phone))
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


@lru_cache(maxsize=1024)  # one card's numbers are compared time and again
def phone_key(phone: str) -> str:
    """A phone number for lists without doubles: its digits; with its letters where it is spoken, as 1-800-FLOWERS."""
    letters = "".join(filter(str.isalpha, fold(phone)))
    return phone_digits(phone) + letters or fold(phone)


def phone_ending(phone: str) -> str:
    """What two ways to write one phone number have in common; empty where it is too short to be somebody's."""
    digits = phone_digits(phone)
    return digits[-COMPARED_DIGITS:] if len(digits) >= SHORTEST_PHONE else ""


def is_address(name: str) -> bool:
    """Whether what stands in the place of a name is an e-mail address or a phone number: its owner has none, then."""
    return "@" in name or (_NUMBER.fullmatch(name) is not None and len(phone_digits(name)) >= SHORTEST_PHONE)


def is_employer(name: str, contact: Contact) -> bool:
    """Whether a name is that of an organisation where somebody works: as their own name, that of a firm's entry."""
    folded = fold(name)
    return any(fold(position.organisation) == folded for position in contact.positions)


def address_key(url: str) -> str:
    """A web address for comparing: without scheme, `www.` and a final slash."""
    address = url.strip().casefold()
    return address[_end_of_start(address) :].rstrip("/")


def handle_key(profile: Profile) -> str:
    """The network and the name on it; empty if the profile has none."""
    handle = profile.handle.strip().casefold().removeprefix("@")
    return f"{profile.network.casefold()} {handle}" if handle else ""


def profile_keys(profile: Profile) -> list[str]:
    """What shows that two profiles are one: the same handle on one network, or the same address."""
    return [key for key in (handle_key(profile), address_key(profile.url)) if key]


def position_key(position: Position) -> tuple[str, str]:
    """Organisation and title for comparing."""
    return _organisation(position.organisation), fold(position.title)


def birthday_of(text: str) -> Birthday:
    """A birthday as a card has it: `1990-05-04`, `19900504`, `--05-04`, or any text."""
    found = _BIRTHDAY.fullmatch(text.strip())
    if found is None:
        return Birthday("", fold(text))
    return Birthday(found[1].strip("-"), f"{found[2]}-{found[3]}")


def same_birthday(one: Birthday, other: Birthday) -> bool:
    """Whether both are known, and agree as far as both are known."""
    years = {one.year, other.year} - {""}
    return bool(one.day) and one.day == other.day and len(years) < 2


def _end_of_start(address: str) -> int:
    found = _ADDRESS_START.match(address)
    return found.end() if found else 0
