"""Looking at the files around a book: who may read them, what is left over, what is lost."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import Final

import msgspec

from crm_core.doctor.finding import FIX, Finding
from crm_core.errors import CrmError
from crm_core.files import PRIVATE_FILE, PRIVATE_FOLDER, Places, paths_in
from crm_core.pictures import SUFFIXES
from crm_core.store.attachments import named_in
from crm_core.store.backups import Backup, read
from crm_core.store.base import Change
from crm_core.store.format import Contents, Unusable
from crm_core.store.tiny import HISTORY_FOLDER, LOCK, TinyStore
from crm_core.store.transaction import HISTORY

OTHERS: Final = 0o077
PICTURES: Final = tuple(SUFFIXES.values())

_decode_history = msgspec.json.Decoder(dict[str, Change]).decode


class Files:
    """The files around a book, looked through.

    Args:
        store: The book.
        places: Where this user's files are.
        chosen: Whether the user chose the book's folder: then who may enter it is theirs to say.
        book: What is in the book; None if it can't be read, so that what it names is not known.
        backups: Its backups.
    """

    def __init__(
        self, store: TinyStore, places: Places, *, chosen: bool, book: Contents | None, backups: Sequence[Backup]
    ) -> None:
        self._store = store
        self._places = places
        self._chosen = chosen
        self._book = book
        self._backups = backups

    def findings(self) -> Iterator[Finding]:
        """What is wrong with them."""
        for path in self.open_to_others():
            mode = stat.S_IMODE(path.stat().st_mode)
            who = "entered" if path.is_dir() else "read"
            yield Finding(check="files", what=f"{path} can be {who} by others ({mode:03o})", commands=(FIX,))
        for path in self.leftovers():
            yield Finding(check="files", what=f"{path} was never written to its end", commands=(FIX,))
        for path in self.stray_images():
            yield Finding(check="files", what=f"{path} belongs to no change of the history", commands=(FIX,))
        yield from self._lost_images()
        yield from self._attachments()

    def open_to_others(self) -> list[Path]:
        """Files and folders of ours that others could look into."""
        if sys.platform == "win32":
            return []
        return [path for path in self._ours() if path.stat().st_mode & OTHERS]

    def leftovers(self) -> list[Path]:
        """What writers that were killed left; none while somebody writes, since then it may be theirs."""
        if not self._store.leftovers():
            return []
        try:
            with TinyStore(self._store.path, wait=0).lock():
                return self._store.leftovers()
        except CrmError:
            return []

    def stray_images(self) -> list[Path]:
        """Files of images that neither the book's history names nor that of a backup."""
        if self._book is None:
            return []
        named = {Path(name).name for contents in self._all_contents() for name in _images_named(contents)}
        return [path for path in self._store.images_files() if path.name not in named]

    def mend(self) -> int:
        """Close what is open to others, and remove what is left over; returns how many files that were."""
        opened = self.open_to_others()
        for path in opened:
            path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
        removed = [*self.leftovers(), *self.stray_images()]
        for path in removed:
            path.unlink(missing_ok=True)
        return len(opened) + len(removed)

    def _ours(self) -> Iterator[Path]:
        """Files and folders that the program made."""
        book = Path(os.path.realpath(self._store.path))
        own = [book, book.with_name(LOCK), self._places.config, self._places.switches, self._places.brief]
        folders = [self._store.backups.folder, self._store.attachments.folder, book.parent / HISTORY_FOLDER]
        homes = [self._places.state, self._places.config.parent, *([] if self._chosen else [book.parent])]
        inside = (path for folder in folders for path in paths_in(folder) if path.is_file())
        paths = dict.fromkeys((*homes, *own, *folders, *inside))
        return (path for path in paths if path.exists())

    def _all_contents(self) -> Iterator[Contents]:
        """What the book and its good backups hold."""
        if self._book is not None:
            yield self._book
        for backup in self._backups:
            with suppress(Unusable):
                yield backup.contents()

    def _lost_images(self) -> Iterator[Finding]:
        """Changes of the book's history that can't be taken back any more."""
        for name in _images_named(self._book) if self._book is not None else ():
            path = self._store.images_file(name)
            try:
                read(path)
            except Unusable as error:
                what = f"{path} {error.what}: that change can't be taken back any more"
                yield Finding(check="files", what=what, note=True)

    def _attachments(self) -> Iterator[Finding]:
        """Files that nobody names, and names of files that are not there."""
        if self._book is None:
            return
        there = set(self._store.attachments.names())
        records = (blob for table, blob in self._book.tables.items() if not table.startswith("_"))
        for name in sorted(set(_names_in(records)) - there):
            if name.endswith(PICTURES):  # a UID of somebody's may look like a name without an ending
                path = self._store.attachments.path(name)
                yield Finding(check="files", what=f"{path} is not there, and a record names it", note=True)
        named = {name for contents in self._all_contents() for name in _names_in(contents.tables.values())}
        for path in self._store.images_files():
            with suppress(Unusable):
                named |= set(named_in(read(path)))
        for name in sorted(there - named):
            path = self._store.attachments.path(name)
            what = f"{path} is named by no record, no backup and no change"
            yield Finding(check="files", what=what, commands=(f"rm {quote(str(path))}",), note=True)


def _images_named(contents: Contents) -> list[str]:
    """The files of images that a book's history names."""
    try:
        changes = _decode_history(contents.tables.get(HISTORY, b"{}"))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    return [change.images_in for change in changes.values() if change.images_in]


def _names_in(tables: Iterable[msgspec.Raw]) -> Iterator[str]:
    for table in tables:
        yield from named_in(bytes(table))
