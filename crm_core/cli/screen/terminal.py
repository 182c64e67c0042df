"""The terminal behind a stream: how large it is, how it is to be written to, and a line on it that goes away again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, TextIO

from crm_core.cli.screen.cells import shorten, width

FEWEST_COLUMNS: Final = 40
USUAL_COLUMNS: Final = 80


def is_plain(environ: Mapping[str, str]) -> bool:
    """Whether all is to be laid out for a screen reader, or a terminal that can only print lines."""
    return environ.get("TERM") == "dumb" or bool(environ.get("CRM_PLAIN"))


def terminal_rows(stream: TextIO) -> int | None:
    """The lines of the terminal behind a stream; None if there is no terminal, or none that tells."""
    try:
        return os.get_terminal_size(stream.fileno()).lines if stream.isatty() else None
    except (OSError, ValueError):
        return None


def terminal_columns(environ: Mapping[str, str], stream: TextIO) -> int | None:
    """The width of the terminal behind a stream, at least 40 cells; None if there is no terminal."""
    try:
        if not stream.isatty():
            return None
        told = environ.get("COLUMNS", "")
        columns = int(told) if told.isdecimal() else os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(columns or USUAL_COLUMNS, FEWEST_COLUMNS)


def write(stream: TextIO, text: str) -> None:
    """Write at once; `?` stands for what the stream's encoding does not have."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        stream.write(text.encode(stream.encoding, "replace").decode(stream.encoding))


class StatusLine:
    """A line on a terminal that is shown, replaced and taken away again; where there is no terminal or plain, nothing.

    Args:
        stream: Usually stderr.
        environ: Where `COLUMNS` is looked up.
    """

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        self._stream = stream
        self._columns = None if is_plain(environ) else terminal_columns(environ, stream)
        self._shown = 0

    @property
    def visible(self) -> bool:
        """Whether anybody would see it."""
        return self._columns is not None

    def show(self, text: str) -> None:
        """Put this text in the line's place."""
        if self._columns is None:
            return
        # A character in a terminal's last cell may move its cursor to the next line.
        text = shorten(text, self._columns - 1)
        size = width(text)
        write(self._stream, f"\r{text}{' ' * (self._shown - size)}")
        self._stream.flush()
        self._shown = size

    def clear(self) -> None:
        """Take it away; the cursor stands at the beginning of an empty line."""
        if self._shown:
            write(self._stream, f"\r{' ' * self._shown}\r")
            self._stream.flush()
            self._shown = 0
