"""Hearback: knowing when news will come, waiting for it, and asking in the agreed way when it does not.

Only the hooks are here, so that starting the program costs nothing: what facts say about news and replies is in
`waiting.py`, the steps are in `steps.py`, what closes them in `closing.py`, the letter in `letter.py` and `templates/`,
the commands in `cli.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm_core import Book, Command, Figure, LetterKind, Section, Step, When


@hookimpl
def crm_settings() -> type[Section]:
    """How long to wait, and how early to be reminded."""
    from crm_hearback.settings import HearbackSettings

    return HearbackSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """Ask when news will come, ask for it, answer offers and letters, apply in time."""
    from crm_hearback.steps import hearback_steps

    return hearback_steps(book)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that somebody was written to, where that is what was to be done."""
    from crm_hearback.closing import record_done

    return record_done(book, step, on)


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm hearback`."""
    from crm_core import Command

    yield Command("hearback", "What you wait for, and asking for it", target="crm_hearback.cli:hearback")


@hookimpl
def crm_letters() -> Iterable[LetterKind]:
    """The letter that asks for news."""
    from crm_hearback.letter import asking

    yield asking()


@hookimpl
def crm_summary(book: Book, since: date | None, until: date) -> Iterable[Figure]:
    """How many answered, and how long it took."""
    from crm_hearback.figures import figures

    return figures(book, since, until)
