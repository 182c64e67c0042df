"""Every command that can ask ends at once where nobody answers: no loop, nothing written, no exit code of success.

Which commands these are is found by running them all at a terminal whose input has ended; which modules ask is found in
the sources. A module that asks and is reached by no command here needs a line in `ALSO`.
"""

from __future__ import annotations

import ast
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import click
import pytest

from crm_core.testing import Crm
from tests.hostile.command_lines import command_lines
from tests.hostile.conftest import HostileHome

ROOT: Final = Path(__file__).parents[2]
ASKING: Final = frozenset({"ask", "choose", "confirm", "edit_text"})
TABLE: Final = "Nom,Courriel\nAda Vale,ada@example.com\n"
ALSO: Final = (
    ("application", "add"),
    ("contact", "duplicates"),
    ("contact", "edit", "c{n}"),
    ("contact", "edit", "--where", "name!=nobody", "--tag", "new"),
    ("import", "{table}"),
    ("interview", "log"),
    ("letter", "edit", "l{n}"),
    ("notes", "i{n}"),
    ("notes", "i{n}", "--edit"),
    ("plugins", "new", "coffee"),
    ("reflect", "i{n}"),
    ("reflect", "i{n}", "--edit"),
)
"""Command lines that ask, besides those that do it with the words that they must be given."""
SHOW: Final = (("contact", "duplicates"), ("notes",), ("reflect",), ("plugins", "new"))
"""What has something else to do where nobody is there: it shows what it would ask about, or takes what is usual."""
EDIT: Final = (("contact", "edit"), ("letter", "edit"), ("notes",), ("reflect",))
"""What ends well if the editor leaves the text as it is."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the core and the plugins by its dotted name, but for the one in which asking is defined."""
    for folder in (ROOT / "crm_core", *(ROOT / "plugins").glob("crm_*")):
        for path in folder.rglob("*.py"):
            name = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
            if (
                name not in {"crm_core", "crm_core.__init__", "crm_core.cli.dialog.asking"}
                and "templates" not in path.parts
            ):
                yield name, ast.parse(path.read_text("utf-8"))


def asking_modules() -> set[str]:
    """The modules that call one of the functions that ask."""
    return {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKING
        if _imports(tree, node.func.id)
    }


def _imports(tree: ast.Module, name: str) -> bool:
    """Whether a module has that name from where asking is defined, not a function of its own."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module in {"crm_core", "crm_core.cli.dialog.asking"}
        and any(alias.name == name for alias in node.names)
        for node in ast.walk(tree)
    )


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that ask, as they do it; an editor leaves the text as it is."""
    found: list[str] = []

    def watched(function):
        def asks(*args, **kwargs):
            frame = sys._getframe(1)
            while frame is not None:
                found.append(str(frame.f_globals.get("__name__", "")))
                frame = frame.f_back
            return function(*args, **kwargs)

        return asks

    for name in ("prompt", "confirm"):
        monkeypatch.setattr(click, name, watched(getattr(click, name)))
    monkeypatch.setattr(click, "edit", watched(lambda filename: None))
    return found


def all_lines(home: HostileHome, tmp_path: Path) -> list[tuple[str, ...]]:
    """Every command line, without `--yes`."""
    table = tmp_path / "table.csv"
    table.write_text(TABLE)
    plain = [tuple(word for word in line.words if word != "--yes") for line in command_lines()]
    also = [tuple(word.replace("{table}", str(table)) for word in words) for words in ALSO]
    return [home.about(words, 3) for words in (*plain, *also)]


def lines_that_ask(home: HostileHome, asked: list[str], tmp_path: Path) -> dict[tuple[str, ...], set[str]]:
    """The command lines that ask at a terminal whose input has ended, each with the modules that do."""
    modules = asking_modules()
    lines = {}
    for words in all_lines(home, tmp_path):
        home.renew()
        before = home.state()
        asked.clear()
        result = home.crm(*(words or ("--",)), columns=80, typed="")
        if asked:
            lines[words] = modules & {*asked}
            assert home.state() == before, words
            assert result.code == 1 or begins(words, EDIT), (words, result)
            assert "Traceback" not in result.err
    return lines


def test_every_module_that_asks_is_reached_and_ends_with_the_input(
    few: HostileHome, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nor is anything asked of a pipe, however often it says yes: that could be meant for anything."""
    monkeypatch.chdir(tmp_path)
    lines = lines_that_ask(few, asked, tmp_path)
    asked.clear()

    for words in lines:
        few.renew()
        before = few.state()
        result = few.crm(*words, columns=80, stdin="yes\n" * 50)
        assert result.code in {1, 2} or begins(words, SHOW), words
        assert few.state() == before, words

    assert asked == []
    assert set.union(*lines.values()) == asking_modules(), "say in ALSO with what words the missing ones ask"
    assert len(lines) > 12


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
def test_real_processes_end_where_nobody_answers(
    few: HostileHome, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    lines = list(lines_that_ask(few, asked, tmp_path))
    few.renew()
    before = few.state()

    for words in lines:
        running = {stdin: Process(few.crm, words, stdin) for stdin in ("null", "closed", "terminal", "hung-up")}
        for stdin, process in running.items():
            code = process.end()
            fine = begins(words, SHOW if stdin in {"null", "closed"} else EDIT)
            assert code in {1, 2} or fine, (stdin, words, code)
        assert few.state() == before, words


def begins(words: tuple[str, ...], beginnings: Iterable[tuple[str, ...]]) -> bool:
    return any(words[: len(beginning)] == beginning for beginning in beginnings)


class Process:
    """A real process of the program whose standard input is what its name says.

    `terminal`: somebody types Ctrl-D, and again where nothing comes of it: one typed before the program begins to edit
    lines is lost. `hung-up`: the terminal goes away at the first word on it.
    """

    def __init__(self, crm: Crm, words: tuple[str, ...], stdin: str) -> None:
        command = [sys.executable, "-c", "from crm_core.cli.main import run; run()", *words]
        environ = {**os.environ, **crm.environ, "VISUAL": "true", "PYTHONPATH": os.pathsep.join(sys.path)}
        environ.pop("CRM_STRICT")
        self._ours = -1
        if stdin == "closed":
            shell = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
            self._process = subprocess.Popen(shell, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ)
        elif stdin == "null":
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ
            )
        else:
            self._ours, theirs = os.openpty()
            self._process = subprocess.Popen(
                command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
            )
            os.close(theirs)
            self._hangs_up = stdin == "hung-up"

    def end(self) -> int:
        """Its exit code; minus the signal that ended it."""
        try:
            code = self._process.wait(timeout=60) if self._ours < 0 else self._read()
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        if self._process.stdout is not None:
            said = self._process.stdout.read().decode("utf-8", "replace")
            assert "Traceback" not in said
            self._process.stdout.close()
        return 1 if code == -signal.SIGHUP else code

    def _piece(self) -> bytes:
        """Some more of what it writes; while nothing comes, what somebody types who wants to leave."""
        while not self._hangs_up and not select.select([self._ours], [], [], 0.3)[0]:
            os.write(self._ours, b"\x04")
        return os.read(self._ours, 4096)

    def _read(self) -> int:
        """Read what it writes, or it would wait for that."""
        said = b""
        with suppress(OSError):  # which is how it ends where its other end is closed
            while piece := self._piece():
                said += piece
                if self._hangs_up:
                    break
        os.close(self._ours)
        assert b"Traceback" not in said
        return self._process.wait(timeout=60)
