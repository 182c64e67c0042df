"""The settings in `[crm_coffee]`."""

from __future__ import annotations

from crm_core import Section

MOST_PEOPLE = 20
MOST_DAYS = 3_650


class CoffeeSettings(Section, frozen=True, kw_only=True):
    """Whom to meet, and how often.

    `people` is how many are suggested for one application at a time, 0 for none; `due_days` are days after the
    application's first move when the coffee should have been; `again_days` are days after a coffee before the same
    person is suggested for another application.
    """

    people: int = 1
    due_days: int = 7
    again_days: int = 90

    def check(self) -> None:
        """Refuse what makes no sense, by the key."""
        if not 0 <= self.people <= MOST_PEOPLE:
            raise ValueError(f"people: {self.people} is not from 0 to {MOST_PEOPLE}")
        for name in ("due_days", "again_days"):
            if not 0 <= getattr(self, name) <= MOST_DAYS:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 0 to {MOST_DAYS}")
