"""Random books with every kind of record in them, whatever fields it has: made from the types' declarations."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from crm_core import codec
from crm_core.dates import Moment
from crm_core.records import CORE_KINDS, Record, RecordKind, Ref
from crm_core.store.base import Snapshot

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC")
PNG = b"\x89PNG\r\n\x1a\n"
GONE = "c400"
"""The id of nobody."""

Texts: TypeAlias = st.SearchStrategy[str]
Ids: TypeAlias = Callable[[Any], Texts]
"""From the type of a record to ids of such ones."""

texts = st.text(st.characters(codec="utf-8"), max_size=12)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
moments = st.builds(
    Moment,
    local=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 (its zone stands beside it)
    zone=st.sampled_from(ZONES),
)


def values(hint: Any, ids: Ids, text: Texts = texts) -> st.SearchStrategy[Any]:
    """Values of a field's type: references to those ids, those texts."""
    origin, arguments = get_origin(hint) or hint, get_args(hint)
    if origin is Annotated:
        return values(arguments[0], ids, text)
    if origin is Ref:
        return ids(arguments[0] if arguments else None).map(Ref)
    if origin in {Union, types.UnionType}:
        return st.one_of(*(values(argument, ids, text) for argument in arguments))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(values(arguments[0], ids, text), max_size=2).map(tuple)
    if origin is Moment:
        return moments
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        return structs(origin, ids, text)
    plain = {str: text, int: st.integers(0, 10_000), bool: st.booleans(), date: days, types.NoneType: st.none()}
    return plain[origin]


def structs(kind: type[msgspec.Struct], ids: Ids, text: Texts = texts) -> st.SearchStrategy[Any]:
    """Records or parts of that type, every field of theirs with any value that it may have."""
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: values(hint, ids, text) for name, hint in hints.items() if name != "id"})


def documents(record: Record, extra: dict[str, Any]) -> msgspec.Raw:
    """A record as it is stored, with what a newer version of the program may have written beside."""
    fields = msgspec.json.decode(codec.document(record, None), type=dict[str, Any])
    return msgspec.Raw(msgspec.json.encode({**extra, **fields}))


@st.composite
def snapshots(
    draw: st.DrawFn,
    kinds: Iterable[RecordKind[Any]] = CORE_KINDS,
    text: Texts = texts,
    versions: Mapping[str, int] = {"core": 1, "crm_gone": 3},
    *,
    whole: bool = False,
) -> Snapshot:
    """Random books.

    Args:
        draw: hypothesis's.
        kinds: The kinds of record in it.
        text: What texts are.
        versions: What it says of its owners' records.
        whole: Whether there is a record of each kind, and every reference leads to one; else some lead nowhere.
    """
    kinds = list(kinds)
    some = st.lists(st.integers(1, 99), unique=True, min_size=int(whole), max_size=2)
    numbers = {kind.table: sorted(draw(some)) for kind in kinds}
    known = {kind.type: [f"{kind.prefix}{number}" for number in numbers[kind.table]] for kind in kinds}

    def ids(kind: Any) -> Texts:
        found = known.get(kind, [id_ for ids_ in known.values() for id_ in ids_])
        return st.sampled_from(found if whole else [*found, GONE])

    extras = st.sampled_from(({}, {"x_newer": {"a": [1, None]}}))
    tables = {
        kind.table: {
            str(number): documents(draw(structs(kind.type, ids, text)), draw(extras)) for number in numbers[kind.table]
        }
        for kind in kinds
    }
    away = draw(st.dictionaries(st.integers(1, 9).map(str), st.dictionaries(text, text, max_size=2), max_size=2))
    tables["crm_gone.things"] = {key: msgspec.Raw(msgspec.json.encode(value)) for key, value in sorted(away.items())}
    return Snapshot(
        tables={name: table for name, table in tables.items() if table},
        counters={**{kind.prefix: draw(st.integers(99, 10_000)) for kind in kinds}, "m": 7},
        redirects=draw(st.sampled_from(({}, {"c500": GONE, "c600": "c500"}))),
        versions=versions,
        identity="0123456789abcdef",
    )
