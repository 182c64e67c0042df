"""Notes: writing an interview down while it is fresh, person by person.

Only the hooks are here, so that starting the program costs nothing: what is missing is found in `missing.py`, the
steps are in `steps.py`, the command in `cli.py` with its two ways of writing, `guide.py` and `form.py`. The notes
themselves are records of the core, and letters draw on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from crm_core import Book, Command, Entry, Interview, Row, Section, Step


@hookimpl
def crm_settings() -> type[Section]:
    """When notes are late, and not asked for any more."""
    from crm_notes.settings import NoteSettings

    return NoteSettings


@hookimpl
def crm_steps(book: Book, until: datetime) -> Iterable[Step]:
    """A step for each interview without notes, else one for each person on its panel without any; and done ones."""
    from crm_notes.steps import note_steps

    return note_steps(book, until)


@hookimpl
def crm_done() -> bool:
    """No fact can close a step: what was said in a conversation can't be made up."""
    return False


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether the interview, and each person's part of it, was written down."""
    from crm_core import check_row
    from crm_notes.steps import missed

    never = missed(book, interview, steps)
    nothing = "there is nothing to write down" if interview.end <= book.now else "the interview has not ended yet"
    yield check_row(book, 2, "Write down who and what", () if never else steps, nothing, missed=never)


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm notes`."""
    from crm_core import Command

    yield Command("notes", "Write an interview down, person by person", target="crm_notes.cli:notes")
