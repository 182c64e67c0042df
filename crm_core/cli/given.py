"""What a command was given, where a parameter type that everybody has is not enough.

People and companies that may be new, texts from a file or standard input, days that must have come, dates that may be
emptied. What a name means is decided in `lookup.py`, what a date means in `words.py`; `dialog/` asks questions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import click

from crm_core.book import Book
from crm_core.cli.context import talk
from crm_core.cli.params import DATE
from crm_core.dates import Moment, When
from crm_core.errors import InputError
from crm_core.lookup import contact_label, known_or_new_company, known_or_new_contact
from crm_core.records import Company, Contact, Interview
from crm_core.words import say_day

STDIN: Final = "-"
LONGEST_TEXT: Final = 1_000_000
"""Bytes of a text from outside; the book is written as a whole at each change."""

_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


class DateOrNothing(click.ParamType["date | Literal['']"]):
    """A day; an empty text takes the one that is there away."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | Literal[""]:
        """What click asks for."""
        return "" if value == "" else DATE.convert(value, param, ctx)


DATE_OR_NOTHING: Final = DateOrNothing()


class Newcomers:
    """Companies and people that a command meets, added where they are not known; made inside an open change set.

    Args:
        book: Where they are looked for and added.
        new: Do not mind similar names.
    """

    def __init__(self, book: Book, *, new: bool) -> None:
        self._book = book
        self._new = new
        self.lines: list[str] = []
        """What is to be said of it, a line for each that was added."""

    def company(self, name: str) -> Company:
        """The company that is meant, as `lookup.known_or_new_company` finds it."""
        company = known_or_new_company(self._book, name, new=self._new)
        if company.id:
            return company
        company = self._book.companies.add(company)
        self.lines.append(f"Added company {company.id} {company.name}")
        return company

    def contact(self, name: str, company: Company | None = None, near: Sequence[str] = ()) -> Contact:
        """The person who is meant, as `lookup.known_or_new_contact` finds them."""
        contact = known_or_new_contact(self._book, name, company, new=self._new, near=near)
        if contact.id:
            return contact
        contact = self._book.contacts.add(contact)
        self.lines.append(f"Added contact {contact.id} {contact_label(contact)}")
        return contact

    def tell(self) -> None:
        """Say it, after the change."""
        for line in self.lines:
            talk(line)
        if self.lines:
            talk("To take it all back: crm undo")


def has_come(book: Book, when: When) -> None:
    """Refuse a day ahead for what is said to have happened: `friday` is the next one.

    Raises:
        InputError: The day or the moment is ahead.
    """
    ahead = when.at > book.now if isinstance(when, Moment) else when > book.today
    if ahead:
        day = when.local if isinstance(when, Moment) else when
        raise InputError(
            f"{day:%Y-%m-%d, a %A,} is still ahead",
            "Only what has happened is recorded. A day before today is said so: `last friday`, `3 days ago`.",
        )


def check_period(book: Book, since: date | None, until: date) -> None:
    """Refuse a period that ends before it begins.

    Args:
        book: For the present.
        since: The first day; None for the beginning.
        until: The last day.

    Raises:
        InputError: It does.
    """
    if since is not None and since > until:
        raise InputError(
            f"--since {say_day(since, book.today)} is after {say_day(until, book.today)}, the last day",
            "Give the first day with --since, the last one with --until.",
        )


def tell_if_absent(interview: Interview, contact: Contact) -> None:
    """Say so if somebody whom something about an interview is for was not on its panel, and how to put them on it."""
    if all(seat.contact != contact.id for seat in interview.panel):
        cure = f"crm interview edit {interview.id} --with {contact.id}"
        talk(f"{contact.name} is not on the panel of {interview.id}: {cure}")


def given_text(text: str) -> str:
    """A text from the command line, or from standard input where it is `-`.

    Raises:
        InputError: It is empty, too long or no text.
    """
    if text != STDIN:
        found = text.strip()
    else:
        if sys.stdin is None or sys.stdin.closed:
            raise InputError("Standard input is closed", "Give the text itself in the place of `-`.")
        found = _as_text(sys.stdin.buffer.read(LONGEST_TEXT + 1), "Standard input")
    if not found:
        raise InputError("The text is empty", "Give it in quotes, or - to read it from standard input.")
    return found


def text_of_file(path: str) -> str:
    """The text in a file, or on standard input where the path is `-`.

    Raises:
        InputError: It can't be read, is empty, too long or no text.
    """
    if path == STDIN:
        return given_text(path)
    try:
        with Path(path).open("rb") as file:
            found = _as_text(file.read(LONGEST_TEXT + 1), path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path[:200]} can't be read: {reason.lower()}", "Nothing was changed.") from error
    if not found:
        raise InputError(f"{path[:200]} is empty", "Nothing was changed.")
    return found


def _as_text(raw: bytes, source: str) -> str:
    """Bytes of unknown origin as text: UTF-8, UTF-16 with its mark, else as older Windows programs write."""
    if len(raw) > LONGEST_TEXT:
        raise InputError(f"{source[:200]} is longer than {LONGEST_TEXT:,} bytes", "Nothing was changed.")
    try:
        text = raw.decode("utf-16" if raw.startswith(_BYTE_ORDER_MARKS) else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        if "\0" not in text:
            talk(f"{source} is not UTF-8: it was read as Windows-1252, so look at its accents.")
    if "\0" in text or raw.startswith(b"%PDF-"):
        raise InputError(f"{source[:200]} is not a text", "Save or copy it as plain text. Nothing was changed.")
    return "\n".join(text.splitlines()).strip()
