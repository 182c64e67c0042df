"""`crm notes`: by questions, in an editor, and what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def met(crm):
    """An interview with Mara and Tom that ended yesterday."""
    crm.only("crm_notes")
    crm.ok("interview log 'Bluewater Robotics' --at 'yesterday 14:00' --with 'Mara Lindqvist' --with 'Tom Okafor'")
    return crm


def written(crm):
    return [(note.kind, note.contact, note.topic, note.text) for note in crm.book.notes]


def rows(crm, *words):
    return {row["number"]: (row["state"], row["why"]) for row in crm.ok("checklist", *words, "--json").items}


def test_it_asks_person_by_person_then_about_the_place_and_topics(met):
    result = met.ok("notes", typed="boats\nthey move\n\nhas two kids\nopen plan\nslow releases\nROS 2\nin May\n\n")
    assert written(met) == [
        ("talked", "c1", "", "boats"),
        ("learned", "c1", "", "they move"),
        ("learned", "c2", "", "has two kids"),
        ("impression", None, "", "open plan"),
        ("problem", None, "", "slow releases"),
        ("talked", None, "ROS 2", "in May"),
    ]
    assert "What you talked about with Mara Lindqvist: " in result.err
    assert "Wrote 6 notes about i1: n1, n2, n3, n4, n5, n6" in result.err
    assert {str(note.written) for note in met.book.notes} == {"2026-11-23"}


def test_the_end_of_input_keeps_what_was_answered_and_the_next_time_goes_on_from_there(met):
    stopped = met("notes", typed="boats\nthey move\n")
    assert stopped.code == 1
    assert "stopped; what you wrote is kept: n1, n2" in stopped.err
    assert "Go on with: crm notes i1" in stopped.err
    again = met.ok("notes", typed="\n\n\n\n\n")
    assert "with Mara" not in again.err
    assert "What you talked about with Tom Okafor: " in again.err
    assert len(written(met)) == 2


def test_stopping_before_any_answer_changes_nothing(met):
    assert met("notes", typed="").code == 1
    assert written(met) == []


def test_when_all_is_answered_it_says_so_and_asks_for_topics_only(met):
    met.ok("notes", typed="1\n2\n3\n4\n5\n6\n\n")
    again = met.ok("notes", typed="\n")
    assert "6 notes there already; each question has one already" in again.err
    assert "Nothing was written." in again.err


def test_without_a_panel_it_asks_and_says_how_to_name_who_was_there(crm):
    crm.ok("interview log Acme --at 'yesterday 14:00'")
    result = crm.ok("notes", typed="boats\n\n\n\n\n")
    assert written(crm) == [("talked", None, "", "boats")]
    assert 'crm interview edit i1 --with "NAME"' in result.err


@pytest.mark.parametrize("words", ["notes", "notes --show"])
def test_without_a_terminal_it_shows_and_says_what_to_type(met, words):
    met.ok("note add i1 'They move to Porto' --kind learned --about Mara")
    met.ok("note add i1 'ROS 2' --topic Robots")
    met.ok("note add i1 'Open plan' --kind impression")
    met.ok("note add i1 'Boats' --about Mara")
    result = met.ok(words)
    assert result.out.splitlines() == [
        "Mara Lindqvist  talked about: Boats (n4)",
        "                learned: They move to Porto (n1)",
        "Robots          talked about: ROS 2 (n2)",
        "the place       impression: Open plan (n3)",
    ]
    assert result.err.splitlines() == [
        "Interview: unknown role at Bluewater Robotics, yesterday 14:00 (i1)",
        "Nothing yet about: Tom Okafor",
        "Next:  crm notes i1 --edit",
        '       crm note add i1 "TEXT" --about "Tom Okafor" --kind learned',
    ]


def test_json_is_for_scripts_even_at_a_terminal(met):
    met.ok("note add i1 Boats --about Mara")
    data = met.ok("notes --json", typed="").data
    assert [item["id"] for item in data["items"]] == ["n1"]
    assert (data["interview"], data["without"]) == ("i1", ["c2"])


def test_a_note_about_somebody_who_was_not_on_the_panel_is_shown_under_their_name(met):
    met.ok("contact add 'Ana Silva'")
    met.ok("note add i1 'Runs the front desk' --about Ana")
    assert "Ana Silva  talked about: Runs the front desk (n1)" in met.ok("notes").out


def test_an_interview_ahead_can_be_noted_about_by_its_id(crm):
    crm.ok("interview log Acme --at 'tomorrow 14:00' --with 'Ana Silva'")
    assert "it has not ended yet" in crm.ok("notes i1", typed="ask about pay\n\n\n\n\n").err
    assert crm("notes").code == 2
    assert "has ended yet" in crm("notes Acme").err


def test_an_editor_gives_a_form_and_each_paragraph_is_a_note(met, editor):
    met.ok("note add i1 'Boats' --about Mara")
    editor("text = text.replace('## learned: Tom Okafor', '## learned: Tom Okafor\\n#1 is pay\\n\\nSails, too')")
    result = met.ok("notes --edit", typed="")
    assert written(met)[1:] == [("learned", "c2", "", "#1 is pay"), ("learned", "c2", "", "Sails, too")]
    assert "Wrote 2 notes about i1: n2, n3" in result.err


def test_what_is_there_already_stands_in_the_form_but_is_not_read_again(met, editor):
    met.ok("note", "add", "i1", "Boats\n## talked: Tom\nand so on", "--about", "Mara")
    met.ok("note add i1 'ROS 2' --topic Robots --about Tom")
    editor("assert 'Boats' in text and 'ROS 2' in text\ntext += '\\n'")
    assert "Nothing was written." in met.ok("notes --edit", typed="").err


@pytest.mark.parametrize(
    ("added", "remark"),
    [
        ("## talked: Nobody Known\nwords", "#! 'Nobody Known' is nobody in the book."),
        (
            "## spoke: Mara\nwords",
            "#! There is no heading 'spoke'; there are talked, learned, impression, problem, topic.",
        ),
        ("## topic:\nwords", "#! Say after the colon which topic it is."),
    ],
)
def test_what_can_not_be_read_is_said_above_its_line_and_then_everything_is_kept(met, editor, added, remark):
    heading = added.splitlines()[0]
    editor(
        f"if '#!' in text:\n    assert {remark!r} + chr(10) + {heading!r} in text, text\n"
        f"    text = text.replace({heading!r}, '## problem')\n"
        f"else:\n    text += chr(10) + '## impression' + chr(10) + 'bright' + chr(10) + {added!r} + chr(10)"
    )
    met.ok("notes --edit", typed="")
    assert written(met) == [("impression", None, "", "bright"), ("problem", None, "", "words")]


@pytest.mark.parametrize("name", ["Mara", "mara lindqvist", "c1", "Mara Lindqvist (c1)"])
def test_people_may_be_named_by_part_of_their_name_or_id(met, editor, name):
    editor(f"text += '\\n## problem: {name}\\nno staff\\n'")
    met.ok("notes --edit", typed="")
    assert written(met) == [("problem", "c1", "", "no staff")]


def test_two_of_one_name_on_a_panel_are_told_apart_by_their_ids(crm, editor):
    crm.ok("contact add 'Kim Lee'")
    crm.ok("contact add 'Kim Lee' --new")
    crm.ok("interview log Acme --at 'yesterday 14:00' --with c1 --with c2")
    editor("text = text.replace('## talked: Kim Lee (c2)', '## talked: Kim Lee (c2)\\nboats')")
    crm.ok("notes --edit", typed="")
    assert written(crm) == [("talked", "c2", "", "boats")]


def test_an_editor_that_fails_or_is_not_there_is_an_error_and_nothing_is_written(met, editor):
    editor("sys.exit(3)")
    failed = met("notes --edit", typed="")
    assert failed.code == 1
    assert "It is kept in " in failed.err
    nobody = met("notes --edit")
    assert (nobody.code, "crm note add" in nobody.err) == (2, True)
    assert written(met) == []


def test_an_interview_that_is_removed_while_one_writes_costs_no_words(met, editor, monkeypatch):
    from crm_notes import guide

    editor("text += '\\n## problem\\nno staff\\n'")
    add = guide.add_notes

    def removed_first(book, interview, new):
        met.ok("interview remove i1 --yes")
        return add(book, interview, new)

    monkeypatch.setattr("crm_notes.form.add_notes", removed_first)
    result = met("notes --edit", typed="")
    assert result.code == 2
    assert "There is no interview 'i1'" in result.err
    path = result.err.rsplit("kept in ", 1)[1].strip()
    assert "no staff" in Path(path).read_text("utf-8")


def test_the_checklist_says_where_it_stands(met):
    assert rows(met)[2] == ("due", "Write down the interview at Bluewater Robotics, due yesterday 20:00")
    met.ok("note add i1 Boats --about Mara")
    assert rows(met)[2] == ("due", "Write down what you talked about with Tom Okafor, due yesterday 20:00")
    met.ok("note add i1 Boats --about Tom")
    assert rows(met)[2] == ("done", "done today: Write down what you talked about with Mara Lindqvist; and 2 more")


def test_what_was_never_written_down_is_late_for_ever_unless_it_was_marked(met):
    met.ok("note add i1 Boats --about Mara")
    met.today = "2027-01-23"
    assert rows(met)[2] == ("late", "late, never done")
    met.today = "2026-11-24"
    (step,) = met.ok("agenda --json --plugin notes").items
    met.ok("done", step["handle"])
    met.today = "2027-01-23"
    assert rows(met)[2][0] == "done"


def test_an_interview_ahead_is_not_called_for_yet(crm):
    crm.ok("interview log Acme --at 'tomorrow 14:00'")
    assert rows(crm, "i1")[2] == ("not called for", "not before tomorrow 15:00")


def test_letters_draw_on_the_notes(crm):
    crm.ok("interview log Acme --at 'yesterday 14:00' --with 'Ana Silva'")
    crm.ok("notes", typed="the move to Porto\n\n\n\n\n")
    assert "the move to Porto" in crm.ok("thank").out
