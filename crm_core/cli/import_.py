"""`crm import`: bring people in from files. Formats come from plugins; matching is `importing.py`'s."""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from crm_core.cli.app import App
from crm_core.cli.asking import progress
from crm_core.cli.context import json_option, pass_app
from crm_core.cli.output import Column
from crm_core.errors import InputError, PartlyDone

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.importing import Entry, Importer, Row

STDIN: Final = "-"
TOLD: Final = ("added", "updated", "same", "left", "unsure", "refused")


@click.command(
    "import",
    epilog="""\b
Examples:
  crm import contacts.vcf
  crm import --dry-run phone.vcf
  cat *.vcf | crm import -
""",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "format_name", metavar="NAME", help="The format, where it can't be told from the file.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each entry.")
@json_option
@pass_app
def import_(app: App, files: Sequence[str], format_name: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring people in from a file, a folder of files, or - for standard input.

    The same file twice changes nothing. Who may be somebody you know already stays apart and is listed by
    crm contact duplicates.
    """
    sources = [source for name in files for source in _sources(name, app.host.importers())]
    entries = progress(_entries(app.book, sources, app.host.importers(), format_name), "Reading")
    rows = _import(app, entries, files, dry_run=dry_run)
    if as_json:
        app.output.json_items(rows, {"summary": _counts(rows), "dry_run": dry_run})
    else:
        _report(app, rows, dry_run=dry_run)
    failed = [plugin.name for plugin in app.host.failed]
    refused = sum(row.action == "refused" for row in rows)
    if failed:
        raise PartlyDone(f"The import lacks the part of: {', '.join(failed)}", "`crm plugins` says what went wrong.")
    if refused:
        raise PartlyDone(
            f"{refused} of {len(rows)} entries {'would be' if dry_run else 'was' if refused == 1 else 'were'} refused",
            "All others would be taken in." if dry_run else "All others are in the book.",
        )


def _import(app: App, entries: Iterable[tuple[str, Entry]], files: Sequence[str], *, dry_run: bool) -> list[Row]:
    from crm_core.importing import import_people

    if dry_run:
        return list(import_people(app.book, entries, dry_run=True))
    read = list(entries)
    with app.book.change(f"imported {', '.join(files)[:100]}"):
        return list(import_people(app.book, progress(read, "Matching", len(read)), dry_run=False))


def _sources(name: str, importers: Sequence[Importer]) -> list[str]:
    """The files that a word on the command line stands for."""
    if name == STDIN:
        return [name]
    path = Path(name)
    if path.is_dir():
        if _owner(path, importers) is not None:
            return [name]
        suffixes = tuple(suffix for importer in importers for suffix in importer.suffixes)
        found = sorted(str(file) for file in path.iterdir() if file.is_file() and file.name.lower().endswith(suffixes))
        if not found:
            raise InputError(
                f"The folder {name} holds no file to import", f"Looked for: {', '.join(suffixes) or 'nothing'}."
            )
        return found
    if not path.exists():
        raise InputError(f"There is no file {name}", "Nothing was imported.")
    return [name]


def _owner(folder: Path, importers: Iterable[Importer]) -> Importer | None:
    """The importer that a folder is written for and read by as a whole."""
    return next((found for found in importers if found.sniff_folder and found.sniff_folder(folder)), None)


def _entries(
    book: Book, sources: Iterable[str], importers: Sequence[Importer], format_name: str | None
) -> Iterator[tuple[str, Entry]]:
    from crm_core.importing import HEAD, chosen_importer

    for name in sources:
        owner = _owner(Path(name), importers)
        if owner is not None and owner.read_folder is not None:
            yield from owner.read_folder(book, Path(name))
            continue
        with _opened(name) as stream:
            head = stream.peek(HEAD)[:HEAD]
            if format_name:
                importer = next((importer for importer in importers if importer.name == format_name), None)
            else:
                importer = chosen_importer(importers, head, name)
            if importer is None:
                raise _no_format(name, importers, format_name)
            for entry in importer.read(stream):
                yield ("standard input" if name == STDIN else name), entry


def _opened(name: str) -> io.BufferedReader:
    try:
        if name == STDIN:
            return _standard_input()
        return open(name, "rb")  # noqa: PTH123 (its reader closes it)
    except OSError as error:
        raise InputError(f"{name} can't be read: {(error.strerror or '').lower()}", "Nothing was imported.") from error


def _standard_input() -> io.BufferedReader:
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("Standard input is closed", "Give a file, or pipe one in.")
    stream = cast("io.RawIOBase", sys.stdin.buffer)  # a buffer on top of the buffer: only that can be peeked into
    return io.BufferedReader(stream)


def _no_format(name: str, importers: Sequence[Importer], format_name: str | None) -> InputError:
    known = ", ".join(f"{importer.name} ({importer.label})" for importer in importers) or "none; see crm plugins"
    if format_name:
        return InputError(f"There is no format {format_name[:40]!r}", f"Formats: {known}.")
    what = "Standard input" if name == STDIN else name
    return InputError(f"{what} is in no format that can be read", f"Nothing was imported. Formats: {known}.")


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    counted = Counter(row.action for row in rows)
    return {action: counted[action] for action in TOLD}


def _report(app: App, rows: Sequence[Row], *, dry_run: bool) -> None:
    """A line for each entry that wants attention (in a dry run: for every one), and the sum."""
    shown = [
        row for row in rows if dry_run or row.repaired or row.left_out or row.action in {"left", "unsure", "refused"}
    ]
    columns: tuple[Column[Row], ...] = (
        Column("", lambda row: "would be " + row.action if dry_run else row.action, priority=3),
        Column("id", lambda row: row.id, priority=3, min=3),
        Column("name", lambda row: row.name, priority=2),
        Column("where", lambda row: f"{os.path.basename(row.file)}:{row.line}", priority=1),  # noqa: PTH119
        Column("remark", _remark, priority=2),
    )
    app.output.table(shown, columns)
    counts = ", ".join(f"{number:,} {action}" for action, number in _counts(rows).items() if number)
    total = f"{len(rows):,} {'entry' if len(rows) == 1 else 'entries'}"
    app.output.line(f"{'Would import' if dry_run else 'Imported'} {total}: {counts or 'none found'}")
    if any(row.action == "unsure" for row in rows) and not dry_run:
        app.output.talk("Look at the unsure ones: crm contact duplicates")


def _remark(row: Row) -> str:
    parts = [row.reason, *row.repaired]
    if row.left_out:
        parts.append(f"left out: {', '.join(row.left_out)}")
    return "; ".join(part for part in parts if part)
