"""A change set in the making, on tables that stay undecoded; committing it, and what goes with that, is `tiny.py`'s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from crm_core.store.backups import Backup, Reason
from crm_core.store.base import CHANGE_PREFIX, Change, Image, digest
from crm_core.store.format import META, Meta
from crm_core.store.storage import Table

HISTORY: Final = "_history"
HISTORY_CHANGES: Final = 200  # changes remembered at the most
HISTORY_BYTES: Final = 4_000_000  # and their size in the file; the newest is kept whatever its size

_decode_change = msgspec.json.Decoder(Change).decode


class TinyTransaction:
    """A change set on undecoded tables; see `base.Transaction`."""

    def __init__(self, tables: dict[str, Table], meta: Meta, drawn: dict[str, int], *, moved: bool) -> None:
        self.moved = moved
        self.reason: Reason | None = None  # why the book is to be backed up before this is committed, if it is
        self.backup: Backup | None = None  # the copy that was made for it
        self.redirects: dict[str, str] = dict(meta.redirects)
        self.versions: dict[str, int] = dict(meta.schema)
        self.migrated: tuple[str, ...] = ()
        self.undone: tuple[str, ...] = ()
        self.redone: tuple[str, ...] = ()
        self._tables = tables
        self._meta = meta
        self._counters = dict(meta.counters)
        self._drawn = drawn
        self._touched: dict[str, dict[str, msgspec.Raw]] = {}
        self._before: dict[tuple[str, str], msgspec.Raw | None] = {}
        self._disordered: set[str] = set()

    @property
    def redirected(self) -> dict[str, str]:
        """The redirects that are new."""
        return _not_in(self._meta.redirects, self.redirects)

    @property
    def separated(self) -> dict[str, str]:
        """The redirects that are no more."""
        return _not_in(self.redirects, self._meta.redirects)

    @property
    def came_to_something(self) -> bool:
        """Whether there is something to commit beside documents."""
        return self.redirects != self._meta.redirects or bool(self.undone or self.redone or self.migrated)

    @property
    def meta(self) -> Meta:
        """What the file shall say of itself."""
        return msgspec.structs.replace(
            self._meta, counters=self._counters, redirects=self.redirects, schema=self.versions
        )

    def take_meta(self, meta: Meta) -> None:
        """Say of itself what another file says, without giving a number again that either has drawn."""
        self._meta = msgspec.structs.replace(self._meta, identity=meta.identity)
        for owner in self.versions.keys() | meta.schema.keys():
            if self.versions.get(owner, 1) != (version := meta.schema.get(owner, 1)):
                self.set_version(owner, version, migrated=True)
        self._counters = later_counters(self._counters, meta.counters)
        self.redirects = dict(meta.redirects)

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        self._put_in_order()
        if table in self._touched:
            return self._touched[table]
        return self._tables[table].raws if table in self._tables else {}

    def draw(self, counter: str) -> int:
        number = max(self._counters.get(counter, 0), self._drawn.get(counter, 0)) + 1
        self._counters[counter] = self._drawn[counter] = number
        return number

    def count_change(self) -> int:
        """The number of this change; nobody has seen it if it comes to nothing, so it may be given again."""
        self._counters[CHANGE_PREFIX] = self._counters.get(CHANGE_PREFIX, 0) + 1
        return self._counters[CHANGE_PREFIX]

    def put(self, table: str, key: str, document: bytes) -> None:
        documents = self._open(table)
        self._before.setdefault((table, key), documents.get(key))
        if documents and key not in documents and _number(key) < _number(next(reversed(documents))):
            self._disordered.add(table)
        documents[key] = msgspec.Raw(document)

    def delete(self, table: str, key: str) -> None:
        documents = self._open(table)
        if key in documents:
            self._before.setdefault((table, key), documents.pop(key))
            documents.pop(key, None)

    def redirect(self, old: str, new: str) -> None:
        self.redirects[old] = new

    def separate(self, old: str) -> None:
        self.redirects.pop(old, None)

    def set_version(self, owner: str, version: int, *, migrated: bool = False) -> None:
        self.versions[owner] = version
        if migrated:
            self.migrated = (*self.migrated, owner)

    def mark_undone(self, changes: Sequence[str]) -> None:
        self.undone = (*self.undone, *changes)

    def mark_redone(self, changes: Sequence[str]) -> None:
        self.redone = (*self.redone, *changes)

    def images(self) -> tuple[Image, ...]:
        """What the change set did, one image a document that is not as it was."""
        return tuple(
            Image(table, key, msgspec.UNSET if before is None else before, digest(after))
            for (table, key), before in self._before.items()
            if not _same(before, after := self._touched[table].get(key))
        )

    def remember(self, key: str, change: bytes) -> list[Change]:
        """Add a change to the history; returns those that fall out of it."""
        history = self._open(HISTORY)
        history[key] = msgspec.Raw(change)
        size = sum(len(memoryview(raw)) for raw in history.values())
        dropped = []
        while len(history) > 1 and (len(history) > HISTORY_CHANGES or size > HISTORY_BYTES):
            oldest = history.pop(next(iter(history)))
            size -= len(memoryview(oldest))
            dropped.append(_decode_change(oldest))
        return dropped

    def tables(self) -> dict[str, Table]:
        """All tables as they shall be written."""
        self._put_in_order()
        touched = {name: Table(raws=documents) for name, documents in self._touched.items()}
        return {name: table for name, table in {**self._tables, **touched}.items() if name != META}

    def _put_in_order(self) -> None:
        """Sort the tables where documents were put back: once for all, since there may be thousands."""
        for table in self._disordered:
            self._touched[table] = dict(sorted(self._touched[table].items(), key=lambda item: _number(item[0])))
        self._disordered.clear()

    def _open(self, table: str) -> dict[str, msgspec.Raw]:
        if table not in self._touched:
            self._touched[table] = dict(self._tables[table].raws) if table in self._tables else {}
        return self._touched[table]


def later_counters(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Counters that give no number again that either has given."""
    return {name: max(one.get(name, 0), other.get(name, 0)) for name in {**one, **other}}


def _same(one: msgspec.Raw | None, other: msgspec.Raw | None) -> bool:
    if one is None or other is None:
        return one is other
    return memoryview(one) == memoryview(other)


def _number(key: str) -> int:
    """A document's place in its table; nothing of ours writes a key that is no number."""
    return int(key) if key.isdecimal() else 0


def _not_in(others: Mapping[str, str], redirects: Mapping[str, str]) -> dict[str, str]:
    return {old: new for old, new in redirects.items() if others.get(old) != new}
