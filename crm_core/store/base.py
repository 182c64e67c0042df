"""What a book asks of a store: little, so that another engine can take TinyDB's place.

A store keeps tables of JSON documents and a revision that grows by one with each commit. One open store sees one
revision; only `begin` looks for a newer one. Documents go through as bytes: a store never needs to know their types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, Protocol, TypeAlias

import msgspec

CHANGE_PREFIX: Final = "h"

Place: TypeAlias = tuple[str, str]
"""Where a document is: its table, and its key in it."""


class Image(msgspec.Struct, frozen=True):
    """What a change did to one document.

    Args:
        table: The document's table.
        key: Its key in that table, a number as text.
        before: The document before the change; UNSET for one that was added.
        digest: `digest` of the document after the change, to see whether it is still so.
    """

    table: str
    key: str
    before: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET  # msgspec can't read a Raw that may be null
    digest: str = ""


class Change(msgspec.Struct, frozen=True):
    """One committed change set.

    Args:
        id: `h12`.
        at: When, in UTC.
        who: The user's name on this machine.
        title: What happened, in words.
        command: The command line that did it; empty where there was none.
        images: What it did, document by document.
        redirects: Ids that became other ids (old: new).
        separated: Ids that lead to others no longer (old: new).
        undoes: The changes that it took back.
        redoes: The changes that had been taken back and that it did again.
        migrated: The owners whose records it brought to a new layout; what they did before can't be taken back.
        forgotten: Whether images were taken out of it since; it can't be taken back.
        images_in: The file that holds the images of a very large change, beside the book; else empty.
        backup: The id of the copy of the book that was made before it, if the change called for one: `b17`.
    """

    id: str
    at: datetime
    who: str
    title: str
    command: str = ""
    images: tuple[Image, ...] = ()
    redirects: dict[str, str] = {}
    separated: dict[str, str] = {}
    undoes: tuple[str, ...] = ()
    redoes: tuple[str, ...] = ()
    migrated: tuple[str, ...] = ()
    forgotten: bool = False
    images_in: str = ""
    backup: str = ""

    @property
    def number(self) -> int:
        """Its place among all changes of the book: 12 for `h12`."""
        return int(self.id.removeprefix(CHANGE_PREFIX))


def digest(document: msgspec.Raw | None) -> str:
    """What tells a document from any other in an image; empty for none."""
    if document is None:
        return ""
    from hashlib import blake2b

    return blake2b(memoryview(document), digest_size=8).hexdigest()


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A whole book as its store keeps it, but for its history: what takes it to another place, or into memory.

    Args:
        tables: Documents by table and key, those of absent plugins included.
        counters: The last number drawn, by id prefix.
        redirects: Ids that became other ids: old to new.
        versions: The version of each owner's records.
        identity: What tells this book from any other; empty for one that was never written.
        attachments: Files by name, those that a document names.
    """

    tables: Mapping[str, Mapping[str, msgspec.Raw]] = {}
    counters: Mapping[str, int] = {}
    redirects: Mapping[str, str] = {}
    versions: Mapping[str, int] = {}
    identity: str = ""
    attachments: Mapping[str, bytes] = {}


class Transaction(Protocol):
    """A change set in the making, under the store's lock; nobody else sees it before it is committed."""

    @property
    def moved(self) -> bool:
        """Whether somebody else committed since the store was read."""

    @property
    def redirects(self) -> Mapping[str, str]:
        """Ids that became other ids, this transaction's included: old to new."""

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each owner's records, as this transaction leaves them."""

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        """The table as this transaction sees it, its own changes included."""

    def draw(self, counter: str) -> int:
        """The next number of that counter, from 1; never given again, not even after an undo.

        A number that was drawn in vain (nothing was committed) is not given again by this open store; others, which
        never heard of it, may give it.
        """

    def put(self, table: str, key: str, document: bytes) -> None:
        """Add or replace a document."""

    def delete(self, table: str, key: str) -> None:
        """Remove a document; one that isn't there is fine."""

    def redirect(self, old: str, new: str) -> None:
        """Remember that the record `old` is now `new`."""

    def separate(self, old: str) -> None:
        """Forget that the record `old` became another one; one that did not is fine."""

    def set_version(self, owner: str, version: int, *, migrated: bool = False) -> None:
        """Remember which version an owner's records are of.

        Args:
            owner: `core`, or a plugin's name.
            version: From 1.
            migrated: Whether this change set brings records there that were of another version: the history says so,
                and it is committed even if it leaves all documents as they were.
        """

    def mark_undone(self, changes: Sequence[str]) -> None:
        """Remember that this change set takes those changes back; it is committed even if it leaves all as it was."""

    def mark_redone(self, changes: Sequence[str]) -> None:
        """Remember that this change set does those changes again, as `mark_undone`."""


class Store(Protocol):
    """Tables of documents with a revision, read as a whole and changed one change set at a time."""

    @property
    def revision(self) -> int:
        """The revision that this store has read; 0 for a book that does not exist yet."""

    @property
    def redirects(self) -> Mapping[str, str]:
        """Ids that became other ids: old to new."""

    @property
    def counters(self) -> Mapping[str, int]:
        """The last number drawn, by counter."""

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each owner's records: of `core`, and of plugins that have one."""

    @property
    def identity(self) -> str:
        """What tells this book from any other, in hexadecimal digits; given by the first commit, empty before it."""

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        """A table's documents by key, as bytes, in the order of their numbers; empty if there is none.

        That is the order in which they were first added: what was removed and put back has its old place again.
        What was handed out stays as it is when the table is changed.
        """

    def tables(self) -> list[str]:
        """The names of all tables that hold documents, those of absent plugins included."""

    def begin(self, title: str, command: str, at: datetime) -> AbstractContextManager[Transaction]:
        """Start a change set: waits for the lock and reads anew if the revision moved.

        Leaving the block commits; leaving it by an exception changes nothing. A change set that leaves everything as
        it was is not committed.

        Args:
            title: What the history says happened.
            command: The command line that does it.
            at: When, as an aware datetime.

        Raises:
            CrmError: The lock could not be had, or the commit failed; nothing was changed.
        """

    def history(self) -> list[Change]:
        """The changes that are still remembered, oldest first; what a very large one did is left to `images`."""

    def images(self, change: Change) -> tuple[Image, ...]:
        """All that a change did, document by document.

        Raises:
            BookUnreadable: The file that holds them is lost or damaged.
        """

    def attach(self, data: bytes) -> str:
        """Keep a file with the book, such as a photo; returns the name that a record then keeps.

        The file is safe before this returns, so that no committed record names one that is not there.

        Raises:
            CrmError: It could not be kept.
        """

    def attachment(self, name: str) -> bytes | None:
        """The file of that name; None if there is none."""
