"""The settings of referrals: the section `[crm_referrals]`."""

from __future__ import annotations

from crm_core import Section

MOST_PEOPLE = 20
MOST_DAYS = 365


class ReferralSettings(Section, frozen=True, kw_only=True):
    """How many people to ask, and when.

    `people` is how many may be asked for one application at a time; `due_days` and `expires_days` are days after the
    last interview, or after the application began, when asking is due and when it is not proposed any more;
    `answer_days` is how long to wait for an answer before asking again.
    """

    people: int = 1
    due_days: int = 2
    expires_days: int = 30
    answer_days: int = 7

    def check(self) -> None:
        """Refuse what contradicts itself or no calendar can add."""
        if not 1 <= self.people <= MOST_PEOPLE:
            raise ValueError(f"people: {self.people} is not from 1 to {MOST_PEOPLE}")
        for name in ("due_days", "expires_days", "answer_days"):
            if not 0 <= getattr(self, name) <= MOST_DAYS:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 0 to {MOST_DAYS}")
        if self.expires_days < self.due_days:
            raise ValueError(f"expires_days: {self.expires_days} is less than due_days, {self.due_days}")
