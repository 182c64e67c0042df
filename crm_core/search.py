"""Finding text in the book: what is looked through, when a text mentions what is sought, and what is shown of it.

The core looks through its own kinds of record; a plugin finds its own by `crm_search`. Nothing here prints or asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from crm_core.book import Book
from crm_core.lookup import application_label, contact_label, interview_label
from crm_core.network import fold
from crm_core.records import (
    Application,
    BusinessCard,
    Company,
    Contact,
    FeedItem,
    Interaction,
    Interview,
    Letter,
    Mark,
    Note,
    Part,
    Promise,
    Question,
    Record,
    Ref,
)
from crm_core.words import say_when

EXCERPT: Final = 80  # characters of a text that are shown, a word more or less
BEFORE: Final = 4  # words of it that are shown before the first that is sought

TEXTS: Final[Mapping[type[Record], tuple[str, ...]]] = {
    Company: ("name", "aliases", "website", "domains", "profiles", "feeds", "tags", "note"),
    Contact: (
        "name", "nickname", "positions", "emails", "phones", "profiles", "address", "birthday", "how", "tags", "note",
    ),
    BusinessCard: ("name", "title", "organisation", "email", "phone", "address", "website"),
    Application: ("role", "source", "url", "posting", "cv", "note"),
    Interview: ("kind", "note", "hear_how"),
    Interaction: ("about",),
    Note: ("text", "topic"),
    Promise: ("text",),
    Question: ("text", "answer"),
    Letter: ("subject", "body"),
    FeedItem: ("title", "summary", "link"),
    Mark: (),
}  # fmt: skip
"""What is looked through, in this order; of a letter the present text alone."""

_SAID: Final = {
    "aliases": "alias", "domains": "domain", "profiles": "profile", "feeds": "feed", "tags": "tag",
    "positions": "position", "emails": "e-mail", "phones": "phone", "how": "how known", "cv": "CV",
    "hear_how": "how news will come",
}  # fmt: skip


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A record in which a text was found.

    Args:
        record: Its id.
        label: What it is, in words: `Mara Lindqvist (Bluewater Robotics)`.
        where: Which of its texts mentions what is sought: `note`.
        text: That text, whole; what is shown of it is cut out around the words sought.
    """

    record: Ref[Any]
    label: str
    where: str
    text: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A hit as it is shown; `kind` is the kind of record in words, `plural` several of them."""

    id: str
    kind: str
    plural: str
    label: str
    where: str
    excerpt: str


def mentions(text: str, sought: str) -> bool:
    """Whether a text has all the words that are sought in it, in any order, whatever their case and accents.

    A word is found inside another one too: `dock` in `undocking`.
    """
    folded = fold(text)
    return all(word in folded for word in _words(sought))


def core_hits(book: Book, sought: str) -> Iterator[Hit]:
    """The core's own records that mention it in one of their texts, and applications at a company of that name."""
    may_mention = _sieve(sought)
    for kind, fields in TEXTS.items():
        for record in book.table(kind).sifted(may_mention):
            found = next(((f, t) for f in fields for t in _texts(getattr(record, f)) if mentions(t, sought)), None)
            if found is not None:
                field, text = found
                yield Hit(record=record.id, label=_label(book, record), where=_SAID.get(field, field), text=text)
                if isinstance(record, Company):
                    yield from _at(book, record, sought)


def _at(book: Book, company: Company, sought: str) -> Iterator[Hit]:
    """The applications at a company whose name is sought."""
    name = next((name for name in (company.name, *company.aliases) if mentions(name, sought)), "")
    for application in book.applications.where("company", company.id) if name else ():
        label = application_label(book, application)
        yield Hit(record=application.id, label=label, where="company", text=name)


def findings(book: Book, hits: Iterable[Hit], sought: str) -> list[Finding]:
    """Hits as they are shown, one a record, by kind; the core's kinds first.

    Raises:
        LookupError: A hit is in no kind of record that there is.
    """
    places = {kind.prefix: place for place, kind in enumerate(book.kinds)}
    first: dict[str, Finding] = {}
    for hit in hits:
        prefix = prefix_of(hit.record)
        kind = book.kinds[places[prefix]]
        first.setdefault(
            hit.record,
            Finding(
                id=str(hit.record),
                kind=kind.label,
                plural=kind.plural,
                label=hit.label,
                where=hit.where,
                excerpt=excerpt(hit.text, sought),
            ),
        )
    return sorted(first.values(), key=lambda finding: places[prefix_of(finding.id)])


def prefix_of(ref: str) -> str:
    """The letters that an id begins with."""
    return ref.rstrip("0123456789")


def excerpt(text: str, sought: str) -> str:
    """The part of a text around the first word that is sought, on one line."""
    words = text.split()
    wanted = _words(sought)
    hit = next((n for n, word in enumerate(words) if any(one in fold(word) for one in wanted)), 0)
    start = max(hit - BEFORE, 0)
    shown: list[str] = []
    size = 0
    for word in words[start:]:
        if shown and size + len(word) > EXCERPT:
            break
        shown.append(word[:EXCERPT])
        size += len(word) + 1
    cut = start + len(shown) < len(words)
    return f"{'… ' if start else ''}{' '.join(shown)}{' …' if cut else ''}"


@lru_cache(maxsize=8)
def _words(sought: str) -> tuple[str, ...]:
    return tuple(fold(sought).split())


def _sieve(sought: str) -> Callable[[bytes], bool]:
    """Whether a stored document may mention it, told from its bytes: what does not pass need not be decoded.

    A document may be let through that mentions it in a field's name only, or in another field; none is held back that
    mentions it.
    """
    # Quotes, backslashes and control characters are written in another way than they are read.
    words = [word for word in _words(sought) if min(word) >= " " and not {'"', "\\"} & set(word)]
    needles = [word.encode(errors="replace") for word in words]

    def may_mention(document: bytes) -> bool:
        # Plain loops: this runs on every record of the book.
        if b"\\" in document and b"\\u" in document:  # a character written as its number
            return True
        if not document.isascii():
            folded = fold(document.decode("utf-8", "replace"))
            return all(word in folded for word in words)
        lowered = document.lower()
        for needle in needles:  # noqa: SIM110
            if needle not in lowered:
                return False
        return True

    return may_mention


def _texts(value: Any) -> Iterator[str]:
    """The texts in a field's value; references are none."""
    if isinstance(value, str):
        if value and not isinstance(value, Ref):
            yield value
    elif isinstance(value, Part):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)


def _label(book: Book, record: Record) -> str:
    """What a record is, in words, or what it belongs to where it is known by its text alone."""
    return _LABELS[type(record)](book, record)


def _person(book: Book, ref: Ref[Contact] | None) -> str:
    contact = book.contacts.find(ref)
    return contact.name if contact is not None else ""


def _company(book: Book, record: FeedItem) -> str:
    company = book.companies.find(record.company)
    return company.name if company is not None else ""


def _note(book: Book, record: Note) -> str:
    interview = book.interviews.find(record.interview)
    return interview_label(book, interview) if interview is not None else ""


def _question(book: Book, record: Question) -> str:
    application = book.applications.find(record.application)
    return application_label(book, application) if application is not None else ""


_LABELS: Final[Mapping[type[Record], Callable[[Book, Any], str]]] = {
    Company: lambda _, company: str(company.name),
    Contact: lambda _, contact: contact_label(contact),
    BusinessCard: lambda book, card: card.name or _person(book, card.contact),
    Application: application_label,
    Interview: interview_label,
    Interaction: lambda book, one: f"{_person(book, one.contact)}, {say_when(one.on, book.now)}",
    Note: _note,
    Promise: lambda book, promise: _person(book, promise.contact),
    Question: _question,
    Letter: lambda book, letter: f"{letter.kind} to {_person(book, letter.contact)}",
    FeedItem: _company,
}
