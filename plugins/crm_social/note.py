"""The note that goes with a request to connect: short enough for the network, and about what was talked about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crm_core import UNKNOWN_ROLE, Book, Contact, Interview

_ENDS: Final = (".", "!", "?", "…")
_MOST: Final = 1000


def connection_note(book: Book, contact: Contact, interview: Interview | None, limit: int | None) -> str:
    """A note to that person, of so many characters at the most.

    What there is no room for is left out: the close, the role, the company, all points but one that fits, the name.

    Args:
        book: For notes, the role and the company.
        contact: To whom.
        interview: Where they met, or None.
        limit: Characters as `length` counts them; None where the network sets no limit.
    """
    most = limit if limit is not None else _MOST
    for parts in _versions(book, contact, interview):
        text = " ".join(part for part in parts if part)
        if length(text) <= most:
            return text
    return _cut(text, most)


def length(text: str) -> int:
    """Characters as web pages count them: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _versions(book: Book, contact: Contact, interview: Interview | None) -> Iterator[tuple[str, ...]]:
    """Parts of the note, the fullest first."""
    hello = f"Hello {_plain(contact.given) or _plain(contact.name)},"
    close, name = "I would be glad to stay in touch.", _plain(book.me.name)
    if interview is None:
        close = "I would be glad to be in touch."
        yield hello, _their_work(contact), close, name
        yield hello, close, name
        yield hello, close
        return
    points = [f"I keep thinking of this: {_sentence(point)}" for point in _points(book, contact, interview)]
    thanks = _thanks(book, interview)
    for words in thanks:
        for ending in (close, ""):
            for point in points:
                yield hello, words, point, ending, name
    for words in thanks:
        yield hello, words, close, name
    yield hello, thanks[-1], name
    yield hello, thanks[-1]


def _thanks(book: Book, interview: Interview) -> tuple[str, str, str]:
    """What the person is thanked for: with the role and the company, with the company, with neither."""
    application = book.applications.find(interview.application)
    company = book.companies.find(application.company) if application is not None else None
    role = _plain(application.role) if application is not None else ""
    what = f" about the role of {role}" if role and role.casefold() != UNKNOWN_ROLE else ""
    where = f" at {_plain(company.name)}" if company is not None else ""
    start = "thank you for talking with me"
    return f"{start}{what}{where}.", f"{start}{where}.", f"{start}."


def _points(book: Book, contact: Contact, interview: Interview) -> list[str]:
    """What was talked about and learned: with this person, then with nobody in particular; never about others."""
    notes = [note for note in book.notes.where("interview", interview.id) if note.kind in {"talked", "learned"}]
    own = [note for note in notes if note.contact == contact.id]
    general = [note for note in notes if note.contact is None]
    return [text for note in (*own, *general) if (text := _plain(note.text))]


def _their_work(contact: Contact) -> str:
    position = contact.position
    organisation = _plain(position.organisation) if position is not None else ""
    return f"I would like to hear more about your work at {organisation}." if organisation else ""


def _sentence(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."


def _plain(text: str) -> str:
    """A text as one line of what can be printed."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _cut(text: str, most: int) -> str:
    """The beginning of a text, up to a word's end where there is one."""
    text = text[:most]
    while length(text) > most - 1:
        text = text.rpartition(" ")[0] or text[:-1]
    return f"{text}…"
