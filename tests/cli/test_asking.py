"""Questions are asked only where somebody can answer, end when the input does, and lose no text."""

from __future__ import annotations

import io
import os
import shlex
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest
from wcwidth import wcswidth

from crm_core.cli.dialog.asking import ask, confirm, edit_text, progress
from crm_core.errors import CrmError, InputError

ESCAPE = "Eve \x1b[2J\x07\u202e\ud800\nDelete all? yes"


class Keyboard(io.StringIO):
    """A stdin that says it is a terminal and holds what is typed."""

    def isatty(self) -> bool:
        return True


class Screen(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch):
    """Sets what will be typed at the terminal."""

    def set_typed(text):
        monkeypatch.setattr(sys, "stdin", Keyboard(text))

    return set_typed


def closed():
    stdin = Keyboard("yes\n")
    stdin.close()
    return stdin


@pytest.fixture
def editor(monkeypatch, tmp_path):
    """Sets `$VISUAL` to a program of a few Python lines, in which `path` is the file to edit."""
    folder = tmp_path / "temporary files"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))

    def set_editor(lines):
        script = tmp_path / "an editor.py"
        script.write_text(f"import os, pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{lines}\n", "utf-8")
        monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(script)]))
        return folder

    return set_editor


def test_the_answer_comes_without_the_spaces_around_it(typed, capsys):
    typed("  Test engineer \n")
    assert ask("Role", "--role") == "Test engineer"
    told = capsys.readouterr()
    assert told.err == "Role: "
    assert told.out == ""


def test_enter_alone_means_the_default_which_is_shown(typed, capsys):
    typed("\n")
    assert ask("Role", "--role", default="Tester") == "Tester"
    assert capsys.readouterr().err == "Role [Tester]: "
    typed("   \n")
    assert ask("Role", "--role", default="Tester") == "Tester"


def test_an_empty_default_makes_the_answer_optional(typed, capsys):
    typed("\n")
    assert ask("Phone", "--phone", default="") == ""
    assert capsys.readouterr().err == "Phone: "


def test_without_a_default_it_asks_until_there_is_an_answer(typed, capsys):
    typed("\n   \nTester\n")
    assert ask("role", "--role") == "Tester"
    assert "Error: Role is needed\n" in capsys.readouterr().err


def test_a_default_is_shown_cleaned_and_returned_as_it_is(typed, capsys):
    typed("\n")
    assert ask("Name", "--name", default=ESCAPE) == ESCAPE
    shown = capsys.readouterr().err
    assert shown == "Name [Eve \ufffd[2J\ufffd\ufffd\ufffd Delete all? yes]: "


@pytest.mark.parametrize("stdin", [io.StringIO("yes\n" * 100), closed(), None], ids=["pipe", "closed", "none"])
def test_nothing_is_asked_where_nobody_can_answer(stdin, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.raises(InputError) as caught:
        ask("role", "--role", default="Tester")
    assert (caught.value.message, caught.value.hint) == ("Role is needed", "Give it with --role.")
    with pytest.raises(InputError) as caught:
        confirm("Remove Kim?")
    assert (caught.value.message, caught.value.hint) == ("An answer is needed: Remove Kim?", "Say yes with --yes.")
    with pytest.raises(InputError) as caught:
        edit_text("Dear Kim", option="--file")
    assert caught.value.message == "There is no terminal to edit the text in"
    assert caught.value.hint == "Give the text with --file."
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("question", "before"),
    [
        (lambda: ask("Role", "--role"), ""),
        (lambda: ask("Role", "--role"), "\n   \n"),
        (lambda: confirm("Remove Kim?"), ""),
        (lambda: confirm("Remove Kim?"), "perhaps\n"),
    ],
)
def test_the_end_of_input_ends_the_command_and_the_prompts_line(typed, capsys, question, before):
    typed(before)
    with pytest.raises(click.Abort):
        question()
    told = capsys.readouterr()
    assert told.err.endswith("\n")
    assert told.out == ""


def test_an_interrupt_ends_the_command_as_the_end_of_input_does(typed, monkeypatch, capsys):
    typed("Kim\n")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.stdin, "readline", interrupt)
    with pytest.raises(click.Abort):
        ask("Name", "--name")
    assert capsys.readouterr().err == "Name: \n"


@pytest.mark.parametrize(("answer", "meant"), [("y\n", True), ("yes\n", True), ("n\n", False), ("\n", False)])
def test_a_question_is_answered_by_yes_or_no_and_enter_means_no(typed, answer, meant, capsys):
    typed(answer)
    assert confirm("Remove Kim?") is meant
    told = capsys.readouterr()
    assert told.err == "Remove Kim? [y/N]: "
    assert told.out == ""


def test_a_question_about_a_hostile_name_is_shown_on_one_clean_line(typed, capsys):
    typed("n\n")
    confirm(f"Remove {ESCAPE}?")
    assert capsys.readouterr().err == "Remove Eve \ufffd[2J\ufffd\ufffd\ufffd Delete all? yes? [y/N]: "


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
def test_ctrl_d_on_a_real_terminal_ends_the_process():
    program = (
        "import click\n"
        "from crm_core.cli.dialog.asking import ask\n"
        "try:\n"
        "    ask('Role', '--role')\n"
        "except click.Abort:\n"
        "    raise SystemExit(7)\n"
    )
    controller, terminal = os.openpty()
    try:
        os.write(controller, b"\x04")
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=terminal, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(controller)
        os.close(terminal)
    assert (done.returncode, done.stdout, done.stderr) == (7, "", "Role: \n")


def test_the_editors_text_comes_back_and_nothing_stays_behind(typed, editor):
    typed("")
    folder = editor("path.write_text(path.read_text('utf-8').replace('Dear', 'Hello') + '漢字\\n\\n', 'utf-8')")
    assert edit_text("Dear Kim,\nthank you") == "Hello Kim,\nthank you\n漢字"
    assert list(folder.iterdir()) == []


def test_the_editors_file_is_private_and_has_the_ending_asked_for(typed, editor, tmp_path):
    typed("")
    editor(
        "modes = [oct(os.stat(p).st_mode & 0o777) for p in (path, path.parent)]\n"
        "path.write_text(' '.join([*modes, path.suffix]), 'utf-8')"
    )
    previous = os.umask(0)
    try:
        assert edit_text("secret", suffix=".md") == "0o600 0o700 .md"
    finally:
        os.umask(previous)


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "path.write_bytes(path.read_bytes())",
        "path.write_bytes(path.read_bytes() + b'\\n\\n')",
        "path.write_bytes(path.read_bytes().replace(b'\\n', b'\\r\\n'))",
        "path.write_bytes(b'\\xef\\xbb\\xbf' + path.read_bytes())",
    ],
    ids=["untouched", "saved as it was", "newlines added", "Windows line ends", "byte order mark"],
)
@pytest.mark.parametrize("text", ["", "Dear Kim,\n\nthank you", "Dear Kim\n", "broken \ud800 text"])
def test_an_unchanged_text_is_none(typed, editor, lines, text):
    typed("")
    folder = editor(lines)
    assert edit_text(text) is None
    assert list(folder.iterdir()) == []


def test_an_emptied_text_is_an_answer_and_a_removed_file_counts_as_emptied(typed, editor):
    typed("")
    editor("path.write_text('')")
    assert edit_text("Dear Kim") == ""
    editor("path.unlink()")
    assert edit_text("Dear Kim") == ""
    assert edit_text("") is None


def test_an_editor_that_fails_leaves_the_text_in_a_private_file_that_is_named(typed, editor):
    typed("")
    folder = editor("path.write_text('an hour of work')\nsys.exit(3)")
    with pytest.raises(CrmError, match="The editor failed") as caught:
        edit_text("Dear Kim")
    (kept,) = folder.glob("*/*")
    assert caught.value.exit_code == 1
    assert caught.value.hint == f"It is kept in {kept}"
    assert kept.read_text() == "an hour of work"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("command", ["/no/such/editor", "editor 'with an open quote", "   "])
def test_an_editor_that_can_not_be_started_is_an_error_not_a_traceback(typed, editor, monkeypatch, command):
    typed("")
    folder = editor("")
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(CrmError, match="The editor failed"):
        edit_text("Dear Kim")
    (kept,) = folder.glob("*/*")
    assert kept.read_text() == "Dear Kim\n"


def test_an_interrupted_editor_leaves_the_text(typed, editor, monkeypatch):
    typed("")
    folder = editor("")

    def interrupt(filename):
        Path(filename).write_text("half", "utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(click, "edit", interrupt)
    with pytest.raises(CrmError, match="interrupted"):
        edit_text("Dear Kim")
    (kept,) = folder.glob("*/*")
    assert kept.read_text() == "half"


def test_a_text_saved_in_another_encoding_is_refused_and_kept(typed, editor):
    typed("")
    folder = editor("path.write_bytes('Müller'.encode('latin-1'))")
    with pytest.raises(CrmError, match="another encoding than UTF-8") as caught:
        edit_text("Dear Kim")
    (kept,) = folder.glob("*/*")
    assert str(kept) in caught.value.hint
    assert kept.read_bytes() == "Müller".encode("latin-1")


def test_visual_goes_before_editor(typed, editor, monkeypatch):
    typed("")
    editor("path.write_text('by visual')")
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    assert edit_text("Dear Kim") == "by visual"


class Clock:
    """A clock that moves on by a fixed step each time it is read."""

    def __init__(self, step):
        self.step = step
        self.now = 0.0

    def __call__(self):
        self.now += self.step
        return self.now


@pytest.fixture
def a_screen(monkeypatch):
    """Puts a terminal on stderr, from the call on: pytest sets its own stderr anew when a test begins."""

    def put_screen():
        monkeypatch.setattr(sys, "stderr", Screen())
        monkeypatch.setenv("COLUMNS", "40")
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("CRM_PLAIN", raising=False)
        return sys.stderr

    return put_screen


def left_on(stream):
    """What stands on the line in the end."""
    return stream.getvalue().rsplit("\r", 1)[-1]


def counts_on(stream):
    return [text.rstrip() for text in stream.getvalue().split("\r") if text.strip()]


def test_progress_counts_on_stderr_and_takes_its_line_away(a_screen):
    screen = a_screen()
    assert list(progress(iter("abc"), "Reading people", clock=Clock(1))) == ["a", "b", "c"]
    assert counts_on(screen) == ["Reading people 1", "Reading people 2", "Reading people 3"]
    assert left_on(screen) == ""


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("CRM_PLAIN", "1")])
def test_where_all_is_plain_no_line_is_written_over(a_screen, monkeypatch, name, value):
    screen = a_screen()
    monkeypatch.setenv(name, value)
    assert list(progress(iter("abc"), "Reading people", clock=Clock(1))) == ["a", "b", "c"]
    assert screen.getvalue() == ""


def test_progress_tells_the_total_where_it_is_known(a_screen):
    screen = a_screen()
    for _ in progress(range(1200), "Reading", total=1200, clock=Clock(1)):
        pass
    assert counts_on(screen)[-1] == "Reading 1,200 of 1,200"


def test_progress_is_silent_for_half_a_second_and_then_tells_ten_times_a_second(a_screen):
    screen = a_screen()
    list(progress(range(400), "Reading", clock=Clock(1 / 1024)))
    assert screen.getvalue() == ""
    list(progress(range(1024), "Reading", clock=Clock(1 / 1024)))
    assert len(counts_on(screen)) == 5


def test_progress_is_silent_where_stderr_is_no_terminal(capsys):
    assert list(progress(range(3), "Reading", clock=Clock(1))) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_progress_takes_its_line_away_when_the_loop_or_the_items_fail(a_screen):
    screen = a_screen()

    def divide_by_each():
        for number in progress(range(3), "Reading", clock=Clock(1)):
            1 // number

    with pytest.raises(ZeroDivisionError):
        divide_by_each()
    assert counts_on(screen) == ["Reading 1"]
    assert left_on(screen) == ""

    def failing():
        yield 1
        raise ValueError("bad file")

    with pytest.raises(ValueError, match="bad file"):
        list(progress(failing(), "Reading", clock=Clock(1)))
    assert left_on(screen) == ""


def test_progress_reads_items_only_as_they_are_asked_for(a_screen):
    screen = a_screen()
    taken = []
    items = progress((taken.append(n) or n for n in range(10)), "Reading", clock=Clock(1))
    assert taken == []
    assert [next(items), next(items)] == [0, 1]
    assert taken == [0, 1]
    items.close()
    assert left_on(screen) == ""


def test_progress_shows_a_hostile_label_cleaned_and_within_the_line(a_screen):
    screen = a_screen()
    list(progress(range(2), f"Reading {ESCAPE} {'漢' * 100}", clock=Clock(1)))
    assert "\x1b" not in screen.getvalue()
    assert "\n" not in screen.getvalue()
    (shown,) = {*counts_on(screen)}
    assert shown.startswith("Reading Eve \ufffd[2J")
    assert wcswidth(shown) < 40
