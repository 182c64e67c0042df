"""While a plugin's code runs: what it prints must not get between the data, and nobody should wait without knowing why.

What the code raises is `host.py`'s.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TextIO, cast

PATIENCE: Final = 1.0  # seconds
QUOTED: Final = 60  # characters


class Aside:
    """Stands in for stdout, which is the data's: what is printed goes to stderr, and it is known that something was.

    Attributes:
        said: The beginning of it; empty if nothing was printed.
    """

    said: str = ""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Print."""
        self.said = self.said or text.strip()[:QUOTED]
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def printing_aside() -> Iterator[Aside]:
    """Inside, what is printed goes to stderr."""
    before, aside = sys.stdout, Aside(sys.stderr)
    sys.stdout = cast("TextIO", aside)
    try:
        yield aside
    finally:
        sys.stdout = before


@contextmanager
def impatient(late: Callable[[], None], seconds: float = PATIENCE) -> Iterator[None]:
    """If the block takes longer than that, call `late` once, from a thread of its own.

    The thread costs some 30 microseconds. A timer signal would be cheaper, but a plugin that waits for a name server
    would not let it through, and there is only one such timer, which the plugin may want itself.
    """
    over = allocate_lock()
    over.acquire()
    with suppress(RuntimeError):  # no more threads can be had here
        start_new_thread(_wait, (over, seconds, late))
    try:
        yield
    finally:
        over.release()


def _wait(over: Any, seconds: float, late: Callable[[], None]) -> None:
    if not over.acquire(timeout=seconds):
        with suppress(Exception):  # nobody is there to be told of it
            late()
