"""When to thank for a decision and when to come back, and what has been done of it: per rejection and person.

Each occurrence is finished by one touch. A touch finishes the first occurrence that was open then, so that a call that
came by chance in the second month is the one that was due in the third; what follows a touch within days belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_bridges.letters import GRACIOUS
from crm_bridges.settings import BridgesSettings
from crm_core import When, day_of, day_start, months_after

if TYPE_CHECKING:
    from crm_bridges.people import People
    from crm_core import Application, Book, Contact, Move


class Thanks(NamedTuple):
    """The gracious reply to a rejection."""

    due: date
    expires: date
    done: When | None


class Return(NamedTuple):
    """One time to come back to a person: in which month, and from which day on a touch counts as it."""

    months: int
    due: date
    counts_from: date
    expires: date
    done: When | None


def rejection(application: Application) -> Move | None:
    """The move by which an application is rejected now; one that was reopened since does not count."""
    last = application.moves[-1] if application.moves else None
    return last if last is not None and last.stage == "rejected" else None


def thanks(book: Book, people: People, application: Application, no: Move, contact: Contact) -> Thanks:
    """When thanks for a decision are due; done by a gracious letter to anybody there, or a word to that person."""
    settings = book.settings(BridgesSettings)
    due = no.on + timedelta(days=settings.thank_days)
    expires = due + timedelta(days=settings.expires_days)
    letters = (x.sent for x in book.letters.where("application", application.id) if x.kind == GRACIOUS)
    # Other letters, such as thanks for the interview, say nothing about the decision.
    said = (touch for touch in people.touches(contact) if touch.out and not touch.letter)
    words = (touch.on for touch in said if day_of(touch.on) <= expires)
    since = [on for on in (*letters, *words) if on is not None and day_of(on) >= no.on]
    return Thanks(due, expires, min(since, key=lambda on: day_start(on, book.zone), default=None))


def over(book: Book, no: Move) -> bool:
    """Whether every time to come back after a rejection is past for certain; in doubt for a day it is False."""
    settings = book.settings(BridgesSettings)
    last = months_after(no.on, max(settings.return_months, default=0))
    return book.today > last + timedelta(days=settings.expires_days + 1)


def returns(book: Book, people: People, no: Move, contact: Contact) -> Iterator[Return]:
    """When to come back to a person after a rejection, in order."""
    settings = book.settings(BridgesSettings)
    before = no.on + timedelta(days=settings.thank_days)
    touches = [touch.on for touch in people.touches(contact) if touch.letter != GRACIOUS]
    for months in settings.return_months:
        due = months_after(no.on, months)
        expires = due + timedelta(days=settings.expires_days)
        counts_from = before + timedelta(days=settings.same_talk_days)
        done = next((on for on in touches if counts_from <= day_of(on) <= expires), None)
        yield Return(months, due, counts_from, expires, done)
        before = max(due, day_of(done)) if done is not None else due
