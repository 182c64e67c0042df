"""Text on a terminal: made safe, measured in cells, shortened and folded; nothing here prints.

A wide character or an emoji takes two cells, a combining mark none; what a terminal draws as one is never cut in two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

REPLACEMENT: Final = "\ufffd"
ELLIPSIS: Final = "…"
# UAX #15's stream-safe format allows 30 marks in a row; what piles up more on one letter is not writing.
LONGEST_CLUSTER: Final = 31

# Patterns are compiled (and kept, by re) when first used: `--help` needs none of them.
_LINE_BREAK: Final = "\r\n|[\r\n\u2028\u2029]"
_BLANK: Final = "\r\n|[\t\r\n\u2028\u2029]"
_UNSAFE: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
# Latin letters, dashes, quotes, `…`, the euro sign and what `clean` leaves a trace with are one cell each: they must
# not cost the import of the tables, nor a megabyte of them the time to look each up.
_NARROW: Final = "[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u20ac\ufffd]*"

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_REGIONAL: Final = "[\U0001f1e6-\U0001f1ff]"
_SKIN_TONE: Final = "[\U0001f3fb-\U0001f3ff]"


def clean(text: str, *, keep_newlines: bool = False) -> str:
    r"""Data made safe for a terminal.

    Control characters (C0, C1, DEL), bidirectional overrides, embeddings and isolates, and lone surrogates become
    U+FFFD, so that one sees that something odd was there. Left-to-right and right-to-left marks stay: they can't
    reorder what follows. Tabs and line ends (also `\r`, `\r\n`, U+2028, U+2029) become a space.

    Args:
        text: Anything.
        keep_newlines: Keep tabs, and every kind of line end as `\n`.
    """
    if text.isprintable():
        return text
    text = re.sub(_LINE_BREAK, "\n", text) if keep_newlines else re.sub(_BLANK, " ", text)
    return re.sub(_UNSAFE, REPLACEMENT, text)


def width(text: str) -> int:
    """The cells that one line of text takes on a terminal; a wide character takes two, a combining mark none."""
    if (text.isascii() and text.isprintable()) or is_narrow(text):
        return len(text)
    from wcwidth import wcwidth

    text = clean(text)
    cells = list(map(wcwidth, text))
    if 0 not in cells and not re.search(_REGIONAL, text) and not re.search(_SKIN_TONE, text):
        return sum(cells)
    return sum(size for _, size in _clusters(text))


def clean_all(texts: list[str]) -> list[str]:
    """As `clean`, for a column of thousands: most have nothing to clean, which one look at all of it tells."""
    return texts if "".join(texts).isprintable() else [clean(text) for text in texts]


def measure_of(texts: list[str]) -> Callable[[str], int]:
    """What gives the cells of each of these cleaned texts: `len` for a column of narrow characters, else `width`."""
    return len if is_narrow("".join(texts)) else width


def shorten(text: str, cells: int) -> str:
    """One cleaned line of text in at most so many cells, with `…` where something was cut off its end.

    A wide character, a letter with its marks and a joined emoji are kept or left out as a whole.
    """
    text = clean(text)
    if cells > 0 and is_narrow(text):
        return text if len(text) <= cells else text[: cells - 1].rstrip() + ELLIPSIS
    kept, used, cut = "", 0, ""
    for cluster, size in _clusters(text):
        if used + size > cells:
            return cut.rstrip() + ELLIPSIS if cells > 0 else ""
        kept += cluster
        used += size
        if used < cells:
            cut = kept
    return kept


def is_narrow(text: str) -> bool:
    """Whether every character takes one cell."""
    return (text.isascii() and text.isprintable()) or re.fullmatch(_NARROW, text) is not None


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """The pieces of a cleaned text that a terminal draws as one, each with its cells."""
    if is_narrow(text):
        yield from ((char, 1) for char in text)
        return
    from wcwidth import wcwidth

    cluster = ""
    for char in text:
        if cluster and wcwidth(char) and not _joins(cluster, char):
            yield cluster, _cells(cluster)
            cluster = ""
        if len(cluster) < LONGEST_CLUSTER:
            cluster += char
    if cluster:
        yield cluster, _cells(cluster)


def _joins(cluster: str, char: str) -> bool:
    """Whether a character that has cells of its own is drawn in the same place as those before it."""
    if len(cluster) >= LONGEST_CLUSTER:
        return False
    if cluster[-1] == _JOINER:
        return _ends_in_emoji(cluster[:-1]) and not char.isalnum()
    if re.match(_REGIONAL, char):
        return bool(re.fullmatch(_REGIONAL, cluster))
    return bool(re.match(_SKIN_TONE, char)) and not cluster[0].isalnum()


def _ends_in_emoji(cluster: str) -> bool:
    """Whether a joiner after it can join: letters with joiners between them are drawn side by side."""
    from wcwidth import wcwidth

    return cluster != "" and (cluster[-1] == _EMOJI_STYLE or wcwidth(cluster[-1]) == 2)


def _cells(cluster: str) -> int:
    """The cells of one cluster. Marks with no letter to stand on are drawn on the space before them."""
    from wcwidth import wcswidth, wcwidth

    return wcswidth(cluster) if wcwidth(cluster[0]) else max(wcswidth(" " + cluster) - 1, 0)


def _pieces(word: str, room: int) -> Iterator[tuple[str, int]]:
    """A word in pieces of at most `room` cells, with their cells: itself, if it fits."""
    if is_narrow(word):
        yield from ((piece, len(piece)) for n in range(0, len(word), room) if (piece := word[n : n + room]))
        return
    if (size := width(word)) <= room:
        yield word, size
        return
    piece, used = "", 0
    for cluster, cells in _clusters(word):
        if piece and used + cells > room:
            yield piece, used
            piece, used = "", 0
        piece += cluster
        used += cells
    yield piece, used


def fold_line(line: str, room: int) -> list[str]:
    """One line in lines of at most `room` cells, broken at spaces where it can be."""
    if width(line) <= room:
        return [line.rstrip()]
    lines: list[str] = []
    current, used = "", 0
    for word in filter(None, line.split(" ")):
        for piece, size in _pieces(word, room):
            if current and used + 1 + size <= room:
                current, used = f"{current} {piece}", used + 1 + size
            else:
                lines.append(current)
                current, used = piece, size
    return [*lines[1:], current]
