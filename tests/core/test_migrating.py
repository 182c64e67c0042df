"""Older books are brought to the present versions: whole, tried first, backed up before, or not at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import BookNewer, BookUnreadable, Conflict, CrmError
from crm_core.migrating import bring_up, brought_up
from crm_core.records import CORE_KINDS, Contact, Mark, Migration, OwnedBy, Record, RecordKind
from crm_core.store import format as format_
from crm_core.store.base import Snapshot, Store
from crm_core.store.tiny import TinyStore
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf
from tests.core.store.test_backups import no_space

Document = dict[str, Any]
OpenStore = Callable[[], Store]


class Walk(Record, frozen=True, kw_only=True):
    """What a plugin of these tests keeps: the first version had `to`, the third has `target` and `length` in metres."""

    contact: OwnedBy[Contact] | None = None
    target: str
    length: int = 0


class Rest(Record, frozen=True, kw_only=True):
    """Another kind of the same plugin, which never changed."""

    place: str


def rename(document: Document) -> Document:
    document["target"] = document.pop("to")
    return document


def to_metres(document: Document) -> Document:
    return {**document, "length": document.get("length", 0) * 1_000}


def broken(document: Document) -> Document:
    raise ZeroDivisionError("oh")


RENAME = Migration(to=2, name="rename the target", change=rename)
METRES = Migration(
    to=3, name="metres", change=to_metres, marks=lambda step: step.replace("crm_walks/go/", "crm_walks/walk/")
)
RESTS = RecordKind(type=Rest, prefix="re", label="rest", plural="rests", table="crm_walks.rests")


def walks(*migrations: Migration) -> list[RecordKind[Any]]:
    kind = RecordKind(
        type=Walk, prefix="wa", label="walk", plural="walks", table="crm_walks.walks", migrations=migrations
    )
    return [kind, RESTS]


def core(*migrations: Migration) -> list[RecordKind[Any]]:
    """The core's kinds, as if contacts had come through those migrations."""
    return [
        msgspec.structs.replace(kind, migrations=migrations) if kind.type is Contact else kind for kind in CORE_KINDS
    ]


OLD = b'{ "to":"the mill", "length":3, "left":["alone"] }'
NEW = {"target": "the mill", "length": 3_000, "left": ["alone"]}
ODD = b'{"name" : "Ana", "spare":1e3}'
MARKS = {
    "1": b'{"step":"crm_walks/go/c1","state":"done","marked":{"local":"2026-11-23T12:00:00","zone":"UTC"},'
    b'"because":"it rained"}'
}


def fill(store: Store, **tables: dict[str, bytes]) -> None:
    with store.begin("filled", "", NOW) as transaction:
        for table, documents in tables.items():
            for key, document in documents.items():
                transaction.put(table.replace("__", "."), key, document)


def documents(store: Store, table: str) -> dict[str, Any]:
    return {key: msgspec.json.decode(raw) for key, raw in store.documents(table).items()}


def up(store: Store, *kinds: RecordKind[Any]) -> list[str]:
    """Bring a book up; the owners that were refused."""
    return [refused.owner for refused in bring_up(store, kinds or (*CORE_KINDS, *walks(RENAME, METRES)), "crm", NOW)]


@pytest.fixture(params=["file", "memory"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    shelf = Shelf()
    return lambda: TinyStore(tmp_path / "book.json") if request.param == "file" else MemoryStore(shelf)


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """A book of the plugin's first version, with a person, a mark and a table of an absent plugin."""
    store = open_store()
    fill(
        store,
        contacts={"1": ODD},
        crm_walks__walks={"1": OLD, "2": b'{"to":"the sea"}'},
        crm_walks__rests={"1": b'{"place":"a bench"}'},
        marks=MARKS,
        crm_absent__things={"1": ODD},
    )
    return store


def test_documents_and_marks_come_to_the_present_version_in_one_change(store: Store, open_store: OpenStore):
    assert up(store) == []

    again = open_store()
    assert documents(again, "crm_walks.walks") == {"1": NEW, "2": {"target": "the sea", "length": 0}}
    assert documents(again, "marks")["1"] == msgspec.json.decode(MARKS["1"]) | {"step": "crm_walks/walk/c1"}
    assert again.versions["crm_walks"] == 3
    change = again.history()[-1]
    assert (change.id, change.migrated) == ("h2", ("crm_walks",))
    assert "rename the target, metres" in change.title
    assert {(image.table, image.key) for image in change.images} == {
        ("crm_walks.walks", "1"), ("crm_walks.walks", "2"), ("marks", "1"),
    }  # fmt: skip


def test_what_has_nothing_to_do_with_it_stays_byte_for_byte(store: Store, open_store: OpenStore):
    up(store)

    again = open_store()
    assert bytes(again.documents("contacts")["1"]) == bytes(again.documents("crm_absent.things")["1"]) == ODD
    assert bytes(again.documents("crm_walks.rests")["1"]) == b'{"place":"a bench"}'


def test_the_second_command_has_nothing_to_do(store: Store, open_store: OpenStore):
    up(store)
    revision = store.revision

    assert up(open_store()) == []

    assert open_store().revision == revision


def test_a_book_halfway_gets_only_what_is_left(store: Store, open_store: OpenStore):
    up(store, *CORE_KINDS, *walks(RENAME))
    assert documents(store, "crm_walks.walks")["1"] == {**NEW, "length": 3}
    assert store.versions["crm_walks"] == 2

    up(open_store())

    assert documents(open_store(), "crm_walks.walks")["1"] == NEW


def test_a_plugin_without_records_needs_no_migration_and_begins_with_its_present_version(open_store: OpenStore):
    store = open_store()
    fill(store, contacts={"1": ODD})
    assert up(store) == []
    assert store.revision == 1

    book = book_in(open_store(), kinds=walks(RENAME, METRES))
    with book.change("a walk"):
        book.table(Walk).add(Walk(target="the mill", length=5))

    again = open_store()
    assert again.versions["crm_walks"] == 3
    assert up(again) == []
    assert documents(again, "crm_walks.walks")["1"]["length"] == 5


def test_a_plugin_that_has_only_marks_gets_them_renamed(open_store: OpenStore):
    store = open_store()
    fill(store, marks=MARKS)

    up(store)

    assert documents(store, "marks")["1"]["step"] == "crm_walks/walk/c1"
    assert store.versions["crm_walks"] == 3
    assert up(open_store()) == []


def test_marks_of_others_are_left_alone(open_store: OpenStore):
    store = open_store()
    others = {"1": MARKS["1"].replace(b"crm_walks/", b"crm_walks2/"), "2": MARKS["1"]}
    fill(store, marks=others)

    up(store)

    assert bytes(store.documents("marks")["1"]) == others["1"]
    assert documents(store, "marks")["2"]["step"] == "crm_walks/walk/c1"


def test_a_mark_keeps_its_step_done_under_the_new_name(open_store: OpenStore):
    store = open_store()
    fill(store, marks=MARKS)
    up(store)

    (mark,) = book_in(open_store()).marks

    assert isinstance(mark, Mark)
    assert (mark.step, mark.state, mark.because) == ("crm_walks/walk/c1", "done", "it rained")


FAILING = {
    "raises": Migration(to=2, name="walk on water", change=broken),
    "exits": Migration(to=2, name="walk on water", change=lambda _: sys.exit(3)),
    "makes no document": Migration(to=2, name="walk on water", change=lambda _: None),  # type: ignore[arg-type, return-value]
    "makes no JSON": Migration(to=2, name="walk on water", change=lambda d: {**d, "target": object()}),
    "makes no walk": Migration(to=2, name="walk on water", change=lambda d: {**d, "target": 7}),
    "forgets a field": Migration(to=2, name="walk on water", change=lambda d: d),
    "renames to nonsense": Migration(to=2, name="walk on water", change=rename, marks=lambda _: "crm_other/go"),
    "raises at marks": Migration(to=2, name="walk on water", change=rename, marks=lambda _: str(1 // 0)),
}


@pytest.mark.parametrize("migration", FAILING.values(), ids=FAILING)
def test_a_migration_of_a_plugin_that_fails_leaves_its_records_and_is_told(
    store: Store, open_store: OpenStore, migration: Migration
):
    (refused,) = bring_up(store, (*CORE_KINDS, *walks(migration)), "crm", NOW)

    assert refused.owner == "crm_walks"
    assert isinstance(refused.error, CrmError)
    assert "walk on water" in refused.error.message
    again = open_store()
    assert (again.revision, "crm_walks" in again.versions) == (1, False)
    assert bytes(again.documents("crm_walks.walks")["1"]) == OLD


def test_one_that_fails_does_not_keep_others_from_theirs(store: Store, open_store: OpenStore):
    trip = RecordKind(
        type=Rest, prefix="tr", label="trip", plural="trips", table="crm_trips.trips", migrations=(RENAME,)
    )
    fill(store, crm_trips__trips={"1": b'{"to":"Ulm"}'})
    kinds = (*core(Migration(to=2, name="shout", change=lambda d: {**d, "name": d["name"].upper()})),
             *walks(FAILING["raises"]), msgspec.structs.replace(trip, type=Walk))  # fmt: skip

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(format_, "CORE_VERSION", 2)
        assert up(store, *kinds) == ["crm_walks"]

        again = open_store()
        assert dict(again.versions) == {"core": 2, "crm_trips": 2}
        assert documents(again, "contacts")["1"] == {"name": "ANA", "spare": 1000.0}
        assert documents(again, "crm_trips.trips") == {"1": {"target": "Ulm"}}
        assert bytes(again.documents("crm_walks.walks")["1"]) == OLD


def test_a_migration_of_the_core_that_fails_refuses_the_book(store: Store, open_store: OpenStore):
    with pytest.raises(BookUnreadable, match=r"walk on water: the contact c1: ZeroDivisionError: oh") as caught:
        up(store, *core(FAILING["raises"]), *walks(RENAME))

    assert caught.value.exit_code == 4
    assert "left as it is" in caught.value.hint
    assert open_store().revision == 1


def test_records_of_a_newer_version_are_left_alone(store: Store, open_store: OpenStore):
    up(store)

    (refused,) = bring_up(open_store(), (*CORE_KINDS, *walks(RENAME)), "crm", NOW)

    assert refused.owner == "crm_walks"
    assert "version 3" in refused.error.message
    assert open_store().versions["crm_walks"] == 3


def test_a_newer_version_without_records_is_no_hindrance(open_store: OpenStore):
    store = open_store()
    fill(store, contacts={"1": ODD}, crm_walks__walks={"1": OLD})
    up(store)
    with store.begin("", "", NOW) as transaction:
        transaction.delete("crm_walks.walks", "1")

    assert up(open_store(), *CORE_KINDS, *walks(RENAME)) == []


def test_a_newer_book_of_the_core_is_refused(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(format_, "CORE_VERSION", 2)
    store = open_store()
    fill(store, contacts={"1": ODD})
    with store.begin("", "", NOW) as transaction:
        transaction.set_version("core", 2, migrated=True)

    with pytest.raises(BookNewer):
        up(open_store())


def test_an_absent_plugins_records_wait_for_it(store: Store, open_store: OpenStore):
    """While it is away its records stay as they are; a version that comes back newer finds them as it left them."""
    up(store, *CORE_KINDS)
    book = book_in(open_store())
    with book.change("somebody"):
        book.contacts.add(Contact(name="Ben"))
    assert bytes(open_store().documents("crm_walks.walks")["1"]) == OLD

    assert up(open_store()) == []

    assert documents(open_store(), "crm_walks.walks")["1"] == NEW


def test_people_who_were_merged_meanwhile_are_found_by_migrated_records(store: Store, open_store: OpenStore):
    fill(store, contacts={"2": b'{"name":"Ana"}'}, crm_walks__walks={"3": b'{"to":"the sea","contact":"c2"}'})
    away = book_in(open_store())
    with away.change("merged"):
        away.merge(away.contacts.get("c1"), away.contacts.get("c2"), away.contacts.get("c1"))

    up(open_store())

    book = book_in(open_store(), kinds=walks(RENAME, METRES))
    assert book.table(Walk).get("wa3").contact == "c1"


def test_a_command_that_knows_an_older_version_is_stopped_from_writing(store: Store, open_store: OpenStore):
    older = book_in(open_store(), kinds=walks())
    assert len(older.contacts) == 1
    up(store)

    with pytest.raises(Conflict, match="crm_walks"), older.change("a note"):
        older.contacts.add(Contact(name="Ben"))

    assert len(open_store().documents("contacts")) == 1


def test_two_commands_that_both_find_an_old_book_migrate_it_once(store: Store, open_store: OpenStore):
    other = open_store()
    assert other.versions == {"core": 1}
    up(store)

    assert up(other) == []

    again = open_store()
    assert documents(again, "crm_walks.walks")["1"] == NEW
    assert [change.migrated for change in again.history()] == [(), ("crm_walks",)]


def test_the_book_is_backed_up_before_however_few_records_there_are(tmp_path: Path):
    store = TinyStore(tmp_path / "book.json")
    fill(store, crm_walks__walks={"1": OLD})
    before = store.path.read_bytes()

    up(store)

    migration = store.backups.all()[-1]
    assert (migration.reason, migration.path.read_bytes()) == ("migration", before)
    assert TinyStore(store.path).history()[-1].backup == migration.id


def test_without_a_backup_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = TinyStore(tmp_path / "book.json")
    fill(store, crm_walks__walks={"1": OLD})
    before = store.path.read_bytes()
    no_space(monkeypatch, "backups")

    with pytest.raises(CrmError, match="no space left"):
        up(store)

    assert store.path.read_bytes() == before


def test_a_failing_migration_takes_no_lock(tmp_path: Path):
    """It is tried by each command, readers too, and nobody shall wait for it."""
    store = TinyStore(tmp_path / "book.json")
    fill(store, crm_walks__walks={"1": OLD})

    with store.lock():
        other = TinyStore(store.path, wait=0)
        assert up(other, *CORE_KINDS, *walks(FAILING["raises"])) == ["crm_walks"]


def test_a_book_in_memory_is_brought_up_too(store: Store):
    snapshot = book_in(store).snapshot()

    present, refused = brought_up(snapshot, (*CORE_KINDS, *walks(RENAME, METRES)))

    assert refused == []
    assert msgspec.json.decode(present.tables["crm_walks.walks"]["1"]) == NEW
    assert present.versions == {"core": 1, "crm_walks": 3}
    assert bytes(snapshot.tables["crm_walks.walks"]["1"]) == OLD
    kept, refused = brought_up(snapshot, (*CORE_KINDS, *walks(FAILING["raises"])))
    assert [one.owner for one in refused] == ["crm_walks"]
    assert bytes(kept.tables["crm_walks.walks"]["1"]) == OLD
    assert kept.versions == snapshot.versions
    assert brought_up(Snapshot(), CORE_KINDS) == (Snapshot(), [])


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.text(max_size=8), st.integers(0, 9)), max_size=5), st.sampled_from([(2,), (1, 2), (0, 1, 2)])
)
def test_it_makes_no_difference_in_how_many_goes_a_book_is_brought_up(
    known: list[tuple[str, int]], goes: tuple[int, ...]
):
    old = {str(n): msgspec.json.encode({"to": to, "length": length}) for n, (to, length) in enumerate(known, start=1)}
    store = MemoryStore(Shelf())
    fill(store, crm_walks__walks=old)

    for migrations in goes:
        up(store, *CORE_KINDS, *walks(*(RENAME, METRES)[:migrations]))

    assert documents(store, "crm_walks.walks") == {
        str(n): {"target": to, "length": length * 1_000} for n, (to, length) in enumerate(known, start=1)
    }
