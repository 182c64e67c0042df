"""A book with a job search in it, in a file and in memory."""

from pathlib import Path

import pytest

from crm_core.book import Book
from crm_core.records import (
    Application,
    BusinessCard,
    Company,
    Contact,
    Interview,
    Letter,
    Note,
    Position,
    Promise,
    Seat,
)
from crm_core.store.tiny import TinyStore
from tests.core.book.search import AT, DAY, FOLLOWS, Follow, OpenBook
from tests.core.making import book_in
from tests.core.store.memory import MemoryStore, Shelf


@pytest.fixture(params=["file", "memory"])
def open_book(request: pytest.FixtureRequest, tmp_path: Path) -> OpenBook:
    """Opens the book as another command would; with `plugin=True` that of the follows is there."""
    shelf = Shelf()

    def open_(*, plugin: bool = True) -> Book:
        store = TinyStore(tmp_path / "book.json") if request.param == "file" else MemoryStore(shelf)
        return book_in(store, kinds=[FOLLOWS] if plugin else [])

    return open_


@pytest.fixture
def book(open_book: OpenBook) -> Book:
    """A search: two people, two companies, an application with an interview, and what hangs on them."""
    book = open_book()
    with book.change("a search"):
        acme, beta = (book.companies.add(Company(name=name)) for name in ("Acme", "Beta"))
        ana = book.contacts.add(Contact(name="Ana", positions=(Position(organisation="Acme", company=acme.id),)))
        ben = book.contacts.add(Contact(name="Ben", knows=(ana.id,), introduced_by=ana.id))
        role = book.applications.add(Application(company=acme.id, role="Engineer"))
        book.applications.add(Application(company=beta.id, role="Editor"))
        panel = (Seat(contact=ana.id, role="boss", lead=True), Seat(contact=ben.id))
        talk = book.interviews.add(Interview(application=role.id, at=AT, panel=panel))
        book.notes.add(Note(interview=talk.id, contact=ana.id, text="likes tests"))
        book.promises.add(Promise(text="references", contact=ana.id, interview=talk.id, made=DAY))
        book.letters.add(Letter(contact=ana.id, kind="thank-you", interview=talk.id))
        book.cards.add(BusinessCard(contact=ben.id, interview=talk.id))
        book.table(Follow).add(Follow(contact=ana.id, network="x", state="asked"))
    return book
