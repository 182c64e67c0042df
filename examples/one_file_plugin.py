"""Birthdays: asks you to wish the people in your book a happy one.

A plugin that is one file. Copy it into the folder that `crm plugins path` names, then switch it on:
`crm plugins on one_file_plugin`; rename it as you like, its name is the plugin's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from crm_core import Book, Contact, Section, Step, hookimpl

MONTH_AND_DAY = re.compile(r"(?:\d{4}|-)-?(\d\d)-?(\d\d)")  # 1990-11-25, 19901125, and without a year --11-25

LATE = timedelta(days=3)  # after that a wish only shows that it was forgotten


class BirthdaySettings(Section, frozen=True, kw_only=True):
    """`days`: how many days before a birthday it is shown."""

    days: int = 7

    def check(self) -> None:
        """Refuse what is no week or two."""
        if not 0 <= self.days <= 60:
            raise ValueError(f"days: {self.days} is not from 0 to 60")


@hookimpl
def crm_settings() -> type[Section]:
    """When a birthday is shown."""
    return BirthdaySettings


@hookimpl
def crm_steps(book: Book) -> Iterator[Step]:
    """A wish for the last birthday, as long as it is not too late, and for the next ones."""
    days = book.settings(BirthdaySettings).days
    for contact in book.contacts:
        for year in (book.today.year - 1, book.today.year, book.today.year + 1):
            birthday = birthday_in(year, contact)
            if birthday is not None and birthday + LATE >= book.today:
                yield Step(
                    kind="wish",
                    about=contact.id,
                    slot=str(year),
                    title=f"Wish {contact.name} a happy birthday",
                    why=f"it is their birthday on {birthday:%d %B}",
                    starts=birthday - timedelta(days=days),
                    due=birthday,
                    expires=birthday + LATE,
                    person=contact.id,
                    command=f"crm log {contact.id} 'Happy birthday' --out",
                )


def birthday_in(year: int, contact: Contact) -> date | None:
    """The day in that year; who was born on 29 February is wished well on the 28th if there is none."""
    found = MONTH_AND_DAY.match(contact.birthday)
    if found is None:
        return None
    month, day = int(found[1]), int(found[2])
    for possible in (day, day - 1) if (month, day) == (2, 29) else (day,):
        try:
            return date(year, month, possible)
        except ValueError:
            pass
    return None
