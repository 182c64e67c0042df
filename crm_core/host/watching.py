"""While a plugin's code runs: what it prints must not get between the data, and nobody should wait without knowing why.

What the code raises is `gates.py`'s.
"""

from __future__ import annotations

import sys
from _thread import start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Any, Final, TextIO, cast

PATIENCE: Final = 1.0  # seconds
LOOKS: Final = 4  # at the clock in that time
IDLE: Final = 4  # looks in which nothing ran, after which the thread ends
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


class Watch:
    """Watches over whatever runs, one thing at a time.

    Looking at the clock is a thread's work, which is started by the first thing that is to be watched and ends when
    there was nothing for a while. A timer signal would do without a thread, but a plugin that waits for a name server
    does not let signals through, and there is only one such timer, which the plugin may want itself.

    Args:
        late: Told, once, what takes longer than `patience`, from that thread.
        patience: In seconds.
    """

    def __init__(self, late: Callable[[Any], None], patience: float = PATIENCE) -> None:
        self._late = late
        self._patience = patience
        self._running: tuple[Any, float] | None = None
        self._awake = False

    @contextmanager
    def over(self, what: Any, *, impatient: bool = True) -> Iterator[Aside]:
        """Watch over the block: what it prints goes to stderr; if it takes long, `late` is told of `what`."""
        before, aside = sys.stdout, Aside(sys.stderr)
        sys.stdout = cast("TextIO", aside)
        if impatient:
            self._running = what, monotonic()
            self._wake()
        try:
            yield aside
        finally:
            self._running = None
            sys.stdout = before

    def _wake(self) -> None:
        if not self._awake:
            self._awake = True
            with suppress(RuntimeError):  # no more threads can be had here: nobody will be told
                start_new_thread(self._look, ())

    def _look(self) -> None:
        told, idle = None, 0
        while idle < IDLE:
            sleep(self._patience / LOOKS)
            running = self._running
            idle = 0 if running is not None else idle + 1
            if running is not None and running is not told and monotonic() - running[1] >= self._patience:
                told = running
                with suppress(Exception):  # nobody is there to be told of it
                    self._late(running[0])
        self._awake = False
        if self._running is not None:  # it began just now, and found this thread awake
            self._wake()
