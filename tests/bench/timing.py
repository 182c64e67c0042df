"""Two things timed in turn, A B A B, so that a machine that grows slow slows both; what is told is their ratio.

Times are those that the processor spent, of user and system: what else the machine does at the moment hardly shows in
them. Where the disk is the subject, it is the clock's.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

Seconds = float
Run = Callable[[], Seconds]


class Ratios(NamedTuple):
    """The ratios of one measure, run by run, and that of the two shortest times.

    A busy machine only ever lengthens a run: where the median is over a bar and the shortest times are not, it was
    the machine.
    """

    each: tuple[float, ...]
    shortest: float

    @property
    def median(self) -> float:
        """The ratio in the middle."""
        return median(self.each)


def paired(subject: Run, reference: Run, runs: int) -> Ratios:
    """Run both so many times in turn, after once for nothing."""
    reference(), subject()
    times = [(subject(), reference()) for _ in range(runs)]
    shortest = min(first for first, _ in times) / min(second for _, second in times)
    return Ratios(tuple(first / second for first, second in times), shortest)


def timed(function: Callable[[], object], clock: Callable[[], Seconds] = process_time) -> Seconds:
    """How long a call takes; what it returns is thrown away only afterwards."""
    start = clock()
    kept = function()
    seconds = clock() - start
    del kept
    return seconds


def with_disk(function: Callable[[], object]) -> Seconds:
    """How long a call takes by the clock, waits for the disk included."""
    return timed(function, perf_counter)


def process(argv: Sequence[str], environ: Mapping[str, str]) -> Run:
    """Runs a process to its end and gives its time; its output goes through a pipe and is thrown away.

    Raises:
        RuntimeError: It ended with another code than 0.
    """

    def run() -> Seconds:
        start = _children()
        done = subprocess.run(argv, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(argv)} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
        return _children() - start

    return run


def _children() -> Seconds:
    """What all processes took that were started here and have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment(home: os.PathLike[str], **more: str) -> dict[str, str]:
    """What a measured process is given: a home of its own and nothing of the user's."""
    passed = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "VIRTUAL_ENV"}}
    return {**passed, "CRM_HOME": str(home), "CRM_TODAY": "2026-11-23T12:00", "TZ": "Europe/Berlin", **more}
