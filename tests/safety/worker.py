"""Runs a script to its end, then starts processes that go on with it somewhere, and kills them when it is told to.

    python -m tests.safety.worker SCRIPT HOME KEPT

First it runs all lines itself and puts a copy of the book after each into the folder KEPT. Then it reads orders, a line
each: how many lines were run before, after how many seconds to kill, and 1 to do it only when something is written. For
each it starts a process, which has all modules since it is a fork. On standard output stands the number of each line
that was run, and `ended CODE` where a process has ended.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from crm_core.cli.main import main
from crm_core.cli.screen.output import Output
from crm_core.testing import Crm
from tests.safety.scripts import SCRIPTS

FAILED = 9


def tell(what: object) -> None:
    """Write a line whole or not at all."""
    os.write(1, f"{what}\n".encode())


def lines_run(script: str, home: Path, first: int = 0) -> Iterator[int]:
    """Run a script's lines after so many; gives how many have been run, after each."""
    for number, line in enumerate(SCRIPTS[script].lines[first:], first + 1):
        os.environ.update(SCRIPTS[script].environ(number))
        err = io.StringIO()
        words = shlex.split(line.format(files=home.with_name("files")))
        if main(words, Crm(home).environ, Output(io.StringIO(), err)):
            tell(f"{line}: {err.getvalue()}")
            os._exit(FAILED)
        yield number


def killed(script: str, home: Path, first: int, seconds: float, *, writing: bool) -> int:
    """Run lines in a process that is killed after so many seconds; gives its exit code, minus the signal if it was.

    Args:
        script: The script.
        home: Where to run it.
        first: How many lines were run before.
        seconds: How long to let it run.
        writing: Whether to wait then until it has begun to write a file.
    """
    child = os.fork()
    if not child:
        for number in lines_run(script, home, first):
            tell(number)
        os._exit(0)
    end = time.monotonic() + seconds
    while time.monotonic() < end or (writing and not any(home.rglob("*.tmp"))):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0 if writing else 0.0005)
    os.kill(child, signal.SIGKILL)  # which is still ours, since nobody has waited for it
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def serve(script: str, home: Path, kept: Path) -> None:
    """See above."""
    for number in lines_run(script, home):
        shutil.copyfile(home / "book.json", kept / f"{number}.json")
        tell(number)
    tell("ended 0")
    for order in sys.stdin:
        first, seconds, writing = order.split()
        tell(f"ended {killed(script, home, int(first), float(seconds), writing=writing == '1')}")


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
