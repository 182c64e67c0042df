"""`crm reflect`: by prompts, in an editor, by options; what it shows and compares."""

from __future__ import annotations

import pytest

from crm_reflection.questions import QUESTIONS
from crm_reflection.records import Reflection

WHOLE = "yes\ny\n4\n3\n5\n4\nno\n2\ncalm\n4\nbig\nno\nnames\n"


@pytest.fixture
def met(crm):
    """An interview that ended yesterday."""
    crm.only("crm_reflection", "crm_promises")
    crm.ok("interview log 'Bluewater Robotics' --at 'yesterday 14:00'")
    return crm


def answers(crm, interview="i1"):
    return crm.ok("reflect", interview, "--show", "--json").item["answers"]


def row(crm, *words):
    first = crm.ok("checklist", *words, "--json").items[0]
    return first["number"], first["state"], first["why"]


def test_there_are_fourteen_questions_each_asked_in_turn(met):
    result = met.ok("reflect", typed=WHOLE + "shorter\n\n\n")
    assert all(question.prompt in result.err for question in QUESTIONS)
    assert answers(met) == {
        "punctual": True, "kind": True, "presentation": 4, "fit": 3, "work": 5, "people": 4, "happy": False,
        "confidence": 2, "feelings": "calm", "reception": 4, "impression": "big", "mistakes": "no",
        "learned": "names", "next-time": "shorter",
    }  # fmt: skip
    assert "14 of 14 questions are answered; this reflection is done." in result.err
    assert "Everything is answered" in met.ok("reflect", typed="").err


def test_interrupted_it_keeps_what_was_answered_and_asks_only_the_rest_then(met):
    stopped = met("reflect", typed="yes\n\n4\n")
    assert stopped.code == 1
    assert "stopped; what you answered is kept (2)" in stopped.err
    assert answers(met) == {"punctual": True, "presentation": 4}
    again = met.ok("reflect", typed="no\nq\n")
    assert "in good time" not in again.err
    assert again.err.count("crm reflect i1;") == again.err.count("Go on with") == 1
    assert answers(met) == {"punctual": True, "presentation": 4, "kind": False}


def test_stopping_before_any_answer_changes_nothing(met):
    assert met("reflect", typed="").code == 1
    assert met.ok("reflect", typed="q\n").code == 0
    assert len(met.book.table(Reflection)) == 0


def test_all_asks_again_and_enter_leaves_an_answer_as_it_is(met):
    met.ok("reflect i1 --answer punctual=yes --answer kind=yes")
    met.today = "2026-11-24"
    asked = met.ok("reflect --all", typed="\nno\nq\n").err
    assert "(yes or no) [yes]: " in asked
    assert answers(met) == {"punctual": True, "kind": False}
    (reflection,) = met.book.table(Reflection)
    assert [str(answer.on) for answer in reflection.answers] == ["2026-11-23", "2026-11-24"]


def test_an_answer_of_the_wrong_sort_is_asked_for_again(met):
    result = met.ok("reflect", typed="perhaps\nYES\n\n6\n٣\n2\nq\n")
    assert "'perhaps' does not answer 'punctual'. Answer with yes or no" in result.err
    assert "'6' does not answer 'presentation'. Answer with a number from 1 to 5" in result.err
    assert answers(met) == {"punctual": True, "presentation": 2}


def test_a_mistake_may_become_a_promise_to_oneself_and_a_question(met):
    met.ok("reflect", typed="\n" * 11 + "rambled\n\n\nrehearse aloud\nlast friday\nsometime\nfriday\nWho leads?\n\n")
    (promise,) = met.ok("promise list --json").items
    assert (promise["text"], promise["contact"], promise["due"], promise["interview"]) == (
        "rehearse aloud", None, "2026-11-27", "i1",
    )  # fmt: skip
    (question,) = met.book.questions
    assert (question.text, question.application, question.interview) == ("Who leads?", "a1", "i1")


def test_no_mistake_offers_nothing(met):
    result = met.ok("reflect", typed="\n" * 11 + "None.\n\n\n")
    assert answers(met) == {"mistakes": "no"}
    assert "Promise yourself" not in result.err


def test_scripts_answer_by_options(met):
    result = met.ok("reflect --answer punctual=yes --answer confidence=4 --answer 'next_time=a = b, and so on'")
    assert result.out == "Recorded for i1: punctual, confidence, next-time\n"
    assert "3 of 14 questions are answered." in result.err
    assert 'crm reflect i1 --promise "TEXT" --by WHEN' in result.err
    assert answers(met) == {"punctual": True, "confidence": 4, "next-time": "a = b, and so on"}
    met.ok("reflect --answer confidence= --answer punctual=no")
    assert answers(met) == {"punctual": False, "next-time": "a = b, and so on"}


def test_a_promise_and_questions_by_options(met):
    met.ok("reflect --promise 'rehearse aloud' --by friday --question 'Who leads?' --question 'Why now?'")
    assert [promise.text for promise in met.book.promises] == ["rehearse aloud"]
    assert [question.text for question in met.book.questions] == ["Who leads?", "Why now?"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("--answer punctual=perhaps", "'perhaps' does not answer 'punctual'"),
        ("--answer confidence=0", "'0' does not answer 'confidence'"),
        ("--answer shoes=yes", "There is no question 'shoes'"),
        ("--answer punctual", "'punctual' is not QUESTION=ANSWER"),
        ("--answer punctual=yes --promise ''", "The promise is empty"),
        ("--answer punctual=yes --question ' '", "The question is empty"),
        ("--answer punctual=yes --promise x --by yesterday", "2026-11-22 is over"),
        ("--answer punctual=yes --by friday", "--by says when a promise is due"),
        ("--answer punctual=yes --edit", "--edit and an answer don't go together"),
        ("--all", "Give it with --answer QUESTION=ANSWER."),
        ("--edit", "Give the text with --answer QUESTION=ANSWER."),
        ("i1 i1", "Only one interview can be thought over at a time"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_recorded(met, words, error):
    result = met(f"reflect {words}")
    assert (result.code, error in result.err) == (2, True), result.err
    assert len(met.book.table(Reflection)) == len(met.book.promises) == len(met.book.questions) == 0


def test_an_interview_that_has_not_ended_is_not_thought_over(crm):
    crm.ok("interview log Acme --at 'today 11:30'")
    for words in ("reflect i1", "reflect i1 --answer punctual=yes", "reflect i1 --finish", "reflect i1 --edit"):
        result = crm(words, typed="yes\n")
        assert result.code == 2
        assert "i1 has not ended yet: it ends today 12:30" in result.err
    assert len(crm.book.table(Reflection)) == 0
    assert row(crm, "i1")[1:] == ("not called for", "not before today 12:30")


def test_finish_leaves_it_at_that(met):
    met.ok("reflect --answer fit=5 --finish")
    assert row(met) == (1, "done", "done today 12:00: Reflect on the interview at Bluewater Robotics")
    met.ok("reflect --answer work=2")
    assert answers(met) == {"fit": 5, "work": 2}


def test_without_a_terminal_the_answers_are_shown_and_what_is_left(met):
    met.ok("reflect --answer punctual=yes --answer 'mistakes=rambled on'")
    result = met.ok("reflect")
    assert result.out == "punctual  yes\nmistakes  rambled on\n"
    assert "Not answered: kind, presentation" in result.err
    assert met.ok("reflect --json", typed="").item["unanswered"][0] == "kind"


def test_the_editor_has_a_heading_for_each_question_with_its_answer(met, editor):
    met.ok("reflect --answer punctual=yes --answer fit=2 --answer 'learned=#1 is pay'")
    editor(
        "assert '(yes or no)\\nyes\\n' in text and '\\n\\\\#1 is pay' in text, text\n"
        "text = text.replace('(yes or no)\\nyes', 'x\\nno').replace('fully)\\n2', 'fully)\\n')\n"
        "text = text.replace('## feelings', '## feelings\\n#calm\\n\\nthen not')"
    )
    result = met.ok("reflect --edit", typed="")
    assert result.out == "Recorded for i1: punctual, fit, feelings\n"
    assert answers(met) == {"punctual": False, "feelings": "#calm\n\nthen not", "learned": "#1 is pay"}


@pytest.mark.parametrize(
    ("wrong", "remark"),
    [
        ("## fit\\n9", "#! '9' does not answer 'fit'."),
        ("## shoes\\nblack", "#! There is no question 'shoes'."),
        ("## kind\\nyes\\n## kind\\nno", "#! kind is answered above already."),
    ],
)
def test_what_can_not_be_read_is_said_above_its_line_and_nothing_is_lost(met, editor, wrong, remark):
    editor(
        f"if '#!' in text:\n    assert {remark!r} in text, text\n    text = '## learned\\nnames\\n'\n"
        f"else:\n    text += '## work\\n4\\n{wrong}\\n'"
    )
    met.ok("reflect --edit", typed="")
    assert answers(met) == {"learned": "names"}


def test_an_editor_that_fails_records_nothing(met, editor):
    editor("sys.exit(3)")
    result = met("reflect --edit", typed="")
    assert (result.code, "It is kept in " in result.err) == (1, True)
    assert len(met.book.table(Reflection)) == 0


def test_interviews_stand_side_by_side_earliest_first(crm):
    for number, (day, confidence) in enumerate([("2 days ago", 2), ("4 days ago", 4), ("3 days ago", 4)], start=1):
        crm.ok(f"interview log Acme{number} --at '{day} 10:00' --new")
        crm.ok(f"reflect i{number} --answer confidence={confidence} --answer punctual=yes")
    crm.ok("interview log Zeta --at 'yesterday 10:00'")
    result = crm.ok("reflect --compare")
    assert [line.split() for line in result.out.splitlines()] == [
        ["question", "i2", "i3", "i1", "trend"],
        ["punctual", "yes", "yes", "yes"],
        ["confidence", "4", "4", "(=)", "2", "(-2)", "-2"],
    ]
    assert [line.split()[0] for line in result.err.splitlines()] == ["i2", "i3", "i1"]
    data = crm.ok("reflect --compare i1 i2 --json").data
    assert data["interviews"] == ["i2", "i1"]
    assert data["items"][1]["answers"] == {"i2": 4, "i1": 2}
    assert data["items"][1]["trend"] == -2


def test_only_the_last_ones_are_compared_unless_named(crm):
    crm.ok("settings set crm_reflection.compared 2")
    for day in (5, 4, 3):
        crm.ok(f"interview log Acme{day} --at '{day} days ago 10:00' --new")
        crm.ok("reflect --answer fit=3")
    assert crm.ok("reflect --compare --json").data["interviews"] == ["i2", "i3"]


def test_there_is_nothing_to_compare_before_the_first_answer(met):
    result = met("reflect --compare")
    assert (result.code, "No interview was thought over yet" in result.err) == (2, True)


def test_the_checklist_says_where_it_stands(met):
    assert row(met) == (1, "due", "Reflect on the interview at Bluewater Robotics, due yesterday 20:00")
    met.today = "2026-11-23T16:00"
    assert row(met)[1] == "late"
    met.today = "2027-01-23"
    assert row(met) == (1, "late", "late, never done")
    met.ok("reflect --finish")
    assert row(met)[1] == "done"
