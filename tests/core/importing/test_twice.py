"""Importing again changes nothing, whatever a file holds: namesakes, doubles, one UID for two, links in a circle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.importing import Candidate
from crm_core.records import Label, Position
from tests.core.importing.making import actions, card, imported
from tests.core.network.people import contacts, few, property_test, thorough
from tests.core.store.memory import Shelf

UIDS = ("urn:1", "urn:2", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")


def as_read(contact, labels, uid):
    """A contact as a reader makes one: with a name, of itself where it is an address, and without references."""
    name = contact.name or "Nobody"
    parts = {"given": "", "family": ""} if "@" in name else {}
    return replace(
        contact,
        **parts,
        name=name,
        emails=(name, *contact.emails) if "@" in name else contact.emails,
        positions=tuple(replace(position, company=None) for position in contact.positions),
        introduced_by=None,
        knows=(),
        labels=tuple(Label(of=of, label=label) for of, label in labels),
        uid=uid,
    ).tidied()


people = st.builds(
    as_read,
    contacts(),
    few(st.tuples(st.sampled_from(("ana@acme.example", "112")), st.sampled_from(("work", "home", "home, fax")))),
    st.sampled_from(("", "", *UIDS)),
)
cards = st.builds(
    lambda contact, photo, knows, introduced_by: Candidate(
        contact=contact,
        line=1,
        photo=photo,
        knows=knows if contact.uid else (),
        introduced_by=introduced_by if contact.uid else "",
    ),
    people,
    st.sampled_from((b"", b"", b"GIF8 one", b"GIF8 two")),
    few((*UIDS, "urn:9"), 2),
    st.sampled_from(("", *UIDS, "urn:9")),
)


@thorough
@given(st.lists(cards, max_size=6))
def test_the_same_file_again_changes_nothing(entries):
    shelf = Shelf()
    imported(shelf, *entries)
    stored = shelf.tables

    assert actions(imported(shelf, *entries)) == ["same"] * len(entries)
    assert shelf.tables is stored
    assert actions(imported(shelf, *entries, dry_run=True)) == ["same"] * len(entries)


def test_an_entry_that_a_later_one_takes_elsewhere_is_taken_there_at_once(shelf):
    """The first is named by an organisation and changes Mara; the second, of another name, makes one whom both fit."""
    imported(shelf, card("Mara Lindqvist", uid=UIDS[2]))
    by_its_employer = card("Acme", positions=(Position(organisation="Acme"),), uid=UIDS[2])
    entries = (by_its_employer, card("Acme", uid=UIDS[2]))

    rows = imported(shelf, *entries)
    assert [(row.action, row.id) for row in rows] == [("updated", "c2"), ("unsure", "c2")]
    assert actions(imported(shelf, *entries)) == ["same", "same"]


@property_test
@given(st.lists(cards, max_size=5), st.lists(cards, max_size=3))
def test_a_dry_run_says_what_the_import_then_does(known, entries):
    shelf = Shelf()
    imported(shelf, *known)

    announced = imported(shelf, *entries, dry_run=True)
    done = imported(shelf, *entries)

    assert [(row.action, row.name, row.changed, row.links_to) for row in announced] == [
        (row.action, row.name, row.changed, row.links_to) for row in done
    ]
