"""A file of vCards into candidates and problems: what an importer's `sniff` and `read` do.

Each card is read alone, so that a broken one costs no other. Every card becomes a Candidate or a Problem.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm_core import Candidate, Problem, one_line
from crm_vcard.cards import Card, split_cards, unfold
from crm_vcard.content import content_of
from crm_vcard.fields import linked, person, sorted_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from crm_vcard.content import Content

BEGIN: Final = re.compile(rb"(?:^|[\r\n\xbf\xfe\xff])[ \t]*+BEGIN[ \t]*+:[ \t]*+VCARD(?:\s|$)", re.IGNORECASE)
NOT_PEOPLE: Final = frozenset({"group", "location", "application", "device"})
VERSIONS: Final = frozenset({"2.1", "3.0", "4.0"})
NOBODY: Final = "no name, organisation, e-mail address or phone number"
LONGEST_TEXT: Final = 80
MOST_LINES_NAMED: Final = 5


def looks_like_cards(head: bytes) -> bool:
    """Whether the first bytes of a file hold the beginning of a vCard, in UTF-8, UTF-16 or an 8-bit charset."""
    return BEGIN.search(head.replace(b"\0", b"")) is not None


def read_cards(stream: BinaryIO) -> Iterator[Candidate | Problem]:
    """The people of a file of vCards, in file order.

    Never raises for what the file holds. No more than one card is in memory.
    """
    empty, reason = True, "not a vCard"
    for part in split_cards(stream):
        empty = False
        if isinstance(part, Card):
            reason = "text outside any vCard"
            yield _read(part)
        else:
            yield Problem(line=part.line, reason=reason, text=_excerpt(part.text))
    if empty:
        yield Problem(line=1, reason="there is nothing in this file")


def _read(card: Card) -> Candidate | Problem:
    if card.fault:
        return Problem(line=card.line, reason=card.fault)
    content = content_of(unfold(card))
    entries = sorted_out(content.properties)
    if entries.kind in NOT_PEOPLE:
        name = entries.first("FN")[:LONGEST_TEXT]
        return Problem(line=card.line, reason=f"a {entries.kind}, not a person", text=name)
    read = person(entries)
    if read is None:
        text = entries.first("NOTE", "UID")[:LONGEST_TEXT]
        return Problem(line=card.line, reason=NOBODY, text=text)
    introduced_by, knows = linked(entries)
    return Candidate(
        contact=read.contact,
        line=card.line,
        repaired=(*read.repaired, *_repaired(card, entries.first("VERSION"), content)),
        left_out=read.left_out,
        photo=read.photo,
        introduced_by=introduced_by,
        knows=knows,
    )


def _repaired(card: Card, version: str, content: Content) -> Iterator[str]:
    """What was wrong with the card as a whole, in words."""
    if not card.ended:
        yield "END:VCARD is missing"
    if version and version not in VERSIONS:
        yield f"read in spite of its unknown version {version[:LONGEST_TEXT]!r}"
    for charset in sorted(content.guessed):
        yield f"text in an undeclared charset, read as {charset.replace('cp125', 'Windows-125')}"
    for number, line in content.bad[:MOST_LINES_NAMED]:
        yield f"line {number} is no vCard line and was left out: {_excerpt(line)!r}"
    if len(content.bad) > MOST_LINES_NAMED:
        yield f"{len(content.bad) - MOST_LINES_NAMED} more lines left out"


def _excerpt(line: bytes) -> str:
    """The beginning of a line, fit to be shown."""
    return one_line(line[: LONGEST_TEXT * 4].decode(errors="replace"))[:LONGEST_TEXT]
