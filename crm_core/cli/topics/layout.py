"""A page of Markdown as lines for a terminal.

Of Markdown it knows what our pages use, which a test holds them to: headings, paragraphs, lists, what is to be typed,
tables of two columns, and links, whose words are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final, Literal

from crm_core.cli.screen.cells import fold_line, width

Kind = Literal["blank", "code", "heading", "item", "row", "text"]

TYPED: Final = "    "
ITEM: Final = "- "
GAP: Final = 2
_TOGETHER: Final = "\xa0"
_SPAN: Final = "`[^`]+`"
_LINK: Final = r"\[([^]]+)\]\([^)]+\)"
_RULE: Final = r"\|[ |:-]+\|"


def laid_out(text: str, room: int | None) -> Iterator[tuple[Kind, str]]:
    """The page's lines, each with what it is a line of.

    Args:
        text: The page.
        room: The cells that a line may take; None for lines of any length. What is to be typed is never broken.
    """
    for kind, lines in groupby(_kinds(text), key=lambda line: line[0]):
        texts = [line for _, line in lines]
        if kind == "row":
            yield from ((kind, line) for line in _table(texts, room))
        elif kind == "item":
            yield from ((kind, line) for item in _items(texts) for line in _folded(_plain(item), room, len(ITEM)))
        elif kind == "text":
            yield from ((kind, line) for line in _folded(_plain(" ".join(texts)), room))
        else:
            yield from ((kind, TYPED + line if kind == "code" else _plain(line)) for line in texts)


def _kinds(text: str) -> Iterator[tuple[Kind, str]]:
    """Each line of the page with what it belongs to; the marks that only Markdown needs are gone."""
    within: Kind | None = None
    for line in text.rstrip().splitlines():
        if line.startswith("```"):
            within = None if within == "code" else "code"
        elif within == "code":
            yield "code", line
        elif not line.strip():
            within = None
            yield "blank", ""
        elif line.startswith("#"):
            yield "heading", line.lstrip("# ")
        elif line.startswith("|"):
            if not re.fullmatch(_RULE, line):
                yield "row", line
        elif line.startswith(ITEM) or within == "item":
            within = "item"
            yield "item", line
        else:
            yield "text", line


def _items(lines: list[str]) -> Iterator[str]:
    """The items of a list, each on a line of its own."""
    item = ""
    for line in lines:
        if line.startswith(ITEM) and item:
            yield item
            item = ""
        item = f"{item} {line.strip()}".strip()
    yield item


def _table(rows: list[str], room: int | None) -> Iterator[str]:
    """Two columns; where lines may be of any length, a row a line."""
    pairs = [[_plain(cell.strip()) for cell in row.strip("|").split("|")] for row in rows]
    if room is None:
        yield from (f"{left}: {right}" for left, right in pairs)
        return
    first = min(max(width(left) for left, _ in pairs), room // 2 - GAP)
    for left, right in pairs:
        lefts, rights = _fold(left, first), _fold(right, room - first - GAP)
        for n in range(max(len(lefts), len(rights))):
            left_part = lefts[n] if n < len(lefts) else ""
            right_part = rights[n] if n < len(rights) else ""
            yield f"{left_part}{' ' * (first + GAP - width(left_part))}{right_part}".rstrip()


def _folded(line: str, room: int | None, indent: int = 0) -> Iterator[str]:
    """A paragraph or an item; its further lines begin under its first word."""
    if room is None:
        yield line
        return
    first, *others = _fold(line[indent:], room - indent)
    yield line[:indent] + first
    yield from (" " * indent + other for other in others)


def _fold(line: str, room: int) -> list[str]:
    """As `fold_line`; what is to be typed stays on one line where it can."""

    def together(span: re.Match[str]) -> str:
        return span[0].replace(" ", _TOGETHER) if width(span[0]) <= room else span[0]

    return [part.replace(_TOGETHER, " ") for part in fold_line(re.sub(_SPAN, together, line), room)]


def _plain(text: str) -> str:
    """Without the marks of links and of what is set in bold."""
    return re.sub(_LINK, r"\1", text).replace("**", "")
