"""Waiting for news: Robin leaves the interview knowing when to expect it, and asks when it does not come."""

from __future__ import annotations

import pytest


def titles(crm, *options):
    """What hearback has on the agenda."""
    return [step["title"] for step in crm.ok("agenda", "--json", "--plugin", "hearback", *options).items]


@pytest.fixture
def robin(crm):
    """Robin has an interview tomorrow, Tuesday."""
    crm.ok("me set name 'Robin Vale'")
    crm.ok("interview log 'Bluewater Robotics' --role Engineer --at 'tomorrow 14:00' --with 'Mara Lindqvist'")
    return crm


def test_the_day_before_i_am_told_what_to_ask_when_i_leave(robin):
    assert titles(robin) == ["At the interview: ask when and how you will hear, and say that you want the job"]


def test_i_forgot_to_write_down_what_they_said(robin):
    robin.today = "2026-11-24T18:00"
    assert titles(robin) == ["Write down when you will hear from Bluewater Robotics"]

    robin.ok("hearback told Bluewater --by 2026-12-01 --how 'by e-mail'")

    (step,) = robin.ok("agenda --json --plugin hearback").items
    assert (step["state"], step["waiting_for"]) == ("waiting", "news from Bluewater Robotics, by e-mail")


def test_they_do_not_write_and_i_ask(robin):
    robin.today = "2026-11-24T18:00"
    robin.ok("hearback told Bluewater --by 2026-12-01 --how 'by e-mail'")
    robin.today = "2026-12-02T09:00"
    (step,) = robin.ok("agenda --json --plugin hearback").items
    assert (step["title"], step["state"]) == ("Ask Bluewater Robotics for news", "due")

    letter = robin.ok(*step["command"].split()[1:], "--json").item
    assert letter["blanks"] == []
    robin.ok("letter", "sent", letter["id"])

    assert titles(robin) == []


def test_they_answer_and_i_owe_a_reply(robin):
    robin.today = "2026-11-26T09:00"
    robin.ok("log Mara 'wants to know when I could start' --in --by email")
    assert "Reply to Mara Lindqvist" in titles(robin)

    robin.ok("log Mara 'in January' --out --by email")

    assert "Reply to Mara Lindqvist" not in titles(robin)
