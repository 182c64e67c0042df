"""Lines of which vCards and calendars are made, on the way out: a text as a value, a long line in pieces.

What the lines say is their writers' business, and so is reading them: others' files need more leniency than rules.
"""

from __future__ import annotations

import re
from typing import Final

FOLD_OCTETS: Final = 75
"""Bytes of a line without its end (RFC 2426 section 2.6, RFC 5545 section 3.1, RFC 6350 section 3.2)."""

_ESCAPES: Final = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def escaped_value(text: str) -> str:
    """A text as the value of a property (RFC 2426 section 4, RFC 5545 section 3.3.11, RFC 6350 section 3.4)."""
    return text.translate(_ESCAPES)


def folded_line(line: str) -> bytes:
    """A line with its end, in pieces of at most 75 bytes, each but the first after a blank; no character is cut in two.

    Control characters go here, wherever in the line they come from: none may be in one, and a file may be printed on a
    terminal. A half character (a lone surrogate) becomes a question mark.
    """
    data = _CONTROL.sub("", line).encode(errors="replace")
    pieces, start, room = [], 0, FOLD_OCTETS
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:  # the middle of a character in UTF-8
            end -= 1
        pieces.append(data[start:end])
        start, room = end, FOLD_OCTETS - 1
    return b"\r\n ".join([*pieces, data[start:]]) + b"\r\n"
