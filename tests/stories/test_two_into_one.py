"""Merging two people of a whole job search: all that hung on either hangs on the one, and undo makes them two again."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

ONE_A_NETWORK = "crm_social.follows"
"""A person is followed once on a network; where both were, the newer record stands for both."""


@pytest.fixture
def search(crm):
    """The sample job search."""
    crm.ok("demo")
    return crm


def tables(search):
    """Every record of the book by table and id, as exported."""
    exported = json.loads(search.ok("--demo export json").out)
    return {name: {row["id"]: row for row in rows} for name, rows in exported["tables"].items()}


def refers(value, id_):
    """Whether an id is anywhere in a record, but for the record's own."""
    if isinstance(value, dict):
        return any(refers(item, id_) for name, item in value.items() if name != "id")
    if isinstance(value, list):
        return any(refers(item, id_) for item in value)
    return value == id_


def hanging(records, id_):
    """The tables and ids of what refers to a contact."""
    return {(name, key) for name, rows in records.items() for key, row in rows.items() if refers(row, id_)}


def test_all_that_hung_on_either_hangs_on_the_one_and_undo_makes_two_of_it_again(search):
    before = tables(search)
    busiest = sorted(before["contacts"], key=lambda id_: -len(hanging(before, id_)))[:4]
    for into, other in permutations(busiest, 2):
        of_both = hanging(before, into) | hanging(before, other)
        assert len(of_both) > 5

        search.ok("--demo", "contact", "merge", into, other, "--yes")

        after = tables(search)
        assert hanging(after, other) == set()
        gone = of_both - hanging(after, into) - {("contacts", into), ("contacts", other)}
        assert {name for name, _ in gone} <= {ONE_A_NETWORK}
        assert set(after["contacts"]) == set(before["contacts"]) - {other}
        assert search.ok("--demo", "contact", "show", other, "--json").item["id"] == into

        search.ok("--demo undo")
        assert tables(search) == before
