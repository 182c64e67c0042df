"""The house holds together: folders, packages and entry points agree, and start-up imports nothing heavy."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crm_core.testing import HEAVY, HEAVY_FOR_HELP

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PLUGINS = sorted(folder.name for folder in (ROOT / "plugins").iterdir() if (folder / "__init__.py").exists())


def test_plugin_folders_packages_and_entry_points_are_the_same():
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    entry_points = PROJECT["project"]["entry-points"]["crm_core"]

    assert packages == ["crm_core", *(f"plugins/{name}" for name in PLUGINS)]
    assert entry_points == {name: name for name in PLUGINS}


def test_every_import_contract_covers_every_plugin():
    contracts = PROJECT["tool"]["importlinter"]

    assert contracts["root_packages"] == ["crm_core", *PLUGINS]
    for contract in contracts["contracts"]:
        for members in (contract.get("modules"), contract.get("forbidden_modules"), contract.get("source_modules")):
            if members and PLUGINS[0] in members:
                assert members == PLUGINS, contract["name"]


def test_every_plugin_has_tests_and_a_page():
    for name in PLUGINS:
        assert list((ROOT / "tests/plugins" / name).glob("test_*.py")), f"{name} has no tests"
        assert (ROOT / "plugins" / name / "README.md").exists(), f"{name} has no README.md"


def imported_by(tmp_path: Path, *argv: str) -> set[str]:
    """The modules that a command line imports, in a process of its own."""
    code = f"import sys; from crm_core.cli.main import main; main({list(argv)!r}); print(*sys.modules, file=sys.stderr)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"CRM_HOME": str(tmp_path), "CRM_TODAY": "2026-11-23", "TZ": "Europe/Berlin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stderr.split())


@pytest.mark.parametrize("argv", [["--help"], ["--version"]])
def test_help_imports_nothing_heavy(tmp_path, argv):
    assert not imported_by(tmp_path, *argv) & HEAVY_FOR_HELP


def test_the_agenda_imports_nothing_heavy(tmp_path, crm):
    crm.ok("interview log Acme --at 'yesterday 14:00' --with 'Ana Silva'")

    assert not imported_by(tmp_path) & HEAVY
    assert not imported_by(crm.home) & HEAVY


def test_no_line_names_a_path_of_a_machine_or_a_registry():
    suspicious = re.compile(
        r"""(?:^|[\s"'=(:])/(?:home|root|work|Users)/|pypi\.org|pythonhosted|extra-index-url|find-links""", re.MULTILINE
    )
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if name != "tests/core/test_house.py" and (ROOT / name).is_file():
            found = suspicious.search((ROOT / name).read_text("utf-8", errors="replace"))
            assert found is None, f"{name} holds {found}"
