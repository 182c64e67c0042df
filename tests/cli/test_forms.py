"""Forms in an editor: what is read, what is said where something is wrong, and that nothing typed is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core import Remark, edit_form, form_comment, form_parts, form_text
from crm_core.errors import Conflict, InputError


@pytest.fixture
def editor(monkeypatch, tmp_path):
    """An editor that saves one text after the other (None: closes without a change), and remembers what it showed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shown = []

    def set_editor(*texts):
        left = list(texts)

        def edit(text, option):
            shown.append(text)
            return left.pop(0)

        monkeypatch.setattr("crm_core.cli.dialog.forms.edit_text", edit)
        return shown

    return set_editor


def kept(error):
    return Path(error.hint.rsplit(" ", 1)[1]).read_text("utf-8")


def test_a_form_is_read_heading_by_heading_without_its_comments():
    parts = form_parts("above\n## talked:  Mara \n# a comment\n\n first\n\nsecond\n#\n#! a remark\n## empty")
    assert [(part.heading, part.line, part.text) for part in parts] == [
        ("", 0, "above"),
        ("talked: Mara", 1, " first\n\nsecond"),
        ("empty", 9, ""),
    ]


def test_a_hashtag_is_text_and_a_backslash_stands_before_what_would_not_be():
    (_, part) = form_parts("## x\n#1 is pay\n\\# not a comment\n\\\\server")
    assert part.text == "#1 is pay\n# not a comment\n\\\\server"


@given(st.text("a# !\\\n", max_size=20))
def test_any_text_that_was_put_into_a_form_is_read_from_it_again(text):
    plain = "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
    assert form_parts(f"## x\n{form_text(text)}")[-1].text == plain
    assert form_parts(f"## x\n{form_comment(text)}")[-1].text == ""


def test_what_is_wrong_is_said_above_its_line_until_nothing_is(editor):
    shown = editor("## no\nwords", "#! old remarks go\n## yes\nwords")
    used = []

    def use(text):
        used.append(text)
        return [Remark(0, "there is no\nsuch heading")] if "## no" in text else []

    assert edit_form("the form", use, "--x") is True
    assert shown == ["the form", "#! there is no such heading\n## no\nwords"]
    assert used == ["## no\nwords", "## yes\nwords"]


def test_a_form_closed_as_it_was_is_not_used(editor):
    editor(None)
    assert edit_form("the form", lambda text: pytest.fail("used"), "--x") is False


def test_giving_up_on_what_is_wrong_keeps_the_text(editor):
    editor("typed for an hour", None)
    with pytest.raises(InputError) as caught:
        edit_form("the form", lambda _: [Remark(0, "no heading")], "--x")
    assert caught.value.message == "Nothing was recorded: no heading"
    assert kept(caught.value) == "typed for an hour\n"


def test_a_text_that_could_not_be_recorded_is_kept(editor):
    editor("typed for an hour")

    def use(text):
        raise Conflict("changed meanwhile", "Try again.")

    with pytest.raises(Conflict) as caught:
        edit_form("the form", use, "--x")
    assert caught.value.hint.startswith("Try again. Your text is kept in ")
    assert kept(caught.value) == "typed for an hour\n"
