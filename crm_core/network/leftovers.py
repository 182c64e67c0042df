"""What of two merged records found no place in the fields of the one, as lines for its note: merging loses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from crm_core.network.keys import (
    address_key,
    birthday_of,
    email_key,
    handle_key,
    is_employer,
    same_birthday,
)
from crm_core.network.names import words_of
from crm_core.records import Contact, Profile, Ref

ALSO_KNOWN_AS: Final = "Also known as"


def leftovers(one: Contact, sources: Sequence[Contact]) -> list[str]:
    """What is in the sources and not in the record that they became; each line once, without those of the note."""
    ids = [source.id for source in sources]
    written = {line.strip() for line in one.note.splitlines()}
    lines = (line for source in sources for line in _lines(one, source, {one.introduced_by, *ids}))
    return [line for line in dict.fromkeys(lines) if line not in written]


def other_names(contact: Contact) -> list[str]:
    """The names that a contact's note says they are also known by."""
    if ALSO_KNOWN_AS not in contact.note:
        return []
    start = f"{ALSO_KNOWN_AS} "
    return [line.removeprefix(start) for line in contact.note.splitlines() if line.startswith(start)]


def _lines(one: Contact, source: Contact, introducers: set[Ref[Contact] | None]) -> Iterator[str]:
    name, parts = (" ".join(text.split()) for text in (source.name, f"{source.given} {source.family}"))
    if name and not _goes_by(one, name):
        yield f"{ALSO_KNOWN_AS} {name}"
    known = " ".join((one.name, one.given, one.family, name, *other_names(one)))
    if not set(words_of(parts)) <= set(words_of(known)):
        yield f"{ALSO_KNOWN_AS} {parts}"
    if source.address and not _same_text(one.address, source.address):
        yield f"Another address: {_on_one_line(source.address)}"
    if source.birthday.strip() and not _same_day(one.birthday, source.birthday):
        yield f"Another birthday: {_on_one_line(source.birthday)}"
    if source.how and not _same_text(one.how, source.how):
        yield f"How known, too: {_on_one_line(source.how)}"
    if source.introduced_by and source.introduced_by not in introducers:
        yield f"Introduced by {source.introduced_by}, too"
    for profile in source.profiles:
        if profile.url and not _has_address(one, profile):
            yield f"Another address on {profile.network}: {_on_one_line(profile.url)}"
    if source.photo and source.photo != one.photo:
        yield f'Another photo: "{source.photo}"'  # in quotes the file counts as named: it is not cleaned away


def _goes_by(one: Contact, name: str) -> bool:
    """Whether a name is the record's own, or only its address or organisation."""
    return (
        _cased(name) in map(_cased, (one.name, *one.nickname.split(",")))
        or email_key(name) in map(email_key, one.emails)
        or is_employer(name, one)
    )


def _same_day(one: str, other: str) -> bool:
    """Whether a birthday is the other one, or that and its year."""
    known, given = birthday_of(one), birthday_of(other)
    return same_birthday(known, given) and bool(known.year or not given.year)


def _has_address(one: Contact, profile: Profile) -> bool:
    key = address_key(profile.url)
    handle = handle_key(profile)
    return any(key == address_key(known.url) for known in one.profiles) or (
        not key and any(handle == handle_key(known) for known in one.profiles)
    )


def _same_text(one: str, other: str) -> bool:
    return _cased(one) == _cased(other)


def _cased(text: str) -> str:
    return " ".join(text.casefold().split())


def _on_one_line(text: str) -> str:
    return ", ".join(line for part in text.splitlines() if (line := " ".join(part.split())))
