"""Writing an interview down by questions at the terminal: each answer is in the book before the next question."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from crm_core import Book, CrmError, Interview, Note, Ref, ask, talk
from crm_notes.missing import notes_after, panel_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core import Contact, NoteKind

INSTEAD = "crm note add INTERVIEW TEXT"


class Asked(NamedTuple):
    """A question, and what kind of note its answer is, about whom."""

    question: str
    kind: NoteKind
    contact: Ref[Contact] | None = None


def guide(book: Book, interview: Interview) -> list[Note]:
    """Ask for what has no note yet, and keep each answer at once.

    Returns:
        What was written.

    Raises:
        CrmError: The user stopped in between; the hint says how to go on.
        click.Abort: The user stopped before anything was written.
    """
    written: list[Note] = []
    try:
        for asked in missing_questions(book, interview):
            text = ask(asked.question, INSTEAD, default="")
            if text:
                written.append(_kept(book, interview, text, asked.kind, asked.contact))
        while topic := ask("Another topic (Enter: no more)", INSTEAD, default=""):
            if text := ask(f"What about {topic}", INSTEAD, default=""):
                written.append(_kept(book, interview, text, "talked", topic=topic))
    except click.Abort:
        if not written:
            raise
        kept = ", ".join(note.id for note in written)
        raise CrmError(f"stopped; what you wrote is kept: {kept}", f"Go on with: crm notes {interview.id}") from None
    return written


def missing_questions(book: Book, interview: Interview) -> Iterator[Asked]:
    """What to ask: for each person, then about the place; nothing that a note of that kind answers already."""
    answered = {(note.kind, note.contact) for note in notes_after(book, interview) if not note.topic}
    for asked in _questions(panel_of(book, interview)):
        if (asked.kind, asked.contact) not in answered:
            yield asked


def _questions(panel: list[Contact]) -> Iterator[Asked]:
    for contact in panel:
        yield Asked(f"What you talked about with {contact.name}", "talked", contact.id)
        yield Asked(f"What you learned from {contact.name}", "learned", contact.id)
    if not panel:
        yield Asked("What you talked about", "talked")
        yield Asked("What you learned", "learned")
    yield Asked("Your impression of the place", "impression")
    yield Asked("A problem of theirs that you could help with", "problem")


def _kept(
    book: Book, interview: Interview, text: str, kind: NoteKind, contact: Ref[Contact] | None = None, topic: str = ""
) -> Note:
    new = Note(interview=interview.id, text=text, kind=kind, contact=contact, topic=topic, written=book.today)
    added = add_notes(book, interview, [new])[0]
    talk(f"  kept as {added.id}")
    return added


def add_notes(book: Book, interview: Interview, new: list[Note]) -> list[Note]:
    """Add notes in one change."""
    with book.change(f"wrote {len(new)} notes about {interview.id}" if len(new) > 1 else f"noted about {interview.id}"):
        book.interviews.get(interview.id)  # it may have been removed while the user was writing
        return [book.notes.add(note) for note in new]
