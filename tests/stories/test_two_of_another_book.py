"""Two people of another book who have name and address in common stay two people here, and are asked about once."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.testing import Crm

BOTH = ("John Smith", "--email", "office@acme.example", "--phone", "+44 7700 900111")
FORMATS = [("vcard",), ("vcard", "--version", "4.0"), ("csv",), ("json",)]


@pytest.fixture
def theirs(tmp_path: Path) -> Crm:
    """Another book, with a father and a son who share mailbox, telephone and name."""
    crm = Crm(tmp_path / "theirs")
    crm.ok("contact", "add", *BOTH, "--note", "the father")
    crm.ok("contact", "add", *BOTH, "--new", "--note", "the son")
    crm.ok("contact duplicates --not-same c1 c2")
    return crm


@pytest.fixture(params=FORMATS, ids=" ".join)
def exported(request: pytest.FixtureRequest, theirs: Crm, tmp_path: Path) -> str:
    """Their book in each format that is read again."""
    file = str(tmp_path / "exported")
    theirs.ok("export", *request.param, "-o", file)
    return file


def test_both_come_in_and_the_same_file_again_changes_nothing(crm: Crm, exported: str):
    first = crm.ok("import", exported, "--json").items
    assert [row["action"] for row in first] == ["added", "unsure"]
    assert "but two people in the book that they come from" in first[1]["reason"]
    assert [person.note for person in crm.book.contacts] == ["the father", "the son"]
    before = (crm.home / "book.json").read_bytes()
    assert [row["action"] for row in crm.ok("import", exported, "--json").items] == ["same", "same"]
    assert (crm.home / "book.json").read_bytes() == before


def test_the_question_is_answered_once(crm: Crm, exported: str):
    crm.ok("import", exported)
    (pair,) = crm.ok("contact duplicates --json").items
    assert pair["evidence"][-1] == "but two people in the book that they come from"
    crm.ok("contact duplicates --not-same c1 c2")
    crm.ok("import", exported)
    assert crm.ok("contact duplicates --json").items == []


def test_who_made_them_one_here_is_believed(crm: Crm, exported: str):
    crm.ok("import", exported)
    crm.ok("contact merge c1 c2 --yes")
    assert {row["id"] for row in crm.ok("import", exported, "--json").items} == {"c1"}
    assert len(crm.book.contacts) == 1


def test_one_who_was_here_before_becomes_one_of_them_only(crm: Crm, exported: str):
    crm.ok("contact", "add", *BOTH)
    crm.ok("import", exported)
    assert len(crm.book.contacts) == 2
    assert [row["action"] for row in crm.ok("import", exported, "--json").items] == ["same", "same"]
