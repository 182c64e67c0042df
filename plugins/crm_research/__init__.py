"""Research: keep finding out about a company before a further round.

Only the hooks are here, so that starting the program costs nothing: when news is to be read is in `steps.py`, fetching
in `fetching.py`, reading in `parsing.py`, what is stored of it in `news.py`, questions in `preparing.py`, the page
before an interview in `briefing.py`, the commands in `cli.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from crm_core import Book, Command, Entry, Interview, RecordKind, Row, Section, Step, When


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """What is known about each feed."""
    from crm_core import RecordKind
    from crm_research.records import FeedState

    yield RecordKind(
        type=FeedState,
        prefix="fs",
        label="feed state",
        plural="feed states",
        table="crm_research.feed_states",
        unique=("company", "feed"),
    )


@hookimpl
def crm_settings() -> type[Section]:
    """How feeds are fetched, and what a further interview calls for."""
    from crm_research.settings import ResearchSettings

    return ResearchSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """News to read, and questions to prepare."""
    from crm_research.steps import research_steps

    return research_steps(book)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that the news was read; questions are only ever prepared by writing them down."""
    from crm_research.steps import record_read

    return record_read(book, step, on)


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether you went on finding out about them before the next round."""
    from crm_research.steps import research_row

    yield research_row(book, interview, steps)


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm research`."""
    from crm_core import Command

    yield Command("research", "News of companies, and questions for the next round", "crm_research.cli:research")
