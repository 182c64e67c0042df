"""The settings of the quota: the section `[crm_quota]`."""

from __future__ import annotations

from crm_core import Section


class QuotaSettings(Section, frozen=True, kw_only=True):
    """`applications`: how many are to be sent in each week; 0 for no quota."""

    applications: int = 5

    def check(self) -> None:
        """Refuse a number that can't be counted to."""
        if self.applications < 0:
            raise ValueError(f"applications: {self.applications} is less than 0")
