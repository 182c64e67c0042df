"""Records are added, found, saved and dropped inside changes, all of a change or nothing."""

from datetime import datetime

import msgspec
import pytest
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.errors import BookUnreadable, UnknownName
from crm_core.records import (
    Contact,
    Note,
    Promise,
    Ref,
)
from crm_core.store.tiny import TinyStore
from tests.core.book.search import DAY, Follow, OpenBook, add, ids, save
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf


def test_ids_count_up_with_the_prefix_of_their_kind(book: Book, open_book: OpenBook):
    assert ids(book.contacts) == ["c1", "c2"]
    assert ids(book.companies) == ["co1", "co2"]
    assert ids(book.table(Follow)) == ["fo1"]
    with book.change("two more"):
        first, second = (book.contacts.add(Contact(name=name, id=Ref("c1"))) for name in ("Cara", "Dora"))
        assert (first.id, second.id, book.new_move_id(), book.new_move_id()) == ("c3", "c4", "m1", "m2")

    assert ids(open_book().contacts) == ["c1", "c2", "c3", "c4"]


def test_what_was_added_is_found_by_its_id_at_once_and_later(book: Book, open_book: OpenBook):
    added = add(book, Contact(name="Cara", emails=("cara@x.example",)))

    for opened in (book, open_book()):
        assert opened.contacts.get(added.id) == opened.get(added.id) == opened.contacts.find("c3") == added
        assert list(opened.contacts)[-1] == added
        assert len(opened.contacts) == 3


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "c",
        "c9",
        "co9",
        "C1",
        "c01",
        "c1 ",
        " c1",
        "c1\n",
        "c-1",
        "c+1",
        "c1.0",
        "c\uff11",
        "c²",
        "1",
        "m1",
        "h1",
        "x" * 9999,
    ],
)
def test_what_is_no_id_of_a_record_finds_nothing(book: Book, ref: str):
    assert book.contacts.find(ref) is None
    assert book.find(ref) is None
    with pytest.raises(UnknownName):
        book.contacts.get(ref)
    with pytest.raises(UnknownName):
        book.get(ref)


def test_an_id_of_another_kind_is_not_found_in_a_table(book: Book):
    assert book.contacts.find("co1") is None
    assert book.companies.find("c1") is None
    assert book.find("co1") == book.companies.get("co1")
    assert book.contacts.find(None) is book.find(None) is None


def test_records_are_found_by_what_they_refer_to(book: Book):
    assert ids(book.applications.where("company", "co1")) == ["a1"]
    assert ids(book.notes.where("contact", "c1")) == ["n1"]
    assert book.notes.where("contact", "c2") == []
    added = add(book, Note(interview=Ref("i1"), contact=Ref("c2"), text="quiet"))
    assert book.notes.where("contact", "c2") == [added]
    assert ids(book.notes.where("interview", "i1")) == ["n1", "n2"]
    save(book, added, contact=Ref("c1"))
    assert ids(book.notes.where("contact", "c1")) == ["n1", "n2"]
    with book.change("dropped"):
        book.notes.drop(book.notes.get("n1"))
    assert ids(book.notes.where("interview", "i1")) == ["n2"]


def test_a_saved_record_is_what_everybody_sees(book: Book, open_book: OpenBook):
    saved = save(book, book.contacts.get("c1"), name="Ana Silva", emails=("ana@x.example",))

    assert book.contacts.get("c1") == open_book().contacts.get("c1") == saved
    assert ids(open_book().contacts) == ["c1", "c2"]


def test_saving_what_is_stored_commits_nothing(book: Book, open_book: OpenBook):
    store = book._session._store
    before = store.revision

    save(book, book.contacts.get("c1"))
    save(book, book.contacts.get("c1"), name="Ana")

    assert (store.revision, open_book()._session._store.revision) == (before, before)


def test_a_dropped_record_is_gone_and_its_id_is_not_given_again(book: Book, open_book: OpenBook):
    with book.change("dropped"):
        book.promises.drop(book.promises.get("p1"))
        assert book.promises.find("p1") is None

    assert list(open_book().promises) == list(book.promises) == []
    assert add(open_book(), Promise(text="cv", made=DAY)).id == "p2"


def test_a_record_that_is_not_in_the_book_can_not_be_saved_or_dropped(book: Book):
    gone = book.promises.get("p1")
    with book.change("dropped"):
        book.promises.drop(gone)

    for record in (gone, Promise(text="", made=DAY), replace(gone, id=Ref("p77")), replace(gone, id=Ref("c1"))):
        with pytest.raises(UnknownName):
            save(book, record)
    with pytest.raises(UnknownName), book.change("again"):
        book.promises.drop(gone)


def test_records_change_only_inside_a_change(book: Book):
    ana = book.contacts.get("c1")

    for act in (lambda: book.contacts.add(ana), lambda: book.contacts.save(ana), lambda: book.contacts.drop(ana)):
        with pytest.raises(RuntimeError, match="inside"):
            act()
    with pytest.raises(RuntimeError):
        book.new_move_id()


def test_a_change_inside_a_change_is_a_fault(book: Book):
    with pytest.raises(RuntimeError, match="open already"), book.change("outer"), book.change("inner"):
        pytest.fail("two changes at once")
    assert add(book, Contact(name="Cara")).id == "c3"


def test_a_change_is_one_entry_of_the_history_however_much_it_changes(book: Book, open_book: OpenBook):
    (change,) = open_book()._session._store.history()

    assert (change.title, change.command, change.at) == ("a search", "crm test", NOW)
    assert len(change.images) == 12


def test_an_exception_leaves_the_book_as_it_was(book: Book, open_book: OpenBook):
    def act() -> None:
        with book.change("in vain"):
            book.contacts.save(replace(book.contacts.get("c1"), name="Eve"))
            book.contacts.add(Contact(name="Cara"))
            book.notes.drop(book.notes.get("n1"))
            book.merge(book.companies.get("co1"), book.companies.get("co2"), book.companies.get("co1"))
            assert (len(book.contacts), len(book.notes), len(book.companies)) == (3, 0, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    for opened in (book, open_book()):
        assert [contact.name for contact in opened.contacts] == ["Ana", "Ben"]
        assert ids(opened.notes) == ["n1"]
        assert opened.companies.get("co2").name == "Beta"
        assert opened.notes.where("contact", "c1") == list(opened.notes)


def test_inside_read_only_nothing_can_be_changed(book: Book, open_book: OpenBook):
    with book.read_only():
        with pytest.raises(RuntimeError, match="read-only"), book.change("in vain"):
            pytest.fail("it was opened")
        assert book.contacts.get("c1").name == "Ana"
    with book.change("outer"):
        with book.read_only(), book.read_only(), pytest.raises(RuntimeError, match="read-only"):
            book.contacts.add(Contact(name="Cara"))
        book.contacts.add(Contact(name="Dora"))

    assert [contact.name for contact in open_book().contacts] == ["Ana", "Ben", "Dora"]


def test_a_type_that_nobody_declared_has_no_table(open_book: OpenBook):
    with pytest.raises(LookupError, match="Follow"):
        open_book(plugin=False).table(Follow)


def test_the_present_needs_a_named_zone(open_book: OpenBook):
    with pytest.raises(ValueError, match="zone"):
        book_in(MemoryStore(Shelf()), now=datetime(2026, 11, 23))  # noqa: DTZ001 (that is the point)


def test_other_programs_know_a_record_by_its_own_uid_or_by_one_of_the_books(open_book: OpenBook):
    book = open_book()
    with book.change("added"):
        own = book.contacts.add(Contact(name="Ana", uid="urn:uuid:1"))
        made = book.contacts.add(Contact(name="Ben"))

    assert book.uid(own) == "urn:uuid:1"
    assert book.uid(made) == f"crm-{book.identity}-c2"
    assert open_book().of_uid(book.uid(made)) == made
    assert book.of_uid("crm-another-c2") is None
    assert book.of_uid("urn:uuid:1") is None


def test_a_file_is_attached_in_a_change_only(open_book: OpenBook):
    book = open_book()

    with pytest.raises(RuntimeError):
        book.attach(b"picture")
    with book.change("added a picture"):
        name = book.attach(b"picture")
        book.contacts.add(Contact(name="Ana", photo=name))

    assert open_book().attachment(name) == b"picture"


class Called(msgspec.Struct, frozen=True):
    """Of a contact, how they are called."""

    name: str
    nickname: str = ""


def test_thousands_are_looked_through_by_a_part_of_each(open_book: OpenBook):
    book = open_book()
    with book.change("added"):
        book.contacts.add(Contact(name="Ana", nickname="Ani", note="long"))
        book.contacts.add(Contact(name="Ben"))
        assert [id_ for id_, _ in book.contacts.glimpses(Called)] == ["c1", "c2"]

    assert list(open_book().contacts.glimpses(Called)) == [("c1", Called("Ana", "Ani")), ("c2", Called("Ben"))]


def test_a_part_that_can_not_be_read_names_the_record(tmp_path):
    store = TinyStore(tmp_path / "book.json")
    with store.begin("", "", NOW) as transaction:
        transaction.put("contacts", "7", b'{"name":3}')

    with pytest.raises(BookUnreadable, match="contact c7"):
        list(book_in(store).contacts.glimpses(Called))
