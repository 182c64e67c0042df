"""A person's picture on a card: a property PHOTO into bytes, and bytes into one.

vCard 2.1 and 3.0 hold base64, 4.0 a `data:` address (RFC 2397); files mix them, quote them and cut them short. A
picture elsewhere on the web is not fetched.
"""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_core import LARGEST_PICTURE, picture_kind
from crm_vcard.content import unescape

if TYPE_CHECKING:
    from crm_vcard.content import Property

ENCODED: Final = frozenset({"b", "base64"})
DATA: Final = re.compile(r"data:([^,;]*)((?:;[^,;]*)*),", re.IGNORECASE)
ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
BASE64: Final = re.compile(r"[A-Za-z0-9+/]*")
BLANKS: Final = re.compile(r"\s+")


class Picture(NamedTuple):
    """A picture, and whether a part of it is missing."""

    data: bytes
    cut: bool


def picture_of(entry: Property) -> Picture | None:
    """The picture that a PHOTO holds; None if it holds none, one that is too large, or nothing that is one."""
    text = unescape(entry.value).strip().strip('"')
    declared = entry.head.values.get("ENCODING", "").lower() in ENCODED or not ENCODED.isdisjoint(entry.head.types)
    if found := DATA.match(text):
        if not found[2].lower().endswith(";base64"):
            return None
        text, declared = text[found.end() :], True
    elif ADDRESS.match(text):
        return None
    text = BLANKS.sub("", text)
    found = BASE64.match(text)
    sound = found[0] if found else ""
    data = _decoded(sound)
    cut = text.rstrip("=") != sound or (len(sound) % 4 != 0 and len(text) % 4 != 0)
    if not data or len(data) > LARGEST_PICTURE or ((cut or not declared) and not picture_kind(data)):
        return None
    return Picture(data, cut)


def photo_line(data: bytes, version: str) -> str:
    """A picture as a line of a card, unfolded."""
    kind = picture_kind(data)
    text = binascii.b2a_base64(data, newline=False).decode("ascii")
    if version == "4.0":
        return f"PHOTO:data:{f'image/{kind.lower()}' if kind else 'application/octet-stream'};base64,{text}"
    return f"PHOTO;ENCODING=b{f';TYPE={kind}' if kind else ''}:{text}"


def _decoded(text: str) -> bytes:
    """The bytes of base64 without its padding; a last character that alone makes no byte is left out."""
    text = text[:-1] if len(text) % 4 == 1 else text
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))
