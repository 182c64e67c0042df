"""A store that keeps everything in memory: fast where files are not the subject, and proof that none are needed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec

from crm_core.store.attachments import attachment_name
from crm_core.store.base import Change, Image

Tables = dict[str, dict[str, msgspec.Raw]]


class Shelf:
    """What the stores that were opened on it share."""

    def __init__(self) -> None:
        self.revision = 0
        self.tables: Tables = {}
        self.counters: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.changes: list[Change] = []
        self.identity = ""
        self.files: dict[str, bytes] = {}


class MemoryStore:
    """A `Store` on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._drawn: dict[str, int] = {}
        self._read()

    def _read(self) -> None:
        self.revision = self._shelf.revision
        self.redirects: Mapping[str, str] = self._shelf.redirects
        self._tables = self._shelf.tables
        self._changes = list(self._shelf.changes)

    @property
    def identity(self) -> str:
        return self._shelf.identity

    def attach(self, data: bytes) -> str:
        name = attachment_name(data)
        self._shelf.files[name] = data
        return name

    def attachment(self, name: str) -> bytes | None:
        return self._shelf.files.get(name)

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        return self._tables.get(table, {})

    def tables(self) -> list[str]:
        return [name for name, documents in self._tables.items() if documents]

    def history(self) -> list[Change]:
        return self._changes

    @contextmanager
    def begin(self, title: str, command: str, at: datetime) -> Iterator[MemoryTransaction]:
        moved = self.revision != self._shelf.revision
        self._read()
        transaction = MemoryTransaction(self._shelf, self._drawn, moved=moved)
        yield transaction
        images = transaction.images()
        if images or transaction.redirected:
            shelf = self._shelf
            shelf.changes.append(
                Change(
                    f"h{len(shelf.changes) + 1}", at.astimezone(UTC), "", title, command, images, transaction.redirected
                )
            )
            shelf.tables, shelf.counters = transaction.tables, transaction.counters
            shelf.redirects = transaction.redirects
            shelf.identity = shelf.identity or f"{id(shelf):016x}"
            shelf.revision += 1
            self._read()


class MemoryTransaction:
    """A change set on copies of a shelf's tables."""

    def __init__(self, shelf: Shelf, drawn: dict[str, int], *, moved: bool) -> None:
        self.moved = moved
        self.redirects = dict(shelf.redirects)
        self.redirected: dict[str, str] = {}
        self.tables: Tables = {name: dict(documents) for name, documents in shelf.tables.items()}
        self.counters = dict(shelf.counters)
        self._drawn = drawn
        self._before = shelf.tables

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        return self.tables.get(table, {})

    def draw(self, counter: str) -> int:
        number = max(self.counters.get(counter, 0), self._drawn.get(counter, 0)) + 1
        self.counters[counter] = self._drawn[counter] = number
        return number

    def put(self, table: str, key: str, document: bytes) -> None:
        self.tables.setdefault(table, {})[key] = msgspec.Raw(document)

    def delete(self, table: str, key: str) -> None:
        self.tables.get(table, {}).pop(key, None)

    def redirect(self, old: str, new: str) -> None:
        self.redirects[old] = self.redirected[old] = new

    def images(self) -> tuple[Image, ...]:
        return tuple(
            Image(table, key, msgspec.UNSET if before is None else before, _digest(after))
            for table in {**self._before, **self.tables}
            for key in {**self._before.get(table, {}), **self.tables.get(table, {})}
            if _bytes(before := self._before.get(table, {}).get(key))
            != _bytes(after := self.tables.get(table, {}).get(key))
        )


def _bytes(document: msgspec.Raw | None) -> bytes | None:
    return None if document is None else bytes(document)


def _digest(document: msgspec.Raw | None) -> str:
    return "" if document is None else f"{zlib.crc32(bytes(document)):08x}"
