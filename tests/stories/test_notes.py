"""Writing it down: what Robin does on the evening of an interview, and why it pays."""

from __future__ import annotations

import pytest


@pytest.fixture
def robin(crm):
    """Robin, on the evening of an interview with two people."""
    crm.today = "2026-11-19T20:30"
    crm.ok(
        "interview log 'Bluewater Robotics' --role 'Platform Engineer' --at 'today 14:00'"
        " --with 'Mara Lindqvist' --with 'Tom Okafor'"
    )
    return crm


def to_do(crm):
    return [step["title"] for step in crm.ok("agenda --json --plugin notes").items]


def test_i_answer_questions_and_may_be_interrupted(robin):
    assert to_do(robin) == ["Write down the interview at Bluewater Robotics"]

    robin("notes", typed="their move to Porto\nshe began as a welder\n")  # then the doorbell rings

    assert to_do(robin) == ["Write down what you talked about with Tom Okafor"]
    robin.ok("notes", typed="night shifts\n\nbright, calm\nreleases take a week\n\n")
    assert to_do(robin) == []


def test_later_i_look_up_who_said_what(robin):
    robin.ok("notes", typed="their move to Porto\n\nnight shifts\n\nbright, calm\n\n\n")

    assert robin.ok("notes Bluewater").out.splitlines() == [
        "Mara Lindqvist  talked about: their move to Porto (n1)",
        "Tom Okafor      talked about: night shifts (n2)",
        "the place       impression: bright, calm (n3)",
    ]


def test_the_thank_you_letter_says_what_we_talked_about_but_not_what_i_felt(robin):
    robin.ok("notes", typed="their move to Porto\n\n\n\nbright, calm\n\n\n")

    letter = robin.ok("thank").out

    assert "their move to Porto" in letter
    assert "bright, calm" not in letter


def test_the_answer_was_no_but_what_i_learned_is_still_worth_writing_down(robin):
    robin.ok("interview outcome i1 rejected")

    assert to_do(robin) == ["Write down the interview at Bluewater Robotics"]
