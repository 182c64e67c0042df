"""Rewriting in place all that the program keeps of a book: the book itself, its history and its backups.

An ordinary change leaves the past as it was, and a backup is never changed. Both are wrong where something must be gone
for good: then every file that may hold it is gone through. The book comes last, so that whoever was interrupted finds
there what they wanted gone, and begins anew. What is to go is decided elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from crm_core.errors import CrmError
from crm_core.files import replace_file
from crm_core.store.backups import Backup, read
from crm_core.store.base import CHANGE_PREFIX, Change, Image, Place, Snapshot
from crm_core.store.format import Contents, Unusable, chunks, parse, sealed
from crm_core.store.storage import TEMPORARY, Table
from crm_core.store.tiny import TinyStore, storable
from crm_core.store.transaction import HISTORY, TinyTransaction

_encode = msgspec.json.Encoder().encode
_decode_change = msgspec.json.Decoder(Change).decode
_decode_images = msgspec.json.Decoder(tuple[Image, ...]).decode


class Page:
    """What one file holds, to be changed; nothing is written before `Sweep` is told to."""

    def __init__(self, contents: Contents) -> None:
        tables = {name: Table(blob) for name, blob in contents.tables.items()}
        self.tables = [name for name, table in tables.items() if not (name.startswith("_") or table.empty)]
        self._contents = contents
        self._transaction = TinyTransaction(tables, contents.meta, {}, moved=False)

    @property
    def redirects(self) -> Mapping[str, str]:
        """Ids that became other ids."""
        return self._transaction.redirects

    def snapshot(self) -> Snapshot:
        """All documents as they are now, with their versions."""
        tables = {name: self.documents(name) for name in self.tables}
        return Snapshot(tables=tables, versions=self._transaction.versions, redirects=self.redirects)

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        """A table as it is now."""
        return self._transaction.documents(table)

    def put(self, place: Place, document: bytes) -> None:
        """Replace a document."""
        self._transaction.put(*place, document)

    def delete(self, place: Place) -> None:
        """Take a document out."""
        self._transaction.delete(*place)

    def separate(self, old: str) -> None:
        """Forget that an id became another."""
        self._transaction.separate(old)

    def set_version(self, owner: str, version: int) -> None:
        """Say of which version an owner's records are."""
        self._transaction.set_version(owner, version)

    def history(self) -> list[tuple[str, Change]]:
        """The changes that can be read, each with its key."""
        changes = []
        for key, raw in self.documents(HISTORY).items():
            with suppress(msgspec.DecodeError, UnicodeDecodeError):
                changes.append((key, _decode_change(raw)))
        return changes

    def put_change(self, key: str, change: Change) -> None:
        """Replace a change of the history."""
        self._transaction.put(HISTORY, key, _encode(change))

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was."""
        return bool(self._transaction.images()) or self._transaction.meta != self._contents.meta

    def finished(self) -> Contents:
        """The file's contents as they are now, sealed."""
        tables = {name: msgspec.Raw(bytes(table.blob)) for name, table in self._transaction.tables().items()}
        return Contents(tables, sealed(tables, self._transaction.meta))


class Sweep:
    """All files of one book, under its lock; see `sweeping`."""

    def __init__(self, store: TinyStore, data: bytes) -> None:
        self._store = store
        self.book = Page(parse(data))

    def backups(self) -> list[Backup]:
        """The backups, those that can't be read included."""
        return self._store.backups.all()

    def page(self, backup: Backup) -> Page:
        """What a backup holds.

        Raises:
            Unusable: It can't be read.
        """
        return Page(backup.contents())

    def replace(self, backup: Backup, page: Page) -> None:
        """Write a backup anew, whole or not at all.

        Raises:
            CrmError: It could not be written.
        """
        replace_file(backup.path, chunks(*page.finished()), temporary=TEMPORARY)

    def image_files(self) -> list[Path]:
        """The files that hold the images of very large changes, of the book's history and of its backups'."""
        return self._store.images_files()

    def images(self, path: Path) -> tuple[Image, ...]:
        """What such a file holds.

        Raises:
            Unusable: It can't be read.
        """
        try:
            return _decode_images(read(path))
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Unusable("is damaged") from None

    def replace_images(self, path: Path, images: tuple[Image, ...]) -> None:
        """Write such a file anew, whole or not at all.

        Raises:
            CrmError: It could not be written.
        """
        replace_file(path, [_encode(images)], temporary=TEMPORARY)

    def remove_leftovers(self) -> int:
        """Remove what writers that were killed left half written; returns how many files that were."""
        return sum(_removed(path) for path in self._store.leftovers())

    def remove_attachment(self, name: str) -> bool:
        """Remove a file that belongs to the book, unless something that is kept still names it; whether it did."""
        files = [*self.image_files(), *(backup.path for backup in self.backups())]
        pages = (bytes(raw) for table in self.book.tables for raw in self.book.documents(table).values())
        needle = name.encode()
        if any(needle in data for data in (*pages, *map(_bytes_of, files))):
            return False
        return _removed(self._store.attachments.path(name))

    def replace_history(self) -> None:
        """Write of the book's page only what has become of its history; the rest stays as it was.

        Raises:
            CrmError: It could not be written; the book is as it was.
        """
        storage = self._store.storage
        history = Table(raws=dict(self.book.documents(HISTORY)))
        storage.commit({**(storage.read() or {}), HISTORY: history}, storage.meta)

    def replace_book(self, title: str, command: str, at: datetime, remembered: Collection[Place]) -> Change:
        """Write the book's page; the history says that it happened, and of which documents it says how they were.

        Args:
            title: What the history says happened.
            command: The command line that did it.
            at: When, as an aware datetime.
            remembered: The documents whose former state the history keeps.

        Raises:
            CrmError: It could not be written; the book is as it was.
        """
        transaction = self.book._transaction  # noqa: SLF001 (of this module's own)
        number = transaction.count_change()
        images = tuple(image for image in transaction.images() if (image.table, image.key) in remembered)
        change = Change(
            id=f"{CHANGE_PREFIX}{number}",
            at=at.astimezone(UTC),
            who=storable(os.environ.get("USER", "")),
            title=title,
            command=command,
            images=images,
            forgotten=True,
        )
        self.book.put_change(str(number), change)
        self._store.storage.commit(transaction.tables(), transaction.meta)
        return change


@contextmanager
def sweeping(store: TinyStore) -> Iterator[Sweep]:
    """All files of a book, while nobody else may write to it.

    Raises:
        BookUnreadable: The book can't be read.
        CrmError: There is no book, or the lock could not be had.
    """
    with store.lock():
        store.storage.refresh()
        data = store.data
        if data is None:
            raise CrmError(f"There is no book yet: {store.path}")
        yield Sweep(store, data)


def _bytes_of(path: Path) -> bytes:
    try:
        return read(path)
    except Unusable:
        return b""


def _removed(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
