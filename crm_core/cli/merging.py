"""Making two records one by a command: what moves is listed, asked about and said.

What the one record is made of is known to `network`, how references follow to `book.py`; here is the way to both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from crm_core.cli.context import output, talk
from crm_core.cli.dialog.asking import confirm
from crm_core.cli.removal import in_words
from crm_core.errors import Conflict, InputError
from crm_core.records import Company, Contact
from crm_core.references import refers_to

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.records import Record

NamedT = TypeVar("NamedT", Company, Contact)


def merged(book: Book, into: NamedT, other: NamedT, combine: Callable[[NamedT, NamedT], NamedT], *, yes: bool) -> None:
    """Make `other` part of `into`: list what refers to it, ask, do it in one change set, say what moved.

    Args:
        book: The book, with no change open.
        into: The record that stays, with its id.
        other: The record whose id will lead to `into`.
        combine: From both, in this order, to what the one shall hold.
        yes: Do not ask.

    Raises:
        InputError: Both are the same record, or nobody is there to be asked and `yes` is not given.
        Conflict: Another command changed one of the two meanwhile.
        click.Abort: The answer was no, Ctrl-C or the end of input.
    """
    if into.id == other.id:
        raise InputError(f"{into.id} can't be merged with itself", "Both names mean the same record.")
    combined = combine(into, other)
    moving = _referring(book, into, other)
    if moving:
        talk(f"moves along: {in_words(book, moving)}")
    if not yes and not confirm(f"Merge {other.id} {other.name} into {into.id} {into.name}?"):
        raise click.Abort
    with book.change(f"merged {other.id} {other.name} into {into.id} {into.name}"):
        _check_unchanged(book, into, other)
        moved = _referring(book, into, other)
        kept = book.merge(into, other, combined)
    output().line(f"Merged {other.id} {other.name} into {kept.id} {kept.name}; {other.id} leads to {kept.id} now")
    if moved:
        output().line(f"Moved to {kept.id}: {in_words(book, moved)}")
    talk("To make them two again: crm undo")


def _check_unchanged(book: Book, *records: Record) -> None:
    for record in records:
        if book.find(record.id) != record:
            raise Conflict(
                f"{record.id} was changed by another command meanwhile",
                "Nothing was changed. Look at it and try again.",
            )


def _referring(book: Book, into: Record, record: Record) -> list[Record]:
    """Every record that refers to one, but for the one that it becomes part of."""
    everything = (other for kind in book.kinds for other in book.table(kind.type))
    return [other for other in everything if refers_to(other, {record.id}) and other.id != into.id]
