"""A stranger who does what the page for beginners says, line by line, sees what the page shows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.docs.pages import File, Reader, Typed, acts_of

FIRST_PLUGIN = "plugin-authors/first-plugin.md"


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Somebody in an empty folder, in the environment of this test, on the page's Monday."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    folder = tmp_path / "here"
    folder.mkdir()
    now = {"CRM_TODAY": "2026-11-23T12:00", "TZ": "Europe/Berlin"}
    return Reader(folder, {"PATH": path, "PYTHONUNBUFFERED": "1", **now})


def test_the_first_plugin_comes_about_as_its_page_says(reader: Reader):
    acts = list(acts_of(FIRST_PLUGIN))
    assert [act.path for act in acts if isinstance(act, File)] == [
        "try/plugins/pay.py",
        "try/plugins/pay.py",
        "conftest.py",
        "test_pay.py",
    ]
    assert sum(isinstance(act, Typed) for act in acts) > 10

    for act in acts:
        if isinstance(act, File):
            reader.write(act)
        else:
            assert reader.type(act.command) == act.shown, f"$ {act.command}"
