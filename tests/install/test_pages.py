"""The pages on distributions, typed line by line in a new environment with the wheel, show what they say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.docs.pages import Reader, Typed, acts_of
from tests.install.installing import ROOT

pytestmark = pytest.mark.install


@pytest.mark.parametrize("page", ["package.md", "publishing.md"])
def test_a_distribution_comes_about_as_its_page_says(new_environment, tmp_path: Path, page: str):
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
    acts = list(acts_of(f"plugin-authors/{page}"))
    assert len(acts) > 10

    for act in acts:
        assert isinstance(act, Typed)
        assert reader.type(act.command) == act.shown, f"$ {act.command}"
