"""A stream of bytes into the rows of a table: delimiter, charset, quotation marks, the line that each row begins in.

The header is looked for among the first lines, since some files begin with remarks. A row is read by itself: a
quotation mark that is never closed costs the line that it stands in, not the rest of the file. No more than one row,
and the lines looked at for its end, is in memory. What cells mean is not known here.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, TypeAlias

from crm_core import Problem, one_line, physical_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

DELIMITERS: Final = (",", ";", "\t", "|")
MOST_REMARKS: Final = 25
"""Lines before the header."""
MOST_LOOKED_AT: Final = 200
"""Lines by which the way is told in which days are written."""
MOST_COLUMNS: Final = 2_000
MOST_CHARACTERS: Final = 1_000_000
"""Of one row, with all its lines."""
EXCERPT: Final = 80

BOM: Final = "\ufeff"
MORE_CELLS: Final = "it has more cells than there are columns"
UNCLOSED: Final = "a quotation mark is not closed"
TOO_LONG: Final = "a cell or a line is too long to be about a person"

_RUN: Final = re.compile('"+')
_DAYS: Final = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})(?![\d/])", re.ASCII)
_NO_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f]")


class Row(NamedTuple):
    """One row.

    Args:
        line: The number of the line that it begins in.
        cells: As many as there are columns, as they stand in the file.
        repaired: What was wrong with it, in words.
    """

    line: int
    cells: list[str]
    repaired: tuple[str, ...] = ()


Heading: TypeAlias = Callable[[list[str]], bool]
"""Whether the cells of a line are the titles that are looked for."""


class Table(NamedTuple):
    """A table whose header was found.

    Args:
        titles: Of its columns, on one line each; unique, and never empty.
        rows: The rows below it, to be read once; a row of nothing but blanks is left out.
        day_first: Whether its days are written as `31/12/2026`, as far as one can see.
    """

    titles: list[str]
    rows: Iterator[Row | Problem]
    day_first: bool = False


def table_of(stream: BinaryIO, is_heading: Heading) -> Table | None:
    """The table whose header `is_heading` knows; None if there is no such line among the first ones."""
    lines = _Lines(stream)
    for _ in range(MOST_REMARKS):
        line = lines.next()
        if line is None:
            return None
        for delimiter in _delimiters(line[1]):
            cells = _cells(line[1], delimiter)
            if cells is not None and len(cells) <= MOST_COLUMNS and is_heading(cells):
                return _table(unique_titles(cells), lines, delimiter)
    return None


def any_table(stream: BinaryIO, has_titles: Heading) -> Table | None:
    """The table that a file may hold whatever its titles are: from the first line that is as wide as the next ones.

    Args:
        stream: At its beginning.
        has_titles: Whether the cells of a first row are titles; else all rows are data.
    """
    lines = _Lines(stream)
    first = lines.ahead(MOST_REMARKS)
    if not first or any(_NO_TEXT.search(text) for _, text in first):
        return None
    start, delimiter = _shape([text for _, text in first])
    for _ in range(start):
        lines.next()
    heading = next(_rows(lines, delimiter), None)
    if not isinstance(heading, Row) or len(heading.cells) > MOST_COLUMNS:
        return None
    if has_titles(heading.cells):
        return _table(unique_titles(heading.cells), lines, delimiter)
    table = _table(unique_titles([""] * len(heading.cells)), lines, delimiter)
    return table._replace(rows=chain([heading], table.rows))


def _table(titles: list[str], lines: _Lines, delimiter: str) -> Table:
    """The table that goes on in those lines."""
    return Table(titles, _fitting(_rows(lines, delimiter), len(titles)), _is_day_first(lines, delimiter))


def unique_titles(cells: Iterable[str]) -> list[str]:
    """Titles by which columns can be told apart: an empty one is numbered, so is one that was there before."""
    titles: dict[str, None] = {}
    counted: Counter[str] = Counter()
    for number, cell in enumerate(cells, 1):
        bare = title = one_line(cell) or f"column {number}"
        while title in titles:
            counted[bare] += 1
            title = f"{bare} ({counted[bare] + 1})"
        titles[title] = None
    return list(titles)


class _Lines:
    """The lines of a file as text, which may be looked at before they are taken."""

    def __init__(self, stream: BinaryIO) -> None:
        self._source = enumerate(physical_lines(stream), 1)
        self._waiting: deque[tuple[int, str]] = deque()

    def next(self) -> tuple[int, str] | None:
        """Take a line with its number; None at the end."""
        if self._waiting:
            return self._waiting.popleft()
        found = next(self._source, None)
        if found is None:
            return None
        number, line = found
        return number, _decoded(line).removeprefix(BOM) if number == 1 else _decoded(line)

    def ahead(self, count: int) -> list[tuple[int, str]]:
        """The next lines without taking them: fewer at the end, or if they are very long."""
        taken: list[tuple[int, str]] = []
        size = 0
        while len(taken) < count and size < MOST_CHARACTERS and (line := self.next()) is not None:
            taken.append(line)
            size += len(line[1])
        self.put_back(taken)
        return taken

    def put_back(self, lines: Iterable[tuple[int, str]]) -> None:
        """Let lines that were taken be taken again, in their order."""
        self._waiting.extendleft(reversed(list(lines)))


def _decoded(line: bytes | None) -> str:
    """A line as text; one that is too long as a text that is too long."""
    if line is None:
        return "x" * (MOST_CHARACTERS + 1)
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _delimiters(text: str) -> list[str]:
    """Those that a line may be cut at, the most frequent first."""
    counted = sorted(((text.count(delimiter), delimiter) for delimiter in DELIMITERS), key=lambda found: -found[0])
    return [delimiter for count, delimiter in counted if count] or [","]


def _shape(texts: list[str]) -> tuple[int, str]:
    """The line that a table begins in, and its delimiter: what makes most lines equally wide, and wide."""
    best = (0, 0, ",")
    for delimiter in DELIMITERS:
        widths = [len(_cells(text, delimiter) or ()) for text in texts]
        for start, width in enumerate(widths):
            if width > 1 and widths.count(width) * (width - 1) > best[0]:
                best = (widths.count(width) * (width - 1), start, delimiter)
    return best[1], best[2]


def _is_day_first(lines: _Lines, delimiter: str) -> bool:
    """Whether `8/2/2026` is in February: told by another day, else by the delimiter.

    Spreadsheets write semicolons where the comma is the decimal sign, and hardly anybody there writes the month first.
    """
    for _, text in lines.ahead(MOST_LOOKED_AT):
        for first, second in _DAYS.findall(text):
            if int(first) > 12 or int(second) > 12:
                return int(first) > 12
    return delimiter == ";"


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row | Problem]:
    """Every row that is not blank, or what is wrong with it."""
    while (line := lines.next()) is not None:
        number, text = line
        if len(text) > MOST_CHARACTERS:
            yield Problem(line=number, reason=TOO_LONG, text=_excerpt(text))
            continue
        if '"' in text and _end(text, delimiter) == "open":
            whole = _to_its_end(text, lines, delimiter)
            if whole is None:
                yield Problem(line=number, reason=UNCLOSED, text=_excerpt(text))
                continue
            text = whole
        repaired: tuple[str, ...] = ()
        if "\0" in text:
            text, repaired = text.replace("\0", ""), ("NUL characters were left out",)
        cells = _cells(text, delimiter)
        if cells is None:
            yield Problem(line=number, reason=TOO_LONG, text=_excerpt(text))
        elif any(cell and not cell.isspace() for cell in cells):
            yield Row(number, cells, repaired)


def _fitting(rows: Iterator[Row | Problem], width: int) -> Iterator[Row | Problem]:
    """Rows as wide as the header: missing cells are empty; more cells, if they hold something, are a problem.

    Where a delimiter in a cell was not quoted, everything behind it is in a wrong column.
    """
    for row in rows:
        if isinstance(row, Problem) or len(row.cells) == width:
            yield row
        elif len(row.cells) < width:
            yield row._replace(cells=row.cells + [""] * (width - len(row.cells)))
        elif any(cell.strip() for cell in row.cells[width:]):
            yield Problem(line=row.line, reason=MORE_CELLS, text=_excerpt(", ".join(row.cells)))
        else:
            yield row._replace(cells=row.cells[:width])


def _to_its_end(text: str, lines: _Lines, delimiter: str) -> str | None:
    """A row that goes on in the next lines, whole; None, and no line taken, if its quotation mark is never closed.

    Nor is it closed where the mark that would close it begins a cell of another row, as one sees by what follows.
    Each line is looked at once more at most: one that leaves a quotation mark open ends the search of the one before.
    """
    taken: list[tuple[int, str]] = []
    size = len(text)
    while size <= MOST_CHARACTERS and (line := lines.next()) is not None:
        taken.append(line)
        size += len(line[1]) + 1
        end = _end(line[1], delimiter, inside=True)
        if end == "torn":
            break
        if end == "closed":
            return "\n".join([text, *(part for _, part in taken)])
    lines.put_back(taken)
    return None


def _end(text: str, delimiter: str, *, inside: bool = False) -> str:
    """What a line ends in: `open` inside a quoted cell, `closed` outside; `torn` if what it began in can't be right.

    Args:
        text: The line.
        delimiter: What cells are cut at.
        inside: Whether it begins inside a quoted cell.
    """
    place, first = 0, inside
    while True:
        if not inside:
            opening = _opening(delimiter).search(text, place)
            if opening is None:
                return "closed"
            place = opening.end()
        # Doubled marks stand for one each; of an odd number the last one closes.
        runs = (run for run in _RUN.finditer(text, place) if len(run[0]) % 2)
        closing = next(runs, None)
        if closing is None:
            return "open"
        place, inside = closing.end(), False
        if first and text[place : place + 9].strip(" ")[:1] not in {"", delimiter}:
            return "torn"
        first = False


@lru_cache(maxsize=8)
def _opening(delimiter: str) -> re.Pattern[str]:
    """Where a quoted cell begins: behind a delimiter, or at the beginning of the line."""
    return re.compile(rf'(?:\A|{re.escape(delimiter)}) *"')


def _cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of a whole row; None if one is longer than csv takes (its limit is the process's, and left alone)."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return None


def _excerpt(text: str) -> str:
    """The beginning of a text, fit to be shown."""
    return one_line(text[: EXCERPT * 4])[:EXCERPT]
