"""The plugin's own record, private to it."""

from __future__ import annotations

from datetime import date

from crm_core import Application, OwnedBy, Record


class Reopening(Record, frozen=True, kw_only=True):
    """A role for which you were rejected is open again: since when you know it, and from whom or where."""

    application: OwnedBy[Application]
    on: date
    source: str = ""
