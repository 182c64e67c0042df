"""Looking through a book's records: whether they can be read, lead anywhere, and are what their kinds promise.

Works on a snapshot, so that a book that can't be opened can be looked through as well. What can be mended without
asking is put together here, too (`Mended`); whether it is done is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from crm_core import codec
from crm_core.book import removal_among
from crm_core.doctor.finding import ACCEPT, FIX, Finding
from crm_core.errors import CrmError
from crm_core.history.documents import Kinds
from crm_core.migrating import Refused, brought_up
from crm_core.records import CORE, MOVE_PREFIX, Application, Record, RecordKind, Ref, versions_of
from crm_core.references import references, relinked
from crm_core.store.base import Place, Snapshot
from crm_core.table import equality

NAMED: Final = 12
"""Ids that are spelt out in a finding; the rest is counted."""


class Mended(msgspec.Struct, frozen=True):
    """What mends the records: documents by place (None: it goes), redirects that go, and the least counters."""

    documents: dict[Place, bytes | None]
    redirects: list[str]
    counters: dict[str, int]


class Records:
    """A book's records, looked through.

    Args:
        book: The book as it lies there.
        kinds: The kinds of record of the core and of the plugins that are there.
    """

    def __init__(self, book: Snapshot, kinds: Sequence[RecordKind[Any]]) -> None:
        self.refused: list[Refused]
        self.book, self.refused = brought_up(book, kinds)
        off = {refused.owner for refused in self.refused}
        self._kinds = [kind for kind in kinds if kind.owner not in off]
        self._places = Kinds(self._kinds, self.book.versions)
        self._older = {o for o, version in versions_of(kinds).items() if book.versions.get(o, 1) < version} - off

    @cached_property
    def readable(self) -> dict[Place, Record]:
        """The records by where they are; those of absent plugins are left out."""
        return {place: record for place, record in self._all() if isinstance(record, Record)}

    @cached_property
    def unreadable(self) -> dict[Place, str]:
        """The documents that are no records of their kind, and why."""
        return {place: error for place, error in self._all() if isinstance(error, str)}

    @cached_property
    def missing(self) -> dict[str, list[Record]]:
        """Ids that lead nowhere, with the records that refer to them."""
        missing: dict[str, list[Record]] = {}
        for record in self.readable.values():
            for ref in dict.fromkeys(str(ref) for ref, _ in references(record)):
                place = self._places.place(self._led(ref))
                if place is not None and place[1] not in self.book.tables.get(place[0], {}):
                    missing.setdefault(ref, []).append(record)
        return missing

    @cached_property
    def doubles(self) -> list[tuple[RecordKind[Any], Record, Record]]:
        """Records of which a kind allows one, each with the newer one that stands in for it."""
        doubles = []
        for kind in (kind for kind in self._kinds if kind.unique):
            own = [record for (table, _), record in self.readable.items() if table == kind.table]
            newest = {equality(kind, self._relinked(record)): record for record in own}
            pairs = ((record, newest[equality(kind, self._relinked(record))]) for record in own)
            doubles += [(kind, record, newer) for record, newer in pairs if newer is not record]
        return doubles

    @cached_property
    def circles(self) -> list[str]:
        """Ids whose redirect leads nowhere but back, or away from a record that is there."""
        return [old for old in self.book.redirects if self._led(old) in self.book.redirects or self._is_there(old)]

    @cached_property
    def behind(self) -> dict[str, int]:
        """Counters that would give an id that is there, and the last number that is there."""
        last: dict[str, int] = {}
        for kind in self._kinds:
            last[kind.prefix] = max(map(int, self.book.tables.get(kind.table, {})), default=0)
        moves = (
            move.id for record in self.readable.values() if isinstance(record, Application) for move in record.moves
        )
        numbers = (text for move in moves if (text := move.removeprefix(MOVE_PREFIX)).isdecimal())
        last[MOVE_PREFIX] = max(map(int, numbers), default=0)
        return {prefix: number for prefix, number in last.items() if number > self.book.counters.get(prefix, 0)}

    def findings(self, readable_in: Mapping[Place, str]) -> Iterator[Finding]:
        """What is wrong with them.

        Args:
            readable_in: Of documents that can't be read, the newest backup in which they can.
        """
        yield from self._findings_of_versions()
        for place, error in self.unreadable.items():
            yield self._unreadable_finding(place, error, readable_in.get(place))
        for ref, records in self.missing.items():
            verb = "refers" if len(records) == 1 else "refer"
            yield Finding(
                check="records", what=f"{_listed(records)} {verb} to {ref}, which is not there", commands=(FIX,)
            )
        for kind, record, newer in self.doubles:
            same = " and ".join(kind.unique)
            what = f"{record.id} and {newer.id} have the same {same}, and there can be one {kind.label}"
            yield Finding(check="records", what=what, commands=(FIX,))
        for old in self.circles:
            where = "away from a record that is there" if self._is_there(old) else "in a circle"
            yield Finding(check="records", what=f"{old} is redirected {where}", commands=(FIX,))
        for prefix, number in self.behind.items():
            what = f"the next id of {prefix}{number} and its like would be one that is there"
            yield Finding(check="records", what=what, commands=(FIX,))

    def mended(self) -> Mended:
        """What mends all of that but unreadable records.

        References that lead nowhere are cleared. What has no meaning without the record that it referred to goes, as it
        would have gone with it. Of doubles the newest stays.
        """
        roots = [*(Record(id=Ref(ref)) for ref in self.missing), *(older for _, older, _ in self.doubles)]
        removal = removal_among(list(self.readable.values()), roots)
        gone = {str(record.id) for record in removal.gone}
        documents: dict[Place, bytes | None] = {}
        for record in removal.cleared:
            place = self._place(record)
            whole = relinked(record, lambda ref: None if ref in gone else ref)
            documents[place] = codec.document(whole, self.book.tables[place[0]][place[1]])
        documents |= {place: None for place, record in self.readable.items() if record.id in gone}
        return Mended(documents, self.circles, self.behind)

    def _all(self) -> Iterator[tuple[Place, Record | str]]:
        for kind in self._kinds:
            for key, raw in self.book.tables.get(kind.table, {}).items():
                ref: Ref[Any] = Ref(kind.prefix + key)
                try:
                    yield (kind.table, key), codec.decode(kind.type, raw, ref)
                except (msgspec.DecodeError, UnicodeDecodeError, CrmError) as error:
                    yield (kind.table, key), str(error)

    def _moves(self) -> Iterator[int]:
        """The numbers of all stage moves."""
        for record in self.readable.values():
            for move in record.moves if isinstance(record, Application) else ():
                number = move.id.removeprefix(MOVE_PREFIX)
                yield int(number) if number.isdecimal() else 0

    def _place(self, record: Record) -> Place:
        place = self._places.place(record.id)
        assert place is not None  # noqa: S101 (it was read from there)
        return place

    def _is_there(self, ref: str) -> bool:
        place = self._places.place(ref)
        return place is not None and place[1] in self.book.tables.get(place[0], {})

    def _led(self, ref: str) -> str:
        """Where redirects lead an id; of a circle, some id in it."""
        for _ in self.book.redirects:
            if ref not in self.book.redirects:
                break
            ref = self.book.redirects[ref]
        return ref

    def _relinked(self, record: Record) -> Record:
        return relinked(record, lambda ref: Ref(self._led(ref)))

    def _findings_of_versions(self) -> Iterator[Finding]:
        for refused in self.refused:
            if refused.owner == CORE:
                yield Finding(check="records", what=f"the core's records can't be brought up: {refused.error.message}")
            else:
                off = f"crm plugins off {refused.owner}"
                yield Finding(check="plugins", what=f"{refused.owner}: {refused.error.message}", commands=(off,))
        for owner in sorted(self._older):
            what = f"the records of {owner} are of an older version; the next command brings them up"
            yield Finding(check="records", what=what, commands=("crm agenda",), note=True)

    def _unreadable_finding(self, place: Place, error: str, backup: str | None) -> Finding:
        kind = self._places.of(place[0])
        assert kind is not None  # noqa: S101 (its documents were read by it)
        ways = [f"crm plugins off {kind.owner}"] if kind.owner != CORE else []
        ways += [f"crm restore {backup}"] if backup else []
        what = f"the {self._places.said(place)} can't be read: {error}"
        return Finding(check="records", what=what, commands=(*ways, ACCEPT))


def _listed(records: Sequence[Record]) -> str:
    more = f" and {len(records) - NAMED:,} more" if len(records) > NAMED else ""
    return ", ".join(str(record.id) for record in records[:NAMED]) + more


def tables_of_absent_plugins(
    tables: Mapping[str, Mapping[str, msgspec.Raw]], kinds: Iterable[RecordKind[Any]]
) -> dict[str, int]:
    """How many records lie in tables that nobody knows, by table."""
    known = {kind.table for kind in kinds}
    return {name: len(documents) for name, documents in tables.items() if documents and name not in known}
