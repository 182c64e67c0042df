"""The store on TinyDB: commits and history. Of the file, the lock and a change set in the making others take care."""

from __future__ import annotations

import os
import re
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
from crm_core.files import make_private_folder, paths_in, replace_file
from crm_core.store.attachments import Attachments
from crm_core.store.backups import Backup, Backups, Reason
from crm_core.store.base import CHANGE_PREFIX, Change, Image
from crm_core.store.lock import book_lock
from crm_core.store.storage import TEMPORARY, BookStorage, Document
from crm_core.store.transaction import HISTORY, TinyTransaction

BOOK: Final = "book.json"
LOCK: Final = "book.lock"
HISTORY_FOLDER: Final = "history"
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
        self.storage = BookStorage(path, self.backups.advice, lambda: bool(self.backups.all()))

    @property
    def written(self) -> bool:
        """Whether this store has written the book since it was made."""
        return self.storage.written

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
        found = self.storage.table(table)
        return found.raws if found is not None else {}

    def tables(self) -> list[str]:
        tables = self.storage.read() or {}
        return [name for name, table in tables.items() if not (name.startswith("_") or table.empty)]

    def back_up(self, at: datetime) -> Backup | None:
        """Copy the book into its folder of backups; None where there is no book yet.

        A book that has not changed since it was last copied so is not copied again: that would push older copies out.

        Raises:
            BookUnreadable: The book is damaged: that is no backup.
            CrmError: The copy could not be written.
        """
        with self.lock():
            self.storage.refresh()
            data = self.storage.data
            if data is None:
                return None
            return self.backups.same(data, "manual") or self.backups.make(data, "manual", at)

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
            who=storable(os.environ.get("USER", "")),
            title=storable(title),
            command=storable(command),
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
        self.attachments.confirm()
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
        return f"{HISTORY_FOLDER}/{self._prefix}{change.id}.json"

    def images_files(self) -> list[Path]:
        """The files of images that there are, whichever change they belong to."""
        return self._in_history("")

    def leftovers(self) -> list[Path]:
        """What writers that were killed have left half written; whoever asks holds the lock, so that nobody writes."""
        book = self._file.with_name(self._file.name + TEMPORARY)
        half = [*self.backups.leftovers(), *self.attachments.leftovers(), *self._in_history(r"(\.[0-9]+)?\.tmp")]
        return [book, *half] if book.exists() else half

    def _in_history(self, ending: str) -> list[Path]:
        name = re.compile(rf"{re.escape(self._prefix)}{CHANGE_PREFIX}[0-9]+\.json{ending}")
        return [path for path in paths_in(self._file.parent / HISTORY_FOLDER) if name.fullmatch(path.name)]

    def images_file(self, name: str) -> Path:
        """Always in our own folder, whatever a book that somebody else wrote may say."""
        return self._file.parent / HISTORY_FOLDER / Path(name).name


def _reason(transaction: TinyTransaction, images: Sequence[Image]) -> Reason | None:
    """Why the book is to be backed up before such a change, if it is."""
    if transaction.migrated:
        return "migration"
    return "bulk" if len(images) > BULK else None


def storable(text: str) -> str:
    """Words of a command line as a file can hold them: file names may come with undecodable bytes in them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _change_of(key: str, raw: msgspec.Raw) -> Change:
    try:
        return _decode_change(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BookUnreadable(
            f"The history of {CHANGE_PREFIX}{key} can't be read: {error}", "The book itself is whole."
        ) from error
