"""Names and ids from the book that could be typed where a record is wanted.

A name is offered as far as it can be typed: one with control characters, or that would pass for an option, is left to
its id. Ids are offered once their letters and a digit are typed, with what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec
from click.shell_completion import CompletionItem

from crm_core.cli.screen.cells import clean
from crm_core.network import fold
from crm_core.store.peeking import peek

LONGEST: Final = 200
"""Characters of a name that is worth completing."""

MOST: Final = 1_000
"""Names that are offered before anything of one is typed: nobody looks through more."""

Parts: TypeAlias = Mapping[str, type[msgspec.Struct]]
Tables: TypeAlias = Mapping[str, Mapping[str, Any]]


class Called(msgspec.Struct, gc=False):
    """Of a contact or a company, the name."""

    name: str = ""


class AtCompany(msgspec.Struct, gc=False):
    """Of an application, what it is called."""

    company: str = ""
    role: str = ""


class InApplication(msgspec.Struct, gc=False):
    """Of an interview, the application."""

    application: str = ""
    kind: str = ""


class ToContact(msgspec.Struct, gc=False):
    """Of a letter, to whom it is."""

    contact: str = ""
    kind: str = ""


class Text(msgspec.Struct, gc=False):
    """Of a note or an exchange, what it says."""

    text: str = ""
    about: str = ""


class Noun(NamedTuple):
    """A kind of record.

    Args:
        prefix: What its ids begin with.
        table: Where its records are.
        parts: What is looked at, by table.
        say: What stands beside a record's id.
        names: What may be typed in an id's place.
    """

    prefix: str
    table: str
    parts: Parts
    say: Callable[[Tables, Any], str]
    names: Callable[[Tables], Iterable[str]]


def offered(book: Path, noun: str, begun: str) -> list[CompletionItem]:
    """What could be typed for a record of a kind.

    Args:
        book: The book's file.
        noun: The kind, such as `contact`.
        begun: What is typed of it.
    """
    kind = _NOUNS.get(noun)
    if kind is None:
        return []
    tables = peek(book, kind.parts)
    if re.fullmatch(rf"{kind.prefix}[0-9]+", begun):
        records = ((kind.prefix + number, record) for number, record in tables[kind.table].items())
        return [
            CompletionItem(id_, help=clean(kind.say(tables, record)))
            for id_, record in records
            if id_.startswith(begun)
        ]
    names = set(kind.names(tables))
    if not begun and len(names) > MOST:
        return []
    return [CompletionItem(name) for name in matching(names, begun)]


def matching(names: Iterable[str], begun: str) -> list[str]:
    """The names that begin so, in any case and with any accents; none that could do anything but be a name.

    Of several all begin with the same characters, those that were typed if they differ in them: a shell puts what they
    have in common in the place of what was typed, and must not take away from that.
    """
    wanted = fold(begun)
    usable = sorted(name for name in {*names} if fold(name).startswith(wanted) and _usable(name))
    if len({name[: len(begun)] for name in usable}) < 2:
        return usable
    return list(dict.fromkeys(begun + name[len(begun) :] for name in usable if _as_long(name, begun)))


def _usable(name: str) -> bool:
    return bool(name) and len(name) <= LONGEST and name[0] != "-" and name == clean(name) and name == name.strip()


def _as_long(name: str, begun: str) -> bool:
    """Whether what was typed of a name is as long as it is in it: accents may be characters of their own."""
    return name[: len(begun)].casefold() == begun.casefold()


def _names(table: str) -> Callable[[Tables], Iterable[str]]:
    return lambda tables: (record.name for record in tables[table].values())


def _name_of(tables: Tables, table: str, id_: str) -> str:
    record = tables[table].get(id_.lstrip("abcdefghijklmnopqrstuvwxyz"))
    return record.name if record is not None else ""


def _companies_applied_to(tables: Tables) -> Iterator[str]:
    for application in tables["applications"].values():
        yield _name_of(tables, "companies", application.company)


def _say_application(tables: Tables, application: AtCompany) -> str:
    return f"{application.role} at {_name_of(tables, 'companies', application.company)}"


def _application_of(tables: Tables, interview: InApplication) -> AtCompany:
    found = tables["applications"].get(interview.application.removeprefix("a"))
    return found if found is not None else AtCompany()


def _say_interview(tables: Tables, interview: InApplication) -> str:
    return " ".join(filter(None, (_say_application(tables, _application_of(tables, interview)), interview.kind)))


def _companies_of_interviews(tables: Tables) -> Iterator[str]:
    for interview in tables["interviews"].values():
        yield _name_of(tables, "companies", _application_of(tables, interview).company)


def _say_letter(tables: Tables, letter: ToContact) -> str:
    return f"{letter.kind} to {_name_of(tables, 'contacts', letter.contact)}"


def _people_written_to(tables: Tables) -> Iterator[str]:
    for letter in tables["letters"].values():
        yield _name_of(tables, "contacts", letter.contact)


_PEOPLE: Final[Parts] = {"contacts": Called}
_PLACES: Final[Parts] = {"companies": Called}
_APPLICATIONS: Final[Parts] = {"applications": AtCompany, **_PLACES}
_NOUNS: Final = {
    "contact": Noun("c", "contacts", _PEOPLE, lambda _, record: record.name, _names("contacts")),
    "company": Noun("co", "companies", _PLACES, lambda _, record: record.name, _names("companies")),
    "application": Noun("a", "applications", _APPLICATIONS, _say_application, _companies_applied_to),
    "interview": Noun(
        "i", "interviews", {"interviews": InApplication, **_APPLICATIONS}, _say_interview, _companies_of_interviews
    ),
    "letter": Noun("l", "letters", {"letters": ToContact, **_PEOPLE}, _say_letter, _people_written_to),
    "note": Noun("n", "notes", {"notes": Text}, lambda _, record: record.text[:LONGEST], lambda _: ()),
    "interaction": Noun(
        "x", "interactions", {"interactions": Text}, lambda _, record: record.about[:LONGEST], lambda _: ()
    ),
}
