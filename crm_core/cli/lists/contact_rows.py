"""People as they are listed: thousands at a time, so that no more is decoded of each than is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import msgspec

from crm_core.cli.lists.activity import Activity, companies_at
from crm_core.cli.lists.listing import Field, Wish
from crm_core.cli.screen.output import Column
from crm_core.cli.workplaces import Workplaces, people_of
from crm_core.records import Contact

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.cli.lists.where import Values


class Listed(msgspec.Struct, frozen=True, gc=False):
    """What a list shows of a person."""

    id: str
    name: str
    title: str
    organisation: str
    email: str
    contact: Contact | None
    """The whole of it; None where a glimpse was enough."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """As much of a position as a list needs."""

    organisation: str
    title: str = ""
    until: date | None = None
    former: bool = False


class Glimpse(msgspec.Struct, frozen=True, gc=False):
    """As much of a contact as a list needs: of thousands, nothing else is decoded."""

    name: str
    positions: tuple[Place, ...] = ()
    emails: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def _more(read: Callable[[Contact], str]) -> Callable[[Listed], str]:
    """The value of a column for which a glimpse is not enough."""
    return lambda row: read(row.contact) if row.contact is not None else ""


FIELDS: Final[tuple[Field[Listed], ...]] = (
    Field(Column("id", attrgetter("id"), priority=5, min=4)),
    Field(Column("name", attrgetter("name"), priority=5, min=12)),
    Field(Column("title", attrgetter("title"), priority=1, min=10)),
    Field(Column("organisation", attrgetter("organisation"), priority=3, min=12)),
    Field(Column("e-mail", attrgetter("email"), priority=2, min=16)),
    Field(Column("phone", _more(lambda one: "".join(one.phones[:1])), priority=2, min=12), usual=False),
    Field(Column("tags", _more(lambda one: ", ".join(one.tags)), priority=2), usual=False),
    Field(Column("nickname", _more(attrgetter("nickname"))), usual=False),
    Field(Column("birthday", _more(attrgetter("birthday")), min=10), usual=False),
    Field(Column("how", _more(attrgetter("how"))), usual=False),
    Field(Column("note", _more(attrgetter("note"))), usual=False),
)


def rows_of(book: Book, wish: Wish, activity: Activity, *, whole: bool) -> Iterator[Listed]:
    """The people that are wished for, in no order.

    Args:
        book: Where they are.
        wish: To whom they are narrowed, and what is to be shown of them.
        activity: When something last passed between each of them and the user.
        whole: Whether all is wanted of each, whatever is shown.
    """
    for id_, person in _looked_at(book, wish, whole=whole):
        if wish.tagged(person.tags) and (wish.since is None or wish.lately(activity.of_contact(id_))):
            yield _listed(id_, person)


def _looked_at(book: Book, wish: Wish, *, whole: bool) -> Iterable[tuple[str, Contact | Glimpse]]:
    """Those among whom a list is chosen: no more than a glimpse of each, where that is enough."""
    if not (whole or wish.company is not None or wish.stages or wish.columns or wish.sort):
        return book.contacts.glimpses(Glimpse)
    people: Iterable[Contact] = book.contacts if wish.company is None else people_of(book, wish.company.strip())
    if wish.stages:
        workplaces, companies = Workplaces(book), companies_at(book, wish.stages)
        people = (person for person in people if workplaces.now(person) & companies)
    return ((person.id, person) for person in people)


def _listed(id_: str, person: Contact | Glimpse) -> Listed:
    email = person.emails[0] if person.emails else ""
    whole = person if isinstance(person, Contact) else None
    for position in person.positions:
        if not position.former and position.until is None:
            return Listed(id_, person.name, position.title, position.organisation, email, whole)
    return Listed(id_, person.name, "", "", email, whole)


def fields_to_choose_by(workplaces: Workplaces) -> Mapping[str, Values[Contact]]:
    """What people can be chosen by; of a company all its names, and those that are printed on cards."""

    def companies(person: Contact) -> Iterator[str]:
        for position in person.positions:
            yield position.organisation
            company = workplaces.company(position)
            if company is not None:
                yield from (company.id, company.name, *company.aliases)

    return {
        "company": companies,
        "tag": lambda person: person.tags,
        "title": lambda person: (position.title for position in person.positions if position.current),
        "name": lambda person: (person.name, person.nickname),
        "email": lambda person: person.emails,
        "phone": lambda person: person.phones,
        "how": lambda person: (person.how,),
        "note": lambda person: (person.note,),
    }
