"""What files of other programs hold, made fit to be kept: a stream of bytes into lines, text without what is not text.

For importers. What is shown is made safe for a terminal in `cli/screen/cells.py`, whoever wrote it; here text is
brought into the one form in which it is stored and compared.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

CHUNK: Final = 65_536
MAX_LINE: Final = 8 * 1024 * 1024
"""Bytes of a line that is read."""

_UNWANTED: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
_LINE_ENDS: Final = re.compile("\r\n?|[\x85\u2028\u2029]")
_LONGEST_RUN: Final = 30
"""Combining marks in a row, after Unicode's stream-safe text format (UAX 15 section 13)."""
_SHORT_TEXT: Final = 256
"""Characters that are normalised in no time, whatever they are."""


def physical_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Lines without their ends, which may be CR LF, LF or CR; None stands for a line of more than MAX_LINE bytes.

    Lines stay bytes, since one file may hold several charsets; those of a UTF-16 file, with a mark or without, are
    UTF-8. The mark at the beginning of a file is left as it is.
    """
    return chain.from_iterable(line_blocks(stream))


def line_blocks(stream: BinaryIO) -> Iterator[list[bytes | None]]:
    """The same lines, those together that were read together: who goes through millions saves the steps."""
    rest, overlong = b"", False
    for chunk in _utf8_chunks(stream):
        data = rest + chunk
        # A CR at the very end may be the first half of a CR LF.
        cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
        block: list[bytes | None] = [*data[:cut].splitlines()]
        if overlong and block:
            block[0], overlong = None, False
        if len(data) > MAX_LINE:
            block = [line if line is not None and len(line) <= MAX_LINE else None for line in block]
        yield block
        rest = data[cut:]
        if len(rest) > MAX_LINE:
            overlong, rest = True, rest[-1:] if rest.endswith(b"\r") else b""
    yield [None] if overlong else [*rest.splitlines()]


def clean_text(text: str) -> str:
    """The text without control characters and without overrides of its direction, in normal form C.

    Line ends become newlines, tabs blanks. Joiners stay: emoji and several scripts need them. A text with an absurd
    run of combining marks stays as it is, since the time to normalise it grows with the square of the run.
    """
    if not text.isprintable() and not text.replace("\n", "").isprintable():
        text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
        text = _UNWANTED.sub("", text)
    if text.isascii():
        return text
    import unicodedata

    if len(text) > _SHORT_TEXT and _longest_run(text) > _LONGEST_RUN:
        return text
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The text clean and on one line, each stretch of white space a single blank."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    return " ".join(clean_text(text).split())


def _utf8_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's bytes; those of a UTF-16 file as UTF-8."""
    head = b""
    while len(head) < CHUNK and (chunk := stream.read(CHUNK)):
        head += chunk
    encoding = _utf16_name(head)
    if not encoding:
        yield head
        while chunk := stream.read(CHUNK):
            yield chunk
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(head).encode()
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk).encode()


def _utf16_name(head: bytes) -> str:
    """Python's name of the UTF-16 that a file is in, told by its mark or by the NULs between its first letters."""
    start = head[:24]
    in_even, in_odd = start[::2].count(0), start[1::2].count(0)
    if start.startswith(codecs.BOM_UTF16_LE) or (in_odd >= 8 and not in_even):
        return "utf-16-le"
    if start.startswith(codecs.BOM_UTF16_BE) or (in_even >= 8 and not in_odd):
        return "utf-16-be"
    return ""


def _longest_run(text: str) -> int:
    """The length of the longest run of combining marks."""
    from unicodedata import combining

    longest = run = 0
    for letter in text:
        run = run + 1 if combining(letter) else 0
        longest = max(longest, run)
    return longest
