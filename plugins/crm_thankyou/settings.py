"""The settings of thank-you letters: the section `[crm_thankyou]`."""

from __future__ import annotations

from crm_core import Section

MOST_HOURS = 24 * 90
MOST_DAYS = 365


class ThankYouSettings(Section, frozen=True, kw_only=True):
    """When a thank-you letter is due.

    `due_hours` and `late_hours` are elapsed hours after the interview's end; `post_days` is the evening, counted in
    days from the interview's, on which a letter by post must be on its way; `expires_days` is how long after the
    interview it is still asked for.
    """

    due_hours: int = 24
    late_hours: int = 48
    post_days: int = 0
    expires_days: int = 14

    def check(self) -> None:
        """Refuse times before the interview's end, that contradict one another, or that no calendar can add."""
        for name, most in (("due_hours", MOST_HOURS), ("late_hours", MOST_HOURS), ("post_days", MOST_DAYS),
                           ("expires_days", MOST_DAYS)):  # fmt: skip
            if not 0 <= getattr(self, name) <= most:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 0 to {most}")
        if self.late_hours < self.due_hours:
            raise ValueError(f"late_hours: {self.late_hours} is less than due_hours, {self.due_hours}")
