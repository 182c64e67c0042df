"""TinyStore keeps the store's contract, and is a TinyDB whose untouched documents are never decoded."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tinydb import where
from tinydb.operations import add, delete

from crm_core.errors import InputError
from crm_core.store import storage
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import ANA, AT, BEN, CARA, StoreContract, commit, people, state
from tests.core.store.memory import MemoryStore, Shelf

ODD = b'{ "zip" : 1.50, "name":"Ana", "tags":[1e3, "\\u00e9"], "x":null }'


class TestTinyStore(StoreContract):
    @pytest.fixture
    def open_store(self, tmp_path: Path):
        return lambda: TinyStore(tmp_path / "book.json")


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def open_store(self):
        shelf = Shelf()
        return lambda: MemoryStore(shelf)


@pytest.fixture
def store(tmp_path: Path) -> TinyStore:
    """A store with three people, one of them written oddly, and a table of an absent plugin."""
    store = TinyStore(tmp_path / "book.json")
    commit(store, put={"1": ODD, "2": BEN, "5": CARA})
    commit(store, put={"1": ODD}, table="crm_absent.things")
    return store


@pytest.fixture
def read_again(store: TinyStore) -> Callable[[], TinyStore]:
    """Opens another store on the same file."""
    return lambda: TinyStore(store.path)


def test_tinydb_sees_all_documents_with_their_ids(store: TinyStore):
    table = store.db.table("people")

    assert len(table) == 3
    assert [(document.doc_id, document["name"]) for document in table.all()] == [(1, "Ana"), (2, "Ben"), (5, "Cara")]
    assert [document["name"] for document in table] == ["Ana", "Ben", "Cara"]
    assert dict(table.all()[0]) == {"zip": 1.5, "name": "Ana", "tags": [1000.0, "é"], "x": None}


def test_tinydb_finds_documents_by_id_and_by_query(store: TinyStore):
    table = store.db.table("people")

    assert table.get(doc_id=2)["name"] == "Ben"
    assert table.get(doc_id=3) is None
    assert table.get(where("name") == "Cara").doc_id == 5
    assert [found.doc_id for found in table.search(where("name").matches(".*a$"))] == [1, 5]
    assert [found.doc_id for found in table.search(where("tags").any(["é"]))] == [1]
    assert table.search(where("name") == "nobody") == []
    assert table.count(where("zip").exists()) == 1
    assert table.contains(where("name") == "Ben")


def test_a_query_asked_again_sees_what_was_committed_meanwhile(store: TinyStore):
    table = store.db.table("people")
    by_name = where("name") == "Dora"
    assert table.search(by_name) == []

    commit(store, put={"6": b'{"name":"Dora"}'})

    assert [found.doc_id for found in table.search(by_name)] == [6]


def test_tinydb_inserts_updates_and_removes(store: TinyStore, read_again: Callable[[], TinyStore]):
    table = store.db.table("people")

    assert table.insert({"name": "Dora"}) == 6
    assert table.insert_multiple([{"name": "Emil"}, {"name": "Finn"}]) == [7, 8]
    assert table.update({"rate": 2}, where("name") == "Ben") == [2]
    assert table.update(add("rate", 3), doc_ids=[2]) == [2]
    assert table.upsert({"name": "Emil", "rate": 1}, where("name") == "Emil") == [7]
    assert table.upsert({"name": "Gwen"}, where("name") == "Gwen") == [9]
    assert table.update(delete("name"), doc_ids=[8]) == [8]
    assert table.remove(where("name") == "Cara") == [5]

    found = {document.doc_id: dict(document) for document in read_again().db.table("people").all()}
    assert found.pop(1)["name"] == "Ana"
    assert found == {
        2: {"name": "Ben", "rate": 5},
        6: {"name": "Dora"},
        7: {"name": "Emil", "rate": 1},
        8: {},
        9: {"name": "Gwen"},
    }


def test_a_change_inside_a_list_or_mapping_of_a_document_is_written(
    store: TinyStore, read_again: Callable[[], TinyStore]
):
    table = store.db.table("people")
    table.insert({"name": "Dora", "address": {"city": "Ulm"}})

    table.update(lambda document: document["tags"].append("new"), doc_ids=[1])
    table.update(lambda document: document["address"].update(city="Bonn"), where("name") == "Dora")

    again = read_again().db.table("people")
    assert again.get(doc_id=1)["tags"] == [1000.0, "é", "new"]
    assert again.get(where("name") == "Dora")["address"] == {"city": "Bonn"}


def test_what_tinydb_did_not_change_goes_back_byte_for_byte(store: TinyStore, read_again: Callable[[], TinyStore]):
    table = store.db.table("people")

    table.update({"rate": 2}, where("name") == "Ben")
    table.remove(where("name").search("^Ca"))
    store.db.table("people").update(lambda document: document.get("tags"), doc_ids=[1])

    assert people(read_again())["1"] == ODD
    assert people(read_again(), "crm_absent.things") == {"1": ODD}


def test_what_a_query_hands_out_can_be_changed_without_changing_the_book(store: TinyStore):
    found = store.db.table("people").search(where("name") == "Ana")[0]
    found["name"] = "Eve"
    found["tags"].append("oops")

    commit(store, put={"2": CARA})

    assert people(store)["1"] == ODD


def test_what_tinydb_writes_is_a_revision_of_its_own_and_keeps_the_rest(
    store: TinyStore, read_again: Callable[[], TinyStore]
):
    with store.begin("merged", "", AT) as transaction:
        transaction.redirect("c2", "c1")
    before = store.revision

    store.db.table("people").insert({"name": "Dora"})

    again = read_again()
    assert (again.revision, dict(again.redirects)) == (before + 1, {"c2": "c1"})
    assert [change.id for change in again.history()] == ["h1", "h2", "h3"]


def test_dropping_all_tables_by_tinydb_leaves_a_sound_book(store: TinyStore, read_again: Callable[[], TinyStore]):
    store.db.drop_tables()

    assert read_again().tables() == []
    commit(store, put={"1": ANA})
    assert people(read_again()) == {"1": ANA}


def test_a_table_that_nobody_asks_for_is_never_split(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    decoded = []

    class Watched:
        def decode(self, blob):
            decoded.append(bytes(blob))
            return plain.decode(blob)

    plain = storage._top_level
    monkeypatch.setattr(storage, "_top_level", Watched())
    fresh = TinyStore(store.path)

    assert fresh.tables() == ["people", "crm_absent.things"]
    commit(fresh, put={"9": BEN}, table="places")
    commit(fresh, put={"2": CARA}, table="people")

    assert decoded.count(b'{"1":%b,"2":%b,"5":%b}' % (ODD, BEN, CARA)) == 1
    assert b'{"1":%b}' % ODD not in decoded
    assert people(TinyStore(store.path), "crm_absent.things") == {"1": ODD}


def test_a_command_reads_once_and_writes_at_most_once(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    reads, writes = [], []
    read_bytes, replace_file = Path.read_bytes, storage.replace_file
    monkeypatch.setattr(Path, "read_bytes", lambda path: reads.append(path.name) or read_bytes(path))
    monkeypatch.setattr(
        storage,
        "replace_file",
        lambda path, *args, **more: writes.append(path.name) or replace_file(path, *args, **more),
    )
    fresh = TinyStore(store.path)

    state(fresh)
    commit(fresh, put={str(number): ANA for number in range(10, 500)})
    state(fresh)

    assert (reads, writes) == (["book.json"], ["book.json"])
    commit(fresh)
    state(fresh)
    assert (reads, writes) == (["book.json"], ["book.json"])


def test_the_book_is_one_valid_json_file_that_says_whose_it_is(store: TinyStore):
    import json

    data = json.loads(store.path.read_text("utf-8"))

    assert list(data) == ["_meta", "people", "_history", "crm_absent.things"]
    assert {key: data["_meta"]["1"][key] for key in ("app", "format", "revision", "schema")} == {
        "app": "crm-core",
        "format": 1,
        "revision": 2,
        "schema": {"core": 1},
    }


def test_a_plugin_may_call_a_counter_or_a_record_like_the_checksum(tmp_path: Path):
    store = TinyStore(tmp_path / "book.json")
    with store.begin("", "", AT) as transaction:
        transaction.draw("crc")
        transaction.redirect("crc", "crc2")
        transaction.put("crc", "1", b'{"crc":1}')

    assert people(TinyStore(store.path), "crc") == {"1": b'{"crc":1}'}


def test_a_book_can_not_be_named_like_its_lock(tmp_path: Path):
    path = tmp_path / "book.lock"
    path.write_bytes(ODD)

    with pytest.raises(InputError):
        TinyStore(path)

    assert path.read_bytes() == ODD


def test_a_file_that_looks_like_the_one_before_the_last_is_read_anew(store: TinyStore, tmp_path: Path):
    """A file system gives its number again at once, and its clock may stand still while somebody commits twice."""
    later = TinyStore(tmp_path / "later" / "book.json")
    later.path.parent.mkdir()
    later.path.write_bytes(store.path.read_bytes())
    commit(later, put={"2": ANA})
    store.path.write_bytes(store.path.read_bytes().ljust(5_000))
    reader = TinyStore(store.path)
    assert people(reader)["2"] == BEN
    seen = store.path.stat()

    store.path.write_bytes(later.path.read_bytes().ljust(5_000))
    os.utime(store.path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    now = store.path.stat()
    assert (now.st_ino, now.st_mtime_ns, now.st_size) == (seen.st_ino, seen.st_mtime_ns, seen.st_size)
    commit(reader, put={"7": CARA})

    assert people(TinyStore(store.path)) == people(reader) == {"1": ODD, "2": ANA, "5": CARA, "7": CARA}
    assert reader.revision == later.revision + 1
