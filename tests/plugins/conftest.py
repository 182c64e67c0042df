"""Fixtures for the commands of any plugin."""

from __future__ import annotations

import shlex
import sys
import tempfile

import pytest


@pytest.fixture
def editor(monkeypatch, tmp_path):
    """Sets `$VISUAL` to a program of a few Python lines, in which `text` is what is to be edited."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def set_editor(lines):
        script = tmp_path / "editor.py"
        script.write_text(
            f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\ntext = path.read_text()\n{lines}\n"
            "path.write_text(text)\n"
        )
        monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(script)]))

    return set_editor
