"""Draws the README's pictures from what the program prints: `python -m tests.docs.pictures`.

Each is an SVG of a screen of the demo at a fixed moment: text that can be selected, light or dark as the reader's own
screen is. `test_pictures.py` fails when one is not what this would draw.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from crm_core.cli.main import main
from crm_core.cli.screen.cells import width
from crm_core.cli.screen.output import ANSI, ANSI_END, Output
from crm_core.testing import Crm
from tests.docs.reference import ROOT

FOLDER: Final = ROOT / "docs/pictures"
PRESENT: Final = "2026-11-24T17:30"

CELL: Final = 8.4  # a character of most fixed-width fonts is 0.6 of its size wide
LINE: Final = 20
MARGIN: Final = 16
STYLE: Final = """\
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
.screen { fill: #ffffff; stroke: #d0d7de; }
text { fill: #1f2328; }
.heading { font-weight: bold; }
.late { fill: #b3261e; }
.dim { fill: #59636e; }
.good { fill: #1a7f37; }
@media (prefers-color-scheme: dark) {
.screen { fill: #0d1117; stroke: #3d444d; }
text { fill: #e6edf3; }
.late { fill: #ff7b72; }
.dim { fill: #9198a1; }
.good { fill: #3fb950; }
}"""


class Picture(NamedTuple):
    """A screen to draw: its file's name, the command, the terminal's width, and how many lines at the most."""

    name: str
    command: str
    columns: int = 80
    lines: int = 99


PICTURES: Final = (
    Picture("agenda", "crm --demo agenda", lines=26),
    Picture("checklist", "crm --demo checklist", columns=100),
    Picture("stats", "crm --demo stats", lines=19),
    Picture("referral-paths", "crm --demo referral paths Cobalt", columns=100),
)


def screens() -> Iterator[tuple[Picture, list[str]]]:
    """What each command prints on a terminal, with its colours, below the line that was typed."""
    with tempfile.TemporaryDirectory() as home:
        crm = Crm(Path(home), PRESENT)
        crm.ok("demo")
        for picture in PICTURES:
            out = io.StringIO()
            words = picture.command.removeprefix("crm ").split()
            code = main(words, crm.environ, Output(out, io.StringIO(), picture.columns, color=True))
            assert code == 0, picture.command
            printed = out.getvalue().splitlines()
            cut = printed[: picture.lines] + ["..."] * (len(printed) > picture.lines)
            yield picture, [f"$ {picture.command}", *cut]


def drawn(picture: Picture, lines: list[str]) -> str:
    """The screen as an SVG."""
    wide, high = round(picture.columns * CELL + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">',
        f"<title>{escape(picture.command)}</title>",
        f"<style>\n{STYLE}\n</style>",
        f'<rect class="screen" x="0.5" y="0.5" width="{wide - 1}" height="{high - 1}" rx="8"/>',
    ]
    for number, line in enumerate(lines):
        parts += _texts(line, MARGIN + number * LINE + 15)
    return "\n".join([*parts, "</svg>", ""])


def _texts(line: str, y: int) -> Iterator[str]:
    """A line's pieces, each where its cells are, whatever the reader's font makes of the characters before it."""
    style, at = "", 0
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece == ANSI_END:
            style = ""
        elif piece.startswith("\x1b"):
            style = next(name for name, code in ANSI.items() if code == piece)
        elif piece:
            yield from _words(piece, at, y, style)
            at += width(piece)


def _words(piece: str, at: int, y: int, style: str) -> Iterator[str]:
    kind = f' class="{style}"' if style else ""
    for words in re.finditer(r"\S+(?: \S+)*", piece):
        cells = width(words[0])
        x = MARGIN + (at + width(piece[: words.start()])) * CELL
        yield f'<text{kind} x="{x:.1f}" y="{y}" textLength="{cells * CELL:.1f}">{escape(words[0])}</text>'


def path_of(picture: Picture) -> Path:
    """Its file."""
    return FOLDER / f"{picture.name}.svg"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for picture, lines in screens():
        path_of(picture).write_text(drawn(picture, lines), "utf-8")
