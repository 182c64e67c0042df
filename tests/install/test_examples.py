"""The examples work where somebody would use them: installed beside the core, in an environment of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.install


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def coffee(tmp_path_factory) -> tuple[Path, Path]:
    """The programs of a new environment with the core and crm-coffee in it, and a copy of crm-coffee's folder."""
    folder = tmp_path_factory.mktemp("coffee")
    source = folder / "crm-coffee"
    shutil.copytree(ROOT / "examples/crm-coffee", source, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    run(programs / "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel, f"{source}[dev]")
    return programs, source


def test_its_own_tests_pass_from_its_own_folder(coffee):
    programs, source = coffee
    done = run(programs / "python", "-m", "pytest", "-q", cwd=source)

    assert int(done.stdout.split(" passed")[0].split()[-1]) >= 30


def test_its_step_shows_in_the_agenda_and_its_command_closes_it(coffee, tmp_path):
    programs, _ = coffee
    env = {"CRM_HOME": str(tmp_path), "CRM_TODAY": "2026-11-23", "PATH": os.environ["PATH"]}

    def crm(*words: str) -> str:
        return run(programs / "crm", *words, env=env, cwd=tmp_path).stdout

    crm("contact", "add", "Ana Silva", "--company", "Acme")
    crm("application", "add", "Acme", "Engineer")
    assert "Have a coffee with Ana Silva about Acme" in crm()
    crm("coffee", "log", "Ana", "boats")
    assert "Have a coffee" not in crm()
    assert "loaded" in crm("plugins", "show", "crm_coffee")
