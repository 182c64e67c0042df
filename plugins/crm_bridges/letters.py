"""The kinds of letter: each has a text of its own in `templates/`, in the frame that they share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crm_core import LetterKind

FAMILY: Final = "bridges"
GRACIOUS: Final = "gracious"
RETURN: Final = "return"
REOPENED: Final = "reopened"
WITHDRAW: Final = "withdraw"

_ROLE: Final = "{% if role %} ({{ role }}){% endif %}"
_AT: Final = "{% if company %} at {{ company }}{% endif %}"
_KINDS: Final = {
    GRACIOUS: ("reply to a rejection", f"Thank you for letting me know{_ROLE}"),
    RETURN: ("letter to stay in touch", f"Staying in touch{_ROLE}"),
    REOPENED: ("letter about a role that is open again", f"The role{_AT} that is open again{_ROLE}"),
    WITHDRAW: ("letter to withdraw", f"My application{_AT}{_ROLE}"),
}


def kinds() -> Iterator[LetterKind]:
    """All of them."""
    for name in _KINDS:
        yield kind(name)


def kind(name: str) -> LetterKind:
    """The kind of that name."""
    label, subject = _KINDS[name]
    folder = Path(__file__).with_name("templates")
    text = (folder / f"{name}.txt").read_text("utf-8")
    frame = (folder / "frame.txt").read_text("utf-8")
    return LetterKind(
        name=name, family=FAMILY, label=label, subject=subject, body=frame.replace("{# the text #}\n", text)
    )
