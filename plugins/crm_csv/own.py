r"""Our own layout: a row a contact, out and in again with nothing lost but what a table has no place for.

A cell for several values has one a line; there a backslash is `\\`, a line end `\n`, and `\e` stands for an empty text.
The parts of a position, a profile or a label are separated by `|`; a `|` in them is `\p`. Every other cell holds its
text as it is. A cell that a spreadsheet would take for a formula is guarded by an apostrophe.

People are referred to by their UIDs. Which company of the book an organisation is, photos, and whom somebody is not
stay in the book.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from crm_core import (
    Candidate,
    Contact,
    Label,
    Position,
    Problem,
    Profile,
    escaped_value,
    guard_cell,
    one_line,
    unguard_cell,
)
from crm_csv.days import day_of
from crm_csv.facts import EXCERPT, NOBODY, property_of
from crm_csv.layouts import words_of
from crm_csv.tables import Row, table_of

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Book, Export

POSITION: Final = ("organisation", "title", "since", "until", "former")
COLUMNS: Final = (
    "name", "given", "family", "nickname", *POSITION, "email", "phone", "other emails", "other phones", "labels",
    "profiles", "address", "birthday", "how known", "introduced by", "knows", "tags", "note", "other positions", "uid",
    "kept",
)  # fmt: skip
SIGNATURE: Final = frozenset({"other emails", "other phones", "how known", "introduced by", "other positions", "kept"})
ENOUGH: Final = 3
"""So many of these titles, and a name, tell our layout, also after somebody took some columns out."""

KNOWS: Final = "X-CRM-KNOWS:"
INTRODUCED_BY: Final = "X-CRM-INTRODUCED-BY:"
"""Lines in which an import keeps the UIDs of people whom the book does not have."""
YES: Final = "yes"
EMPTY: Final = r"\e"
OPTIONS: Final = (
    click.Option(["--excel"], is_flag=True, help="UTF-16 with tabs, which Excel opens by a double click anywhere."),
    click.Option(["--unguarded"], is_flag=True, help="Leave cells as they are that a spreadsheet takes for formulas."),
)

_ESCAPES: Final = (("\\", r"\\"), ("\n", r"\n"), ("|", r"\p"))
_ESCAPE: Final = re.compile(r"\\([\\npe])")
_IN_VCARD: Final = re.compile(r"\\(.)")
_MEANT: Final = {"\\": "\\", "n": "\n", "p": "|", "e": ""}
_TO_QUOTE: Final = re.compile(r'["\r\n,;\t]|^\s|\s$|^\ufeff')
_UNWANTED: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def write_own(export: Export) -> Iterator[bytes]:
    """The contacts as a table, as RFC 4180 has it."""
    excel, guarded = bool(export.options.get("excel")), not export.options.get("unguarded")
    delimiter, charset = ("\t", "utf-16-le") if excel else (",", "utf-8")
    if excel:
        yield "\ufeff".encode(charset)
    yield _line(COLUMNS, delimiter).encode(charset)
    for contact in export.contacts:
        cells = cells_of(contact, export.book)
        texts = (_UNWANTED.sub("", cells[column]) for column in COLUMNS)
        yield _line(map(guard_cell, texts) if guarded else texts, delimiter).encode(charset, "replace")


def cells_of(contact: Contact, book: Book) -> dict[str, str]:
    """A contact's cells by column, unguarded.

    The first position, e-mail and phone have cells of their own, where a spreadsheet's user looks for them.
    """
    positions = [_cells_of_position(position) for position in contact.positions]
    first = positions[0] if positions and any(positions[0]) else ()
    introducer = () if contact.introduced_by is None else (contact.introduced_by,)
    email, other_emails = _apart(contact.emails)
    phone, other_phones = _apart(contact.phones)
    return {
        "name": contact.name,
        "given": contact.given,
        "family": contact.family,
        "nickname": contact.nickname,
        **dict(zip(POSITION, first or [""] * len(POSITION), strict=True)),
        "email": email,
        "phone": phone,
        "other emails": _listed(other_emails),
        "other phones": _listed(other_phones),
        "labels": _table((label.label, label.of) for label in contact.labels),
        "profiles": _table((profile.network, profile.handle, profile.url) for profile in contact.profiles),
        "address": contact.address,
        "birthday": contact.birthday,
        "how known": contact.how,
        "introduced by": _listed(_uids(book, introducer)),
        "knows": _listed(_uids(book, contact.knows)),
        "tags": _listed(contact.tags),
        "note": contact.note,
        "other positions": _table(positions[1:] if first else positions),
        "uid": book.uid(contact),
        "kept": _listed(contact.kept),
    }


def is_own(head: bytes) -> bool:
    """Whether a file begins as a table of ours, maybe edited since."""
    return table_of(io.BytesIO(head), _is_heading) is not None


def read_own(stream: BinaryIO) -> Iterator[Candidate | Problem]:
    """The people of a table of ours, in file order; what is in columns that somebody added is kept."""
    table = table_of(stream, _is_heading)
    if table is None:
        yield Problem(line=1, reason="none of the first lines has our titles")
        return
    words, known = words_of(table.titles), frozenset(COLUMNS)
    for row in table.rows:
        if isinstance(row, Problem):
            yield row
            continue
        texts = [_UNWANTED.sub("", unguard_cell(cell)) for cell in row.cells]
        found = list(zip(table.titles, words, texts, strict=True))
        added = [(title, text) for title, word, text in found if word not in known]
        cells = dict.fromkeys(COLUMNS, "") | dict(zip(words, texts, strict=True))
        yield _candidate(cells, added, row, day_first=table.day_first)


def _candidate(
    cells: Mapping[str, str], added: Iterable[tuple[str, str]], row: Row, *, day_first: bool
) -> Candidate | Problem:
    if not cells["name"].strip():
        text = one_line(cells["email"] or cells["organisation"] or cells["phone"])
        return Problem(line=row.line, reason=NOBODY, text=text[:EXCERPT])
    lines = _items(cells["kept"])
    knows, introducers = _uids_in(lines, KNOWS), _uids_in(lines, INTRODUCED_BY)
    first = [cells[column] for column in POSITION]
    positions = ([first] if any(first) else []) + _rows(cells["other positions"], len(POSITION))
    wrong: list[str] = []
    contact = Contact(
        name=cells["name"],
        given=cells["given"],
        family=cells["family"],
        nickname=cells["nickname"],
        positions=tuple(_position(parts, wrong, day_first=day_first) for parts in positions),
        emails=_joined(cells["email"], cells["other emails"]),
        phones=_joined(cells["phone"], cells["other phones"]),
        profiles=tuple(Profile(network=of, handle=handle, url=url) for of, handle, url in _rows(cells["profiles"], 3)),
        address=cells["address"],
        birthday=cells["birthday"],
        how=cells["how known"],
        tags=tuple(_items(cells["tags"])),
        note=cells["note"],
        uid=cells["uid"],
        kept=(
            *(line for line in lines if not line.startswith((KNOWS, INTRODUCED_BY))),
            *(f"{property_of(title)}:{escaped_value(text)}" for title, text in added if text.strip()),
        ),
        labels=tuple(Label(of=text, label=label) for label, text in _rows(cells["labels"], 2)),
    )
    return Candidate(
        contact=contact,
        line=row.line,
        repaired=(*row.repaired, *wrong),
        introduced_by=next(iter([*_items(cells["introduced by"]), *introducers]), ""),
        knows=(*_items(cells["knows"]), *knows),
    )


def _is_heading(cells: list[str]) -> bool:
    words = words_of(cells)
    return "name" in words and len(SIGNATURE.intersection(words)) >= ENOUGH


def _line(cells: Iterable[str], delimiter: str) -> str:
    return delimiter.join(_quoted(cell) for cell in cells) + "\r\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _TO_QUOTE.search(cell) else cell


def _cells_of_position(position: Position) -> list[str]:
    since, until = (day.isoformat() if day else "" for day in (position.since, position.until))
    return [position.organisation, position.title, since, until, YES if position.former else ""]


def _position(parts: list[str], wrong: list[str], *, day_first: bool) -> Position:
    """A position of its cells; a day that is none is named in `wrong`."""
    organisation, title, since, until, former = parts
    return Position(
        organisation=organisation,
        title=title,
        since=_day("since", since, wrong, day_first=day_first),
        until=_day("until", until, wrong, day_first=day_first),
        former=bool(former.strip()) and former.strip().casefold() not in {"no", "false", "0"},
    )


def _day(column: str, text: str, wrong: list[str], *, day_first: bool) -> date | None:
    day = day_of(text, day_first=day_first)
    if day is None and text.strip():
        wrong.append(f"{column}: {one_line(text)[:EXCERPT]!r} is no day and was left out")
    return day


def _uids(book: Book, refs: Iterable[str]) -> Iterator[str]:
    found = (book.contacts.find(ref) for ref in refs)
    return (book.uid(person) for person in found if person is not None)


def _uids_in(lines: Iterable[str], start: str) -> list[str]:
    """The UIDs in kept lines that begin so, unescaped as in a vCard."""
    return [_IN_VCARD.sub(r"\1", line.removeprefix(start)) for line in lines if line.startswith(start)]


def _apart(texts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The first text and the others; an empty one is among the others, where it can be told from none."""
    return (texts[0], texts[1:]) if texts and texts[0] else ("", texts)


def _joined(first: str, others: str) -> tuple[str, ...]:
    return (*([first] if first else []), *_items(others))


def _listed(texts: Iterable[str]) -> str:
    return "\n".join(_escaped(text) or EMPTY for text in texts)


def _items(cell: str) -> list[str]:
    return [_unescaped(line) for line in cell.split("\n")] if cell else []


def _table(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join("|".join(map(_escaped, row)) for row in rows)


def _rows(cell: str, width: int) -> list[list[str]]:
    """The rows in a cell, each of so many parts: missing ones are empty, others left out."""
    rows = (list(map(_unescaped, line.split("|"))) for line in cell.split("\n")) if cell else ()
    return [(parts + [""] * width)[:width] for parts in rows]


def _escaped(text: str) -> str:
    for meant, written in _ESCAPES:
        text = text.replace(meant, written)
    return text


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _MEANT[found[1]], text) if "\\" in text else text
