"""What a page tells its reader to do, in its order: files to write, commands to type and what they show.

`python -m tests.docs.pages` types the guides for plugin authors, and writes what is shown now into them: look what it
changes. Those of distributions need an environment for each; for them, change by hand what the install tests say.

A fenced block of Python or TOML is a file if the words above it end with its path in backticks and a colon; a `console`
block holds commands, each after a dollar, and below it what it shows. Words that end with "add:" add to the file.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from crm_core.testing import PRESENT, ZONE
from tests.docs.reference import ROOT

GUIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "first-plugin.md": ("try/plugins/pay.py", "try/plugins/pay.py", "conftest.py", "test_pay.py"),
    "letters.md": ("try/plugins/walk.py", "try/plugins/walk.py"),
    "settings.md": ("try/plugins/tea.py",),
    "storage.md": ("try/plugins/favours.py",),
}
"""The pages for plugin authors that a test types, with the files that each has its reader write."""

_BLOCK = re.compile(
    r"(?:`(?P<path>[\w./-]+\.\w+)`(?P<how>[^`\n]*):\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)
_EXPORT = re.compile(r'export (\w+)="?(.*?)"?')
_SLOW = re.compile(r"^.* is taking long in .*\n", re.MULTILINE)  # what a busy machine adds
_TIMES = ((re.compile(r"in \d+\.\d\ds"), "in 1.00s"), (re.compile(r"in \d+\.\d ms"), "in 1.0 ms"))


class File(NamedTuple):
    """A file to write: its path from where the reader is, and what shall be in it, or be added to it."""

    path: str
    text: str
    added: bool = False


class Typed(NamedTuple):
    """A command to type, and what the page says that it shows."""

    command: str
    shown: str


def acts_of(page: str) -> Iterator[File | Typed]:
    """The files and commands of a page under `docs`, as a reader comes by them."""
    for block in _BLOCK.finditer((ROOT / "docs" / page).read_text("utf-8")):
        if block["kind"] == "console":
            for typed in block["text"].removeprefix("$ ").split("\n$ "):
                command, _, shown = typed.partition("\n")
                yield Typed(command, shown.strip("\n"))
        elif block["path"]:
            yield _file(block)


def retyped(page: str, reader: Reader) -> str:
    """The text of a page under `docs`, each command with what is shown when that reader types it."""

    def done(block: re.Match[str]) -> str:
        if block["kind"] == "console":
            commands = [typed.partition("\n")[0] for typed in block["text"].removeprefix("$ ").split("\n$ ")]
            shown = "".join(f"$ {command}\n{reader.type(command)}".rstrip("\n") + "\n" for command in commands)
            return f"{block[0][: block.start('text') - block.start()]}{shown}```"
        if block["path"]:
            reader.write(_file(block))
        return block[0]

    return _BLOCK.sub(done, (ROOT / "docs" / page).read_text("utf-8"))


def stranger(folder: Path, programs: Path, environ: Mapping[str, str] | None = None) -> Reader:
    """Somebody in an empty folder, on the pages' Monday.

    Args:
        folder: Where they are.
        programs: The folder of `crm`, `python` and the like.
        environ: What else their shell knows.
    """
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    usual = {"CRM_TODAY": PRESENT, "PATH": path, "PYTHONUNBUFFERED": "1", "TZ": ZONE}
    return Reader(folder, usual | dict(environ or {}))


def _file(block: re.Match[str]) -> File:
    return File(block["path"], block["text"], added=block["how"].endswith("add"))


class Reader:
    """A stranger with a shell who does what a page says.

    Args:
        folder: Where they are, an empty folder; the page calls it `~`.
        environ: What their shell knows to begin with.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = self._here = folder
        self._environ = {"HOME": str(folder), "LANG": "C.UTF-8", **environ}

    def write(self, file: File) -> None:
        """Put a file where the page says, in place of what is there, or below it."""
        path = self._here / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") + "\n\n" if file.added else ""
        path.write_text(before + file.text, "utf-8")

    def type(self, command: str) -> str:
        """Type a command; returns what is shown, as a page would show it."""
        exported = _EXPORT.fullmatch(command)
        if exported:
            self._environ[exported[1]] = exported[2].replace("$PWD", str(self._here))
            return ""
        if command.startswith("cd "):
            self._here /= command.removeprefix("cd ")
            return ""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self._here,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        shown = _SLOW.sub("", done.stdout).replace(str(self._folder), "~")
        for took, said in _TIMES:
            shown = took.sub(said, shown)
        return shown.strip("\n")


if __name__ == "__main__":
    for guide in GUIDES:
        with tempfile.TemporaryDirectory() as empty:
            now = retyped(f"plugin-authors/{guide}", stranger(Path(empty), Path(sys.executable).parent))
        (ROOT / "docs/plugin-authors" / guide).write_text(now, "utf-8")
