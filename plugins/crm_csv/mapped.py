"""Any other table, read by a column map: what may be in its columns is guessed and shown, and told by the user.

A guess is made of a column's title, else of what its first cells look like. It is only ever offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import BinaryIO, Final

from crm_core import Candidate, Problem, TableColumn, one_line
from crm_csv.facts import Fact, person
from crm_csv.layouts import facts_of_cell, words_of
from crm_csv.tables import Row, Table, any_table
from crm_csv.words import DEPARTMENT, GUESSES, KEEP, SKIP, Meaning

FIELDS: Final = (
    "name", "given", "family", "middle", "prefix", "suffix", "nickname", "organisation", "title", "department",
    "email", "phone", "profile", "address", "street", "city", "region", "postcode", "country", "birthday", "how",
    "tag", "note", "uid", "keep", "skip",
)  # fmt: skip
"""What a column may be; an e-mail or a phone may say what it is for, as in `phone:cell`."""

LABELLED: Final = ("email", "phone")

MOST_LOOKED_AT: Final = 100
"""Rows by which columns are judged."""
SAMPLES: Final = 2
LONGEST_SAMPLE: Final = 40
NO_TABLE: Final = "it is no table"

_SPECIAL: Final = {"address": Meaning("formatted"), "department": DEPARTMENT, "keep": KEEP, "skip": SKIP}
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_URL: Final = re.compile(r"https?://\S+|(?:www\.)?[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
_PHONE: Final = re.compile(r"'?\+?[\d\s()./-]{7,25}", re.ASCII)
_DAY: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", re.ASCII)
_SEVERAL: Final = {"email": re.compile(r"[\s;,]+"), "phone": re.compile(r"[;\n]"), "profile": re.compile(r"\s+")}
"""Where a cell with several values of a field is cut."""


def columns_of(stream: BinaryIO) -> list[TableColumn]:
    """The columns of the table in a file; none if it holds no table."""
    table = any_table(stream, _are_titles)
    if table is None:
        return []
    rows = list(islice(table.rows, MOST_LOOKED_AT))
    cells = [row.cells for row in rows if isinstance(row, Row)]
    texts = [[text for row in cells if (text := one_line(row[place]))] for place in range(len(table.titles))]
    columns = [
        TableColumn(title=title, samples=_samples(found), guess=_guess(word, found))
        for title, word, found in zip(table.titles, words_of(table.titles), texts, strict=True)
    ]
    is_table = len(columns) > 1 and len(cells) * 2 > len(rows)
    return columns if is_table or any(column.guess for column in columns) else []


def read_mapped(stream: BinaryIO, mapping: Mapping[str, str]) -> Iterator[Candidate | Problem]:
    """The people of a table, in file order.

    Args:
        stream: At its beginning.
        mapping: A field for the titles of columns; what is in others is kept.
    """
    table = any_table(stream, _are_titles)
    if table is None:
        yield Problem(line=1, reason=NO_TABLE)
        return
    facts = _facts(table, mapping)
    for row in table.rows:
        yield row if isinstance(row, Problem) else person(facts(row.cells), row.line, row.repaired)


def _facts(table: Table, mapping: Mapping[str, str]) -> Callable[[list[str]], Iterator[Fact]]:
    meanings = [_meaning(mapping.get(title, "keep")) for title in table.titles]

    def facts(cells: list[str]) -> Iterator[Fact]:
        for meaning, title, cell in zip(meanings, table.titles, cells, strict=True):
            cut = _SEVERAL.get(meaning.field)
            several = cut.split(cell) if cut else [cell]
            if meaning.field == "email" and not all("@" in part for part in several if part):
                several = [cell]
            for part in several:
                if part and meaning.field != "skip":
                    yield from facts_of_cell(meaning, title, part, day_first=table.day_first)

    return facts


def _meaning(field: str) -> Meaning:
    name, _, label = field.partition(":")
    return _SPECIAL.get(name, Meaning(name, label))


def _samples(texts: list[str]) -> tuple[str, ...]:
    return tuple(text[:LONGEST_SAMPLE] for text in list(dict.fromkeys(texts))[:SAMPLES])


def _guess(word: str, texts: list[str]) -> str:
    """A field for a column of that title with these texts; empty for no idea."""
    meaning = GUESSES.get(word)
    if meaning is not None and meaning.field in FIELDS and meaning not in {KEEP, SKIP}:
        return f"{meaning.field}:{meaning.label}" if meaning.label and meaning.field in LABELLED else meaning.field
    for field, pattern in (("email", _EMAIL), ("profile", _URL), ("phone", _PHONE)):
        alike = sum(bool(pattern.fullmatch(text)) and not _DAY.fullmatch(text) for text in texts)
        if alike and alike * 2 >= len(texts):
            return field
    return ""


def _are_titles(cells: list[str]) -> bool:
    """Whether a first row holds titles: no address, number or day among them."""
    return not any(pattern.fullmatch(one_line(cell)) for cell in cells for pattern in (_EMAIL, _URL, _PHONE, _DAY))
