"""What was written down about an interview, and who on its panel nothing was written about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm_core import Book, Contact, Interview, Note


def held_on(book: Book, interview: Interview) -> date:
    """The first day that it was anywhere that matters: where it was held, or where the user is."""
    return min(day_of(interview.at), interview.start.astimezone(book.zone).date())


def notes_after(book: Book, interview: Interview) -> list[Note]:
    """The notes that can tell of it: those without a date, and those not written before its day.

    What was noted to prepare for it, or before it was postponed, tells nothing of what was said.
    """
    day = held_on(book, interview)
    return [note for note in book.notes.where("interview", interview.id) if note.written is None or note.written >= day]


def panel_of(book: Book, interview: Interview) -> list[Contact]:
    """The people on its panel, in the order of their seats."""
    return [contact for seat in interview.panel if (contact := book.contacts.find(seat.contact)) is not None]


def without_notes(book: Book, interview: Interview) -> list[Contact]:
    """The people on its panel that no note is about."""
    noted = {note.contact for note in notes_after(book, interview)}
    return [contact for contact in panel_of(book, interview) if contact.id not in noted]


def written_first(book: Book, interview: Interview, notes: Iterable[Note]) -> date | None:
    """The day of the earliest of those notes, the interview's for one without a date; None if there is none."""
    return min((note.written or held_on(book, interview) for note in notes), default=None)
