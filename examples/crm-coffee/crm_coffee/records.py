"""The plugin's own record."""

from __future__ import annotations

from datetime import date

from crm_core import Contact, OwnedBy, Record


class Chat(Record, frozen=True, kw_only=True):
    """A coffee with somebody, and what was talked about; it goes when the person is removed."""

    contact: OwnedBy[Contact]
    on: date
    about: str = ""
