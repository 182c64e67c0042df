"""A book that was cut off, changed, emptied or replaced by something else, as whoever types commands meets it.

Whatever the file is: it is never taken for an empty book, never written over, and the command that the refusal names
brings the people back, while what was in the file is kept.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from crm_core.testing import Crm
from tests.hostile.command_lines import CommandLine, command_lines

MAIN: Final = "from crm_core.cli.main import run; run()"
PEOPLE: Final = ("Ana Silva", "Mara Lindqvist", "Tom Okafor")
"""Those in the newest backup; another came after it."""
RESTORES: Final = re.compile(r"crm (restore \S+)")
TYPED: Final = ("contact list", "contact add 'Zoe Vale'", "agenda", "undo", "contact show c1 --json")
"""What is tried on each damaged book: looking and changing, for people and for programs."""


class Home:
    """A home that is as at first whenever something is to happen to its book."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.book = crm.home / "book.json"
        self._kept = crm.home.with_name("kept")
        crm.today = "2026-11-20T09:00"
        for name in PEOPLE:
            crm.ok("contact", "add", name)
        crm.today = "2026-11-23T12:00"
        crm.ok("contact add 'Ben Vale'")
        self.whole = self.book.read_bytes()
        shutil.copytree(crm.home, self._kept)

    def renew(self) -> None:
        shutil.rmtree(self.crm.home)
        shutil.copytree(self._kept, self.crm.home)

    def people(self) -> list[str]:
        return sorted(person["name"] for person in self.crm.ok("contact list --json").items)

    def told(self, *commands: str) -> str:
        """Give commands, each of which is refused; the command that the refusal says restores the book."""
        before = self.book.read_bytes()
        for command in commands:
            result = self.crm(command)
            assert (result.code, result.out) == (4, ""), (command, result)
            assert str(self.book) in result.err
            assert self.book.read_bytes() == before, command
            (told,) = re.findall(RESTORES, result.err)
        return told

    def restore(self, told: str) -> None:
        """Type what was told, and answer its question."""
        damaged = self.book.read_bytes()

        self.crm.ok(told, typed="y\n")

        assert self.people() == [*PEOPLE]
        kept = [path.read_bytes() for path in (self.crm.home / "backups").glob("*-unreadable.json")]
        assert kept == [damaged]
        self.crm.ok("contact add 'Zoe Vale'")
        self.crm.ok("doctor")


@pytest.fixture(scope="module")
def home_once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """See `home`."""
    return Home(Crm(tmp_path_factory.mktemp("damaged") / "crm"))


@pytest.fixture
def home(home_once: Home) -> Home:
    """A book with four people, the newest backup of which has three."""
    home_once.renew()
    return home_once


@pytest.mark.parametrize("percent", range(100))
def test_a_book_cut_off_at_any_hundredth_is_refused_and_restored(home: Home, percent: int):
    home.book.write_bytes(home.whole[: len(home.whole) * percent // 100])

    home.restore(home.told(*(TYPED[:2] if percent % 10 else TYPED)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_a_book_with_flipped_bytes_is_refused_and_restored(home: Home, seed: int):
    """One byte, or some, or a run of them."""
    chance, damaged = random.Random(seed), bytearray(home.whole)
    start = chance.randrange(len(damaged) - 1)
    places = (
        [start],
        [chance.randrange(len(damaged) - 1) for _ in range(seed)],
        range(start, min(start + seed * 10, len(damaged) - 1)),
    )[seed % 3]
    for place in {*places, start}:
        damaged[place] ^= chance.randrange(1, 256)
    home.book.write_bytes(damaged)

    home.restore(home.told(*TYPED))


def _database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("create table contacts (name)")
        database.execute("insert into contacts values ('Ana Silva')")
        return database.serialize()


def _archive() -> bytes:
    with zipfile.ZipFile(packed := io.BytesIO(), "w") as archive:
        archive.writestr("book.json", "{}")
    return packed.getvalue()


OTHERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "empty": lambda whole: b"",
    "zeros": lambda whole: bytes(len(whole)),
    "zeros at the end": lambda whole: whole[: len(whole) // 2].ljust(len(whole), b"\0"),
    "a hole": lambda whole: whole[:200] + bytes(4096) + whole[200:],
    "twice": lambda whole: whole + whole,
    "the end missing and added again": lambda whole: whole[:-40] + b"}}\n",
    "with a byte order mark": lambda whole: b"\xef\xbb\xbf" + whole,
    "as UTF-16": lambda whole: whole.decode().encode("utf-16"),
    "with Windows line ends": lambda whole: whole.replace(b"Ana", b"Ana\r\n"),
    "formatted by another program": lambda whole: json.dumps(json.loads(whole), indent=2, sort_keys=True).encode(),
    "with a name changed by hand": lambda whole: whole.replace(b"Mara", b"Clara"),
    "compressed": gzip.compress,
    "a database": lambda whole: _database(),
    "an archive": lambda whole: _archive(),
    "another program's JSON": lambda whole: b'{"name": "crm", "version": "1.0.0", "dependencies": {}}',
    "another TinyDB": lambda whole: b'{"_default": {"1": {"name": "Ana Silva"}}}',
    "a list": lambda whole: b"[]",
    "an empty object": lambda whole: b"{}",
    "vCards": lambda whole: b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Silva\r\nEND:VCARD\r\n",
    "a web page": lambda whole: b"<!DOCTYPE html><title>404 Not Found</title>",
    "a merge conflict": lambda whole: b"<<<<<<< ours\n" + whole + b"=======\n" + whole + b">>>>>>> theirs\n",
    "a pointer of a large file": lambda whole: b"version https://git-lfs.example/spec/v1\noid sha256:00\nsize 4\n",
    "noise": lambda whole: random.Random(1).randbytes(len(whole)),
}


@pytest.mark.parametrize("other", OTHERS)
def test_whatever_lies_in_its_place_is_refused_and_the_book_restored(home: Home, other: str):
    home.book.write_bytes(OTHERS[other](home.whole))

    home.restore(home.told(*TYPED))


def test_what_it_exports_is_no_book_either(home: Home, tmp_path: Path):
    home.crm.ok("export", "json", "-o", str(tmp_path / "exported.json"))
    home.book.write_bytes((tmp_path / "exported.json").read_bytes())

    home.restore(home.told(*TYPED))


def test_a_book_that_is_gone_is_refused_and_restored(home: Home):
    home.book.unlink()
    told = set()
    for command in TYPED:
        result = home.crm(command)
        assert result.code == 4
        assert not home.book.exists()
        told |= set(re.findall(RESTORES, result.err))

    assert len(told) == 1
    home.crm.ok(*told, typed="y\n")
    assert home.people() == [*PEOPLE]


@pytest.mark.parametrize("line", list(command_lines()), ids=lambda line: line.path)
def test_no_command_writes_over_a_damaged_book(
    home: Home, line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each of the program's, with words that would do something. Only what asks nothing of the book ends as usual."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards.vcf").write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Brandnew\nEND:VCARD\n")
    names = {"step": "bcdf", "skipped": "bcdf", "cards": "cards.vcf", "backup": "b2", "out": "out"}
    words = [word.format(n=1, other=2, **names) for word in line.words] or ["--"]
    usual = home.crm(*words)
    home.renew()
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    (tmp_path / "out").unlink(missing_ok=True)
    damaged = home.whole[: len(home.whole) // 2]
    home.book.write_bytes(damaged)

    result = home.crm(*words)

    if line.path == "crm restore":
        assert home.people() == [*PEOPLE]
        return
    assert home.book.read_bytes() == damaged
    if line.path == "crm doctor":
        assert "crm restore b2" in result.out + result.err
    elif not line.path.startswith("crm plugins"):  # which says of a plugin only what it has been asked so far
        assert result.code == 4 or (result.code, result.out) == (usual.code, usual.out), result


@pytest.mark.slow
@pytest.mark.parametrize("other", ["empty", "zeros", "a database", "cut off"])
def test_a_real_shell_gets_the_people_back(home: Home, other: str):
    """Processes of their own: what the one prints is what the next is given."""
    home.book.write_bytes(OTHERS.get(other, lambda whole: whole[:-1000])(home.whole))
    environ = {**os.environ, **home.crm.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def crm(line: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", MAIN, *shlex.split(line)]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    refused = crm("contact list")
    assert (refused.returncode, refused.stdout) == (4, "")
    (told,) = re.findall(RESTORES, refused.stderr)
    assert crm(f"{told} --yes").returncode == 0
    listed = crm("contact list").stdout
    assert [name for name in PEOPLE if name in listed] == [*PEOPLE]
