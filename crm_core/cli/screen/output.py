"""The one place that prints: tables, fields, lines, JSON and errors, as people and programs see them.

Everything here makes data safe before it is shown, so that a name with terminal escapes in it can do nothing and no
caller has to remember. What to show is decided by the commands; what they hand over is typed rows and plain text.
Questions are asked in `dialog/`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Generic, Literal, NamedTuple, TextIO, TypeVar

import click

from crm_core.cli.screen.cells import ELLIPSIS, clean, clean_all, fold_line, measure_of, shorten, width
from crm_core.cli.screen.terminal import USUAL_COLUMNS, is_plain, terminal_columns, terminal_rows, write

T = TypeVar("T")

Style = Literal["heading", "late", "dim", "good", "paper"]

SCHEMA: Final = 1

ANSI: Final[Mapping[Style, str]] = {
    "heading": "\x1b[1m", "late": "\x1b[31m", "dim": "\x1b[2m", "good": "\x1b[32m", "paper": "\x1b[30;107m",
}  # fmt: skip
ANSI_END: Final = "\x1b[0m"

GAP: Final = 2
REMARK: Final = 4
# Into a pipe nothing is cut, but one name of a megabyte must not pad every other row to a megabyte.
WIDEST_PADDING: Final = 60
FEWEST_WRAPPED: Final = 10
LONGEST_SAID: Final = 2_000  # characters

# Compiled (and kept, by re) when first used, which `--help` never does. The demo itself is made by `crm demo`, whatever
# book is in use.
_COMMAND: Final = r"(?<![\w-])crm (?=[a-z])(?!demo\b)"


class Column(NamedTuple, Generic[T]):
    """One column of a table.

    Args:
        title: What its head says.
        value: A row's text in it.
        priority: Where there is no room for all, the column of the lowest is left out first, of equals the last.
        right: Whether its values end at the right, as numbers do.
        min: The cells that it is not shortened below, where its values need them.
    """

    title: str
    value: Callable[[T], str]
    priority: int = 0
    right: bool = False
    min: int = 6


def _padded(texts: Sequence[str], cells: int, *, right: bool) -> list[str]:
    """The texts with spaces up to so many cells; a longer one stays as it is."""
    if right:
        return [" " * (cells - width(text)) + text for text in texts]
    return [text + " " * (cells - width(text)) for text in texts]


def _spoken(row: T, columns: Sequence[Column[T]]) -> str:
    """A row's values one after the other, each with its title: what stands in columns is lost on who can't see them."""
    values = ((column.title, clean(column.value(row)).strip()) for column in columns)
    return "; ".join(f"{title}: {value}" if title else value for title, value in values if value)


def _fit(columns: Sequence[Column[T]], wanted: Sequence[int], room: int) -> dict[int, int]:
    """The cells that each column gets so that all fit into `room`, by the column's place; some may be left out."""
    given = dict(enumerate(wanted))
    least = [min(column.min, want) for column, want in zip(columns, wanted, strict=True)]
    while len(given) > 1 and sum(least[n] for n in given) + GAP * (len(given) - 1) > room:
        del given[min(given, key=lambda n: (columns[n].priority, -n))]
    room -= GAP * (len(given) - 1)
    while sum(given.values()) > room:
        shrinkable = [n for n in given if given[n] > least[n]] or list(given)
        given[max(shrinkable, key=given.__getitem__)] -= 1
    return given


def _said(text: str) -> str:
    """One line beside the data, cut where it is longer than anybody would read: a name in it may be of a megabyte."""
    line = clean(text[: LONGEST_SAID + 1])
    return line if len(line) <= LONGEST_SAID else line[: LONGEST_SAID - 1] + ELLIPSIS


class Output:
    """Where a command's results and remarks go. `BrokenPipeError` and other errors of the streams pass through.

    Args:
        stdout: For data.
        stderr: For everything said about it.
        columns: The terminal's width in cells; None where stdout is no terminal.
        color: Whether styles are shown.
        plain: Lay out for a screen reader, whatever stdout is: nothing in columns, shortened, wrapped or coloured.
        rows: The terminal's height in lines; what is longer is paged. None for no paging.

    Attributes:
        program: How a command line begins that reaches the same book. Hints and remarks are written with `crm`, and
            shown with this: one who tries the demo must not be led to their own book.
    """

    program: str = "crm"

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        columns: int | None = None,
        *,
        color: bool = False,
        plain: bool = False,
        rows: int | None = None,
    ) -> None:
        self.stdout = stdout
        self.stderr = stderr
        self.columns = columns
        self.color = color
        self.plain = plain
        self.rows = rows

    @classmethod
    def detect(cls, environ: Mapping[str, str], stdout: TextIO, stderr: TextIO) -> Output:
        """What suits these streams.

        `COLUMNS` goes before the terminal's own width. No colour with `NO_COLOR` (any value but the empty one);
        `TERM=dumb` is plain, and so is `CRM_PLAIN`. An empty `PAGER`, or `cat`, is none.
        """
        columns = terminal_columns(environ, stdout)
        plain = is_plain(environ)
        color = columns is not None and not plain and not environ.get("NO_COLOR")
        rows = None if plain or environ.get("PAGER") in {"", "cat"} else terminal_rows(stdout)
        return cls(stdout, stderr, columns, color=color, plain=plain, rows=rows)

    @property
    def help_width(self) -> int:
        """The cells of a line of `--help`: the terminal's, but no more than is read with ease."""
        return min(self.columns or USUAL_COLUMNS, USUAL_COLUMNS) - 2

    @property
    def room(self) -> int | None:
        """The cells that a line may take; None where lines may be of any length."""
        return None if self.plain else self.columns

    @contextmanager
    def paged(self) -> Iterator[None]:
        """What is written meanwhile goes through the user's pager where it is longer than the terminal is high."""
        if self.rows is None or self.plain:
            yield
            return
        stdout, self.stdout = self.stdout, io.StringIO()
        try:
            yield
        finally:
            text, self.stdout = self.stdout.getvalue(), stdout
            if text.count("\n") < self.rows:
                write(self.stdout, text)
            else:
                click.echo_via_pager(text.removesuffix("\n"))

    def shows(self, characters: str) -> bool:
        """Whether standard output can show these: its encoding may lack some."""
        try:
            characters.encode(self.stdout.encoding or "utf-8")
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def line(self, text: str = "", style: Style | None = None) -> None:
        """One line of data."""
        write(self.stdout, self._styled(clean(text), style) + "\n")

    def block(self, text: str) -> None:
        """Text of several lines as it is, such as a letter's; ends with a newline."""
        write(self.stdout, clean(text, keep_newlines=True).removesuffix("\n") + "\n")

    def data(self, data: bytes) -> None:
        """A file's contents: as they are into a pipe, on a terminal as text that can do nothing to it."""
        if self.columns is None and hasattr(self.stdout, "buffer"):
            self.stdout.flush()
            self.stdout.buffer.write(data)
        elif self.columns is None:
            write(self.stdout, data.decode("utf-8", "replace"))
        else:
            self.block(data.decode("utf-8", "replace").replace("\r\n", "\n"))

    def talk(self, text: str) -> None:
        """One line to the person at the terminal, beside the data."""
        write(self.stderr, _said(self.typed(text)) + "\n")

    def typed(self, text: str) -> str:
        """The text with the commands in it as they are to be typed in this run."""
        return text if self.program == "crm" else re.sub(_COMMAND, f"{self.program} ", text)

    def warn(self, text: str) -> None:
        """One line about something that is wrong but does not end the command."""
        self.talk(f"crm: warning: {text}")

    def error(self, message: str, hint: str = "", code: int = 1, *, as_json: bool = False) -> None:
        """Why the command ends: a line, and the hint in one under it; or one line of JSON.

        Names stand in both: a line end in one must not make a line that looks like ours.

        Args:
            message: What is wrong.
            hint: What to do about it.
            code: The exit code, which JSON tells too.
            as_json: Whether the caller asked for JSON.
        """
        hint = self.typed(hint)
        if as_json:
            error = {"message": message, "hint": hint, "code": code}
            from crm_core.cli.screen.safe_json import json_of, write_json

            write_json(self.stderr, json_of({"schema": SCHEMA, "error": error}))
            return
        write(self.stderr, _said(f"crm: {message}") + "\n")
        if hint:
            write(self.stderr, _said(f"     hint: {hint}") + "\n")

    def traceback(self, error: BaseException) -> None:
        """Where an error comes from, for who looks for the fault. Its text is data like any other."""
        import traceback

        write(self.stderr, clean("".join(traceback.format_exception(error)), keep_newlines=True))

    def table(
        self,
        rows: Iterable[T],
        columns: Sequence[Column[T]],
        empty: str = "",
        remark: Callable[[T], str] | None = None,
    ) -> None:
        """A line a row under a line of titles; plain, a line a row that names each value.

        On a terminal the widest columns are shortened until a line fits, and columns of low priority left out if
        even that is too much. Elsewhere nothing is cut; a value of over 60 cells stands out of its column.

        Args:
            rows: All rows; read before anything is written.
            columns: From left to right.
            empty: What to say, beside the data, when there is no row.
            remark: What else is to be said of a row, too long for a column: under it on a terminal, and never cut;
                elsewhere the last column.
        """
        rows = list(rows)
        if rows and self.plain:
            spoken = columns if remark is None else (*columns, Column("remark", remark))
            write(self.stdout, "".join(f"{_spoken(row, spoken)}\n" for row in rows))
        elif rows:
            head, *lines = self._table_lines(rows, columns, remark)
            write(self.stdout, "\n".join([self._styled(head, "heading"), *lines, ""]))
        elif empty:
            self.talk(empty)

    def _table_lines(
        self, rows: Sequence[T], columns: Sequence[Column[T]], remark: Callable[[T], str] | None
    ) -> Iterator[str]:
        room = self.room
        remarks = [""] * len(rows)
        if remark is not None and room is not None:
            remarks = [" " * REMARK + self.wrap(text, REMARK) if (text := remark(row)) else "" for row in rows]
        elif remark is not None and any(map(remark, rows)):
            columns = (*columns, Column("remark", remark))
        grid = [[column.title, *map(column.value, rows)] for column in columns]
        grid = [clean_all(cells) if room is None else [shorten(cell, room) for cell in cells] for cells in grid]
        sizes = [measure_of(cells) for cells in grid]
        wanted = [max(map(size, cells)) for size, cells in zip(sizes, grid, strict=True)]
        if room is None:
            given = {n: min(want, WIDEST_PADDING) for n, want in enumerate(wanted)}
        else:
            given = _fit(columns, wanted, room)
            grid = [[shorten(cell, given.get(n, 0)) for cell in cells] for n, cells in enumerate(grid)]
        pattern, shown = [], []
        for n, cells in given.items():
            right, narrow = columns[n].right, sizes[n] is len
            pattern.append(f"%{cells if right else -cells}s" if narrow else "%s")
            shown.append(grid[n] if narrow else _padded(grid[n], cells, right=right))
        line = (" " * GAP).join(pattern)
        for texts, text in zip(zip(*shown, strict=True), ["", *remarks], strict=True):
            yield (line % texts).rstrip()
            if text:
                yield text

    def fields(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Labels with their values beside them, as `show` prints a record; a pair without a value is left out.

        Lines of a value after its first stand under the first; plain, below their label.
        """
        shown = [(clean(label), value.strip()) for label, value in pairs if value.strip()]
        if not shown:
            return
        if self.plain:
            write(self.stdout, "".join(f"{label}: {self.wrap(value)}\n" for label, value in shown))
            return
        most = WIDEST_PADDING if self.room is None else self.room // 3
        allowed = min(max(width(label) for label, _ in shown), most)
        text = ""
        for label, value in shown:
            head = label if self.room is None else shorten(label, allowed)
            head += " " * (allowed - width(head))
            text += f"{self._styled(head, 'dim')}{' ' * GAP}{self.wrap(value, allowed + GAP)}\n"
        write(self.stdout, text)

    def wrap(self, text: str, indent: int = 0) -> str:
        """Text made safe and, on a terminal, broken into lines that fit.

        Args:
            text: May hold newlines; they are kept.
            indent: Cells that stand before the first line; the others are moved in by as many.
        """
        lines = clean(text, keep_newlines=True).split("\n")
        if self.room is not None:
            space = max(self.room - indent, FEWEST_WRAPPED)
            lines = [part for line in lines for part in fold_line(line.expandtabs(4), space)]
        return "\n".join([lines[0], *((" " * indent + line).rstrip() for line in lines[1:])])

    def json_items(self, items: Iterable[object], extra: Mapping[str, object] | None = None) -> None:
        """`{"schema": 1, "items": [...]}`, with `extra`'s keys after them.

        Indented by two on a terminal, on one line elsewhere. Records are encoded by their field names, a lone
        surrogate as U+FFFD.
        """
        self._json({"items": list(items), **(extra or {})})

    def json_item(self, item: object) -> None:
        """`{"schema": 1, "item": {...}}`, as `json_items` does it."""
        self._json({"item": item})

    def _json(self, envelope: Mapping[str, object]) -> None:
        from crm_core.cli.screen.safe_json import json_of, write_json

        write_json(self.stdout, json_of({"schema": SCHEMA, **envelope}, indent=None if self.room is None else 2))

    def _styled(self, text: str, style: Style | None) -> str:
        if style is None or not text or not self.color or self.plain:
            return text
        return f"{ANSI[style]}{text}{ANSI_END}"
