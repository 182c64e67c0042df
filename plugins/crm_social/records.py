"""The plugin's own records, private to it: how it stands with a person, or with a company, on a network."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from crm_core import Company, Contact, OwnedBy, Record

State = Literal["followed", "asked", "connected", "declined"]
STATES: Final[tuple[State, ...]] = ("followed", "asked", "connected", "declined")
TO_FOLLOW: Final = "to follow"
"""What is said where there is no record."""


class Follow(Record, frozen=True, kw_only=True):
    """A person on a network. `on` is the day since which it stands so."""

    contact: OwnedBy[Contact]
    network: str
    state: State
    on: date


class CompanyFollow(Record, frozen=True, kw_only=True):
    """A company on a network. `on` is the day since which it stands so."""

    company: OwnedBy[Company]
    network: str
    state: State
    on: date
