"""`crm card`: business cards. A card keeps what is printed on it; what its owner's contact lacks is filled from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict, replace

from crm_core import pipeline
from crm_core.book import Book
from crm_core.cli.app import App, current_app
from crm_core.cli.context import json_option, new_option, pass_app, pass_book, show, show_one, talk, told, yes_option
from crm_core.cli.given import Newcomers, has_come
from crm_core.cli.params import CONTACT, CONTACT_NAME, DATE, FILE_NAME, INTERVIEW
from crm_core.cli.reached import LABELLED_EMAIL, LABELLED_PHONE, Reached, say_reached
from crm_core.cli.screen.output import Column
from crm_core.cli.values import WEB_ADDRESS
from crm_core.cli.workplaces import Workplaces, with_workplace
from crm_core.errors import UnknownName
from crm_core.lookup import interview_label
from crm_core.network import SURE, PeopleIndex, company_of, fold, merged
from crm_core.network.keys import email_key, phone_ending
from crm_core.records import BusinessCard, Company, Contact, Interview, Label, Position, Ref
from crm_core.words import say_day

if TYPE_CHECKING:
    from crm_core.network.matching import Match


class CardRow(BusinessCard, frozen=True, kw_only=True):
    """A card as it is listed: its record, and whose it is."""

    contact_name: str = ""


@click.group(epilog='Example: crm card add "Mara Lindqvist" --title CTO')
def card() -> None:
    """Business cards."""


@card.command(
    epilog="""\b
Examples:
  crm card add Mara --interview Bluewater --title CTO --email m@acme.example
  crm card add "Tom Berg" --phone "+49 30 5550123 (work)"
  crm card add c12 --image ~/cards/mara.jpg --received yesterday
"""
)
@click.argument("contact", type=CONTACT_NAME)
@click.option("--interview", type=INTERVIEW, metavar="INTERVIEW", help="Where it was handed over; they sat in it, too.")
@click.option("--received", type=DATE, metavar="DATE", help="When; the interview's day, else today, by default.")
@click.option("--image", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="A picture of it.")
@click.option("--name", default="", metavar="TEXT", help="The name as printed.")
@click.option("--title", default="", metavar="TEXT", help="The title as printed.")
@click.option("--organisation", default="", metavar="TEXT", help="The organisation as printed.")
@click.option("--email", type=LABELLED_EMAIL, metavar="ADDRESS", help="The e-mail address on it.")
@click.option("--phone", type=LABELLED_PHONE, metavar="NUMBER", help="The phone number on it, as 0123 (cell).")
@click.option("--address", default="", metavar="TEXT", help="The postal address on it.")
@click.option("--website", type=WEB_ADDRESS, default="", metavar="ADDRESS", help="The web page on it.")
@new_option
@json_option
@pass_book
def add(
    book: Book,
    /,
    contact: str,
    interview: Interview | None,
    received: date | None,
    image: str | None,
    new: bool,
    as_json: bool,
    email: Reached | None,
    phone: Reached | None,
    **printed: str,
) -> None:
    """Add a card; its owner too, if they are not known.

    Where the name alone leaves it open whose the card is, the e-mail address or the phone number on it may tell. What
    the owner's contact lacks is filled from the card; what it says already stays.
    """
    day = received or (interview.at.local.date() if interview is not None else book.today)
    has_come(book, day)
    reached = {field: typed for field, typed in (("email", email), ("phone", phone)) if typed}
    facts: dict[str, Any] = {field: text.strip() for field, text in printed.items()}
    facts |= {field: typed.text for field, typed in reached.items()}
    with book.change(f"added a business card of {contact.strip()[:60]}"):
        newcomers = Newcomers(book, new=new)
        near = tuple(seat.contact for seat in interview.panel) if interview is not None else ()
        sure = None if new else _surely_whose(book, contact, facts)
        named = sure.contact.id if sure is not None else contact
        owner = newcomers.contact(named, _employer(book, facts["organisation"]), near)
        card = BusinessCard(
            contact=Ref(owner.id),
            interview=Ref(interview.id) if interview is not None else None,
            received=day,
            image=str(Path(image).absolute()) if image else "",
            **facts,
        )
        added = book.cards.add(card)
        labels = tuple(Label(of=typed.text, label=typed.label) for typed in reached.values() if typed.label)
        filled = book.contacts.save(filled_from(book, owner, added, labels))
        seated = interview is not None and _seat(book, interview, owner)
    where = f", from {interview.id} {interview_label(book, interview)}" if interview is not None else ""
    told(added, f"Added {added.id}, the card of {owner.id} {owner.name}{where}", as_json=as_json)
    if sure is not None:
        talk(f"{owner.id} is who is meant: {', '.join(sure.evidence.reasons)}")
    if filled != owner:
        talk(f"{owner.id} has from it: {'; '.join(_news(owner, filled))}")
    if seated and interview is not None:
        talk(f"{owner.id} is on the panel of {interview.id} now")
    _mention_difference(book, filled, added)
    newcomers.tell()


@card.command("list", epilog='Example: crm card list --contact "Mara Lindqvist"')
@click.option("--contact", type=CONTACT, metavar="CONTACT", help="Only that person's.")
@json_option
@pass_book
def list_(book: Book, contact: Contact | None, as_json: bool) -> None:
    """List business cards in the order in which they were added."""
    cards = book.cards if contact is None else book.cards.where("contact", contact.id)
    columns: tuple[Column[CardRow], ...] = (
        Column("id", lambda row: row.id, priority=5, min=4),
        Column("contact", lambda row: f"{row.contact} {row.contact_name}", priority=5, min=12),
        Column("title", lambda row: row.title, priority=2, min=10),
        Column("organisation", lambda row: row.organisation, priority=3, min=12),
        Column("received", lambda row: say_day(row.received, book.today) if row.received else "", priority=4, min=10),
    )
    show([_row(book, card) for card in cards], columns, as_json=as_json, empty="No business cards yet: crm card add")


@card.command("show", epilog="Example: crm card show bc3")
@click.argument("card_id")
@json_option
@pass_book
def show_(book: Book, card_id: str, as_json: bool) -> None:
    """Show a business card as printed, and where it came from."""
    row = _row(book, _card(book, card_id))
    interview = book.interviews.find(row.interview)
    pairs = [
        ("card", row.id),
        ("contact", f"{row.contact} {row.contact_name}"),
        ("name", row.name),
        ("title", row.title),
        ("organisation", row.organisation),
        ("e-mail", row.email),
        ("phone", row.phone),
        ("address", row.address),
        ("website", row.website),
        ("received", say_day(row.received, book.today) if row.received else ""),
        ("interview", f"{interview.id} {interview_label(book, interview)}" if interview is not None else ""),
        ("image", row.image),
    ]
    show_one(row, pairs, as_json=as_json)


@card.command(epilog="Example: crm card remove bc3")
@click.argument("card_id")
@yes_option
@pass_book
def remove(book: Book, card_id: str, yes: bool) -> None:
    """Remove a business card. Its owner stays, and so does the file of its picture."""
    from crm_core.cli.removal import removed

    found = _card(book, card_id)
    removed(book, found, f"(card of {book.contacts.get(found.contact).name})", yes=yes)


@card.command(
    epilog="""\b
Examples:
  crm card mine
  crm card mine -o card.svg
"""
)
@click.option(
    "-o",
    "--output",
    "target",
    type=FILE_NAME,
    metavar="FILE",
    help="Write it: to .svg or .png the code, else the vCard.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@pass_app
def mine(app: App, target: str | None, force: bool) -> None:
    """Show your own card as a vCard. On a terminal it is a QR code too, for a phone to take in.

    It says what crm me says of you.
    """
    from crm_core.cli.mine import show_mine

    show_mine(app, Path(target) if target else None, force=force)


def filled_from(book: Book, owner: Contact, card: BusinessCard, labels: tuple[Label, ...] = ()) -> Contact:
    """The contact with what it lacked and the card says; what it says already stays.

    Args:
        book: Where companies are looked up.
        owner: Whose card it is.
        card: The card.
        labels: What its address and its number are for.
    """
    workplaces = Workplaces(book)
    positions = owner.positions
    if (card.title or card.organisation) and not _elsewhere(workplaces, owner, card):
        present = owner.position
        organisation = None if present and present.organisation else card.organisation
        title = None if present and present.title else card.title
        positions = with_workplace(positions, workplaces, organisation or None, title)
    emails = (card.email,) if card.email else ()
    phones = (card.phone,) if card.phone else ()
    address = "" if owner.address else card.address  # merging would note a second one, and the card has it
    other = Contact(name=owner.name, emails=emails, phones=phones, labels=labels, address=address)
    return merged(replace(owner, positions=positions), other)


def _elsewhere(workplaces: Workplaces, owner: Contact, card: BusinessCard) -> bool:
    """Whether the card is of another place than the one where its owner works, as far as we know."""
    present = owner.position
    if present is None or not present.organisation or not card.organisation:
        return False
    return not workplaces.same(present, workplaces.position(card.organisation))


def _mention_difference(book: Book, owner: Contact, card: BusinessCard) -> None:
    """Say where the card tells another place or title than the contact, and how to follow the card."""
    present = owner.position
    if present is None:
        return
    moved = _elsewhere(Workplaces(book), owner, card)
    if not moved and (not card.title or fold(card.title) == fold(present.title)):
        return
    printed = ", ".join(filter(None, (card.title, card.organisation)))
    known = ", ".join(filter(None, (present.title, present.organisation)))
    talk(f"The card says {printed}; {owner.id} stays {known}. If the card is right:")
    place = f" --was-at {quote(present.organisation)} --company {quote(card.organisation)}" if moved else ""
    title = f" --title {quote(card.title)}" if card.title else ""
    talk(f"  {current_app().prefix} contact edit {owner.id}{place}{title}")


def _news(before: Contact, after: Contact) -> list[str]:
    """What a card brought its owner, in words."""
    known = {*say_reached(before, before.emails), *say_reached(before, before.phones)}
    now = (*say_reached(after, after.emails), *say_reached(after, after.phones))
    brought = [text for text in now if text not in known]
    if after.position is not None and after.position != before.position:
        brought.insert(0, ", ".join(filter(None, (after.position.title, after.position.organisation))))
    if after.address != before.address:
        brought.append("the address")
    return brought


def _seat(book: Book, interview: Interview, owner: Contact) -> bool:
    """Put a person on an interview's panel; whether they were not there."""
    if any(seat.contact == owner.id for seat in interview.panel):
        return False
    book.interviews.save(replace(interview, panel=pipeline.seated(interview.panel, owner.id)))
    return True


def _surely_whose(book: Book, name: str, printed: Mapping[str, str]) -> Match | None:
    """Whose a card is by what is printed on it, where that is sure and the name alone does not tell."""
    called = [contact for contact in book.contacts if fold(contact.name) == fold(name)]
    if len(called) == 1 or book.contacts.find(name.strip()) is not None:
        return None
    card = Contact(
        name=printed["name"] or " ".join(name.split()),
        emails=(printed["email"],) if "email" in printed else (),
        phones=(printed["phone"],) if "phone" in printed else (),
        positions=(Position(organisation=printed["organisation"]),) if printed["organisation"] else (),
    )
    near = (contact for contact in book.contacts if _share_an_address(contact, card))
    likely = [match for match in PeopleIndex(near).matches(card) if match.evidence.score >= SURE]
    return likely[0] if len(likely) == 1 else None


def _share_an_address(one: Contact, other: Contact) -> bool:
    """Whether two have an e-mail address or a phone number in common."""
    return any(
        not {key(text) for text in getattr(one, field)}.isdisjoint(key(text) for text in getattr(other, field))
        for field, key in (("emails", email_key), ("phones", phone_ending))
    )


def _employer(book: Book, organisation: str) -> Company | None:
    """The company that a printed organisation is, or one that is not in the book; its name as printed."""
    if not organisation:
        return None
    return replace(company_of(book.companies, organisation) or Company(name=""), name=organisation)


def _card(book: Book, card_id: str) -> BusinessCard:
    found = book.cards.find(card_id.strip())
    if found is None:
        raise UnknownName(
            f"There is no business card {card_id[:40]!r}", "`crm card list` shows them all with their ids."
        )
    return found


def _row(book: Book, card: BusinessCard) -> CardRow:
    owner = book.contacts.find(card.contact)
    return CardRow(**asdict(card), contact_name=owner.name if owner is not None else "")
