"""How a letter is shown: as text, in a list, in JSON; and after a draft, what is to be filled in and what to type next.

For `crm letter` and for the commands of plugins that draft letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec.structs import asdict

from crm_core.cli.app import current_app
from crm_core.cli.context import output, show, talk
from crm_core.cli.screen.cells import shorten
from crm_core.cli.screen.output import Column
from crm_core.letters import CHANNELS, Drafted, alike, in_brackets, of_the_reader, spoken_words, unfilled, usable_email
from crm_core.lookup import application_label, interview_label
from crm_core.records import Interview, Letter
from crm_core.thanks import Covered, coverage
from crm_core.words import say_when

if TYPE_CHECKING:
    from crm_core.book import Book

SHOWN_CELLS: Final = 100
"""Of a sentence that is quoted."""

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
    _say_of_whom(book, letter)
    say_length(letter)
    say_blanks(letter)
    for line in _next(letter):
        talk(line)


def show_drafts(book: Book, drafted: Sequence[Drafted], interview: Interview, *, as_json: bool) -> None:
    """Show several letters about an interview by a line each, and then the coverage; or their JSON.

    Args:
        book: The book that they are in.
        drafted: As `draft_each` gave them.
        interview: What they are about.
        as_json: Whether JSON was asked for.
    """
    if as_json:
        items = [as_item(one.letter) for one in drafted]
        output().json_items(items, {"coverage": coverage(book, interview)})
        return
    for one in drafted:
        letter = one.letter
        output().line(f"{letter.id}  to {recipient_name(book, letter)}: {_became(book, one)}")
        if one.state != "sent":
            say_length(letter)
            _say_alike(book, letter)
            _say_of_whom(book, letter)
    show_coverage(book, interview)
    first = next((one.letter for one in drafted if one.state != "sent"), None)
    if first is not None:
        if book.notes.where("interview", interview.id):
            talk("Your notes may be in them word for word: read each as its reader will.")
        prefix = f"{current_app().prefix} letter"
        talk(f"Next:  {prefix} show {first.id}")
        for line in _next(first):
            talk(line.replace("Next:", "     "))


def show_coverage(book: Book, interview: Interview) -> None:
    """Show everybody on a panel of two or more, and say who has not been thanked."""
    rows = coverage(book, interview)
    if len(rows) < 2:
        return
    columns = (
        Column[Covered]("name", lambda row: row.name, 5, min=10),
        Column[Covered]("role", lambda row: ", ".join(filter(None, ("lead" if row.lead else "", row.role))), 2),
        Column[Covered]("letter", lambda row: row.letter or "-", 4),
        Column[Covered]("state", lambda row: _covered_words(book, row), 5, min=8),
    )
    output().line()
    show(rows, columns)
    left = [row.name for row in rows if row.state != "thanked"]
    if left:
        talk(f"Not thanked yet, of this panel: {', '.join(left)}")
    else:
        talk("Everybody on the panel has been thanked.")


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


def say_length(letter: Letter) -> None:
    """Say how long a video's script takes to say."""
    if letter.channel == "video" and letter.body:
        talk(f"The script is {spoken_words(letter.body)}. It is what to say, not what to read out.")


def say_blanks(letter: Letter) -> None:
    """Say what is still to be filled in, if anything is."""
    if places := unfilled(letter):
        talk(f"Still to fill in: {in_brackets(places)}")


def _became(book: Book, drafted: Drafted) -> str:
    if drafted.state == "sent":
        return f"{state_words(book, drafted.letter)}; another one: the same command with --again"
    words = {"new": "drafted", "again": "drafted anew", "open": "you are writing it already"}[drafted.state]
    places = unfilled(drafted.letter)
    return f"{words}; to fill in: {in_brackets(places)}" if places else words


def _say_alike(book: Book, letter: Letter) -> None:
    for likeness in alike(book, letter)[:1]:
        other = f"{likeness.other.id} to {recipient_name(book, likeness.other)}"
        talk(f"{letter.id} says the same as {other} ({likeness.share:.0%}): it can't go out like that.")


def _say_of_whom(book: Book, letter: Letter) -> None:
    reader = book.contacts.find(letter.contact)
    sentence = of_the_reader(letter.body, reader) if reader is not None else ""
    if sentence:
        talk(f"{letter.id} speaks of its reader as of somebody else: {shorten(sentence, SHOWN_CELLS)}")


def _covered_words(book: Book, covered: Covered) -> str:
    return f"thanked {say_when(covered.sent, book.now)}" if covered.sent is not None else covered.state


def _next(letter: Letter) -> Iterator[str]:
    prefix = f"{current_app().prefix} letter"
    form, ending = ("--eml", "eml") if letter.channel == "email" else ("--text", "txt")
    yield f"Next:  {prefix} edit {letter.id}"
    yield f"       {prefix} export {letter.id} {form} -o {letter.kind}.{ending}"
    yield f"       {prefix} sent {letter.id}"
