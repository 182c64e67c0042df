"""The page to read on the way to an interview: when and where, who, what was said before, promises, news, questions.

It gathers what the book holds and keeps it short; nothing here prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from crm_core import (
    Contact,
    Interview,
    Note,
    Promise,
    day_of,
    deadline,
    interview_label,
    say_day,
    say_when,
)
from crm_research.news import newest_first
from crm_research.preparing import earlier, prepared_for, question_state

if TYPE_CHECKING:
    from crm_core import Application, Book, Company, FeedItem, Interaction, Seat

MOST_NEWS: Final = 10
LONGEST_NOTE: Final = 400
LONGEST_POSTING: Final = 700


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on the panel, and what is known of them."""

    id: str
    name: str
    role: str = ""
    lead: bool = False
    work: str = ""
    before: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    talked: tuple[str, ...] = ()


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news, in short."""

    id: str
    title: str
    state: str
    published: date | None = None
    link: str = ""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """One question, in short."""

    id: str
    text: str


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One promise that is still open, in short."""

    id: str
    text: str
    to: str = ""
    due: str = ""


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. Texts are cut; the records have them whole."""

    interview: str
    title: str
    start: datetime
    end: datetime
    when: str
    kind: str
    round: int | None
    note: str
    people: tuple[Person, ...]
    talked: tuple[str, ...]
    promises: tuple[Owed, ...]
    news: tuple[Headline, ...]
    questions: tuple[Asking, ...]
    answers: tuple[str, ...]
    posting: str
    url: str


def brief_of(book: Book, interview: Interview) -> Brief:
    """The page for one interview."""
    application = book.applications.get(interview.application)
    company = book.companies.get(application.company)
    before = earlier(book, interview)
    people = [(seat, contact) for seat in interview.panel if (contact := book.contacts.find(seat.contact))]
    questions = book.questions.where("application", application.id)
    return Brief(
        interview=interview.id,
        title=interview_label(book, interview),
        start=interview.start,
        end=interview.end,
        when=f"{say_when(interview.at, book.now)}, {interview.length} minutes",
        kind=interview.kind,
        round=interview.round,
        note=short(interview.note, LONGEST_NOTE),
        people=tuple(_person(book, interview, seat, contact) for seat, contact in people),
        talked=tuple(_talked(book, before)),
        promises=tuple(_owed(book, application, [contact.id for _, contact in people])),
        news=tuple(_headline(item) for item in _news(book, company)),
        questions=tuple(Asking(id=q.id, text=q.text) for q in prepared_for(book, interview)),
        answers=tuple(f"{q.text} {q.answer}" for q in questions if question_state(q) == "answered"),
        posting=short(application.posting, LONGEST_POSTING),
        url=application.url,
    )


def page(brief: Brief, today: date) -> list[tuple[str, str]]:
    """The page as labelled texts."""
    which = f"round {brief.round}" if brief.round is not None else ""
    return [
        ("interview", f"{brief.title} ({brief.interview})"),
        ("when", brief.when),
        ("what", ", ".join(filter(None, (brief.kind, which)))),
        ("note", brief.note),
        ("who", "\n".join(line for person in brief.people for line in _lines(person))),
        ("talked about", "\n".join(f"- {text}" for text in brief.talked)),
        ("you owe", "\n".join(f"- {_say_owed(owed)}" for owed in brief.promises)),
        ("news", "\n".join(f"- {_say_news(item, today)}" for item in brief.news)),
        ("to ask", "\n".join(f"- {question.text} ({question.id})" for question in brief.questions)),
        ("answered", "\n".join(f"- {text}" for text in brief.answers)),
        ("posting", "\n".join(filter(None, (brief.posting, brief.url)))),
    ]


def short(text: str, longest: int) -> str:
    """A text on one line, cut at a word where it is too long."""
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    head, _, tail = words[: longest - 1].rpartition(" ")
    return f"{head if head and len(tail) < 40 else words[: longest - 1]}…"


def _person(book: Book, interview: Interview, seat: Seat, contact: Contact) -> Person:
    now = contact.position
    lead = interview.lead
    return Person(
        id=contact.id,
        name=contact.name,
        role=seat.role,
        lead=len(interview.panel) > 1 and lead is not None and lead.contact == seat.contact,
        work=", ".join(filter(None, (now.title, now.organisation))) if now is not None else "",
        before=tuple(
            ", ".join(filter(None, (held.title, held.organisation))) for held in contact.positions if held is not now
        ),
        known=tuple(short(text, LONGEST_NOTE) for text in (contact.how, contact.note) if text.strip()),
        talked=tuple(_said_with(book, interview, contact)),
    )


def _said_with(book: Book, interview: Interview, contact: Contact) -> Iterator[str]:
    """What was noted about a person in interviews before this one, and the last exchange with them."""
    notes = [(held, note) for note in book.notes.where("contact", contact.id) if (held := _held(book, note, interview))]
    for held, note in sorted(notes, key=lambda pair: pair[0].start):
        yield _said(book, held, note)
    exchanges = [found for found in book.interactions.where("contact", contact.id) if day_of(found.on) <= book.today]
    if exchanges:
        yield _exchange(book, max(exchanges, key=lambda found: day_of(found.on)))


def _held(book: Book, note: Note, interview: Interview) -> Interview | None:
    held = book.interviews.find(note.interview)
    return held if held is not None and held.start < interview.start else None


def _exchange(book: Book, found: Interaction) -> str:
    how = " ".join(filter(None, (found.channel, {"in": "from them", "out": "to them"}.get(found.direction, ""))))
    return f"{say_day(day_of(found.on), book.today)}, {how or 'last contact'}: {short(found.about, LONGEST_NOTE)}"


def _talked(book: Book, before: Sequence[Interview]) -> Iterator[str]:
    """What was noted in earlier rounds about nobody in particular; impressions are no topic to come back to."""
    for held in before:
        for note in book.notes.where("interview", held.id):
            if note.contact is None and note.kind != "impression":
                yield _said(book, held, note)


def _said(book: Book, held: Interview, note: Note) -> str:
    kind = {"talked": "", "learned": "learned", "impression": "impression", "problem": "their problem"}[note.kind]
    about = ", ".join(filter(None, (say_day(day_of(held.at), book.today), kind, note.topic)))
    return f"{about}: {short(note.text, LONGEST_NOTE)}"


def _owed(book: Book, application: Application, panel: Sequence[str]) -> Iterator[Owed]:
    """Promises open to the people on the panel, or made in this application's interviews."""
    found: dict[str, Promise] = {}
    for contact in panel:
        found |= {promise.id: promise for promise in book.promises.where("contact", contact)}
    for interview in book.interviews.where("application", application.id):
        found |= {promise.id: promise for promise in book.promises.where("interview", interview.id)}
    for promise in found.values():
        if promise.open:
            to = book.contacts.find(promise.contact)
            due = say_when(deadline(promise.due), book.now) if promise.due is not None else ""
            yield Owed(id=promise.id, text=promise.text, to=to.name if to is not None else "", due=due)


def _news(book: Book, company: Company) -> list[FeedItem]:
    """What was kept, then what is unread; of each the newest first."""
    items = newest_first(item for item in book.feed_items.where("company", company.id) if item.state != "read")
    return sorted(items, key=lambda item: item.state != "kept")[:MOST_NEWS]


def _headline(item: FeedItem) -> Headline:
    return Headline(id=item.id, title=item.title, state=item.state, published=item.published, link=item.link)


def _lines(person: Person) -> Iterator[str]:
    marks = ", ".join(filter(None, (person.role, "lead" if person.lead else "")))
    yield f"{person.name}{f' ({marks})' if marks else ''}{f', {person.work}' if person.work else ''}"
    yield from (f"- before: {held}" for held in person.before)
    yield from (f"- {text}" for text in (*person.known, *person.talked))


def _say_owed(owed: Owed) -> str:
    to, due = f" to {owed.to}" if owed.to else "", f", due {owed.due}" if owed.due else ""
    return f"{owed.text}{to}{due} ({owed.id})"


def _say_news(item: Headline, today: date) -> str:
    when = f"{say_day(item.published, today)}: " if item.published is not None else ""
    return f"{when}{item.title} ({item.id}{', kept' if item.state == 'kept' else ''})"
