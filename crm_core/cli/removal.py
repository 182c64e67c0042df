"""Removing a record by a command: what goes with it is listed, asked about and counted.

What hangs on what is known to `book.py`; here it is put into words. Every `remove` command ends in `removed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import click

from crm_core.cli.context import output, talk
from crm_core.cli.dialog.asking import confirm
from crm_core.errors import Conflict

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.records import Record

NAMED: Final = 12
"""Ids of one kind that are spelt out; the rest is counted."""


def removed(book: Book, record: Record, label: str, *, yes: bool) -> None:
    """Remove a record with all that hangs on it: list that, ask, do it in one change set, say what was done.

    Args:
        book: The book, with no change open.
        record: What the user named.
        label: What it is called, without its id: a name, a role and company, a day.
        yes: Do not ask.

    Raises:
        InputError: Nobody is there to be asked and `yes` is not given.
        Conflict: Another command changed what was listed while the user thought about it.
        click.Abort: The answer was no, Ctrl-C or the end of input.
    """
    listed = book.removal(record)
    along = [other for other in listed.gone if other.id != record.id]
    if along:
        talk(f"goes with it: {in_words(book, along)}")
    if listed.cleared:
        talk(f"loses its reference: {in_words(book, listed.cleared)}")
    called = f"{record.id} {label}"
    if not yes and not confirm(f"Remove {called}?"):
        raise click.Abort
    with book.change(f"removed {called}"):
        removal = book.removal(book.get(record.id))
        if removal != listed:
            raise Conflict(
                f"What hangs on {record.id} was changed by another command meanwhile",
                "Nothing was removed. Look at it and try again.",
            )
        book.remove(removal)
    output().line(f"Removed {called}{_and_more(len(along))}")
    talk("To bring it back: crm undo")


def in_words(book: Book, records: Iterable[Record]) -> str:
    """Records counted and named, a kind at a time in the book's order: `2 applications (a1, a2), 1 note (n4)`."""
    ids: dict[type[Record], list[str]] = {}
    for record in records:
        ids.setdefault(type(record), []).append(record.id)
    return ", ".join(
        f"{len(found)} {kind.label if len(found) == 1 else kind.plural} ({_named(found)})"
        for kind in book.kinds
        if (found := ids.get(kind.type))
    )


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    return ", ".join(ids[:NAMED]) + more


def _and_more(count: int) -> str:
    if not count:
        return ""
    return f" and {count:,} record{'s' if count > 1 else ''} that hung on it"
