"""Tables of typed records over a store's documents.

A `Session` is one command's view of a store: what it has read, and the change set that is open. A `Table` turns one
kind's documents into records and back. Rules that span kinds are in `book.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from crm_core import codec
from crm_core.errors import BookUnreadable, Conflict, CrmError, InputError, UnknownName
from crm_core.records import R, RecordKind, Ref, owner_of
from crm_core.references import refers_to, relinked
from crm_core.store.base import Store, Transaction

Part = TypeVar("Part", bound=msgspec.Struct)


class Session:
    """One command's view of a store.

    Args:
        store: Where documents are kept.
        command: The command line, for the history.
        versions: The version of each owner's records, as this command reads and writes them.
    """

    def __init__(self, store: Store, command: str, versions: Mapping[str, int]) -> None:
        self._store = store
        self._command = command
        self._versions = versions
        self._transaction: Transaction | None = None
        self.writable = True

    @property
    def transaction(self) -> Transaction:
        """The open change set.

        Raises:
            RuntimeError: There is none.
        """
        if not self.writable:
            raise RuntimeError("the book is read-only here")
        if self._transaction is None:
            raise RuntimeError("records are changed inside `with book.change(...)`")
        return self._transaction

    @contextmanager
    def begin(self, title: str, at: datetime) -> Iterator[Transaction]:
        """Open a change set; see `base.Store.begin`."""
        if not self.writable:
            raise RuntimeError("the book is read-only here")
        if self._transaction is not None:
            raise RuntimeError("a change is open already")
        try:
            with self._store.begin(title, self._command, at) as self._transaction:
                self._agree_on_versions(self._transaction)
                yield self._transaction
        finally:
            self._transaction = None

    def _agree_on_versions(self, transaction: Transaction) -> None:
        """Make sure that records are written in the version in which they lie there.

        Raises:
            Conflict: Another command, of a newer version of the program, has brought them to another one meanwhile.
        """
        for owner, version in self._versions.items():
            if transaction.versions.get(owner, 1) == version:
                continue
            if any(owner_of(table) == owner for table in self._store.tables()):
                raise Conflict(
                    f"The records of {owner} were brought to another version by another command meanwhile",
                    "Nothing was changed. Try again.",
                )
            transaction.set_version(owner, version)

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        """A table's documents, the open change set's included."""
        return self._source.documents(table)

    @property
    def redirects(self) -> Mapping[str, str]:
        """Ids that became other ids, the open change set's included."""
        return self._source.redirects

    def redirected(self, ref: Ref[Any] | str | None) -> Ref[Any]:
        """The id that a record has now: another one if it was merged."""
        redirects = (self._store if self._transaction is None else self._transaction).redirects
        present = ref or ""
        for _ in redirects:  # no longer: somebody who edits the file by hand may lead them in a circle
            if present not in redirects:
                break
            present = redirects[present]
        return present if isinstance(present, Ref) else Ref(present)

    @property
    def _source(self) -> Store | Transaction:
        return self._transaction if self._transaction is not None else self._store


class Table(Generic[R]):
    """All records of one kind; iterate over it, ask its length, get one by id.

    What it hands out is frozen and kept, so asking twice costs nothing. Changes need an open `Book.change`.
    """

    def __init__(self, session: Session, kind: RecordKind[R]) -> None:
        self._session = session
        self.kind = kind
        self._records: dict[str, R] = {}
        self._indexes: dict[str, dict[str, list[R]]] = {}
        self._whole = False
        self._read: Mapping[str, msgspec.Raw] = {}
        self._seen: dict[str, msgspec.Raw] = {}
        self._fresh: set[str] = set()
        self._superseded: set[str] = set()

    def __iter__(self) -> Iterator[R]:
        documents = self._documents()
        if not self._whole:
            records = self._all(documents)
            self._superseded = _older_equals(self.kind, records) if self._away else set()
            self._records = {key: record for key, record in records.items() if key not in self._superseded}
            self._whole = True
        return iter(list(self._records.values()))

    def __len__(self) -> int:
        return sum(1 for _ in self) if self._away else len(self._documents())

    def get(self, ref: Ref[R] | str) -> R:
        """The record with that id, merged ones included.

        Raises:
            UnknownName: There is none.
        """
        found = self.find(ref)
        if found is None:
            raise UnknownName(f"There is no {self.kind.label} {str(ref)[:40]!r}")
        return found

    def find(self, ref: Ref[R] | str | None) -> R | None:
        """The record with that id, or None."""
        key = self._key(self._session.redirected(ref)) if ref else None
        raw = self._documents().get(key) if key and key not in self._superseded else None
        return self._record(key, raw) if key and raw is not None else None

    def glimpses(self, kind: type[Part]) -> Iterator[tuple[str, Part]]:
        """Every record's id, and a part of it: for looking through thousands of which few are wanted.

        The ids are plain texts: to make thirty thousand a `Ref` takes longer than to decode as many names.

        Args:
            kind: A Struct with some of the record's fields, by their names and with their defaults.
        """
        if self._away:
            yield from ((record.id, msgspec.convert(record, kind, from_attributes=True)) for record in self)
            return
        prefix, decode = self.kind.prefix, msgspec.json.Decoder(kind).decode
        for key, raw in self._documents().items():
            try:
                yield prefix + key, decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError):
                self._decode(key, raw)  # says which record it is
                raise

    def sifted(self, may: Callable[[bytes], bool]) -> Iterator[R]:
        """The records whose stored bytes pass a test; no others are decoded, which is what takes the time.

        Args:
            may: Told a record's document as it is stored: JSON in UTF-8.
        """
        if self._away:
            iter(self)  # finds out which are superseded
        for key, raw in self._documents().items():
            if key not in self._superseded and may(bytes(raw)):
                yield self._record(key, raw)

    def mentioning(self, ref: Ref[Any] | str) -> list[R]:
        """The records in which that id stands, as a reference or else: found by their bytes, so few are decoded."""
        if self._away:
            return [record for record in self if refers_to(record, {ref})]
        mention = f'"{ref}"'.encode()
        return [self._record(key, raw) for key, raw in self._documents().items() if mention in bytes(raw)]

    def where(self, field: str, ref: str) -> list[R]:
        """The records whose reference `field` is that id, in the order in which they were added."""
        if field not in self._indexes:
            index: dict[str, list[R]] = {}
            for record in self:
                index.setdefault(getattr(record, field) or "", []).append(record)
            self._indexes[field] = index
        return list(self._indexes[field].get(self._session.redirected(ref), ()))

    def add(self, record: R) -> R:
        """Add a record; returns it with its id."""
        transaction = self._session.transaction
        key = str(transaction.draw(self.kind.prefix))
        return self._put(key, msgspec.structs.replace(record, id=Ref(self.kind.prefix + key)), None)

    def save(self, record: R) -> R:
        """Write a record back; one that equals the stored one changes nothing.

        Raises:
            Conflict: It is no longer what it was when this command read it.
            UnknownName: It is not in the book any more.
        """
        key, raw = self._present(record)
        if self._record(key, raw) == record:
            return record
        return self._put(key, record, raw)

    def drop(self, record: R) -> None:
        """Remove this one record and nothing else; `Book.remove` is what takes care of what hangs on it.

        Raises:
            Conflict: It is no longer what it was when this command read it.
        """
        key, _ = self._present(record)
        self._delete_superseded()
        self._session.transaction.delete(self.kind.table, key)
        self._seen.pop(key, None)
        self._records.pop(key, None)
        self._indexes.clear()

    def renew(self) -> None:
        """The store has a newer revision: read anew, but remember what this command has seen."""
        self._seen = {**self._read, **self._seen}
        self.forget()

    def forget(self) -> None:
        """Drop what was read."""
        self._records, self._whole, self._superseded, self._read = {}, False, set(), {}
        self._indexes.clear()
        self._fresh.clear()

    @property
    def _away(self) -> bool:
        """Whether records may have been merged while the plugin whose table this is was away."""
        return "." in self.kind.table and bool(self._session.redirects)

    def _documents(self) -> Mapping[str, msgspec.Raw]:
        self._read = self._session.documents(self.kind.table)
        return self._read

    def _key(self, ref: str) -> str | None:
        prefix = self.kind.prefix
        key = ref.removeprefix(prefix)
        return key if ref.startswith(prefix) and key.isdecimal() and key.isascii() else None

    def _record(self, key: str, raw: msgspec.Raw) -> R:
        if key not in self._records:
            self._fresh.add(key)
            self._records[key] = self._decode(key, raw)
        return self._records[key]

    def _all(self, documents: Mapping[str, msgspec.Raw]) -> dict[str, R]:
        if not self._records and not self._away:
            # What can't be read is left to be found, and named, one by one.
            with suppress(msgspec.DecodeError, UnicodeDecodeError, CrmError):
                records = codec.decode_all(self.kind.type, documents, self.kind.prefix)
                self._fresh.update(records)
                return records
        return {key: self._record(key, raw) for key, raw in documents.items()}

    def _decode(self, key: str, raw: msgspec.Raw) -> R:
        ref: Ref[R] = Ref(self.kind.prefix + key)
        try:
            record = codec.decode(self.kind.type, raw, ref)
        except (msgspec.DecodeError, UnicodeDecodeError, CrmError) as error:
            raise BookUnreadable(
                f"The {self.kind.label} {ref} can't be read: {error}",
                "The book was left as it is. `crm doctor` says what mends it.",
            ) from error
        return self._relinked(record) if self._away else record

    def _relinked(self, record: R) -> R:
        moved = relinked(record, self._session.redirected)
        return record if moved is record else moved.tidied()

    def _delete_superseded(self) -> None:
        """Now that the table is written anyway, drop for good what a merge in the plugin's absence made double."""
        if self._away and self.kind.unique:
            iter(self)
            for key in self._superseded:
                self._session.transaction.delete(self.kind.table, key)

    def _present(self, record: R) -> tuple[str, msgspec.Raw]:
        self._session.transaction  # noqa: B018 (raises when there is no open change)
        key = self._key(record.id)
        raw = self._documents().get(key) if key and key not in self._superseded else None
        if key is None or raw is None:
            raise UnknownName(f"There is no {self.kind.label} {record.id!s} any more")
        if self._conflicts(key, record, raw):
            raise Conflict(
                f"The {self.kind.label} {record.id} was changed by another command meanwhile",
                "Nothing was changed. Look at it and try again.",
            )
        return key, raw

    def _conflicts(self, key: str, record: R, raw: msgspec.Raw) -> bool:
        """Whether saving the record would undo what another command did since this one read it.

        Where this command has read the record anew since, only its fields can tell which of the two it is made from.
        """
        before = self._seen.get(key)
        if before is None or bytes(before) == bytes(raw):
            return False
        if key not in self._fresh:
            return True
        old, present = self._decode(key, before), self._record(key, raw)
        values = ((getattr(one, name) for one in (old, record, present)) for name in record.__struct_fields__)
        return any(was == given != now for was, given, now in values)

    def _put(self, key: str, record: R, replaced: msgspec.Raw | None) -> R:
        # What it refers to may have been merged after this command looked it up.
        record = self._relinked(record) if self._session.redirects else record
        try:
            stored = codec.document(record, replaced)
        except UnicodeEncodeError:
            raise InputError(
                f"A text of this {self.kind.label} holds half a character (a lone surrogate)", "Nothing was changed."
            ) from None
        self._check_readable(stored, record.id)
        self._delete_superseded()
        self._session.transaction.put(self.kind.table, key, stored)
        self._documents()
        self._seen.pop(key, None)
        self._records[key] = record
        self._indexes.clear()
        return record

    def _check_readable(self, stored: bytes, ref: Ref[R]) -> None:
        """A record with a value of the wrong type must not get into the book: nobody could read it any more.

        Raises:
            TypeError: It has one: a fault of the code that made it.
        """
        try:
            codec.decode(self.kind.type, msgspec.Raw(stored), ref)
        except msgspec.DecodeError as error:
            raise TypeError(f"{ref} is no {self.kind.label} that could be read again: {error}") from error


def _older_equals(kind: RecordKind[R], records: Mapping[str, R]) -> set[str]:
    """The keys of records that a newer one stands in for, as far as the kind's `unique` fields say."""
    if not kind.unique:
        return set()
    newest = {equality(kind, record): key for key, record in records.items()}
    return set(records).difference(newest.values())


def equality(kind: RecordKind[R], record: R) -> tuple[Any, ...]:
    """What no two records of that kind may share."""
    return tuple(getattr(record, field) for field in kind.unique)
