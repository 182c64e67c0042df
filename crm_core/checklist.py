"""The checklist: the ten things to do after an interview, each with its state and why, made of what plugins say.

A plugin answers `crm_checklist` with a row of its own; `check_row` makes one of its steps about that interview.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import msgspec

from crm_core.book import Book
from crm_core.dates import day_start
from crm_core.records import Interview
from crm_core.steps import Agenda, Entry, StepSource, all_times
from crm_core.words import say_when

RowState = Literal["done", "due", "late", "not called for"]
NEVER_DONE = "late, never done"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One of the things, for one interview.

    Args:
        number: Its place in the list: 1 to 10 of the ten things to do after an interview, higher of any other.
        title: What it is, as a short imperative: `Thank the lead interviewer`.
        state: Where it stands.
        why: Because of what, one line.
    """

    number: int
    title: str
    state: RowState
    why: str


class CheckSource(StepSource, Protocol):
    """Where steps and rows come from: the plugin host, or a test's own."""

    def checklist(self, book: Book, interview: Interview, entries: Sequence[Entry]) -> Iterable[Row]:
        """Every plugin's rows; each plugin is shown its own entries."""


def checklist(book: Book, source: CheckSource, interview: Interview) -> list[Row]:
    """The rows of one interview in the order of their numbers."""
    about = [e for e in Agenda(book, source, *all_times(book.zone)).entries if _concerns(book, interview, e)]
    return sorted(source.checklist(book, interview, about), key=lambda row: row.number)


def check_row(
    book: Book, number: int, title: str, steps: Sequence[Entry], nothing: str, *, missed: bool = False
) -> Row:
    """A row that says where those steps stand, the most urgent first.

    Args:
        book: For the present and the user's zone.
        number: The row's number.
        title: The row's title.
        steps: The plugin's own steps about the interview, finished ones included.
        nothing: Why it is not called for when there is no step.
        missed: There is no step since its time has run out: it was never done.
    """
    order: dict[str, RowState] = {"overdue": "late", "due": "due", "ahead": "due", "waiting": "due", "done": "done"}
    begun = [step for step in steps if step.state == "done" or day_start(step.starts, book.zone) <= book.now]
    for state, said in order.items():
        entries = [entry for entry in begun if entry.state == state]
        if entries:
            return Row(number=number, title=title, state=said, why=_why(book, entries))
    if missed:
        return Row(number=number, title=title, state="late", why=NEVER_DONE)
    reasons = [entry.note or f"not before {say_when(entry.starts, book.now)}" for entry in steps]
    return Row(number=number, title=title, state="not called for", why=reasons[0] if reasons else nothing)


def _why(book: Book, entries: Sequence[Entry]) -> str:
    entry = entries[0]
    more = f"; and {len(entries) - 1} more" if len(entries) > 1 else ""
    if entry.done is not None:
        return f"done {say_when(entry.done, book.now)}: {entry.title}{more}"
    return f"{entry.title}, due {say_when(entry.due, book.now)}{more}"


def _concerns(book: Book, interview: Interview, entry: Entry) -> bool:
    """Whether a step is about that interview, its application, a record made in it, or the search as a whole."""
    if entry.about is None or entry.about in {interview.id, interview.application}:
        return True
    return interview.id in entry.key.split("/") or getattr(book.find(entry.about), "interview", None) == interview.id
