"""The book: one person's whole CRM as typed records, changed one change set at a time.

A `Book` is the only thing a plugin is given. It knows records, references between them and change sets; what the
records mean for a job search is in `network/`, `pipeline.py` and `steps.py`, how they are kept in `store/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from crm_core.errors import CrmError, InputError, UnknownName
from crm_core.records import (
    CORE_KINDS,
    MOVE_PREFIX,
    Application,
    BusinessCard,
    Company,
    Contact,
    FeedItem,
    Interaction,
    Interview,
    Letter,
    Mark,
    Note,
    Promise,
    Question,
    R,
    Record,
    RecordKind,
    Ref,
    versions_of,
)
from crm_core.references import owned_by, refers_to, relinked
from crm_core.settings import Me, SectionT
from crm_core.store.attachments import named_in
from crm_core.store.base import Snapshot, Store
from crm_core.table import Session, Table, equality

_ID = re.compile(r"([a-z]+)([1-9][0-9]{0,17})\Z")
RecordT = TypeVar("RecordT", bound=Record)


def uid_of(identity: str, name: str) -> str:
    """What other programs know something by that has this name in the book of that identity."""
    return f"crm-{identity}-{name}"


class SettingsSource(Protocol):
    """Where a book gets typed settings from."""

    @property
    def me(self) -> Me:
        """Who the user is."""

    @property
    def templates(self) -> Path:
        """The folder of the user's own letter templates; need not exist."""

    def section(self, kind: type[SectionT]) -> SectionT:
        """A section's values."""


class Removal(msgspec.Struct, frozen=True):
    """What removing a record means: these go with it, those lose their reference to it."""

    gone: tuple[Record, ...]
    cleared: tuple[Record, ...]


class Book:
    """Typed records in a store.

    Args:
        store: Where they are kept.
        now: The present, as an aware datetime in the user's zone (an IANA zone).
        settings: Where typed settings come from.
        kinds: The kinds of record that plugins brought; the core's are known.
        refused: Types of plugins' records that can't be used in this run, and why.
        command: The command line, for the history.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: datetime,
        settings: SettingsSource,
        kinds: Iterable[RecordKind[Any]] = (),
        refused: Mapping[type[Record], CrmError] | None = None,
        command: str = "",
    ) -> None:
        if not isinstance(now.tzinfo, ZoneInfo):
            raise ValueError("now needs an IANA time zone")  # noqa: TRY004 (a naive time is a wrong value)
        self.now = now
        self._zone = now.tzinfo
        self._settings = settings
        self._store = store
        kinds = (*CORE_KINDS, *kinds)
        self._refused = refused or {}
        self._session = Session(store, command, versions_of(kinds))
        self._tables: dict[type[Record], Table[Any]] = {kind.type: Table(self._session, kind) for kind in kinds}

    @property
    def companies(self) -> Table[Company]:
        """Employers, agencies and schools."""
        return self.table(Company)

    @property
    def contacts(self) -> Table[Contact]:
        """People."""
        return self.table(Contact)

    @property
    def cards(self) -> Table[BusinessCard]:
        """Business cards."""
        return self.table(BusinessCard)

    @property
    def applications(self) -> Table[Application]:
        """Applications."""
        return self.table(Application)

    @property
    def interviews(self) -> Table[Interview]:
        """Interviews."""
        return self.table(Interview)

    @property
    def interactions(self) -> Table[Interaction]:
        """Exchanges with people."""
        return self.table(Interaction)

    @property
    def notes(self) -> Table[Note]:
        """Notes about interviews."""
        return self.table(Note)

    @property
    def promises(self) -> Table[Promise]:
        """What the user said they would do."""
        return self.table(Promise)

    @property
    def questions(self) -> Table[Question]:
        """Questions for a next round."""
        return self.table(Question)

    @property
    def letters(self) -> Table[Letter]:
        """Letters, drafts and sent ones."""
        return self.table(Letter)

    @property
    def feed_items(self) -> Table[FeedItem]:
        """News about companies."""
        return self.table(FeedItem)

    @property
    def marks(self) -> Table[Mark]:
        """What became of steps that no fact closes."""
        return self.table(Mark)

    def table(self, kind: type[RecordT]) -> Table[RecordT]:
        """The table of a record type, the core's or a plugin's own.

        Raises:
            LookupError: Nobody declared that type.
            CrmError: They can't be used in this run.
        """
        try:
            return self._tables[kind]
        except KeyError:
            if kind in self._refused:
                raise CrmError(
                    f"{kind.__name__} records can't be used: {self._refused[kind].message}", "`crm doctor` says more."
                ) from None
            raise LookupError(f"no plugin declares records of type {kind.__name__}") from None

    @property
    def kinds(self) -> list[RecordKind[Any]]:
        """The kinds of record in the book."""
        return [table.kind for table in self._tables.values()]

    @property
    def today(self) -> date:
        """The present day in the user's zone."""
        return self.now.date()

    @property
    def zone(self) -> ZoneInfo:
        """The user's time zone."""
        return self._zone

    @property
    def me(self) -> Me:
        """Who the user is."""
        return self._settings.me

    @property
    def templates(self) -> Path:
        """The folder of the user's own letter templates; need not exist."""
        return self._settings.templates

    def settings(self, kind: type[SectionT]) -> SectionT:
        """A plugin's settings.

        Raises:
            InputError: The user's file has a value that is not usable.
        """
        return self._settings.section(kind)

    def get(self, ref: Ref[RecordT] | str) -> RecordT:
        """The record with that id, of whatever kind.

        Raises:
            UnknownName: There is none.
        """
        record: RecordT | None = self.find(ref)
        if record is None:
            raise UnknownName(f"There is no record {str(ref)[:40]!r}")
        return record

    def find(self, ref: Ref[RecordT] | str | None) -> RecordT | None:
        """The record with that id, of whatever kind, or None."""
        match = _ID.match(ref or "")
        if match is None:
            return None
        table = next((table for table in self._tables.values() if table.kind.prefix == match[1]), None)
        return table.find(match[0]) if table is not None else None

    def redirected(self, ref: Ref[Any] | str | None) -> Ref[Any]:
        """The id that a record has now: another one if it was merged."""
        return self._session.redirected(ref)

    @property
    def identity(self) -> str:
        """What tells this book from any other; empty until something is in it."""
        return self._store.identity

    def uid(self, record: Record) -> str:
        """What other programs know a record by: a contact's own, else one made of the book's identity and its id."""
        own = record.uid if isinstance(record, Contact) else ""
        return own or uid_of(self._store.identity, record.id)

    def of_uid(self, uid: str) -> Record | None:
        """The record of a UID that `uid` made from its id; None for any other text."""
        start = uid_of(self._store.identity, "")
        return self.find(uid.removeprefix(start)) if uid.startswith(start) else None

    def attach(self, data: bytes) -> str:
        """Keep a file with the book, such as a photo; returns the name for a record to keep.

        Raises:
            RuntimeError: No change is open.
            CrmError: It could not be kept.
        """
        self._session.transaction  # noqa: B018 (raises when there is no open change)
        return self._store.attach(data)

    def attachment(self, name: str) -> bytes | None:
        """The file of that name; None if there is none."""
        return self._store.attachment(name)

    def snapshot(self) -> Snapshot:
        """All of it but its history, as the store keeps it; tables of absent plugins too."""
        store = self._store
        tables = {name: store.documents(name) for name in store.tables()}
        return Snapshot(
            tables=tables,
            counters=store.counters,
            redirects=store.redirects,
            versions=store.versions,
            identity=store.identity,
            attachments=_attachments(store, tables),
        )

    @contextmanager
    def change(self, title: str) -> Iterator[None]:
        """A change set: everything inside is committed together when the block ends, or not at all.

        No prompt, editor or network inside it: other commands wait.

        Args:
            title: What happened, in words, for the history.

        Raises:
            Conflict: A record is no longer what this command read.
            CrmError: The book could not be written.
        """
        try:
            with self._session.begin(title, self.now) as transaction:
                if transaction.moved:
                    for table in self._tables.values():
                        table.renew()
                yield
        except BaseException:
            for table in self._tables.values():
                table.forget()
            raise

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Inside, `change` is refused, and so are changes in one that is open: for code that must only look."""
        before, self._session.writable = self._session.writable, False
        try:
            yield
        finally:
            self._session.writable = before

    def new_move_id(self) -> str:
        """An id for a stage move, never given again."""
        return f"{MOVE_PREFIX}{self._session.transaction.draw(MOVE_PREFIX)}"

    def removal(self, *records: Record) -> Removal:
        """What removing those records would take along and what it would clear."""
        return removal_among([record for table in self._tables.values() for record in table], records)

    def remove(self, removal: Removal) -> None:
        """Remove records with all that hangs on them; what only refers to them stays without the reference."""
        gone = {record.id for record in removal.gone}
        for record in removal.cleared:
            self._table_of(record).save(relinked(record, lambda ref: None if ref in gone else ref))
        for record in removal.gone:
            self._table_of(record).drop(record)

    def merge(self, into: RecordT, other: RecordT, combined: RecordT) -> RecordT:
        """Make two records one: `combined` is saved as `into`, all references to `other` follow, its id leads there.

        Returns:
            The record as saved.
        """
        if into.id == other.id:
            raise InputError(f"{into.id} can't be merged with itself")
        target: dict[str, Ref[Any]] = {other.id: into.id}
        one = relinked(msgspec.structs.replace(combined, id=into.id), lambda ref: target.get(ref, ref))
        self._table_of(other).drop(other)
        self._table_of(into).save(one.tidied())
        for table in self._tables.values():
            self._relink(table, target)
        self._session.transaction.redirect(str(other.id), str(into.id))
        return self._table_of(into).get(into.id)

    def _relink(self, table: Table[Any], target: Mapping[str, Ref[Any]]) -> None:
        dropped: set[str] = set()
        for record in table:
            moved = relinked(record, lambda ref: target.get(ref, ref))
            if moved is record or record.id in dropped:
                continue
            moved = table.save(moved.tidied())
            for older in _equals(table, moved)[:-1]:
                table.drop(older)
                dropped.add(older.id)

    def _table_of(self, record: RecordT) -> Table[RecordT]:
        return self.table(type(record))


def removal_among(everything: Sequence[Record], records: Iterable[Record]) -> Removal:
    """What removing those records would take along, and clear, of all that there is."""
    gone = {record.id: record for record in records}
    while found := {r.id: r for r in everything if r.id not in gone and owned_by(r, gone.keys())}:
        gone.update(found)
    cleared = [record for record in everything if record.id not in gone and refers_to(record, gone.keys())]
    return Removal(tuple(gone.values()), tuple(cleared))


def _equals(table: Table[R], record: R) -> list[R]:
    """This record and those that a kind's `unique` fields say can't stand beside it, oldest first."""
    if not table.kind.unique:
        return [record]
    values = equality(table.kind, record)
    return [other for other in table if equality(table.kind, other) == values]


def _attachments(store: Store, tables: Mapping[str, Mapping[str, msgspec.Raw]]) -> dict[str, bytes]:
    """The files that documents name: those of people who are gone are nobody's any more."""
    names = dict.fromkeys(name for table in tables.values() for raw in table.values() for name in named_in(bytes(raw)))
    found = ((name, store.attachment(name)) for name in names)
    return {name: data for name, data in found if data is not None}
