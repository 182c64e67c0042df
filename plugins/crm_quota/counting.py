"""What counts as an application and when, which weeks are excused, and how the weeks stand.

Nothing here prints or changes anything. All weeks are measured by the quota that is set now: settings have no history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from crm_core import accepted_offer, sent_between
from crm_quota.records import Pause
from crm_quota.settings import QuotaSettings
from crm_quota.weeks import Week

if TYPE_CHECKING:
    from crm_core import Application, Book

EXCUSED_FROM = 4
"""So many of a week's working days must be paused for the week to be excused: a day off is no excuse, four are."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How the present week stands.

    Args:
        week: Its ISO name, `2026-W48`.
        first: Its Monday.
        last: Its Sunday.
        quota: The applications asked for in a week.
        sent: Those sent in it so far.
        missing: Those that are still to be sent by Sunday; 0 where nothing is called for.
        met: The day on which the quota was reached.
        streak: How many weeks in a row met it, excused weeks left out.
        excuse: Why nothing is called for; empty if something is.
        pauses: Those that touch the week or are ahead.
    """

    week: str
    first: date
    last: date
    quota: int
    sent: int
    missing: int
    met: date | None
    streak: int
    excuse: str
    pauses: tuple[Pause, ...]


def standing(book: Book) -> Standing:
    """How the present week stands."""
    week = Week.of(book.today)
    quota = book.settings(QuotaSettings).applications
    sent = sent_in(week, sent_days(book))
    excuse = excuse_now(book, week)
    return Standing(
        week=str(week),
        first=week.monday,
        last=week.sunday,
        quota=quota,
        sent=len(sent),
        missing=0 if excuse else max(quota - len(sent), 0),
        met=met_on(sent, quota),
        streak=streak(book),
        excuse=excuse,
        pauses=tuple(pause for pause in pauses_by_date(book) if pause.last >= week.monday),
    )


def sent_days(book: Book) -> list[date]:
    """The day of each application that was sent, in order; a day that is still ahead counts when it has come."""
    return sorted(day for _, day in sent_between(book, None, book.today))


def sent_in(week: Week, days: Iterable[date]) -> list[date]:
    """Those of the days that are in a week, in order."""
    return sorted(day for day in days if week.monday <= day <= week.sunday)


def met_on(sent: list[date], quota: int) -> date | None:
    """The day on which a week's quota was reached, None if it was not; there is none to reach where it is 0."""
    return sent[quota - 1] if 0 < quota <= len(sent) else None


def pauses_by_date(book: Book) -> list[Pause]:
    """All pauses, the earliest first."""
    return sorted(book.table(Pause), key=lambda pause: (pause.first, pause.last))


def is_paused(week: Week, pauses: Iterable[Pause]) -> bool:
    """Whether the pauses together cover four or more of a week's working days."""
    known = list(pauses)
    covered = [day for day in week.working_days if any(pause.first <= day <= pause.last for pause in known)]
    return len(covered) >= EXCUSED_FROM


def excuse_now(book: Book, week: Week) -> str:
    """Why nothing is called for in the present week, in words; empty if something is."""
    if book.settings(QuotaSettings).applications == 0:
        return "no quota is set"
    return excuse_for_all(book, week)


def excuse_for_all(book: Book, week: Week) -> str:
    """Why no act at all is called for in the present week, in words; empty if some may be."""
    if not len(book.applications):
        return "there is no application yet"
    if accepted_offer(book) is not None:
        return "an offer is accepted"
    return "the week is paused" if is_paused(week, book.table(Pause)) else ""


def streak(book: Book) -> int:
    """How many weeks in a row met the quota, up to the last one, and the present one if it is met already.

    Weeks that were paused, or ended with an offer accepted, neither count nor break the row. It begins at the
    earliest with the week of the first application.
    """
    days = sent_days(book)
    quota = book.settings(QuotaSettings).applications
    if not days or not quota:
        return 0
    counts = Counter(Week.of(day) for day in days)
    present = Week.of(book.today)
    row = int(counts[present] >= quota)
    week = present.previous
    while week >= Week.of(days[0]):
        if counts[week] >= quota:
            row += 1
        elif not excuse_then(book, week):
            break
        week = week.previous
    return row


def excuse_then(book: Book, week: Week) -> str:
    """Why nothing was called for in a week that is over, in a word or two; empty if something was."""
    if is_paused(week, book.table(Pause)):
        return "paused"
    accepted = any(_stage_on(application, week.sunday) == "accepted" for application in book.applications)
    return "offer accepted" if accepted else ""


def _stage_on(application: Application, day: date) -> str:
    return next((move.stage for move in reversed(application.moves) if move.on <= day), "wishlist")
