"""The weeks of a period against the quota, and the streak, as figures. What counts is in `counting.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from crm_core import Count, Figure, say_day
from crm_quota.counting import excuse_then, sent_days, streak
from crm_quota.settings import QuotaSettings
from crm_quota.weeks import DAYS, Week, weeks_between

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Book

USUAL_WEEKS: Final = 12
"""So many weeks are shown where no first day is asked for: a bar each must fit on a screen."""


def figures(book: Book, since: date | None, until: date) -> Iterator[Figure]:
    """The weeks; and the streak, which is today's, if today is in the period."""
    days = sent_days(book)
    if not days or days[0] > until:
        return
    last = min(until, book.today)
    first = since or last - timedelta(days=DAYS * (USUAL_WEEKS - 1))
    weeks = list(weeks_between(max(first, days[0]), last))
    quota = book.settings(QuotaSettings).applications
    counted = Counter(Week.of(day) for day in days)
    if weeks:
        rows = tuple(_week(book, week, counted[week], quota) for week in weeks)
        yield Figure(title="Applications a week", rows=rows, about=_about(quota, since), place=20)
    if quota and until >= book.today:
        row = Count(label="quota met in a row", value=streak(book), unit="week")
        about = "Weeks that were excused neither count nor break it."
        yield Figure(title="Streak", rows=(row,), about=about, place=60)


def _week(book: Book, week: Week, sent: int, quota: int) -> Count:
    """A week; one in which nothing was called for has no number to reach."""
    excuse = excuse_then(book, week)
    note = excuse or ("so far" if week == Week.of(book.today) else "")
    return Count(label=_label(week), value=sent, target=quota or None if not excuse else None, note=note)


def _label(week: Week) -> str:
    """Its ISO name and its Monday, said as of a week later, when no other word than its date means that day."""
    return f"{week}, {say_day(week.monday, week.monday + timedelta(days=DAYS))}"


def _about(quota: int, since: date | None) -> str:
    measure = f"measured by the {quota:,} that are asked for now" if quota else "for which no quota is set"
    span = "Whole weeks" if since else f"The last {USUAL_WEEKS} weeks at most"
    return f"{span}, each from Monday to Sunday, {measure}."
