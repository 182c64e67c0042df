"""Finding reflections by what was written in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Hit, interview_label, mentions
from crm_reflection.questions import BY_KEY
from crm_reflection.records import Reflection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core import Book


def hits(book: Book, text: str) -> Iterator[Hit]:
    """The reflections with an answer in words that mentions it."""
    for reflection in book.table(Reflection):
        for answer in reflection.answers:
            if isinstance(answer.value, str) and mentions(answer.value, text):
                interview = book.interviews.find(reflection.interview)
                question = BY_KEY.get(answer.question)
                yield Hit(
                    record=reflection.id,
                    label=interview_label(book, interview) if interview is not None else "",
                    where=question.text if question is not None else answer.question,
                    text=answer.value,
                )
