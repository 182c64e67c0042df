from __future__ import annotations

import pytest


@pytest.fixture
def after(crm):
    """An interview that ended yesterday at 15:00, with a promise made in it."""
    crm.only("crm_promises", "crm_quota", "crm_thankyou")
    crm.ok("interview log Acme --at 'yesterday 14:00' --with 'Mara Lindqvist'")
    crm.ok("promise add 'send the references' --to Mara --by tomorrow --interview i1")
    return crm


def rows(crm, *words):
    return {row["number"]: (row["state"], row["why"]) for row in crm.ok("checklist", *words, "--json").items}


def test_each_thing_has_its_state_and_the_reason(after):
    assert rows(after) == {
        3: ("due", "Keep your promise: send the references (to Mara Lindqvist), due tomorrow"),
        4: ("due", "Thank Mara Lindqvist, due today 15:00"),
        10: ("due", "Apply for 5 jobs, due Sun 29 Nov"),
    }


def test_what_was_done_is_done_and_says_when(after):
    after.ok("promise keep p1")
    for step in after.ok("agenda --json --plugin thankyou").items:
        after.ok("done", step["handle"])

    states = rows(after)

    assert states[3][0] == states[4][0] == "done"
    assert states[4][1] == "done today 12:00: Thank Mara Lindqvist"


def test_what_was_never_done_is_late_for_ever(after):
    after.today = "2026-12-20"

    assert rows(after)[4] == ("late", "late, never done")
    assert rows(after)[3][0] == "late"


def test_an_ended_application_asks_for_no_letter_but_a_promise_binds(after):
    after.ok("interview outcome i1 rejected")

    assert rows(after)[4] == ("not called for", "the application has ended")
    assert rows(after)[3][0] == "due"


def test_an_interview_ahead_calls_for_nothing_yet(crm):
    crm.ok("interview log Acme --at 'tomorrow 14:00' --with 'Mara Lindqvist'")

    assert rows(crm, "i1")[4] == ("not called for", "not before tomorrow 15:00")
    assert rows(crm, "i1")[3] == ("not called for", "you promised nothing in this interview")


def test_another_interviews_promise_is_not_this_ones(after):
    after.ok("interview log Zeta --at 'yesterday 10:00' --with 'Tom Okafor'")

    assert rows(after, "Zeta")[3] == ("not called for", "you promised nothing in this interview")


def test_the_screen_is_a_table_and_says_which_interview(after):
    result = after.ok("checklist", columns=80)

    assert result.err.splitlines()[-1] == "Interview: unknown role at Acme, yesterday 14:00 (i1)"
    assert result.out.splitlines()[0].split() == ["what", "state", "why"]
    assert [line.split()[0] for line in result.out.splitlines()[1:]] == ["3", "4", "10"]


def test_without_an_interview_there_is_nothing_to_check(crm):
    result = crm("checklist")

    assert result.code == 2
    assert "There is no interview" in result.err
    assert "crm interview log COMPANY --at WHEN" in result.err  # none is listed that could be named
