"""The store on TinyDB: the file's format is `storage.py`'s, the lock `lock.py`'s; here are commits and history."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table as TinyTable

from crm_core.errors import BookUnreadable, CrmError, InputError
from crm_core.files import make_private_folder, replace_file
from crm_core.store.attachments import Attachments
from crm_core.store.backups import Backup, Backups, Reason
from crm_core.store.base import Change, Image, digest
from crm_core.store.format import META, Meta
from crm_core.store.lock import book_lock
from crm_core.store.storage import BookStorage, Document, Table

BOOK: Final = "book.json"
LOCK: Final = "book.lock"
CHANGE_PREFIX: Final = "h"
HISTORY: Final = "_history"
HISTORY_CHANGES: Final = 200  # changes remembered at the most
HISTORY_BYTES: Final = 4_000_000  # and their size in the file; the newest is kept whatever its size
IMAGES_INLINE: Final = 1_000  # records in a change; a larger one's images go to a file of their own
BULK: Final = 100  # records in a change before which the book is backed up, whoever makes it

_encode = msgspec.json.Encoder().encode
_decode_change = msgspec.json.Decoder(Change).decode
_decode_images = msgspec.json.Decoder(tuple[Image, ...]).decode


class LazyTable(TinyTable):
    """A TinyDB table whose documents are decoded when looked at."""

    document_class = Document  # type: ignore[assignment]  # a mapping where TinyDB declares a dict

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:  # noqa: FBT001, FBT002 (TinyDB's)
        # No cache of queries: a change set would not empty it.
        super().__init__(storage, name, cache_size, persist_empty)


class LazyDB(TinyDB):
    """A TinyDB over the book's file, for its query language; the book itself changes it by change sets only."""

    table_class = LazyTable


class TinyStore:
    """A `Store` in one TinyDB file; see `base.Store` for what each member promises.

    Args:
        path: The book's file; it is created by the first commit.
        notice: Told what a wait is about.
        wait: Seconds to wait for another process's lock.

    Raises:
        InputError: The book is named like its lock.
    """

    def __init__(self, path: Path, *, notice: Callable[[str], None] = lambda _: None, wait: float = 30.0) -> None:
        self.path = path
        self._notice = notice
        self._wait = wait
        self._drawn: dict[str, int] = {}
        # By whatever links a book is reached, its lock, its history and its backups must be the same.
        self._file = Path(os.path.realpath(path))
        if self._file.name == LOCK:
            raise InputError(f"A book can't be named {LOCK}: that is the name of its lock", "Name it otherwise.")
        self.attachments = Attachments(self._file.parent, self._prefix)
        self.backups = Backups(self._file.parent, self._prefix)
        self.storage = BookStorage(path, self.backups.advice)

    @property
    def db(self) -> TinyDB:
        """The same file as a TinyDB database."""
        return LazyDB(storage=lambda: self.storage)

    @property
    def revision(self) -> int:
        return self.storage.meta.revision

    @property
    def redirects(self) -> Mapping[str, str]:
        return self.storage.meta.redirects

    @property
    def counters(self) -> Mapping[str, int]:
        return self.storage.meta.counters

    @property
    def versions(self) -> Mapping[str, int]:
        return self.storage.meta.schema

    @property
    def identity(self) -> str:
        return self.storage.meta.identity

    def attach(self, data: bytes) -> str:
        return self.attachments.put(data)

    def attachment(self, name: str) -> bytes | None:
        return self.attachments.get(name)

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        found = (self.storage.read() or {}).get(table)
        return found.raws if found is not None else {}

    def tables(self) -> list[str]:
        tables = self.storage.read() or {}
        return [name for name, table in tables.items() if not (name.startswith("_") or table.empty)]

    def back_up(self, at: datetime) -> Backup | None:
        """Copy the book into its folder of backups; None where there is no book yet.

        Raises:
            BookUnreadable: The book is damaged: that is no backup.
            CrmError: The copy could not be written.
        """
        with self.lock():
            self.storage.refresh()
            data = self.storage.data
            return None if data is None else self.backups.make(data, "manual", at)

    @property
    def data(self) -> bytes | None:
        """The book's bytes, which fit their checksum; None where there is no book yet.

        Raises:
            BookUnreadable: They do not.
        """
        return self.storage.data

    @contextmanager
    def begin(self, title: str, command: str, at: datetime) -> Iterator[TinyTransaction]:
        with self.lock(), self.locked_change(title, command, at) as transaction:
            yield transaction

    @contextmanager
    def locked_change(
        self, title: str, command: str, at: datetime, reason: Reason | None = None
    ) -> Iterator[TinyTransaction]:
        """As `begin`, for one who has the lock; with a reason, the book is backed up before."""
        moved = self.storage.refresh()
        transaction = TinyTransaction(self.storage.read() or {}, self.storage.meta, self._drawn, moved=moved)
        transaction.reason = reason
        yield transaction
        images = transaction.images()
        if images or transaction.came_to_something:
            self._commit(transaction, images, title, command, at)

    def history(self) -> list[Change]:
        return [_change_of(key, raw) for key, raw in self.documents(HISTORY).items()]

    def images(self, change: Change) -> tuple[Image, ...]:
        if not change.images_in:
            return change.images
        path = self.images_file(change.images_in)
        try:
            return _decode_images(path.read_bytes())
        except (OSError, msgspec.DecodeError) as error:
            raise BookUnreadable(
                f"The history of {change.id} can't be read: {path}", "The book itself is whole."
            ) from error

    def _commit(
        self, transaction: TinyTransaction, images: tuple[Image, ...], title: str, command: str, at: datetime
    ) -> None:
        self._back_up(transaction, images, at)
        number = transaction.count_change()
        change = Change(
            id=f"{CHANGE_PREFIX}{number}",
            at=at.astimezone(UTC),
            who=_storable(os.environ.get("USER", "")),
            title=_storable(title),
            command=_storable(command),
            images=images,
            redirects=transaction.redirected,
            separated=transaction.separated,
            undoes=transaction.undone,
            redoes=transaction.redone,
            migrated=transaction.migrated,
            backup=transaction.backup.id if transaction.backup else "",
        )
        if len(images) > IMAGES_INLINE:
            change = self._spill(change)
        dropped = transaction.remember(str(number), _encode(change))
        self.storage.commit(transaction.tables(), transaction.meta)
        stale = [self.images_file(old.images_in) for old in dropped if old.images_in]
        if not change.images_in:
            stale.append(self.images_file(self._images_name(change)))  # of a commit that failed after its images
        for path in stale:
            with suppress(OSError):
                path.unlink()

    def lock(self) -> AbstractContextManager[None]:
        """The right to write, for one who does more than a change set under it; `begin` takes it itself."""
        return book_lock(self._file.with_name(LOCK), self._wait, self._notice)

    def _back_up(self, transaction: TinyTransaction, images: tuple[Image, ...], at: datetime) -> None:
        """Copy the book as it was, if this change or this day calls for it.

        The change's own copy is its condition. The day's is not: a folder of backups that can't be written to is said
        with each command, but it must not keep anybody from noting down what was said in an interview.
        """
        data = self.storage.data
        if data is None:
            return
        try:
            self.backups.make_daily(data, at)
        except CrmError as error:
            self._notice(f"There is no backup of today: {error.message}.")
        if reason := transaction.reason or _reason(transaction, images):
            transaction.backup = self.backups.make(data, reason, at)

    def _spill(self, change: Change) -> Change:
        name = self._images_name(change)
        path = self.images_file(name)
        make_private_folder(path.parent)
        replace_file(path, [_encode(change.images)])
        return msgspec.structs.replace(change, images=(), images_in=name)

    @property
    def _prefix(self) -> str:
        """Two books may lie in one folder."""
        return "" if self._file.name == BOOK else f"{self._file.name}-"

    def _images_name(self, change: Change) -> str:
        return f"history/{self._prefix}{change.id}.json"

    def images_file(self, name: str) -> Path:
        """Always in our own folder, whatever a book that somebody else wrote may say."""
        return self._file.parent / "history" / Path(name).name


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


def _reason(transaction: TinyTransaction, images: Sequence[Image]) -> Reason | None:
    """Why the book is to be backed up before such a change, if it is."""
    if transaction.migrated:
        return "migration"
    return "bulk" if len(images) > BULK else None


def _storable(text: str) -> str:
    """Words of a command line as a file can hold them: file names may come with undecodable bytes in them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _same(one: msgspec.Raw | None, other: msgspec.Raw | None) -> bool:
    if one is None or other is None:
        return one is other
    return memoryview(one) == memoryview(other)


def _number(key: str) -> int:
    """A document's place in its table; nothing of ours writes a key that is no number."""
    return int(key) if key.isdecimal() else 0


def _not_in(others: Mapping[str, str], redirects: Mapping[str, str]) -> dict[str, str]:
    return {old: new for old, new in redirects.items() if others.get(old) != new}


def _change_of(key: str, raw: msgspec.Raw) -> Change:
    try:
        return _decode_change(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BookUnreadable(
            f"The history of {CHANGE_PREFIX}{key} can't be read: {error}", "The book itself is whole."
        ) from error
