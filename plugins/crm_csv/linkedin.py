"""LinkedIn's files: the people in Connections.csv, and those that hold no people.

The day on which somebody was connected is kept as `X-LINKEDIN-CONNECTED-ON`. It is no `how`: that is the user's own,
and tells those whom they really know from the hundreds whom they once accepted.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Final

from crm_csv.facts import Fact
from crm_csv.layouts import Layout, plain_facts, words_of
from crm_csv.tables import Table, table_of
from crm_csv.words import CONNECTED, FIRST_NAME, LAST_NAME, LINKEDIN

NO_PEOPLE: Final = {
    "LinkedIn invitations": {"from", "to", "sent at", "direction"},
    "LinkedIn messages": {"conversation id", "from", "to", "date"},
}
"""Files that come with Connections.csv, and the titles that tell them."""


def holds_no_people(head: bytes) -> str:
    """What a file of LinkedIn's holds that is not people; empty for any other file."""
    for what, words in NO_PEOPLE.items():
        if table_of(io.BytesIO(head), lambda cells, words=words: words.issubset(words_of(cells))):  # type: ignore[misc]
            return what
    return ""


def _is_connections(cells: list[str]) -> bool:
    words = set(words_of(cells))
    return not (words.isdisjoint(FIRST_NAME) or words.isdisjoint(LAST_NAME) or words.isdisjoint(CONNECTED))


def _facts(table: Table) -> Callable[[list[str]], Iterator[Fact]]:
    return plain_facts(table, LINKEDIN)


CONNECTIONS: Final = Layout(
    "linkedin",
    "LinkedIn's Connections.csv",
    _is_connections,
    _facts,
    nobody="a member who hides their name",
    no_people=holds_no_people,
)
