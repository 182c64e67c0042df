"""`crm bridges`: the list, the letters, what is open again, and the words of a letter; and the row of the checklist."""

from __future__ import annotations

from datetime import datetime

import msgspec
import pytest

from crm_bridges.letters import kinds
from crm_bridges.wording import PHRASES, findings
from crm_core import Letter, Moment, Version


@pytest.fixture
def no(crm):
    """A no from Bluewater on Friday, after an interview with Mara and Tom; Acme goes on."""
    crm.ok("me set name 'Robin Vale'")
    crm.ok(
        "interview log 'Bluewater Robotics' --role Engineer --at '2026-11-12 14:00' --with 'Mara Lindqvist' --with Tom"
    )
    crm.ok("interview log Acme --at '2026-11-13 14:00' --with 'Ana Silva'")
    crm.ok("interview outcome Bluewater rejected --on 2026-11-20")
    return crm


def row9(crm, interview="i1"):
    return next(row for row in crm.ok(f"checklist {interview} --json").items if row["number"] == 9)


def letter_saying(text, subject=""):
    written = Moment(datetime.fromisoformat("2026-11-23T12:00"), "Europe/Berlin")
    return Letter(contact="c1", kind="gracious", versions=(Version(written=written, subject=subject, body=text),))


def test_with_nobody_to_come_back_to_it_says_so(crm):
    result = crm.ok("bridges")
    assert "There is nobody to come back to." in result.out + result.err
    assert crm.ok("bridges --json").items == []


def test_it_lists_the_people_and_what_is_next(no):
    assert "Mara Lindqvist" in no.ok("bridges").out
    rows = no.ok("bridges --json").items
    assert [(row["name"], row["what"], row["due"]) for row in rows] == [
        ("Mara Lindqvist", "thank them", "2026-11-22"),
        ("Tom", "come back", "2027-02-20"),
    ]


def test_after_the_thanks_the_list_says_when_to_come_back(no):
    no.ok("bridges write a1")
    no.ok("letter sent l1 --force")
    row = no.ok("bridges --json").items[0]
    assert (row["name"], row["what"], row["due"], row["last"]) == (
        "Mara Lindqvist", "come back", "2027-02-20", "2026-11-23",
    )  # fmt: skip


def test_write_drafts_what_is_called_for(no):
    first = no.ok("bridges write Bluewater --json").item
    assert (first["kind"], first["family"], first["contact"], first["application"]) == (
        "gracious", "bridges", "c1", "a1",
    )  # fmt: skip
    no.ok("letter sent l1 --force")
    no.ok("bridges reopened a1 --source 'Mara told me'")
    assert no.ok("bridges write a1 --json").item["kind"] == "reopened"
    assert no.ok("bridges write a1 --contact Tom --json").item["kind"] == "return"
    no.ok("application add Fab Developer --stage applied")
    no.ok("application move a3 accepted")
    result = no.ok("bridges write Acme")
    assert "withdraw" in result.out
    assert "crm application move a2 withdrawn" in result.err


def test_the_next_return_gets_a_letter_of_its_own(no):
    no.ok("bridges write a1")
    no.ok("letter sent l1 --force")
    no.today = "2027-02-18T12:00"
    assert no.ok("bridges write a1 --json").item["id"] == "l2"
    no.ok("letter sent l2 --force")
    assert no.ok("bridges write a1 --contact c1 --json").item["id"] == "l2"
    no.today = "2027-05-18T12:00"
    third = no.ok("bridges write a1 --contact c1 --json").item
    assert (third["id"], third["kind"]) == ("l3", "return")
    assert no.ok("bridges write a1 --contact c1 --json").item["id"] == "l3"


def test_which_letter_may_be_said(no):
    no.ok("bridges reopened a1")
    assert no.ok("bridges write a1 --as reopened --json").item["kind"] == "reopened"
    assert no.ok("bridges write a1 --as return --contact Tom --by message --json").item["channel"] == "message"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("bridges write a2", "there is no bridge to keep"),
        ("bridges write Nowhere", "There is no application"),
        ("bridges write a1 --contact Nobody", "There is no contact"),
        ("bridges reopened a2", "was not rejected"),
        ("bridges reopened a1 --on 2026-11-19", "before the rejection"),
        ("bridges reopened a1 --on tomorrow", "is ahead"),
        ("bridges check l9", "There is no"),
        ("bridges check", "LETTER"),
    ],
)
def test_what_can_not_be_meant_is_refused(no, words, said):
    result = no(words)
    assert result.code == 2
    assert said in result.err
    assert len(no.book.letters) == 0


def test_a_letter_to_nobody_known_says_what_to_type(crm):
    crm.ok("application add Fab Developer --on 2026-10-01")
    crm.ok("application move a1 rejected")
    crm.ok("bridges reopened a1")
    result = crm("bridges write a1")
    assert result.code == 2
    assert "--contact NAME" in result.err
    assert "(nobody known)" in crm.ok("bridges").out


def test_reopened_is_noted_once_a_day_and_shows_on_the_agenda(no):
    result = no.ok("bridges reopened Bluewater --on yesterday --source ' Mara  told me '")
    assert "Added ro1 Engineer at Bluewater Robotics is open again, yesterday" in result.out
    assert "ro1 says so already" in no("bridges reopened a1 --on yesterday").err
    assert no.ok("bridges reopened a1 --json").item["id"] == "ro2"
    titles = [step["title"] for step in no.ok("agenda --plugin bridges --json").items]
    assert "Ask for the role that is open again: Bluewater Robotics (Engineer)" in titles


def test_reopenings_survive_while_the_plugin_is_away(no):
    no.ok("bridges reopened a1")
    no.ok("--no-plugins company add Fab")
    assert any(step["key"].endswith("/ro1") for step in no.ok("agenda --plugin bridges --json").items)


@pytest.mark.parametrize("kind", [kind.name for kind in kinds()])
@pytest.mark.parametrize("channel", ["email", "post", "message", "video"])
def test_every_letter_is_whole_on_every_channel_and_burns_nothing(no, kind, channel):
    letter = no.ok(f"letter draft {kind} c1 --application a1 --by {channel} --json").item
    assert "Engineer" in letter["body"]
    assert "Robin Vale" in letter["body"]
    assert no.ok(f"bridges check {letter['id']} --json").items == []


def test_words_that_burn_bridges_are_found_in_subject_and_text():
    found = findings(letter_saying("Dear Mara,\n\nThis was a WASTE  of time and unfair.\nYour mistake!", "How unfair"))
    assert [(finding.line, finding.phrase) for finding in found] == [
        (0, "unfair"), (3, "waste of time"), (3, "unfair"), (4, "your mistake"),
    ]  # fmt: skip
    assert all(finding.instead for finding in found)


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_is_found_and_has_an_advice(phrase):
    (found,) = findings(letter_saying(f"Well, {phrase.upper()}."))
    assert (found.phrase, found.instead) == (phrase, PHRASES[phrase])


@pytest.mark.parametrize(
    "text", ["Dear Sue, I pursue this issue.", "whatever else you like", "I don\u2019t regret it", "fairness", ""]
)
def test_harmless_words_are_left_alone(text):
    assert findings(letter_saying(text)) == []


def test_a_typographers_apostrophe_is_an_apostrophe():
    assert [finding.phrase for finding in findings(letter_saying("you\u2019ll regret it"))] == ["you'll regret"]


def test_a_draft_that_burns_a_bridge_is_warned_of_and_not_blocked(no):
    no.ok("bridges write a1")
    book = no.book
    letter = book.letters.get("l1")
    bad = msgspec.structs.replace(letter.versions[-1], body="This is so unfair.")
    with book.change("edited"):
        book.letters.save(msgspec.structs.replace(letter, versions=(*letter.versions, bad)))
    result = no.ok("bridges write a1")
    assert '"unfair" in line 1: say what you had hoped for' in result.err
    assert "unfair" in no.ok("bridges check l1").out
    assert no.ok("bridges check Mara --json").items[0]["line"] == 1
    no.ok("letter sent l1")


def test_the_checklist_has_a_row_for_it(no):
    assert row9(no)["state"] == "late"
    assert row9(no)["why"].startswith("Thank Mara Lindqvist for the decision")
    assert (row9(no, "i2")["state"], row9(no, "i2")["why"]) == ("not called for", "you were not rejected")


def test_the_row_is_done_when_they_are_thanked_and_late_when_nobody_was(no):
    (step,) = no.ok("agenda --plugin bridges --json").items
    no.ok("done", step["handle"])
    assert row9(no)["state"] == "done"


def test_the_row_says_that_it_was_never_done(no):
    no.today = "2027-02-01T12:00"
    assert (row9(no)["state"], row9(no)["why"]) == ("late", "late, never done")


def test_the_row_of_an_empty_panel(crm):
    crm.ok("interview log Acme --at '2026-11-13 14:00'")
    crm.ok("interview outcome i1 rejected")
    assert (row9(crm)["state"], row9(crm)["why"]) == ("not called for", "you know nobody there")


def test_hostile_text_stays_text(no):
    no.ok("bridges", "reopened", "a1", "--source", "\x1b[31m{{ me }}\x00")
    assert "\x1b" not in no.ok("agenda --plugin bridges").out
