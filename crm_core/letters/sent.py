"""What went out: recording that a letter was sent, and whether a person was thanked for an interview."""

from __future__ import annotations

from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import Moment, When, day_of, day_start
from crm_core.errors import InputError
from crm_core.letters.kinds import THANKS
from crm_core.records import Contact, Interview, Letter
from crm_core.words import say_when


def mark_sent(book: Book, letter: Letter, on: When, *, force: bool = False) -> Letter:
    """Record that the user sent a letter; one that is not in the book yet is added. Needs an open change.

    Args:
        book: Its change is open.
        letter: Which.
        on: When it went out.
        force: Take it as it is, though something in it is still to be filled in.

    Raises:
        InputError: The date is ahead, or something is to be filled in: what is recorded would not be what went out.
    """
    from crm_core.letters.rendering import refuse_blanks

    if not force and letter.sent is None:
        refuse_blanks(letter, f"crm letter edit {letter.id}; or crm letter sent {letter.id} --force")
    if day_start(on, book.zone) > book.now:
        raise InputError(
            f"{say_when(on, book.now)} is ahead: a letter is recorded when it has been sent",
            "Give the day on which it went out, such as today or yesterday.",
        )
    sent = replace(letter, sent=on)
    return book.letters.save(sent) if letter.id else book.letters.add(sent)


def sent_thanks(book: Book, interview: Interview, contact: Contact) -> Letter | None:
    """The letter that thanked that person for that interview: the first of family `thanks` sent since its start.

    One that was sent before the start, of an interview that was postponed, thanks for nothing that took place.
    """
    sent = [letter for letter in _thanks(book, interview, contact) if since_start(letter.sent, interview)]
    return min(sent, key=lambda letter: _order(book, letter), default=None)


def stale_thanks(book: Book, interview: Interview, contact: Contact) -> Letter | None:
    """The last letter of family `thanks` to that person that went out before the interview began."""
    early = [letter for letter in _thanks(book, interview, contact) if not since_start(letter.sent, interview)]
    return max(early, key=lambda letter: _order(book, letter), default=None)


def since_start(on: When | None, interview: Interview) -> bool:
    """Whether that is at or after the interview's start; a day alone counts from the interview's own day on."""
    if isinstance(on, Moment):
        return on.at.timestamp() >= interview.start.timestamp()
    return on is not None and on >= interview.at.local.date()


def _thanks(book: Book, interview: Interview, contact: Contact) -> list[Letter]:
    return [
        letter
        for letter in book.letters.where("interview", interview.id)
        if letter.sent is not None and letter.family == THANKS and letter.contact == contact.id
    ]


def _order(book: Book, letter: Letter) -> float:
    return day_start(letter.sent or day_of(book.now), book.zone).timestamp()
