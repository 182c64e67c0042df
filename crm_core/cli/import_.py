"""`crm import`: bring people in from files.

Where they come from is `sources.py`'s, in which format they are `formats.py`'s, whom they match `importing.py`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import click

from crm_core.cli.app import App
from crm_core.cli.asking import progress
from crm_core.cli.columns import ColumnMaps
from crm_core.cli.context import json_option, pass_app
from crm_core.cli.formats import choose, entries_of, tell_passed_over
from crm_core.cli.output import Column
from crm_core.cli.sources import sources_of
from crm_core.errors import PartlyDone

if TYPE_CHECKING:
    from crm_core.importing import Entry, Row

TOLD: Final = ("added", "updated", "same", "left", "unsure", "conflict", "refused")
WHERE: Final = 28
"""Cells in which the place of an entry can be told: a file's name and a line."""
WANTING_ATTENTION: Final = frozenset({"left", "unsure", "conflict", "refused"})


@click.command(
    "import",
    epilog="""\b
Examples:
  crm import contacts.vcf
  crm import --dry-run phone.vcf
  crm import contacts/ takeout.zip
  crm import people.csv --map 'Full name=name' --map Mail=email
  cat *.vcf | crm import -
""",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "format_name", metavar="NAME", help="The format, where it can't be told from the file.")
@click.option(
    "--map",
    "given",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What is in a column of a table that no format knows; repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would become of each entry.")
@json_option
@pass_app
def import_(
    app: App, files: Sequence[str], format_name: str | None, given: Sequence[str], dry_run: bool, as_json: bool
) -> None:
    """Bring people in from a file, a folder of files, a .zip, or - for standard input.

    The same file twice changes nothing. Who may be somebody you know already stays apart and is listed by
    crm contact duplicates.
    """
    importers = app.host.importers()
    with ExitStack() as stack:
        maps = ColumnMaps(given, files, app.output)
        chosen = choose(sources_of(files, importers, stack), importers, format_name, maps)
        rows = _import(app, progress(entries_of(chosen, app.book), "Reading"), files, dry_run=dry_run)
    if as_json:
        app.output.json_items(rows, {"summary": _counts(rows), "dry_run": dry_run, "passed_over": chosen.left})
    else:
        _report(app, rows, chosen.names(narrow=app.output.room is not None), dry_run=dry_run)
        tell_passed_over(app.output, chosen)
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
    from crm_core.importing.people import import_people

    if dry_run:
        return import_people(app.book, entries, dry_run=True)
    read = list(entries)
    with app.book.change(f"imported {', '.join(files)[:100]}"):
        return import_people(app.book, progress(read, "Matching", len(read)), dry_run=False)


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    counted = Counter(row.action for row in rows)
    return {action: counted[action] for action in TOLD}


def _report(app: App, rows: Sequence[Row], names: Mapping[str, str], *, dry_run: bool) -> None:
    """A line for each entry that wants attention (in a dry run: for every one), and the sum.

    Args:
        app: This run.
        rows: What became of each entry.
        names: What a file is called here, by its whole name.
        dry_run: Whether nothing was done.
    """
    shown = [row for row in rows if dry_run or row.repaired or row.left_out or row.action in WANTING_ATTENTION]
    columns: tuple[Column[Row], ...] = (
        Column("", lambda row: "would be " + row.action if dry_run else row.action, priority=3),
        Column("id", lambda row: row.id, priority=3, min=3),
        Column("name", lambda row: row.name, priority=2),
        Column("where", lambda row: f"{names.get(row.file, row.file)}:{row.line}", priority=1, min=WHERE),
        Column("remark", _remark, priority=2),
    )
    app.output.table(shown, columns)
    counts = ", ".join(f"{number:,} {action}" for action, number in _counts(rows).items() if number)
    total = f"{len(rows):,} {'entry' if len(rows) == 1 else 'entries'}"
    app.output.line(f"{'Would import' if dry_run else 'Imported'} {total}: {counts or 'none found'}")
    if any(row.action == "unsure" for row in rows) and not dry_run:
        app.output.talk("Look at the unsure ones: crm contact duplicates")
    if any(row.action in {"added", "unsure"} or row.changed for row in rows) and not dry_run:
        app.output.talk("To take it all back: crm undo")


def _remark(row: Row) -> str:
    parts = [row.reason, *row.repaired]
    if row.left_out:
        parts.append(f"left out: {', '.join(row.left_out)}")
    return "; ".join(part for part in parts if part)
