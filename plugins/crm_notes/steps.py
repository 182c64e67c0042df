"""When an interview is to be written down: the same evening, at the latest a day after its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_core import Step, employer_of, ended_label, evening_after, hours_after, long_over, say_day
from crm_notes.missing import held_on, notes_after, panel_of, written_first
from crm_notes.settings import NoteSettings

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Book, Contact, Entry, Interview, Note

WRITE = "write"
PERSON = "person"


def note_steps(book: Book, until: datetime) -> Iterator[Step]:
    """For each interview that ends by then: to write it down, and once that is done, what each person said.

    What has expired is left out, unless the user marked a step of that interview: the checklist tells of it.
    """
    settings, marked = book.settings(NoteSettings), _marked(book)
    for interview in book.interviews:
        if long_over(book, interview, settings.expires_days) and not _known(book, interview, marked):
            continue
        end = interview.end
        if end <= until:
            over = _expires(end, settings) < book.now and interview.id not in marked
            yield from _steps(book, interview, settings, over=over)


def missed(book: Book, interview: Interview, entries: Sequence[Entry]) -> bool:
    """Whether something was neither written down nor marked, and the time for it has run out."""
    settings = book.settings(NoteSettings)
    if _expires(interview.end, settings) >= book.now:
        return False
    settled = {entry.key for entry in entries}
    steps = _steps(book, interview, settings, over=False)
    return any(step.done is None and "/".join(("crm_notes", step.kind, *step.refs)) not in settled for step in steps)


def _marked(book: Book) -> set[str]:
    """The ids of the interviews of which a step was marked."""
    return {mark.step.split("/")[2] for mark in book.marks if mark.step.startswith("crm_notes/")}


def _known(book: Book, interview: Interview, marked: set[str]) -> bool:
    """Whether anything is known of its being written down."""
    return interview.id in marked or bool(book.notes.where("interview", interview.id))


def _steps(book: Book, interview: Interview, settings: NoteSettings, *, over: bool) -> Iterator[Step]:
    notes = notes_after(book, interview)
    written = written_first(book, interview, notes)
    if written is not None or not over:
        yield _write(book, interview, settings, written)
    if written is None:
        return
    for contact in panel_of(book, interview):
        about = written_first(book, interview, (note for note in notes if note.contact == contact.id))
        if about is not None or not over:
            yield _person(book, interview, contact, settings, about)


def _write(book: Book, interview: Interview, settings: NoteSettings, written: date | None) -> Step:
    company = employer_of(book, interview)
    return _step(
        interview,
        settings,
        kind=WRITE,
        title=f"Write down the interview{f' at {company.name}' if company is not None else ''}",
        why=_why(book, interview) if written is None else ended_label(book, interview),
        written=written,
    )


def _person(book: Book, interview: Interview, contact: Contact, settings: NoteSettings, written: date | None) -> Step:
    return _step(
        interview,
        settings,
        kind=PERSON,
        title=f"Write down what you talked about with {contact.name}",
        why=ended_label(book, interview),
        written=written,
        contact=contact,
    )


def _step(
    interview: Interview,
    settings: NoteSettings,
    *,
    kind: str,
    title: str,
    why: str,
    written: date | None,
    contact: Contact | None = None,
) -> Step:
    end = interview.end
    due = evening_after(end)
    return Step(
        kind=kind,
        about=interview.id,
        refs=(interview.id, contact.id) if contact is not None else (interview.id,),
        title=title,
        why=why,
        starts=end,
        due=due,
        late=max(due, hours_after(end, settings.late_hours)),
        expires=_expires(end, settings),
        person=contact.id if contact is not None else None,
        command=f"crm notes {interview.id}",
        outlives=True,
        done=written,
    )


def _expires(end: datetime, settings: NoteSettings) -> datetime:
    """Days are those of the calendar where the interview was; never before it is due."""
    return max(evening_after(end), end + timedelta(days=settings.expires_days))


def _why(book: Book, interview: Interview) -> str:
    before = _before(book, interview)
    if before is None:
        return ended_label(book, interview)
    noted, held = say_day(before, book.today), say_day(held_on(book, interview), book.today)
    return f"what you noted ({noted}) is from before the interview ({held})"


def _before(book: Book, interview: Interview) -> date | None:
    """The day of the last note from before it, where all are."""
    notes: list[Note] = book.notes.where("interview", interview.id)
    return max((note.written for note in notes if note.written is not None), default=None)
