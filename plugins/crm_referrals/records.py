"""The referrals' own record, private to this plugin."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from crm_core import Application, Contact, OwnedBy, Record

State = Literal["asked", "agreed", "spoke", "declined"]
STATES: Final[tuple[State, ...]] = ("asked", "agreed", "spoke", "declined")


class Ask(Record, frozen=True, kw_only=True):
    """That a person was asked to put in a word for an application, and what became of it.

    `asked` is the day of asking, `on` the day since which it stands as `state` says.
    """

    application: OwnedBy[Application]
    contact: OwnedBy[Contact]
    state: State = "asked"
    asked: date
    on: date
    note: str = ""
