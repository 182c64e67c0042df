"""What may have a weekly number beside applications: people reached and letters sent. None has one unless it is set."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from crm_core import day_of
from crm_quota.counting import excuse_for_all, met_on, sent_in
from crm_quota.settings import QuotaSettings
from crm_quota.weeks import Week

if TYPE_CHECKING:
    from crm_core import Book


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """How one kind of act stands in the present week.

    Args:
        kind: What is counted: `people`, each once a day, whom something was said or written to; `letters` sent.
        quota: How many are asked for in a week; 0 asks for none.
        done: How many there were in it so far.
        met: The day on which the quota was reached.
    """

    kind: Literal["people", "letters"]
    quota: int
    done: int
    met: date | None

    @property
    def missing(self) -> int:
        """How many are still to come by Sunday."""
        return max(self.quota - self.done, 0)


def other_acts(book: Book, week: Week) -> tuple[Act, ...]:
    """The acts beside applications, with a quota or without."""
    settings = book.settings(QuotaSettings)
    spoken = {(exchange.contact, day_of(exchange.on)) for exchange in book.interactions if exchange.direction == "out"}
    written = [(letter.contact, day_of(letter.sent)) for letter in book.letters if letter.sent is not None]
    return (
        _act("people", settings.people, [day for _, day in spoken | set(written)], book.today, week),
        _act("letters", settings.letters, [day for _, day in written], book.today, week),
    )


def asked_for(book: Book, week: Week) -> list[Act]:
    """Those acts that the present week's agenda asks for, or shows as done."""
    acts = [act for act in other_acts(book, week) if act.quota]
    excused = bool(acts) and bool(excuse_for_all(book, week))
    return [act for act in acts if act.met is not None or not excused]


def _act(kind: Literal["people", "letters"], quota: int, days: list[date], today: date, week: Week) -> Act:
    counted = sent_in(week, (day for day in days if day <= today))
    return Act(kind=kind, quota=quota, done=len(counted), met=met_on(counted, quota))
