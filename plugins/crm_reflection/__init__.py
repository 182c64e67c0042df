"""Reflection: fourteen questions to yourself after an interview, and how the answers change from one to the next.

Only the hooks are here, so that starting the program costs nothing: the questions are in `questions.py`, what is kept
in `records.py` and `answers.py`, the steps in `steps.py`, the command in `cli.py` with its ways of answering in
`guide.py` and `form.py`, what may come of it in `resolving.py`, several side by side in `compare.py`, and finding one
in `searching.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from crm_core import Book, Command, Entry, Hit, Interview, RecordKind, Row, Section, Step, When


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """Reflections, one for each interview."""
    from crm_core import RecordKind
    from crm_reflection.records import Reflection

    yield RecordKind(
        type=Reflection,
        prefix="rf",
        label="reflection",
        plural="reflections",
        table="crm_reflection.reflections",
        unique=("interview",),
    )


@hookimpl
def crm_settings() -> type[Section]:
    """When a reflection is late, not asked for any more, and whole."""
    from crm_reflection.settings import ReflectionSettings

    return ReflectionSettings


@hookimpl
def crm_steps(book: Book, until: datetime) -> Iterable[Step]:
    """A step for each interview that ended, until its questions are answered or you said that you are finished."""
    from crm_reflection.steps import reflect_steps

    return reflect_steps(book, until)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that the reflection is finished, whatever is answered."""
    from crm_reflection.answers import finish

    interview = book.interviews.find(step.about)
    if interview is None:
        return False
    finish(book, interview, on)
    return True


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether the interview was thought over."""
    from crm_core import check_row
    from crm_reflection.steps import missed

    nothing = "there is nothing to reflect on" if interview.end <= book.now else "the interview has not ended yet"
    yield check_row(book, 1, "Reflect on it", steps, nothing, missed=missed(book, interview))


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm reflect`."""
    from crm_core import Command

    yield Command("reflect", "Think an interview over, and compare with others", target="crm_reflection.cli:reflect")


@hookimpl
def crm_search(book: Book, text: str) -> Iterable[Hit]:
    """Reflections with an answer that mentions it."""
    from crm_reflection.searching import hits

    return hits(book, text)
