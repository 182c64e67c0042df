"""Who works or worked where, as commands are told it and as they say it.

Which company a printed name belongs to is decided in `network`; a position that says its company is believed.
Naming a place of work creates no company: a position keeps the organisation as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from crm_core.network import CompanyIndex, find_by_name, fold
from crm_core.records import Company, Contact, Position, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_core.book import Book


class Held(NamedTuple):
    """A person and the position that they hold or held at a company."""

    contact: Contact
    position: Position


class Workplaces:
    """The companies behind positions.

    Args:
        book: Where ids are looked up.
        companies: Those that count; all of the book's by default.
    """

    def __init__(self, book: Book, companies: Iterable[Company] | None = None) -> None:
        self._book = book
        self._index = CompanyIndex(book.companies if companies is None else companies)

    def company(self, position: Position) -> Company | None:
        """The company of a position: the one that it refers to, else the one that its printed name belongs to."""
        return self._book.companies.find(position.company) or self._index.match(position.organisation)

    def position(self, text: str, title: str = "", *, former: bool = False) -> Position:
        """A position at what the user typed: an organisation's name, or a company's id."""
        named = self._book.companies.find(text)
        company = named or self._index.match(text)
        return Position(
            organisation=named.name if named is not None else text,
            company=Ref(company.id) if company is not None else None,
            title=title,
            former=former,
        )

    def same(self, one: Position, other: Position) -> bool:
        """Whether both are at one company, or at organisations whose names differ in case or accents only."""
        companies = self.company(one), self.company(other)
        if any(companies):
            return companies[0] == companies[1]
        return fold(one.organisation) == fold(other.organisation)

    def now(self, contact: Contact) -> set[str]:
        """The ids of the companies where a person works now."""
        companies = (self.company(position) for position in contact.positions if position.current)
        return {company.id for company in companies if company is not None}


def people_at(book: Book, company: Company) -> tuple[list[Held], list[Held]]:
    """Those who work at a company now, and those who did before; nobody is in both, or twice in one."""
    workplaces = Workplaces(book, [company])
    now, before = [], []
    for contact in book.contacts:
        there = [position for position in contact.positions if workplaces.company(position) == company]
        current = next((position for position in there if position.current), None)
        if current is not None:
            now.append(Held(contact, current))
        elif there:
            before.append(Held(contact, there[0]))
    return now, before


def people_of(book: Book, text: str) -> list[Contact]:
    """The contacts who work or worked at what the user typed: a company's id or name, or an organisation's."""
    workplaces = Workplaces(book)
    places: dict[str, tuple[str, ...]] = {}
    people: dict[str, list[Contact]] = {}
    for contact in book.contacts:
        keys = {}
        for position in contact.positions:
            company = workplaces.company(position)
            key = company.id if company is not None else fold(position.organisation)
            keys[key] = (company.name, *company.aliases) if company is not None else (position.organisation,)
        places.update(keys)
        for key in keys:
            people.setdefault(key, []).append(contact)
    named = book.companies.find(text)
    chosen = [named.id] if named is not None else find_by_name(text, places.items())
    return list({contact.id: contact for key in chosen for contact in people.get(key, ())}.values())


def with_workplace(
    positions: Sequence[Position], workplaces: Workplaces, organisation: str | None, title: str | None
) -> tuple[Position, ...]:
    """The positions with the present one corrected; one is put first if there is none.

    Args:
        positions: As they are.
        workplaces: Where organisations are looked up.
        organisation: The organisation or a company's id; None leaves it, an empty text takes the position away.
        title: The title; None leaves it.
    """
    present = next((position for position in positions if position.current), None)
    others = [position for position in positions if position is not present]
    if organisation == "":
        return tuple(others)
    wanted = present or Position(organisation="")
    if organisation is not None:
        place = workplaces.position(organisation)
        wanted = replace(wanted, organisation=place.organisation, company=place.company)
    if title is not None:
        wanted = replace(wanted, title=title)
    return (wanted, *others)


def with_former(
    positions: Sequence[Position], workplaces: Workplaces, organisations: Sequence[str]
) -> tuple[Position, ...]:
    """The positions with some that are over: a present one there ends, else a former one is added.

    Args:
        positions: As they are.
        workplaces: Where organisations are looked up.
        organisations: Organisations or ids of companies; an empty text takes all former positions away.
    """
    kept = [position for position in positions if position.current or "" not in organisations]
    for text in filter(None, organisations):
        former = workplaces.position(text, former=True)
        there = [position for position in kept if workplaces.same(position, former)]
        if not there:
            kept.append(former)
        for position in there:
            if position.current:
                kept[kept.index(position)] = replace(position, former=True)
    return tuple(kept)
