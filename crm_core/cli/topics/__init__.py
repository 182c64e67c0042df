"""The pages of `crm help`: one Markdown file a topic, in this folder. The docs lead to the same files.

Which there are is seen here; how one looks on a terminal is in `layout.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

FOLDER: Final = Path(__file__).parent


class Topic(msgspec.Struct, frozen=True):
    """One page: what a user types for it, its title, and its text as Markdown."""

    name: str
    title: str
    text: str


def topics() -> list[Topic]:
    """Every topic, by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.md"))]


def find_topic(name: str) -> Topic | None:
    """The topic of that name: `exit-codes`, or as it may be typed, `exit codes`."""
    known = {path.stem: path for path in FOLDER.glob("*.md")}
    path = known.get("-".join(name.lower().split()))
    return _read(path) if path is not None else None


def _read(path: Path) -> Topic:
    text = path.read_text("utf-8")
    return Topic(path.stem, text.partition("\n")[0].removeprefix("# "), text)
