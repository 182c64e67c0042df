"""Writing an interview down in an editor: a form with a heading for each person and sort of note."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from crm_core import (
    NOTE_KINDS,
    Book,
    Interview,
    Note,
    Remark,
    edit_form,
    form_comment,
    form_parts,
    interview_label,
    say_day,
)
from crm_notes.guide import INSTEAD, add_notes
from crm_notes.missing import panel_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm_core import Contact, FormPart, NoteKind

TOPIC = "topic"
HELP = """\
Write under a heading; every paragraph becomes a note. What stays empty is left out.
Lines like this one are not read; the notes that are there already stand in such lines.
A heading may come again. Others that you can add:
   ## talked      ## learned      ## impression: NAME      ## problem: NAME      ## topic: WHAT
"""


def write_in_editor(book: Book, interview: Interview) -> list[Note]:
    """Open the form, and keep what was written in it as one change.

    Returns:
        What was written.

    Raises:
        CrmError: The editor failed or the text could not be used; the hint says where it is kept.
    """
    written: list[Note] = []

    def use(text: str) -> list[Remark]:
        notes, remarks = read_form(book, interview, text)
        if notes and not remarks:
            written.extend(add_notes(book, interview, notes))
        return remarks

    edit_form(form_of(book, interview), use, INSTEAD)
    return written


def form_of(book: Book, interview: Interview) -> str:
    """The form to fill in, with the notes that are there as comments."""
    notes = book.notes.where("interview", interview.id)
    blocks = [form_comment(f"{interview_label(book, interview)} ({interview.id})\n{HELP}")]
    shown: set[str] = set()
    for heading, model in _headings(book, interview, notes):
        there = [note for note in notes if model is not None and _same_place(note, model)]
        shown.update(note.id for note in there)
        blocks.append("\n".join([f"## {heading}", *(_as_comment(book, note) for note in there)]))
    others = [note for note in notes if note.id not in shown]
    if others:
        blocks.append("\n".join([form_comment("Also there:"), *(_as_comment(book, note) for note in others)]))
    return "\n\n".join(blocks)


def read_form(book: Book, interview: Interview, text: str) -> tuple[list[Note], list[Remark]]:
    """The notes that a filled-in form gives, and what is wrong with it."""
    notes: list[Note] = []
    remarks: list[Remark] = []
    for part in form_parts(text):
        paragraphs = [words.strip() for words in re.split(r"\n\s*\n", part.text) if words.strip()]
        if paragraphs:
            model = _model(book, interview, part)
            if isinstance(model, Remark):
                remarks.append(model)
            else:
                notes += [replace(model, text=words) for words in paragraphs]
    return notes, remarks


def _headings(book: Book, interview: Interview, notes: Sequence[Note]) -> Iterator[tuple[str, Note | None]]:
    """The form's headings, each with a note as it would be under it; the last is for a topic that is new."""
    panel = panel_of(book, interview)
    kinds: tuple[NoteKind, ...] = ("talked", "learned")
    for contact in panel:
        for kind in kinds:
            model = Note(interview=interview.id, text="", kind=kind, contact=contact.id)
            yield f"{kind}: {_called(contact, panel)}", model
    for kind in NOTE_KINDS if not panel else ("impression", "problem"):
        yield kind, Note(interview=interview.id, text="", kind=kind)
    for topic in dict.fromkeys(_one_line(note.topic) for note in notes if note.contact is None and note.topic.strip()):
        yield f"{TOPIC}: {topic}", Note(interview=interview.id, text="", topic=topic)
    yield f"{TOPIC}: ", None


def _same_place(note: Note, model: Note) -> bool:
    """Whether the note stands under the heading of that one; topics are of any kind."""
    if model.topic or note.topic:
        return note.contact == model.contact and _one_line(note.topic) == model.topic
    return (note.kind, note.contact) == (model.kind, model.contact)


def _model(book: Book, interview: Interview, part: FormPart) -> Note | Remark:
    """A note as it is under a heading, still without its text; or why there can be none."""
    sort, _, rest = (word.strip() for word in part.heading.partition(":"))
    bare = Note(interview=interview.id, text="", written=book.today)
    if sort.casefold() == TOPIC:
        if not rest:
            return Remark(part.line, "Say after the colon which topic it is.")
        return replace(bare, topic=rest)
    kind = next((kind for kind in NOTE_KINDS if kind == sort.casefold()), None)
    if not part.heading:
        return Remark(part.line, "This stands under no heading: begin it with one, such as ## impression")
    if kind is None:
        return Remark(part.line, f"There is no heading {sort!r}; there are {', '.join((*NOTE_KINDS, TOPIC))}.")
    if not rest:
        return replace(bare, kind=kind)
    people = _meant(book, interview, rest)
    if len(people) == 1:
        return replace(bare, kind=kind, contact=people[0].id)
    several = "; ".join(f"{kind}: {person.name} ({person.id})" for person in people)
    return Remark(part.line, f"{rest!r} is " + (f"one of several: {several}" if several else "nobody in the book."))


def _meant(book: Book, interview: Interview, name: str) -> list[Contact]:
    """The people of that name or id: on the panel by part of the name, else by the whole one."""
    id_ = re.search(r"(?:\(|^)(c\d+)\)?$", name)
    known = book.contacts.find(id_[1]) if id_ else None
    if known is not None:
        return [known]
    wanted = _one_line(name).casefold()
    panel = panel_of(book, interview)
    exact = [contact for contact in panel if _one_line(contact.name).casefold() == wanted]
    partly = exact or [contact for contact in panel if wanted in _one_line(contact.name).casefold()]
    return partly or [contact for contact in book.contacts if _one_line(contact.name).casefold() == wanted]


def _called(contact: Contact, panel: Iterable[Contact]) -> str:
    """Their name, with the id where another on the panel has the same."""
    name = _one_line(contact.name)
    alike = sum(1 for other in panel if _one_line(other.name).casefold() == name.casefold())
    return f"{name} ({contact.id})" if alike > 1 or name.endswith(")") else name


def _as_comment(book: Book, note: Note) -> str:
    contact = book.contacts.find(note.contact)
    about = f", {_one_line(contact.name)}" if contact is not None else ""
    when = f", {say_day(note.written, book.today)}" if note.written else ""
    return form_comment(f"{note.id} ({note.kind}{about}{when})\n{note.text}".replace("\n", "\n   "))


def _one_line(text: str) -> str:
    return " ".join(text.split())
