"""A store that keeps everything in memory: fast where files are not the subject, and proof that none are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import msgspec

from crm_core.store.attachments import attachment_name
from crm_core.store.base import Change, Image, digest

Tables = dict[str, dict[str, msgspec.Raw]]


class Shelf:
    """What the stores that were opened on it share."""

    def __init__(self) -> None:
        self.revision = 0
        self.tables: Tables = {}
        self.counters: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.versions: dict[str, int] = {"core": 1}
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
        self.counters: Mapping[str, int] = self._shelf.counters
        self.versions: Mapping[str, int] = self._shelf.versions
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

    def images(self, change: Change) -> tuple[Image, ...]:
        return change.images

    @contextmanager
    def begin(self, title: str, command: str, at: datetime) -> Iterator[MemoryTransaction]:
        moved = self.revision != self._shelf.revision
        self._read()
        transaction = MemoryTransaction(self._shelf, self._drawn, moved=moved)
        yield transaction
        shelf = self._shelf
        change = Change(
            id=f"h{shelf.changes[-1].number + 1 if shelf.changes else 1}",
            at=at.astimezone(UTC),
            who="",
            title=title,
            command=command,
            images=transaction.images(),
            redirects=_not_in(shelf.redirects, transaction.redirects),
            separated=_not_in(transaction.redirects, shelf.redirects),
            undoes=transaction.undone,
            redoes=transaction.redone,
            migrated=transaction.migrated,
        )
        acts = (change.redirects, change.separated, change.undoes, change.redoes, change.migrated)
        if change.images or any(acts):
            shelf.changes.append(change)
            shelf.tables, shelf.counters = transaction.tables, transaction.counters
            shelf.redirects, shelf.versions = transaction.redirects, transaction.versions
            shelf.identity = shelf.identity or f"{id(shelf):016x}"
            shelf.revision += 1
            self._read()


class MemoryTransaction:
    """A change set on copies of a shelf's tables."""

    def __init__(self, shelf: Shelf, drawn: dict[str, int], *, moved: bool) -> None:
        self.moved = moved
        self.redirects = dict(shelf.redirects)
        self.versions = dict(shelf.versions)
        self.migrated: tuple[str, ...] = ()
        self.undone: tuple[str, ...] = ()
        self.redone: tuple[str, ...] = ()
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
        documents = self.tables.setdefault(table, {})
        put_back = bool(documents) and key not in documents and int(key) < int(next(reversed(documents)))
        documents[key] = msgspec.Raw(document)
        if put_back:
            self.tables[table] = dict(sorted(documents.items(), key=lambda item: int(item[0])))

    def delete(self, table: str, key: str) -> None:
        self.tables.get(table, {}).pop(key, None)

    def redirect(self, old: str, new: str) -> None:
        self.redirects[old] = new

    def separate(self, old: str) -> None:
        self.redirects.pop(old, None)

    def set_version(self, owner: str, version: int, *, migrated: bool = False) -> None:
        self.versions[owner] = version
        self.migrated += (owner,) if migrated else ()

    def mark_undone(self, changes: Sequence[str]) -> None:
        self.undone += tuple(changes)

    def mark_redone(self, changes: Sequence[str]) -> None:
        self.redone += tuple(changes)

    def images(self) -> tuple[Image, ...]:
        return tuple(
            Image(table, key, msgspec.UNSET if before is None else before, digest(after))
            for table in {**self._before, **self.tables}
            for key in {**self._before.get(table, {}), **self.tables.get(table, {})}
            if _bytes(before := self._before.get(table, {}).get(key))
            != _bytes(after := self.tables.get(table, {}).get(key))
        )


def _bytes(document: msgspec.Raw | None) -> bytes | None:
    return None if document is None else bytes(document)


def _not_in(others: Mapping[str, str], redirects: Mapping[str, str]) -> dict[str, str]:
    return {old: new for old, new in redirects.items() if others.get(old) != new}
