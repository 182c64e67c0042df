"""Who is to be forgotten: their ids, what they are called, and where a text names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import msgspec

from crm_core.records import Contact, Record

SHORTEST: Final = 3
"""Letters of a name that are looked for in texts; shorter ones stand in too many other words."""


class Person(msgspec.Struct, frozen=True, dict=True):
    """Who is to be forgotten.

    Args:
        ids: Their id, and those that became it by a merge.
        names: What names them and nobody else: whole names, addresses, numbers, pages.
        words: Parts of their names, which others may share.
    """

    ids: frozenset[str]
    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def known_as(self, contacts: Iterable[Contact]) -> Person:
        """The same, with all that these records of theirs call them."""
        names, words = set(self.names), set(self.words)
        for contact in contacts:
            names |= _names_of(contact)
            words |= _words_of(contact)
        return Person(self.ids, frozenset(names), frozenset(words))

    @cached_property
    def name(self) -> re.Pattern[str]:
        """Finds what names them."""
        return _pattern(self.names)

    @cached_property
    def whole_name(self) -> re.Pattern[str]:
        """Finds a name of several words, which is hardly anybody else's."""
        return _pattern(name for name in self.names if " " in name)

    @cached_property
    def any_name(self) -> re.Pattern[str]:
        """Finds what names them, and parts of it."""
        return _pattern({*self.names, *self.words})


def ids_of(target: str, redirects: Mapping[str, str]) -> frozenset[str]:
    """A person's id, and those that became it."""

    def led(old: str) -> str:
        seen = {old}
        while (old := redirects.get(old, old)) not in seen:
            seen.add(old)
        return old

    return frozenset({target, *(old for old in redirects if led(old) == target)})


def naming(records: Iterable[Record], person: Person) -> list[tuple[Record, str]]:
    """The records whose text names a person, each with the first such text; a part of their name counts too."""
    found = []
    for record in records:
        texts = texts_in(msgspec.to_builtins(record, enc_hook=str))
        text = next((text for text in texts if person.any_name.search(text)), None)
        if text is not None:
            found.append((record, text))
    return found


def texts_in(value: Any) -> Iterator[str]:
    """Every text in plain values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def _names_of(contact: Contact) -> set[str]:
    both = f"{contact.given} {contact.family}"
    pages = (profile.url for profile in contact.profiles)
    found = {contact.name, both.strip(), contact.uid, *contact.emails, *contact.phones, *pages}
    return {name for name in found if len(name) >= SHORTEST}


def _words_of(contact: Contact) -> set[str]:
    words = re.findall(r"\w+", " ".join((contact.name, contact.given, contact.family, contact.nickname)))
    return {word for word in words if len(word) >= SHORTEST}


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Finds one of those as whole words, the longest first, whatever its case."""
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)" if listed else r"(?!)", re.IGNORECASE)
