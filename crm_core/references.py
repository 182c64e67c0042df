"""References inside records: found by their types, rewritten when records merge, cleared when one is removed.

Works on any record type, a plugin's own included, since it reads the types' declarations; knows no kind by name.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import replace

from crm_core.records import Owner, Record, Ref

S = TypeVar("S", bound=msgspec.Struct)
RecordT = TypeVar("RecordT", bound=Record)
Target = Callable[[Ref[Any]], "Ref[Any] | None"]
_MANY: Final = frozenset({tuple, list, set, frozenset})


class Vanished(Exception):
    """A reference that its structure can't do without is gone."""


class Field(msgspec.Struct, frozen=True):
    """A field that holds references: `many` in a container, `inner` when inside parts, `needed` if never None."""

    name: str
    many: bool
    inner: bool
    needed: bool
    owner: bool


def references(record: msgspec.Struct) -> Iterator[tuple[Ref[Any], bool]]:
    """Every reference in a record, and whether it is to the record's owner."""
    for field in _fields(type(record)):
        value = getattr(record, field.name)
        for item in () if value is None else value if field.many else (value,):
            if field.inner:
                yield from references(item)
            else:
                yield item, field.owner


def owned_by(record: Record, gone: AbstractSet[str]) -> bool:
    """Whether the record has no meaning without one of those."""
    met = [owner for ref, owner in references(record) if ref in gone]
    return any(met) or (bool(met) and _vanishes(record, gone))


def _vanishes(record: Record, gone: AbstractSet[str]) -> bool:
    try:
        relinked(record, lambda ref: None if ref in gone else ref)
    except Vanished:
        return True
    return False


def refers_to(record: Record, ids: AbstractSet[str]) -> bool:
    """Whether the record refers to one of those."""
    return any(ref in ids for ref, _ in references(record))


def relinked(record: RecordT, target: Target) -> RecordT:
    """The record with each reference replaced by its target; the very same record where nothing changes.

    A target of None clears the reference: an optional field becomes None, an element of a tuple goes.

    Raises:
        Vanished: A reference that the record can't do without has no target.
    """
    return _relinked(record, target)


def _relinked(struct: S, target: Target) -> S:
    changes = {}
    for field in _fields(type(struct)):
        value = getattr(struct, field.name)
        if value is None:
            continue
        new = _many(field, value, target) if field.many else _one(field, value, target)
        if new != value:
            changes[field.name] = new
    return replace(struct, **changes) if changes else struct


def _one(field: Field, value: Any, target: Target) -> Any:
    try:
        new = _relinked(value, target) if field.inner else target(value)
    except Vanished:
        new = None
    if new is None and field.needed:
        raise Vanished(field.name)
    return new


def _many(field: Field, values: Collection[Any], target: Target) -> Collection[Any]:
    kept = []
    for value in values:
        try:
            new = _relinked(value, target) if field.inner else target(value)
        except Vanished:
            continue
        if new is not None:
            kept.append(new)
    same: Callable[[list[Any]], Collection[Any]] = type(values)
    return same(kept)


@lru_cache(maxsize=256)
def _fields(kind: type[msgspec.Struct]) -> tuple[Field, ...]:
    hints = get_type_hints(kind, include_extras=True)
    found = (_field(name, hint) for name, hint in hints.items() if name != "id")
    return tuple(field for field in found if field is not None)


def _field(name: str, hint: Any) -> Field | None:
    owner = needed = many = False
    members = [hint]
    if get_origin(hint) in {Union, types.UnionType}:
        members = [member for member in get_args(hint) if member is not type(None)]
    else:
        needed = True
    for member in members:
        while get_origin(member) in {Annotated, *_MANY}:
            many = many or get_origin(member) is not Annotated
            owner = owner or any(isinstance(extra, Owner) for extra in get_args(member)[1:])
            member = get_args(member)[0]  # noqa: PLW2901
        if _is_ref(member):
            return Field(name, many, inner=False, needed=needed, owner=owner)
        if isinstance(member, type) and issubclass(member, msgspec.Struct) and _fields(member):
            return Field(name, many, inner=True, needed=needed, owner=owner)
    return None


def _is_ref(hint: Any) -> bool:
    return hint is Ref or get_origin(hint) is Ref
