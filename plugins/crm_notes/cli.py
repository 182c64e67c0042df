"""`crm notes`: write an interview down, by questions or in an editor; or see what was written, and about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_core import (
    INTERVIEW,
    NOTE_KINDS,
    Book,
    Interview,
    Note,
    interview_label,
    json_option,
    pass_book,
    show,
    show_one,
    someone_there,
    talk,
)
from crm_notes.missing import panel_of, without_notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LABELS = {"talked": "talked about", "learned": "learned", "impression": "impression", "problem": "their problem"}


@click.command(
    epilog="""\b
Examples:
  crm notes
  crm notes Bluewater --edit
  crm notes i3 --show
"""
)
@click.argument("interview", type=INTERVIEW, default="")
@click.option("--edit", is_flag=True, help="Write in your editor, in a form with a heading for each person.")
@click.option("--show", "only_show", is_flag=True, help="Only show what is written.")
@json_option
@pass_book
def notes(book: Book, *, interview: Interview, edit: bool, only_show: bool, as_json: bool) -> None:
    """Write an interview down: who you talked with, about what, what you learned, what the place is like.

    INTERVIEW is an id, a company or a role: the last that ended. Without it, your last interview. At a terminal you
    are asked, person by person, and each answer is kept at once; elsewhere the notes are shown.
    """
    if not as_json:
        ahead = "; it has not ended yet" if interview.end > book.now else ""
        talk(f"Interview: {interview_label(book, interview)} ({interview.id}){ahead}")
    if edit:
        from crm_notes.form import write_in_editor

        _say_written(book, interview, write_in_editor(book, interview), as_json=as_json)
    elif only_show or as_json or not someone_there():
        _show(book, interview, as_json=as_json)
    else:
        _ask(book, interview)


def _ask(book: Book, interview: Interview) -> None:
    from crm_notes.guide import guide, missing_questions

    talk("Enter skips a question; Ctrl-D stops, and what you wrote is kept.")
    if there := len(book.notes.where("interview", interview.id)):
        left = "" if any(missing_questions(book, interview)) else "; each question has one already"
        talk(f"{_counted(there)} there already{left}. See them: crm notes {interview.id} --show")
    _say_written(book, interview, guide(book, interview), as_json=False)


def _say_written(book: Book, interview: Interview, written: Sequence[Note], *, as_json: bool) -> None:
    if as_json:
        show(written, (), as_json=True, extra=_extra(book, interview))
        return
    ids = ", ".join(note.id for note in written)
    talk(f"Wrote {_counted(len(written))} about {interview.id}: {ids}" if written else "Nothing was written.")
    _say_next(book, interview)


def _show(book: Book, interview: Interview, *, as_json: bool) -> None:
    notes = book.notes.where("interview", interview.id)
    if as_json:
        show(notes, (), as_json=True, extra=_extra(book, interview))
        return
    show_one(None, list(_groups(book, interview, notes)), as_json=False)
    if not notes:
        talk("No notes yet.")
    _say_next(book, interview)


def _extra(book: Book, interview: Interview) -> dict[str, object]:
    """What JSON tells beside the notes: of which interview, and whom no note is about."""
    return {"interview": interview.id, "without": [contact.id for contact in without_notes(book, interview)]}


def _groups(book: Book, interview: Interview, notes: Sequence[Note]) -> Iterator[tuple[str, str]]:
    """Each person with the notes about them, then the topics, then what is about nobody."""
    people = {contact.id: contact for contact in panel_of(book, interview)}
    others = {note.contact for note in notes if note.contact is not None and note.contact not in people}
    people.update((contact.id, contact) for ref in others if (contact := book.contacts.find(ref)) is not None)
    for contact in people.values():
        yield contact.name, _lines(note for note in notes if note.contact == contact.id)
    rest = [note for note in notes if note.contact not in people]
    for topic in dict.fromkeys(" ".join(note.topic.split()) for note in rest):
        yield topic or "the place", _lines(note for note in rest if " ".join(note.topic.split()) == topic)


def _lines(notes: Iterable[Note]) -> str:
    ordered = sorted(notes, key=lambda note: NOTE_KINDS.index(note.kind))
    return "\n".join(f"{LABELS[note.kind]}: {' '.join(note.text.split())} ({note.id})" for note in ordered)


def _say_next(book: Book, interview: Interview) -> None:
    """Whom nothing is written about, and what to type."""
    if missing := [contact.name for contact in without_notes(book, interview)]:
        talk(f"Nothing yet about: {', '.join(missing)}")
        talk(f"Next:  crm notes {interview.id} --edit")
        talk(f'       crm note add {interview.id} "TEXT" --about "{missing[0]}" --kind learned')
    elif not interview.panel:
        talk(f'Nobody is on the panel; say who was there: crm interview edit {interview.id} --with "NAME"')


def _counted(number: int) -> str:
    return f"{number} note{'' if number == 1 else 's'}"
