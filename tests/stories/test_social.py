"""Follow them: Robin before and after the interview at Bluewater Robotics."""

from __future__ import annotations

import pytest


@pytest.fixture
def robin(crm):
    """Robin has an interview on Friday with Mara, whose page on LinkedIn is known, as is the company's."""
    crm.only("crm_social")
    crm.ok("me set name 'Robin Vale'")
    crm.ok("company add 'Bluewater Robotics' --profile https://www.linkedin.com/company/bluewater")
    crm.ok("contact add 'Mara Lindqvist' --company Bluewater --profile linkedin:mara-lindqvist")
    crm.ok("interview log 'Bluewater Robotics' --role Engineer --at '2026-11-27 14:00' --with Mara")
    return crm


def test_the_company_is_to_be_followed_by_the_day_before(robin):
    assert "Follow Bluewater Robotics on LinkedIn, due Thu 26 Nov" in robin.ok().out


def test_its_page_is_found_and_what_was_done_is_remembered(robin):
    assert robin.ok("social open Bluewater --print").out == "https://www.linkedin.com/company/bluewater\n"

    robin.ok("social followed Bluewater linkedin")

    assert "Follow Bluewater" not in robin.ok().out


def test_after_the_interview_it_is_the_interviewers_turn(robin):
    robin.today = "2026-11-27T18:00"

    assert "Connect with Mara Lindqvist on LinkedIn, due Mon 30 Nov" in robin.ok().out


def test_a_short_note_goes_with_the_request_to_connect(robin):
    robin.today = "2026-11-27T18:00"
    robin.ok("note add Bluewater 'The seal that ate two robots' --about Mara")

    note = robin.ok("social note Mara")

    assert "Hello Mara Lindqvist, thank you for talking with me" in note.out
    assert "The seal that ate two robots" in note.out
    assert "of the 200 that LinkedIn allows" in note.err


def test_once_asked_nobody_is_asked_again_and_the_checklist_says_so(robin):
    robin.today = "2026-11-27T18:00"
    robin.ok("social followed Bluewater linkedin")
    robin.ok("social asked Mara linkedin")

    row = robin.ok("checklist --json").items[0]
    assert (row["number"], row["title"], row["state"]) == (6, "Follow them", "done")
