"""Many processes on one book at once: nothing is lost, nobody waits for ever, and whoever dies is in nobody's way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from crm_core.testing import Crm

ROOT: Final = Path(__file__).parents[2]
PROCESSES: Final = 8
CHANGES: Final = 100
"""Of each process."""
COMMANDS: Final = 4
"""Of each process, where each is a process of its own."""
PATIENCE: Final = 30
"""Seconds that a command waits for another to end."""
MAIN: Final = "from crm_core.cli.main import run; run()"
ADD: Final = """
import io, json, sys
from crm_core.cli.main import main
from crm_core.cli.screen.output import Output
name, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    out = io.StringIO()
    code = main(["contact", "add", f"{name} {number}", "--new", "--json"], output=Output(out, sys.stderr))
    print(code, json.loads(out.getvalue())["item"]["id"], name, number)
"""
SHELL: Final = """
for number in $(seq $3); do
    "$0" -c "$1" contact add "$2 $number" --new || exit 1
    "$0" -c "$1" contact list >/dev/null || exit 1
done
"""
HOLD: Final = """
import sys
from pathlib import Path
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import AT
with TinyStore(Path(sys.argv[1])).begin("held", "", AT):
    print("held", flush=True)
    sys.stdin.read()
"""


def started(crm: Crm, *words: str, **pipes: Any) -> subprocess.Popen[str]:
    """Another process of Python."""
    environ = {**os.environ, **crm.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, *words], env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **pipes
    )


def ended(processes: list[subprocess.Popen[str]]) -> list[str]:
    """What they all printed, once all have ended well."""
    said = [process.communicate(timeout=300) for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), said
    return [line for out, _ in said for line in out.splitlines()]


@pytest.mark.slow
def test_eight_processes_make_eight_hundred_changes(crm: Crm):
    """By the whole program, from the words of the command line to what it prints; only the interpreter stays up."""
    names = [f"Ana {letter}" for letter in "ABCDEFGH"]

    said = ended([started(crm, "-c", ADD, name, str(CHANGES)) for name in names])

    people = {person["id"]: person["name"] for person in crm.ok("contact list --json").items}
    assert len(said) == len(people) == PROCESSES * CHANGES
    assert {words[1]: " ".join(words[2:]) for words in map(str.split, said)} == people
    assert {words[0] for words in map(str.split, said)} == {"0"}
    assert Counter(name.rsplit(" ", 1)[0] for name in people.values()) == dict.fromkeys(names, CHANGES)
    changes = crm.ok("history --json").items
    assert [change["id"] for change in changes[:200]] == [f"h{number}" for number in range(800, 600, -1)]
    crm.ok("doctor")


@pytest.mark.slow
def test_commands_of_eight_shells_lose_nothing(crm: Crm):
    """Every command is a process of its own here, and others look at the book meanwhile."""
    names = [f"Ben {letter}" for letter in "ABCDEFGH"]
    environ = {**os.environ, **crm.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    shells = [
        subprocess.Popen(
            ["sh", "-c", SHELL, sys.executable, MAIN, name, str(COMMANDS)],
            env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for name in names
    ]  # fmt: skip
    said = ended(shells)

    people = [f"{person['id']} {person['name']}" for person in crm.ok("contact list --json").items]
    assert sorted(said) == sorted(f"Added {person}" for person in people)
    assert len(said) == PROCESSES * COMMANDS
    crm.ok("doctor")


@pytest.fixture
def held(crm: Crm) -> Iterator[subprocess.Popen[str]]:
    """A process in the middle of a change, which holds the lock."""
    crm.ok("contact add 'Ana Silva'")
    holder = started(crm, "-c", HOLD, str(crm.home / "book.json"), cwd=ROOT, stdin=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    yield holder
    holder.kill()
    holder.communicate()


@pytest.mark.slow
def test_who_waits_for_a_process_that_is_killed_goes_on_at_once(crm: Crm, held: subprocess.Popen[str]):
    waiting = started(crm, "-c", MAIN, "contact", "add", "Ben Okafor")
    assert waiting.stderr is not None
    assert waiting.stderr.readline() == f"Waiting for process {held.pid}, which is writing to the book ...\n"

    held.send_signal(signal.SIGKILL)

    assert waiting.communicate(timeout=PATIENCE / 2) == ("Added c2 Ben Okafor\n", "")
    assert waiting.returncode == 0


@pytest.mark.slow
def test_a_stopped_process_makes_others_give_up_after_a_while_and_say_so(crm: Crm, held: subprocess.Popen[str]):
    held.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    waiting = [started(crm, "-c", MAIN, "contact", "add", name) for name in ("Ben Okafor", "Cem Vale")]

    assert "Ana Silva" in started(crm, "-c", MAIN, "contact", "list").communicate(timeout=PATIENCE / 2)[0]
    said = [process.communicate(timeout=2 * PATIENCE) for process in waiting]

    assert time.monotonic() - began >= PATIENCE
    assert [process.returncode for process in waiting] == [1, 1]
    told = (
        f"Waiting for process {held.pid}, which is writing to the book ...\n"
        f"crm: The book is in use by process {held.pid}; waited {PATIENCE} s\n"
        "     hint: Nothing was changed. Try again when it has ended.\n"
    )
    assert said == [("", told)] * 2
    held.send_signal(signal.SIGKILL)  # which ends a stopped process, too
    held.wait()
    assert crm.ok("contact add 'Ben Okafor'").out == "Added c2 Ben Okafor\n"
