"""What Robin does when the disk, a careless hand or a request for deletion gets at the book."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

PHONE = Path(__file__).parents[2] / "examples/data/phone.vcf"


@pytest.fixture
def robin(crm):
    """Robin, with the phone's address book, an application and an interview; two days of work."""
    crm.today = "2026-11-22T18:00"
    crm.ok("import", str(PHONE))
    crm.ok("application add 'Bluewater Robotics' 'Platform Engineer'")
    crm.today = "2026-11-23T18:00"
    crm.ok("interview log a1 --at 'yesterday 14:00' --with 'Mara Lindqvist' --with 'Tom Okafor'")
    crm.ok("note add i1 'The docking service fails over by hand.' --about Mara")
    crm.ok("thank")
    return crm


def people(crm):
    return {person["name"] for person in crm.ok("contact list --json").items}


def backups(crm):
    return [(row["id"], row["reason"]) for row in crm.ok("backup --list --json").items]


def address_book(path: Path, count: int) -> str:
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Person {0} of {1}\r\nEND:VCARD\r\n"
    path.write_text("".join(card.format(number, number % 97) for number in range(count)))
    return str(path)


def test_an_import_of_the_wrong_file_is_one_restore_away(robin, tmp_path):
    """The company's whole directory, by mistake. Robin doesn't know undo."""
    before = people(robin)
    robin.ok("import", address_book(tmp_path / "everybody.vcf", 400))
    assert len(people(robin)) == len(before) + 400

    newest, reason = backups(robin)[0]
    assert reason == "bulk"
    told = robin.ok("restore", newest, "--yes").err

    assert people(robin) == before
    assert "contacts: 400 removed" in told


def test_a_disk_that_loses_bytes_costs_what_was_done_since_the_last_copy(robin):
    book = robin.home / "book.json"
    robin.ok("backup")
    robin.ok("promise add 'send the slides' --to Mara")
    book.write_bytes(book.read_bytes()[: book.stat().st_size // 2])

    refused = robin("agenda")
    assert refused.code == 4
    assert "crm restore b3" in refused.err
    assert robin("doctor").code == 1

    robin.ok("restore b3 --yes")
    assert "Mara Lindqvist" in people(robin)
    assert robin.ok("promise list --json").items == []
    assert robin.ok("promise add 'send the slides' --to Mara --json").item["id"] == "p2"  # p1 was given, wherever it is


def test_a_typo_mended_by_hand_is_accepted(robin):
    book = robin.home / "book.json"
    book.write_bytes(book.read_bytes().replace(b"by hand.", b"by itself."))
    assert robin("note list").code == 4

    robin.ok("doctor --accept")

    assert "by itself" in robin.ok("note list").out


def test_a_new_machine_begins_with_the_copy_on_the_stick(robin, tmp_path):
    from crm_core.testing import Crm

    stick = tmp_path / "stick"
    stick.mkdir()
    robin.ok("backup", str(stick))
    (copy,) = stick.iterdir()

    new = Crm(tmp_path / "new machine")
    new.ok("restore", str(copy), "--yes")

    assert people(new) == people(robin)
    new.ok("undo")  # the history came along
    assert robin.ok("letter list --json").items != new.ok("letter list --json").items == []


def test_who_asks_to_be_forgotten_is(robin, tmp_path):
    robin.ok("import", address_book(tmp_path / "everybody.vcf", 400))
    robin.ok("backup")

    robin.ok("forget 'Mara Lindqvist' --yes")

    for path in robin.home.rglob("*.json"):
        assert "Mara" not in path.read_text("utf-8"), path
        json.loads(path.read_text("utf-8"))
    assert "Tom Okafor" in people(robin)
    robin("undo")
    assert "Mara Lindqvist" not in people(robin)
    robin.ok("doctor")
