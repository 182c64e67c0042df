"""Taking things back: what Robin does on days when something went wrong, and what the program says to it."""

from __future__ import annotations

from pathlib import Path

import pytest

PHONE = Path(__file__).parents[2] / "examples/data/phone.vcf"
MANY = 10_000


@pytest.fixture
def robin(crm):
    """Robin, who has the phone's address book in, applied, was interviewed and promised something."""
    crm.ok("import", str(PHONE))
    crm.ok("application add 'Bluewater Robotics' 'Platform Engineer'")
    crm.ok("interview log a1 --at 'yesterday 14:00' --with 'Mara Lindqvist' --with 'Tom Okafor'")
    crm.ok("note add i1 'The docking service fails over by hand.' --about Mara")
    crm.ok("promise add 'send the references' --to Mara --by tomorrow --interview i1")
    return crm


def names(crm):
    return [person["name"] for person in crm.ok("contact list --json").items]


def records(crm):
    """All records of the book, those of plugins included, as every command sees them."""
    book = crm.book
    return {kind.plural: list(book.table(kind.type)) for kind in book.kinds}


def address_book(path, count):
    """A vCard file of so many people."""
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Person {0} of {1}\r\nEMAIL:person{0}@company{1}.example\r\nEND:VCARD\r\n"
    path.write_text("".join(card.format(number, number % 97) for number in range(count)))
    return str(path)


def test_the_last_thing_is_taken_back_and_then_the_one_before_it(robin):
    emails = robin.ok("contact show Tom --json").item["emails"]
    robin.ok("contact edit Tom --email tom@wrong.example")
    robin.ok("company edit Bluewater --website wrong.example")

    assert "Took back h7: changed co1 Bluewater Robotics" in robin.ok("undo").out
    assert "Took back h6: changed c2 Tom Okafor" in robin.ok("undo").out

    assert robin.ok("contact show Tom --json").item["emails"] == emails
    assert robin.ok("company show Bluewater --json").item["website"] == ""


def test_what_was_taken_back_is_done_again(robin):
    robin.ok("contact edit Tom --email tom@right.example")
    told = robin.ok("undo")
    assert told.err == "To do it again: crm redo\n"

    robin.ok("redo")

    assert robin.ok("contact show Tom --json").item["emails"] == ["tom@right.example"]


def test_the_wrong_file_of_ten_thousand_people_is_gone_as_if_it_had_never_come(robin, tmp_path):
    before = records(robin)
    told = robin.ok("import", address_book(tmp_path / "wrong.vcf", MANY))
    assert "10,000 added" in told.out
    assert told.err.endswith("To take it all back: crm undo\n")

    told = robin.ok("undo")

    assert told.out.splitlines()[1].startswith("gone: 10,000 contacts (c13 Person 0 of 0, ")
    assert told.out.endswith(" and 9,995 more)\n")
    assert records(robin) == before

    robin.ok("redo")
    assert len(names(robin)) == 12 + MANY
    robin.ok("undo")
    assert records(robin) == before


def test_two_people_who_were_merged_by_mistake_are_two_again(robin):
    robin.ok("contact add 'Mara Lindquist' --new --email mara@kestrel.example --tag pilot")
    robin.ok("promise add 'call her' --to c13")
    before = records(robin)
    robin.ok("contact merge Lindqvist c13 --yes")
    assert robin.ok("contact show c13 --json").item["id"] == "c1"

    told = robin.ok("undo").out

    assert "back: 1 contact (c13 Mara Lindquist)\n" in told
    assert records(robin) == before
    assert robin.ok("contact show c13 --json").item["name"] == "Mara Lindquist"
    assert robin.ok("redo").out.startswith("Did h8 again: merged c13 Mara Lindquist into c1 Mara Lindqvist\n")
    assert robin.ok("contact show c13 --json").item["tags"] == ["pilot"]


def test_a_company_that_was_removed_is_back_with_all_that_hung_on_it(robin):
    robin.ok("reflect --answer punctual=yes --answer feelings=calm")
    robin.ok("thank")
    before, agenda = records(robin), robin.ok("agenda --json").items
    removed = robin.ok("company remove Bluewater --yes")
    assert removed.err.endswith("To bring it back: crm undo\n")
    assert robin("checklist i1").code == 2

    robin.ok("undo")

    assert records(robin) == before
    assert robin.ok("agenda --json").items == agenda


def test_what_somebody_else_hangs_on_is_not_pulled_from_under_it(robin):
    result = robin("undo h1")

    assert result.code == 1
    assert "h1 can't be taken back: " in result.err
    assert "since h3 (today 12:00: logged an interview" in result.err
    assert "`crm undo h3` takes that back first" in result.err
    assert len(names(robin)) == 12


def test_the_hint_leads_there(robin):
    assert "`crm undo --last 5` takes back everything since h1." in robin("undo h1").err

    robin.ok("undo --last 5")

    assert names(robin) == []
    assert robin.ok().out.startswith("Your book is empty.")
    robin.ok("redo")
    assert len(names(robin)) == 12


def test_an_older_change_that_nothing_builds_on_is_taken_back_alone(robin):
    robin.ok("contact edit Tom --note 'likes sailing'")
    robin.ok("promise add 'send the slides' --to Tom")

    robin.ok("undo h6")

    assert robin.ok("contact show Tom --json").item["note"] == ""
    assert len(robin.ok("promise list --json").items) == 2


def test_robin_looks_up_what_happened_before_taking_it_back(robin):
    robin.ok("contact edit Mara --phone '+44 7700 900199' --tag robotics")

    assert robin.ok("history -n 1 --json").items[0]["title"] == "changed c1 Mara Lindqvist: phones, tags, labels"
    shown = robin.ok("history h6").out
    assert "    phones: - +44 7700 900101, + +44 7700 900199\n" in shown
    assert "    tags: + robotics\n" in shown


def test_a_number_that_was_given_is_never_given_again(robin):
    robin.ok("contact add 'Nobody Inparticular'")
    robin.ok("undo")

    assert robin.ok("contact add 'Somebody Else' --json").item["id"] == "c14"


def test_a_plugin_need_not_be_there_to_have_its_records_taken_back(robin):
    robin.ok("quota pause 2026-12-21 2027-01-03 --note Christmas")
    robin.ok("quota resume pz1")

    robin.ok("--no-plugins undo")

    assert robin.ok("quota pauses --json").items[0]["note"] == "Christmas"
