"""What a book is mended by where a change set can't: it can't be opened, or the numbers that it has drawn are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from crm_core.errors import Conflict
from crm_core.store.backups import Backup, read
from crm_core.store.format import parse
from crm_core.store.storage import Table
from crm_core.store.tiny import TinyStore
from crm_core.store.transaction import later_counters


def accept(store: TinyStore, seen: bytes, counters: Mapping[str, int], at: datetime) -> Backup:
    """Seal a book anew that was changed by hand: from then on its contents fit its checksum.

    Args:
        store: The book.
        seen: The file's bytes as they were looked through; its tables can be read.
        counters: The least that its counters must be, so that no number is given again.
        at: When, as an aware datetime.

    Returns:
        The copy of the file as it was.

    Raises:
        Conflict: The file is another one by now.
        CrmError: The copy or the book could not be written; the file is as it was.
    """
    with store.lock():
        if read(store.path) != seen:
            raise Conflict("The book was changed meanwhile", "Nothing was changed. Look at it and try again.")
        kept = store.backups.keep_aside(seen, at)
        tables, meta = parse(seen, checked=False, deep=True)
        counters = later_counters(meta.counters, counters)
        meta = msgspec.structs.replace(meta, counters=counters, revision=meta.revision + 1)
        store.storage.replace({name: Table(blob) for name, blob in tables.items()}, meta)
        return kept


def raise_counters(store: TinyStore, least: Mapping[str, int]) -> None:
    """Make sure that no number up to those is given again.

    Raises:
        CrmError: The book could not be written; it is as it was.
    """
    with store.lock():
        store.storage.refresh()
        meta, counters = store.storage.meta, later_counters(store.counters, least)
        if counters != meta.counters:
            tables = store.storage.read() or {}
            store.storage.commit(tables, msgspec.structs.replace(meta, counters=counters))
