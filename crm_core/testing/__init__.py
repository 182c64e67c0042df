"""Testing the core and plugins: load the fixtures by `pytest_plugins = ["crm_core.testing"]` in a conftest.

Each test has a home of its own, a fixed clock and the screen of a pipe; nothing touches the user's book. Command lines
are run in `running.py`, time is in `clock.py`, plugins get into a test in `plugging.py`, what every plugin must hold to
is in `contract.py`, on the books of `strange.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_core import demo
from crm_core.book import Book
from crm_core.testing.clock import Clock
from crm_core.testing.contract import PluginContract
from crm_core.testing.plugging import HEAVY, HEAVY_FOR_HELP, WithPlugin
from crm_core.testing.running import PRESENT, ZONE, Crm, Keyboard, Result

__all__ = (
    "HEAVY",
    "HEAVY_FOR_HELP",
    "PRESENT",
    "ZONE",
    "Clock",
    "Crm",
    "Keyboard",
    "PluginContract",
    "Result",
    "WithPlugin",
    "book",
    "crm",
    "freeze",
    "sample_book",
    "with_plugin",
)


@pytest.fixture
def crm(tmp_path: Path) -> Crm:
    """Runs command lines on an empty book: `crm.ok("contact add 'Ana Silva'")`."""
    return Crm(tmp_path / "crm")


@pytest.fixture
def book(crm: Crm) -> Book:
    """An empty book with every installed plugin's kinds of record."""
    return crm.book


@pytest.fixture
def sample_book(crm: Crm) -> Book:
    """The job search of `crm demo`, told from the test's present; command lines of `crm` run on it too."""
    demo.make(crm.book)
    return crm.book


@pytest.fixture
def freeze(crm: Crm) -> Clock:
    """Sets the present, `freeze("2026-12-24T18:00")`, or moves it, `freeze.travel(days=3)`; gives the new one."""
    return Clock(crm)


@pytest.fixture
def with_plugin(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WithPlugin]:
    """Makes a module, an object or a file a plugin for this test: `with_plugin("crm_coffee")`."""
    plugging = WithPlugin(crm, tmp_path / "plugged", monkeypatch)
    yield plugging
    plugging.forget()
