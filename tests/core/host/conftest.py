"""Plugins for the host's tests: installed as folders with their metadata, found and imported like any other."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host

GOOD = """
import click
from datetime import date
from crm_core import Command, Record, RecordKind, Row, Section, Step, hookimpl

class Pause(Record, frozen=True, kw_only=True):
    reason: str = ""

class Settings(Section, frozen=True, kw_only=True):
    \"\"\"Of the good plugin.\"\"\"

    number: int = 5

@hookimpl
def crm_records():
    yield RecordKind(type=Pause, prefix="gp", label="pause", plural="pauses", table="crm_good.pauses")

@hookimpl
def crm_settings():
    return Settings

@hookimpl
def crm_steps(book):
    yield Step(kind="good", title="Do good", why="", starts=book.today, due=book.today)

@hookimpl
def crm_done(book, step, on):
    return True

@hookimpl
def crm_checklist(interview, steps):
    yield Row(number=len(steps) + 1, title="Do good", state="due", why=interview.id)

@hookimpl
def crm_commands():
    yield Command("good", "Do good", "crm_good:good")
"""
PREFACE = "from crm_core import Command, Record, RecordKind, Row, Section, Step, hookimpl\n"
Install = Callable[..., None]
MakeHost = Callable[..., "Told"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed distributions, first on the path; what is imported from it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for module in folder.glob("*.py"):
        sys.modules.pop(module.stem, None)


@pytest.fixture
def install(site: Path) -> Install:
    """`install("crm_bad", "def ...")`: a distribution with one module and one entry point."""

    def install(
        name: str, source: str, *, distribution: str = "", version: str = "1.2", target: str = "", folder: Path = site
    ) -> None:
        module = target.partition(":")[0] or name
        folder.mkdir(exist_ok=True)
        (folder / f"{module}.py").write_text(PREFACE + dedent(source))
        metadata = folder / f"{distribution or name}-{version}.dist-info"
        metadata.mkdir()
        (metadata / "entry_points.txt").write_text(f"[crm_core]\n{name} = {target or module}\n")

    return install


class Told(Host):
    """A host that remembers what it said."""

    lines: list[str]


@pytest.fixture
def host(site: Path, install: Install) -> MakeHost:
    """Makes a host of what is installed, and of a good plugin beside it."""
    install("crm_good", GOOD)

    def make(**options) -> Told:
        lines: list[str] = []
        made = Told(find_plugins([str(site)]), **{"warn": lines.append, **options})
        made.lines = lines
        return made

    return make
