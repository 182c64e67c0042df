"""The quota's own record, private to it."""

from __future__ import annotations

from datetime import date

from crm_core import Record


class Pause(Record, frozen=True, kw_only=True):
    """Days, from the first to the last, on which the user looks for no work: holidays, an illness."""

    first: date
    last: date
    note: str = ""
