"""What `crm done` records: that somebody was asked for news or answered. The rest only a mark can close."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm_core import (
    InputError,
    Interaction,
    Interview,
    When,
    day_of,
    has_come,
    mark_sent,
    open_letter,
    say_day,
    say_when,
)
from crm_hearback.letter import ASKING
from crm_hearback.waiting import Words, may_answer

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Application, Book, Contact, Step


def record_done(book: Book, step: Step, on: When) -> bool:
    """Record that somebody was written to, where that closes the step.

    Raises:
        InputError: That is ahead, or was too early to be what the step asks for.
    """
    if step.kind not in {"chase", "reply", "silence"}:
        return False
    has_come(book, on)
    if step.kind == "reply":
        return _replied(book, step, on)
    return _asked(book, step, on)


def _replied(book: Book, step: Step, on: When) -> bool:
    message, contact = book.interactions.find(step.slot), book.contacts.find(step.refs[0])
    if message is None or contact is None:
        return False
    if not may_answer(book, on, message):
        raise InputError(
            f"{say_when(on, book.now)} is before what came {say_when(message.on, book.now)}",
            "Say with --on when you answered it.",
        )
    _went_out(book, contact, on, "replied")
    return True


def _asked(book: Book, step: Step, on: When) -> bool:
    record: Any = book.find(step.refs[-1] if step.refs else step.about)
    interview = record if isinstance(record, Interview) else None
    application = book.applications.find(interview.application if interview is not None else step.about)
    contact = _whom(book, application, interview) if application is not None else None
    if application is None or contact is None:
        return False
    _refuse_early(book, on, _first_day(application, step))
    draft = open_letter(book, ASKING, contact, interview, application)
    if draft is not None:
        mark_sent(book, draft, on)
    else:
        _went_out(book, contact, on, "asked for news")
    return True


def _first_day(application: Application, step: Step) -> date:
    """The first day on which a question closes the step."""
    due = day_of(step.due)
    if step.kind == "chase":
        return due - timedelta(days=1)
    sent = next((move.on for move in application.moves if move.id == step.slot), None)
    return sent + timedelta(days=1) if sent is not None else due


def _refuse_early(book: Book, on: When, first: date) -> None:
    if day_of(on) < first:
        raise InputError(
            f"{say_when(on, book.now)} is before it was time to ask, {say_day(first, book.today)}",
            "What was written before does not ask for news that was not due. Say with --on when you asked.",
        )


def _whom(book: Book, application: Application, interview: Interview | None) -> Contact | None:
    """The lead interviewer, else whoever is known there."""
    lead = interview.lead if interview is not None else None
    contact = book.contacts.find(lead.contact) if lead is not None else None
    return contact or Words(book).somebody_at(application)


def _went_out(book: Book, contact: Contact, on: When, about: str) -> None:
    book.interactions.add(Interaction(contact=contact.id, on=on, about=about, direction="out"))
