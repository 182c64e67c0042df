"""Cells of tables that a spreadsheet will open: text that it would take for a formula is guarded, and the guard undone.

A cell that begins with `=`, `+`, `-` or `@` is run when a spreadsheet opens the file, and may send what is beside it to
anybody (OWASP, "CSV Injection"). An apostrophe before it makes it text.
"""

from __future__ import annotations

from typing import Final

GUARD: Final = "'"
# The wide forms are taken for the plain ones where people type them. Spaces before a formula don't always save it.
_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PASSED_OVER: Final = GUARD + " \t\r\n\v\f\x00\xa0\u3000\ufeff"


def guard_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; `unguard_cell` gives back exactly this text."""
    return GUARD + text if _like_a_formula(text) else text


def unguard_cell(text: str) -> str:
    """The text of which `guard_cell` made this cell."""
    return text[1:] if text.startswith(GUARD) and _like_a_formula(text) else text


def _like_a_formula(text: str) -> bool:
    return text.lstrip(_PASSED_OVER).startswith(_STARTS)
