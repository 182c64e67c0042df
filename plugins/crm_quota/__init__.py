"""The quota: so many applications a week, until an offer is accepted.

Only the hooks are here, so that starting the program costs nothing: weeks are in `weeks.py`, what counts and how the
weeks stand in `counting.py`, the step in `steps.py`, the commands in `cli.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from typing import Any

    from crm_core import Book, Command, Entry, Figure, Hit, RecordKind, Row, Section, Step


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """Pauses."""
    from crm_core import RecordKind
    from crm_quota.records import Pause

    yield RecordKind(type=Pause, prefix="pz", label="pause", plural="pauses", table="crm_quota.pauses")


@hookimpl
def crm_settings() -> type[Section]:
    """How many applications a week."""
    from crm_quota.settings import QuotaSettings

    return QuotaSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """The present week's quota."""
    from crm_quota.steps import quota_steps

    return quota_steps(book)


@hookimpl
def crm_done() -> bool:
    """No single fact fills a quota: applications do."""
    return False


@hookimpl
def crm_checklist(book: Book, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether this week's applications were sent; whatever the interview, the search goes on."""
    from crm_core import check_row
    from crm_quota.counting import excuse_now
    from crm_quota.weeks import Week

    yield check_row(book, 10, "Keep applying", steps, excuse_now(book, Week.of(book.today)))


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm quota`."""
    from crm_core import Command

    yield Command("quota", "Applications a week, and pauses", "crm_quota.cli:quota")


@hookimpl
def crm_search(book: Book, text: str) -> Iterable[Hit]:
    """Pauses with a note that mentions it."""
    from crm_core import Hit, mentions, say_day
    from crm_quota.records import Pause

    for pause in book.table(Pause):
        if mentions(pause.note, text):
            days = f"{say_day(pause.first, book.today)} to {say_day(pause.last, book.today)}"
            yield Hit(record=pause.id, label=days, where="note", text=pause.note)


@hookimpl
def crm_summary(book: Book, since: date | None, until: date) -> Iterable[Figure]:
    """The weeks against the quota, and the streak."""
    from crm_quota.figures import figures

    return figures(book, since, until)
