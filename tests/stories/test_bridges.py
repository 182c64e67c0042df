"""Not burning bridges: Robin gets a no, answers well, and comes back."""

from __future__ import annotations

import pytest


def titles(crm):
    """What bridges has on the agenda."""
    return [step["title"] for step in crm.ok("agenda --json --plugin bridges").items]


@pytest.fixture
def robin(crm):
    """Robin was told on Friday that somebody else got the job."""
    crm.ok("me set name 'Robin Vale'")
    crm.ok("interview log 'Bluewater Robotics' --role 'Data Engineer' --at '2026-11-12 14:00' --with 'Mara Lindqvist'")
    crm.ok("interview outcome Bluewater rejected --on 2026-11-20")
    return crm


def test_i_thank_them_for_the_decision(robin):
    (step,) = robin.ok("agenda --json --plugin bridges").items
    assert step["title"] == "Thank Mara Lindqvist for the decision"

    letter = robin.ok(*step["command"].split()[1:], "--json").item
    assert letter["blanks"] == ["what you take along from it"]
    robin.ok("letter", "sent", letter["id"], "--force")

    assert titles(robin) == []


def test_my_first_words_were_bitter_and_i_am_warned(robin):
    robin.ok("bridges write Bluewater")
    robin.ok("letter edit l1 --body 'Dear Mara, this was a waste of time.'")

    burning = robin.ok("bridges check l1 --json").items

    assert [found["phrase"] for found in burning] == ["waste of time"]


def test_three_months_later_i_come_back_to_her(robin):
    robin.today = "2027-02-15T09:00"
    assert titles(robin) == ["Come back to Mara Lindqvist"]

    robin.ok("log Mara 'met at the robotics fair, the team is growing' --by meeting")

    assert titles(robin) == []


def test_the_role_is_open_again(robin):
    robin.today = "2026-12-10T09:00"
    robin.ok("bridges reopened Bluewater --source 'Tom told me'")

    assert "Ask for the role that is open again: Bluewater Robotics (Data Engineer)" in titles(robin)


def test_another_company_wants_me_and_i_tell_those_who_wait(robin):
    robin.ok("interview log Acme --at '2026-11-13 14:00' --with 'Ana Silva'")
    robin.ok("application add Fab Developer --on 2026-11-01")
    robin.ok("application move Fab accepted")
    assert "Tell Acme kindly that you have accepted another offer" in titles(robin)

    robin.ok("application move Acme withdrawn")

    assert "Tell Acme kindly that you have accepted another offer" not in titles(robin)
