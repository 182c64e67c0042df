"""What comes of a reflection: a promise to yourself, a question for their next round. Both are the core's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import InputError, Promise, Question, day_of

if TYPE_CHECKING:
    from crm_core import Book, Interview, When


def keep_promise(book: Book, interview: Interview, text: str, due: When | None) -> Promise:
    """Record a promise to oneself, inside an open change.

    Raises:
        InputError: It is empty, or due on a day that is over.
    """
    words = " ".join(text.split())
    if not words:
        raise InputError("The promise is empty", 'Say what you promise yourself: --promise "prepare three examples"')
    if due is not None:
        check_due(book, due)
    return book.promises.add(Promise(text=words, interview=interview.id, made=book.today, due=due))


def check_due(book: Book, due: When) -> None:
    """Refuse a day that is over.

    Raises:
        InputError: It is.
    """
    if day_of(due) < book.today:
        raise InputError(f"{day_of(due)} is over", "Give --by a day from today on.")


def keep_question(book: Book, interview: Interview, text: str) -> Question:
    """Record something to ask in the application's next round, inside an open change.

    Raises:
        InputError: It is empty.
    """
    words = " ".join(text.split())
    if not words:
        raise InputError("The question is empty", 'Say what you will ask: --question "Who would I report to?"')
    return book.questions.add(Question(application=interview.application, interview=interview.id, text=words))
