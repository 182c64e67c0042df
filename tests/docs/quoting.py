"""Code that a hand-written page quotes: a block below the path of its file, kept as it stands there."""

from __future__ import annotations

import ast
import re
from typing import Final

from tests.docs.reference import ROOT

QUOTED: Final = re.compile(
    r"(?<=^`)((?:plugins|examples)/[\w/]+\.py)(`:\n\n```python\n)(.*?)(?=\n```$)", re.DOTALL | re.MULTILINE
)


def requoted(page: str) -> str:
    """The text of a page under the root, each quotation as its file has the functions and types in it now.

    Raises:
        KeyError: A file does not have what is quoted of it.
    """
    text = (ROOT / page).read_text("utf-8")
    return QUOTED.sub(lambda block: block[1] + block[2] + _now(block[1], block[3]), text)


def _now(path: str, quoted: str) -> str:
    source = (ROOT / path).read_text("utf-8")
    parts = _parts(source)
    return "\n\n\n".join(parts[name] for name in _parts(quoted))


def _parts(source: str) -> dict[str, str]:
    """A module's functions and types by their names, with what decorates them."""
    lines, parts = source.splitlines(), {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            begin = min(node.lineno, *(decorator.lineno for decorator in node.decorator_list), node.lineno)
            parts[node.name] = "\n".join(lines[begin - 1 : node.end_lineno])
    return parts
