"""The coffees of a period, for `crm stats`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_coffee.records import Chat
from crm_core import Count, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm_core import Book


def figures(book: Book, since: date | None, until: date) -> Iterator[Figure]:
    """How many there were, and with how many people."""
    chats = [chat for chat in book.table(Chat) if (since is None or since <= chat.on) and chat.on <= until]
    if chats:
        rows = (
            Count(label="coffees", value=len(chats)),
            Count(label="people", value=len({chat.contact for chat in chats})),
        )
        yield Figure(title="Coffee chats", rows=rows, about="Coffees in the period, and the people you had them with.")
