"""The page on making a distribution, typed line by line in a new environment with the wheel, shows what it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.docs.pages import Reader, Typed, acts_of
from tests.install.installing import ROOT

pytestmark = pytest.mark.install


def test_a_distribution_comes_about_as_its_page_says(new_environment, tmp_path: Path):
    programs = new_environment()
    environ = {
        "CRM_TODAY": "2026-11-23T12:00",
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONUNBUFFERED": "1",
        "TZ": "Europe/Berlin",
    }
    reader = Reader(tmp_path, environ)
    acts = list(acts_of("plugin-authors/package.md"))
    assert len(acts) > 15

    for act in acts:
        assert isinstance(act, Typed)
        assert reader.type(act.command) == act.shown, f"$ {act.command}"
