"""A quick look into a book's file: parts of the documents of a few tables, for showing what could be typed next.

Nothing is checked, locked, brought up to a new version or written, and what can't be read is taken for nothing: whoever
presses a key wants an answer at once or none. A command that does something reads the book by a store.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec


def peek(book: Path, parts: Mapping[str, type[msgspec.Struct]]) -> dict[str, dict[str, Any]]:
    """Parts of all documents of some tables, in one pass through the file.

    Args:
        book: The file; need not exist.
        parts: By the table's name a Struct with some of its documents' fields.

    Returns:
        By the table's name its documents' parts by number; none where the file can't be read so.
    """
    fields: list[tuple[str, Any, Any]] = [
        (name, types.GenericAlias(dict, (str, part)), msgspec.field(default_factory=dict))
        for name, part in parts.items()
    ]
    try:
        found = msgspec.json.decode(book.read_bytes(), type=msgspec.defstruct("Parts", fields))
    except (OSError, ValueError, RecursionError):
        return {name: {} for name in parts}
    return {name: getattr(found, name) for name in parts}
