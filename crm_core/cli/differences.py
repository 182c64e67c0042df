"""Fields that changed, in words: `emails: + ana@acme.example`, `role: Engineer -> Lead`.

Values are what any document may hold, a plugin's of which nothing else is known included; each is put on one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from crm_core.history.past import Difference

LONGEST: Final = 200  # characters of a value
LEAD_IN: Final = 30  # of them, before the place where two long texts part
NOTHING: Final = "nothing"
MOMENT: Final = frozenset({"local", "zone"})

Called = Callable[[str], str]
"""From a text to the name of the record that has it for an id; empty where it is none."""


def in_words(difference: Difference, called: Called) -> str:
    """One field, before and after; of lists only what came and went."""
    before, after = difference.before, difference.after
    if isinstance(before or [], list) and isinstance(after or [], list):
        parts = _came_and_went(before or [], after or [], called)
        if parts:
            return f"{difference.field}: {', '.join(parts)}"
    old, new = _parted(_said(before, called), _said(after, called))
    return f"{difference.field}: {old} -> {new}"


def _came_and_went(before: Sequence[Any], after: Sequence[Any], called: Called) -> list[str]:
    went = [f"- {_cut(_said(item, called))}" for item in before if item not in after]
    return went + [f"+ {_cut(_said(item, called))}" for item in after if item not in before]


def _said(value: Any, called: Called) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_said(item, called) for item in value)
    if isinstance(value, dict):
        return _structure(value, called)
    text = " ".join(str(value).split())
    name = called(text)
    return f"{text} {name}" if name else text


def _structure(value: Mapping[str, Any], called: Called) -> str:
    if value.keys() == MOMENT:
        return f"{value['local']} {value['zone']}"
    return " ".join(f"{field} {_said(item, called)}" for field, item in value.items() if item or item == 0)


def _parted(before: str, after: str) -> tuple[str, str]:
    """Both shortened; of long texts the place where they part is shown."""
    same = (one == other for one, other in zip(before, after, strict=False))
    start = max(
        next((place for place, equal in enumerate(same) if not equal), min(len(before), len(after))) - LEAD_IN, 0
    )
    if max(len(before), len(after)) <= LONGEST or not start:
        return _cut(before), _cut(after)
    return f"…{_cut(before[start:])}", f"…{_cut(after[start:])}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
