"""The present of a test: set to a moment, or moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from crm_core.testing.running import Crm


class Clock:
    """The present of a test's command lines, and of books that are opened from now on.

    Args:
        crm: Whose present it is.
    """

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    @property
    def now(self) -> datetime:
        """The present, in the user's zone."""
        return self._crm.book.now

    def __call__(self, present: str | date | datetime) -> datetime:
        """Set the present: a day, which means its noon, or a local time.

        Raises:
            ValueError: It is neither.
        """
        text = present if isinstance(present, str) else present.isoformat()
        datetime.fromisoformat(text)
        self._crm.today = text
        return self.now

    def travel(self, *, days: int = 0, hours: float = 0) -> datetime:
        """Move the present: by days of the calendar, by hours of the clock on the wall; back, if negative."""
        local = self.now.replace(tzinfo=None) + timedelta(days=days, hours=hours)
        return self(local)
