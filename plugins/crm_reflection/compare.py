"""Reflections side by side: an answer a row, an interview a column, and which way the numbers go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from crm_core import Column, UnknownName
from crm_reflection.answers import answers_to
from crm_reflection.questions import QUESTIONS, said
from crm_reflection.records import Value
from crm_reflection.settings import ReflectionSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Book, Interview


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One question with the answers by interview id, earliest first.

    `trend` is how much the last number differs from the first; None for words and where there are not two.
    """

    question: str
    text: str
    answers: dict[str, Value | None]
    trend: int | None


def to_compare(book: Book, named: Sequence[Interview]) -> list[Interview]:
    """The interviews named, else the last that were thought over; earliest first, each once.

    Raises:
        UnknownName: There is none.
    """
    chosen = {interview.id: interview for interview in named or book.interviews if named or answers_to(book, interview)}
    ordered = sorted(chosen.values(), key=lambda interview: interview.end)
    if not ordered:
        raise UnknownName("No interview was thought over yet", "Begin with the last one: crm reflect")
    return ordered if named else ordered[-book.settings(ReflectionSettings).compared :]


def compared(book: Book, interviews: Sequence[Interview]) -> list[Compared]:
    """A row for each question that one of them answers."""
    known = {str(interview.id): answers_to(book, interview) for interview in interviews}
    rows = []
    for question in QUESTIONS:
        answers = {id_: answers.get(question.key) for id_, answers in known.items()}
        if any(value is not None for value in answers.values()):
            trend = _trend(list(answers.values()))
            rows.append(Compared(question=question.key, text=question.text, answers=answers, trend=trend))
    return rows


def columns(interviews: Sequence[Interview]) -> list[Column[Compared]]:
    """How they are shown: the question, each interview, and the trend."""
    return [
        Column("question", lambda row: row.question, 9, min=12),
        *(_column(interviews, place) for place in range(len(interviews))),
        Column("trend", lambda row: _signed(row.trend), 8, min=5),
    ]


def _column(interviews: Sequence[Interview], place: int) -> Column[Compared]:
    return Column(interviews[place].id, lambda row: _cell(list(row.answers.values()), place), 5 + place, min=6)


def _cell(values: Sequence[Value | None], place: int) -> str:
    """An answer; a number with how much it differs from the one before it."""
    value = values[place]
    if value is None:
        return ""
    before = [number for number in values[:place] if _is_number(number)]
    if not _is_number(value) or not before:
        return " ".join(said(value).split())
    return f"{value} ({_signed(_trend([before[-1], value]))})"


def _trend(values: Sequence[Value | None]) -> int | None:
    numbers = [int(value) for value in values if value is not None and _is_number(value)]
    return numbers[-1] - numbers[0] if len(numbers) > 1 else None


def _is_number(value: Value | None) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _signed(number: int | None) -> str:
    return "" if number is None else f"{number:+d}" if number else "="
