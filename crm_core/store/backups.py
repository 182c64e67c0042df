"""Backups: whole copies of a book in a folder beside it, made before the book is risked, and so many of each reason.

    backups/b00017-20261123T110000Z-daily.json

A name says in which order it was made, when (UTC) and why. The order is a number of its own: a clock may be wrong, and
a book that was put back by hand has an old revision. A copy is never a link: whoever edits `book.json` in place must
not edit its backups with it. When one is made is decided where changes are committed (`tiny.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from crm_core.errors import CrmError
from crm_core.files import BACKUPS, make_private_folder, paths_in, replace_file
from crm_core.store.format import Contents, Unusable, parse

PREFIX: Final = "b"
STAMP: Final = "%Y%m%dT%H%M%SZ"
TEMPORARY: Final = ".tmp"

Reason = Literal["daily", "bulk", "migration", "restore", "manual", "unreadable"]
REASONS: Final[Mapping[Reason, str]] = {
    "daily": "before the first change of a day",
    "bulk": "before a change of many records",
    "migration": "before records were brought to a new layout",
    "restore": "before another was restored",
    "manual": "made by hand",
    "unreadable": "a book that could not be read, kept aside",
}
KEPT: Final[Mapping[Reason, int]] = {"daily": 7, "bulk": 5, "migration": 5, "restore": 5, "manual": 5}
"""How many of a reason are kept. What could not be read is never removed: it may be all that is left of something."""


class Backup(msgspec.Struct, frozen=True):
    """A copy of the book.

    Args:
        number: In the order in which they were made.
        at: When, in UTC.
        reason: Why.
        path: The file.
    """

    number: int
    at: datetime
    reason: Reason
    path: Path

    @property
    def id(self) -> str:
        """What it is called on the command line: `b17`."""
        return f"{PREFIX}{self.number}"

    @property
    def size(self) -> int:
        """How many bytes it has; 0 for one that can't be looked at."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def contents(self) -> Contents:
        """What is in it.

        Raises:
            Unusable: It is damaged, or of a newer layout.
        """
        return parse(read(self.path), deep=True)

    @property
    def good(self) -> bool:
        """Whether it could be restored; reads the whole file."""
        try:
            self.contents()
        except Unusable:
            return False
        return True


def read(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        Unusable: It can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(f"can't be read: {(error.strerror or '').lower()}") from error


class Backups:
    """The copies of one book. Whoever makes one holds the book's lock.

    Args:
        folder: The book's folder.
        prefix: What their names begin with, where several books lie in one folder.
    """

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self.folder = folder / BACKUPS
        self._prefix = prefix
        reasons = "|".join(get_args(Reason))
        self._name = re.compile(rf"{re.escape(prefix)}{PREFIX}([0-9]+)-([0-9]{{8}}T[0-9]{{6}}Z)-({reasons})\.json")

    def all(self) -> list[Backup]:
        """All of them, the oldest first; none is opened.

        Raises:
            CrmError: The folder can't be looked into.
        """
        try:
            names = [entry.name for entry in self.folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise CrmError(f"The backups in {self.folder} can't be read: {(error.strerror or '').lower()}") from error
        return sorted(filter(None, map(self._named, names)), key=lambda backup: backup.number)

    def find(self, name: str) -> Backup | None:
        """The one of that id or file name."""
        return next((backup for backup in self.all() if name in {backup.id, backup.path.name}), None)

    def newest_good(self) -> Backup | None:
        """The newest that could be restored."""
        return next((backup for backup in reversed(self.all()) if backup.good), None)

    def same(self, data: bytes, reason: Reason) -> Backup | None:
        """The newest copy of that reason, if it is of these very bytes."""
        newest = next((backup for backup in reversed(self.all()) if backup.reason == reason), None)
        if newest is None or newest.size != len(data):
            return None
        with suppress(Unusable):
            return newest if read(newest.path) == data else None
        return None

    def advice(self) -> str:
        """What to do about a book that can't be read: the newest good backup, and the command that restores it."""
        try:
            newest = self.newest_good()
        except CrmError as error:
            return f"Nothing was changed. {error.message}."
        if newest is None:
            return (
                "Nothing was changed, and there is no good backup of it. Put a copy of yours in its place by "
                "`crm restore FILE`; `crm doctor` says more."
            )
        return (
            f"Nothing was changed. To restore the newest good backup, made {newest.at:%Y-%m-%d %H:%M} UTC: "
            f"crm restore {newest.id} (that is {newest.path}). For what else can be done: crm doctor"
        )

    def leftovers(self) -> list[Path]:
        """Files that were never written to their end."""
        half = [path for path in paths_in(self.folder) if path.name.endswith(TEMPORARY)]
        return [path for path in half if self._named(path.name.removesuffix(TEMPORARY))]

    def make(self, data: bytes, reason: Reason, at: datetime) -> Backup:
        """Copy these bytes of a book, and remove the oldest copy of that reason if there are enough.

        Args:
            data: The whole file.
            reason: Why.
            at: When, as an aware datetime.

        Raises:
            CrmError: It could not be written.
            Unusable: They are no good book.
        """
        parse(data)
        made = self._write(data, reason, at)
        same = [backup for backup in self.all() if backup.reason == reason and backup.number != made.number]
        for old in same[: max(len(same) + 1 - KEPT[reason], 0)]:
            with suppress(OSError):
                old.path.unlink()
        return made

    def make_daily(self, data: bytes, at: datetime) -> None:
        """Copy these bytes of a book if that has not been done on that day, which is one of `at`'s own time zone.

        Raises:
            CrmError: It could not be written.
            Unusable: They are no good book.
        """
        if not any(b.reason == "daily" and b.at.astimezone(at.tzinfo).date() == at.date() for b in self.all()):
            self.make(data, "daily", at)

    def keep_aside(self, data: bytes, at: datetime) -> Backup:
        """Copy the bytes of a book that can't be read, whatever they are.

        Raises:
            CrmError: It could not be written.
        """
        return self._write(data, "unreadable", at)

    def _write(self, data: bytes, reason: Reason, at: datetime) -> Backup:
        number = max((backup.number for backup in self.all()), default=0) + 1
        at = at.astimezone(UTC).replace(microsecond=0)
        path = self.folder / f"{self._prefix}{PREFIX}{number:05}-{at.strftime(STAMP)}-{reason}.json"
        make_private_folder(self.folder)
        replace_file(path, [data], temporary=TEMPORARY)
        return Backup(number, at, reason, path)

    def _named(self, name: str) -> Backup | None:
        match = self._name.fullmatch(name)
        if match is None:
            return None
        try:
            at = datetime.fromisoformat(match[2])
        except ValueError:
            return None
        reason: Reason = match[3]  # type: ignore[assignment]  # one of the words that the pattern is made of
        return Backup(int(match[1]), at, reason, self.folder / name)
