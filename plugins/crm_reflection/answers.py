"""What was answered about an interview: found, recorded, and whether it is enough. Nothing here prints or asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from crm_core import InputError, day_of, day_start, say_when
from crm_reflection.questions import BY_KEY, QUESTIONS, Question
from crm_reflection.records import Answer, Reflection
from crm_reflection.settings import ReflectionSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from crm_core import Book, Interview, When
    from crm_reflection.records import Value


class Standing(NamedTuple):
    """Where a reflection stands: since when it is finished, and since when what it says is out of date."""

    done: date | When | None
    stale: date | None


def reflection_of(book: Book, interview: Interview) -> Reflection:
    """The reflection on an interview; one without an id, to be added, if there is none."""
    found = book.table(Reflection).where("interview", interview.id)
    return found[-1] if found else Reflection(interview=interview.id)


def held_on(book: Book, interview: Interview) -> date:
    """The first day that it was anywhere that matters: where it was held, or where the user is."""
    return min(day_of(interview.at), interview.start.astimezone(book.zone).date())


def answers_to(book: Book, interview: Interview) -> dict[str, Value]:
    """The answers by their questions' keys; none of those given before the interview's day.

    An interview that was postponed since has to be thought over anew.
    """
    day = held_on(book, interview)
    given = {answer.question: answer for answer in reflection_of(book, interview).answers if answer.on >= day}
    return {key: given[key].value for key in BY_KEY if key in given}


def unanswered(book: Book, interview: Interview) -> list[Question]:
    """The questions that have no answer yet, in their order."""
    known = answers_to(book, interview)
    return [question for question in QUESTIONS if question.key not in known]


def standing(book: Book, interview: Interview) -> Standing:
    """Whether enough is answered, or the user said that it is all."""
    reflection, day = reflection_of(book, interview), held_on(book, interview)
    finished = reflection.finished
    if finished is not None and day_of(finished) >= day:
        return Standing(finished, None)
    known = {answer.question: answer.on for answer in reflection.answers if answer.question in BY_KEY}
    fresh = sorted(on for on in known.values() if on >= day)
    enough = book.settings(ReflectionSettings).enough
    if len(fresh) >= enough:
        return Standing(fresh[enough - 1], None)
    earlier = [on for on in known.values() if on < day] + ([day_of(finished)] if finished is not None else [])
    return Standing(None, max(earlier, default=None))


def record(book: Book, interview: Interview, given: Mapping[str, Value | None]) -> Reflection:
    """Record answers by their questions' keys, beside those that are there; None takes one away.

    Args:
        book: With a change open.
        interview: What they are about.
        given: What was answered now.
    """
    book.interviews.get(interview.id)  # it may have been removed while the user was thinking
    reflection = reflection_of(book, interview)
    day = held_on(book, interview)
    before = {answer.question: answer for answer in reflection.answers}
    for key, value in given.items():
        known = before.get(key)
        if value is None:
            before.pop(key, None)
        elif known is None or known.on < day or said_otherwise(known.value, value):
            before[key] = Answer(question=key, value=value, on=book.today)
    return _saved(book, replace(reflection, answers=tuple(before.values())))


def finish(book: Book, interview: Interview, on: When) -> Reflection:
    """Record that the reflection is finished, whatever is answered.

    Args:
        book: With a change open.
        interview: What it is about.
        on: When.

    Raises:
        InputError: That is before the interview, or ahead.
    """
    if day_start(on, book.zone) > book.now:
        raise InputError(f"{say_when(on, book.now)} is still ahead", "Say with --on when you were finished.")
    if day_of(on) < held_on(book, interview):
        raise InputError(
            f"{say_when(on, book.now)} is before the interview, {say_when(interview.at, book.now)}",
            "Nobody can have thought it over before. Say with --on when you were finished.",
        )
    return _saved(book, replace(reflection_of(book, interview), finished=on))


def said_otherwise(old: Value, new: Value) -> bool:
    """Whether two answers differ; to Python, True is 1."""
    return old != new or isinstance(old, bool) != isinstance(new, bool)


def _saved(book: Book, reflection: Reflection) -> Reflection:
    table = book.table(Reflection)
    return table.save(reflection) if reflection.id else table.add(reflection)
