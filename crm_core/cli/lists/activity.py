"""When something last happened with people, applications and companies, and which stages those have to do with.

Lists are narrowed by it. What lies ahead has not happened yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from crm_core.dates import day_of

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.records import Application, Company, Stage


class Activity:
    """The last days of a book; it is looked through once for each kind of question.

    Args:
        book: The book.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def of_contact(self, ref: str) -> date | None:
        """When something last passed between you and a person: an exchange, a letter that was sent, an interview."""
        return self._contacts.get(ref)

    def of_application(self, application: Application) -> date | None:
        """When it last came to a stage or an interview was held."""
        return self._applications.get(application.id)

    def of_company(self, company: Company) -> date | None:
        """When one of the applications there last moved or had an interview."""
        there = self._book.applications.where("company", company.id)
        return max(filter(None, map(self.of_application, there)), default=None)

    @cached_property
    def _contacts(self) -> dict[str, date]:
        days: list[tuple[str, date]] = [(exchange.contact, day_of(exchange.on)) for exchange in self._book.interactions]
        days += [(letter.contact, day_of(letter.sent)) for letter in self._book.letters if letter.sent is not None]
        days += [(seat.contact, day_of(held.at)) for held in self._book.interviews for seat in held.panel]
        return _latest(days, self._book.today)

    @cached_property
    def _applications(self) -> dict[str, date]:
        days: list[tuple[str, date]] = [
            (application.id, move.on) for application in self._book.applications for move in application.moves
        ]
        days += [(held.application, day_of(held.at)) for held in self._book.interviews]
        return _latest(days, self._book.today)


def _latest(days: Iterable[tuple[str, date]], today: date) -> dict[str, date]:
    """The last day of each that is not ahead."""
    found: dict[str, date] = {}
    for ref, day in days:
        if day <= today:
            found[ref] = max(day, found.get(ref, day))
    return found


def companies_at(book: Book, stages: Collection[Stage]) -> set[str]:
    """The ids of the companies where an application is at one of these stages today."""
    return {application.company for application in book.applications if application.stage in stages}
