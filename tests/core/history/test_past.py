"""The history told: what each change did, record by record and field by field, and which of them hold."""

from __future__ import annotations

import pytest

from crm_core.book import Book
from crm_core.history.past import Difference
from crm_core.records import Contact, Promise, Ref
from crm_core.store import tiny
from tests.core.book.search import DAY, Follow, OpenBook, add, ids, save
from tests.core.history.acting import amend, past_of, redo, store_of, undo
from tests.core.making import NOW


def touched(open_book: OpenBook, id_: str, *, plugin: bool = True) -> list[tuple[str, str, str, str]]:
    past = past_of(open_book, plugin=plugin)
    return [(found.what, found.kind, found.id, found.name) for found in past.touched(past.find(id_))]


def differences(open_book: OpenBook, id_: str) -> dict[str, tuple[Difference, ...] | None]:
    past = past_of(open_book)
    return {found.id: found.differences for found in past.touched(past.find(id_))}


def test_every_record_is_told_with_what_became_of_it(book: Book, open_book: OpenBook):
    with book.change("removed"):
        book.remove(book.removal(book.contacts.get("c1")))

    assert touched(open_book, "h2") == [
        ("removed", "contact", "c1", "Ana"),
        ("changed", "contact", "c2", "Ben"),
        ("changed", "interview", "i1", ""),
        ("changed", "note", "n1", "likes tests"),
        ("changed", "promise", "p1", "references"),
        ("removed", "letter", "l1", "thank-you"),
        ("removed", "follow", "fo1", "x"),
    ]
    assert len(touched(open_book, "h1")) == 12
    assert {what for what, *_ in touched(open_book, "h1")} == {"added"}
    past = past_of(open_book)
    assert past.counts(past.find("h2")) == {"added": 0, "changed": 4, "removed": 3}


def test_the_records_of_a_plugin_that_is_away_are_told_by_table_and_number(book: Book, open_book: OpenBook):
    save(book, book.table(Follow).get("fo1"), state="accepted")

    assert touched(open_book, "h2", plugin=False) == [("changed", "crm_social.follows", "crm_social.follows 1", "x")]
    assert differences(open_book, "h2") == {"fo1": (Difference(field="state", before="asked", after="accepted"),)}


def test_each_field_is_told_as_that_change_left_it_not_as_it_is_now(book: Book, open_book: OpenBook):
    for note in ("first", "second"):
        save(book, book.contacts.get("c1"), note=note)
    with book.change("removed"):
        book.remove(book.removal(book.contacts.get("c1")))

    assert [differences(open_book, id_)["c1"] for id_ in ("h2", "h3")] == [
        (Difference(field="note", before=None, after="first"),),
        (Difference(field="note", before="first", after="second"),),
    ]


def test_a_field_that_came_or_went_has_no_value_on_the_other_side(book: Book, open_book: OpenBook):
    with store_of(open_book).begin("a newer version", "", NOW) as transaction:
        transaction.put("companies", "1", b'{"name":"Acme","since":1999}')
    with store_of(open_book).begin("an older version", "", NOW) as transaction:
        transaction.put("companies", "1", b'{"name":"Acme"}')

    assert differences(open_book, "h2")["co1"] == (Difference(field="since", before=None, after=1999),)
    assert differences(open_book, "h3")["co1"] == (Difference(field="since", before=1999, after=None),)


def test_what_a_record_became_is_unknown_where_the_history_lost_it(book: Book, open_book: OpenBook):
    for note in ("first", "second"):
        save(book, book.contacts.get("c1"), note=note)
    amend(open_book, "h3", images=(), forgotten=True)

    assert differences(open_book, "h2") == {"c1": None}
    assert differences(open_book, "h3") == {}


@pytest.mark.parametrize("document", [b"[1]", b'"text"', b"{}", b'{"name":7,"text":"  "}', b'{"name":"\\u0000"}'])
def test_a_document_of_any_shape_can_be_told(book: Book, open_book: OpenBook, document: bytes):
    for raw in (document, b'{"name":"Cara"}'):
        with store_of(open_book).begin("by hand", "", NOW) as transaction:
            transaction.put("contacts", "9", raw)

    assert touched(open_book, "h2")[0][:3] == ("added", "contact", "c9")
    assert touched(open_book, "h3") == [("changed", "contact", "c9", "Cara")]
    undo(open_book)
    undo(open_book)


def test_which_changes_hold(book: Book, open_book: OpenBook):
    save(book, book.contacts.get("c1"), note="first")
    save(book, book.contacts.get("c2"), note="second")
    undo(open_book)  # h4
    redo(open_book)  # h5
    undo(open_book, last=2)  # h6
    past = past_of(open_book)
    overruled = {change.id: past.overruled_by(change) for change in past.changes}

    assert {id_: by.id if by else None for id_, by in overruled.items()} == {
        "h1": None, "h2": "h6", "h3": "h6", "h4": "h5", "h5": "h6", "h6": None,
    }  # fmt: skip
    assert ids(past.undoable()) == ["h1"]


def test_a_name_is_that_of_the_record_as_it_is_now(book: Book, open_book: OpenBook):
    save(book, book.contacts.get("c1"), name="Ana\tSilva")
    past = past_of(open_book)

    assert [past.called(ref) for ref in ("c1", "co2", "n1", "c99", "Ana", "zz1")] == [
        "Ana Silva", "Beta", "likes tests", "", "", "",
    ]  # fmt: skip


def test_images_that_are_lost_spoil_only_what_is_about_them(
    book: Book, open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
):
    store = store_of(open_book)
    if not isinstance(store, tiny.TinyStore):
        pytest.skip("in memory nothing is lost")
    monkeypatch.setattr(tiny, "IMAGES_INLINE", 1)
    with book.change("two"):
        book.contacts.add(Contact(name="Cara"))
        book.contacts.add(Contact(name="Dora"))
    add(book, Promise(text="cv", made=DAY, contact=Ref("c3")))
    (store.path.parent / "history/h2.json").unlink()

    assert touched(open_book, "h3") == [("added", "promise", "p2", "cv")]
    undo(open_book)
    past = past_of(open_book)
    assert past.known_images(past.find("h2")) == ()
