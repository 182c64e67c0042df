"""`crm backup`: copy the book to where the user wants it or into its own folder of backups, and list what is there.

When the program makes backups of its own accord is decided in `store/tiny.py`, how many are kept in `store/backups.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show
from crm_core.cli.screen.output import Column
from crm_core.errors import InputError
from crm_core.files import replace_file, said_size
from crm_core.store.backups import REASONS, STAMP, Reason
from crm_core.store.format import Unusable, parse
from crm_core.words import say_when

if TYPE_CHECKING:
    from crm_core.store.backups import Backup
    from crm_core.store.format import Contents

GOOD: Final = "good"
LIST: Final = Path("list")
"""What every other list is asked for by; nobody means a file of that name in the folder where they are."""


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """A copy of the book as it is now; `id` is empty outside the folder of backups."""

    id: str
    file: str
    revision: int
    records: int
    bytes: int


class Listed(Copied, frozen=True, kw_only=True):
    """A backup as it is listed. `state` is `good`, or why it is not; then nothing is known of what is in it."""

    at: datetime
    reason: Reason
    state: str


@click.command(
    epilog="""\b
Examples:
  crm backup
  crm backup ~/usb-stick
  crm backup --list
"""
)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--list", "listing", is_flag=True, help="List the backups that there are, the newest first.")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@json_option
@pass_app
def backup(app: App, file: Path | None, listing: bool, force: bool, as_json: bool) -> None:
    """Copy the book as it is now: to a file or a folder, else into its own folder of backups.

    The program makes backups there of its own accord, too: on each day that something is changed, and before what
    changes much at once.
    """
    if listing or file == LIST:
        _list(app, as_json=as_json)
    else:
        _tell(app, _copied_to(app, file, force=force) if file is not None else _backed_up(app), as_json=as_json)


def _list(app: App, *, as_json: bool) -> None:
    columns: tuple[Column[Listed], ...] = (
        Column("id", lambda row: row.id, priority=5, min=3),
        Column("made", lambda row: say_when(row.at, app.now), priority=5, min=12),
        Column("why", lambda row: REASONS[row.reason], priority=2, min=16),
        Column("records", lambda row: f"{row.records:,}" if row.state == GOOD else "", priority=3, right=True),
        Column("size", lambda row: said_size(row.bytes), priority=1, right=True),
        Column("revision", lambda row: f"{row.revision:,}" if row.state == GOOD else "", priority=0, right=True),
        Column("state", lambda row: row.state, priority=4),
    )
    rows = [_row(found) for found in reversed(app.store.backups.all())]
    show(rows, columns, as_json=as_json, empty="There are no backups yet.")


def _row(found: Backup) -> Listed:
    revision = records = 0
    state = GOOD
    try:
        contents = found.contents()
        revision, records = contents.meta.revision, contents.records
    except Unusable as error:
        state = error.what
    return Listed(
        id=found.id,
        file=str(found.path),
        at=found.at,
        reason=found.reason,
        revision=revision,
        records=records,
        bytes=found.size,
        state=state,
    )


def _backed_up(app: App) -> Copied:
    made = app.store.back_up(app.now)
    if made is None:
        raise _no_book(app)
    return _copied(made.contents(), made.path, made.size, made.id)


def _copied_to(app: App, file: Path, *, force: bool) -> Copied:
    """Copy the book to where the user said.

    Raises:
        InputError: There is no book, something is there already, or it is the book itself.
        CrmError: The book is damaged, or the copy can't be written.
    """
    data = app.store.data
    if data is None:
        raise _no_book(app)
    book = app.places.book
    path = file / f"{book.stem}-{app.now.astimezone(UTC).strftime(STAMP)}.json" if file.is_dir() else file
    if path.exists() and book.samefile(path):
        raise InputError(f"{path} is the book itself", "Name another file.")
    if path.exists() and not force:
        raise InputError(f"{path} is there already", "Give another name, or --force to write over it.")
    replace_file(path, [data])
    return _copied(parse(data), path, len(data))


def _copied(contents: Contents, path: Path, size: int, id: str = "") -> Copied:  # noqa: A002 (it is the id)
    return Copied(id=id, file=str(path), revision=contents.meta.revision, records=contents.records, bytes=size)


def _no_book(app: App) -> InputError:
    return InputError(f"There is no book yet: {app.places.book}", "Nothing was copied.")


def _tell(app: App, copied: Copied, *, as_json: bool) -> None:
    if as_json:
        app.output.json_item(copied)
        return
    records = f"{copied.records:,} record{'' if copied.records == 1 else 's'}"
    where = f"The book is backed up as {copied.id}, {copied.file}" if copied.id else f"Copied the book to {copied.file}"
    app.output.line(f"{where}: {records}, {said_size(copied.bytes)}")
    attachments = app.store.attachments.names()
    if not copied.id and attachments:
        app.output.talk(f"Photos are not in it: {len(attachments):,} in {app.store.attachments.folder}")
