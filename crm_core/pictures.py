"""Pictures of people: which kinds the book keeps, told by how a file begins, and how large one may be.

Nothing here decodes a picture.
"""

from __future__ import annotations

import re
from typing import Final

LARGEST_PICTURE: Final = 4 * 1024 * 1024
"""Bytes of a picture that is taken in; phones write some 10,000 on a card."""

_KINDS: Final = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WEBP"),
)
SUFFIXES: Final = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp"}


def picture_kind(data: bytes) -> str:
    """`JPEG`, `PNG`, `GIF` or `WEBP`, as a vCard's parameter TYPE calls them; empty for anything else."""
    return next((kind for begins, kind in _KINDS if begins.match(data)), "")


def picture_suffix(data: bytes) -> str:
    """The ending of a file's name that goes with its kind, with the dot; empty for anything else."""
    return SUFFIXES.get(picture_kind(data), "")
