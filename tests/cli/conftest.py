"""Fixtures for tests of the command line: a plugin installed for one test."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a plugin of one module for this test: `install("name", "its source")`."""
    folder = tmp_path / "site"
    folder.mkdir()

    def add(name: str, source: str, *, module: str = "", requires: str = "") -> None:
        module = module or name
        (folder / f"{module}.py").write_text(source)
        metadata = folder / f"{module}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "entry_points.txt").write_text(f"[crm_core]\n{name} = {module}\n")
        if requires:
            (metadata / "METADATA").write_text(f"Name: {module}\nRequires-Dist: crm-core{requires}\n")

    monkeypatch.syspath_prepend(str(folder))
    yield add
    for path in folder.glob("*.py"):
        sys.modules.pop(path.stem, None)
