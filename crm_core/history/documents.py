"""One stored document seen from outside: its id, its kind in words, what names it, which ids stand in it.

Where somebody declared the kind of record, types say what is what; of the tables of a plugin that is away only the
JSON can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import msgspec

from crm_core import codec
from crm_core.errors import CrmError
from crm_core.records import Record, RecordKind, Ref, versions_of
from crm_core.references import references
from crm_core.store.base import Place

NAMED_BY: Final = (
    "name", "role", "title", "text", "about", "organisation", "subject", "kind", "network", "step", "note",
)  # fmt: skip
"""The fields that may name a document to a person; the first that says something does."""

_ID = re.compile(r"([a-z]+)([1-9][0-9]{0,17})")
_ID_IN_JSON = re.compile(rb'"([a-z]+[1-9][0-9]{0,17})"')


class Kinds:
    """What can be told of a document from where it is.

    Args:
        kinds: Every kind of record that somebody declared, the core's included.
        versions: The version of each owner's records as they lie there: types can read none but their own.
    """

    def __init__(self, kinds: Iterable[RecordKind[Any]], versions: Mapping[str, int]) -> None:
        self._by_table = {kind.table: kind for kind in kinds}
        present = versions_of(self._by_table.values())
        self._readable = {owner for owner, version in present.items() if versions.get(owner, 1) == version}
        self._rank = {table: rank for rank, table in enumerate(self._by_table)}
        self._by_prefix = {kind.prefix: kind for kind in self._by_table.values()}

    def of(self, table: str) -> RecordKind[Any] | None:
        """The kind of record in a table; None where nobody declared it."""
        return self._by_table.get(table)

    def id(self, place: Place) -> str:
        """What a user calls the record: `c12`; of a table that nobody declared, `crm_quota.pauses 12`."""
        table, key = place
        kind = self.of(table)
        return f"{kind.prefix}{key}" if kind else f"{table} {key}"

    def place(self, ref: str) -> Place | None:
        """Where the record of that id is, if it is one; None for text that is no id of a declared kind."""
        match = _ID.fullmatch(ref)
        kind = self._by_prefix.get(match[1]) if match else None
        return (kind.table, match[2]) if match and kind else None

    def label(self, table: str, count: int = 1) -> str:
        """What its records are called: `contact`, `contacts`; of a table that nobody declared, its name."""
        kind = self.of(table)
        return table if kind is None else kind.label if count == 1 else kind.plural

    def order(self, place: Place) -> tuple[int, str, int, str]:
        """Where a record stands in a list: by kind, as they were declared, then by number."""
        table, key = place
        number = int(key) if key.isdecimal() else 0
        return self._rank.get(table, len(self._rank)), table, number, key

    def said(self, place: Place) -> str:
        """The record in words, without its name: `contact c12`."""
        kind = self.of(place[0])
        return f"{kind.label} {self.id(place)}" if kind else self.id(place)

    def record(self, place: Place, raw: msgspec.Raw) -> Record | None:
        """The document as a record; None if nobody declared its kind, or it is not one of it."""
        kind = self.of(place[0])
        if kind is None or kind.owner not in self._readable:
            return None
        try:
            record: Record = codec.decode(kind.type, raw, Ref(self.id(place)))
        except (msgspec.DecodeError, UnicodeDecodeError, CrmError):
            return None
        return record

    def references(self, place: Place, raw: msgspec.Raw) -> AbstractSet[str]:
        """The ids that a document refers to; all that look like one where only the JSON can be read."""
        record = self.record(place, raw)
        return mentioned(raw) if record is None else {str(ref) for ref, _ in references(record)}


def mentioned(raw: msgspec.Raw) -> set[str]:
    """All texts in a document that look like ids."""
    return {found.decode() for found in _ID_IN_JSON.findall(raw)}


def fields(raw: msgspec.Raw | None) -> Mapping[str, Any]:
    """A document as plain values; empty for none, and for one that is no JSON object."""
    try:
        return msgspec.json.decode(raw, type=dict[str, Any]) if raw is not None else {}
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}


def name(values: Mapping[str, Any]) -> str:
    """What names a document to a person, in one line; empty if nothing does."""
    found = (values.get(field) for field in NAMED_BY)
    return next((" ".join(text.split()) for text in found if isinstance(text, str) and text.strip()), "")
