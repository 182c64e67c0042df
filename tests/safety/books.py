"""What is in a book's file, to be held against what was in another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from crm_core.store.tiny import TinyStore


def state(book: Path) -> dict[str, Any]:
    """All that is in a book; only which backup was made before a change depends on what went wrong before."""
    store = TinyStore(book)
    return {
        "documents": {name: {key: bytes(raw) for key, raw in store.documents(name).items()} for name in store.tables()},
        "redirects": dict(store.redirects),
        "versions": dict(store.versions),
        "counters": dict(store.counters),
        "revision": store.revision,
        "history": [msgspec.structs.replace(change, backup="") for change in store.history()],
    }
