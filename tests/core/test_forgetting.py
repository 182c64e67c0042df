"""Forgetting a person in books of any kind: what goes is what goes on removal, and nobody else's document changes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.forgetting import Forgotten, Person, forget, ids_of, naming
from crm_core.records import CORE_KINDS, Contact, Note, Ref
from crm_core.store.base import Snapshot
from crm_core.store.format import packed
from crm_core.store.restoring import restore
from crm_core.store.tiny import TinyStore
from tests.core.any_book import snapshots
from tests.core.making import NOW, book_in, open_book
from tests.core.test_migrating import METRES, RENAME, fill, walks


def stored(store: TinyStore) -> dict[str, dict[str, Any]]:
    """All documents as plain values, marks left out."""
    return {
        table: {key: msgspec.json.decode(raw) for key, raw in store.documents(table).items()}
        for table in store.tables()
        if table != "marks"
    }


def forgotten(store: TinyStore, target: str, kinds: Any = CORE_KINDS) -> Forgotten:
    found = open_book(store.path).contacts.find(target)
    person = Person(ids_of(target, store.redirects)).known_as([found] if found else [])
    return forget(store, kinds, person, target, f"crm forget {target}", NOW)


@settings(max_examples=40)
@given(snapshots(), st.data())
def test_what_goes_is_what_goes_when_they_are_removed(
    tmp_path_factory: pytest.TempPathFactory, snapshot: Snapshot, data: st.DataObject
):
    people = sorted(snapshot.tables.get("contacts", {}))
    if not people:
        return
    target = f"c{data.draw(st.sampled_from(people))}"
    one, other = (TinyStore(tmp_path_factory.mktemp("book") / "book.json") for _ in range(2))
    for store in (one, other):
        restore(store, packed(snapshot), "", "", NOW, seen=0)
        store.back_up(NOW)
    book = open_book(one.path)
    with book.change("removed"):
        book.remove(book.removal(book.contacts.get(target)))

    done = forgotten(other, target)

    expected = stored(TinyStore(one.path))
    assert stored(TinyStore(other.path)) == expected
    (backup,) = other.backups.all()
    restore(one, backup.contents(), "", "", NOW, seen=TinyStore(one.path).revision)
    assert stored(TinyStore(one.path)) == expected
    assert done.unreadable == []


@pytest.fixture
def store(tmp_path) -> TinyStore:
    """Two people who were one for a time, and a walk of a plugin's first version."""
    store = TinyStore(tmp_path / "book.json")
    book = book_in(store)
    with book.change("people"):
        book.contacts.add(Contact(name="Mara Lindqvist", emails=("mara@bluewater.example",)))
        book.contacts.add(Contact(name="Tom Okafor"))
    fill(store, crm_walks__walks={"1": b'{"to":"the mill","contact":"c1"}', "2": b'{"to":"the sea","contact":"c2"}'})
    return store


def test_a_backup_of_an_older_version_is_understood_and_brought_up(store: TinyStore):
    store.back_up(NOW)
    book_of(store, walks(RENAME, METRES))

    forgotten(store, "c1", (*CORE_KINDS, *walks(RENAME, METRES)))

    before_walks, manual, migration = store.backups.all()
    assert b"walks" not in before_walks.path.read_bytes()
    for backup in (manual, migration):
        contents = backup.contents()
        assert contents.meta.schema["crm_walks"] == 3
        assert msgspec.json.decode(contents.tables["crm_walks.walks"]) == {
            "2": {"target": "the sea", "contact": "c2", "length": 0}
        }
    assert list(store.documents("crm_walks.walks")) == ["2"]


def book_of(store: TinyStore, kinds: Any) -> Book:
    """Open the book as a command of a newer version does."""
    from crm_core.migrating import bring_up

    assert bring_up(store, (*CORE_KINDS, *kinds), "", NOW) == []
    return book_in(store, kinds=kinds)


def test_a_backup_that_is_not_understood_in_part_is_named(store: TinyStore):
    """A plugin whose migration fails: its records are left, and told."""
    store.back_up(NOW)
    broken = replace(RENAME, change=lambda document: {"nothing": document["nowhere"]})

    done = forgotten(store, "c1", (*CORE_KINDS, *walks(broken)))

    assert [(place.where, place.left) for place in done.places] == [
        ("book", ("wa1",)), ("b1", ()), ("b2", ("wa1",)),
    ]  # fmt: skip


def test_a_record_that_another_has_now_is_not_taken_from_them(store: TinyStore):
    """Once it hung on the one who is forgotten; the history tells, but the present counts."""
    kinds = walks(RENAME, METRES)
    book = book_of(store, kinds)
    walk = book.table(kinds[0].type).get("wa1")
    with book.change("given to Tom"):
        book.table(kinds[0].type).save(replace(walk, contact=Ref("c2")))

    forgotten(store, "c1", (*CORE_KINDS, *kinds))

    assert list(TinyStore(store.path).documents("crm_walks.walks")) == ["1", "2"]
    assert [bytes(image.before) for change in store.history() for image in change.images
            if isinstance(image.before, msgspec.Raw) and b'"c1"' in bytes(image.before)] == []  # fmt: skip


def test_redirects_to_them_go(store: TinyStore):
    book = book_in(store)
    with book.change("merged"):
        book.merge(book.contacts.get("c1"), book.contacts.get("c2"), book.contacts.get("c1"))
    assert ids_of("c1", store.redirects) == {"c1", "c2"}

    forgotten(store, "c1")

    assert dict(TinyStore(store.path).redirects) == {}
    assert all(change.redirects == {} for change in store.history())
    assert "contacts" not in TinyStore(store.path).tables()


def test_redirects_that_lead_in_a_circle_are_followed_to_no_end():
    assert ids_of("c1", {"c2": "c3", "c3": "c2", "c4": "c1", "c5": "c4"}) == {"c1", "c4", "c5"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mara Lindqvist said so", True),
        ("ask MARA", True),
        ("Marathon", False),
        ("write to mara@bluewater.example", True),
        ("Lindqvist & Sons", True),
        ("tomorrow", False),
    ],
)
def test_a_text_names_them_by_any_whole_word_of_their_name(text: str, found: bool):
    mara = Contact(id=Ref("c1"), name="Mara Lindqvist", emails=("mara@bluewater.example",))
    note = Note(id=Ref("n1"), interview=Ref("i1"), text=text)

    named = naming([note], Person(frozenset({"c1"})).known_as([mara]))

    assert named == ([(note, text)] if found else [])


def test_somebody_without_a_usable_name_is_looked_for_nowhere():
    note = Note(id=Ref("n1"), interview=Ref("i1"), text="A B and more")

    assert naming([note], Person(frozenset({"c1"})).known_as([Contact(id=Ref("c1"), name="B")])) == []
