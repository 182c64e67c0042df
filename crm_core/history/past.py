"""What happened to the book: its changes, what each did record by record, and which of them still hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Literal, TypeAlias

import msgspec

from crm_core.errors import BookUnreadable, UnknownName
from crm_core.history.documents import Kinds, fields, name
from crm_core.records import CORE_KINDS, Part, RecordKind
from crm_core.store.base import CHANGE_PREFIX, Change, Image, Place, Store, digest

What: TypeAlias = Literal["added", "changed", "removed"]
NAMED: Final = 8
"""Changes whose ids are spelt out; the rest is counted."""

WHATS: Final[tuple[What, ...]] = ("added", "changed", "removed")

_NUMBER = re.compile("[1-9][0-9]{0,17}")


class Difference(Part, frozen=True, kw_only=True):
    """A field that is not as it was; None where it was or is not there, as an empty one is not."""

    field: str
    before: Any
    after: Any


class Touched(Part, frozen=True, kw_only=True):
    """What a change did to one record.

    Args:
        id: `c12`; of a table that nobody declared, its name and the number.
        kind: What such a record is called.
        name: What names it; empty if nothing does.
        what: What was done to it.
        table: Its table.
        differences: Its fields, of one that was changed; None where it is not remembered what it became.
    """

    id: str
    kind: str
    name: str
    what: What
    table: str
    differences: tuple[Difference, ...] | None = ()


class Past:
    """The changes that are remembered, as one open store has them.

    Args:
        store: Where they are kept.
        kinds: The kinds of record that plugins brought; the core's are known.
    """

    def __init__(self, store: Store, kinds: Iterable[RecordKind[Any]] = ()) -> None:
        self.kinds = Kinds((*CORE_KINDS, *kinds), store.versions)
        self.changes = store.history()
        """Oldest first."""
        self._store = store
        self._words: dict[str, list[Change]] = {}
        for change in self.changes:
            for ref in (*change.undoes, *change.redoes):
                self._words.setdefault(ref, []).append(change)

    def find(self, id_: str) -> Change:
        """The change of that id.

        Raises:
            UnknownName: There is none of it, or it is not remembered any more.
        """
        wanted = id_.strip()
        found = next((change for change in self.changes if change.id == wanted), None)
        if found is not None:
            return found
        number = _NUMBER.fullmatch(wanted.removeprefix(CHANGE_PREFIX))
        if number and self.changes and int(number[0]) < self.changes[0].number:
            raise UnknownName(
                f"The change {wanted} is not remembered any more",
                f"The history begins with {self.changes[0].id}: it is kept for the newest changes only.",
            )
        raise UnknownName(
            f"There is no change {id_[:60]!r}", "`crm history` shows them all with their ids, such as h12."
        )

    def overruled_by(self, change: Change) -> Change | None:
        """The change because of which that one does not hold any more; None if it does.

        Of all that took a change back or did it again, the last holds.
        """
        if not change.undoes and not change.redoes:
            last = self._words.get(change.id, [change])[-1]
            return last if change.id in last.undoes else None
        later = (word for ref in (*change.undoes, *change.redoes) for word in self._words[ref])
        return min((word for word in later if word.number > change.number), key=lambda word: word.number, default=None)

    def images(self, change: Change) -> tuple[Image, ...]:
        """What the change did, document by document.

        Raises:
            BookUnreadable: That is lost.
        """
        return self._store.images(change)

    def known_images(self, change: Change) -> tuple[Image, ...]:
        """What the change did, nothing where that is lost: for questions that another change is about."""
        with suppress(BookUnreadable):
            return self.images(change)
        return ()

    def later(self, change: Change) -> list[Change]:
        """The changes that came after that one, oldest first."""
        return self.changes[self.changes.index(change) + 1 :]

    def undoable(self) -> list[Change]:
        """The changes that hold and are themselves no undo or redo, the newest first."""
        return [
            change
            for change in reversed(self.changes)
            if not change.undoes and not change.redoes and self.overruled_by(change) is None
        ]

    def places(self, change: Change) -> set[Place]:
        """The documents that the change did something to; none where that is lost."""
        return {(image.table, image.key) for image in self.known_images(change)}

    def counts(self, change: Change) -> dict[What, int]:
        """How many records the change added, changed and removed.

        Raises:
            BookUnreadable: That is lost.
        """
        counted = dict.fromkeys(WHATS, 0)
        for image in self.images(change):
            counted[_what(image)] += 1
        return counted

    def touched(self, change: Change) -> list[Touched]:
        """What the change did, record by record, a kind at a time.

        Raises:
            BookUnreadable: That is lost.
        """
        images = sorted(self.images(change), key=lambda image: self.kinds.order((image.table, image.key)))
        became = self._became(change, images)
        return [self._touched(image, became.get((image.table, image.key))) for image in images]

    def called(self, ref: str) -> str:
        """The name of the record of that id as it is now; empty if there is none."""
        place = self.kinds.place(ref)
        return name(fields(self._store.documents(place[0]).get(place[1]))) if place else ""

    def _touched(self, image: Image, after: msgspec.Raw | None) -> Touched:
        before = image.before if isinstance(image.before, msgspec.Raw) else None
        place, what = (image.table, image.key), _what(image)
        forgotten = digest(after) != image.digest
        return Touched(
            id=self.kinds.id(place),
            kind=self.kinds.label(image.table),
            name=name(fields(after)) or name(fields(before)),
            what=what,
            table=image.table,
            differences=None if forgotten else tuple(_differences(before, after)) if what == "changed" else (),
        )

    def _became(self, change: Change, images: Iterable[Image]) -> Mapping[Place, msgspec.Raw | None]:
        """What documents were after the change: what the next one found, else what they are now."""
        missing = {(image.table, image.key) for image in images}
        found: dict[Place, msgspec.Raw | None] = {}
        for later in self.later(change):
            for image in self.known_images(later):
                place = (image.table, image.key)
                if place in missing:
                    missing.remove(place)
                    found[place] = image.before if isinstance(image.before, msgspec.Raw) else None
        return found | {(table, key): self._store.documents(table).get(key) for table, key in missing}


def listed(ids: Sequence[str]) -> str:
    """Ids of changes, one after the other: `h12, h11`."""
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more


def _what(image: Image) -> What:
    if not isinstance(image.before, msgspec.Raw):
        return "added"
    return "changed" if image.digest else "removed"


def _differences(before: msgspec.Raw | None, after: msgspec.Raw | None) -> Iterator[Difference]:
    old, new = fields(before), fields(after)
    for field in {**new, **old}:
        if old.get(field) != new.get(field):
            yield Difference(field=field, before=old.get(field), after=new.get(field))
