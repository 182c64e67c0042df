"""Running command lines in a test: in a home of its own, at a fixed moment, on the screen of a pipe."""

from __future__ import annotations

import io
import shlex
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from crm_core.book import Book
from crm_core.cli.app import App
from crm_core.cli.main import main
from crm_core.cli.screen.output import Output
from crm_core.files import Places
from crm_core.host.discovery import find_plugins
from crm_core.host.switches import switch

PRESENT: Final = "2026-11-23T12:00"
ZONE: Final = "Europe/Berlin"


class Result(msgspec.Struct, frozen=True):
    """What one command line gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON that it printed."""
        return msgspec.json.decode(self.out)

    @property
    def items(self) -> Any:
        """The items of its JSON envelope."""
        return self.data["items"]

    @property
    def item(self) -> Any:
        """The one item of its JSON envelope."""
        return self.data["item"]

    @property
    def error(self) -> Any:
        """The error of its JSON envelope on standard error."""
        return msgspec.json.decode(self.err.splitlines()[-1])["error"]


class Keyboard(io.StringIO):
    """A standard input at which somebody sits; it holds what they type."""

    def isatty(self) -> bool:
        """It says that it is a terminal."""
        return True


class Crm:
    """Runs command lines in a home of its own, as if it were always the same moment.

    Args:
        home: The folder for all files.
        today: The present, a date or local date-time.
    """

    def __init__(self, home: Path, today: str = PRESENT) -> None:
        self.home = home
        self.environ = {"CRM_HOME": str(home), "CRM_TODAY": today, "TZ": ZONE}

    @property
    def today(self) -> str:
        """The present; set it to travel in time."""
        return self.environ["CRM_TODAY"]

    @today.setter
    def today(self, present: str) -> None:
        self.environ["CRM_TODAY"] = present

    def __call__(self, *words: str, columns: int | None = None, stdin: str = "", typed: str | None = None) -> Result:
        """Run a command line and give whatever comes of it.

        Args:
            words: One string as a shell would split it, or the words themselves.
            columns: Pretend a terminal that wide; None for a pipe.
            stdin: What the command reads; nobody is there to be asked.
            typed: What somebody who is there types at the questions, then the end of input; None if nobody is.
        """
        argv = shlex.split(words[0]) if len(words) == 1 else list(words)
        out, err, before = io.StringIO(), io.StringIO(), (sys.stdin, sys.stdout, sys.stderr)
        pipe = io.TextIOWrapper(io.BytesIO(stdin.encode()))
        sys.stdin, sys.stdout, sys.stderr = pipe if typed is None else Keyboard(typed), out, err
        try:
            code = main(argv, self.environ, Output(out, err, columns))
        finally:
            sys.stdin, sys.stdout, sys.stderr = before
        return Result(code, out.getvalue(), err.getvalue())

    def ok(self, *words: str, columns: int | None = None, stdin: str = "", typed: str | None = None) -> Result:
        """Run a command line that must end well."""
        result = self(*words, columns=columns, stdin=stdin, typed=typed)
        assert result.code == 0, f"{words} ended with {result.code}: {result.err or result.out}"
        return result

    def only(self, *plugins: str) -> None:
        """Switch the other first-party plugins off, for a test whose screens shall not change with each new plugin."""
        switches = Places.under(self.home).switches
        for found in find_plugins(sys.path):
            if found.own:
                switch(switches, found.name, on=found.name in plugins)

    @property
    def book(self) -> Book:
        """The book as the next command would open it, to add records directly or to look into it."""
        return App([], self.environ, Output(io.StringIO(), io.StringIO())).book
