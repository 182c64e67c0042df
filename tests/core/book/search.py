"""What the book's tests are about: a plugin's record, and acts of one change each."""

from collections.abc import Callable
from datetime import date, datetime

from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.records import (
    Contact,
    OwnedBy,
    Record,
    RecordKind,
    Ref,
)

AT = Moment(datetime(2026, 11, 20, 14), "Europe/Berlin")  # noqa: DTZ001 (its zone stands beside it)
DAY = date(2026, 11, 20)
OpenBook = Callable[..., Book]


class Follow(Record, frozen=True, kw_only=True):
    """A plugin's record: one for each person and network."""

    contact: OwnedBy[Contact]
    network: str
    state: str = ""
    seen_by: tuple[Ref[Contact], ...] = ()

    def tidied(self) -> "Follow":
        return replace(self, seen_by=tuple(dict.fromkeys(self.seen_by)))


FOLLOWS = RecordKind(
    type=Follow,
    prefix="fo",
    label="follow",
    plural="follows",
    table="crm_social.follows",
    unique=("contact", "network"),
)


def add(book: Book, record):
    """Add one record in a change of its own."""
    with book.change(f"added a {type(record).__name__}"):
        return book.table(type(record)).add(record)


def save(book: Book, record, **values):
    """Save one record, with other values, in a change of its own."""
    with book.change("edited"):
        return book.table(type(record)).save(replace(record, **values))


def ids(records) -> list[str]:
    return [str(record.id) for record in records]
