"""How a letter is shown: as text, in a list, in JSON; and after a draft, what is to be filled in and what to type next.

For `crm letter` and for the commands of plugins that draft letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from crm_core.cli.app import current_app
from crm_core.cli.context import output, talk
from crm_core.letters import CHANNELS, Drafted, blanks, usable_email
from crm_core.lookup import application_label, interview_label
from crm_core.records import Letter
from crm_core.words import say_when

if TYPE_CHECKING:
    from crm_core.book import Book

by_option = click.option(
    "--by", "channel", type=click.Choice(CHANNELS), help="How it goes out; by email if you don't say."
)
again_option = click.option("--again", is_flag=True, help="Draft it anew from what the book says now.")


def show_draft(book: Book, drafted: Drafted, *, as_json: bool) -> None:
    """Show a letter that was drafted, what is to be filled in, and what to type next; or its JSON.

    Args:
        book: The book that it is in.
        drafted: As `draft_or_open` gave it.
        as_json: Whether JSON was asked for.
    """
    letter = drafted.letter
    if as_json:
        output().json_item(as_item(letter))
        return
    print_letter(book, letter)
    if drafted.state == "sent":
        talk(f"{letter.id} was {state_words(book, letter)}. Another one: the same command with --again.")
        return
    if drafted.state == "open":
        talk(f"{letter.id} is the one that you are writing. From what the book says now: --again.")
    elif letter.interview is not None and book.notes.where("interview", letter.interview):
        talk(f"Your notes may be in it word for word: read it as {recipient_name(book, letter)} will.")
    if letter.channel == "video":
        talk("It is what to say, not what to read out: look into the camera.")
    say_blanks(letter)
    for line in _next(letter):
        talk(line)


def as_item(letter: Letter) -> dict[str, Any]:
    """A letter in JSON: its fields, and what can be seen from them."""
    return {**asdict(letter), "subject": letter.subject, "body": letter.body, "blanks": unfilled(letter)}


def print_letter(book: Book, letter: Letter) -> None:
    """Print a letter: what it is, then its whole text."""
    contact = book.contacts.find(letter.contact)
    address = usable_email(contact.emails) if contact is not None and letter.channel == "email" else ""
    output().fields(
        [
            ("letter", f"{letter.id}, {letter.kind}"),
            ("to", f"{recipient_name(book, letter)} <{address}>" if address else recipient_name(book, letter)),
            ("about", about_words(book, letter)),
            ("by", letter.channel),
            ("state", state_words(book, letter)),
            ("subject", letter.subject),
        ]
    )
    output().line()
    output().block(letter.body if letter.versions else "(no text: it was sent without this program)")


def recipient_name(book: Book, letter: Letter) -> str:
    """The name of the person that it is to."""
    contact = book.contacts.find(letter.contact)
    return contact.name if contact is not None else str(letter.contact)


def about_words(book: Book, letter: Letter) -> str:
    """The interview or application that it is about, with its id; empty if it is about none."""
    interview = book.interviews.find(letter.interview)
    if interview is not None:
        return f"{interview_label(book, interview)} ({interview.id})"
    application = book.applications.find(letter.application)
    return f"{application_label(book, application)} ({application.id})" if application is not None else ""


def state_words(book: Book, letter: Letter) -> str:
    """Whether it is a draft, and how much is missing in it, or when it was sent."""
    if letter.sent is not None:
        return f"sent {say_when(letter.sent, book.now)}"
    open_places = len(unfilled(letter))
    return f"draft, {open_places} to fill in" if open_places else "draft"


def unfilled(letter: Letter) -> list[str]:
    """What is still to be filled in, subject and text."""
    return blanks(f"{letter.subject}\n{letter.body}")


def say_blanks(letter: Letter) -> None:
    """Say what is still to be filled in, if anything is."""
    if places := unfilled(letter):
        talk(f"Still to fill in: {in_brackets(places)}")


def in_brackets(places: Iterable[str]) -> str:
    """Places to fill in as they stand in the letter."""
    return ", ".join(f"[[{place}]]" for place in places)


def _next(letter: Letter) -> Iterator[str]:
    prefix = "crm --demo letter" if current_app().flags.demo else "crm letter"
    form, ending = ("--eml", "eml") if letter.channel == "email" else ("--text", "txt")
    yield f"Next:  {prefix} edit {letter.id}"
    yield f"       {prefix} export {letter.id} {form} -o {letter.kind}.{ending}"
    yield f"       {prefix} sent {letter.id}"
