"""The steps that the quotas call for: the present week's, and none for weeks that were missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from crm_core import Step
from crm_quota.acts import Act, asked_for
from crm_quota.counting import excuse_now, met_on, sent_days, sent_in
from crm_quota.settings import QuotaSettings
from crm_quota.weeks import Week

if TYPE_CHECKING:
    from crm_core import Book


TITLES: Final = {"people": ("Write or speak to", "person", "people"), "letters": ("Send", "letter", "letters")}
COMMANDS: Final = {"people": "crm log CONTACT TEXT --out", "letters": "crm letter list"}


def quota_steps(book: Book) -> Iterator[Step]:
    """The present week's steps, unless nothing is called for; a week whose quota is met stays, as done."""
    week = Week.of(book.today)
    yield from _applications(book, week)
    for act in asked_for(book, week):
        yield _other(act, week)


def _other(act: Act, week: Week) -> Step:
    verb, one, many = TITLES[act.kind]
    number = act.quota if act.met is not None else act.missing
    more = " more" if act.done and act.met is None else ""
    return Step(
        kind=act.kind,
        slot=str(week),
        title=f"{verb} {number}{more} {one if number == 1 else many}",
        why=f"{act.done} of {act.quota} this week",
        starts=week.monday,
        due=week.sunday,
        command="" if act.met is not None else COMMANDS[act.kind],
        done=act.met,
    )


def _applications(book: Book, week: Week) -> Iterator[Step]:
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
