"""Records to bytes and back, and what a type does not know of a stored document is kept."""

import json
from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import codec
from crm_core.dates import Moment
from crm_core.records import CORE_KINDS, Contact, Interview, Part, Position, Profile, Promise, Record, Ref, Seat

AT = datetime(2026, 11, 23, 12)  # noqa: DTZ001 (a moment's zone stands beside it)


class Spot(Part, frozen=True, kw_only=True):
    x: int = 0
    y: int = 0


class Trip(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A plugin's record that leaves its defaults out of the file."""

    title: str = ""
    days: int = 1
    start: Spot | None = None
    stops: tuple[Spot, ...] = ()


def decoded(kind: type[Record], document: Any, ref: str = "c7") -> Any:
    return codec.decode(kind, msgspec.Raw(json.dumps(document).encode()), Ref(ref))


def rewritten(record: Record, replaced: Any) -> Any:
    """The document that a record becomes when it replaces that one."""
    return json.loads(codec.document(record, msgspec.Raw(json.dumps(replaced).encode())))


def test_a_field_that_has_its_default_is_not_stored_at_any_depth():
    contact = Contact(name="Ana", note="", positions=(Position(organisation="Acme", title=""),), tags=())

    assert codec.document(contact, None) == b'{"name":"Ana","positions":[{"organisation":"Acme"}]}'


def test_parts_are_told_apart_by_fields_that_were_not_stored():
    old = {
        "name": "Ana",
        "positions": [{"organisation": "Acme", "x": 1}, {"organisation": "Acme", "title": "CTO", "x": 2}],
    }
    contact = decoded(Contact, old)

    after = rewritten(replace(contact, positions=contact.positions[::-1]), old)

    assert [position["x"] for position in after["positions"]] == [2, 1]


def test_a_record_is_stored_without_its_id_and_read_with_the_id_of_its_place():
    contact = Contact(id=Ref("c3"), name="Ana Silva", introduced_by=Ref("c1"), knows=(Ref("c2"),))

    stored = codec.document(contact, None)
    read = codec.decode(Contact, msgspec.Raw(stored), Ref("c7"))

    assert "id" not in json.loads(stored)
    assert read == replace(contact, id=Ref("c7"))
    assert [type(ref) for ref in (read.id, read.introduced_by, *read.knows)] == [Ref, Ref, Ref]


def test_an_id_inside_a_stored_document_says_nothing():
    assert decoded(Contact, {"id": "c1", "name": "Ana"}).id == "c7"
    assert "id" not in rewritten(Contact(id=Ref("c7"), name="Ana"), {"id": "c1", "name": "Ana"})


def test_dates_moments_and_nothing_are_told_apart():
    promise = Promise(text="references", made=date(2026, 11, 3), due=Moment(AT, "Europe/Berlin"))

    stored = json.loads(codec.document(promise, None))

    assert (stored["made"], "kept" in stored) == ("2026-11-03", False)
    assert stored["due"] == {"local": "2026-11-23T12:00:00", "zone": "Europe/Berlin"}
    assert decoded(Promise, stored, "p1") == replace(promise, id=Ref("p1"))


texts = st.text(st.characters(exclude_categories=["Cs"]))
profiles = st.builds(Profile, network=texts, handle=texts, url=texts)
positions = st.builds(
    Position, organisation=texts, company=st.none() | st.from_regex("co[1-9]", fullmatch=True).map(Ref),
    title=texts, since=st.none() | st.dates(), former=st.booleans(),
)  # fmt: skip
contacts = st.builds(
    Contact, name=texts, note=texts, emails=st.lists(texts).map(tuple), profiles=st.lists(profiles).map(tuple),
    positions=st.lists(positions).map(tuple), knows=st.lists(st.sampled_from(["c1", "c2"]).map(Ref)).map(tuple),
)  # fmt: skip


@given(contacts)
@settings(deadline=None)
def test_what_is_stored_is_read_again_whatever_the_text(contact: Contact):
    stored = codec.document(contact, None)

    assert codec.decode(Contact, msgspec.Raw(stored), Ref("")) == contact
    assert codec.document(contact, msgspec.Raw(stored)) == stored


values = st.recursive(st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner, max_size=3))
unknown = st.dictionaries(st.sampled_from(["x_one", "x_two", "Profiles"]), values)


@given(contacts, unknown, unknown)
@settings(deadline=None)
def test_unknown_fields_survive_any_edit_of_the_others(contact: Contact, extra: dict[str, Any], inner: dict[str, Any]):
    document = json.loads(codec.document(contact, None)) | extra
    document["profiles"] = [profile | inner for profile in document.get("profiles", [])]

    after = rewritten(replace(contact, note="edited", emails=(*contact.emails, "new@x.example")), document)

    assert {name: after[name] for name in extra} == extra
    assert all(profile.items() >= inner.items() for profile in after.get("profiles", []))
    assert (after["note"], after["emails"][-1]) == ("edited", "new@x.example")


@pytest.mark.parametrize("kind", [kind.type for kind in CORE_KINDS])
def test_no_kind_of_record_loses_what_it_does_not_know(kind: type[Record]):
    minimal = {"interview": "i1", "contact": "c1", "company": "co1", "application": "a1", "name": "", "role": ""}
    minimal |= {"about": "", "text": "", "kind": "", "feed": "", "key": "", "title": "", "step": ""}
    minimal |= {"on": "2026-11-23", "made": "2026-11-23", "x_new": [1.5]}
    moment = {"local": "2026-11-23T12:00:00", "zone": "UTC", "x_new": {"a": 1}}
    minimal |= {"at": moment, "marked": moment, "state": "done" if kind.__name__ == "Mark" else "unread"}
    if kind.__name__ == "Note":
        minimal["kind"] = "talked"

    after = rewritten(decoded(kind, minimal, "z1"), minimal)

    assert after["x_new"] == [1.5]
    for name in {"at", "marked"} & set(kind.__struct_fields__):
        assert after[name] == moment


def test_unknown_fields_of_parts_follow_them_when_they_are_reordered():
    old = {"name": "Ana", "profiles": [{"network": name, "x": name} for name in ("web", "x", "github")]}
    contact = decoded(Contact, old)

    after = rewritten(replace(contact, profiles=tuple(reversed(contact.profiles))), old)

    assert [(profile["network"], profile["x"]) for profile in after["profiles"]] == [
        ("github", "github"), ("x", "x"), ("web", "web"),
    ]  # fmt: skip


def test_unknown_fields_of_parts_follow_them_when_one_is_removed_or_added():
    old = {"name": "Ana", "profiles": [{"network": name, "x": name} for name in ("web", "x", "github")]}
    contact = decoded(Contact, old)
    _, second, third = contact.profiles

    removed = rewritten(replace(contact, profiles=(second, third)), old)["profiles"]
    added = rewritten(replace(contact, profiles=(Profile(network="mastodon"), *contact.profiles)), old)["profiles"]

    assert [profile["x"] for profile in removed] == ["x", "github"]
    assert [profile.get("x") for profile in added] == [None, "web", "x", "github"]


def test_a_part_that_is_edited_keeps_its_unknown_fields_even_when_the_others_move():
    old = {"name": "Ana", "profiles": [{"network": name, "x": name} for name in ("web", "x", "github")]}
    contact = decoded(Contact, old)
    first, second, third = contact.profiles

    in_place = rewritten(replace(contact, profiles=(replace(first, handle="new"), second, third)), old)["profiles"]
    moved = rewritten(replace(contact, profiles=(third, replace(first, handle="new"), second)), old)["profiles"]

    assert [profile["x"] for profile in in_place] == ["web", "x", "github"]
    assert [profile["x"] for profile in moved] == ["github", "web", "x"]


def test_equal_parts_do_not_share_what_is_unknown_of_them():
    old = {"name": "Ana", "profiles": [{"network": "web", "x": 1}, {"network": "web", "x": 2}]}

    after = rewritten(replace(decoded(Contact, old), note="edited"), old)

    assert [profile["x"] for profile in after["profiles"]] == [1, 2]


def test_parts_written_before_a_field_was_known_are_recognised():
    old = {"name": "Ana", "positions": [{"organisation": "Acme", "x": 1}, {"organisation": "Beta", "x": 2}]}
    contact = decoded(Contact, old)

    after = rewritten(replace(contact, positions=contact.positions[::-1]), old)

    assert [(position["organisation"], position["x"]) for position in after["positions"]] == [("Beta", 2), ("Acme", 1)]


def test_parts_that_all_went_take_their_unknown_fields_along():
    old = {"name": "Ana", "profiles": [{"network": "web", "x": 1}], "y": 2}

    after = rewritten(replace(decoded(Contact, old), profiles=()), old)

    assert ("profiles" in after, after["y"]) == (False, 2)


def test_unknown_fields_of_one_part_are_kept_and_go_with_it():
    at = {"local": "2026-11-23T12:00:00", "zone": "UTC", "x": 1}
    old = {"application": "a1", "at": at, "panel": [{"contact": "c1", "x": {"y": [1]}}]}
    interview = decoded(Interview, old, "i1")

    longer = rewritten(replace(interview, length=30), old)
    replaced = rewritten(replace(interview, panel=(Seat(contact=Ref("c2")), Seat(contact=Ref("c3")))), old)

    assert longer["at"] == replaced["at"] == at
    assert longer["panel"][0]["x"] == {"y": [1]}
    assert not any("x" in seat for seat in replaced["panel"])


def test_a_field_set_back_to_its_default_is_not_taken_for_an_unknown_one():
    old = {"title": "Ulm", "days": 3, "start": {"x": 5, "z": 9}, "stops": [{"x": 1, "z": 2}], "later": True}
    trip = decoded(Trip, old, "t1")

    after = rewritten(replace(trip, days=1), old)
    assert after["later"] is True
    assert "days" not in after
    assert decoded(Trip, rewritten(Trip(title="Bonn"), old), "t1") == Trip(id=Ref("t1"), title="Bonn")
    assert rewritten(replace(trip, title="Bonn"), old)["stops"] == [{"x": 1, "z": 2}]


@pytest.mark.parametrize("text", ["\ud800", "Ana \udcff", "\udfff\ud800"])
def test_half_a_character_can_not_be_stored(text: str):
    with pytest.raises(UnicodeEncodeError):
        codec.document(Contact(name="Ana", emails=(text,)), None)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"name": 5},
        {"name": "Ana", "introduced_by": 5},
        {"name": "Ana", "knows": [{}]},
        {"name": "Ana", "emails": "x"},
    ],
)
def test_a_document_of_another_shape_is_a_decode_error(document: dict[str, Any]):
    with pytest.raises(msgspec.DecodeError):
        decoded(Contact, document)


def test_odd_numbers_in_unknown_fields_keep_their_value():
    old = b'{"name":"Ana","x":1.50,"y":1e400,"z":123456789012345678901234567890}'.replace(b"1e400", b"1e300")

    after = codec.document(Contact(name="Eva"), msgspec.Raw(old))

    assert json.loads(after)["x"] == 1.5
    assert json.loads(after)["z"] == 123456789012345678901234567890


def test_anything_of_ours_has_a_json_form():
    rows = [Contact(name="Ana", knows=(Ref("c1"),)), {"ref": Ref("c2")}, date(2026, 11, 23)]

    assert json.loads(codec.to_json(rows))[1:] == [{"ref": "c2"}, "2026-11-23"]
    with pytest.raises(TypeError):
        codec.to_json(object())
