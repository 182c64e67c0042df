"""How far the applications sent in a period came, and which sources led to interviews, as figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_core import Count, Figure, fold, one_line, sent_between

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Application, Book

INTERVIEWING: Final = frozenset({"interviewing", "offer", "accepted"})
"""Stages that say that somebody wanted to talk; who has an offer got so far, whatever else was recorded."""

OFFERED: Final = frozenset({"offer", "accepted"})
NO_SOURCE: Final = "no source noted"
MOST_SOURCES: Final = 12


class Sent(NamedTuple):
    """An application that was sent, where it was found, and how far it came by the end of the period."""

    source: str
    interviewing: bool
    offered: bool


def figures(book: Book, since: date | None, until: date) -> Iterator[Figure]:
    """The funnel; and the sources, if any was noted."""
    sent = list(_sent(book, since, until))
    if sent:
        yield _funnel(sent)
    if any(one.source for one in sent):
        yield _sources(sent)


def _sent(book: Book, since: date | None, until: date) -> Iterator[Sent]:
    """The applications that were sent in the period, as they stood at its end."""
    for application, _ in sent_between(book, since, until):
        reached = {move.stage for move in application.moves if move.on <= until}
        yield Sent(
            source=one_line(application.source),
            interviewing=bool(reached & INTERVIEWING) or _met(book, application, until),
            offered=bool(reached & OFFERED),
        )


def _met(book: Book, application: Application, until: date) -> bool:
    """Whether there was an interview, though no stage says so: it was logged when all was over."""
    return any(one.at.local.date() <= until for one in book.interviews.where("application", application.id))


def _funnel(sent: Sequence[Sent]) -> Figure:
    interviewing = sum(one.interviewing for one in sent)
    rows = (
        Count(label="applied", value=len(sent)),
        Count(label="interviewing", value=interviewing, of=len(sent)),
        Count(label="offer", value=sum(one.offered for one in sent), of=interviewing),
    )
    about = "Applications sent in the period, and how far each has come since; each out of those one stage before."
    return Figure(title="How far applications came", rows=rows, about=about, place=10)


def _sources(sent: Iterable[Sent]) -> Figure:
    known: dict[str, list[Sent]] = {}
    for one in sent:
        known.setdefault(fold(one.source), []).append(one)
    rows = sorted((_source(group) for group in known.values()), key=_order)
    about = "How many of the same applications led to an interview, by where you found the job."
    return Figure(title="Sources that led to interviews", rows=tuple(_shortened(rows)), about=about, place=40)


def _source(group: Sequence[Sent]) -> Count:
    """Applications of one source, under the spelling that is used most."""
    (spelling, _), *_ = Counter(one.source for one in group).most_common(1)
    return Count(label=spelling or NO_SOURCE, value=sum(one.interviewing for one in group), of=len(group))


def _order(row: Count) -> tuple[bool, int, int, str]:
    return row.label == NO_SOURCE, -row.value, -(row.of or 0), row.label


def _shortened(rows: Sequence[Count]) -> Iterator[Count]:
    """The first rows, and one for all others where there are many."""
    if len(rows) <= MOST_SOURCES:
        yield from rows
        return
    shown, others = rows[: MOST_SOURCES - 1], rows[MOST_SOURCES - 1 :]
    yield from shown
    value, of = sum(row.value for row in others), sum(row.of or 0 for row in others)
    yield Count(label=f"{len(others):,} others", value=value, of=of)
