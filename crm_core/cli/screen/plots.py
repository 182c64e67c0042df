"""Figures as lines of text: their numbers in words, and beside them, where there is room, a bar for each.

The words say all that the bars do, so whoever hears a screen read, or reads a pipe, gets the words alone. The page of
`charts.py` has the same words and bars.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from crm_core.cli.screen.cells import clean, shorten, width
from crm_core.figures import Count, Figure, Spread

INDENT: Final = 2
GAP: Final = 2
NARROWEST: Final = 8  # cells; a shorter bar says nothing
WIDEST: Final = 48
SHORTEST_LABEL: Final = 4
LABEL_PART: Final = 3  # at least a third of the line, before bars are left out
NOTE_PART: Final = 4
DRAWN: Final = "█░"
DRAWN_IN_ASCII: Final = "#."


class Bar(NamedTuple):
    """A row as it is drawn, as parts of a whole that is the same for all rows of its kind, each from 0 to 1.

    Of a count it is filled from 0 to its value, and open from there to what it is out of or should be. Of a spread it
    is open from the lowest to the highest amount, with a mark where the median is.
    """

    start: float
    filled: float
    end: float
    mark: float | None = None


def bars(rows: Sequence[Count | Spread]) -> list[Bar | None]:
    """A bar a row; none for a number that stands beside nothing to be held against."""
    counts = [row for row in rows if isinstance(row, Count)]
    most = max((max(row.value, row.of or 0, row.target or 0) for row in counts), default=0)
    longest = max((row.high for row in rows if isinstance(row, Spread)), default=0)
    lonely = len(counts) == 1 and counts[0].of is None and counts[0].target is None
    return [
        (None if lonely else _of_count(row, most)) if isinstance(row, Count) else _of_spread(row, longest)
        for row in rows
    ]


def _of_count(row: Count, most: int) -> Bar:
    whole = max(row.value, row.of or 0, row.target or 0)
    return Bar(0, row.value / most, whole / most) if most else Bar(0, 0, 0)


def _of_spread(row: Spread, longest: float) -> Bar:
    low, high, median = (days / longest if longest else 0 for days in (row.low, row.high, row.median))
    return Bar(low, low, high, median)


def in_words(row: Count | Spread) -> str:
    """A row's numbers: `7 of 24, 29%`, or `median 8 days, 2 to 31, n 9`."""
    return _count_in_words(row) if isinstance(row, Count) else _spread_in_words(row)


def _count_in_words(row: Count) -> str:
    whole = row.of if row.of is not None else row.target
    out_of = f" of {whole:,}" if whole else ""
    rate = f", {row.rate:.0%}" if row.rate is not None else ""
    return f"{row.value:,}{out_of}{_unit(row.unit, whole or row.value)}{rate}"


def _spread_in_words(row: Spread) -> str:
    middle = f"{_amount(row.median)}{_unit(row.unit, row.median)}"
    if row.n == 1:
        return f"{middle}, n 1"
    return f"median {middle}, {_amount(row.low)} to {_amount(row.high)}, n {row.n:,}"


def _amount(amount: float) -> str:
    """With one decimal place, if it is needed."""
    return f"{amount:,.1f}".removesuffix(".0")


def _unit(unit: str, amount: float) -> str:
    return f" {clean(unit)}{'' if amount == 1 else 's'}" if unit else ""


def lines(figure: Figure, room: int | None, drawn: str = DRAWN) -> Iterator[str]:
    """A line a row: label, numbers, bar, note.

    Args:
        figure: What is drawn.
        room: The cells of a line; None for lines of any length, without bars.
        drawn: The characters of what is there, and of what is missing.
    """
    labels, notes = [clean(row.label) for row in figure.rows], [clean(row.note) for row in figure.rows]
    words, shapes = _aligned(figure.rows), bars(figure.rows)
    cells = 0
    if room is not None:
        words = [shorten(text, room - INDENT - SHORTEST_LABEL - GAP) for text in words]
        left = room - INDENT - GAP - _widest(words)
        notes = [shorten(note, min(room // NOTE_PART, left - SHORTEST_LABEL - GAP)) for note in notes]
        left -= GAP + _widest(notes) if any(notes) else 0
        longest = max(room // LABEL_PART, left - GAP - NARROWEST)  # nothing is cut off a label for a longer bar
        cells = min(left - GAP - min(_widest(labels), longest), WIDEST) if any(shapes) else 0
        cells = cells if cells >= NARROWEST else 0
        labels = [shorten(label, longest if cells else left) for label in labels]
    for label, text, shape, note in zip(_padded(labels), _padded(words), shapes, notes, strict=True):
        bar = [(_drawn(shape, cells, drawn) if shape is not None else "").ljust(cells)] if cells else []
        yield (" " * INDENT + (" " * GAP).join([label, text, *bar, note])).rstrip()


def spoken(figure: Figure) -> Iterator[str]:
    """A line a row for who hears it: `2026-W44, 26 Oct: 0, paused`."""
    for row in figure.rows:
        yield ", ".join(filter(None, (f"{clean(row.label)}: {in_words(row)}", clean(row.note).strip())))


def _widest(texts: Sequence[str]) -> int:
    return max(map(width, texts), default=0)


def _padded(texts: Sequence[str]) -> list[str]:
    widest = _widest(texts)
    return [text + " " * (widest - width(text)) for text in texts]


def _aligned(rows: Sequence[Count | Spread]) -> list[str]:
    """The rows' numbers, those of counts so that the first ones end below one another."""
    digits = max((len(f"{row.value:,}") for row in rows if isinstance(row, Count)), default=0)
    return [
        " " * (digits - len(f"{row.value:,}")) + in_words(row) if isinstance(row, Count) else in_words(row)
        for row in rows
    ]


def _drawn(bar: Bar, cells: int, drawn: str) -> str:
    """A bar in so many cells; what is there, and what is missing, is never rounded away."""
    full, rest = drawn[0], drawn[1]
    start, filled, end = (round(part * cells) for part in (bar.start, bar.filled, bar.end))
    if bar.mark is not None:
        start = min(start, cells - 1)
        end = max(end, start + 1)
        mark = min(max(round(bar.mark * cells), start), end - 1)
        return " " * start + rest * (mark - start) + full + rest * (end - mark - 1)
    filled = max(filled, 1) if bar.filled else 0
    if bar.filled < bar.end:
        filled = min(filled, cells - 1)
        end = max(end, filled + 1)
    return full * filled + rest * (end - filled)
