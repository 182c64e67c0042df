"""Fixtures for tests of the command line: a plugin installed for one test."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a plugin of one module for this test: `install("name", "its source")`."""
    folder = tmp_path / "site"
    folder.mkdir()

    def add(name: str, source: str) -> None:
        (folder / f"{name}.py").write_text(source)
        metadata = folder / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "entry_points.txt").write_text(f"[crm_core]\n{name} = {name}\n")

    monkeypatch.syspath_prepend(str(folder))
    yield add
    for path in folder.glob("*.py"):
        sys.modules.pop(path.stem, None)
