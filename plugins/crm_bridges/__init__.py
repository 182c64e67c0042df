"""Bridges: a rejection is the end of an application, not of knowing the people behind it.

Only the hooks are here, so that starting the program costs nothing: who the people are is in `people.py`, when to come
back to them in `cadence.py`, whether a role is open again in `reopening.py`, the steps in `steps.py`, what closes them
in `closing.py`, letters in `letters.py` and `templates/`, words that burn bridges in `wording.py`, the commands in
`cli.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from crm_core import Book, Command, Entry, Interview, LetterKind, RecordKind, Row, Section, Step, When


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """Reopenings."""
    from crm_bridges.records import Reopening
    from crm_core import RecordKind

    yield RecordKind(
        type=Reopening, prefix="ro", label="reopening", plural="reopenings", table="crm_bridges.reopenings"
    )


@hookimpl
def crm_settings() -> type[Section]:
    """When to write, and when to come back."""
    from crm_bridges.settings import BridgesSettings

    return BridgesSettings


@hookimpl
def crm_steps(book: Book, until: datetime) -> Iterable[Step]:
    """Thank for a decision, come back later or when the role reopens, tell others that an offer is accepted."""
    from crm_bridges.steps import bridge_steps

    return bridge_steps(book, until)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that the person was written to."""
    from crm_bridges.closing import record_done

    return record_done(book, step, on)


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether the people of an application that was rejected are thanked and kept in touch with."""
    from crm_bridges.steps import missed, nothing_to_keep
    from crm_core import check_row

    own = [step for step in steps if step.about == interview.application]
    nothing = nothing_to_keep(book, interview)
    yield check_row(book, 9, "Keep the bridge after a no", own, nothing, missed=missed(book, interview))


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm bridges`."""
    from crm_core import Command

    yield Command("bridges", "People to come back to after a no", target="crm_bridges.cli:bridges")


@hookimpl
def crm_letters() -> Iterable[LetterKind]:
    """Thanks for a decision, coming back, a role that is open again, withdrawing kindly."""
    from crm_bridges.letters import kinds

    return kinds()
