"""`crm contact edit` in the editor: what was left alone is left alone, what is wrong is said in its place."""

from __future__ import annotations

import shlex
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.cli.dialog.contact_form import Form
from crm_core.records import Contact, Label, Position, Profile, Ref
from tests.cli.terminal import at_terminal

WORK = Position(organisation="Bluewater Robotics", title="CTO", since=date(2020, 3, 1))
BEFORE = Position(organisation="Acme", title="Engineer", until=date(2020, 2, 1))


@pytest.fixture
def mara(crm):
    """Mara (c1), of whom much is known, and Jon (c2)."""
    book = crm.book
    with book.change("made"):
        book.contacts.add(
            Contact(
                name="Mara Lindqvist",
                given="Mara",
                family="Lindqvist",
                positions=(WORK, BEFORE),
                emails=("mara@bluewater.example", "mara@home.example"),
                phones=("+49 30 5550123",),
                labels=(Label(of="mara@bluewater.example", label="work"),),
                profiles=(Profile(network="github", handle="mara", url="https://github.example/mara"),),
                address="Dock 4\n# 12\nSaltmarsh",
                tags=("referral", "#board"),
                note="Met at the fair.\n\n## loud",
            )
        )
        book.contacts.add(Contact(name="Jon Abara"))
    return crm


@pytest.fixture
def edit(mara, monkeypatch, tmp_path):
    """Edits Mara with an editor that changes what it is shown by one function after the other."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shown = []

    def edited(*changes):
        left = list(changes)

        def editor(text, option):
            shown.append(text)
            after = left.pop(0)(text) if left else text
            return None if after == text else after

        monkeypatch.setattr("crm_core.cli.dialog.forms.edit_text", editor)
        shown.clear()
        return mara("contact edit c1", typed="")

    edited.shown = shown
    edited.crm = mara
    return edited


def person(edit):
    return edit.crm.book.contacts.get("c1")


def replacing(*pairs):
    def change(text):
        for old, new in pairs:
            assert old in text, text
            text = text.replace(old, new)
        return text

    return change


def test_the_form_shows_what_is_known(edit):
    result = edit()
    assert (result.code, result.out, result.err) == (0, "", "Nothing was changed.\n")
    assert edit.shown[0] == FORM


FORM = """\
# c1 Mara Lindqvist
# What you take away under a heading is taken out of the book. Lines like this one are not read.

## name
Mara Lindqvist

## called

## works at
# A line a place: organisation | title
Bluewater Robotics | CTO

## worked at
# Likewise
Acme | Engineer

## e-mail
# A line each, with what it is for: mara@example.com (work)
mara@bluewater.example (work)
mara@home.example

## phone
# A line each: +49 30 5550123 (work)
+49 30 5550123

## profiles
# A line each: an address, or network:handle
https://github.example/mara

## address
Dock 4
\\# 12
Saltmarsh

## birthday
# 4 May 1990, or 4 May without the year

## how known

## introduced by
# Who brought you together: a name or an id

## knows
# A line each: a name or an id

## tags
# A line each
referral
\\#board

## note
Met at the fair.

\\## loud
"""


def test_what_is_changed_is_changed_and_nothing_else(edit):
    before = person(edit)
    result = edit(
        replacing(
            ("| CTO", "| CEO"),
            ("+49 30 5550123\n\n", "+49 30 5550123 (mobile)\n+49 30 5550199\n\n"),
            ("(work)\nmara@home", "(home)\nmara@home"),
            ("## birthday\n", "## birthday\nMay 4th\n"),
            ("## knows\n", "## knows\njon\n"),
            ("Saltmarsh", "Saltmarsh\nGermany"),
        )
    )
    assert result.code == 0, result.err
    assert result.out == (
        "Changed c1 Mara Lindqvist (Bluewater Robotics): positions, phones, address, birthday, knows, labels\n"
    )
    after = person(edit)
    assert after.positions == (Position(organisation="Bluewater Robotics", title="CEO", since=date(2020, 3, 1)), BEFORE)
    assert after.phones == ("+49 30 5550123", "+49 30 5550199")
    assert [(label.of, label.label) for label in after.labels] == [
        ("mara@bluewater.example", "home"),
        ("+49 30 5550123", "cell"),
    ]
    assert (after.birthday, after.knows) == ("--05-04", (Ref("c2"),))
    assert after.address == "Dock 4\n# 12\nSaltmarsh\nGermany"
    assert (after.name, after.given, after.emails, after.profiles, after.tags, after.note) == (
        (before.name, before.given, before.emails, before.profiles, before.tags, before.note)
    )


def test_what_is_emptied_is_taken_away_and_a_heading_taken_out_leaves_its_field(edit):
    result = edit(
        replacing(
            ("Bluewater Robotics | CTO\n", ""),
            ("mara@bluewater.example (work)\nmara@home.example\n", ""),
            ("## tags\n# A line each\nreferral\n\\#board\n", ""),
            ("Met at the fair.\n\n\\## loud\n", ""),
        )
    )
    assert result.code == 0, result.err
    after = person(edit)
    assert (after.positions, after.emails, after.labels, after.note) == ((BEFORE,), (), (), "")
    assert after.tags == ("referral", "#board")


def test_a_place_moves_from_one_heading_to_the_other_with_all_that_is_known_of_it(edit):
    edit(replacing(("Bluewater Robotics | CTO\n", "Tidewrack Press\n"), ("Acme |", "Bluewater Robotics | CTO\nAcme |")))
    assert person(edit).positions == (
        Position(organisation="Tidewrack Press"),
        Position(organisation="Bluewater Robotics", title="CTO", since=date(2020, 3, 1), former=True),
        BEFORE,
    )


def test_a_new_name_drops_the_parts_that_a_card_gave(edit):
    edit(replacing(("## name\nMara Lindqvist", "## name\nMara  Berg")))
    assert (person(edit).name, person(edit).given, person(edit).family) == ("Mara Berg", "", "")


def test_what_is_wrong_is_said_above_its_line_and_the_editor_opens_again(edit):
    result = edit(
        replacing(
            ("mara@home.example", "nonsense"),
            ("## birthday\n", "## birthday\nMay\n"),
            ("## knows\n", "## knows\nNobody Known\n"),
            ("## called\n", "## nickname\nM\n"),
            ("## name\nMara Lindqvist\n", "## name\n"),
        ),
        replacing(
            ("nonsense", "m@home.example"), ("\nMay\n", "\n"), ("Nobody Known\n", ""), ("## nickname", "## called")
        ),
        lambda text: text.replace("## name\n#! Somebody must have a name.\n", "## name\nMara\n"),
    )
    assert result.code == 0, result.err
    again = edit.shown[1]
    assert "mara@bluewater.example (work)\n#! 'nonsense' is not an e-mail address. Give it like mara@" in again
    assert "#! 'May' is not a birthday. Give it as 1990-05-04 or 4 May 1990, or only as 4 May.\nMay\n" in again
    assert "#! There is no contact 'Nobody Known'" in again
    assert "#! There is no heading of that name. There are: name, called," in again
    assert "#! Somebody must have a name." in edit.shown[2]
    assert (person(edit).name, person(edit).nickname, person(edit).emails[1]) == ("Mara", "M", "m@home.example")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (replacing(("## called\n", "## called\nM\nMM\n")), "There can be only one line here."),
        (replacing(("## called\n", "## name\n")), "This heading is there twice."),
        (lambda text: "hello\n" + text, "This stands under no heading."),
        (replacing(("## introduced by\n", "## introduced by\nx99\n")), "There is no contact 'x99'"),
        (replacing(("## profiles\n", "## profiles\njavascript:x\n")), "'javascript:x' is not a profile"),
    ],
)
def test_who_gives_up_finds_the_text_in_a_file_that_is_named(edit, change, wrong):
    before = person(edit)
    result = edit(change)
    assert result.code == 2
    assert f"Nothing was recorded: {wrong}" in result.err
    path = Path(result.err.split("Your text is kept in ")[1].strip())
    assert path.read_text("utf-8") == change(FORM)
    assert path.stat().st_mode & 0o077 == 0
    assert person(edit) == before


def test_somebody_else_who_changed_the_person_meanwhile_is_not_written_over(edit):
    def meanwhile(text):
        edit.crm.ok("contact edit c1 --title COO")
        return text.replace("CTO", "CEO")

    result = edit(meanwhile)
    assert result.code == 1
    assert "was changed by another command meanwhile" in result.err
    assert "CEO" in Path(result.err.split("Your text is kept in ")[1].strip()).read_text("utf-8")
    assert person(edit).positions[0].title == "COO"


def test_without_a_terminal_it_says_what_can_be_changed(mara):
    for result in (mara("contact edit c1"), mara("contact edit c1 --json", typed="")):
        assert result.code == 2
        assert "There is nothing to change" in result.err


def test_a_real_editor_at_a_real_terminal(mara, tmp_path):
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('| CTO', '| CEO'))\n"
    )
    terminal = at_terminal(mara, "contact", "edit", "mara", VISUAL=shlex.join([sys.executable, str(script)]))
    assert terminal.end() == 0
    assert "Changed c1 Mara Lindqvist (Bluewater Robotics): positions" in terminal.screen
    assert mara.book.contacts.get("c1").positions[0].title == "CEO"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text("ab |#\\()@\n", max_size=8)
people = st.builds(
    Contact,
    name=names.map(lambda text: f"n{text}"),
    nickname=names,
    positions=st.lists(
        st.builds(Position, organisation=names, title=names, former=st.booleans(), since=st.none() | st.dates()),
        max_size=3,
    ).map(tuple),
    emails=st.lists(names, max_size=2, unique=True).map(tuple),
    phones=st.lists(names, max_size=2, unique=True).map(tuple),
    tags=st.lists(names, max_size=2, unique=True).map(tuple),
    address=texts,
    note=texts,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(person=people)
def test_a_form_that_was_not_changed_changes_nothing_whatever_is_in_it(crm, person):
    form = Form(crm.book, person)
    changes, remarks = form.read(form.text)
    assert (changes, remarks) == ({}, [])
