"""A disk that really has no more room: the system itself refuses, by a file system that is full or by a limit."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from crm_core.testing import Crm
from tests.safety.scripts import FEW, cards

ROOT: Final = Path(__file__).parents[2]
NAMESPACE: Final = ("unshare", "--user", "--map-root-user", "--mount")
MAIN: Final = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
from crm_core.cli.main import run; run()
"""


def can_mount(folder: Path) -> bool:
    """Whether this system lets anybody mount a file system in a namespace of their own."""
    try:
        tried = subprocess.run(
            [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, timeout=60, check=False
        )
    except OSError:
        return False
    return tried.returncode == 0


@pytest.mark.slow
def test_a_full_file_system_costs_nothing_that_was_there(tmp_path: Path):
    if not can_mount(tmp_path):
        pytest.skip("this system lets nobody mount a file system of their own")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    filled = subprocess.run(
        [*NAMESPACE, sys.executable, "-m", "tests.safety.filling", tmp_path],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert filled.returncode == 0, filled.stderr


def limited(crm: Crm, size: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that can write no file longer than so many bytes."""
    environ = {**os.environ, **crm.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", MAIN, str(size), *words],
        env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def written(crm: Crm, tmp_path: Path) -> Crm:
    """A book that has been written a few times."""
    crm.ok("import", str(cards(tmp_path / "few.vcf", FEW)))
    crm.ok("contact edit c1 --how 'at a fair'")
    return crm


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system has no such limit")
@pytest.mark.parametrize(
    "words",
    [
        ("contact", "add", "Zoe Vale"),
        ("contact", "remove", "c2", "--yes"),
        ("undo",),
        ("backup",),
        ("backup", "{out}"),
        ("export", "json", "-o", "{out}"),
        ("export", "vcard", "-o", "{out}"),
    ],
    ids=" ".join,
)
def test_a_file_that_may_not_grow_is_left_as_it_was(written: Crm, tmp_path: Path, words: tuple[str, ...]):
    book, out = written.home / "book.json", tmp_path / "out.json"
    before = {path: path.read_bytes() for path in written.home.rglob("*.json")}

    for part in (0, 0.01, 0.3):
        ended = limited(written, int(part * book.stat().st_size), *(word.format(out=out) for word in words))

        assert ended.returncode == 1, ended
        assert ended.stdout == ""
        first, *hint = ended.stderr.splitlines()[-2:]
        assert first.startswith("crm: ")
        assert first.endswith("can't be written: file too large")
        assert hint == ["     hint: Nothing was changed."]
        assert {path: path.read_bytes() for path in written.home.rglob("*.json")} == before
        assert not [path for folder in (written.home, tmp_path) for path in folder.rglob("*.tmp")]
        assert not out.exists()
    written.ok(*(word.format(out=out) for word in words))
    written.ok("doctor")
