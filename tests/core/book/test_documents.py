"""What stands in the file: unknown fields are kept, unreadable records are named and never made."""

import pytest

from crm_core.book import Book
from crm_core.errors import BookUnreadable, InputError
from crm_core.records import (
    Contact,
    Interview,
    Mark,
    Position,
    Promise,
    Record,
    Ref,
)
from tests.core.book.search import AT, DAY, OpenBook, add, save
from tests.core.making import NOW


def put_raw(book: Book, table: str, key: str, document: bytes) -> None:
    """What another version of the program may have written."""
    with book._session._store.begin("", "", NOW) as transaction:
        transaction.put(table, key, document)


def raw(book: Book, table: str, key: str) -> bytes:
    return bytes(book._session._store.documents(table)[key])


def test_fields_of_a_newer_version_survive_an_edit_a_merge_and_a_removal(book: Book, open_book: OpenBook):
    document = (
        b'{"name":"Ben","knows":["c1"],"mood":{"today":"fine"},'
        b'"positions":[{"organisation":"Acme","company":"co1","desk":7},{"organisation":"Beta","desk":9}]}'
    )
    put_raw(book, "contacts", "2", document)
    book = open_book()
    ben = book.contacts.get("c2")
    save(book, ben, note="edited", positions=ben.positions[::-1])
    with book.change("removed"):
        book.remove(book.removal(book.companies.get("co1")))

    stored = raw(open_book(), "contacts", "2")

    assert b'"mood":{"today":"fine"}' in stored
    assert stored.index(b'"desk":9') < stored.index(b'"desk":7')
    assert open_book().contacts.get("c2").positions == (Position(organisation="Beta"), Position(organisation="Acme"))


def test_a_record_that_is_not_changed_is_not_rewritten(book: Book, open_book: OpenBook):
    document = b'{ "rate": 1.50, "name": "Cara" }'
    put_raw(book, "contacts", "3", document)
    book = open_book()
    save(book, book.contacts.get("c3"))
    save(book, book.contacts.get("c1"), note="edited")
    with book.change("merged"):
        book.merge(book.contacts.get("c1"), book.contacts.get("c2"), book.contacts.get("c1"))

    assert raw(open_book(), "contacts", "3") == document


@pytest.mark.parametrize("document", [b"7", b'{"name":7}', b"{}", b'{"name":"Ana","knows":[5]}', b'{"name":"\xff"}'])
def test_a_document_that_is_no_such_record_is_named_and_left_alone(book: Book, open_book: OpenBook, document: bytes):
    put_raw(book, "contacts", "3", document)
    book = open_book()

    with pytest.raises(BookUnreadable, match="c3") as caught:
        list(book.contacts)

    assert caught.value.exit_code == 4
    assert book.contacts.get("c1").name == "Ana"
    assert raw(book, "contacts", "3") == document


@pytest.mark.parametrize("text", ["\ud800", "Ana \udcff Silva"])
def test_half_a_character_is_an_input_error_and_nothing_is_written(book: Book, open_book: OpenBook, text: str):
    store = open_book()._session._store

    with pytest.raises(InputError, match="contact") as caught:
        add(book, Contact(name="Cara", emails=("fine@x.example", text)))
    with pytest.raises(InputError):
        save(book, book.contacts.get("c1"), note=text)

    assert caught.value.exit_code == 2
    assert open_book()._session._store.revision == store.revision
    assert book.contacts.get("c1").note == ""


@pytest.mark.parametrize(
    "text", ["\x00", "\x1b[2J\x07", "\u202e", "a" * 300_000, "\r\n\t", "\U0001f600", "\ufeff\ufffe", '{}[]"\\']
)
def test_any_other_text_is_kept_as_it_is(book: Book, open_book: OpenBook, text: str):
    add(book, Contact(name=text, note=text))

    assert open_book().contacts.get("c3") == Contact(id=Ref("c3"), name=text, note=text)


@pytest.mark.parametrize(
    "record",
    [
        Contact(name=None),
        Contact(name="Ana", emails=(5,)),
        Promise(text="cv", made=NOW),
        Promise(text="cv", made=DAY, due=NOW),
        Interview(application=Ref("a1"), at=NOW),
        Mark(step="p/k", state="gone", marked=AT),
        Contact(name="Ana", positions=({"organisation": "Acme", "company": 5},)),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_value_that_could_not_be_read_again_does_not_get_into_the_book(
    book: Book, open_book: OpenBook, record: Record
):
    before = open_book()._session._store.revision

    with pytest.raises(TypeError, match="could be read again"):
        add(book, record)

    assert open_book()._session._store.revision == before
    assert len(open_book().contacts) == 2
