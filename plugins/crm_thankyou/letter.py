"""The thank-you letter: its template, and recording that it went out."""

from __future__ import annotations

from pathlib import Path

from crm_core import Book, InputError, Letter, LetterKind, Step, When, mark_sent, open_letter, say_when, since_start

THANK_YOU = "thank-you"
FAMILY = "thanks"
SUBJECT = (
    "Thank you for our conversation{% if interview %} on {{ interview.day }}{% endif %}"
    "{% if role %} ({{ role }}){% endif %}"
)


def thank_you() -> LetterKind:
    """The kind of letter; its text is `templates/thank-you.txt`."""
    template = Path(__file__).with_name("templates") / "thank-you.txt"
    return LetterKind(
        name=THANK_YOU,
        family=FAMILY,
        label="thank-you letter",
        subject=SUBJECT,
        body=template.read_text("utf-8"),
    )


def record_sent(book: Book, step: Step, on: When) -> bool:
    """Record that the lead was thanked: the open draft was sent, or a letter that this program has not seen.

    Raises:
        InputError: That was before the interview began, or is ahead.
    """
    interview, contact = book.interviews.find(step.refs[0]), book.contacts.find(step.refs[1])
    if interview is None or contact is None:
        return False
    if not since_start(on, interview):
        raise InputError(
            f"{say_when(on, book.now)} is before the interview, {say_when(interview.at, book.now)}",
            "Nobody can be thanked for it before. Say with --on when your letter went out.",
        )
    outside = Letter(
        contact=contact.id,
        kind=THANK_YOU,
        family=FAMILY,
        interview=interview.id,
        application=interview.application,
    )
    mark_sent(book, open_letter(book, THANK_YOU, contact, interview) or outside, on)
    return True
