"""A word from somebody you know there: Robin asks around at Bluewater Robotics."""

from __future__ import annotations

import pytest


@pytest.fixture
def robin(crm):
    """Robin has applied at Bluewater Robotics, has had an interview with Mara, and knows a few people."""
    crm.only("crm_referrals")
    crm.ok("me set name 'Robin Vale'")
    crm.ok("contact add 'Jonah Okpara' --company 'Bluewater Robotics Ltd.' --how 'worked with me at Northmole' --new")
    crm.ok("contact add 'Petra Zoltan' --company 'Bluewater Bank' --new")
    crm.ok("contact add 'Theo Marlowe' --knows Jonah --new")
    crm.ok(
        "interview log 'Bluewater Robotics' --role 'Field Data Analyst' --at 'yesterday 14:00'"
        " --with 'Mara Lindqvist' --new"
    )
    return crm


def test_the_book_knows_who_leads_to_the_company_and_how(robin):
    shown = robin.ok("referral paths Bluewater").out

    assert 'works there now: as "Bluewater Robotics Ltd."' in shown
    assert "knows Jonah Okpara, who works there" in shown
    assert "Petra" not in shown  # a bank of nearly the same name is another employer
    assert "Mara Lindqvist" not in shown  # she decides


def test_the_agenda_says_whom_to_ask_and_by_when(robin):
    screen = robin.ok().out

    assert "Ask Jonah Okpara to put in a word at Bluewater Robotics, due tomorrow" in screen
    assert "crm referral ask" in screen


def test_a_letter_asks_and_once_it_is_sent_the_agenda_waits_for_the_answer(robin):
    letter = robin.ok("referral ask Bluewater Jonah").out
    assert "Dear Jonah" in letter
    assert "put in a word for me" in letter

    robin.ok("letter sent l1 --force")

    assert [step["waiting_for"] for step in robin.ok("agenda --json").items] == ["an answer from Jonah Okpara"]
    robin.today = "2026-12-01T09:00"
    assert "Ask Jonah Okpara again" in robin.ok().out


def test_who_would_rather_not_makes_room_for_the_next(robin):
    robin.ok("referral declined Bluewater Jonah --note 'too new there'")

    assert "Ask Theo Marlowe to put in a word" in robin.ok().out


def test_once_somebody_has_spoken_the_row_of_the_checklist_is_done(robin):
    robin.ok("referral asked Bluewater Jonah --on yesterday")
    robin.ok("referral spoke Bluewater Jonah")

    row = robin.ok("checklist --json").items[0]
    assert (row["title"], row["state"]) == ("Ask somebody you know there", "done")
