"""What `crm contact show` tells of a person: their record, and all in the book that is about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from crm_core.cli.photo import say_photo
from crm_core.cli.reached import say_reached
from crm_core.dates import day_start
from crm_core.lookup import interview_label
from crm_core.network.profiles import say_profile
from crm_core.records import BusinessCard, Contact, Interaction, Interview, Letter, Note, Promise
from crm_core.words import say_day, say_when

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.records import Position, Ref


class ContactView(Contact, frozen=True, kw_only=True):
    """A contact with what is in the book about them; interactions and interviews are newest first."""

    known_by: tuple[str, ...] = ()
    introduced: tuple[str, ...] = ()
    cards: tuple[BusinessCard, ...] = ()
    interviews: tuple[Interview, ...] = ()
    notes: tuple[Note, ...] = ()
    letters: tuple[Letter, ...] = ()
    promises: tuple[Promise, ...] = ()
    interactions: tuple[Interaction, ...] = ()


def view_of(book: Book, contact: Contact) -> ContactView:
    """All about a contact."""
    exchanges = reversed(book.interactions.where("contact", contact.id))
    met = (i for i in book.interviews.mentioning(contact.id) if any(seat.contact == contact.id for seat in i.panel))
    near = book.contacts.mentioning(contact.id)
    return ContactView(
        **asdict(contact),
        known_by=tuple(other.id for other in near if contact.id in other.knows),
        introduced=tuple(other.id for other in near if other.introduced_by == contact.id),
        cards=tuple(book.cards.where("contact", contact.id)),
        interviews=tuple(sorted(met, key=lambda interview: interview.start, reverse=True)),
        notes=tuple(book.notes.where("contact", contact.id)),
        letters=tuple(book.letters.where("contact", contact.id)),
        promises=tuple(book.promises.where("contact", contact.id)),
        interactions=tuple(sorted(exchanges, key=lambda exchange: day_start(exchange.on, book.zone), reverse=True)),
    )


def fields(book: Book, view: ContactView) -> list[tuple[str, str]]:
    """The view in labelled words."""
    known = any(position.organisation for position in view.positions if position.current)
    return [
        ("contact", f"{view.id} {view.name}"),
        ("called", view.nickname),
        ("works at" if known else "works as", "\n".join(_say_position(p) for p in view.positions if p.current)),
        ("worked at", "\n".join(_say_position(p) for p in view.positions if not p.current)),
        ("e-mail", "\n".join(say_reached(view, view.emails))),
        ("phone", "\n".join(say_reached(view, view.phones))),
        ("profiles", "\n".join(map(say_profile, view.profiles))),
        ("address", view.address),
        ("birthday", view.birthday),
        ("photo", say_photo(book, view)),
        ("how known", view.how),
        ("introduced by", _people(book, [view.introduced_by] if view.introduced_by else [])),
        ("introduced you to", _people(book, view.introduced)),
        ("knows", _people(book, view.knows)),
        ("known by", _people(book, view.known_by)),
        ("not the same as", _people(book, view.differs_from)),
        ("tags", ", ".join(view.tags)),
        ("note", view.note),
        ("cards", "\n".join(_say_card(book, card) for card in view.cards)),
        ("interviews", "\n".join(_say_interview(book, view, interview) for interview in view.interviews)),
        ("notes", "\n".join(f"{note.id} {note.kind}, {note.interview}: {note.text}" for note in view.notes)),
        ("letters", "\n".join(_say_letter(book, letter) for letter in view.letters)),
        ("promises", "\n".join(_say_promise(book, promise) for promise in view.promises)),
        ("interactions", "\n".join(_say_interaction(book, exchange) for exchange in view.interactions)),
    ]


def say_card(card: BusinessCard) -> str:
    """What a card says of its owner's work, in one line."""
    return ", ".join(filter(None, (card.title, card.organisation)))


def _say_position(position: Position) -> str:
    where = position.organisation
    if position.company:
        where = f"{where} ({position.company})".strip()
    return ", ".join(filter(None, (position.title, where, _say_span(position))))


def _say_span(position: Position) -> str:
    if position.since and position.until:
        return f"{position.since} to {position.until}"
    if position.until:
        return f"until {position.until}"
    return f"since {position.since}" if position.since else ""


def _people(book: Book, refs: Iterable[Ref[Contact] | str]) -> str:
    found = (book.contacts.find(ref) for ref in refs)
    return ", ".join(f"{person.id} {person.name}" for person in found if person is not None)


def _say_card(book: Book, card: BusinessCard) -> str:
    received = f"received {say_day(card.received, book.today)}" if card.received else ""
    return f"{card.id} " + ", ".join(filter(None, (say_card(card), received)))


def _say_interview(book: Book, contact: Contact, interview: Interview) -> str:
    seat = next(seat for seat in interview.panel if seat.contact == contact.id)
    part = ", ".join(filter(None, (seat.role, "lead" if interview.lead == seat else "")))
    return f"{interview.id} {interview_label(book, interview)}" + (f" ({part})" if part else "")


def _say_letter(book: Book, letter: Letter) -> str:
    state = f"sent {say_when(letter.sent, book.now)}" if letter.sent is not None else "draft"
    about = letter.interview or letter.application
    return f"{letter.id} {letter.kind}{f' for {about}' if about else ''}: {state}"


def _say_promise(book: Book, promise: Promise) -> str:
    if promise.kept is not None:
        state = f"kept {say_when(promise.kept, book.now)}"
    elif promise.broken is not None:
        state = f"broken {say_day(promise.broken, book.today)}"
    else:
        state = f"due {say_when(promise.due, book.now)}" if promise.due is not None else "open"
    return f"{promise.id} {promise.text}: {state}"


def _say_interaction(book: Book, exchange: Interaction) -> str:
    way = " ".join(filter(None, (exchange.channel, exchange.direction)))
    when = say_when(exchange.on, book.now)
    return f"{exchange.id} {when}{f', {way}' if way else ''}: {exchange.about}"
