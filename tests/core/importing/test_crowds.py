"""Thousands who share one fact: each is still found, and the work grows with their number and not with its square."""

from __future__ import annotations

import pytest

from crm_core.network import matching
from crm_core.network.matching import PARTNERS
from crm_core.records import Position
from tests.core.importing.making import actions, card, imported, people

CROWD = 600

CROWDS = {
    "one switchboard": lambda n: card(f"Person Nr{n}", phones=("+49 30 5550 0000",)),
    "one mailbox": lambda n: card(f"Person Nr{n}", emails=("info@acme.example",), phones=(f"+49 30 5551 {n:04}",)),
    "one name": lambda n: card("John Smith", emails=(f"john{n}@firm{n}.example",)),
    "one name and nothing to reach them by": lambda n: card("John Smith", note=f"met on day {n}"),
    "one name, each at a firm": lambda n: card("John Smith", positions=(Position(organisation=f"Firm {n}"),)),
    "one name and one number": lambda n: card("Jo", phones=("+49 30 5550 0000",), birthday=f"{1000 + n}-05-04"),
    "one UID": lambda n: card(f"Person Nr{n}", uid="0"),
}


@pytest.fixture
def weighed(monkeypatch):
    """Counts how often two people are compared."""
    count, weigh = [], matching.weigh
    monkeypatch.setattr(matching, "weigh", lambda one, other: count.append(1) or weigh(one, other))
    return count


@pytest.mark.parametrize("crowd", CROWDS)
def test_a_crowd_comes_in_whole_and_once(shelf, weighed, crowd):
    entries = [CROWDS[crowd](number) for number in range(CROWD)]

    first = imported(shelf, *entries)
    assert set(actions(first)) <= {"added", "unsure"}
    assert len(people(shelf)) == CROWD
    again = imported(shelf, *entries)

    assert [row.id for row in again] == [row.id for row in first]
    assert set(actions(again)) == {"same"}
    assert len(weighed) < 2 * CROWD * 3 * PARTNERS
