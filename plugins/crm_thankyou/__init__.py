"""Thank-you: a letter to the lead interviewer within a day of the interview.

Only the hooks are here, so that starting the program costs nothing: when a letter is due is in `steps.py`, the letters
in `letter.py` and `templates/`, the command in `cli.py`. Letters to the rest of a panel are not this plugin's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from crm_core import Book, Command, Entry, Interview, LetterKind, Row, Section, Step, When


@hookimpl
def crm_settings() -> type[Section]:
    """When the letter is due, late, and not asked for any more."""
    from crm_thankyou.settings import ThankYouSettings

    return ThankYouSettings


@hookimpl
def crm_steps(book: Book, until: datetime) -> Iterable[Step]:
    """A step for each interview whose lead interviewer is to be, or was, thanked."""
    from crm_thankyou.steps import thank_steps

    return thank_steps(book, until)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record the letter as sent."""
    from crm_core import record_thanks
    from crm_thankyou.letter import THANK_YOU

    return record_thanks(book, step, on, THANK_YOU)


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether the lead interviewer was thanked."""
    from crm_core import check_row
    from crm_thankyou.steps import missed, nobody_to_thank

    nothing = nobody_to_thank(book, interview)
    yield check_row(book, 4, "Thank the lead interviewer", steps, nothing, missed=missed(book, interview))


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm thank`."""
    from crm_core import Command

    yield Command("thank", "Thank the lead interviewer", target="crm_thankyou.cli:thank")


@hookimpl
def crm_letters() -> Iterable[LetterKind]:
    """The thank-you letter and the proposal."""
    from crm_thankyou.letter import proposal, thank_you

    yield thank_you()
    yield proposal()
