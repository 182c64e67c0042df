"""`crm note`: what was talked about in an interview, learned, felt, or troubles them there.

That notes are missing is for plugins to say; here they are written down and looked up.
"""

from __future__ import annotations

import click

from crm_core.book import Book
from crm_core.cli.context import json_option, pass_book, show, show_one, talk, told, yes_option
from crm_core.cli.given import given_text, tell_if_absent
from crm_core.cli.params import CONTACT, CONTACT_NAME, INTERVIEW, Named
from crm_core.cli.screen.output import Column
from crm_core.errors import UnknownName
from crm_core.lookup import interview_label, person_meant
from crm_core.records import NOTE_KINDS, Contact, Interview, Note, NoteKind, Ref
from crm_core.words import say_day


def _note_of_id(book: Book, text: str) -> Note:
    found = book.notes.find(text.strip())
    if found is None:
        raise UnknownName(f"There is no note {text[:60]!r}", "`crm note list` shows them all with their ids.")
    return found


NOTE = Named("note", _note_of_id)


@click.group(
    epilog="""\b
Examples:
  crm note add Acme "They move to Porto in May"
  crm note list Acme
"""
)
def note() -> None:
    """Notes about interviews."""


@note.command(
    epilog="""\b
Examples:
  crm note add Bluewater "They move to Porto in May" --kind learned
  crm note add i3 "Climbs, too" --about "Mara Lindqvist"
  crm note add i3 - < notes.txt
"""
)
@click.argument("interview", type=INTERVIEW)
@click.argument("text")
@click.option("--about", "person", type=CONTACT_NAME, metavar="CONTACT", help="Whom it is about.")
@click.option("--topic", default="", metavar="TEXT", help="What it is about.")
@click.option("--kind", type=click.Choice(NOTE_KINDS), default="talked", show_default=True, help="What sort it is.")
@json_option
@pass_book
def add(
    book: Book, interview: Interview, text: str, person: str | None, topic: str, kind: NoteKind, as_json: bool
) -> None:
    """Note something about an interview, the last one at a company. TEXT - is read from standard input."""
    about = person_meant(book, interview, person) if person is not None else None
    written = Note(
        interview=Ref(interview.id),
        text=given_text(text),
        contact=Ref(about.id) if about else None,
        topic=topic.strip(),
        kind=kind,
        written=book.today,
    )
    with book.change(f"wrote a note about {interview.id}"):
        book.interviews.get(interview.id)  # it may have been removed while the text was read
        added = book.notes.add(written)
    who = f", {about.id} {about.name}" if about else ""
    told(added, f"Added {added.id} to {interview.id} {interview_label(book, interview)}{who}", as_json=as_json)
    if about is not None and not as_json:
        tell_if_absent(interview, about)


@note.command("list", epilog='Example: crm note list Bluewater --about "Mara Lindqvist"')
@click.argument("interview", type=INTERVIEW, required=False)
@click.option("--about", "person", type=CONTACT, metavar="CONTACT", help="Only those about that person.")
@json_option
@pass_book
def list_(book: Book, interview: Interview | None, person: Contact | None, as_json: bool) -> None:
    """List notes, all or those about one interview. A company's name means the last one there."""
    rows = list(book.notes) if interview is None else book.notes.where("interview", interview.id)
    rows = [row for row in rows if person is None or row.contact == person.id]
    if interview is not None:
        talk(f"Notes about {interview.id} {interview_label(book, interview)}:")
    where = [] if interview else [Column[Note]("interview", lambda row: row.interview, priority=3, min=3)]
    show(rows, [*note_columns(book)[:1], *where, *note_columns(book)[1:]], as_json=as_json, empty="No note.")


@note.command("show", epilog="Example: crm note show n4")
@click.argument("note", type=NOTE)
@json_option
@pass_book
def show_(book: Book, note: Note, as_json: bool) -> None:
    """Show a note, whole."""
    interview = book.interviews.find(note.interview)
    pairs = (
        ("note", note.id),
        ("interview", f"{interview.id} {interview_label(book, interview)}" if interview else ""),
        ("about", _about(book, note)),
        ("topic", note.topic),
        ("kind", note.kind),
        ("written", say_day(note.written, book.today) if note.written else ""),
        ("text", note.text),
    )
    show_one(note, pairs, as_json=as_json)


@note.command(epilog="Example: crm note remove n4")
@click.argument("note", type=NOTE)
@yes_option
@pass_book
def remove(book: Book, note: Note, yes: bool) -> None:
    """Remove a note."""
    from crm_core.cli.removal import removed

    removed(book, note, _about(book, note) or note.kind, yes=yes)


def note_columns(book: Book) -> tuple[Column[Note], ...]:
    """How notes are listed."""
    return (
        Column("id", lambda row: row.id, priority=3, min=3),
        Column("kind", lambda row: row.kind, priority=1),
        Column("about", lambda row: _about(book, row) or row.topic, priority=2),
        Column("text", lambda row: row.text, priority=3, min=20),
    )


def _about(book: Book, note: Note) -> str:
    contact = book.contacts.find(note.contact)
    return contact.name if contact else ""
