"""What the history's tests do: take back, do again, look at everything."""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from crm_core.history import Past, name_change, newest_changes, newest_undo, reverse
from crm_core.store.base import Change, Store
from crm_core.store.storage import Table
from crm_core.store.tiny import HISTORY, TinyStore
from tests.core.book.search import FOLLOWS, OpenBook
from tests.core.making import NOW


def store_of(open_book: OpenBook) -> Store:
    """The store as another command would open it."""
    return open_book()._session._store


def past_of(open_book: OpenBook, *, plugin: bool = True) -> Past:
    """The history as another command would read it."""
    return Past(store_of(open_book), [FOLLOWS] if plugin else [])


def undo(open_book: OpenBook, id_: str = "", *, last: int = 1, plugin: bool = True) -> Change:
    """`crm undo`, by a command of its own."""
    choose = partial(name_change, id_=id_) if id_ else partial(newest_changes, count=last)
    return reverse(store_of(open_book), [FOLLOWS] if plugin else [], choose, command="crm undo", now=NOW)


def redo(open_book: OpenBook) -> Change:
    """`crm redo`, by a command of its own."""
    return reverse(store_of(open_book), [FOLLOWS], newest_undo, command="crm redo", now=NOW)


def everything(open_book: OpenBook) -> Any:
    """All documents byte for byte in their order, and the redirects."""
    store = store_of(open_book)
    tables = sorted(store.tables())
    return (
        {table: [(key, bytes(raw)) for key, raw in store.documents(table).items()] for table in tables},
        dict(store.redirects),
    )


def change_ids(open_book: OpenBook) -> list[str]:
    return [change.id for change in store_of(open_book).history()]


def rewrite_history(open_book: OpenBook, rewrite: Callable[[list[Change]], list[Change]]) -> None:
    """Make the history another one behind everybody's back."""
    store = store_of(open_book)
    changes = rewrite(store.history())
    if isinstance(store, TinyStore):
        raws = {str(change.number): msgspec.Raw(msgspec.json.encode(change)) for change in changes}
        store.storage.commit({**(store.storage.read() or {}), HISTORY: Table(raws=raws)}, store.storage.meta)
    else:
        store._shelf.changes[:] = changes


def amend(open_book: OpenBook, id_: str, **values: Any) -> None:
    """Give a change other values."""
    rewrite_history(
        open_book, lambda changes: [replace(change, **values) if change.id == id_ else change for change in changes]
    )
