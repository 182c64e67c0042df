"""Thinking an interview over by questions at the terminal: each answer is in the book before the next question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from crm_core import WHEN, CrmError, InputError, ask, say_when, talk
from crm_reflection.answers import answers_to, record, unanswered
from crm_reflection.questions import QUESTIONS, read_answer, regrets, said
from crm_reflection.resolving import check_due, keep_promise, keep_question

if TYPE_CHECKING:
    from crm_core import Book, Interview, When
    from crm_reflection.questions import Question
    from crm_reflection.records import Value

INSTEAD: Final = "--answer QUESTION=ANSWER"
STOP: Final = frozenset({"q", "quit"})


class _Stopped(Exception):
    """The user typed `q`."""


def guide(book: Book, interview: Interview, *, again: bool) -> int:
    """Ask the questions that have no answer yet, or all; keep each answer at once, and offer what may come of them.

    Returns:
        How many were answered.

    Raises:
        CrmError: The input ended in between; the hint says how to go on.
        click.Abort: The input ended before anything was answered.
    """
    known = answers_to(book, interview)
    count, regret = 0, False
    try:
        for question in QUESTIONS if again else unanswered(book, interview):
            value = _answer(question, known.get(question.key))
            if value is not None:
                with book.change(f"reflected on {interview.id}: {question.key}"):
                    record(book, interview, {question.key: value})
                count += 1
                regret = regret or regrets(question, value)
        if regret:
            _resolve(book, interview)
    except _Stopped:
        pass  # how to go on is said below, with how many are answered
    except click.Abort:
        if not count:
            raise
        hint = f"Go on with: crm reflect {interview.id}"
        raise CrmError(f"stopped; what you answered is kept ({count})", hint) from None
    return count


def _answer(question: Question, known: Value | None) -> Value | None:
    """What is answered; None for Enter, which leaves what is known as it is."""
    while True:
        text = _asked(question.prompt, said(known) if known is not None else "")
        if not text or (known is not None and text == said(known)):
            return None
        try:
            return read_answer(question, text)
        except InputError as error:
            talk(f"  {error.message}. {error.hint}")


def _resolve(book: Book, interview: Interview) -> None:
    """Offer to make a promise and a question of it."""
    promise = _asked("Promise yourself something for the next time? (Enter: no)")
    if promise:
        due = _when(book, "By when? (Enter: no day)")
        with book.change(f"promised: {promise}"):
            kept = keep_promise(book, interview, promise, due)
        talk(f"  kept as {kept.id}{f', due {say_when(due, book.now)}' if due is not None else ''}")
    while question := _asked("A question for their next round? (Enter: no)"):
        with book.change(f"to ask: {question}"):
            talk(f"  kept as {keep_question(book, interview, question).id}")


def _when(book: Book, label: str) -> When | None:
    while text := _asked(label):
        try:
            when: When = WHEN.convert(text, None, None)
            check_due(book, when)
        except InputError as error:
            talk(f"  {error.message}. {error.hint}")
        else:
            return when
    return None


def _asked(label: str, default: str = "") -> str:
    text = ask(label, INSTEAD, default=default)
    if text.casefold() in STOP:
        raise _Stopped
    return text
