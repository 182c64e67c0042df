"""Imports into a book in memory."""

from __future__ import annotations

from crm_core.importing import Candidate
from crm_core.importing.people import import_people
from crm_core.records import Contact
from tests.core.making import book_in
from tests.core.store.memory import MemoryStore, Shelf


def open_shelf(shelf):
    """The book as the next command opens it."""
    return book_in(MemoryStore(shelf))


def card(name, *, line=1, base=None, photo=b"", knows=(), introduced_by="", **facts):
    """An entry of a file."""
    contact = Contact(name=name, **facts)
    return Candidate(contact=contact, line=line, base=base, photo=photo, knows=knows, introduced_by=introduced_by)


def imported(shelf: Shelf, *entries, file="cards.vcf", **options):
    """The rows of an import; entries of several files come as pairs."""
    book = open_shelf(shelf)
    pairs = [entry if isinstance(entry, tuple) else (file, entry) for entry in entries]
    if options.get("dry_run"):
        return import_people(book, pairs, **options)
    with book.change("import"):
        return import_people(book, pairs, dry_run=False, **options)


def actions(rows):
    return [row.action for row in rows]


def people(shelf):
    return list(open_shelf(shelf).contacts)
