"""`crm coffee`: whom to meet, what came of it, the invitation."""

from __future__ import annotations

from datetime import date

import click
import msgspec

from crm_coffee.meeting import Circle, log, name_of
from crm_coffee.records import Chat
from crm_core import (
    APPLICATION,
    CONTACT,
    DATE,
    Application,
    Book,
    Column,
    Contact,
    application_label,
    json_option,
    pass_book,
    say_day,
    show,
    told,
)


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to meet, as the list and `--json` show them."""

    contact: str
    name: str
    why: str


class Listed(Chat, frozen=True, kw_only=True):
    """A chat with the person's name, as the list and `--json` show it."""

    name: str


@click.group(
    epilog="""\b
Examples:
  crm coffee who Acme
  crm coffee log "Ana Silva" "how the night shift works"
"""
)
def coffee() -> None:
    """Coffee chats: whom to meet, and what came of it."""


@coffee.command(epilog="Example: crm coffee who Acme --json")
@click.argument("application", type=APPLICATION)
@json_option
@pass_book
def who(book: Book, *, application: Application, as_json: bool) -> None:
    """Whom you could meet for APPLICATION, the closest first, and how you know."""
    rows = [
        Suggested(contact=path.person.id, name=path.person.name, why=path.proof)
        for path in Circle(book).people(application)
    ]
    columns = (
        Column[Suggested]("id", lambda row: row.contact, 3),
        Column[Suggested]("name", lambda row: row.name, 2),
        Column[Suggested]("why", lambda row: row.why, 1),
    )
    show(rows, columns, as_json=as_json, empty=f"Nobody leads to {application_label(book, application)}.")


@coffee.command("log", epilog='Example: crm coffee log "Ana Silva" "how the night shift works" --on friday')
@click.argument("contact", type=CONTACT)
@click.argument("about", default="")
@click.option("--on", type=DATE, help="The day; today by default.")
@json_option
@pass_book
def log_(book: Book, *, contact: Contact, about: str, on: date | None, as_json: bool) -> None:
    """Record a coffee with CONTACT, and what you talked about."""
    with book.change(f"coffee with {contact.name}"):
        chat = log(book, contact, on or book.today, about.strip())
    told(chat, f"Added {chat.id} coffee with {contact.name}", as_json=as_json)


@coffee.command("list", epilog="Example: crm coffee list --json")
@json_option
@pass_book
def list_(book: Book, *, as_json: bool) -> None:
    """Every coffee, the latest first."""
    chats = sorted(book.table(Chat), key=lambda chat: (chat.on, chat.id), reverse=True)
    rows = [Listed(**msgspec.structs.asdict(chat), name=name_of(book, chat)) for chat in chats]
    columns = (
        Column[Listed]("id", lambda row: row.id, 3),
        Column[Listed]("on", lambda row: say_day(row.on, book.today), 2),
        Column[Listed]("with", lambda row: row.name, 2),
        Column[Listed]("about", lambda row: row.about, 1),
    )
    show(rows, columns, as_json=as_json, empty="No coffee yet. Whom to meet: crm coffee who APPLICATION")
