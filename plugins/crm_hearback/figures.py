"""How many of others answered, and how long it took them, as figures. What counts as an answer is in `waiting.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_core import Count, Figure, Spread, day_of, sent_between
from crm_hearback.waiting import Words

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Application, Book, Interview

ANSWERS: Final = frozenset({"interviewing", "offer", "accepted", "rejected"})
"""Stages that an application comes to because somebody answered; the others are the user's own doing."""

NEWS: Final = ANSWERS - {"interviewing"}
"""Those that are news after an interview."""


class Answer(NamedTuple):
    """Whether somebody answered, and after how many days, if that is known."""

    came: bool
    days: int | None


def figures(book: Book, since: date | None, until: date) -> Iterator[Figure]:
    """How many applications and interviews were answered, and how soon."""
    applications = list(_of_applications(book, since, until))
    interviews = list(_of_interviews(book, since, until))
    rows = (
        *_rows(applications, "applications answered", "application to answer"),
        *_rows(interviews, "interviews with news", "interview to news"),
    )
    if rows:
        about = (
            "Of applications sent and interviews held in the period. The days are of those who have answered: "
            "for the others the wait goes on."
        )
        yield Figure(title="How soon others answer", rows=rows, about=about, place=30)


def _rows(answers: Sequence[Answer], label: str, span: str) -> Iterator[Count | Spread]:
    if answers:
        yield Count(label=label, value=sum(answer.came for answer in answers), of=len(answers))
    days = [answer.days for answer in answers if answer.days is not None]
    if days:
        yield Spread.over(span, days, unit="day")


def _of_applications(book: Book, since: date | None, until: date) -> Iterator[Answer]:
    words = Words(book)
    for application, sent in sent_between(book, since, until):
        yield _to_application(application, sent, until, words)


def _to_application(application: Application, sent: date, until: date, words: Words) -> Answer:
    """A stage that is an answer, or a message from somebody there; of one without the day it was sent, no days."""
    stages = [move.stage for move in application.moves]
    if "applied" not in stages:
        return Answer(came=any(move.stage in ANSWERS and move.on <= until for move in application.moves), days=None)
    later = application.moves[stages.index("applied") + 1 :]
    came = [move.on for move in later if move.stage in ANSWERS]
    came += [day_of(word.on) for word in words.with_(application) if word.way == "in"]
    return _answer(sent, min((day for day in came if sent <= day <= until), default=None))


def _of_interviews(book: Book, since: date | None, until: date) -> Iterator[Answer]:
    for application in book.applications:
        known = book.interviews.where("application", application.id)
        rounds = sorted(known, key=lambda one: (one.start, one.end))
        for interview, later in zip(rounds, [*rounds[1:], None], strict=False):
            held = interview.at.local.date()
            if interview.end <= book.now and (since is None or since <= held) and held <= until:
                yield _to_interview(book, application, interview, later, until)


def _to_interview(
    book: Book, application: Application, interview: Interview, later: Interview | None, until: date
) -> Answer:
    """The outcome's day; else that of the decision after the last round. A later round is news of an unknown day."""
    held = interview.at.local.date()
    decided = interview.outcome_on
    if decided is not None:
        return Answer(came=decided <= until, days=(decided - held).days if held <= decided <= until else None)
    if later is not None:
        return Answer(came=min(later.at.local.date(), book.today) <= until, days=None)
    days = (move.on for move in application.moves if move.stage in NEWS and held <= move.on <= until)
    return _answer(held, min(days, default=None))


def _answer(since: date, came: date | None) -> Answer:
    return Answer(came=came is not None, days=(came - since).days if came is not None else None)
