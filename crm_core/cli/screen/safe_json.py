"""JSON that can be shown on any terminal: what could act on one is written as JSON escapes, so nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TextIO

import msgspec

from crm_core.cli.screen.cells import REPLACEMENT
from crm_core.codec import as_plain

_UNSAFE_IN_JSON: Final = "[\x7f-\x9f\u2028-\u202e\u2066-\u2069]"
# How such characters begin in UTF-8: most lists have none, and to look for three bytes takes no time.
_UNSAFE_LEADS: Final = (b"\x7f", b"\xc2", b"\xe2")
_SURROGATE: Final = "[\ud800-\udfff]"
_NOT_ASCII: Final = "[^\x00-\x7f]"


def json_of(value: object, *, indent: int | None = None) -> bytes:
    """A value as JSON in UTF-8 in which nothing can act on a terminal: such characters are written as JSON escapes."""
    try:
        raw = msgspec.json.encode(value, enc_hook=as_plain)
    except UnicodeEncodeError:
        builtins = msgspec.to_builtins(value, enc_hook=as_plain)
        raw = msgspec.json.encode(_without_surrogates(builtins))
    if indent is not None:
        raw = msgspec.json.format(raw, indent=indent)
    if not any(lead in raw for lead in _UNSAFE_LEADS):
        return raw
    return re.sub(_UNSAFE_IN_JSON, _json_escape, raw.decode()).encode()


def write_json(stream: TextIO, raw: bytes) -> None:
    """Write JSON; what the stream's encoding does not have is written as JSON escapes, so nothing is lost."""
    if getattr(stream, "encoding", None) == "utf-8" and hasattr(stream, "buffer"):
        stream.flush()
        stream.buffer.write(raw)  # of thirty thousand people it is 16 MB, and a text of it would be two copies more
        stream.buffer.write(b"\n")
        return
    text = raw.decode()
    try:
        stream.write(text + "\n")
    except UnicodeEncodeError:
        stream.write(re.sub(_NOT_ASCII, _json_escape, text) + "\n")


def _without_surrogates(value: object) -> object:
    """The same lists, mappings and texts, with U+FFFD for lone surrogates: they have no UTF-8."""
    if isinstance(value, str):
        return re.sub(_SURROGATE, REPLACEMENT, value)
    if isinstance(value, Mapping):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4))
