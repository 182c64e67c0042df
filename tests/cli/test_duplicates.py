"""`crm contact duplicates`: evidence, an answer for each pair, and none asked about twice."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from crm_core.cli import duplicates
from crm_core.records import Contact

NOBODY = "Nobody seems to be in the book twice.\n"


def add(crm, name, *facts):
    crm.ok("contact", "add", name, "--new", *facts)


@pytest.fixture
def twins(crm):
    """Mara twice by her mailbox, Tom twice by his firm."""
    add(crm, "Mara Lindqvist", "--email", "mara@acme.example")
    add(crm, "Mara Lindqvist", "--email", "mara@acme.example", "--phone", "112233", "--note", "likes tea")
    add(crm, "Tom Berg", "--company", "Bluewater")
    add(crm, "Tom Berg", "--company", "Bluewater", "--birthday", "1990-05-04")
    return crm


def answered(crm, *words):
    """What asking comes to when somebody types these answers."""
    return crm("contact", "duplicates", columns=80, typed="".join(f"{word}\n" for word in words))


def pairs(crm):
    return [(pair["into"], pair["other"]) for pair in crm.ok("contact duplicates --json").items]


def test_without_a_terminal_pairs_are_listed_with_evidence_and_the_commands_for_either_answer(twins):
    (mara, tom) = twins.ok("contact duplicates --json").items
    assert mara == {
        "into": "c1",
        "other": "c2",
        "names": ["Mara Lindqvist", "Mara Lindqvist"],
        "score": 70,
        "evidence": ["the same name", "the same e-mail mara@acme.example"],
        "command": "crm contact merge c1 c2",
        "not_same": "crm contact duplicates --not-same c1 c2",
    }
    assert twins.ok("contact duplicates", columns=80).out.splitlines()[:4] == [
        "c1 Mara Lindqvist / c2 Mara Lindqvist",
        "    the same name; the same e-mail mara@acme.example",
        "    crm contact merge c1 c2",
        "    crm contact duplicates --not-same c1 c2",
    ]
    twins.ok(mara["command"].removeprefix("crm ") + " --yes")
    twins.ok(tom["not_same"].removeprefix("crm "))
    assert twins.ok("contact duplicates").err == NOBODY


def test_on_a_terminal_each_pair_is_shown_side_by_side_and_the_one_that_is_named_stays(twins):
    result = answered(twins, "c2", "l")

    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[:7] == [
        "1 of 2: 70 of 100 speak for one person",
        "  the same name; the same e-mail mara@acme.example",
        "        c1                 c2",
        "name    Mara Lindqvist     Mara Lindqvist",
        "e-mail  mara@acme.example  mara@acme.example",
        "phone                      112233",
        "note                       likes tea",
    ]
    assert "Merged c1 Mara Lindqvist into c2 Mara Lindqvist; c1 leads to c2 now" in lines
    assert result.err.endswith("]: 1 merged, 1 left for later\n")
    assert pairs(twins) == [("c3", "c4")]


def test_those_said_to_be_two_are_remembered_on_both_and_shown(twins):
    result = answered(twins, "N", "n")

    assert "c1 Mara Lindqvist and c2 Mara Lindqvist are two people; nobody asks again" in result.out
    assert result.err.endswith("]: 2 not the same\n")
    assert [contact.differs_from for contact in twins.book.contacts] == [("c2",), ("c1",), ("c4",), ("c3",)]
    assert "not the same as  c2 Mara Lindqvist" in twins.ok("contact show c1").out
    assert twins.ok("contact show c1 --json").item["differs_from"] == ["c2"]
    assert answered(twins).err.endswith(NOBODY)


def test_each_answer_is_a_change_of_its_own(twins):
    answered(twins, "c1", "n")

    twins.ok("undo")
    assert pairs(twins) == [("c3", "c4")]
    twins.ok("undo")
    assert pairs(twins) == [("c1", "c2"), ("c3", "c4")]


def test_stopping_keeps_what_was_answered_and_leaves_the_rest(twins):
    result = answered(twins, "n", "s")

    assert result.code == 0
    assert "Stopped at 2 of 2" in result.err
    assert pairs(twins) == [("c3", "c4")]


def test_the_end_of_input_ends_it_and_keeps_what_was_answered(twins):
    assert answered(twins, "n").code == 1
    assert pairs(twins) == [("c3", "c4")]


def test_another_answer_is_asked_for_again(twins):
    result = answered(twins, "yes", "c3", "", "")

    assert result.err.count("Please answer c1, c2, n, l or s.") == 2
    assert result.err.endswith("]: 2 left for later\n")


def test_a_pair_that_an_answer_has_settled_is_not_asked_about(crm):
    for number in range(3):
        add(crm, "Ana Silva", "--email", "ana@acme.example", "--phone", f"11223{number}")
    result = answered(crm, "c1", "n")
    # c1 with c2, then c1 with c3; c2 with c3 is the same question.
    assert result.code == 0
    assert result.err.endswith("]: 1 merged, 1 not the same\n")
    assert pairs(crm) == []


def test_further_imports_ask_about_no_pair_again(twins, tmp_path):
    answered(twins, "n", "n")
    book = tmp_path / "phone.vcf"
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Tom Berg\nORG:Bluewater\n{}END:VCARD\n"
    book.write_text(card.format("") + card.format("BDAY:1990-05-04\n"))

    summary = twins.ok("import", str(book), "--json").data["summary"]

    assert (summary["same"], summary["unsure"], summary["added"]) == (2, 0, 0)
    assert pairs(twins) == []


def test_merging_those_who_were_said_to_differ_says_so_and_clears_it(twins):
    twins.ok("contact duplicates --not-same c1 c2")

    result = twins.ok("contact merge c1 c2 --yes")

    assert result.err.startswith("You said that c1 and c2 are two people; merging them takes that back.\n")
    assert "Moved to" not in result.out
    assert twins.book.contacts.get("c1").differs_from == ()
    twins.ok("undo")
    assert pairs(twins) == [("c3", "c4")]


def test_whom_somebody_differs_from_follows_a_merge(twins):
    add(twins, "Mara L.")
    twins.ok("contact duplicates --not-same c2 c5")
    twins.ok("contact merge c1 c2 --yes")
    assert twins.book.contacts.get("c5").differs_from == ("c1",)
    assert twins.book.contacts.get("c1").differs_from == ("c5",)


@pytest.mark.parametrize("words", ["--not-same c1 c1", "--not-same c1", "--not-same c1 c99"])
def test_a_wrong_pair_is_refused(twins, words):
    assert twins(f"contact duplicates {words}").code == 2


def test_saying_it_twice_changes_nothing(twins):
    twins.ok("contact duplicates --not-same c1 c2")
    stored = (twins.home / "book.json").read_bytes()
    twins.ok("contact duplicates --not-same c2 c1")
    assert (twins.home / "book.json").read_bytes() == stored


def test_a_long_list_says_how_many_there_are(crm, monkeypatch):
    monkeypatch.setattr(duplicates, "LISTED", 2)
    book = crm.book
    with book.change("three pairs"):
        for number in range(6):
            book.contacts.add(Contact(name=f"Ana Silva {number // 2}", emails=(f"a{number // 2}@x.example",)))
    lines = crm.ok("contact duplicates").out.splitlines()
    assert len(lines) == 2 * 4 + 1
    assert lines[-1] == "2 of 3 pairs; --all lists every one"
    assert len(crm.ok("contact duplicates --all", columns=80, typed="").out.splitlines()) == 3 * 4
    assert len(crm.ok("contact duplicates --list", columns=80, typed="").out.splitlines()) == 2 * 4 + 1
    assert len(crm.ok("contact duplicates --json").items) == 3


def test_nothing_is_asked_where_the_answer_could_not_be_seen(twins):
    assert twins.ok("contact duplicates", typed="").out.startswith("c1 Mara Lindqvist / c2 Mara Lindqvist\n")


def test_what_another_command_changed_meanwhile_is_not_merged_over(twins, monkeypatch):
    def choose(*_, **__):
        book = twins.book
        with book.change("edited"):
            book.contacts.save(replace(book.contacts.get("c2"), note="new"))
        return "c1"

    monkeypatch.setattr(duplicates, "choose", choose)
    result = answered(twins, "c1")
    assert result.code == 1
    assert "was changed by another command meanwhile" in result.err
    assert len(twins.book.contacts) == 4
