"""Homes whose books are full of hostile texts, without a network and without anything to open addresses with."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path

import click
import pytest

from crm_core.files import Places
from crm_core.settings import Settings
from crm_core.testing import Crm
from tests.hostile.filling import fill
from tests.hostile.words import STORABLE

CARDS = "BEGIN:VCARD\nVERSION:3.0\nFN:Brandnew\nEND:VCARD\n"
RECORDS = 2 * len(STORABLE)


class HostileHome:
    """Command lines on a book with two records of every kind for each text, the same at each.

    Attributes:
        opened: The addresses that a browser or a mail program was to open.
    """

    def __init__(self, home: Path, texts: Iterable[str]) -> None:
        self.crm = crm = Crm(home)
        crm.environ["CRM_STRICT"] = "1"
        self.opened: list[str] = []
        texts = list(texts)
        fill(crm.book, texts)
        for field in ("name", "phone", "address", "links"):
            crm.ok("me", "set", field, texts[0])
        # No command takes it for an address, but whoever edits the file may write it there.
        Settings(Places.under(home).config, {}).set("me", "email", texts[0])
        self._records = len(crm.book.contacts)
        for _ in range(2):
            crm.ok("contact", "add", "Zoe Twin", "--email", "zoe@example.com", "--new")
        backup = home.with_name("backup.json")
        crm.ok("backup", str(backup))
        step, skipped = (item["handle"] for item in crm.ok("agenda", "--json").items[:2])
        crm.ok("skip", skipped, "--because", "an example")
        crm.ok("note", "add", "i1", "taken back")
        crm.ok("undo")
        cards = home.with_name("cards.vcf")
        cards.write_text(CARDS)
        files = {"cards": cards, "backup": backup, "out": home.with_name("out")}
        self._places = {"step": step, "skipped": skipped, **{name: str(path) for name, path in files.items()}}
        self._kept = {path: path.read_bytes() for path in (home / "book.json", home / "config.toml")}

    def renew(self) -> None:
        """Let the book and the settings be as at first, and everything else be gone: switches, a demo, backups."""
        for path in (*self.crm.home.iterdir(), *self.crm.home.parent.glob("out")):
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != "book.lock" and path not in self._kept:
                path.unlink()
        for path, data in self._kept.items():
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)

    def state(self) -> dict[str, bytes]:
        """Every file of the home but the lock."""
        files = (path for path in self.crm.home.rglob("*") if path.is_file() and path.name != "book.lock")
        return {str(path.relative_to(self.crm.home)): path.read_bytes() for path in files}

    def about(self, words: tuple[str, ...], number: int) -> tuple[str, ...]:
        """Words with placeholders, about the records of a number."""
        return tuple(word.format(n=number, other=number % self._records + 1, **self._places) for word in words)


@pytest.fixture(scope="package")
def many_once(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    """See `many`."""
    return HostileHome(tmp_path_factory.mktemp("many") / "crm", (" | ".join(texts) for texts in STORABLE.values()))


@pytest.fixture(scope="package")
def few_once(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    """See `few`."""
    return HostileHome(tmp_path_factory.mktemp("few") / "crm", ("Ana", "Ben"))


@pytest.fixture
def many(many_once: HostileHome, alone: None) -> HostileHome:
    """A home with `RECORDS` records of every kind, full of hostile texts."""
    many_once.renew()
    many_once.opened.clear()
    return many_once


@pytest.fixture
def few(few_once: HostileHome, alone: None) -> HostileHome:
    """A home with a few harmless records of every kind."""
    few_once.renew()
    return few_once


@pytest.fixture
def alone(many_once: HostileHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No network, no browser, a folder to start in, and no waiting for a disk, which these tests are not about."""

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "there is no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    monkeypatch.setattr(click, "launch", lambda url: many_once.opened.append(url) or 0)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    monkeypatch.chdir(tmp_path)
