"""Commands that rewrite more than the book, killed at any moment: every file is whole, and once more completes it."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm_core.testing import Crm

KILLS = 25
ALONE, FULL = "b1", "b3"  # the backups with Mara alone, and with everybody
MAIN = "import sys; from crm_core.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def worked(crm: Crm, tmp_path: Path) -> Crm:
    """A book with Mara and many others, in several backups, with a large change in a file of its own."""
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Person {0} of {1}\r\nEND:VCARD\r\n"
    vcf = tmp_path / "many.vcf"
    vcf.write_text("".join(card.format(number, number % 97) for number in range(1_500)))
    crm.ok("contact add 'Mara Lindqvist'")
    crm.ok("import", str(vcf))
    crm.ok("log Mara 'a quiet coffee'")
    for _ in range(3):
        crm.ok("backup")
    return crm


def started(crm: Crm, *words: str) -> subprocess.Popen[bytes]:
    """A command in a process of its own."""
    environ = {**crm.environ, "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *words], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def seconds(crm: Crm, *words: str) -> float:
    """How long a command takes on this machine when nobody kills it."""
    start = time.monotonic()
    assert started(crm, *words).wait(timeout=60) == 0
    return time.monotonic() - start


def killed(crm: Crm, chance: random.Random, most: float, *words: str) -> bool:
    """Run a command and kill it at some moment of the so many seconds that it takes; whether it was still running."""
    process = started(crm, *words)
    try:
        process.wait(timeout=chance.uniform(most / 4, most))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def states(crm: Crm) -> set[str]:
    return {row["state"] for row in crm.ok("backup --list --json").items}


@pytest.mark.slow
def test_forgetting_that_is_killed_is_completed_by_giving_the_command_again(worked: Crm, tmp_path: Path):
    chance, kept, hits = random.Random(2026), tmp_path / "kept", 0
    shutil.copytree(worked.home, kept)
    most = seconds(worked, "forget", "c1", "--yes")
    shutil.rmtree(worked.home)
    shutil.copytree(kept, worked.home)
    for _ in range(KILLS):
        hits += killed(worked, chance, most, "forget", "c1", "--yes")

        assert states(worked) == {"good"}
        assert len(worked.ok("contact list --json").items) in {1_500, 1_501}
        worked.ok("forget c1 --yes")
        for path in worked.home.rglob("*"):
            assert not path.is_file() or b"Lindqvist" not in path.read_bytes(), path
        worked.ok("doctor")
        shutil.rmtree(worked.home)
        shutil.copytree(kept, worked.home)
    assert hits > KILLS // 4


@pytest.mark.slow
def test_a_restore_that_is_killed_has_happened_or_has_not(worked: Crm):
    chance, hits = random.Random(2026), 0
    worked.ok("contact remove c1 --yes")
    most = seconds(worked, "restore", FULL, "--yes")
    for _ in range(KILLS):
        before = len(worked.ok("contact list --json").items)
        target = ALONE if before > 1 else FULL
        hits += killed(worked, chance, most, "restore", target, "--yes")

        after = len(worked.ok("contact list --json").items)
        assert after in {before, 1_501 if target == FULL else 1}
        assert states(worked) == {"good"}
        worked.ok("doctor --fix")
    assert hits > KILLS // 4
