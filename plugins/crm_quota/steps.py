"""The step that the quota calls for: the present week's, and none for weeks that were missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crm_core import Step
from crm_quota.counting import excuse_now, met_on, sent_days, sent_in
from crm_quota.settings import QuotaSettings
from crm_quota.weeks import Week

if TYPE_CHECKING:
    from crm_core import Book


def quota_steps(book: Book) -> Iterator[Step]:
    """The present week's step, unless nothing is called for; a week whose quota is met stays, as done."""
    week = Week.of(book.today)
    quota = book.settings(QuotaSettings).applications
    sent = sent_in(week, sent_days(book))
    met = met_on(sent, quota)
    if met is None and excuse_now(book, week):
        return
    yield Step(
        kind="apply",
        slot=str(week),
        title=_title(quota, 0 if met is not None else len(sent)),
        why=f"{len(sent)} of {quota} this week" + ("" if met is not None else "; no offer is accepted yet"),
        starts=week.monday,
        due=week.sunday,
        command="" if met is not None else "crm application add COMPANY ROLE",
        done=met,
    )


def _title(quota: int, sent: int) -> str:
    missing = quota - sent
    return f"Apply for {missing}{' more' if sent else ''} {'job' if missing == 1 else 'jobs'}"
