"""`crm panel`, as it is typed, its steps and its row. The present is Friday 20 November 2026, 12:00, in Berlin."""

from __future__ import annotations

import pytest


@pytest.fixture
def met(crm):
    """A book with i1, yesterday, with Mara (lead), Tom and Jo, and i2, an hour ago, with Mara alone."""
    crm.today = "2026-11-20T12:00"
    crm.ok("me set name 'Ana Silva'")
    crm.ok(
        "interview log 'Bluewater Robotics' --role Engineer --at '2026-11-19 14:00'"
        " --with 'Mara Lindqvist' --with 'Tom Okafor' --with 'Jo Bell'"
    )
    crm.ok("interview log 'Harbour Labs' --role Analyst --at '2026-11-20 10:00' --with 'Mara Lindqvist'")
    crm.ok("note add i1 'the winch that sings' --about Tom")
    return crm


def steps(crm, *options):
    return crm.ok("agenda", "--plugin", "panel", "--json", *options).items


def row(crm, interview="i1"):
    rows = crm.ok("checklist", interview, "--json").items
    return next((row["state"], row["why"]) for row in rows if row["number"] == 5)


def table(result):
    lines = result.out.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("name "))
    return [" ".join(line.split()) for line in lines[start + 1 :]]


def test_all_letters_are_drafted_at_once_and_nobody_is_forgotten(met):
    result = met.ok("panel i1")
    assert result.out.splitlines()[0] == "l1  to Tom Okafor: drafted"
    assert result.out.splitlines()[1].startswith("l2  to Jo Bell: drafted; to fill in: [[what you talked about with Jo")
    assert table(result) == ["Mara Lindqvist lead - nothing", "Tom Okafor l1 drafted", "Jo Bell l2 drafted"]
    assert result.err.splitlines()[0] == "Interview: Engineer at Bluewater Robotics, yesterday 14:00 (i1)"
    assert "Not thanked yet, of this panel: Mara Lindqvist, Tom Okafor, Jo Bell" in result.err
    assert "       crm letter edit l1" in result.err.splitlines()


def test_they_are_one_change(met):
    before = len(met.book.letters)
    (met.home / "templates").mkdir()
    (met.home / "templates/panel.txt").write_text("{% if contact.first == 'Jo Bell' %}{{ nobody }}{% endif %}x")
    assert met("panel i1").code == 1
    assert len(met.book.letters) == before


def test_in_json_the_letters_come_with_the_coverage(met):
    data = met.ok("panel i1 --by post --json").data
    assert [(item["id"], item["contact"], item["channel"]) for item in data["items"]] == [
        ("l1", "c2", "post"),
        ("l2", "c3", "post"),
    ]
    assert [(one["name"], one["state"], one["lead"], one["letter"]) for one in data["coverage"]] == [
        ("Mara Lindqvist", "nothing", True, None),
        ("Tom Okafor", "drafted", False, "l1"),
        ("Jo Bell", "drafted", False, "l2"),
    ]


def test_a_second_time_the_letters_are_shown_as_they_are(met):
    met.ok("panel i1")
    met.ok("letter edit l1 --body 'My own words to Tom'")
    met.ok("letter sent l1")
    result = met.ok("panel i1")
    assert "l1  to Tom Okafor: sent today 12:00; another one: the same command with --again" in result.out
    assert "l2  to Jo Bell: you are writing it already; to fill in" in result.out
    assert "Tom Okafor l1 thanked today 12:00" in table(result)
    assert len(met.book.letters) == 2


def test_another_way_to_go_out_is_taken_over_by_open_letters(met):
    met.ok("panel i1")
    met.ok("panel i1 --by post")
    assert [letter.channel for letter in met.book.letters] == ["post", "post"]


def test_letters_that_a_template_of_ones_own_makes_alike_are_named(met):
    (met.home / "templates").mkdir()
    (met.home / "templates/panel.txt").write_text("Dear {{ contact.first }},\n\n" + "one two three four five six. " * 8)
    result = met.ok("panel i1")
    assert "l2 says the same as l1 to Tom Okafor (100%): it can't go out like that." in result.err


@pytest.mark.parametrize("interview", ["", "i2", "Harbour"])
def test_with_one_interviewer_there_is_nobody_else(met, interview):
    result = met("panel", *filter(None, [interview]))
    assert result.code == 2
    assert "One person was on the panel of i2: there is nobody else to write to" in result.err
    assert "crm thank i2" in result.err


def test_with_nobody_or_no_interview_it_says_so(met, crm):
    met.ok("interview edit i2 --without Mara")
    assert "Nobody is on the panel of i2" in met("panel i2").err


def test_on_an_empty_book_there_is_no_traceback(crm):
    result = crm("panel")
    assert result.code == 2
    assert "There is no interview" in result.err


def test_the_steps_are_on_the_agenda_until_each_letter_is_sent(met):
    met.ok("panel i1")
    tom, jo = steps(met)
    assert (tom["title"], tom["state"], tom["for"], tom["about"]) == ("Write to Tom Okafor", "due", "c2", "i1")
    met.ok("letter sent l1")
    assert [step["title"] for step in steps(met)] == ["Write to Jo Bell"]
    met.ok("letter edit l2 --body 'Dear Jo, I keep thinking about the night shift.'")
    met.ok("done", jo["handle"], "--on", "yesterday 19:00")
    assert steps(met) == []
    assert {step["state"] for step in steps(met, "--all")} == {"done"}
    assert len(met.book.marks) == 0


def test_done_refuses_a_letter_in_which_something_is_to_be_filled_in(met):
    met.ok("panel i1")
    _, jo = steps(met)

    refused = met("done", jo["handle"])

    assert refused.code == 2
    assert "l2 has something to fill in: [[" in refused.err
    assert "crm letter edit l2; or crm letter sent l2 --force" in refused.err
    assert met.book.letters.get("l2").sent is None
    met.ok("letter sent l2 --force")
    assert len(steps(met)) == 1


def test_done_refuses_a_copied_letter(met):
    met.ok("panel i1")
    met.ok("note add i1 'x'")
    text = "the winch that sings has kept me awake, and I would measure the drum before I looked at the bearing. " * 2
    for letter in ("l1", "l2"):
        met.ok("letter", "edit", letter, "--body", text)
    _, jo = steps(met)
    result = met("done", jo["handle"])
    assert result.code == 2
    assert "l2 to Jo Bell says the same as l1 to Tom Okafor" in result.err
    assert len(steps(met)) == 2


def test_a_changed_lead_asks_nobody_twice(met):
    met.ok("thank i1")
    met.ok("letter sent l1 --force")
    met.ok("interview edit i1 --lead Tom")
    assert [step["title"] for step in steps(met)] == ["Write to Jo Bell"]
    assert row(met) == ("due", "Write to Jo Bell, due today 15:00")


def test_the_row_says_where_the_letters_stand(met):
    assert row(met) == ("due", "Write to Tom Okafor, due today 15:00; and 1 more")
    assert row(met, "i2") == ("not called for", "there was one interviewer")
    met.today = "2026-11-22T12:00"
    assert row(met)[0] == "late"
    for step in steps(met):
        met.ok("done", step["handle"], "--on", "2026-11-20")
    assert row(met)[0] == "done"


def test_one_who_was_never_written_to_is_not_hidden_by_the_others(met):
    met.ok("done", steps(met)[0]["handle"])
    met.today = "2026-12-10"
    assert row(met) == ("late", "late, never done")


def test_the_row_of_an_interview_without_a_panel_or_ahead_says_why(met):
    met.ok("interview edit i2 --without Mara")
    assert row(met, "i2") == ("not called for", "nobody is on the panel")
    met.ok("interview log 'Bluewater Robotics' --role Engineer --at '2026-11-27 10:00' --with Tom --with Jo")
    assert row(met, "i3")[0] == "not called for"


def test_the_steps_end_with_the_application(met):
    met.ok("application move a1 rejected")
    assert steps(met) == []


def test_the_settings_have_their_section(met):
    met.ok("settings set crm_panel.due_hours 6")
    assert steps(met)[0]["due"] == "2026-11-19T21:00:00+01:00"


def test_a_merge_carries_letters_and_steps_along(met):
    met.ok("panel i1")
    met.ok("letter sent l1 --force")
    met.ok("contact merge c3 c2 --yes")
    assert [step["state"] for step in steps(met, "--all")] == ["done"]
