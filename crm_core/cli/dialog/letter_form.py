"""A letter in the editor, for `crm letter edit` without options: its subject on the first line, then its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from crm_core.cli.dialog.forms import Remark, edit_form, form_comment, form_letter, form_text
from crm_core.cli.draft import recipient_name, state_words
from crm_core.dates import moment_of
from crm_core.errors import InputError
from crm_core.letters import LONGEST
from crm_core.records import Version

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.records import Letter

HELP: Final = "Lines like this one are not read. [[Double brackets]] are to be filled in."
OPTION: Final = "--body"

_SUBJECT_LINE = re.compile(r"subject:(?P<subject>[^\n]*)(?:\n\s*?\n|\n|\Z)", re.IGNORECASE)


def edit_in_editor(book: Book, letter: Letter, save: Callable[[Version], None]) -> bool:
    """Open the letter, until it can be taken or the user gives up.

    Args:
        book: For the present, and whom it is to.
        letter: As it is.
        save: Records what was written.

    Returns:
        Whether anything was changed.

    Raises:
        CrmError: As `edit_form`; the hint says where the text is kept.
    """

    def use(text: str) -> Sequence[Remark]:
        written = form_letter(text)
        head = _SUBJECT_LINE.match(written)
        subject, body = (head["subject"], written[head.end() :]) if head else (None, written)
        try:
            version = version_of(book, letter, subject, body)
        except InputError as error:
            return [Remark(0, f"{error.message}.")]
        save(version)
        return []

    about = f"{letter.id} to {recipient_name(book, letter)}, {state_words(book, letter)}\n{HELP}"
    form = f"{form_comment(about)}\nSubject: {letter.subject}\n\n{form_text(letter.body)}\n"
    return edit_form(form, use, OPTION)


def version_of(book: Book, letter: Letter, subject: str | None, body: str | None) -> Version:
    """A version of a letter with a new subject or text; None for the one that it has.

    Raises:
        InputError: It would be empty, or too long.
    """
    subject = letter.subject if subject is None else " ".join(subject.split())
    body = letter.body if body is None else _lines(body)
    if not body:
        raise InputError("The letter would be empty", "Nothing was changed.")
    if len(subject) + len(body) > LONGEST:
        raise InputError(f"The letter is longer than {LONGEST:,} characters", "Nothing was changed.")
    return Version(written=moment_of(book.now), subject=subject, body=body)


def _lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
