"""The settings of hearback: the section `[crm_hearback]`."""

from __future__ import annotations

from crm_core import Section

LONGEST = 365


class HearbackSettings(Section, frozen=True, kw_only=True):
    """How long to wait, in calendar days.

    `ask_days`: before an interview, to be reminded to ask when news will come. `told_days`: after an interview, how
    long the answer to that is asked for. `silence_days`: after an application, or an interview for which no day was
    agreed, until silence is worth a question. `posting_days`: before a posting closes, to be reminded to apply.
    `reply_days`: after a message, until the reply is due. `expires_days`: how long an overdue reply, or a question
    after silence, is still asked for.
    """

    ask_days: int = 1
    told_days: int = 14
    silence_days: int = 10
    posting_days: int = 7
    reply_days: int = 2
    expires_days: int = 30

    def check(self) -> None:
        """Refuse numbers of days that no calendar can add."""
        for name in self.__struct_fields__:
            if not 0 <= getattr(self, name) <= LONGEST:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 0 to {LONGEST}")
