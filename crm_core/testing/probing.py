"""Asking one plugin what the program would ask it, on books made for that; `contract.py` says what must come of it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
import msgspec

from crm_core.book import Book
from crm_core.checklist import checklist
from crm_core.cli.main import CORE_COMMANDS
from crm_core.commands import Command
from crm_core.dates import moment_of
from crm_core.errors import CrmError, InputError
from crm_core.exporting import Export, ExportedFile, Exporter
from crm_core.host.host import Host
from crm_core.host.plugin import Offers
from crm_core.importing import Candidate, Importer, Problem
from crm_core.letters import draft_letter
from crm_core.letters.kinds import CHANNELS, LetterKind
from crm_core.records import CORE_KINDS, Letter
from crm_core.settings import Section, Settings
from crm_core.steps import Agenda, Step, all_times, step_key
from crm_core.store.base import Snapshot, Store
from crm_core.store.still import StillStore
from crm_core.testing.running import PRESENT, ZONE
from crm_core.testing.strange import Maker

NOW: Final = datetime.fromisoformat(PRESENT).replace(tzinfo=ZoneInfo(ZONE))
NO_SETTINGS: Final = Path("nowhere/config.toml")
SOUGHT: Final = ("a", "", " ", "Ruth", "\x1b[2J", "\\", '"', "%s {} [", "\u00e4" * 500)
JUNK: Final = (
    b"",
    b"\n",
    b"\x00" * 5_000,
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80\xc3",
    b"," * 10_000,
    b'"' * 9_999,
    b"a,b\n" * 3_000,
    b"x" * 300_000,
    b"[" * 3_000,
    b"BEGIN:VCARD\nVERSION:4.0\nFN",
    "Name,E-Mail\r\n\u202e\x1b[2J,\x00\r\n".encode(),
    "Name\tE-Mail\nZo\u00eb\t\n".encode("utf-16"),
    Random(3).randbytes(20_000),  # noqa: S311 (the same junk each time)
)
PERIODS: Final = (
    (None, NOW.date()),
    (NOW.date() - timedelta(days=30), NOW.date()),
    (date.max, date.max),
    (date.min, date.min),
)
INTERVIEWS_CHECKED: Final = 3
CONTACTS_WRITTEN_TO: Final = 10
OWN_RECORDS: Final = 5
CUTS: Final = 40


def book_in(store: Store, host: Host, now: datetime = NOW, settings: Settings | None = None) -> Book:
    """A book in that store, with the plugin's kinds of record and settings."""
    given = settings or Settings(NO_SETTINGS, host.sections())
    return Book(store, now=now, settings=given, kinds=host.kinds(), command="a test")


def still(snapshot: Snapshot, host: Host, now: datetime = NOW, settings: Settings | None = None) -> Book:
    """A book that nobody can change."""
    return book_in(StillStore(snapshot), host, now, settings)


def offers_of(host: Host, name: str) -> Offers:
    """What a plugin brings."""
    return host.ask_all(command.name for command in CORE_COMMANDS)[name]


def steps_of(host: Host, book: Book) -> list[tuple[str, Step]]:
    """All steps, whenever they begin."""
    return list(host.steps(book, *all_times(book.zone)))


def keys_by_kind(host: Host, book: Book) -> dict[str, set[str]]:
    """The keys of all steps, by their kind."""
    keys: dict[str, set[str]] = {}
    for plugin, step in steps_of(host, book):
        keys.setdefault(step.kind, set()).add(step_key(plugin, step))
    return keys


def ask_everything(host: Host, offers: Offers, snapshot: Snapshot, folder: Path) -> None:
    """Everything that is asked about a book, with hosts that let exceptions through.

    Args:
        host: Of one plugin.
        offers: What that plugin brings.
        snapshot: The book.
        folder: Where folders may be exported to.
    """
    book = still(snapshot, host)
    steps_of(host, book)
    for interview in list(book.interviews)[:INTERVIEWS_CHECKED]:
        checklist(book, host, interview)
    for sought in SOUGHT:
        host.search(book, sought)
    for since, until in PERIODS:
        host.summary(book, since, until)
    for exporter in offers.exporters:
        _export(host, book, exporter, folder)


def _export(host: Host, book: Book, exporter: Exporter, folder: Path) -> None:
    contacts = sorted(book.contacts, key=lambda contact: contact.name)
    unset = click.Command("export", params=list(exporter.options)).make_context("export", [])
    given = Export(
        book=book,
        contacts=contacts if exporter.people else (),
        agenda=lambda: Agenda(book, host, *all_times(book.zone)).entries,
        options=unset.params,
    )
    with book.read_only():
        if exporter.write is not None:
            for piece in exporter.write(given):
                assert isinstance(piece, bytes), f"{exporter.name} writes {type(piece).__name__}"
        elif exporter.write_folder is not None:
            there = folder / exporter.name
            there.mkdir(exist_ok=True)
            for file in exporter.write_folder(given, there):
                assert isinstance(file, ExportedFile), f"{exporter.name} says {type(file).__name__}"


class _TakenBack(Exception):
    """Nothing is to stay of a change."""


def open_after_done(host: Host, book: Book, plugin: str, step: Step) -> set[str]:
    """The keys of the steps that are open once that one is recorded as done, if it could be; nothing stays of it."""
    keys: set[str] = set()
    with suppress(_TakenBack, CrmError), book.change("done"):
        if host.done(book, plugin, step, moment_of(book.now)):
            keys = {step_key(owner, one) for owner, one in steps_of(host, book) if one.done is None}
        raise _TakenBack
    return keys


def complaint(book: Book, section: type[Section]) -> str:
    """Why the settings in a plugin's section are refused; empty if they are not."""
    try:
        book.settings(section)
    except InputError as error:
        return error.message
    return ""


def commands_of(offers: Offers) -> Iterator[tuple[str, click.Command]]:
    """The plugin's commands and what is in its groups, by what is typed for each after `crm`."""
    for offered in offers.commands:
        yield from _walk(str(offered.name), _resolved(offered))


def _walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None, f"crm {path} {name}: there is no such command"
            yield from _walk(f"{path} {name}", child)


def _resolved(offered: Command | click.Command) -> click.Command:
    """A command's body."""
    if isinstance(offered, click.Command):
        return offered
    from pkgutil import resolve_name

    body = resolve_name(offered.target)
    assert isinstance(body, click.Command), f"{offered.target} is no click command"
    return body


def drafts(book: Book, kind: LetterKind) -> Iterator[Letter]:
    """Drafts of that kind to some people, by every channel, about whatever a letter may be about."""
    interview, application = next(iter(book.interviews), None), next(iter(book.applications), None)
    for contact in list(book.contacts)[:CONTACTS_WRITTEN_TO]:
        for channel in CHANNELS:
            yield draft_letter(book, kind, contact, channel=channel)
            yield draft_letter(book, kind, contact, interview, channel=channel)
            yield draft_letter(book, kind, contact, application=application, channel=channel)


def entries(importer: Importer, data: bytes) -> list[Candidate | Problem]:
    """What is read of a file, each of a type that it may have."""
    found: list[Any] = list(importer.read(io.BytesIO(data)))
    for entry in found:
        assert isinstance(entry, Candidate | Problem), f"{importer.name} gives {type(entry).__name__}"
    return found


def damaged(data: bytes) -> Iterator[bytes]:
    """A file cut off in many places, and with other bytes in it here and there."""
    chance = Random(4)  # noqa: S311 (the same damage each time)
    for cut in range(0, len(data), max(len(data) // CUTS, 1)):
        yield data[:cut]
        yield data[:cut] + chance.randbytes(3) + data[cut + 3 :]


def keep_own_records(book: Book, owner: str) -> Mapping[str, Any]:
    """Add some records of each of the plugin's kinds; returns its tables."""
    known = {kind.type: [str(record.id) for record in book.table(kind.type)] for kind in CORE_KINDS}
    own = [kind for kind in book.kinds if kind.owner == owner]
    maker = Maker(book.today, seed=5, kinds=CORE_KINDS, ids=known)
    with book.change("records of its own"):
        for kind in own:
            for record in maker.records(kind, OWN_RECORDS):
                book.table(kind.type).add(record)
    return own_tables(book, owner)


def own_tables(book: Book, owner: str) -> dict[str, dict[str, Any]]:
    """The documents of a plugin as they lie in the book, whether it is there or not."""
    tables = book.snapshot().tables
    return {
        name: {key: msgspec.json.decode(raw) for key, raw in documents.items()}
        for name, documents in tables.items()
        if name.startswith(f"{owner}.")
    }


def own_records(book: Book, owner: str) -> int:
    """How many records of a plugin the book has to give."""
    return sum(len(list(book.table(kind.type))) for kind in book.kinds if kind.owner == owner)
