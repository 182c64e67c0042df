"""What a promise's dates say: when it falls due, whether it was kept, and in time; and the record of all of them.

Nothing here prints; the step of a promise is made in `steps.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from crm_core import InputError, Moment, day_end, day_of, day_start, say_when
from crm_promises.settings import PromiseSettings

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Book, Promise, When

State: TypeAlias = Literal["open", "late", "kept", "kept late", "broken"]


class Reliability(NamedTuple):
    """How many promises were kept, how many of those late, how many broken, and how many are still open."""

    kept: int
    late: int
    broken: int
    open: int

    def __str__(self) -> str:
        late = f", {self.late} of them late" if self.late else ""
        return f"{self.kept} kept{late}; {self.broken} broken; {self.open} open"


def due_of(book: Book, promise: Promise) -> When:
    """When a promise falls due: as agreed, else so many days after it was made as the settings say."""
    if promise.due is not None:
        return promise.due
    return promise.made + timedelta(days=book.settings(PromiseSettings).default_days)


def state_of(book: Book, promise: Promise) -> State:
    """How a promise stands at the book's present moment."""
    if promise.broken is not None:
        return "broken"
    due = due_of(book, promise)
    if promise.kept is not None:
        return "kept late" if _came_after(book, promise.kept, due) else "kept"
    return "late" if book.now > day_end(due, book.zone) else "open"


def reliability(states: Iterable[State]) -> Reliability:
    """The record that promises in those states make."""
    found = list(states)
    late, broken = found.count("kept late"), found.count("broken")
    kept = found.count("kept") + late
    return Reliability(kept, late, broken, len(found) - kept - broken)


def keep(book: Book, promise: Promise, on: When) -> Promise:
    """Record when a promise was kept; a day recorded before, or that it was broken, gives way.

    Raises:
        InputError: That is still ahead, or before the promise was made.
    """
    _check(book, promise, on)
    return book.promises.save(replace(promise, kept=on, broken=None))


def give_up(book: Book, promise: Promise, on: date) -> Promise:
    """Record that a promise was not kept and will not be; that it was kept gives way.

    Raises:
        InputError: That is still ahead, or before the promise was made.
    """
    _check(book, promise, on)
    return book.promises.save(replace(promise, broken=on, kept=None))


def _check(book: Book, promise: Promise, on: When) -> None:
    if day_start(on, book.zone) > book.now:
        raise InputError(
            f"{say_when(on, book.now)} is still ahead", f"Record what became of {promise.id} when it has come to that."
        )
    if day_of(on) < promise.made:
        raise InputError(
            f"{promise.id} was made on {promise.made}, after {day_of(on)}", f"Give a day from {promise.made} on."
        )


def _came_after(book: Book, kept: When, due: When) -> bool:
    """Whether it was kept too late; a day alone is in time if some part of it is."""
    start, end = day_start(kept, book.zone), day_end(due, book.zone)
    return start > end if isinstance(due, Moment) else start >= end
