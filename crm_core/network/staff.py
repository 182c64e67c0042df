"""Who works at a company now, among thousands: only the posts of most people are read, the people themselves if asked.

What a position says in full, and what changes it, is in `positions.py`; which company a printed name is, in
`companies.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

import msgspec

from crm_core.network.companies import CompanyIndex
from crm_core.records import Company, Contact, Ref

Part = TypeVar("Part", bound=msgspec.Struct)


class Acquaintances(Protocol):
    """The people of a book, to be looked through and to be got one by one; its table of contacts is that."""

    def glimpses(self, kind: type[Part], /) -> Iterator[tuple[str, Part]]:
        """Everybody's id, and of their record the fields of that smaller type."""

    def find(self, ref: str, /) -> Contact | None:
        """The contact with that id, or None."""


class Post(msgspec.Struct, frozen=True, gc=False):
    """Of a position, where it is and whether it is held still."""

    organisation: str
    company: str | None = None
    until: date | None = None
    former: bool = False

    @property
    def current(self) -> bool:
        """As of `Position`."""
        return not self.former and self.until is None


class Employed(msgspec.Struct, frozen=True, gc=False):
    """Of a contact, their posts."""

    positions: tuple[Post, ...] = ()


class Staff:
    """The people at companies; the network is looked through once, when somebody is asked for.

    Args:
        companies: Those that have a record.
        contacts: The network.
    """

    def __init__(self, companies: Iterable[Company], contacts: Acquaintances) -> None:
        self._companies = companies
        self._contacts = contacts

    def at(self, company: str) -> list[Contact]:
        """Who works there now, in the order in which they were added."""
        found = map(self._contacts.find, self._by_company.get(company, ()))
        return [contact for contact in found if contact is not None]

    def employers(self, contact: Contact) -> list[Ref[Company]]:
        """The companies where a person works now, each once."""
        return self._index.employers(contact.positions)

    @cached_property
    def _index(self) -> CompanyIndex:
        return CompanyIndex(self._companies)

    @cached_property
    def _by_company(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id_, employed in self._contacts.glimpses(Employed):
            for company in self._index.employers(employed.positions):
                found.setdefault(company, []).append(id_)
        return found
