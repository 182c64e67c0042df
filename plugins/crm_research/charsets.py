"""Bytes of a document to text: which character set it is in, from what its server and it itself say."""

from __future__ import annotations

import codecs
import re
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED: Final = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0\0\0", "utf-32-le"))
# Python knows codecs that are no character sets; some take minutes for a megabyte, others act on what they read.
_KNOWN: Final = re.compile(
    r"utf-?(8|16|32)(-?[lb]e)?|(iso-?|latin-?|windows-?|cp|ibm)[0-9-]{1,8}|iso-2022-(jp|kr)|koi8-?[ru]|big5(-?hkscs)?"
    r"|gb(k|2312|18030)|euc-?(jp|kr|cn)|shift[-_]?jis|sjis|ms932|(us-?)?ascii|tis-?620|ks_c_5601-1987|macintosh"
)
# What is said to be in these is in windows-1252 on the web, which has more characters in it.
_WESTERN: Final = frozenset({"iso-8859-1", "iso8859-1", "latin-1", "latin1", "ascii", "us-ascii"})
_IN_HEADER: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE)


def decoded(data: bytes, content_type: str = "") -> str:
    """The text of a document.

    A byte order mark says what it is in, else the server, else its XML declaration (RFC 7303, section 3). Bytes that
    only UTF-8 explains are UTF-8 whatever anybody says; what nothing explains is read as windows-1252.

    Args:
        data: Its bytes.
        content_type: What the server said.
    """
    for mark, name in (*_MARKS, *_UNMARKED):
        if data.startswith(mark):
            return data.decode(name, "replace").removeprefix("\ufeff")
    if not data.isascii() and (text := _strictly(data, "utf-8")) is not None:
        return text
    said = (_IN_HEADER.search(content_type), _DECLARED.search(data[:1000]))
    names = [match[1] if isinstance(match[1], str) else match[1].decode("ascii", "replace") for match in said if match]
    for name in (*map(str.lower, names), "utf-8"):
        text = _strictly(data, name) if _KNOWN.fullmatch(name) else None
        if text is not None:
            return text
    return data.decode("windows-1252", "replace")


def _strictly(data: bytes, name: str) -> str | None:
    if name in _WESTERN:
        return data.decode("windows-1252", "replace")
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
