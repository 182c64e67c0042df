"""A copy of a book without names and texts, to be shown around: what `--redact` gives to any format.

The copy is made before a format sees anything, so that none can give away what it never had, whoever wrote it. What
passes is listed here field by field (`KEPT`): whatever is not, a field that somebody adds tomorrow too, is left out or
stood in for. Dates, stages, numbers and references pass; who and what they are about becomes `Person 12`, `Company 3`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields, replace

from crm_core import codec
from crm_core.book import Book
from crm_core.dates import Moment, zone_named
from crm_core.errors import InputError
from crm_core.letters.kinds import CHANNELS as LETTER_CHANNELS
from crm_core.lookup import application_label
from crm_core.network import CompanyIndex, fold, organisation_key
from crm_core.pipeline import UNKNOWN_ROLE
from crm_core.records import (
    CHANNELS,
    CORE_KINDS,
    Application,
    BusinessCard,
    Company,
    Contact,
    FeedItem,
    Interaction,
    Interview,
    Letter,
    Mark,
    Move,
    Note,
    Position,
    Promise,
    Question,
    Record,
    Ref,
    Seat,
    Version,
    versions_of,
)
from crm_core.references import Vanished, relinked
from crm_core.settings import Me, SectionT
from crm_core.steps import Entry, application_of
from crm_core.store.base import Snapshot
from crm_core.store.still import StillStore

LEFT_OUT: Final = "(left out)"
"""What stands where there must be a text."""
KEPT: Final[Mapping[type[msgspec.Struct], frozenset[str]]] = {
    Company: frozenset(),
    Contact: frozenset({"positions", "introduced_by", "knows", "differs_from"}),
    Position: frozenset({"company", "since", "until", "former"}),
    BusinessCard: frozenset({"contact", "interview", "received"}),
    Application: frozenset({"company", "moves", "closes", "respond_by"}),
    Move: frozenset({"stage", "on"}),
    Interview: frozenset({"application", "at", "length", "round", "panel", "hear_by", "outcome", "outcome_on"}),
    Seat: frozenset({"contact", "lead"}),
    Interaction: frozenset({"contact", "on", "direction"}),
    Note: frozenset({"interview", "contact", "kind", "written"}),
    Promise: frozenset({"contact", "interview", "made", "due", "kept", "broken"}),
    Question: frozenset({"application", "interview", "written", "asked"}),
    Letter: frozenset({"contact", "interview", "application", "versions", "sent"}),
    Version: frozenset({"written"}),
    FeedItem: frozenset({"company", "published", "state"}),
    Mark: frozenset({"state", "marked", "starts", "due", "until"}),
}
"""The fields that pass, by type. None of them holds free text; a test says so."""
WORDS: Final[Mapping[tuple[type[msgspec.Struct], str], frozenset[str]]] = {
    (Interview, "kind"): frozenset({"phone", "video", "on site"}),
    (Interaction, "channel"): frozenset(CHANNELS),
    (Letter, "channel"): frozenset(LETTER_CHANNELS),
}
"""The texts that pass in fields of free text: words of the program's own, which tell nothing of anybody."""
_MOVE_ID: Final = re.compile(r"m[0-9]+")
_REF: Final = re.compile(r"[a-z]+[0-9]+")
_IDENTITY_BYTES: Final = 8


def redacted(book: Book) -> Book:
    """A book like that one, in memory, that can't be changed and holds no name and no text.

    Ids are the same, private tables of plugins are left out, and what other programs know records by is another, so
    that two copies of one book can be held against each other, but none against the book.
    """
    copier = _Copier(book)
    tables = {kind.table: dict(copier.documents(kind.type, kind.prefix)) for kind in CORE_KINDS}
    core = {kind.type for kind in CORE_KINDS}
    return Book(
        StillStore(Snapshot(tables=tables, versions=versions_of(CORE_KINDS), identity=_other_identity(book.identity))),
        now=book.now,
        settings=_PlainSettings(book),
        kinds=[kind for kind in book.kinds if kind.type not in core],
    )


def redacted_steps(steps: Iterable[Entry], retold: Iterable[Entry], copy: Book) -> list[Entry]:
    """The steps of a book with nothing in them that was not said about its copy.

    When a step is due and what became of it is as in the book; what is said of it is what its plugin says of the copy.
    A plugin that needs its private table may say nothing there: then it is named, and whom it concerns.

    Args:
        steps: Of the book.
        retold: Of the copy.
        copy: What `redacted` made of the book.
    """
    said = {entry.key: entry for entry in retold}
    return [_retold(step, said.get(step.key), copy) for step in steps]


def _retold(step: Entry, said: Entry | None, copy: Book) -> Entry:
    step = replace(step, person=_usable(step.person), about=_usable(step.about), note="")
    if said is not None:
        return replace(step, title=said.title, why=said.why, command=said.command, waiting_for=said.waiting_for)
    return replace(
        step, key=_digest(step.key), title=f"{step.plugin}: {_about(step, copy)}", why="", command="", waiting_for=""
    )


def _about(step: Entry, copy: Book) -> str:
    """Whom or what a step concerns, by the names in the copy."""
    person = copy.contacts.find(step.person)
    application = application_of(copy, copy.find(step.about))
    if person is not None:
        return person.name
    return application_label(copy, application) if application is not None else "the search"


def _usable(ref: Ref[Any] | None) -> Ref[Any] | None:
    """A reference that is one, and not a text in its place."""
    return ref if ref is not None and _REF.fullmatch(ref) else None


def _digest(text: str, size: int = 10) -> str:
    from hashlib import blake2b

    return blake2b(text.encode("utf-8", "replace"), digest_size=size, person=b"redacted").hexdigest()


def _other_identity(identity: str) -> str:
    return _digest(identity, _IDENTITY_BYTES) if identity else ""


class _Copier:
    """Makes records of one book into records of its copy."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._companies = CompanyIndex(book.companies)
        self._roles: dict[str, str] = {}
        self._organisations: dict[str, str] = {}

    def documents(self, kind: type[Record], prefix: str) -> Iterator[tuple[str, msgspec.Raw]]:
        """The documents of one table, by number; one that could not be without what is left out is left out, too."""
        for record in self._book.table(kind):
            try:
                linked = relinked(record, self._target)
                copy = self._reduced(linked)
            except Vanished:
                continue
            yield record.id.removeprefix(prefix), msgspec.Raw(codec.document(copy, None))

    def _target(self, ref: Ref[Any]) -> Ref[Any] | None:
        """The record that a reference leads to; a text that is none leads nowhere."""
        found: Record | None = self._book.find(str(ref))
        return found.id if found is not None else None

    def _reduced(self, struct: Any) -> Any:
        """The same with what may pass, and stand-ins.

        Raises:
            Vanished: It needs something that is no text and may not pass.
        """
        kind: type[msgspec.Struct] = type(struct)
        kept, values = KEPT.get(kind, frozenset()), {}
        for field in _fields_of(kind):
            value = getattr(struct, field.name)
            if field.name in kept:
                values[field.name] = self._passed(value, field.type)
            elif value in WORDS.get((kind, field.name), ()):
                values[field.name] = value
            elif field.required or (kind, field.name) == (Move, "id"):
                values[field.name] = self._stand_in(struct, field.name, field.type)
        return kind(**values)

    def _passed(self, value: Any, hint: Any) -> Any:
        """A value of a field that may pass, without what may not inside it."""
        if isinstance(value, Moment):
            return _in_a_zone(value)
        if isinstance(value, msgspec.Struct):
            return self._reduced(value)
        if isinstance(value, tuple):
            return tuple(self._passed(item, hint) for item in value)
        if isinstance(value, str) and not isinstance(value, Ref):
            return value if value in _literals(hint) else LEFT_OUT
        return value

    def _stand_in(self, struct: Any, name: str, hint: Any) -> str:
        """What stands where there must be something."""
        if isinstance(struct, Contact) and name == "name":
            return f"Person {_number(struct)}"
        if isinstance(struct, Company) and name == "name":
            return f"Company {_number(struct)}"
        if isinstance(struct, Application) and name == "role":
            return self._role(struct.role)
        if isinstance(struct, Position) and name == "organisation":
            return self._organisation(struct)
        if isinstance(struct, Move) and name == "id" and _MOVE_ID.fullmatch(struct.id):
            return struct.id
        if isinstance(struct, Letter) and name == "kind":
            return "letter"
        if hint is not str:
            raise Vanished(name)
        return LEFT_OUT

    def _role(self, role: str) -> str:
        """Roles of one name keep one, and tell nothing else."""
        if role == UNKNOWN_ROLE:
            return role
        return self._roles.setdefault(fold(role), f"Role {len(self._roles) + 1}")

    def _organisation(self, position: Position) -> str:
        """The company that it is, or the same stand-in for the same name."""
        company = self._book.companies.find(position.company) or self._companies.match(position.organisation)
        if company is not None:
            return f"Company {_number(company)}"
        key = organisation_key(position.organisation)
        return self._organisations.setdefault(key, f"Organisation {len(self._organisations) + 1}") if key else ""


@lru_cache(maxsize=64)
def _fields_of(kind: type[msgspec.Struct]) -> tuple[FieldInfo, ...]:
    """Looked up once a type: msgspec reads the type's hints anew each time."""
    return fields(kind)


def _number(record: Record) -> str:
    return record.id.lstrip("abcdefghijklmnopqrstuvwxyz")


def _literals(hint: Any) -> set[str]:
    """The words that a field's type lists."""
    if get_origin(hint) is Literal:
        return {word for word in get_args(hint) if isinstance(word, str)}
    return {word for part in get_args(hint) for word in _literals(part)}


def _in_a_zone(moment: Moment) -> Moment:
    """The moment, whose zone is one and no other text."""
    try:
        zone_named(moment.zone)
    except InputError:
        return Moment(moment.local, "UTC")
    return moment


class _PlainSettings:
    """The settings of a book without names and texts: numbers, yes and no."""

    def __init__(self, book: Book) -> None:
        self._book = book

    @property
    def me(self) -> Me:
        """Nobody, in the user's time zone."""
        return Me(timezone=self._book.me.timezone)

    @property
    def templates(self) -> Path:
        """Nowhere: a folder's path may name somebody."""
        return Path(os.devnull, "templates")

    def section(self, kind: type[SectionT]) -> SectionT:
        """A section with the defaults where the user gave texts."""
        given = self._book.settings(kind)
        plain = kind(**{name: value for name in kind.__struct_fields__ if _is_plain(value := getattr(given, name))})
        try:
            plain.check()
        except ValueError:
            return kind()
        return plain


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, bool | int | float)
