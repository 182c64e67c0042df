"""The settings of the quota: the section `[crm_quota]`."""

from __future__ import annotations

from crm_core import Section


class QuotaSettings(Section, frozen=True, kw_only=True):
    """How many of each are to be done in a week; 0 for no quota.

    `applications` are sent, `people` are reached (something was said or written to them), `letters` are sent.
    """

    applications: int = 5
    people: int = 0
    letters: int = 0

    def check(self) -> None:
        """Refuse a number that can't be counted to."""
        for name in self.__struct_fields__:
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: {getattr(self, name)} is less than 0")
