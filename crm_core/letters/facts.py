"""What a letter may say: the facts about a person, an interview and an application, as plain values for templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from crm_core.book import Book
from crm_core.dates import day_of
from crm_core.network import fold
from crm_core.pipeline import UNKNOWN_ROLE
from crm_core.records import Application, BusinessCard, Contact, Interview, Letter, Note, NoteKind, Promise
from crm_core.words import MONTHS, WEEKDAYS

_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# What a promise begins with where it says what is to be done, so that "I will ..." can stand before it.
_VERBS: Final = frozenset({
    "add", "arrange", "ask", "bring", "build", "call", "check", "fill", "find", "fix", "forward", "get", "give", "help",
    "introduce", "invite", "let", "look", "make", "meet", "prepare", "provide", "put", "read", "reply", "return",
    "ring", "say", "send", "share", "show", "submit", "talk", "tell", "try", "write",
})  # fmt: skip
_WORD = re.compile(r"\w+")
_LEAD = re.compile(r"(?:to|I will|I'll) ", re.IGNORECASE)


def facts_for(
    book: Book, contact: Contact, interview: Interview | None = None, application: Application | None = None
) -> dict[str, Any]:
    """What a template may use. Texts are single lines without control characters; what is not known is empty.

    Args:
        book: Where the facts are.
        contact: Whom the letter is to.
        interview: What it is about; notes are taken from this interview only.
        application: What it is about; the interview's own if not given.

    Returns:
        me: `name`, `email`, `phone`, `address`, `links` of the user.
        contact: `name`, `first` (the given name, else the whole name), `title`, `organisation`,
            `address`. What is printed on a business card that they gave in this interview goes first; an older card
            fills what is not known otherwise.
        company, role: Of the application; a role that nobody knows is empty.
        interview: `day` ("Thursday 19 November"), `time` ("14:00"), `kind`, `round` (a number or None); or None.
        talked, learned, impressions, problems: Texts of notes, those about this person before those about nobody;
            notes about other people are never among them.
        points: What was talked about and learned together, in the same order.
        own: What was talked about and learned with or about this person.
        dealt: This person's share of what was talked about and learned in general: dealt out among the panel, the lead
            first, so that no two are told the same. Neither `own` nor `dealt` holds what stands in a letter to another
            of the panel already.
        seat: Their place on the panel: `place`, counted from 0, and `role`.
        met: In how many earlier interviews this person sat.
        topics: What those notes are about.
        promises: Open ones to this person: `text`; `will`, which can follow "I will", or empty; `due`, a day not yet
            past, or empty.
        others: Names of the others on the panel.
        today: The present day with its year ("20 November 2026").
    """
    application = application or (book.applications.find(interview.application) if interview else None)
    company = book.companies.find(application.company) if application else None
    person = _person(book, contact, interview)
    return {
        "me": _me(book),
        "contact": person,
        "company": one_line(company.name) if company else person["organisation"],
        "role": _role(application),
        "interview": _interview(interview),
        **_noted(book, contact, interview),
        **_seated(book, contact, interview),
        "promises": [_promise(book, p) for p in book.promises.where("contact", contact.id) if p.open],
        "others": _others(book, contact, interview),
        "today": f"{book.today.day} {MONTHS[book.today.month - 1]} {book.today.year}",
    }


def one_line(text: str) -> str:
    """A text as one line without control characters, overrides of the writing direction or halves of a character."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def day_in_words(day: date) -> str:
    """A day as a letter says it: `Thursday 19 November`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def _me(book: Book) -> dict[str, Any]:
    me = book.me
    return {
        "name": one_line(me.name),
        "email": one_line(me.email),
        "phone": one_line(me.phone),
        "address": _address(me.address),
        "links": [one_line(link) for link in me.links],
    }


def _person(book: Book, contact: Contact, interview: Interview | None) -> dict[str, str]:
    """The person as the book knows them and as their business card says it."""
    position = contact.position
    known = {
        "name": one_line(contact.name),
        "title": one_line(position.title) if position else "",
        "organisation": one_line(position.organisation) if position else "",
        "address": _address(contact.address),
    }
    card = _card(book, contact, interview)
    if card is not None:
        printed = {field: _address(getattr(card, field)) for field in known}
        newer = interview is not None and card.interview == interview.id
        first, second = (printed, known) if newer else (known, printed)
        known = {field: first[field] or second[field] for field in known}
    return {**known, "first": one_line(contact.given) or known["name"]}


def _card(book: Book, contact: Contact, interview: Interview | None) -> BusinessCard | None:
    """The newest card that they gave in the interview, else their newest."""
    cards = book.cards.where("contact", contact.id)
    given = [card for card in cards if interview is not None and card.interview == interview.id]
    # Of equal days the one that was added later.
    return max(reversed(given or cards), key=lambda card: card.received or date.min, default=None)


def _address(text: str) -> str:
    """An address that may be of several lines, as one."""
    return ", ".join(filter(None, (one_line(line).rstrip(",") for line in text.splitlines())))


def _role(application: Application | None) -> str:
    role = one_line(application.role) if application else ""
    return "" if role.casefold() == UNKNOWN_ROLE else role


def _interview(interview: Interview | None) -> dict[str, Any] | None:
    if interview is None:
        return None
    return {
        "day": day_in_words(interview.at.local.date()),
        "time": f"{interview.at.local:%H:%M}",
        "kind": one_line(interview.kind),
        "round": interview.round,
    }


def _seated(book: Book, contact: Contact, interview: Interview | None) -> dict[str, Any]:
    """Where the person sat, and how often they met the user before."""
    if interview is None:
        return {"seat": {"place": 0, "role": ""}, "met": 0}
    place, role = next(
        ((place, one_line(seat.role)) for place, seat in enumerate(interview.panel) if seat.contact == contact.id),
        (0, ""),
    )
    sat = (other for other in book.interviews if any(seat.contact == contact.id for seat in other.panel))
    return {"seat": {"place": place, "role": role}, "met": sum(other.start < interview.start for other in sat)}


def _noted(book: Book, contact: Contact, interview: Interview | None) -> dict[str, list[str]]:
    notes = book.notes.where("interview", interview.id) if interview else []
    own = [note for note in notes if note.contact == contact.id]
    general = [note for note in notes if note.contact is None]
    relevant = [*own, *general]
    return {
        "talked": _texts(relevant, "talked"),
        "learned": _texts(relevant, "learned"),
        "impressions": _texts(relevant, "impression"),
        "problems": _texts(relevant, "problem"),
        "points": _texts(relevant, "talked", "learned"),
        **_shared_out(book, contact, interview, own, general),
        "topics": list(dict.fromkeys(one_line(note.topic) for note in relevant if one_line(note.topic))),
    }


def _shared_out(
    book: Book, contact: Contact, interview: Interview | None, own: Sequence[Note], general: Sequence[Note]
) -> dict[str, list[str]]:
    """The points that are this person's alone."""
    texts = _texts(general, "talked", "learned")
    panel = _dealing_order(interview)
    if contact.id in panel:
        texts = texts[panel.index(contact.id) :: len(panel)]
    told = _told_others(book, contact, interview)
    return {
        name: [text for text in points if not any(_plain(text) in letter for letter in told)]
        for name, points in (("own", _texts(own, "talked", "learned")), ("dealt", texts))
    }


def _dealing_order(interview: Interview | None) -> list[str]:
    """The panel, the lead first."""
    if interview is None or interview.lead is None:
        return []
    return list(dict.fromkeys([interview.lead.contact, *(seat.contact for seat in interview.panel)]))


def _told_others(book: Book, contact: Contact, interview: Interview | None) -> list[str]:
    """The letters about that interview to other people, as plain words."""
    letters: list[Letter] = book.letters.where("interview", interview.id) if interview else []
    return [_plain(letter.body) for letter in letters if letter.contact != contact.id]


def _plain(text: str) -> str:
    """A text's words between spaces, to find one text in another."""
    return f" {' '.join(_WORD.findall(fold(text)))} "


def _texts(notes: Iterable[Note], *kinds: NoteKind) -> list[str]:
    return [text for note in notes if note.kind in kinds and (text := one_line(note.text))]


def _promise(book: Book, promise: Promise) -> dict[str, str]:
    text = one_line(promise.text).rstrip(".!")
    lead = _LEAD.match(text)
    act = text[lead.end() :] if lead else text
    verb = act.partition(" ")[0]
    due = day_of(promise.due) if promise.due is not None else None
    return {
        "text": text,
        "will": verb.lower() + act[len(verb) :] if verb.lower() in _VERBS else "",
        "due": day_in_words(due) if due is not None and due >= book.today else "",
    }


def _others(book: Book, contact: Contact, interview: Interview | None) -> list[str]:
    seats = interview.panel if interview else ()
    people = (book.contacts.find(seat.contact) for seat in seats if seat.contact != contact.id)
    return [one_line(person.name) for person in people if person is not None]
