"""What is found wrong, each with the command that mends it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

FIX: Final = "crm doctor --fix"
ACCEPT: Final = "crm doctor --accept"

Check = Literal["book", "records", "plugins", "backups", "files", "settings"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as it should be.

    Args:
        check: What was looked at.
        what: What is the matter, in one sentence without a full stop.
        commands: What mends it: the first is proposed, the others are other ways.
        note: Whether nothing is wrong, and it is only worth knowing.
    """

    check: Check
    what: str
    commands: tuple[str, ...] = ()
    note: bool = False
