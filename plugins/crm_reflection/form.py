"""Thinking an interview over in an editor: a form with a heading for each question and the answers that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import InputError, Remark, edit_form, form_comment, form_parts, form_text, interview_label
from crm_reflection.answers import answers_to, record, said_otherwise
from crm_reflection.guide import INSTEAD
from crm_reflection.questions import QUESTIONS, question_named, read_answer, said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core import Book, FormPart, Interview
    from crm_reflection.records import Value

HELP = """\
Answer under the questions that you care about. Lines like this one are not read.
An answer that you take away is taken out of the book."""


def reflect_in_editor(book: Book, interview: Interview) -> dict[str, Value | None]:
    """Open the form, and keep what was answered in it as one change.

    Returns:
        What was answered otherwise than before, by the question's key; None where an answer was taken away.

    Raises:
        CrmError: The editor failed or the text could not be used; the hint says where it is kept.
    """
    known = answers_to(book, interview)
    changed: dict[str, Value | None] = {}

    def use(text: str) -> list[Remark]:
        answers, remarks = read_form(text)
        if not remarks:
            changed.update(_changed(known, answers))
        if changed:
            with book.change(f"reflected on {interview.id}"):
                record(book, interview, changed)
        return remarks

    edit_form(form_of(book, interview), use, INSTEAD)
    return changed


def form_of(book: Book, interview: Interview) -> str:
    """The form with the answers that are there."""
    known = answers_to(book, interview)
    blocks = [form_comment(f"{interview_label(book, interview)} ({interview.id})\n{HELP}")]
    for question in QUESTIONS:
        lines = [f"## {question.key}", form_comment(question.prompt)]
        if question.key in known:
            lines.append(form_text(said(known[question.key])))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def read_form(text: str) -> tuple[dict[str, Value | None], list[Remark]]:
    """The answers that a filled-in form gives, None where nothing stands, and what is wrong with it."""
    answers: dict[str, Value | None] = {}
    remarks: list[Remark] = []
    for part in form_parts(text):
        if not part.heading:
            if part.text:
                remarks.append(Remark(part.line, "This stands under no question."))
            continue
        try:
            key, value = _answer(part)
        except InputError as error:
            remarks.append(Remark(part.line, f"{error.message}. {error.hint}"))
            continue
        if answers.get(key) is not None and value is not None:
            remarks.append(Remark(part.line, f"{key} is answered above already."))
        answers[key] = value if value is not None else answers.get(key)
    return answers, remarks


def _answer(part: FormPart) -> tuple[str, Value | None]:
    question = question_named(part.heading)
    return question.key, read_answer(question, part.text) if part.text else None


def _changed(known: Mapping[str, Value], answers: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Those of the answers that are not as they were."""
    return {key: value for key, value in answers.items() if _differs(known.get(key), value)}


def _differs(old: Value | None, new: Value | None) -> bool:
    if old is None or new is None:
        return old is not new
    return said_otherwise(old, new)
