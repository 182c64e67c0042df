"""`crm log` and `crm interaction`: exchanges with people, as they happened.

What follows from them (a reply that is owed, a person who was heard of) is for plugins to say.
"""

from __future__ import annotations

from typing import Literal

import click

from crm_core.book import Book
from crm_core.cli.context import json_option, new_option, pass_book, show, show_one, told, yes_option
from crm_core.cli.given import Newcomers, given_text, has_come
from crm_core.cli.params import CONTACT, CONTACT_NAME, WHEN, Named
from crm_core.cli.screen.output import Column
from crm_core.dates import When, day_start
from crm_core.errors import InputError, UnknownName
from crm_core.lookup import contact_label, contact_named
from crm_core.records import CHANNELS, Contact, Interaction, Ref
from crm_core.words import say_when

DIRECTIONS = {"in": "from them", "out": "from you", "": ""}


def _interaction_of_id(book: Book, text: str) -> Interaction:
    found = book.interactions.find(text.strip())
    if found is None:
        raise UnknownName(
            f"There is no interaction {text[:60]!r}", "`crm interaction list` shows them all with their ids."
        )
    return found


INTERACTION = Named("interaction", _interaction_of_id)


@click.command(
    epilog="""\b
Examples:
  crm log "Mara Lindqvist" "asked for my references" --by email --in
  crm log c4 "sent the references" --by email --out --on yesterday
"""
)
@click.argument("contact", type=CONTACT_NAME)
@click.argument("text")
@click.option("--by", "channel", type=click.Choice(CHANNELS), help="Which way.")
@click.option("--in", "came_in", is_flag=True, help="It came from them.")
@click.option("--out", "went_out", is_flag=True, help="It came from you.")
@click.option("--on", type=WHEN, metavar="DATE", help="When; today by default.")
@new_option
@json_option
@pass_book
def log(
    book: Book,
    contact: str,
    text: str,
    channel: str | None,
    came_in: bool,
    went_out: bool,
    on: When | None,
    new: bool,
    as_json: bool,
) -> None:
    """Note an exchange with a person. TEXT says what it was about; - is read from standard input."""
    direction = _direction(came_in=came_in, went_out=went_out)
    when = book.today if on is None else on
    has_come(book, when)
    about = given_text(text)
    with book.change(f"noted an exchange with {contact[:60]}"):
        newcomers = Newcomers(book, new=new)
        person = newcomers.contact(contact) if new else _known(book, contact)
        logged = Interaction(contact=Ref(person.id), on=when, about=about, channel=channel or "", direction=direction)
        added = book.interactions.add(logged)
    how = ", ".join(part for part in (channel, DIRECTIONS[direction], say_when(when, book.now)) if part)
    told(added, f"Added {added.id} with {person.id} {contact_label(person)}: {how}", as_json=as_json)
    newcomers.tell()


@click.group(epilog="Example: crm interaction list --contact Mara")
def interaction() -> None:
    """Exchanges with people; crm log notes one."""


@interaction.command("list", epilog='Example: crm interaction list --contact "Mara Lindqvist"')
@click.option("--contact", type=CONTACT, metavar="CONTACT", help="Only those with that person.")
@json_option
@pass_book
def list_(book: Book, contact: Contact | None, as_json: bool) -> None:
    """List exchanges with people, the latest first."""
    found = list(book.interactions) if contact is None else book.interactions.where("contact", contact.id)
    columns: tuple[Column[Interaction], ...] = (
        Column("id", lambda row: row.id, priority=4, min=3),
        Column("on", lambda row: say_when(row.on, book.now), priority=3, min=10),
        Column("with", lambda row: book.contacts.get(row.contact).name, priority=4, min=10),
        Column("by", lambda row: row.channel, priority=1),
        Column("direction", lambda row: row.direction, priority=1),
        Column("about", lambda row: row.about, priority=3, min=16),
    )
    rows = sorted(found, key=lambda row: day_start(row.on, book.zone))[::-1]
    show(rows, columns, as_json=as_json, empty="No exchange: crm log CONTACT TEXT")


@interaction.command("show", epilog="Example: crm interaction show x4")
@click.argument("interaction", type=INTERACTION)
@json_option
@pass_book
def show_(book: Book, interaction: Interaction, as_json: bool) -> None:
    """Show an exchange, whole."""
    person = book.contacts.get(interaction.contact)
    pairs = (
        ("interaction", interaction.id),
        ("with", f"{person.id} {contact_label(person)}"),
        ("on", say_when(interaction.on, book.now)),
        ("by", interaction.channel),
        ("direction", DIRECTIONS[interaction.direction]),
        ("about", interaction.about),
    )
    show_one(interaction, pairs, as_json=as_json)


@interaction.command(epilog="Example: crm interaction remove x4")
@click.argument("interaction", type=INTERACTION)
@yes_option
@pass_book
def remove(book: Book, interaction: Interaction, yes: bool) -> None:
    """Remove an exchange that was noted by mistake."""
    from crm_core.cli.removal import removed

    with_whom = f"with {book.contacts.get(interaction.contact).name}, {say_when(interaction.on, book.now)}"
    removed(book, interaction, with_whom, yes=yes)


def _direction(*, came_in: bool, went_out: bool) -> Literal["in", "out", ""]:
    if came_in and went_out:
        raise InputError("An exchange came in or went out, not both", "Log two: one with --in, one with --out.")
    return "in" if came_in else "out" if went_out else ""


def _known(book: Book, name: str) -> Contact:
    try:
        return contact_named(book, name)
    except UnknownName as error:
        raise UnknownName(error.message, f"{error.hint} --new adds somebody of that name.") from None
