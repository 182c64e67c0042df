"""`crm import`: bring people in from files.

Where they come from is `intake/sources.py`'s, in which format they are `intake/formats.py`'s, whom they match that of
`importing/people.py`, what is said of it `intake/accounting.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app
from crm_core.cli.dialog.asking import progress
from crm_core.cli.intake.accounting import check_all_taken, counts, report
from crm_core.cli.intake.columns import ColumnMaps
from crm_core.cli.intake.formats import choose, entries_of, tell_passed_over
from crm_core.cli.intake.sources import sources_of
from crm_core.cli.params import FILE_NAME
from crm_core.errors import PartlyDone

if TYPE_CHECKING:
    from crm_core.importing import Entry, Row


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
@click.argument("files", type=FILE_NAME, nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "format_name", metavar="NAME", help="The format, where it can't be told from the file.")
@click.option(
    "--map",
    "given",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What is in a column of a table that no format knows; repeatable.",
)
@click.option("--file-wins", is_flag=True, help="Where book and file were both changed, take what the file has.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each entry.")
@click.option("--all", "every", is_flag=True, help="Show every entry, not only those that want a look.")
@click.option("--yes", "-y", is_flag=True, expose_value=False, help="For scripts; nothing is asked anyway.")
@json_option
@pass_app
def import_(
    app: App,
    files: Sequence[str],
    format_name: str | None,
    given: Sequence[str],
    file_wins: bool,
    dry_run: bool,
    every: bool,
    as_json: bool,
) -> None:
    """Bring people in from a file, a folder of files, a .zip, or - for standard input.

    The same file twice changes nothing. Who may be somebody you know already stays apart and is listed by
    crm contact duplicates.
    """
    importers = app.host.importers()
    with ExitStack() as stack:
        maps = ColumnMaps(given, files, app.output)
        chosen = choose(sources_of(files, importers, stack), importers, format_name, maps)
        entries = progress(entries_of(chosen, app.book), "Reading")
        rows = _import(app, entries, files, dry_run=dry_run, file_wins=file_wins)
    if as_json:
        app.output.json_items(rows, {"summary": counts(rows), "dry_run": dry_run, "passed_over": chosen.left})
    else:
        names = chosen.names(narrow=app.output.room is not None)
        report(app.output, rows, names, every=every or dry_run, dry_run=dry_run)
        tell_passed_over(app.output, chosen)
    failed = [plugin.name for plugin in app.host.failed]
    if failed:
        raise PartlyDone(f"The import lacks the part of: {', '.join(failed)}", "`crm plugins` says what went wrong.")
    check_all_taken(rows, dry_run=dry_run)


def _import(
    app: App, entries: Iterable[tuple[str, Entry]], files: Sequence[str], *, dry_run: bool, file_wins: bool
) -> list[Row]:
    from crm_core.importing.people import import_people

    if dry_run:
        return import_people(app.book, entries, dry_run=True, file_wins=file_wins)
    read = list(entries)
    with app.book.change(f"imported {', '.join(files)[:100]}"):
        matching = progress(read, "Matching", len(read))
        return import_people(app.book, matching, dry_run=False, file_wins=file_wins)
