"""Restoring: the book becomes what another file of it holds, be it a backup or one from elsewhere.

What that would change is told first (`differences`); whether the user wants it is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from crm_core.errors import BookGone, BookNewer, BookUnreadable, Conflict, CrmError
from crm_core.store.backups import Backup
from crm_core.store.base import Change, Store
from crm_core.store.format import Contents, Meta, salvaged
from crm_core.store.storage import Table
from crm_core.store.tiny import TinyStore
from crm_core.store.transaction import HISTORY, TinyTransaction, later_counters

LEAP: Final = 1_000
"""Revisions that a book may have come further than its backup, where it can't tell any more."""

_decode_change = msgspec.json.Decoder(Change).decode


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What restoring would do to a table."""

    table: str
    added: int = 0
    changed: int = 0
    removed: int = 0


def differences(present: Store | None, wanted: Contents) -> list[Difference]:
    """What would change, table by table; those that stay as they are are left out.

    Args:
        present: The book; None for one that can't be read, of which nothing is left to compare.
        wanted: What it shall hold.

    Raises:
        BookUnreadable: The present book can't be read.
    """
    names = dict.fromkeys((*(present.tables() if present else ()), *wanted.tables))
    found = (
        _difference(name, present.documents(name) if present else {}, _documents(wanted, name))
        for name in names
        if not name.startswith("_")
    )
    return [difference for difference in found if difference.added or difference.changed or difference.removed]


def restore(
    store: TinyStore, wanted: Contents, title: str, command: str, at: datetime, *, seen: int | None
) -> Backup | None:
    """Make the book what another file of it holds.

    A present book that holds anything is changed as by any command: that can be undone, and the history goes on. Else
    the other file's history is taken over, too.

    Args:
        store: The book.
        wanted: What it shall hold.
        title: What the history says happened.
        command: The command line that does it.
        at: When, as an aware datetime.
        seen: The revision that the user was shown; None for a book that can't be read.

    Returns:
        The copy of the book as it was, which may be one that can't be read; None where there was no book.

    Raises:
        Conflict: The book is not what the user was shown.
        CrmError: The copy or the book could not be written; the book is as it was.
    """
    with store.lock():
        present = _revision(store)
        if present != seen:
            raise Conflict("The book was changed by another command meanwhile", "Look at it and try again.")
        if present is None:
            return _over_damage(store, wanted, at)
        if not store.path.exists():
            _replace(store, wanted, Meta(revision=wanted.meta.revision + LEAP))
            return None
        if not store.tables():
            return _over_nothing(store, wanted, at)
        with store.locked_change(title, command, at, "restore") as transaction:
            _become(transaction, store.tables(), wanted)
        return transaction.backup


def _revision(store: TinyStore) -> int | None:
    try:
        store.storage.refresh()
    except BookNewer:
        raise
    except BookGone:
        return 0
    except BookUnreadable:
        return None
    return store.revision


def _over_nothing(store: TinyStore, wanted: Contents, at: datetime) -> Backup:
    """Put another file in the place of a book that holds nothing."""
    assert store.data is not None  # noqa: S101 (there is such a book)
    kept = store.backups.make(store.data, "restore", at)
    _replace(store, wanted, store.storage.meta)
    return kept


def _over_damage(store: TinyStore, wanted: Contents, at: datetime) -> Backup:
    """Put another file in the place of one that can't be read, which is kept aside byte for byte."""
    try:
        data = store.path.read_bytes()
    except OSError as error:
        raise CrmError(
            f"The book {store.path} can't be kept aside: {(error.strerror or '').lower()}",
            "Nothing was changed. Move it elsewhere yourself, then restore again.",
        ) from error
    kept = store.backups.keep_aside(data, at)
    known = salvaged(data)
    # Whoever has the book open must see that it is another one, though nobody can tell how far it had come.
    _replace(store, wanted, known if known.revision else Meta(revision=wanted.meta.revision + LEAP))
    return kept


def _replace(store: TinyStore, wanted: Contents, present: Meta) -> None:
    """Write another file's contents as a revision after the present one; no number of either is given again."""
    tables = {name: Table(blob) for name, blob in wanted.tables.items()}
    if HISTORY in tables:
        tables[HISTORY] = Table(raws=_whole_changes(store, tables[HISTORY].raws))
    meta = msgspec.structs.replace(
        wanted.meta,
        revision=max(wanted.meta.revision, present.revision) + 1,
        counters=later_counters(wanted.meta.counters, present.counters),
    )
    store.attachments.confirm()
    store.storage.replace(tables, meta)


def _whole_changes(store: TinyStore, history: Mapping[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """The changes whose images are in the history itself or still lie beside the book."""
    return {key: raw for key, raw in history.items() if _whole(store, raw)}


def _whole(store: TinyStore, change: msgspec.Raw) -> bool:
    try:
        images_in = _decode_change(change).images_in
    except msgspec.DecodeError:
        return False
    return not images_in or store.images_file(images_in).exists()


def _become(transaction: TinyTransaction, tables: Iterable[str], wanted: Contents) -> None:
    """Make every table but our own what the other file holds; a document that is so already is left alone."""
    transaction.take_meta(wanted.meta)
    for name in dict.fromkeys((*tables, *wanted.tables)):
        if name.startswith("_"):
            continue
        present, documents = transaction.documents(name), _documents(wanted, name)
        for key in [key for key in present if key not in documents]:
            transaction.delete(name, key)
        for key, document in documents.items():
            if bytes(document) != bytes(present.get(key, b"")):
                transaction.put(name, key, bytes(document))


def _difference(table: str, present: Mapping[str, msgspec.Raw], wanted: Mapping[str, msgspec.Raw]) -> Difference:
    both = present.keys() & wanted.keys()
    return Difference(
        table=table,
        added=len(wanted) - len(both),
        changed=sum(bytes(present[key]) != bytes(wanted[key]) for key in both),
        removed=len(present) - len(both),
    )


def _documents(contents: Contents, table: str) -> Mapping[str, msgspec.Raw]:
    return Table(contents.tables.get(table, b"{}")).raws
