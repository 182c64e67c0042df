"""A calendar written over an earlier one of the same book: what changed, what is done and what is gone.

    unchanged            stays as it is, byte for byte
    changed              DTSTAMP is now, SEQUENCE is one more
    gone from the book   STATUS:CANCELLED, so that other programs take it out, and dropped some time later
    done                 STATUS:COMPLETED, likewise dropped some time later

An entry that only vanished from the file would stay for ever in a program that imported the file before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from crm_calendar.components import Made
from crm_calendar.content import Component, component, name_of, own_lines, value_of
from crm_calendar.times import utc

STAMPS = frozenset({"DTSTAMP", "SEQUENCE", "ACKNOWLEDGED"})
"""What says when something was written, and not what."""
SETTLED = frozenset({"COMPLETED", "CANCELLED"})


class Earlier(msgspec.Struct, frozen=True):
    """What a calendar held that is to be written over: components by UID."""

    components: Mapping[str, Component] = {}

    @classmethod
    def of(cls, components: Iterable[Component]) -> Earlier:
        """Of all that have a UID; zones have none."""
        return cls({uid: one for one in components if (uid := value_of(one, "UID"))})

    def open(self, uid: str) -> bool:
        """Whether it holds that one, neither done nor cancelled."""
        found = self.components.get(uid)
        return found is not None and value_of(found, "STATUS") not in SETTLED


def brought_up_to_date(
    wanted: Iterable[Made], earlier: Earlier, now: datetime, forget_before: datetime
) -> Iterator[Component]:
    """The components to write.

    Args:
        wanted: What the book says.
        earlier: What was written before.
        now: The present.
        forget_before: What was cancelled before that moment is dropped.
    """
    met = set()
    for made in wanted:
        met.add(made.uid)
        yield _renewed(made, earlier.components.get(made.uid), now)
    for uid, old in earlier.components.items():
        if uid not in met:
            yield from _without_it(old, now, forget_before)


def _renewed(made: Made, old: Component | None, now: datetime) -> Component:
    if old is None:
        return _stamped(made.name, made.uid, made.lines, 0, now)
    if _contents(old) == _contents(_stamped(made.name, made.uid, made.lines, 0, now)):
        return old
    return _stamped(made.name, made.uid, made.lines, _sequence(old) + 1, now)


def _without_it(old: Component, now: datetime, forget_before: datetime) -> Iterator[Component]:
    """What becomes of one that the book has no more."""
    if value_of(old, "STATUS") not in SETTLED:
        lines = [line for line in own_lines(old) if name_of(line) not in {*STAMPS, "UID", "STATUS"}]
        name, uid = old[0].partition(":")[2], value_of(old, "UID")
        yield _stamped(name, uid, [*lines, "STATUS:CANCELLED"], _sequence(old) + 1, now)
    elif _written(old) >= forget_before:
        yield old


def _stamped(name: str, uid: str, lines: Iterable[str], sequence: int, now: datetime) -> Component:
    return component(name, (f"UID:{uid}", f"DTSTAMP:{utc(now)}", f"SEQUENCE:{sequence}", *lines))


def _contents(lines: Component) -> list[str]:
    return [line for line in lines if name_of(line) not in STAMPS]


def _sequence(old: Component) -> int:
    number = value_of(old, "SEQUENCE")
    return int(number) if number.isdecimal() else 0


def _written(old: Component) -> datetime:
    """When it was written as it is; long ago, if it does not say."""
    try:
        return datetime.strptime(value_of(old, "DTSTAMP"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
