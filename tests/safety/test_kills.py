"""Writers killed at random moments: the book is what it was after so many changes, all of those that were confirmed.

A script is first run to its end. Then it is run by processes that are killed, each of which goes on where the one
before came to. After each kill the book must be one of two that the undisturbed run had, in every document, number and
entry of its history: that after the last change that was confirmed, or that after the one under way.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from crm_core.store.tiny import TinyStore
from crm_core.testing import Crm
from tests.safety.books import state
from tests.safety.scripts import FEW, SCRIPTS, cards

KILLS: Final = 60
"""Of each script's processes."""
KILLED_COMMANDS: Final = 36
ROOT: Final = Path(__file__).parents[2]
MAIN: Final = "from crm_core.cli.main import run; run()"


class Bench:
    """A home in which a script is run again and again, and the books that an undisturbed run had after each line.

    Args:
        crm: The home, still empty.
        script: The script's name.
        folder: For what else is needed.
    """

    def __init__(self, crm: Crm, script: str, folder: Path) -> None:
        self.crm = crm
        self.name, self.script = script, SCRIPTS[script]
        self._first, self._kept = folder / "first", folder / "kept"
        for new in (crm.home, self._kept, folder / "files"):
            new.mkdir(mode=0o700)
        self.script.prepare(crm, folder / "files")
        shutil.copytree(crm.home, self._first)

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the process runs that starts others."""
        command = [sys.executable, "-m", "tests.safety.worker", self.name, str(self.crm.home), str(self._kept)]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        began = time.monotonic()
        with subprocess.Popen(command, cwd=ROOT, env=environ, **pipes) as self._worker:
            assert self._told() == (0, [*range(1, len(self.script.lines) + 1)])
            self.seconds = (time.monotonic() - began) / len(self.script.lines)
            after = sorted(self._kept.iterdir(), key=lambda path: int(path.stem))
            self.states = [state(path) for path in (self._first / "book.json", *after)]
            yield

    def renew(self) -> None:
        """Let everything be as before the first line."""
        shutil.rmtree(self.crm.home)
        shutil.copytree(self._first, self.crm.home)

    def killed(self, first: int, chance: random.Random) -> tuple[int, bool]:
        """Go on after so many lines, in a process that is killed; how many are confirmed, and whether it was killed."""
        assert self._worker.stdin is not None
        seconds, while_writing = chance.uniform(0, self.seconds * self.script.at_once), chance.random() < 0.5
        self._worker.stdin.write(f"{first} {seconds} {int(while_writing)}\n")
        self._worker.stdin.flush()
        code, told = self._told()
        assert told == [*range(first + 1, first + 1 + len(told))]
        return first + len(told), code == -signal.SIGKILL

    def _told(self) -> tuple[int, list[int]]:
        """The exit code of the process that has ended, and the lines that it said were run."""
        assert self._worker.stdout is not None
        told = []
        for line in self._worker.stdout:
            if line.startswith("ended "):
                return int(line.split()[1]), told
            assert line.strip().isdecimal(), line
            told.append(int(line))
        pytest.fail("the process that starts others has ended")

    def reached(self, confirmed: int) -> int:
        """How many lines the book has in it."""
        found = state(self.crm.home / "book.json")
        either = self.states[confirmed : confirmed + 2]
        assert found in either, f"after {confirmed} lines of {self.name}, the book is that of no undisturbed run"
        return confirmed + either.index(found)

    def examine(self) -> list[str]:
        """Let the doctor look: all that it may find are files that were not written to their end. Gives those."""
        found = self.crm("doctor", "--json").items
        assert {finding["check"] for finding in found} <= {"files"}, found
        return [finding["what"] for finding in found]

    def mend(self) -> None:
        """Let the doctor mend what it has found, and see that every change can still be taken back."""
        self.crm.ok("doctor", "--fix")
        assert self.examine() == []
        store = TinyStore(self.crm.home / "book.json")
        for change in store.history():
            store.images(change)


@pytest.fixture
def seed() -> int:
    """What the moments depend on: said if a test fails, and may be given."""
    seed = int(os.environ.get("CRM_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CRM_SEED={seed}")  # noqa: T201 (pytest shows it where a test fails)
    return seed


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_sixty_kills_lose_nothing_that_was_confirmed(
    crm: Crm, tmp_path: Path, seed: int, script: str, monkeypatch: pytest.MonkeyPatch
):
    bench, chance = Bench(crm, script, tmp_path), random.Random(seed)
    kills = reached = under_way = 0
    with bench.running():
        bench.renew()
        while kills < KILLS:
            confirmed, hit = bench.killed(reached, chance)
            assert hit or confirmed == len(bench.script.lines)
            kills += hit
            reached = bench.reached(confirmed)
            for name, value in bench.script.environ(reached).items():
                monkeypatch.setenv(name, value)
            under_way += bool(bench.examine()) or reached > confirmed
            bench.mend()
            if reached == len(bench.script.lines):
                bench.renew()
                reached = 0
    assert under_way > KILLS // 10


def killed_command(crm: Crm, after: float, *words: str) -> tuple[bytes, bool]:
    """Run a command as its user would, and kill it after so many seconds; what it said, and whether it was killed."""
    environ = {**os.environ, **crm.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        ended = subprocess.run(
            [sys.executable, "-c", MAIN, *words], env=environ, capture_output=True, timeout=after, check=True
        )
    except subprocess.TimeoutExpired as killed:
        return killed.stdout or b"", True
    return ended.stdout, False


@pytest.mark.slow
def test_killed_imports_and_undos_have_happened_if_they_said_so(crm: Crm, tmp_path: Path, seed: int):
    chance, book, kills = random.Random(seed), str(cards(tmp_path / "few.vcf", FEW)), 0
    crm.ok("contact add 'Ana Silva'")
    seconds = 60.0
    before = 1
    while kills < KILLED_COMMANDS:
        words, after, sign = ("import", book), FEW + 1, b"Imported 300 entries: 300 added"
        if before > 1:
            words, after, sign = ("undo",), 1, b"Took back"
        began = time.monotonic()
        said, hit = killed_command(crm, chance.uniform(seconds / 4, seconds), *words)
        if not hit:
            seconds = min(seconds, time.monotonic() - began)  # it may have been measured while others were busy
        kills += hit
        found = len(crm.ok("contact list --json").items)
        assert found == after or (found == before and sign not in said and hit)
        assert {finding["check"] for finding in crm("doctor --json").items} <= {"files"}
        before = found
    crm.ok("doctor --fix")
    assert crm.ok("doctor --json").items == []
