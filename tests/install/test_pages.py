"""The pages on distributions, typed line by line in a new environment with the wheel, show what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Typed, acts_of, stranger
from tests.install.installing import ROOT

pytestmark = pytest.mark.install


@pytest.mark.parametrize("page", ["package.md", "publishing.md"])
def test_a_distribution_comes_about_as_its_page_says(new_environment, tmp_path: Path, page: str):
    pip = {"PIP_CONSTRAINT": str(ROOT / "constraints.txt"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    reader = stranger(tmp_path, new_environment(), pip)
    acts = list(acts_of(f"plugin-authors/{page}"))
    assert len(acts) > 10

    for act in acts:
        assert isinstance(act, Typed)
        assert reader.type(act.command) == act.shown, f"$ {act.command}"
