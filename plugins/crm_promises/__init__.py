"""Promises: what you said you would send or do, until it is done.

Only the hooks are here, so that starting the program costs nothing: what a promise's dates say is in `keeping.py`, the
steps are in `steps.py`, the commands in `cli.py`. The promises themselves are records of the core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from crm_core import Book, Command, Entry, Figure, Interview, Row, Section, Step, When


@hookimpl
def crm_settings() -> type[Section]:
    """How long a promise without a date may take."""
    from crm_promises.settings import PromiseSettings

    return PromiseSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """A step for each promise that is open or was kept."""
    from crm_promises.steps import promise_steps

    return promise_steps(book)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that the promise was kept."""
    from crm_promises.keeping import keep

    promise = book.promises.find(step.about)
    if promise is None:
        return False
    keep(book, promise, on)
    return True


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether the promises made in the interview are kept."""
    from crm_core import check_row

    made = [step for step in steps if step.about and book.promises.get(step.about).interview == interview.id]
    yield check_row(book, 3, "Keep what you promised", made, "you promised nothing in this interview")


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm promise`."""
    from crm_core import Command

    yield Command("promise", "What you promised, and whether you kept it", "crm_promises.cli:promise")


@hookimpl
def crm_summary(book: Book, since: date | None, until: date) -> Iterable[Figure]:
    """What became of promises."""
    from crm_promises.figures import figures

    return figures(book, since, until)
