"""A stream of bytes split into single cards, and a card's physical lines unfolded into logical ones.

Lines stay bytes here: a fold may fall inside a character, and each property of a vCard 2.1 may have its own charset.
What a line says is read in `content.py`. No more than one card is in memory at a time.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from crm_core import line_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MAX_CARD: Final = 16 * 1024 * 1024
MAX_LINES: Final = 300_000
"""A card's limits in bytes and in physical lines: lines of few bytes cost many times their length in memory."""

BOM: Final = codecs.BOM_UTF8
BLANK: Final = BOM + b" \t\0\x1a"
"""What an empty file may hold: DOS ends a text with the last of these."""
BOUNDARY: Final = re.compile(rb"[\xef\xbb\xbf\s]*(BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)
LAST: Final = frozenset(b"Dd \t\v\f")
"""The last byte of a line that may begin or end a card; few others have one."""
AGENT: Final = re.compile(rb"\s*(?:[\w-]+\.)?AGENT(?:;[^:]*)?:\s*(BEGIN\s*:\s*VCARD\s*)?", re.IGNORECASE)
BASE64: Final = re.compile(rb"[A-Za-z0-9+/=]+\s*")


class Card(NamedTuple):
    """What stands between one BEGIN:VCARD and its end.

    Args:
        line: The number of the line with BEGIN.
        lines: The physical lines after it, one after the other; those of a nested card are empty.
        ended: Whether there was an END:VCARD.
        fault: Why the card could not be taken in whole; empty when it was.
    """

    line: int
    lines: list[bytes]
    ended: bool = True
    fault: str = ""


class Stray(NamedTuple):
    """The first line of some text outside any card."""

    line: int
    text: bytes


LogicalLine: TypeAlias = tuple[int, bytes]
"""The number of the line that a property begins in, and the property unfolded."""


def split_cards(stream: BinaryIO) -> Iterator[Card | Stray]:
    """The cards of a file in their order, and the places where there is text outside any.

    A BEGIN inside an open card ends that card, as one missing END must not swallow the rest of a file. Only the card
    that a property AGENT holds (RFC 2426 section 3.5.4) is nested; its lines are skipped: they tell of somebody else.
    """
    card: _OpenCard | None = None
    straying = False
    for number, run, mark, bound in _runs(stream):
        if card is not None:
            card.extend(run)
            if not mark or card.takes(bound, mark):
                continue
            yield card.closed(ended=mark == "END")
            card = None
            if mark == "END":
                continue
        elif not straying and (stray := _first_text(run)) is not None:
            straying = True
            yield Stray(number + stray, run[stray] or b"")
        if mark == "BEGIN":
            card, straying = _OpenCard(number + len(run), bound), False
        elif mark and not straying:
            straying = True
            yield Stray(number + len(run), bound)
    if card is not None:
        yield card.closed(ended=False)


def _runs(stream: BinaryIO) -> Iterator[tuple[int, list[bytes | None], str, bytes]]:
    """Stretches of lines: the number of the first, the lines, and the bound of a card after them, as mark and line."""
    passed = 1
    for block in line_blocks(stream):
        begin = 0
        for place in [place for place, line in enumerate(block) if line and line[-1] in LAST]:
            if mark := _mark(block[place]):
                yield passed + begin, block[begin:place], mark, block[place] or b""
                begin = place + 1
        yield passed + begin, block[begin:], "", b""
        passed += len(block)


def unfold(card: Card) -> list[LogicalLine]:
    """The card's logical lines.

    A line that begins with a blank or a tab continues the one before (RFC 2425 section 5.8.1). So do, in vCard 2.1,
    the line after a quoted-printable one that ends with `=`, and bare base64 text after a property that announces it.
    Where a blank line stands after such a `=`, only what can't be a property is taken for more of the text.
    """
    lines = enumerate(card.lines, card.line + 1)
    block = b"\n".join(card.lines).upper()
    signs = map(block.count, (b"QUOTED-P", b"BASE64", b"ENCODING=B"))
    if min(card.lines, default=b"") > b"!" and not any(signs):
        return list(lines)
    found: list[tuple[int, list[bytes]]] = []
    parts: list[bytes] = []
    quoted = base64 = soft = torn = False
    for number, line in lines:
        if not line:
            soft, torn = False, torn or soft
            continue
        if soft or (b":" not in line and (torn or (base64 and BASE64.fullmatch(line)))):
            parts.append(line)
        elif parts and line[0] in b" \t":
            parts.append(line[1:])
        else:
            parts = [line]
            found.append((number, parts))
            torn = False
            head = line.partition(b":")[0].upper()
            quoted = b"QUOTED-PRINTABLE" in head
            base64 = b"BASE64" in head or b"ENCODING=B" in head
        soft = quoted and line.endswith(b"=")
        if soft:
            parts[-1] = parts[-1][:-1]
    return [(number, b"".join(parts)) for number, parts in found]


class _OpenCard:
    """A card whose end has not been seen."""

    def __init__(self, number: int, begin: bytes) -> None:
        begin = begin.lstrip(BOM)
        self.line = number
        self.indent = begin[: len(begin) - len(begin.lstrip())]
        self.lines: list[bytes] = []
        self.size = 0
        self.depth = 0
        self.nested_from = 0
        self.fault = ""

    def extend(self, lines: list[bytes | None]) -> None:
        """Take in lines that neither begin nor end a card."""
        whole = [line for line in lines if line is not None]
        size = self.size + sum(map(len, whole)) + len(whole)
        if self.fault or self.indent or len(whole) < len(lines) or size > MAX_CARD:
            for line in lines:
                self.add(line)
        elif len(self.lines) + len(whole) > MAX_LINES:
            self._give_up("a card of more than 300,000 lines")
        else:
            self.size = size
            self.lines += whole

    def add(self, line: bytes | None) -> None:
        """Take in a line that neither begins nor ends a card; None for one that is too long."""
        if line is None:
            self._give_up("a line of more than 8 MB")
            return
        if self.indent:
            line = line.removeprefix(self.indent)
        self.size += len(line) + 1
        if self.size > MAX_CARD:
            self._give_up("a card of more than 16 MB")
        elif len(self.lines) >= MAX_LINES:
            self._give_up("a card of more than 300,000 lines")
        elif not self.fault:
            self.lines.append(line)

    def takes(self, line: bytes, mark: str) -> bool:
        """Take in a line that looks like a card's bounds; False if it is this card's end or the next's beginning."""
        if not self.depth and line.removeprefix(self.indent)[:1] in {b" ", b"\t"}:
            self.add(line)
            return True
        nested = mark == "AGENT" or (mark == "BEGIN" and self._awaits_nested())
        if (mark == "BEGIN" and not nested) or (mark == "END" and not self.depth):
            return False
        if not self.depth:
            self.nested_from = len(self.lines)
        self.add(line)
        self.depth += 1 if nested else -1
        if not self.depth:
            self._forget_nested()
        return True

    def closed(self, *, ended: bool) -> Card:
        """The card as far as it was read."""
        if self.depth:
            self._forget_nested()
        return Card(self.line, self.lines, ended, self.fault)

    def _awaits_nested(self) -> bool:
        """Whether the last line is an AGENT without a value."""
        last = next((line for line in reversed(self.lines) if line.strip()), b"")
        agent = AGENT.fullmatch(last)
        return agent is not None and agent[1] is None

    def _forget_nested(self) -> None:
        """Leave of the nested card no more than that there was one; the number of lines stays."""
        nested = len(self.lines) - self.nested_from
        if nested > 0:
            self.lines[self.nested_from :] = [b"AGENT:vCard"] + [b""] * (nested - 1)

    def _give_up(self, fault: str) -> None:
        self.fault = self.fault or fault
        self.lines = []


def _first_text(lines: list[bytes | None]) -> int | None:
    """The place of the first line that is not blank."""
    return next((place for place, line in enumerate(lines) if line is None or line.strip(BLANK)), None)


def _mark(line: bytes | None) -> str:
    """`BEGIN`, `END`, `AGENT` for a property that a nested card begins in, or nothing."""
    if line is None or line.rstrip()[-5:].upper() != b"VCARD":
        return ""
    if boundary := BOUNDARY.fullmatch(line):
        return boundary[1].upper().decode()
    agent = AGENT.fullmatch(line)
    return "AGENT" if agent and agent[1] else ""
