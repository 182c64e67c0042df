"""A real terminal for a test: the installed program in a process of its own, behind a pseudo-terminal."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

CRM = Path(sys.executable).with_name("crm")


def on_terminal(*words: str, environ: Mapping[str, str], rows: int = 24, columns: int = 80) -> tuple[int, str]:
    """Run one command line of the program at a terminal where nobody types.

    Args:
        words: The command line without the program's name.
        environ: Its whole environment, beside `PATH` and `TERM`.
        rows: The terminal's height in lines.
        columns: Its width in cells.

    Returns:
        The exit code, and all that is to be seen there, with lines that end as in a file.
    """
    import fcntl
    import termios

    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [str(CRM), *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"PATH": os.environ["PATH"], "TERM": "xterm", **environ},
    )
    os.close(theirs)
    seen = b""
    with suppress(OSError):  # the end, on Linux
        while part := os.read(ours, 65536):
            seen += part
    os.close(ours)
    return process.wait(), seen.decode().replace("\r\n", "\n")
