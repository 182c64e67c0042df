"""`crm forget`: a person leaves the book, its history and its backups. What that means is shown and asked about first.

How it is done is `forgetting/`'s.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any, Final

import click

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, yes_option
from crm_core.cli.dialog.asking import confirm, someone_there
from crm_core.cli.params import CONTACT_NAME
from crm_core.cli.removal import in_words
from crm_core.cli.screen.cells import shorten
from crm_core.errors import InputError, PartlyDone, UnknownName
from crm_core.forgetting import Cleaned, Forgotten, Person, ids_of, naming, out_of_reach
from crm_core.forgetting import forget as forget_person
from crm_core.lookup import contact_named
from crm_core.network import fold
from crm_core.records import BusinessCard, Contact

if TYPE_CHECKING:
    from crm_core.book import Removal
    from crm_core.records import RecordKind

SHOWN: Final = 20
"""Texts that name the person and are shown before the question; the rest is counted."""
EXCERPT: Final = 70
"""Cells of a text that are shown of it."""


@click.command(
    epilog="""\b
Examples:
  crm forget "Mara Lindqvist"
  crm forget c12 --yes
"""
)
@click.argument("contact", type=CONTACT_NAME)
@yes_option
@json_option
@pass_app
def forget(app: App, contact: str, yes: bool, as_json: bool) -> None:
    """Forget a person for good: out of the book, its history and its backups. Nothing brings them back.

    What hangs on them goes with them. What you wrote elsewhere that names them is listed; it stays. An id of somebody
    who was removed before will do, too.
    """
    found, target = _who(app, contact, sure=yes)
    person = Person(ids_of(target, app.store.redirects)).known_as([found] if found else [])
    label = f"{target} {found.name}" if found else f"{target}, who was removed"
    _announce(app, person, found)
    if not yes and not confirm(f"Forget {label} for good?"):
        raise click.Abort
    done = forget_person(app.store, app.book.kinds, person, target, f"crm forget {target}", app.now)
    unreadable = [file for file in done.unreadable if not _deleted(file)]
    if as_json:
        app.output.json_item(done)
    else:
        _tell(app, done)
    _tell_what_is_left(done, unreadable)


def _who(app: App, text: str, *, sure: bool) -> tuple[Contact | None, str]:
    """The person and their id; of somebody who was removed, the id alone.

    Raises:
        UnknownName: Nobody goes by it, and nobody has had that id.
        InputError: It is not sure enough who is meant, and nobody will be asked.
    """
    book = app.book
    prefix = book.contacts.kind.prefix
    number = text.removeprefix(prefix)
    try:
        found = contact_named(book, text)
    except UnknownName:
        if text.startswith(prefix) and number.isdecimal() and 0 < int(number) <= app.store.counters.get(prefix, 0):
            return None, f"{prefix}{int(number)}"
        raise
    if sure and book.redirected(text) != found.id and fold(text) != fold(found.name):
        raise InputError(
            f"{text[:40]!r} is only a part of a name", f"Nobody was forgotten. For {found.name}: crm forget {found.id}"
        )
    return found, found.id


def _announce(app: App, person: Person, found: Contact | None) -> None:
    """Say what will go, what will stay, and where else they may be."""
    book, talk = app.book, app.output.talk
    removal = book.removal(*([found] if found else []))
    along = [record for record in removal.gone if record is not found]
    if along:
        talk(f"goes with them: {in_words(book, along)}")
    if removal.cleared:
        talk(f"loses its reference: {in_words(book, removal.cleared)}")
    _announce_texts(app, person, removal)
    pictures = [record.image for record in removal.gone if isinstance(record, BusinessCard) and record.image]
    for picture in pictures:
        talk(f"a picture of their card stays where you have it: {picture}")
    for record in out_of_reach(book, person.ids):
        talk(f"of a plugin that is not there, so it stays: {record}. Switch it on (crm plugins) and begin again.")
    backups = len(app.store.backups.all())
    talk(f"They leave the book, its history and its backups ({backups}). Undo can't bring them back.")
    talk("Copies that you made elsewhere, and files that you exported, are left to you.")


def _announce_texts(app: App, person: Person, removal: Removal) -> None:
    """The texts that stay, and name them or were about them."""
    gone = {record.id for record in removal.gone}
    staying = [record for kind in app.book.kinds for record in app.book.table(kind.type) if record.id not in gone]
    texts = naming(staying, person)
    if texts:
        app.output.talk("These stay, and name them. If they should not, change them first:")
    for record, text in texts[:SHOWN]:
        app.output.talk(f"  {record.id}  {shorten(text, EXCERPT)}")
    if len(texts) > SHOWN:
        app.output.talk(f"  and {len(texts) - SHOWN:,} more")


def _deleted(file: str) -> bool:
    """Whether a backup that can't be read, and so may still hold them, was deleted: the user is asked."""
    if not someone_there() or not confirm(f"{file} can't be read and may still hold them. Delete it?"):
        return False
    os.unlink(file)  # noqa: PTH108 (it is a path as it was shown)
    return True


def _tell(app: App, done: Forgotten) -> None:
    if not done.places and not done.attachments:
        app.output.line(f"Nothing of {done.id} is left")
        return
    app.output.line(f"Forgot {done.id}")
    kinds = {kind.table: kind for kind in app.book.kinds}
    for place in done.places:
        app.output.line(f"  {place.where}: {_said(place, kinds)}")
    if done.attachments:
        app.output.line(f"  attachments: {done.attachments} removed")


def _said(place: Cleaned, kinds: dict[str, RecordKind[Any]]) -> str:
    """What was taken out of a place, in words."""
    parts = [
        f"{count} {kinds[table].label if count == 1 else kinds[table].plural}" for table, count in place.records.items()
    ]
    removed = f"{', '.join(parts)} removed" if parts else ""
    cleared = f"{place.cleared} reference{'' if place.cleared == 1 else 's'} cleared" if place.cleared else ""
    changes = f"{place.changes} change{'' if place.changes == 1 else 's'} of the history" if place.changes else ""
    named = f"still named by {', '.join(place.named)}" if place.named else ""
    left = f"left: {', '.join(place.left)}" if place.left else ""
    return "; ".join(filter(None, (removed, cleared, changes, named, left)))


def _tell_what_is_left(done: Forgotten, unreadable: Sequence[str]) -> None:
    """End with what could not be reached.

    Raises:
        PartlyDone: There is something.
    """
    left = [f"{place.where}: {record}" for place in done.places for record in place.left]
    if unreadable:
        what = "a file that can't be read" if len(unreadable) == 1 else f"{len(unreadable)} files that can't be read"
        raise PartlyDone(f"{done.id} may still be in {what}", f"To delete: rm {' '.join(map(quote, unreadable))}")
    if left:
        raise PartlyDone(
            f"{done.id} is still referred to by records of plugins that are not there", ", ".join(left[:SHOWN])
        )
