"""What became of the promises made in a period, as figures. What a promise's dates say is in `keeping.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from crm_core import Count, Figure
from crm_promises.keeping import State, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from crm_core import Book

SETTLED: Final[Mapping[State, str]] = {
    "kept": "kept in time",
    "kept late": "kept late",
    "late": "late, not kept yet",
    "broken": "broken",
}
"""What can be said of a promise whose day has come, in the order in which it is told."""


def figures(book: Book, since: date | None, until: date) -> Iterator[Figure]:
    """The promises kept, out of those whose day has come; and how many are not due yet."""
    made = (promise for promise in book.promises if (since is None or since <= promise.made) and promise.made <= until)
    counted = Counter(state_of(book, promise) for promise in made)
    rows = (*_settled(counted), *_not_due(counted["open"]))
    if rows:
        about = "Promises made in the period, as they stand today, out of those whose day has come."
        yield Figure(title="Promises", rows=rows, about=about, place=50)


def _settled(counted: Mapping[State, int]) -> Iterator[Count]:
    """How many were kept in time, and what else became of others."""
    settled = sum(counted[state] for state in SETTLED)
    for state, label in SETTLED.items():
        if counted[state] or (state == "kept" and settled):
            yield Count(label=label, value=counted[state], of=settled)


def _not_due(number: int) -> Iterator[Count]:
    if number:
        yield Count(label="not due yet", value=number)
