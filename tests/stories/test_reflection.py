"""Getting better from one interview to the next: what Robin asks herself in the evening."""

from __future__ import annotations

import pytest


@pytest.fixture
def robin(crm):
    """Robin, on the evening of an interview."""
    crm.today = "2026-11-19T20:30"
    crm.ok("interview log 'Bluewater Robotics' --role 'Platform Engineer' --at 'today 14:00' --with 'Mara Lindqvist'")
    return crm


def to_do(crm):
    return [step["title"] for step in crm.ok("agenda --json --plugin reflection").items]


def test_i_answer_what_i_want_to_and_leave_it_at_that(robin):
    assert to_do(robin) == ["Reflect on the interview at Bluewater Robotics"]

    robin.ok("reflect", typed="yes\nyes\n4\nq\n")
    assert to_do(robin) == ["Reflect on the interview at Bluewater Robotics"]

    robin.ok("reflect --finish")
    assert to_do(robin) == []


def test_from_a_mistake_i_make_a_promise_to_myself(robin):
    robin.ok("reflect Bluewater --answer 'mistakes=I had no example of a conflict'")

    robin.ok("reflect Bluewater --promise 'prepare three examples' --by 'next monday'")

    assert "prepare three examples" in robin.ok("promise list").out


def test_a_question_that_came_to_me_too_late_is_for_the_next_round(robin):
    robin.ok("reflect --question 'Who decides what is built?'")

    assert [question.text for question in robin.book.questions] == ["Who decides what is built?"]


def test_after_the_second_interview_i_see_whether_i_am_getting_better(robin):
    robin.ok("reflect --answer confidence=2 --answer punctual=no")
    robin.today = "2026-11-26T18:00"
    robin.ok("interview log 'Tandem & Thistle' --at 'today 10:00'")
    robin.ok("reflect --answer confidence=4 --answer punctual=yes")

    lines = [line.split() for line in robin.ok("reflect --compare").out.splitlines()]

    assert lines == [
        ["question", "i1", "i2", "trend"],
        ["punctual", "no", "yes"],
        ["confidence", "2", "4", "(+2)", "+2"],
    ]
