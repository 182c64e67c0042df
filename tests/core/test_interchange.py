"""The whole book as JSON: written, read back to an equal book, and as the schema says."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from crm_core.errors import InputError
from crm_core.interchange import book_from_json, book_schema, book_to_json, looks_like_a_book, read_whole
from crm_core.records import CORE_KINDS, Contact
from crm_core.store.attachments import attachment_name
from crm_core.store.base import Snapshot
from crm_core.store.still import StillStore
from tests.core.any_book import PNG, snapshots
from tests.core.book.search import FOLLOWS
from tests.core.making import NOW, book_in

KINDS = (*CORE_KINDS, FOLLOWS)
VALID = Draft202012Validator(book_schema(KINDS))


def written(book: Snapshot, kinds=KINDS, **computed: object) -> bytes:
    return b"".join(book_to_json(book, kinds, exported=NOW, computed=computed))


def plain(book: Snapshot) -> dict[str, Any]:
    """A snapshot as plain values that can be compared."""
    tables = {
        name: {key: msgspec.json.decode(raw) for key, raw in table.items()} for name, table in book.tables.items()
    }
    return {**msgspec.structs.asdict(book), "tables": tables}


def changed(book: Snapshot, **values: Any) -> bytes:
    """What somebody made of the file by hand."""
    return json.dumps({**json.loads(written(book)), **values}).encode()


SMALL = Snapshot(
    tables={"contacts": {"1": msgspec.Raw(b'{"name":"Ana"}'), "3": msgspec.Raw(b'{"name":"Ben"}')}},
    counters={"c": 5},
    redirects={"c2": "c1"},
    versions={"core": 1},
    identity="0123456789abcdef",
)


@settings(max_examples=60, deadline=None)
@given(snapshots(KINDS))
def test_what_was_written_is_read_back_to_an_equal_book(book: Snapshot):
    data = written(book)
    back = book_from_json(data, KINDS)

    assert plain(back) == plain(book)
    for kind in KINDS:
        before, after = (list(book_in(StillStore(one), kinds=[FOLLOWS]).table(kind.type)) for one in (book, back))
        assert before == after


@settings(max_examples=30, deadline=None)
@given(snapshots(KINDS))
def test_what_is_written_is_as_the_schema_says(book: Snapshot):
    VALID.validate(json.loads(written(book)))


@settings(max_examples=30, deadline=None)
@given(snapshots(KINDS))
def test_neither_another_programs_layout_nor_the_absence_of_plugins_changes_the_book(book: Snapshot):
    laid_out = json.dumps(json.loads(written(book)), indent=4, ensure_ascii=True).encode("utf-8-sig")
    without_plugins = written(book, CORE_KINDS)

    assert plain(book_from_json(laid_out, KINDS)) == plain(book)
    for kinds in (CORE_KINDS, KINDS):
        assert plain(book_from_json(written(book), kinds)) == plain(book)
        assert plain(book_from_json(without_plugins, kinds)) == plain(book)


def test_it_is_a_record_a_line_with_its_id_before_all_else():
    lines = written(SMALL).decode().splitlines()

    assert '{"id":"c1","name":"Ana"},' in lines
    assert '{"id":"c3","name":"Ben"}' in lines


def test_a_document_goes_back_byte_for_byte():
    raw = b'{"name":"Ana","x":{"b":1.50,"a":[]},"number":123456789012345678901234567890,"nick":"A\\u00e9"}'
    book = replace(SMALL, tables={"contacts": {"1": msgspec.Raw(raw)}, "gone.x": {"7": msgspec.Raw(raw)}})
    back = book_from_json(written(book), CORE_KINDS)

    assert [bytes(table[key]) for table, key in zip(back.tables.values(), "17", strict=True)] == [raw, raw]


def test_files_come_along_those_that_a_record_names():
    picture = PNG + b"Ana"
    named, unnamed = attachment_name(picture), attachment_name(b"other")
    store = StillStore(
        Snapshot(
            tables={"contacts": {"1": msgspec.Raw(b'{"name":"Ana","photo":"%s"}' % named.encode())}},
            attachments={named: picture, unnamed: b"other"},
        )
    )
    snapshot = book_in(store).snapshot()
    back = book_from_json(written(snapshot), CORE_KINDS)

    assert dict(snapshot.attachments) == dict(back.attachments) == {named: picture}


def test_what_is_computed_is_there_for_readers_and_not_read_back():
    data = written(SMALL, applications=[{"id": "a1", "stage": "applied"}])

    assert json.loads(data)["computed"] == {"applications": [{"id": "a1", "stage": "applied"}]}
    assert plain(book_from_json(data, KINDS)) == plain(SMALL)


@pytest.mark.parametrize(
    "head", [written(SMALL)[:60], b' {\n "schema" : 2,\n "app" : "crm-core"', b"\xef\xbb\xbf" + written(SMALL)]
)
def test_such_a_file_is_recognised_by_how_it_begins(head: bytes):
    assert looks_like_a_book(head)


@pytest.mark.parametrize(
    "head",
    [b"", b"{}", b"BEGIN:VCARD", b'{"_meta":{"1":{"app":"crm-core"}}}', b'[{"app":"crm-core"}]', b'{"app":"other"}'],
)
def test_nothing_else_is(head: bytes):
    assert not looks_like_a_book(head)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no whole book"),
        (b"\xff\xfe", "no whole book"),
        (b"[" * 100_000, "no whole book"),
        (written(SMALL)[:-20], "no whole book"),
        (changed(SMALL, schema=2), "newer version"),
        (changed(SMALL, versions={"core": 2}), "newer version"),
        (changed(SMALL, app="another"), "'another'"),
        (changed(SMALL, identity="../.."), "identity"),
        (changed(SMALL, exported="yesterday"), "exported"),
        (changed(SMALL, tables={"contacts": [{"name": "Ana"}]}), "no usable id"),
        (changed(SMALL, tables={"contacts": [{"id": 7, "name": "Ana"}]}), "no usable id"),
        (changed(SMALL, tables={"contacts": [{"id": "c0", "name": "Ana"}]}), "no usable id"),
        (changed(SMALL, tables={"contacts": [{"id": "p1", "name": "Ana"}]}), "of the id p1"),
        (changed(SMALL, tables={"contacts": [{"id": "c1", "name": "A"}, {"id": "c1", "name": "B"}]}), "two records"),
        (changed(SMALL, tables={"contacts": [{"id": "c1", "name": 7}]}), "contact c1 can't be read"),
        (changed(SMALL, tables={"_history": [{"id": "h1"}]}), "no table"),
        (changed(SMALL, others={"_meta": {"1": {}}}), "no table"),
        (changed(SMALL, others={"gone.x": {"one": {}}}), "no number"),
        (changed(SMALL, redirects={"c2": "c4", "c4": "c2"}), "leads nowhere"),
        (changed(SMALL, redirects={"c2": "anywhere"}), "leads nowhere"),
        (changed(SMALL, counters={"c": -1}), "counters"),
        (changed(SMALL, attachments={"0" * 32: "YWJj"}), "not what it was"),
    ],
)
def test_what_could_not_be_a_book_is_refused_in_a_line(data: bytes, said: str):
    with pytest.raises(InputError) as refused:
        book_from_json(data, KINDS)

    assert said in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("counters", [{}, {"c": 1}])
def test_no_id_can_be_given_a_second_time_whatever_the_counters_say(counters: dict[str, int]):
    assert book_from_json(changed(SMALL, counters=counters), KINDS).counters == {"c": 3}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_read_but_never_more(data: st.DataObject):
    whole = bytearray(written(SMALL))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=3))
    try:
        book = book_from_json(bytes(whole), KINDS)
    except InputError:
        return
    for kind in KINDS:
        list(book_in(StillStore(book), kinds=[FOLLOWS]).table(kind.type))


def test_the_schema_knows_every_kind_with_its_id():
    schema = book_schema(KINDS)

    assert set(schema["properties"]["tables"]["properties"]) == {kind.table for kind in KINDS}
    assert schema["$defs"]["Follow"]["properties"]["id"]["pattern"] == "^fo[1-9][0-9]*$"
    assert schema["$defs"]["Contact"]["required"] == ["id", "name"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    "wrong", [{"name": 7}, {"positions": [{"organisation": None}]}, {"positions": {}}, {"id": "co1"}]
)
def test_the_schema_refuses_what_could_not_be_read(wrong: dict[str, Any]):
    document = {"id": "c1", **msgspec.to_builtins(Contact(name="Ana"), enc_hook=str), **wrong}
    document["id"] = wrong.get("id", "c1")

    assert not VALID.is_valid(json.loads(changed(SMALL, tables={"contacts": [document]})))


def test_a_newer_layout_is_refused_before_anything_of_it_is_read():
    with pytest.raises(InputError, match="newer"):
        read_whole(changed(SMALL, schema=9, tables={"contacts": [{"id": "?"}]}))


def test_a_still_store_refuses_every_change():
    book = book_in(StillStore(SMALL))

    with pytest.raises(Exception, match="copy"), book.change("anything"):
        raise AssertionError
    with pytest.raises(Exception, match="copy"):
        StillStore(SMALL).attach(b"")
    with pytest.raises(Exception, match="copy"):
        StillStore(SMALL).begin("", "", datetime.now())  # noqa: DTZ005 (nobody looks)
