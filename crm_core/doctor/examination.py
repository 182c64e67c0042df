"""One examination: the book's file, its records, its backups and the files around it, each looked at by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from shlex import quote
from typing import Any

from crm_core.doctor.files import Files
from crm_core.doctor.finding import ACCEPT, FIX, Finding
from crm_core.doctor.records import Records, tables_of_absent_plugins
from crm_core.errors import BookUnreadable, Conflict, CrmError
from crm_core.files import Places
from crm_core.records import RecordKind, owner_of
from crm_core.store.backups import Backup, read
from crm_core.store.base import Place
from crm_core.store.format import Contents, Unusable, parse, unpacked
from crm_core.store.mending import accept, raise_counters
from crm_core.store.tiny import TinyStore


class Examination:
    """A book and the files around it as they are now; made anew after anything was mended.

    Args:
        store: The book.
        kinds: The kinds of record of the core and of the plugins that are there.
        places: Where this user's files are.
        chosen: Whether the user chose the book's folder.
        cure: Says what gets a plugin back of whose records there are some: a command, or nothing.
    """

    def __init__(
        self,
        store: TinyStore,
        kinds: Sequence[RecordKind[Any]],
        places: Places,
        *,
        chosen: bool,
        cure: Callable[[str], str],
    ) -> None:
        self._store = store
        self._kinds = kinds
        self._cure = cure
        self._data, self._contents, self._why_not = _taken_apart(store)
        self._backups, self._no_backups = _looked_up(store)
        self.files = Files(store, places, chosen=chosen, book=self._contents, backups=self._backups)

    @property
    def contents(self) -> Contents | None:
        """What is in the book, fit its checksum or not; None if that can't be told, or there is none."""
        return self._contents

    @property
    def backups(self) -> int:
        """How many backups there are."""
        return len(self._backups)

    @cached_property
    def records(self) -> Records | None:
        """The book's records; None if they can't be told."""
        return Records(unpacked(self._contents), self._kinds) if self._contents is not None else None

    def findings(self) -> Iterator[Finding]:
        """All that is wrong."""
        yield from self._of_the_book()
        if self.records is not None:
            yield from self.records.findings(self._readable_in(self.records.unreadable))
            yield from self._of_absent_plugins()
        yield from self._of_the_backups()
        yield from self.files.findings()

    def mend_records(self, command: str, at: datetime) -> int:
        """Mend what of the records can be mended without asking; returns how many things that were.

        The book is of the present version, and was looked at as such.

        Raises:
            BookUnreadable: The book can't be opened.
            CrmError: It could not be written.
        """
        if self._data is None:
            return 0
        if self._why_not is not None:
            raise BookUnreadable(f"The book {self._store.path} {self._why_not}", self._store.backups.advice())
        assert self._contents is not None and self.records is not None  # noqa: S101, PT018 (it can be opened)
        cure = self.records.mended()
        with self._store.begin("mended what crm doctor had found", command, at) as transaction:
            if self._store.revision != self._contents.meta.revision:
                raise Conflict("The book was changed by another command meanwhile", f"Try again: {FIX}")
            for (table, key), document in cure.documents.items():
                if document is None:
                    transaction.delete(table, key)
                else:
                    transaction.put(table, key, document)
            for old in cure.redirects:
                transaction.separate(old)
        raise_counters(self._store, cure.counters)
        return len(cure.documents) + len(cure.redirects) + len(cure.counters)

    def accept(self, at: datetime) -> Backup:
        """Seal the book anew as it is.

        Raises:
            CrmError: It fits its checksum already, or could not be read afterwards either.
        """
        if self._data is None or self._why_not is None:
            raise CrmError("There is nothing to accept: the book fits its checksum", "Nothing was changed.")
        if self.records is None:
            raise CrmError(f"The book {self._why_not}", "Nothing was changed. It can be accepted once it can be read.")
        if self.records.unreadable:
            place, error = next(iter(self.records.unreadable.items()))
            raise CrmError(f"{place[0]} {place[1]} can't be read: {error}", "Nothing was changed. Mend that first.")
        return accept(self._store, self._data, self.records.behind, at)

    def _of_the_book(self) -> Iterator[Finding]:
        newest = next((backup for backup in reversed(self._backups) if backup.good), None)
        restore = (f"crm restore {newest.id}",) if newest is not None else ()
        if self._why_not is not None:
            by_hand = (ACCEPT,) if self._contents is not None else ()
            yield Finding(check="book", what=f"{self._store.path} {self._why_not}", commands=(*restore, *by_hand))
        elif self._data is None and self._backups:
            what = f"{self._store.path} is not there any more, but backups of it are; or begin a new one without them"
            yield Finding(check="book", what=what, commands=(*restore, _aside(self._store.backups.folder)))

    def _readable_in(self, unreadable: Mapping[Place, str]) -> dict[Place, str]:
        """Of documents that can't be read, the newest backup in which they can."""
        found: dict[Place, str] = {}
        for backup in reversed(self._backups) if unreadable else ():
            try:
                readable = Records(unpacked(backup.contents()), self._kinds).readable
            except Unusable:
                continue
            found = {place: backup.id for place in unreadable if place in readable} | found
        return found

    def _of_absent_plugins(self) -> Iterator[Finding]:
        assert self._contents is not None  # noqa: S101 (its caller saw to that)
        absent = tables_of_absent_plugins(unpacked(self._contents).tables, self._kinds)
        for table, count in absent.items():
            records = f"{count:,} record{'s' if count > 1 else ''}"
            what = f"{table} has {records} that no plugin of this run knows; they are kept"
            cure = self._cure(owner_of(table))
            yield Finding(check="plugins", what=what, commands=(cure,) if cure else (), note=True)

    def _way_to_backups(self) -> str:
        """The command after which the folder of backups can be looked into, or made anew."""
        folder = self._store.backups.folder
        return f"chmod 700 {quote(str(folder))}" if folder.is_dir() else _aside(folder)

    def _of_the_backups(self) -> Iterator[Finding]:
        if self._no_backups:
            yield Finding(check="backups", what=self._no_backups, commands=(self._way_to_backups(),))
        for backup in self._backups:
            remove = (f"rm {quote(str(backup.path))}",)
            try:
                backup.contents()
            except Unusable as error:
                aside = backup.reason == "unreadable"
                what = f"{backup.path} {'was kept aside: it ' if aside else ''}{error.what}"
                yield Finding(check="backups", what=what, commands=() if error.newer else remove, note=aside)


def _aside(path: Path) -> str:
    """The command that moves a file or folder out of the way."""
    return f"mv {quote(str(path))} {quote(f'{path}-before')}"


def _taken_apart(store: TinyStore) -> tuple[bytes | None, Contents | None, str | None]:
    """The file's bytes, what is in them as far as that can be told, and why the program can't open it if so."""
    if not store.path.exists() and not store.path.is_symlink():
        return None, None, None
    try:
        data = read(store.path)
    except Unusable as error:
        return b"", None, error.what
    try:
        return data, parse(data, deep=True), None
    except Unusable as error:
        why_not = error.what
    try:
        return data, parse(data, checked=False, deep=True), why_not
    except Unusable as error:
        # What is wrong beyond the checksum says more.
        return data, None, f"{error.what}: {error.detail}" if error.detail else error.what


def _looked_up(store: TinyStore) -> tuple[list[Backup], str]:
    """The backups, and why they can't be had if so."""
    try:
        return store.backups.all(), ""
    except CrmError as error:
        return [], error.message
