"""What `crm done` records: a letter that went out, or a word to a person. Whether to withdraw is never decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_bridges.cadence import rejection, returns
from crm_bridges.letters import FAMILY, GRACIOUS, REOPENED, RETURN
from crm_bridges.people import People
from crm_core import (
    InputError,
    Interaction,
    Letter,
    When,
    day_of,
    has_come,
    mark_sent,
    open_letter,
    say_day,
    say_when,
)

if TYPE_CHECKING:
    from crm_core import Application, Book, Contact, Step

_LETTER = {"return": RETURN, "reopened": REOPENED}


def record_done(book: Book, step: Step, on: When) -> bool:
    """Record that a person was thanked or written to; the open letter, if there is one, as sent.

    Raises:
        InputError: That is ahead, or before what it answers.
    """
    application, contact = book.applications.find(step.about), book.contacts.find(step.person)
    if application is None or contact is None or step.kind == "tell":
        return False
    has_come(book, on)
    if step.kind == "thank":
        return _thanked(book, application, contact, step, on)
    if step.kind == "return" and not _counts(book, application, contact, step, on):
        return False
    if step.kind == "reopened":
        _refuse_early(book, step, on)
    _wrote(book, _LETTER[step.kind], application, contact, on)
    return True


def _thanked(book: Book, application: Application, contact: Contact, step: Step, on: When) -> bool:
    _refuse_early(book, step, on)
    outside = Letter(contact=contact.id, kind=GRACIOUS, family=FAMILY, application=application.id)
    mark_sent(book, open_letter(book, GRACIOUS, contact, None, application) or outside, on)
    return True


def _counts(book: Book, application: Application, contact: Contact, step: Step, on: When) -> bool:
    """Whether a word on that day would finish that return and not belong to the touch before it."""
    no = rejection(application)
    times = returns(book, People(book), no, contact) if no is not None else ()
    time = next((time for time in times if step.slot.endswith(f"-{time.months}m")), None)
    return time is not None and time.counts_from <= day_of(on) <= time.expires


def _refuse_early(book: Book, step: Step, on: When) -> None:
    begun = day_of(step.starts)
    if day_of(on) < begun:
        raise InputError(
            f"{say_when(on, book.now)} is before {say_day(begun, book.today)}, when there was nothing to answer yet",
            "Say with --on when you wrote.",
        )


def _wrote(book: Book, kind: str, application: Application, contact: Contact, on: When) -> None:
    draft = open_letter(book, kind, contact, None, application)
    if draft is not None:
        mark_sent(book, draft, on)
    else:
        book.interactions.add(Interaction(contact=contact.id, on=on, about="stayed in touch", direction="out"))
