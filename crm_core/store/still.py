"""A store in memory that nothing can change: a book read from another file, or a copy made to be given away."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime

import msgspec

from crm_core.errors import CrmError
from crm_core.store.base import Change, Image, Snapshot, Transaction


class StillStore:
    """A `Store` that holds a snapshot; see `base.Store` for what each member promises.

    Args:
        snapshot: What it holds.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def revision(self) -> int:
        """0: nothing was ever committed here."""
        return 0

    @property
    def redirects(self) -> Mapping[str, str]:
        """Ids that became other ids."""
        return self._snapshot.redirects

    @property
    def counters(self) -> Mapping[str, int]:
        """The last number drawn, by counter."""
        return self._snapshot.counters

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of each owner's records."""
        return self._snapshot.versions

    @property
    def identity(self) -> str:
        """That of the snapshot."""
        return self._snapshot.identity

    def documents(self, table: str) -> Mapping[str, msgspec.Raw]:
        """A table's documents."""
        return self._snapshot.tables.get(table, {})

    def tables(self) -> list[str]:
        """The tables that hold documents."""
        return [name for name, documents in self._snapshot.tables.items() if documents]

    def history(self) -> list[Change]:
        """Nothing: a snapshot has none."""
        return []

    def images(self, change: Change) -> tuple[Image, ...]:
        """What it says itself."""
        return change.images

    def attachment(self, name: str) -> bytes | None:
        """The file of that name."""
        return self._snapshot.attachments.get(name)

    def attach(self, data: bytes) -> str:  # noqa: ARG002 (a store's)
        """Refused.

        Raises:
            CrmError: Always.
        """
        raise self._refusal()

    def begin(self, title: str, command: str, at: datetime) -> AbstractContextManager[Transaction]:  # noqa: ARG002
        """Refused.

        Raises:
            CrmError: Always.
        """
        raise self._refusal()

    def _refusal(self) -> CrmError:
        return CrmError("This is a copy of the book, which can't be changed", "Nothing was changed.")
