"""The settings of promises: the section `[crm_promises]`."""

from __future__ import annotations

from crm_core import Section

LONGEST = 365


class PromiseSettings(Section, frozen=True, kw_only=True):
    """`default_days`: how many days after it was made a promise falls due for which no day was agreed."""

    default_days: int = 7

    def check(self) -> None:
        """Refuse a number of days that no calendar can add."""
        if not 0 <= self.default_days <= LONGEST:
            raise ValueError(f"default_days: {self.default_days} is not from 0 to {LONGEST}")
