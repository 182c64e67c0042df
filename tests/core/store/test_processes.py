"""Several processes on one book: nothing confirmed is ever lost, whoever is killed when."""

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from crm_core.store.tiny import TinyStore
from tests.core.making import open_book
from tests.core.store.contract import people

ADD = """
import sys
from pathlib import Path
from crm_core.records import Contact
from tests.core.making import open_book
name, path, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
book = open_book(path)
for number in range(count):
    with book.change(f"added {name} {number}"):
        added = book.contacts.add(Contact(name=f"{name} {number}"))
    print(added.id, added.name, flush=True)
"""


def start(path: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """Another process that adds people to the book and says each one when it is in."""
    return subprocess.Popen(
        [sys.executable, "-c", ADD, name, str(path), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=Path(__file__).parents[3],
    )


def confirmed(output: str) -> list[tuple[str, str]]:
    """Ids and names of those lines that were written to their end."""
    lines = output.splitlines(keepends=True)
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].rstrip("\n")) for line in lines if line.endswith("\n")]


def in_book(path: Path) -> list[tuple[str, str]]:
    return [(contact.id, contact.name) for contact in open_book(path).contacts]


def test_four_processes_that_write_at_once_lose_nothing(tmp_path: Path):
    path = tmp_path / "book.json"

    writers = [start(path, name, 25) for name in ("Ana", "Ben", "Cara", "Dora")]
    said = [line for writer in writers for line in confirmed(writer.communicate(timeout=120)[0])]

    assert [writer.returncode for writer in writers] == [0] * 4
    assert len(said) == len(dict(said)) == 100
    assert sorted(said) == sorted(in_book(path))
    store = TinyStore(path)
    assert (store.revision, len(store.history()), len(people(store, "contacts"))) == (100, 100, 100)


@pytest.mark.slow
def test_forty_killed_writers_lose_nothing_that_they_confirmed(tmp_path: Path):
    path = tmp_path / "book.json"
    chance = random.Random(2026)
    said: list[tuple[str, str]] = []

    for round_ in range(20):
        writers = [start(path, f"{name} {round_}", 10_000) for name in ("Ana", "Ben")]
        said += _kill(writers, chance)
        kept = in_book(path)
        assert len(dict(kept)) == len(kept)
        assert set(said) <= set(kept)

    assert len(said) > 100
    assert sorted(file.name for file in tmp_path.iterdir()) in (
        ["backups", "book.json", "book.json.tmp", "book.lock"],
        ["backups", "book.json", "book.lock"],
    )


def _kill(writers: Sequence["subprocess.Popen[str]"], chance: random.Random) -> list[tuple[str, str]]:
    """Kill each at a moment of its own, but not before it has confirmed something."""
    said = []
    for writer in writers:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        try:
            writer.wait(timeout=chance.uniform(0, 0.3))
        except subprocess.TimeoutExpired:
            writer.kill()
        said += confirmed(first + writer.communicate()[0])
    return said
