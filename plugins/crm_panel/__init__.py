"""Panel: a letter of their own to each of the other interviewers, none alike, nobody forgotten.

Only the hooks are here, so that starting the program costs nothing: when the letters are due is in `steps.py`, the
letter in `letter.py` and `templates/`, the command in `cli.py`. The lead interviewer's letter is not this plugin's.
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
    """When the letters are due, late, and not asked for any more."""
    from crm_panel.settings import PanelSettings

    return PanelSettings


@hookimpl
def crm_steps(book: Book, until: datetime) -> Iterable[Step]:
    """A step for each interviewer but the lead, of each panel of two or more."""
    from crm_panel.steps import panel_steps

    return panel_steps(book, until)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record the letter as sent."""
    from crm_core import record_thanks
    from crm_panel.letter import PANEL

    return record_thanks(book, step, on, PANEL)


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether each of the others was written to."""
    from crm_core import check_row
    from crm_panel.steps import missed, nobody_to_write_to

    late = missed(book, interview)
    # Those who were written to in time must not hide one who never was.
    shown = [step for step in steps if not (late and step.state == "done")]
    nothing = nobody_to_write_to(book, interview)
    yield check_row(book, 5, "Write to each of the panel", shown, nothing, missed=late)


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm panel`."""
    from crm_core import Command

    yield Command("panel", "Write to each of the other interviewers", target="crm_panel.cli:panel")


@hookimpl
def crm_letters() -> Iterable[LetterKind]:
    """The letter to one of a panel."""
    from crm_panel.letter import panel_letter

    yield panel_letter()
