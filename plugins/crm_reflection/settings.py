"""The settings of reflections: the section `[crm_reflection]`."""

from __future__ import annotations

from crm_core import Section
from crm_reflection.questions import QUESTIONS

MOST_DAYS = 365
MOST_COMPARED = 12


class ReflectionSettings(Section, frozen=True, kw_only=True):
    """When an interview is to be thought over; always due the same evening.

    `late_hours` are elapsed hours after the interview's end; `expires_days` is how long after the interview it is
    still asked for; so many of the questions as `enough` says make a reflection whole; `compared` is how many
    interviews stand side by side if you name none.
    """

    late_hours: int = 24
    expires_days: int = 30
    enough: int = 10
    compared: int = 4

    def check(self) -> None:
        """Refuse times before the interview's end, that contradict one another, and numbers that can't be reached."""
        for name, least, most in (
            ("late_hours", 0, 24 * MOST_DAYS),
            ("expires_days", 0, MOST_DAYS),
            ("enough", 1, len(QUESTIONS)),
            ("compared", 2, MOST_COMPARED),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name}: {getattr(self, name)} is not from {least} to {most}")
        if self.late_hours > 24 * self.expires_days:
            raise ValueError(f"late_hours: {self.late_hours} is more than expires_days, {self.expires_days}, allows")
