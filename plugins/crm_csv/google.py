"""Google Contacts, as it writes CSV now and as it did until 2024.

What somebody has several of stands in numbered columns with one for its label; ` ::: ` joins several of one label,
and a `*` marks the first of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from crm_core import one_line
from crm_csv.days import day_of
from crm_csv.facts import Fact
from crm_csv.layouts import Layout, facts_of_cell, words_of
from crm_csv.tables import Table
from crm_csv.words import DEPARTMENT, KEEP, SKIP, Meaning, plain

JOINED: Final = " ::: "
MARK: Final = "* "

_NUMBERED: Final = re.compile(r"([a-z-]+(?: field)?) ([0-9]{1,4}) - (.+)")

_SINGLE: Final = {
    "name": Meaning("name"),
    "name prefix": Meaning("prefix"),
    "given name": Meaning("given"),
    "first name": Meaning("given"),
    "additional name": Meaning("middle"),
    "middle name": Meaning("middle"),
    "family name": Meaning("family"),
    "last name": Meaning("family"),
    "name suffix": Meaning("suffix"),
    "nickname": Meaning("nickname"),
    "file as": Meaning("shown"),
    "given name yomi": Meaning("phonetic", property="X-PHONETIC-FIRST-NAME"),
    "phonetic first name": Meaning("phonetic", property="X-PHONETIC-FIRST-NAME"),
    "additional name yomi": Meaning("phonetic", property="X-PHONETIC-MIDDLE-NAME"),
    "phonetic middle name": Meaning("phonetic", property="X-PHONETIC-MIDDLE-NAME"),
    "family name yomi": Meaning("phonetic", property="X-PHONETIC-LAST-NAME"),
    "phonetic last name": Meaning("phonetic", property="X-PHONETIC-LAST-NAME"),
    "organization name": Meaning("organisation"),
    "organization title": Meaning("title"),
    "organization department": DEPARTMENT,
    "birthday": Meaning("birthday"),
    "notes": Meaning("note"),
    "labels": Meaning("tag"),
    "group membership": Meaning("tag"),
    "yomi name": SKIP,
}
_SEVERAL: Final = {
    ("e-mail", "value"): Meaning("email"),
    ("phone", "value"): Meaning("phone"),
    ("website", "value"): Meaning("profile"),
    ("im", "value"): Meaning("messenger"),
    ("organization", "name"): Meaning("organisation"),
    ("organization", "title"): Meaning("title"),
    ("organization", "department"): DEPARTMENT,
    ("event", "value"): Meaning("event"),
    **{("address", part): Meaning(part) for part in ("formatted", "street", "city", "region", "country")},
    ("address", "po box"): Meaning("pobox"),
    ("address", "postal code"): Meaning("postcode"),
    ("address", "extended address"): Meaning("extended"),
}
LABELS: Final = ("service", "label", "type")
"""What says which of several a numbered thing is; a messenger's service says more than its type."""
TOGETHER: Final = frozenset({"address", "organization"})
"""Things that are made of several columns."""


class _Column(NamedTuple):
    """A column, and where the label of its numbered thing is, if it is of one and that has a label.

    Args:
        title: As the file has it.
        meaning: What its cells are.
        thing: `address 1`, for one of several.
        label: The column's place; -1 for none.
    """

    title: str
    meaning: Meaning
    thing: str = ""
    label: int = -1


def _is_google(cells: list[str]) -> bool:
    words = set(words_of(cells))
    old = {"given name", "family name", "group membership"}
    new = {"first name", "last name", "organization name", "labels"}
    return old <= words or new <= words or ("e-mail 1 - value" in words and bool(words & {"given name", "first name"}))


def _facts(table: Table) -> Callable[[list[str]], Iterator[Fact]]:
    columns = _columns(table.titles)

    def facts(cells: list[str]) -> Iterator[Fact]:
        found = [
            item
            for column, cell in zip(columns, cells, strict=True)
            if cell
            for item in _of_cell(column, cell, cells, day_first=table.day_first)
        ]
        yield from (fact for first, fact in found if first)
        yield from (fact for first, fact in found if not first)

    return facts


def _columns(titles: list[str]) -> list[_Column]:
    words = words_of(titles)
    numbered = [_NUMBERED.fullmatch(word) for word in words]
    labels: dict[str, int] = {}
    for kind in LABELS:
        for place, found in enumerate(numbered):
            if found and found[3] == kind:
                labels.setdefault(f"{found[1]} {found[2]}", place)
    columns = []
    for title, word, found in zip(titles, words, numbered, strict=True):
        if found is None:
            columns.append(_Column(title, _SINGLE.get(word, KEEP)))
        else:
            thing = f"{found[1]} {found[2]}"
            meaning = SKIP if found[3] in LABELS else _SEVERAL.get((found[1], found[3]), KEEP)
            columns.append(_Column(title, meaning, thing, labels.get(thing, -1)))
    return columns


def _of_cell(column: _Column, cell: str, cells: list[str], *, day_first: bool) -> Iterator[tuple[bool, Fact]]:
    """The facts in a cell, several where values were joined, and whether they are the user's first choice."""
    title, meaning, thing, place = column
    if meaning.field == "skip":
        return
    if meaning.field == "tag":
        yield from ((False, Fact("tag", tag.removeprefix(MARK), title)) for tag in cell.split(JOINED))
        return
    if not thing:
        yield from ((False, fact) for fact in facts_of_cell(meaning, title, cell, day_first=day_first))
        return
    label = one_line(cells[place]) if place >= 0 else ""
    bare = label.removeprefix("*").strip()
    for number, text in enumerate(cell.split(JOINED)):
        if thing.split()[0] in TOGETHER:
            fact = Fact(meaning.field, text, title, bare, f"{thing} {number}", meaning.property)
        elif meaning.field == "event":
            fact = _event(text, bare or title, day_first=day_first)
        else:
            fact = Fact(meaning.field, text, bare if meaning is KEEP and bare else title, bare)
        yield label.startswith("*"), fact


def _event(text: str, name: str, *, day_first: bool) -> Fact:
    day = day_of(text, day_first=day_first)
    if day and plain(name) == "anniversary":
        return Fact("event", day.isoformat(), name, property="ANNIVERSARY")
    return Fact("event", text, name)


GOOGLE: Final = Layout("google", "Google Contacts' CSV", _is_google, _facts)
