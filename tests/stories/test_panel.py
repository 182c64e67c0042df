"""Three people asked the questions: Robin writes to each of them, and to none the same."""

from __future__ import annotations

import pytest

THURSDAY_EVENING = "2026-11-19T20:30"


@pytest.fixture
def robin(crm):
    """Robin, back from an interview with a panel of three, with notes and one business card."""
    crm.today = THURSDAY_EVENING
    crm.ok("me", "set", "name", "Robin Vale")
    crm.ok(
        "interview log 'Bluewater Robotics' --role 'Field Data Analyst' --at 'today 14:00'"
        " --with 'Mara Lindqvist' --with 'Tom Okafor' --with 'Inês Carvalho'"
    )
    crm.ok("card add Tom --interview i1 --title 'Winch Engineer' --email tom@bluewater.example")
    crm.ok("note", "add", "i1", "One seal has eaten two robots.", "--about", "Mara")
    crm.ok("note", "add", "i1", "The third winch sings, and nobody knows why.", "--about", "Tom")
    crm.ok("note", "add", "i1", "Field data comes eight days late, by bus.", "--kind", "problem")
    return crm


def open_steps(crm):
    items = crm.ok("agenda --json --plugin thankyou").items + crm.ok("agenda --json --plugin panel").items
    return [step["title"] for step in items]


def test_the_agenda_names_each_of_them(robin):
    assert open_steps(robin) == ["Thank Mara Lindqvist", "Write to Tom Okafor", "Write to Inês Carvalho"]


def test_one_command_drafts_the_letters_to_the_others(robin):
    screen = robin.ok("panel").out

    assert "l1  to Tom Okafor: drafted\n" in screen
    assert "l2  to Inês Carvalho: drafted; to fill in: [[what you talked about with Inês Carvalho" in screen
    tom = robin.ok("letter show l1").out
    assert "The third winch sings, and nobody knows why." in tom
    assert "as Winch Engineer" in tom
    assert "seal" not in tom


def test_a_copied_letter_is_found_out_before_they_lay_it_side_by_side(robin, tmp_path):
    robin.ok("panel")
    tom = robin.ok("letter show l1 --json").item["body"]
    robin.ok("letter", "edit", "l2", "--body", tom.replace("Tom Okafor", "Inês Carvalho"))

    refused = robin("letter", "export", "l2", "--eml", "-o", str(tmp_path / "ines.eml"))

    assert refused.code == 2
    assert "l2 to Inês Carvalho says the same as l1 to Tom Okafor" in refused.err
    assert "The third winch sings, and nobody knows why." in refused.err
    assert not (tmp_path / "ines.eml").exists()


def test_when_all_are_sent_nobody_is_forgotten(robin):
    robin.ok("thank")
    robin.ok("panel")
    robin.ok("letter edit l1 --body 'Dear Mara, for the data I would begin with a radio on the harbour wall.'")
    robin.ok("letter edit l3 --body 'Dear Inês, how the three of you decide together is what I told my sister about.'")
    for letter in ("l1", "l2", "l3"):
        robin.ok("letter", "sent", letter)

    assert open_steps(robin) == []
    assert "Everybody on the panel has been thanked." in robin.ok("panel").err


def test_robin_writes_like_a_consultant_and_says_it_into_a_camera(robin):
    script = robin.ok("thank --proposal --by video")

    assert "[look into the camera]" in script.out
    assert "As I understood the problem: Field data comes eight days late, by bus." in script.out
    assert "[[how you would solve it, and why that works]]" in script.out
    assert "when spoken" in script.err
