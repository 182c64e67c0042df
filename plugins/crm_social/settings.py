"""The settings of following: the section `[crm_social]`."""

from __future__ import annotations

from crm_core import Section
from crm_social.networks import NETWORKS

MOST_DAYS = 365


class SocialSettings(Section, frozen=True, kw_only=True):
    """On which networks to follow, and when.

    `networks` are those that steps are made for. `starts_days` and `due_days` are days before an interview: from when
    to follow the company, and by when; `after_days` is how many days after an interview its interviewers should be
    followed; `expires_days` is how long after the interview either is still asked for.
    """

    networks: tuple[str, ...] = tuple(NETWORKS)
    starts_days: int = 7
    due_days: int = 1
    after_days: int = 3
    expires_days: int = 30

    def check(self) -> None:
        """Refuse networks that nobody knows, and days that contradict one another or that no calendar can add."""
        unknown = next((name for name in self.networks if name not in NETWORKS), None)
        if unknown is not None:
            raise ValueError(f"networks: {unknown[:40]!r} is none of {', '.join(NETWORKS)}")
        for name in ("starts_days", "due_days", "after_days", "expires_days"):
            if not 0 <= getattr(self, name) <= MOST_DAYS:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 0 to {MOST_DAYS}")
        if self.starts_days < self.due_days:
            raise ValueError(f"starts_days: {self.starts_days} is less than due_days, {self.due_days}")
        if self.expires_days < self.after_days:
            raise ValueError(f"expires_days: {self.expires_days} is less than after_days, {self.after_days}")
