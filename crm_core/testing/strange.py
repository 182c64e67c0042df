"""A book as strange as a file may hold: made of the types' declarations, the same each time.

Names act on terminals or look like ids and formulas; references lead nowhere, or to another kind of record than they
say; days are a century away; every fourth field is as it is by default. What the core itself sees to is so: the ids of
records and moves are unique, records are tidied, and fields that must be unique are.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Annotated, Any, Final, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec

from crm_core import codec
from crm_core.dates import Moment
from crm_core.records import (
    CORE_KINDS,
    MOVE_PREFIX,
    Application,
    Company,
    Contact,
    Interaction,
    Interview,
    Mark,
    Move,
    Record,
    RecordKind,
    Ref,
    versions_of,
)
from crm_core.store.base import Snapshot

TEXTS: Final = (
    "",
    " ",
    "Ana Silva",
    "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller",
    "\u682a\u5f0f\u4f1a\u793e",
    "\x1b[2J\x1b]0;owned\x07",
    "a\x00b\rc",
    "two\nlines",
    "photo\u202egpj.exe",
    "e\u0301" * 3 + "\u200b\u200d",
    "=HYPERLINK(A1)",
    "{{ 7 * 7 }}{% raise %}",
    "[[blank]] <b>bold</b> & \"quoted\" 'so'",
    "../../etc/passwd",
    "c1",
    "--help",
    "https://www.linkedin.com/in/ana",
    "ana@example.com",
    "+44 1632 960123",
    "x" * 3_000,
)
MANY: Final[Mapping[type[Record], int]] = {
    Company: 300, Contact: 1_500, Application: 400, Interview: 600, Interaction: 800, Mark: 300,
}  # fmt: skip
"""How many records of a kind there are; of all others `SOME`."""
SOME: Final = 200
ZONES: Final = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC")
QUIET: Final = range(-2, 4)
"""Days from the present on which nothing happens, so that what an hour more or less changes is the plugin's doing."""

Ids: TypeAlias = Callable[[Any], str]
"""From a type of record, or None for any, to the id of one."""


def strange_book(kinds: Iterable[RecordKind[Any]], today: date) -> Snapshot:
    """The book, with records of plugins' own kinds too.

    Args:
        kinds: Those of plugins.
        today: The present day.
    """
    core, own = _core(today), tuple(kinds)
    maker = Maker(today, seed=2, kinds=(*CORE_KINDS, *own))
    return Snapshot(
        tables={**core, **maker.tables(own)},
        counters={**{kind.prefix: 9_999 for kind in (*CORE_KINDS, *own)}, MOVE_PREFIX: 99_999},
        redirects={"c9001": "c1", "c9002": "c9003"},
        versions=versions_of((*CORE_KINDS, *own)),
        identity="0123456789abcdef",
    )


@lru_cache(maxsize=2)
def _core(today: date) -> dict[str, dict[str, msgspec.Raw]]:
    """The core's tables, which are the same for every plugin."""
    return Maker(today, seed=1, kinds=CORE_KINDS).tables(CORE_KINDS)


class Maker:
    """Makes records of any type.

    Args:
        today: The present day.
        seed: What chance begins with.
        kinds: The kinds of record that references may lead to.
        ids: The ids of records that there are, by type; by default of as many as `tables` makes.
    """

    def __init__(
        self,
        today: date,
        seed: int,
        kinds: Iterable[RecordKind[Any]],
        ids: Mapping[type[Record], list[str]] | None = None,
    ) -> None:
        self._random = Random(seed)  # noqa: S311 (chance that is the same each time)
        self._today = today
        self._whole = ids is not None
        self._ids = ids or {kind.type: [f"{kind.prefix}{n}" for n in range(1, _many(kind) + 1)] for kind in kinds}
        self._everything = [id_ for known in self._ids.values() for id_ in known]
        self._moves = 0

    def tables(self, kinds: Iterable[RecordKind[Any]]) -> dict[str, dict[str, msgspec.Raw]]:
        """Documents of those kinds."""
        return {
            kind.table: {
                record.id.removeprefix(kind.prefix): msgspec.Raw(codec.document(record, None))
                for record in self.records(kind, _many(kind))
            }
            for kind in kinds
        }

    def records(self, kind: RecordKind[Any], number: int) -> list[Any]:
        """So many records of a kind, with ids; fewer where fields that must be unique are not."""
        made: dict[Any, Record] = {}
        for place in range(1, number + 1):
            record = self._struct(kind.type, {"id": Ref(f"{kind.prefix}{place}")}).tidied()
            made[tuple(getattr(record, name) for name in kind.unique) or place] = record
        return list(made.values())

    def _struct(self, kind: type[msgspec.Struct], given: Mapping[str, Any]) -> Any:
        if kind is Move:
            self._moves += 1
            given = {"id": f"{MOVE_PREFIX}{self._moves}"}
        hints = _hints(kind)
        values = {
            field.name: self._value(hints[field.name])
            for field in msgspec.structs.fields(kind)
            if field.name not in given and (field.required or self._random.random() < 0.75)
        }
        return kind(**values, **given)

    def _value(self, hint: Any) -> Any:
        origin, arguments = get_origin(hint) or hint, get_args(hint)
        if origin is Annotated:
            return self._value(arguments[0])
        if origin is Ref:
            return Ref(self._id(arguments[0]))
        if origin in {Union, types.UnionType}:
            return self._value(self._random.choice(arguments))
        if origin is Literal:
            return self._random.choice(arguments)
        if origin is tuple:
            return tuple(self._value(arguments[0]) for _ in range(self._random.randrange(4)))
        if isinstance(origin, type) and issubclass(origin, msgspec.Struct) and origin is not Moment:
            return self._struct(origin, {})
        return self._plain(origin)

    def _plain(self, kind: Any) -> Any:
        chance = self._random
        makers: dict[Any, Callable[[], Any]] = {
            str: lambda: chance.choice(TEXTS),
            int: lambda: chance.choice((0, 1, 3, 45, 60, 1_440)),
            float: lambda: chance.choice((0.0, -1.5, 1e6)),
            bool: lambda: chance.random() < 0.5,
            bytes: lambda: b"\x00\xff",
            date: self._day,
            datetime: lambda: datetime.combine(self._day(), datetime.min.time()).replace(hour=chance.randrange(24)),
            Moment: lambda: Moment(self._plain(datetime), chance.choice(ZONES)),
            types.NoneType: lambda: None,
            Any: lambda: chance.choice(TEXTS),
        }
        if kind not in makers:
            raise LookupError(f"no value of the type {kind} can be made for a test")
        return makers[kind]()

    def _day(self) -> date:
        if self._random.random() < 0.02:
            return self._random.choice((date(1990, 1, 1), date(2099, 12, 31)))
        return self._today + timedelta(days=self._random.choice([n for n in range(-60, 40) if n not in QUIET]))

    def _id(self, kind: Any) -> str:
        """Mostly of a record of that type; sometimes of none, of one that was merged, or of another kind."""
        chance = self._random.random()
        known = self._ids.get(kind) or self._everything
        if self._whole or chance < 0.9:
            return self._random.choice(known)
        return self._random.choice(("c8000", "i8000", "a8000", "c9001", "c9002", *self._everything[:500:50]))


def _many(kind: RecordKind[Any]) -> int:
    return MANY.get(kind.type, SOME)


@lru_cache(maxsize=64)
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)
