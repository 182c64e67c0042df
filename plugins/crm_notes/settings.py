"""The settings of notes: the section `[crm_notes]`."""

from __future__ import annotations

from crm_core import Section

MOST_DAYS = 365


class NoteSettings(Section, frozen=True, kw_only=True):
    """When an interview is to be written down; always due the same evening.

    `late_hours` are elapsed hours after the interview's end; `expires_days` is how long after the interview it is
    still asked for.
    """

    late_hours: int = 24
    expires_days: int = 30

    def check(self) -> None:
        """Refuse times before the interview's end, that contradict one another, or that no calendar can add."""
        for name, most in (("late_hours", 24 * MOST_DAYS), ("expires_days", MOST_DAYS)):
            if not 0 <= getattr(self, name) <= most:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 0 to {most}")
        if self.late_hours > 24 * self.expires_days:
            raise ValueError(f"late_hours: {self.late_hours} is more than expires_days, {self.expires_days}, allows")
