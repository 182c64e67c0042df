"""The settings of bridges: the section `[crm_bridges]`."""

from __future__ import annotations

from itertools import pairwise

from crm_core import Section

LONGEST = 365
MOST_MONTHS = 120


class BridgesSettings(Section, frozen=True, kw_only=True):
    """When to write after a no, and when to come back.

    `thank_days`: after the rejection, until thanks for the decision are due. `return_months`: after how many months to
    come back, ascending. `early_days`: before such a day, to be reminded. `same_talk_days`: how long an exchange
    belongs to the touch before it, and is not yet the next one. `reopened_days`: after a role is seen to be open again.
    `tell_days`: after an offer is accepted, to tell the others. `expires_days`: how long each is asked for when it is
    overdue. All but the months are calendar days.
    """

    thank_days: int = 2
    return_months: tuple[int, ...] = (3, 6, 12)
    early_days: int = 7
    same_talk_days: int = 14
    reopened_days: int = 2
    tell_days: int = 2
    expires_days: int = 60

    def check(self) -> None:
        """Refuse days and months that no calendar can add, and months out of order."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, int) and not 0 <= value <= LONGEST:
                raise ValueError(f"{name}: {value} is not from 0 to {LONGEST}")
        if any(not 1 <= months <= MOST_MONTHS for months in self.return_months):
            raise ValueError(f"return_months: each must be from 1 to {MOST_MONTHS}")
        if any(first >= second for first, second in pairwise(self.return_months)):
            raise ValueError("return_months: each must be more than the one before")
