"""Books for the core's tests: a fixed present, settings in the book's own folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crm_core.book import Book
from crm_core.records import RecordKind
from crm_core.settings import Section, Settings
from crm_core.store.base import Store
from crm_core.store.tiny import TinyStore

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=BERLIN)


def book_in(
    store: Store,
    *,
    now: datetime = NOW,
    kinds: Iterable[RecordKind[Any]] = (),
    config: Path = Path("/nowhere/config.toml"),
    sections: Mapping[str, type[Section]] | None = None,
) -> Book:
    """A book in that store."""
    return Book(store, now=now, settings=Settings(config, sections), kinds=kinds, command="crm test")


def open_book(path: Path, *, now: datetime = NOW, kinds: Iterable[RecordKind[Any]] = ()) -> Book:
    """A book in that file, as another process would open it."""
    return book_in(TinyStore(path), now=now, kinds=kinds, config=path.with_name("config.toml"))
