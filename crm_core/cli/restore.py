"""`crm restore`: make the book what a backup holds. What that would change is shown and asked about first.

How it is done, and what becomes of the present book, is `store/restoring.py`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, yes_option
from crm_core.cli.dialog.asking import confirm
from crm_core.cli.params import FILE_NAME
from crm_core.errors import BookGone, BookNewer, BookUnreadable, InputError
from crm_core.importing import HEAD
from crm_core.interchange import book_from_json, looks_like_a_book
from crm_core.records import CORE_KINDS
from crm_core.store.backups import read
from crm_core.store.format import Contents, Unusable, packed, parse
from crm_core.store.restoring import Difference, differences
from crm_core.store.restoring import restore as restore_book

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crm_core.records import RecordKind
    from crm_core.store.backups import Backup


class Wanted(NamedTuple):
    """What the user named: a file, what is in it, what to call it, and the photos that it brings along."""

    path: Path
    contents: Contents
    label: str
    attachments: Collection[bytes] = ()


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, for JSON. `kept` is the copy of the book as it was; empty where there was none."""

    file: str
    changes: list[Difference]
    done: bool
    kept: str = ""


@click.command(
    epilog="""\b
Examples:
  crm restore b17
  crm restore ~/usb-stick/book-20261123T110000Z.json
  crm restore exported.json
"""
)
@click.argument("file", type=FILE_NAME)
@yes_option
@json_option
@pass_app
def restore(app: App, file: str, yes: bool, as_json: bool) -> None:
    """Put a backup, any copy of a book, or what crm export json wrote in the book's place.

    FILE is a backup's id or name (crm backup --list), or a path. What would change is shown first. The book as it is
    now is kept as a backup, even if it can't be read.
    """
    wanted = _wanted(app, file)
    seen = _revision(app)
    changes = differences(app.store if seen else None, wanted.contents)
    if seen is not None and not changes:
        _tell(app, Restored(file=str(wanted.path), changes=[], done=False), None, as_json=as_json)
        return
    _announce(app, wanted, changes, compared=bool(seen))
    if not yes and not confirm(f"Restore {wanted.label}?"):
        raise click.Abort
    for photo in wanted.attachments:
        app.store.attach(photo)
    kept = restore_book(app.store, wanted.contents, f"restored {wanted.label}", app.command_line, app.now, seen=seen)
    done = Restored(file=str(wanted.path), changes=changes, done=True, kept=str(kept.path) if kept else "")
    _tell(app, done, kept, as_json=as_json)


def _wanted(app: App, name: str) -> Wanted:
    """What a word on the command line names.

    Raises:
        InputError: Nothing, the book itself, or what can't be put in the book's place.
    """
    backup = app.store.backups.find(name)
    path, label = (backup.path, backup.id) if backup is not None else (Path(name), Path(name).name)
    book = app.places.book
    if not path.exists():
        raise InputError(f"There is no backup or file {name!r}", "crm backup --list shows the backups.")
    if book.exists() and book.samefile(path):
        raise InputError(f"{path} is the book itself", "crm backup --list shows the backups.")
    try:
        data = read(path)
        if looks_like_a_book(data[:HEAD]):
            return _exported(app, path, data)
        return Wanted(path, parse(data, deep=True), label)
    except Unusable as error:
        cure = "Update crm-core." if error.newer else "crm backup --list shows which backups are good."
        raise InputError(f"{path} {error.what}", f"Nothing was changed. {cure}") from None


def _exported(app: App, path: Path, data: bytes) -> Wanted:
    """A whole book that was written as JSON.

    Raises:
        InputError: It can't be read.
    """
    kinds = [*CORE_KINDS, *app.host.kinds()]
    try:
        book = book_from_json(data, kinds)
    except InputError as error:
        raise InputError(f"{path}: {error.message}", f"Nothing was changed. {error.hint}") from None
    return Wanted(path, packed(book), path.name, list(book.attachments.values()))


def _revision(app: App) -> int | None:
    """The present book's; None if it can't be read.

    Raises:
        BookNewer: It was written by a newer version of the program: that is no damage.
    """
    try:
        return app.store.revision
    except BookNewer:
        raise
    except BookGone:
        return 0
    except BookUnreadable as error:
        app.output.talk(f"{error.message}. It will be kept aside as it is.")
        return None


def _announce(app: App, wanted: Wanted, changes: Sequence[Difference], *, compared: bool) -> None:
    """Say what restoring would do."""
    if compared and app.store.identity not in {"", wanted.contents.meta.identity}:
        app.output.talk(f"{wanted.path} is a copy of another book than the present one.")
    if not changes:
        app.output.talk(f"{wanted.path} holds no records.")
        return
    app.output.talk(f"Restoring {wanted.path} would change the book so:" if compared else f"{wanted.path} holds:")
    kinds: dict[str, RecordKind[Any]] = {kind.table: kind for kind in (*CORE_KINDS, *app.host.kinds())}
    for row in changes:
        counts = ((row.added, "added"), (row.changed, "changed"), (row.removed, "removed"))
        said = ", ".join(f"{count:,} {word}" for count, word in counts if count) if compared else f"{row.added:,}"
        app.output.talk(f"  {kinds[row.table].plural if row.table in kinds else row.table}: {said}")


def _tell(app: App, restored: Restored, kept: Backup | None, *, as_json: bool) -> None:
    if as_json:
        app.output.json_item(restored)
        return
    if not restored.done:
        app.output.line(f"The book is as {restored.file} has it: nothing was changed")
        return
    app.output.line(f"Restored {restored.file}")
    if kept is None:
        return
    if kept.reason == "unreadable":
        app.output.talk(f"The file that could not be read is kept as {kept.path}")
    else:
        app.output.talk(f"The book as it was is kept as {kept.path}; to go back: crm restore {kept.id}")
