"""Figures as one page for a browser and for paper: nothing in it is run, nothing is loaded from anywhere.

Each figure is a drawing with its numbers beside it as a table, which says all that the drawing does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from crm_core.cli.screen.cells import clean, shorten
from crm_core.cli.screen.plots import bars, in_words
from crm_core.figures import Figure

TEMPLATE: Final = Path(__file__).with_name("templates") / "stats.html"
ROW: Final = 24  # of the drawing's own units, as all of these
BAR: Final = 14
LABELS: Final = 144
BARS: Final = 200
EDGE: Final = 4  # right of the bars, for lines and marks that are half beside them
LONGEST_LABEL: Final = 22  # cells


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A row: its words, and where its bar is; the bar's parts are x and width, a mark is an x."""

    label: str
    short: str
    words: str
    note: str
    y: float
    filled: tuple[float, float] | None
    open: tuple[float, float] | None
    mark: float | None


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A figure: its words, and the drawing's height, which is 0 where there is nothing to draw."""

    title: str
    about: str
    rows: tuple[Drawn, ...]
    height: int

    @property
    def said(self) -> str:
        """The drawing in words."""
        return "; ".join(" ".join(filter(None, (row.label, row.words, row.note))) for row in self.rows)


def page(title: str, figures: Sequence[Figure], *, name: str, written: str) -> str:
    """The page; whatever stands in the figures is escaped.

    Args:
        title: What the page is.
        figures: From top to bottom.
        name: Whose search it is; empty if that is not known.
        written: The day on which it is made.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    charts = [_chart(figure) for figure in figures]
    return template.render(
        title=clean(title),
        charts=charts,
        name=clean(name),
        written=written,
        row=ROW,
        bar=BAR,
        width=LABELS + BARS + EDGE,
    )


def _chart(figure: Figure) -> Chart:
    rows = tuple(_rows(figure))
    drawn = any(row.filled or row.open or row.mark is not None for row in rows)
    return Chart(
        title=clean(figure.title), about=clean(figure.about), rows=rows, height=ROW * len(rows) if drawn else 0
    )


def _rows(figure: Figure) -> Iterator[Drawn]:
    for number, (row, bar) in enumerate(zip(figure.rows, bars(figure.rows), strict=True)):
        label = clean(row.label)
        yield Drawn(
            label=label,
            short=shorten(label, LONGEST_LABEL),
            words=in_words(row),
            note=clean(row.note),
            y=number * ROW + (ROW - BAR) / 2,
            filled=_part(bar.start, bar.filled) if bar is not None else None,
            open=_part(bar.filled, bar.end) if bar is not None else None,
            mark=LABELS + round(bar.mark * BARS, 1) if bar is not None and bar.mark is not None else None,
        )


def _part(start: float, end: float) -> tuple[float, float] | None:
    """A part of a bar, as x and width, which is never too small to be seen; None if there is none."""
    if end <= start:
        return None
    return LABELS + round(min(start * BARS, BARS - 1), 1), max(round((end - start) * BARS, 1), 1)
