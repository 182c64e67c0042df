"""How it stands with people and companies on networks: finding, recording, forgetting. Nothing here prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypeAlias

from msgspec.structs import replace

from crm_core import Book, Company, Contact, has_come
from crm_social.networks import Network, Page, pages
from crm_social.records import CompanyFollow, Follow, State
from crm_social.settings import SocialSettings

Who: TypeAlias = Contact | Company
Following: TypeAlias = Follow | CompanyFollow


def pages_of(who: Who) -> list[Page]:
    """Their pages on the networks that we know."""
    return pages(who.profiles, company=isinstance(who, Company))


def pages_to_follow(book: Book, who: Who) -> list[Page]:
    """Their pages on the networks that the settings name."""
    wanted = book.settings(SocialSettings).networks
    return [page for page in pages_of(who) if page.network.name in wanted]


def followings_of(book: Book, who: Who) -> list[Following]:
    """What is recorded of them, in the order in which it was."""
    return recorded_of(book, who.id)


def recorded_of(book: Book, id_: str) -> list[Following]:
    """What is recorded of the company or person with that id, in the order in which it was."""
    return [*book.table(CompanyFollow).where("company", id_), *book.table(Follow).where("contact", id_)]


def following(book: Book, who: Who, network: Network) -> Following | None:
    """What is recorded of them on that network, if anything is."""
    return next((found for found in followings_of(book, who) if found.network == network.name), None)


def record(book: Book, who: Who, network: Network, state: State, on: date) -> Following:
    """Record how it stands with them on that network, whatever was recorded before; needs an open change.

    Raises:
        InputError: The day is ahead.
    """
    has_come(book, on)
    before = following(book, who, network)
    if isinstance(before, Follow):
        return book.table(Follow).save(replace(before, state=state, on=on))
    if isinstance(before, CompanyFollow):
        return book.table(CompanyFollow).save(replace(before, state=state, on=on))
    if isinstance(who, Company):
        new = CompanyFollow(company=who.id, network=network.name, state=state, on=on)
        return book.table(CompanyFollow).add(new)
    return book.table(Follow).add(Follow(contact=who.id, network=network.name, state=state, on=on))


def forget(book: Book, before: Following) -> None:
    """Take back what was recorded; needs an open change."""
    if isinstance(before, Follow):
        book.table(Follow).drop(before)
    else:
        book.table(CompanyFollow).drop(before)


def concerned(book: Book) -> Iterator[Who]:
    """The companies with an application, the people on panels, and whoever anything is recorded of; each once."""
    companies = {application.company: None for application in book.applications}
    companies.update((found.company, None) for found in book.table(CompanyFollow))
    people = {seat.contact: None for interview in book.interviews for seat in interview.panel}
    people.update((found.contact, None) for found in book.table(Follow))
    yield from filter(None, map(book.companies.find, companies))
    yield from filter(None, map(book.contacts.find, people))
