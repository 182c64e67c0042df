"""The doctor's look at records: in any book it finds what is wrong, and what it mends is right afterwards."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from crm_core.doctor.records import Records, tables_of_absent_plugins
from crm_core.errors import Conflict
from crm_core.records import CORE_KINDS
from crm_core.store.base import Snapshot
from crm_core.store.mending import accept, raise_counters
from crm_core.store.tiny import TinyStore
from tests.core.any_book import snapshots
from tests.core.making import NOW
from tests.core.store.contract import AT, commit
from tests.core.test_migrating import FAILING, METRES, RENAME, walks


def book(**tables: dict[str, bytes]) -> Snapshot:
    raws = {name: {key: msgspec.Raw(raw) for key, raw in table.items()} for name, table in tables.items()}
    return Snapshot(tables=raws, counters={kind.prefix: 99 for kind in (*CORE_KINDS, *walks())}, versions={"core": 1})


def mended(records: Records) -> Snapshot:
    """The book as `mended` says that it should be."""
    cure = records.mended()
    tables = {name: dict(table) for name, table in records.book.tables.items()}
    for (table, key), document in cure.documents.items():
        if document is None:
            del tables[table][key]
        else:
            tables[table][key] = msgspec.Raw(document)
    redirects = {old: new for old, new in records.book.redirects.items() if old not in cure.redirects}
    counters = {**records.book.counters, **cure.counters}
    return msgspec.structs.replace(records.book, tables=tables, redirects=redirects, counters=counters)


def said(records: Records) -> list[str]:
    return [finding.what for finding in records.findings({})]


@settings(max_examples=40)
@given(snapshots())
def test_after_mending_nothing_is_found_and_nobody_else_was_changed(snapshot: Snapshot):
    records = Records(snapshot, CORE_KINDS)
    touched = records.mended().documents

    after = mended(records)

    assert said(Records(after, CORE_KINDS)) == []
    for name, table in snapshot.tables.items():
        for key, raw in table.items():
            if (name, key) not in touched:
                assert after.tables[name][key] is raw


@settings(max_examples=40)
@given(snapshots())
def test_it_finds_nothing_only_where_each_reference_leads_somewhere(snapshot: Snapshot):
    """By the bytes: the ids that any_book lets lead nowhere stand in no document of a book that is called healthy."""
    records = Records(snapshot, CORE_KINDS)
    known = {f"{kind.prefix}{key}" for kind in CORE_KINDS for key in snapshot.tables.get(kind.table, {})}

    assert (
        set(records.missing)
        == {ref for ref in ("c400",) if any(f'"{ref}"'.encode() in bytes(codec) for codec in _core_documents(snapshot))}
        - known
    )


def _core_documents(snapshot: Snapshot) -> list[msgspec.Raw]:
    return [raw for name, table in snapshot.tables.items() if "." not in name for raw in table.values()]


def test_a_reference_is_followed_where_a_merge_leads():
    merged = book(contacts={"1": b'{"name":"Ana"}', "2": b'{"name":"Ben","knows":["c7"]}'})
    merged = msgspec.structs.replace(merged, redirects={"c7": "c6", "c6": "c1"})

    assert said(Records(merged, CORE_KINDS)) == []


def test_what_is_owned_by_what_is_owned_goes_too():
    orphans = book(
        applications={"1": b'{"company":"co9","role":"Editor"}'},
        interviews={"1": b'{"application":"a1","at":{"local":"2026-11-23T14:00:00","zone":"UTC"}}'},
        notes={"1": b'{"interview":"i1","text":"likes tests"}'},
        promises={"1": b'{"text":"slides","made":"2026-11-23","interview":"i1"}'},
    )

    after = mended(Records(orphans, CORE_KINDS))

    assert {name: list(table) for name, table in after.tables.items() if table} == {"promises": ["1"]}
    assert msgspec.json.decode(after.tables["promises"]["1"]) == {"text": "slides", "made": "2026-11-23"}


def test_fields_of_a_newer_version_are_kept_in_what_is_mended():
    newer = book(contacts={"1": b'{"name":"Ana","knows":["c9"],"spare":{"a":1}}'})

    after = mended(Records(newer, CORE_KINDS))

    assert msgspec.json.decode(after.tables["contacts"]["1"]) == {"name": "Ana", "spare": {"a": 1}}


def test_an_older_version_is_read_as_the_next_command_will_read_it():
    old = book(**{"crm_walks.walks": {"1": b'{"to":"the mill"}'}, "contacts": {"1": b'{"name":"Ana"}'}})

    (finding,) = Records(old, (*CORE_KINDS, *walks(RENAME, METRES))).findings({})

    assert finding.note
    assert "older version" in finding.what


def test_a_version_that_can_not_be_had_is_told():
    old = book(**{"crm_walks.walks": {"1": b'{"to":"the mill"}'}})

    (finding,) = Records(old, (*CORE_KINDS, *walks(FAILING["raises"]))).findings({})

    assert "crm_walks: walk on water: the walk wa1: ZeroDivisionError: oh" in finding.what
    assert finding.commands == ("crm plugins off crm_walks",)


def test_a_record_that_can_not_be_read_is_told_with_the_backup_in_which_it_can():
    broken = book(contacts={"1": b'{"name":7}', "2": b'{"name":"Ben","knows":["c1"]}'})
    records = Records(broken, CORE_KINDS)

    (finding,) = records.findings({("contacts", "1"): "b4"})

    assert finding.commands == ("crm restore b4", "crm doctor --accept")
    assert records.mended().documents == {}


def test_tables_that_nobody_knows_are_counted():
    found = book(contacts={"1": b"{}"}, **{"crm_gone.things": {"1": b"{}", "2": b"{}"}, "crm_gone.empty": {}})

    assert tables_of_absent_plugins(found.tables, CORE_KINDS) == {"crm_gone.things": 2}


def test_many_that_refer_to_one_are_counted():
    many = book(contacts={str(n): b'{"name":"P","introduced_by":"c900"}' for n in range(1, 21)})

    (what,) = said(Records(many, CORE_KINDS))

    assert what.endswith("c12 and 8 more refer to c900, which is not there")


def test_counters_are_raised_and_never_lowered(tmp_path):
    store = TinyStore(tmp_path / "book.json")
    commit(store, put={"1": b"{}"})
    raise_counters(store, {"c": 7, "h": 0})
    revision = store.revision
    raise_counters(store, {"c": 3})

    assert (TinyStore(store.path).counters["c"], store.revision) == (7, revision)
    with store.begin("", "", AT) as transaction:
        assert transaction.draw("c") == 8


def test_a_file_that_changed_meanwhile_is_not_accepted(tmp_path):
    store = TinyStore(tmp_path / "book.json")
    commit(store, put={"1": b"{}"})
    seen = store.path.read_bytes()
    commit(TinyStore(store.path), put={"2": b"{}"})

    with pytest.raises(Conflict):
        accept(store, seen, {}, NOW)

    assert [backup for backup in store.backups.all() if backup.reason == "unreadable"] == []
