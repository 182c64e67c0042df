"""A newer version of a plugin comes to an older book, and what becomes of the commands if that goes wrong."""

from __future__ import annotations

import sys
from string import Template

import pytest

from crm_core.testing import Crm

PLUGIN = Template("""
import click
from crm_core import Command, Migration, Record, RecordKind, Step, hookimpl, pass_book

class Walk(Record, frozen=True, kw_only=True):
    $field: str

def renamed(document):
    document["target"] = document.pop("$popped")
    return document

RENAMED = Migration(to=2, name="rename the target", change=renamed, marks=lambda key: key.replace("/go/", "/walk/"))
WALKS = RecordKind(
    type=Walk, prefix="wa", label="walk", plural="walks", table="crm_walks.walks", migrations=$migrations
)

@hookimpl
def crm_records():
    return [WALKS]

@hookimpl
def crm_steps(book, since, until):
    for walk in book.table(Walk):
        title = f"Walk to {walk.$field}"
        yield Step(kind="$step", title=title, why="air", about=walk.id, starts=book.today, due=book.today)

@hookimpl
def crm_commands():
    return [Command("walk", "Walks", target="crm_walks:walk")]

@click.command(epilog="crm walk")
@click.argument("to")
@pass_book
def walk(book, to):
    with book.change("a walk"):
        book.table(Walk).add(Walk($field=to))
""")
FIRST = PLUGIN.substitute(field="to", popped="to", migrations="()", step="go")
SECOND = PLUGIN.substitute(field="target", popped="to", migrations="(RENAMED,)", step="walk")
BROKEN = PLUGIN.substitute(field="target", popped="towards", migrations="(RENAMED,)", step="walk")


@pytest.fixture
def become(install, tmp_path):
    """Install the plugin in one version, or put another in its place; None takes it away."""

    def put(source: str | None) -> None:
        folder = tmp_path / "site"
        sys.modules.pop("crm_walks", None)
        for old in sorted(folder.rglob("*"), reverse=True):
            old.unlink() if old.is_file() else old.rmdir()
        if source is not None:
            install("crm_walks", source)

    return put


@pytest.fixture
def walked(crm: Crm, become) -> Crm:
    """A book that the first version wrote into: two walks, one of which was skipped."""
    crm.only()
    become(FIRST)
    crm.ok("walk 'the mill'")
    crm.ok("walk 'the sea'")
    handle = next(step["handle"] for step in crm.ok("agenda --json").items if "mill" in step["title"])
    crm.ok("skip", handle, "--because", "it rains")
    return crm


def titles(crm: Crm) -> list[tuple[str, str]]:
    return [(step["title"], step["state"]) for step in crm.ok("agenda --all --json").items]


def test_the_first_command_brings_the_records_up(walked: Crm, become):
    before = titles(walked)
    become(SECOND)

    assert titles(walked) == before == [("Walk to the mill", "skipped"), ("Walk to the sea", "due")]
    walked.ok("walk 'the hill'")
    assert len(titles(walked)) == 3
    reasons = [row["reason"] for row in walked.ok("backup --list --json").items]
    assert reasons.count("migration") == 1


def test_a_migration_that_fails_costs_the_plugin_its_part_of_this_run(walked: Crm, become):
    become(BROKEN)

    result = walked("agenda")

    assert result.code == 3
    assert "crm_walks" in result.err
    assert "rename the target: the walk wa1: KeyError: 'towards'" in result.err
    assert "Traceback" not in result.err
    assert "Walk to" not in result.out
    walked.ok("contact add 'Ana Silva'")
    assert "crm_walks" in walked("plugins").out


def test_the_plugins_own_command_says_why_it_can_do_nothing(walked: Crm, become):
    become(BROKEN)

    result = walked("walk 'the hill'")

    assert result.code == 1
    assert "Walk records can't be used" in result.err
    assert "fault of crm" not in result.err


def test_its_records_are_there_when_it_is_mended(walked: Crm, become):
    become(BROKEN)
    walked("agenda")
    walked.ok("contact add 'Ana Silva'")

    become(SECOND)

    assert titles(walked) == [("Walk to the mill", "skipped"), ("Walk to the sea", "due")]


def test_its_records_are_there_when_it_comes_back_in_a_newer_version(walked: Crm, become):
    become(None)
    walked.ok("contact add 'Ana Silva'")
    assert walked("walk 'the hill'").code == 2

    become(SECOND)

    assert titles(walked) == [("Walk to the mill", "skipped"), ("Walk to the sea", "due")]


def test_an_older_version_is_off_and_loses_nothing(walked: Crm, become):
    become(SECOND)
    titles(walked)
    become(FIRST)

    result = walked("agenda")

    assert result.code == 3
    assert "its records are of version 2, it knows those up to 1" in result.err
    walked.ok("contact add 'Ana Silva'")
    become(SECOND)
    assert titles(walked) == [("Walk to the mill", "skipped"), ("Walk to the sea", "due")]


def test_a_backup_of_before_comes_back_and_is_brought_up_again(walked: Crm, become):
    become(SECOND)
    titles(walked)
    backup = next(row["id"] for row in walked.ok("backup --list --json").items if row["reason"] == "migration")
    walked.ok("walk 'the hill'")

    walked.ok("restore", backup, "--yes")

    assert titles(walked) == [("Walk to the mill", "skipped"), ("Walk to the sea", "due")]


def test_a_failing_migration_raises_where_tests_want_it(walked: Crm, become):
    become(BROKEN)
    walked.environ["CRM_STRICT"] = "1"

    result = walked("agenda")

    assert result.code == 1
    assert "rename the target" in result.err


def test_a_migration_of_the_core_that_fails_refuses_the_book(crm: Crm, monkeypatch: pytest.MonkeyPatch):
    from msgspec.structs import replace

    from crm_core import records
    from crm_core.records import Contact, Migration

    crm.ok("contact add 'Ana Silva'")
    failing = Migration(to=2, name="walk on water", change=lambda document: document["boat"])
    kinds = [replace(kind, migrations=(failing,)) if kind.type is Contact else kind for kind in records.CORE_KINDS]
    before = (crm.home / "book.json").read_bytes()
    monkeypatch.setattr(records, "CORE_KINDS", tuple(kinds))

    result = crm("contact list")

    assert result.code == 4
    assert "walk on water: the contact c1: KeyError: 'boat'" in result.err
    assert (crm.home / "book.json").read_bytes() == before
