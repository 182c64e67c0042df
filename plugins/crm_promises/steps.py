"""The steps that promises call for: one each, until it is kept or broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crm_core import Step, day_of, deadline, say_on
from crm_promises.keeping import due_of

if TYPE_CHECKING:
    from crm_core import Book, Promise


def promise_steps(book: Book) -> Iterator[Step]:
    """A step for each promise that was not broken.

    It never expires and outlives its application: a person who was promised something does not stop waiting because
    the company said no.
    """
    for promise in book.promises:
        if promise.broken is None:
            yield _step(book, promise)


def _step(book: Book, promise: Promise) -> Step:
    return Step(
        kind="keep",
        about=promise.id,
        title=_title(book, promise),
        why=_why(book, promise),
        starts=promise.made,
        due=deadline(due_of(book, promise)),
        person=promise.contact,
        command="" if promise.kept else f"crm promise keep {promise.id}",
        outlives=True,
        done=deadline(promise.kept) if promise.kept is not None else None,
    )


def _title(book: Book, promise: Promise) -> str:
    contact = book.contacts.find(promise.contact)
    to = f" (to {contact.name})" if contact is not None else ""
    return f"Keep your promise: {' '.join(promise.text.split())}{to}"


def _why(book: Book, promise: Promise) -> str:
    agreed = "" if promise.due is not None else "; no day was agreed"
    return f"You promised it {say_on(promise.made, book.today)}{_where(book, promise)}{agreed}"


def _where(book: Book, promise: Promise) -> str:
    interview = book.interviews.find(promise.interview)
    if interview is None:
        return ""
    application = book.applications.find(interview.application)
    company = book.companies.find(application.company) if application is not None else None
    # A promise may be noted for an interview that is yet to come, or days after one.
    then = "in" if promise.made == day_of(interview.at) else "about"
    return f", {then} the interview at {company.name}" if company is not None else f", {then} the interview"
