"""What the book would be without some of its changes: worked out document by document, written once it may be.

Whether it may be is asked in `conflicts.py`, which changes are meant in `undoing.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from crm_core.history.past import Past
from crm_core.records import Ref
from crm_core.store.base import Change, Place, Transaction, digest


class Reversal:
    """Changes taken back, the newest first, inside a change set that is open.

    Args:
        past: The history.
        targets: The changes, newest first.
        transaction: The open change set; nothing is written before `write`.

    Raises:
        BookUnreadable: What one of them did is lost.
    """

    def __init__(self, past: Past, targets: Sequence[Change], transaction: Transaction) -> None:
        self.past = past
        self.targets = targets
        self.documents: dict[Place, msgspec.Raw | None] = {}
        """What is written: each document as it shall be, None for one that goes."""
        self.led = dict(transaction.redirects)
        """The redirects as they are."""
        self.redirects = dict(self.led)
        """The redirects as they shall be."""
        self.changed_since: list[tuple[Change, Place]] = []
        """Documents that are no longer what a change made them."""
        self.by: dict[Place, Change] = {}
        """For each document, the oldest change that is taken back of it."""
        self._transaction = transaction
        for target in targets:
            self._take_back(target)

    def document(self, place: Place) -> msgspec.Raw | None:
        """A document as it shall be."""
        return self.documents[place] if place in self.documents else self.present(place)

    def present(self, place: Place) -> msgspec.Raw | None:
        """A document as it is."""
        return self._transaction.documents(place[0]).get(place[1])

    def staying(self, table: str) -> Iterator[tuple[Place, msgspec.Raw]]:
        """The documents of a table that are left as they are."""
        for key, raw in self._transaction.documents(table).items():
            if (table, key) not in self.documents:
                yield (table, key), raw

    def redirected(self, ref: Ref[Any]) -> Ref[Any]:
        """The id that a record shall have."""
        present = str(ref)
        while present in self.redirects:
            present = self.redirects[present]
        return Ref(present)

    def newest_later(self, target: Change, places: Collection[Place]) -> Change | None:
        """The newest change after the target that holds, stays, and did something to one of those documents.

        An undo or redo only where there is no other: to take that back takes two thoughts.
        """
        wanted = set(places)
        later = [change for change in self.later(target) if not wanted.isdisjoint(self.past.places(change))]
        first_hand = (change for change in later if not change.undoes and not change.redoes)
        return next(first_hand, next(iter(later), None))

    def later(self, target: Change) -> list[Change]:
        """The changes after the target that hold and stay, newest first."""
        return [
            change
            for change in reversed(self.past.later(target))
            if change not in self.targets and not self.past.overruled_by(change)
        ]

    @cached_property
    def written(self) -> Mapping[Place, msgspec.Raw]:
        """The documents that come back or are as they were before."""
        return {place: raw for place, raw in self.documents.items() if raw is not None}

    @cached_property
    def gone(self) -> frozenset[Place]:
        """The documents that are there and go."""
        return frozenset(
            place for place, raw in self.documents.items() if raw is None and self.present(place) is not None
        )

    def write(self) -> None:
        """Put it into the change set."""
        for (table, key), raw in self.documents.items():
            if raw is None:
                self._transaction.delete(table, key)
            else:
                self._transaction.put(table, key, bytes(raw))
        for old in self.led.keys() - self.redirects.keys():
            self._transaction.separate(old)
        for old, new in self.redirects.items():
            self._transaction.redirect(old, new)

    def _take_back(self, target: Change) -> None:
        for image in self.past.images(target):
            place = (image.table, image.key)
            if digest(self.document(place)) != image.digest:
                self.changed_since.append((target, place))
            self.by[place] = target
            self.documents[place] = image.before if isinstance(image.before, msgspec.Raw) else None
        for old in target.redirects:
            self.redirects.pop(old, None)
        self.redirects.update(target.separated)
