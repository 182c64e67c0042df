"""A layout: by which titles a table is told, and what its cells mean. What all layouts have in common is here.

One that is told by its titles alone, whatever program wrote it, is that of mail programs, at the end.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple

from crm_core import Candidate, Importer, Problem, one_line
from crm_csv.days import birthday_of, day_of
from crm_csv.facts import NOBODY, Fact, person
from crm_csv.tables import MOST_REMARKS, Table, table_of
from crm_csv.words import KEEP, MAILERS, Meaning, plain

NO_DAY: Final = "0/. "
"""What `0/0/00` is made of: Outlook's date for none."""

NAMES: Final = frozenset({"first name", "last name", "display name"})
ADDRESSES: Final = frozenset({"e-mail address", "primary email", "secondary email", "email home", "email work"})


class Layout(NamedTuple):
    """One layout of a table of people.

    Args:
        name: What `--format` calls it.
        label: Its name in words.
        is_heading: Whether the cells of a line are its titles, told by the first of them: the rest may be cut off.
        facts: What reads the cells of a row, made for a table.
        nobody: Why a row is refused that names nobody.
        no_people: What a file that comes from there holds, if that is not people.
    """

    name: str
    label: str
    is_heading: Callable[[list[str]], bool]
    facts: Callable[[Table], Callable[[list[str]], Iterable[Fact]]]
    nobody: str = NOBODY
    no_people: Callable[[bytes], str] | None = None

    def sniff(self, head: bytes) -> bool:
        """Whether a file begins as one of this layout."""
        return table_of(io.BytesIO(head), self.is_heading) is not None

    def read(self, stream: BinaryIO) -> Iterator[Candidate | Problem]:
        """The people of a file of this layout, in file order; a person or a problem for each row."""
        table = table_of(stream, self.is_heading)
        if table is None:
            yield Problem(line=1, reason=f"none of the first {MOST_REMARKS} lines has the titles of {self.label}")
            return
        facts = self.facts(table)
        for row in table.rows:
            if isinstance(row, Problem):
                yield row
            else:
                yield person(facts(row.cells), row.line, row.repaired, self.nobody)

    def importer(self) -> Importer:
        """The layout as a format. Any table may be in a file named `.csv`, so the name tells nothing."""
        return Importer(
            name=self.name,
            label=self.label,
            suffixes=(),
            sniff=self.sniff,
            read=self.read,
            no_people=self.no_people,
        )


def plain_facts(table: Table, words: Mapping[str, Meaning]) -> Callable[[list[str]], Iterator[Fact]]:
    """What reads cells that hold one fact each; `words` are the titles that mean something."""
    meanings = [words.get(word, KEEP) for word in words_of(table.titles)]

    def facts(cells: list[str]) -> Iterator[Fact]:
        for meaning, title, cell in zip(meanings, table.titles, cells, strict=True):
            if cell and meaning.field != "skip":
                yield from facts_of_cell(meaning, title, cell, day_first=table.day_first)

    return facts


def facts_of_cell(meaning: Meaning, title: str, cell: str, *, day_first: bool) -> Iterator[Fact]:
    """The facts in one cell: none where it says nothing, several where it holds a list of tags."""
    field, label, group, property_ = meaning
    if field == "tag":
        for tag in re.split("[;,\n]", cell):
            yield Fact(field, tag, title)
    elif field == "day":
        if cell.strip(NO_DAY):
            day = day_of(cell, day_first=day_first)
            yield Fact(field, day.isoformat() if day else cell, title, property=property_ if day else "")
    elif field == "birthday":
        yield Fact(field, birthday_of(one_line(cell), day_first=day_first), title)
    elif field != "usual" or one_line(cell).casefold() != label:
        yield Fact(field, cell, title, label, group, property_)


def words_of(cells: Iterable[str]) -> list[str]:
    """Titles for looking up."""
    return [plain(one_line(cell)) for cell in cells]


def _is_mailers(cells: list[str]) -> bool:
    """Whether nearly all titles are those of mail programs, and people have a name or an address.

    `Title` is what somebody is called by (`Dr.`) only where there is a `Job Title` too.
    """
    words = {word for word in words_of(cells) if word}
    known = words & MAILERS.keys()
    if "title" in words and "job title" not in words:
        return False
    if words & ADDRESSES:
        return len(known) * 5 >= len(words) * 4
    return bool(words & NAMES) and known == words


def _mailers_facts(table: Table) -> Callable[[list[str]], Iterator[Fact]]:
    return plain_facts(table, MAILERS)


MAIL_PROGRAMS: Final = Layout(
    "outlook", "CSV of Outlook, Thunderbird and others like them", _is_mailers, _mailers_facts
)
