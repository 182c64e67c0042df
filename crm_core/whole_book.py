"""The core's own format, JSON of the whole book, as `crm export` and `crm import` know formats.

It is no plugin's, since it holds what is private to plugins, and must be there when none is. The layout is
`interchange.py`'s. What `crm import` reads from it is people; a whole book takes another's place by `crm restore`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec
from msgspec.structs import replace

from crm_core import codec
from crm_core.book import Book, uid_of
from crm_core.errors import CrmError, InputError
from crm_core.exporting import Export, Exporter
from crm_core.importing import Candidate, Importer, Problem
from crm_core.interchange import Whole, book_schema, book_to_json, looks_like_a_book, read_whole
from crm_core.pipeline import interviews_of, next_ahead
from crm_core.records import Application, Contact, Ref, Stage
from crm_core.steps import Entry, application_of

if TYPE_CHECKING:
    from crm_core.dates import Deadline

CONTACTS: Final = "contacts"
_RECORD_ID: Final = re.compile(rb'"id"\s*:\s*"(c[0-9]+)"')


class NextStep(msgspec.Struct, frozen=True):
    """What is to be done first, and by when."""

    title: str
    due: Deadline


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far an application is on the day of the export."""

    id: Ref[Application]
    company: str
    stage: Stage
    since: date | None
    alive: bool
    next_interview: datetime | None
    next_step: NextStep | None


def json_exporter() -> Exporter:
    """`crm export json`."""
    import click

    about = "Write the JSON Schema of the file instead, and nothing from the book."
    return Exporter(
        name="json",
        label="The whole book as JSON",
        suffix=".json",
        write=_write,
        options=(click.Option(["--schema"], is_flag=True, help=about),),
        help="All records with their ids, tables of plugins that are not installed too, and photos; without the "
        "history and the settings. `crm restore` makes a book of it again, `crm import` takes its people into another.",
    )


def json_importer() -> Importer:
    """People from a whole book that was exported."""
    return Importer(name="json", label="A book as JSON", suffixes=(), sniff=looks_like_a_book, read=_people)


def _write(export: Export) -> Iterable[bytes]:
    book = export.book
    if export.options.get("schema"):
        return [msgspec.json.format(msgspec.json.encode(book_schema(book.kinds)), indent=2), b"\n"]
    steps = [entry for entry in export.agenda() if entry.open]
    computed = {"applications": standings(book, steps), "steps": steps}
    return book_to_json(book.snapshot(), book.kinds, exported=book.now, computed=computed)


def standings(book: Book, steps: Iterable[Entry]) -> list[Standing]:
    """How far each application is.

    Args:
        book: Where they are.
        steps: What is to be done, the most urgent first.
    """
    first: dict[str, NextStep] = {}
    for step in steps:
        application = application_of(book, book.find(step.about))
        if application is not None:
            first.setdefault(application.id, NextStep(step.title, step.due))
    return [_standing(book, application, first.get(application.id)) for application in book.applications]


def _standing(book: Book, application: Application, step: NextStep | None) -> Standing:
    company = book.companies.find(application.company)
    ahead = next_ahead(interviews_of(book, application), book.now)
    return Standing(
        id=application.id,
        company=company.name if company is not None else "",
        stage=application.stage,
        since=application.moves[-1].on if application.moves else None,
        alive=application.alive,
        next_interview=ahead.start if ahead is not None else None,
        next_step=step,
    )


def _people(stream: BinaryIO) -> Iterator[Candidate | Problem]:
    """Everybody in a whole book; what they have to do with one another goes by UIDs, companies by their names."""
    data = stream.read()
    try:
        whole = read_whole(data)
    except InputError as error:
        yield Problem(line=1, reason=error.message)
        return
    people = {_as_text(fields.get("id")): fields for fields in whole.tables.get(CONTACTS, ())}
    uids = {id_: _uid(whole, id_, fields) for id_, fields in people.items()}
    lines = _lines(data)
    for id_, fields in people.items():
        line = lines.get(id_, 1)
        try:
            contact = codec.decode(Contact, msgspec.Raw(msgspec.json.encode(fields)), Ref(""))
        except (msgspec.DecodeError, UnicodeDecodeError, CrmError) as error:
            yield Problem(line=line, reason=f"the contact {id_} can't be read: {error}")
        else:
            yield _candidate(contact, line, whole, uids, uids[id_])


def _candidate(contact: Contact, line: int, whole: Whole, uids: Mapping[str, str], uid: str) -> Candidate:
    def others(*refs: Ref[Contact] | None) -> tuple[str, ...]:
        return tuple(filter(None, (uids.get(_present(whole, ref or "")) for ref in refs)))

    there = replace(
        contact,
        id=Ref(""),
        uid=uid,
        positions=tuple(replace(position, company=None) for position in contact.positions),
        introduced_by=None,
        knows=(),
        differs_from=(),
        photo="",
    )
    return Candidate(
        contact=there,
        line=line,
        photo=whole.attachments.get(contact.photo, b""),
        introduced_by=next(iter(others(contact.introduced_by)), ""),
        knows=others(*contact.knows),
    )


def _present(whole: Whole, ref: str) -> str:
    """The id that a record has now; a file that somebody made by hand may lead in circles."""
    seen = set()
    while ref in whole.redirects and ref not in seen:
        seen.add(ref)
        ref = whole.redirects[ref]
    return ref


def _uid(whole: Whole, id_: str, fields: Mapping[str, msgspec.Raw]) -> str:
    return _as_text(fields.get("uid")) or (uid_of(whole.identity, id_) if whole.identity else "")


def _as_text(raw: msgspec.Raw | None) -> str:
    try:
        return msgspec.json.decode(raw or b'""', type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _lines(data: bytes) -> dict[str, int]:
    """In which line of the file, from 1, each contact stands."""
    lines: dict[str, int] = {}
    line, counted = 1, 0
    for match in _RECORD_ID.finditer(data):
        line += data.count(b"\n", counted, match.start())
        counted = match.start()
        lines.setdefault(match[1].decode(), line)
    return lines
