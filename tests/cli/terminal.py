"""A real process at a real pseudo-terminal, for what only shows there: questions, the Tab key, Ctrl-C.

Somebody waits for words on the screen before they type, as people do.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from crm_core.testing import Crm

CRM: Final = (sys.executable, "-c", "from crm_core.cli.main import run; run()")
PATIENCE: Final = 60
"""Seconds: a busy machine is no failure."""
_CONTROL: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r|\x07")


class Terminal:
    """A program at a terminal of its own.

    Args:
        command: The program and its words.
        environ: Its whole environment.
        columns: How wide the terminal is.
        rows: How high.
    """

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], columns: int = 80, rows: int = 24) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=dict(environ),
            preexec_fn=_own_terminal,  # noqa: PLW1509 (tests have no threads)
        )
        os.close(theirs)
        self._raw = ""
        self._seen = 0

    @property
    def screen(self) -> str:
        """All that was shown so far, without what only moves the cursor or colours."""
        return _CONTROL.sub("", self._raw)

    @property
    def raw(self) -> str:
        """All that was sent to the terminal so far."""
        return self._raw

    def wait_for(self, words: str) -> str:
        """Wait until the words are on the screen, after what was waited for last; gives all that came until then."""
        until = time.monotonic() + PATIENCE
        while (place := self.screen.find(words, self._seen)) < 0:
            if time.monotonic() > until or not self._read():
                raise AssertionError(f"{words!r} did not come; the screen:\n{self.screen}")
        text = self.screen[self._seen : place]
        self._seen = place + len(words)
        return text

    def type(self, text: str) -> None:
        """Press keys; a line ends with a carriage return, as the Enter key sends it."""
        os.write(self._ours, text.encode())

    def answer(self, question: str, text: str) -> None:
        """Wait for a question and answer it."""
        self.wait_for(question)
        self.type(f"{text}\r")

    def interrupt(self) -> int:
        """Press Ctrl-C, and again if that went unnoticed, as it may just before an answer is waited for.

        Gives the exit code.
        """
        for _ in range(PATIENCE):
            time.sleep(0.2)
            self.type("\x03")
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
                break
        return self.end()

    def end(self) -> int:
        """Wait for the program's end; its exit code."""
        while self._read():
            pass
        os.close(self._ours)
        return self._process.wait(PATIENCE)

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait(PATIENCE)
        with suppress(OSError):
            os.close(self._ours)

    def _read(self) -> bool:
        """Read some more; False at the end."""
        if not select.select([self._ours], [], [], PATIENCE)[0]:
            raise AssertionError(f"nothing more comes; the screen:\n{self.screen}")
        try:
            piece = os.read(self._ours, 65536)
        except OSError:  # which is how a terminal ends
            return False
        self._raw += piece.decode("utf-8", "replace")
        return bool(piece)


def at_terminal(crm: Crm, *words: str, columns: int = 80, rows: int = 24, **environ: str) -> Terminal:
    """A command line of the program, run at a terminal."""
    return Terminal((*CRM, *words), environment(crm, **environ), columns, rows)


def environment(crm: Crm, **more: str) -> dict[str, str]:
    """What a terminal's programs find in their environment, in that home."""
    found = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm", "INPUTRC": os.devnull, **crm.environ}
    return {**found, "PYTHONPATH": os.pathsep.join(sys.path), **more}


def _own_terminal() -> None:
    """Make the terminal the one from which signals come, such as that of Ctrl-C, which tests may run without."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
