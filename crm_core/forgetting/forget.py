"""Going through all files of a book to forget a person in each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from crm_core.book import Book
from crm_core.errors import BookUnreadable, CrmError
from crm_core.forgetting.cleaning import PEOPLE, Cleaned, Cleaner, contact_id, mention_of
from crm_core.forgetting.person import Person
from crm_core.records import Contact, RecordKind
from crm_core.store.base import Image
from crm_core.store.format import Unusable
from crm_core.store.sweeping import Page, Sweep, sweeping
from crm_core.store.tiny import TinyStore

BOOK: Final = "book"


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What was done.

    Args:
        id: Who was forgotten.
        places: What was taken out where; files that held nothing of them are left out.
        attachments: How many files, such as photos, were removed.
        unreadable: Backups that can't be read, and so may still hold them.
    """

    id: str
    places: list[Cleaned]
    attachments: int
    unreadable: list[str]


def forget(
    store: TinyStore, kinds: Iterable[RecordKind[Any]], person: Person, target: str, command: str, at: datetime
) -> Forgotten:
    """Take a person out of the book, its history and its backups.

    The book comes last, but for what its history says of images in files of their own: whoever is stopped halfway finds
    them there still, and begins anew.

    Args:
        store: The book.
        kinds: The kinds of record of the core and of the plugins of this run.
        person: Who; what else older files call them is found out here.
        target: Their id, for the history.
        command: The command line that does it, without their name.
        at: The present, aware.

    Raises:
        CrmError: A file could not be written; those before it are without the person.
    """
    try:
        return _forget(store, list(kinds), person, target, command, at)
    except BookUnreadable:
        raise
    except CrmError as error:
        raise CrmError(error.message, f"It is only partly done. Begin again: crm forget {target}") from error


def _forget(
    store: TinyStore, kinds: Sequence[RecordKind[Any]], person: Person, target: str, command: str, at: datetime
) -> Forgotten:
    with sweeping(store) as sweep:
        person = person.known_as(_contacts_of(person, sweep))
        book = Cleaner(sweep.book, kinds, person, BOOK)
        book.clean_documents()
        for images in (*(change.images for _, change in sweep.book.history()), *_filed(sweep)):
            book.note_gone(images)
        cleaned, unreadable = _cleaned_images(sweep, book)
        taken_from = {path.name for path in cleaned}
        cleaners = list(_clean_backups(sweep, kinds, book, taken_from, unreadable))
        book.clean_history(taken_from)
        if cleaned and book.cleaned.changes:
            sweep.replace_history()  # once they are clean, nobody can tell any more of which changes they were
        for path, images in cleaned.items():
            sweep.replace_images(path, images)
        sweep.remove_leftovers()
        files = set().union(*(cleaner.attachments for cleaner in (book, *cleaners)))
        removed = sum(sweep.remove_attachment(name) for name in sorted(files))
        if book.page.changed:
            sweep.replace_book(f"forgot {target}", command, at, book.kept)
    places = [cleaner.cleaned for cleaner in (book, *cleaners)]
    told = [place for place in places if place != Cleaned(where=place.where)]
    return Forgotten(id=target, places=told, attachments=removed, unreadable=unreadable)


def _clean_backups(
    sweep: Sweep,
    kinds: Sequence[RecordKind[Any]],
    book: Cleaner,
    taken_from: Collection[str],
    unreadable: list[str],
) -> Iterator[Cleaner]:
    """Clean each backup and write it anew; to those that can't be read it is added that they can't."""
    for backup in sweep.backups():
        try:
            cleaner = Cleaner(sweep.page(backup), kinds, book.person, backup.id, book.gone)
            cleaner.clean_documents()
        except Unusable:
            unreadable.append(str(backup.path))
            continue
        cleaner.clean_history(taken_from)
        if cleaner.page.changed:
            sweep.replace(backup, cleaner.page)
        yield cleaner


def _cleaned_images(sweep: Sweep, book: Cleaner) -> tuple[dict[Path, tuple[Image, ...]], list[str]]:
    """The images of very large changes, where something has to go, without that; and the files that can't be read."""
    cleaned, unreadable = {}, []
    for path in sweep.image_files():
        try:
            images = sweep.images(path)
        except Unusable:
            unreadable.append(str(path))
            continue
        kept = book.kept_images(images)
        if len(kept) < len(images):
            cleaned[path] = kept
    return cleaned, unreadable


def _filed(sweep: Sweep) -> Iterator[tuple[Image, ...]]:
    """The images that lie in files of their own."""
    for path in sweep.image_files():
        with suppress(Unusable):
            yield sweep.images(path)


def _contacts_of(person: Person, sweep: Sweep) -> Iterator[Contact]:
    """Every state of the person's record that any file remembers."""
    for page in _pages(sweep):
        documents = page.documents(PEOPLE.table)
        yield from (_contact(raw) for key, raw in documents.items() if contact_id(PEOPLE.table, key) in person.ids)
        for _, change in page.history():
            yield from _contacts_in(change.images, person)
    for images in _filed(sweep):
        yield from _contacts_in(images, person)


def _pages(sweep: Sweep) -> Iterator[Page]:
    yield sweep.book
    for backup in sweep.backups():
        with suppress(Unusable):
            yield sweep.page(backup)


def _contacts_in(images: Iterable[Image], person: Person) -> Iterator[Contact]:
    for image in images:
        if contact_id(image.table, image.key) in person.ids and isinstance(image.before, msgspec.Raw):
            yield _contact(image.before)


def _contact(raw: msgspec.Raw) -> Contact:
    """A contact's record, of an older version as far as it is like today's."""
    fields = msgspec.json.decode(raw, type=dict[str, Any])
    known: dict[str, Any] = {}
    for name in ("name", "given", "family", "nickname", "uid"):
        known[name] = value if isinstance(value := fields.get(name), str) else ""
    for name in ("emails", "phones"):
        value = fields.get(name)
        known[name] = tuple(map(str, value)) if isinstance(value, list) else ()
    return Contact(**known)


def out_of_reach(book: Book, ids: frozenset[str]) -> list[str]:
    """Records of plugins that are away and that refer to a person, as table and number: nobody understands them."""
    known, needle = {kind.table for kind in book.kinds}, mention_of(ids)
    tables = {name: documents for name, documents in book.snapshot().tables.items() if name not in known}
    return [f"{name} {key}" for name, table in tables.items() for key, raw in table.items() if needle.search(raw)]
