"""The built wheel, and new virtual environments with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.install.installing import ROOT, make_environment, run


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def new_environment(tmp_path_factory, wheel) -> Callable[..., Path]:
    """Makes a virtual environment with the wheel installed, and what is named besides; gives its folder of programs."""
    return lambda *more: make_environment(tmp_path_factory.mktemp("venv"), wheel, *more)
