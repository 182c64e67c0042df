"""Who could be met for a coffee, and what is recorded of it. Nothing here prints."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_coffee.records import Chat
from crm_coffee.settings import CoffeeSettings
from crm_core import Interaction, PathFinder, has_come

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core import Application, Book, Company, Contact, Path


class Circle:
    """The people of a book, and which of them lead to a company; the book is looked through once.

    Args:
        book: Read only.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._finder = PathFinder(book.companies, book.contacts, mine=book.me.email)

    def leading_to(self, application: Application) -> Iterator[Path]:
        """Everybody who leads to its company and does not interview us, the closest first."""
        company = self._book.companies.find(application.company)
        if company is not None and application.moves:
            yield from self._finder.paths(company, self._interviewers(company))

    def _interviewers(self, company: Company) -> set[str]:
        """Who interviews there: they decide, and are met anyway."""
        applications = self._book.applications.where("company", company.id)
        interviews = (i for one in applications for i in self._book.interviews.where("application", one.id))
        return {seat.contact for interview in interviews for seat in interview.panel}

    def people(self, application: Application) -> Iterator[Path]:
        """Whom to meet for an application: those of them whom we have not met lately."""
        return (path for path in self.leading_to(application) if not self._met_lately(path.person, application))

    def _met_lately(self, person: Contact, application: Application) -> bool:
        """Whether there was a coffee with them so shortly before the application that it is too early for the next.

        It is counted from the application's first move, never from today: a step must not come and go by itself.
        """
        pause = timedelta(days=self._book.settings(CoffeeSettings).again_days)
        return any(chat.on > application.moves[0].on - pause for chat in chats_with(self._book, person))


def chats_with(book: Book, person: Contact) -> list[Chat]:
    """Every coffee with them."""
    return book.table(Chat).where("contact", person.id)


def name_of(book: Book, chat: Chat) -> str:
    """Whom the chat was with; empty if they are not in the book any more."""
    contact = book.contacts.find(chat.contact)
    return contact.name if contact is not None else ""


def log(book: Book, contact: Contact, on: date, about: str = "") -> Chat:
    """Record a coffee, and that we spoke; needs an open change.

    Raises:
        InputError: The day is ahead.
    """
    has_come(book, on)
    said = f"Coffee: {about}" if about else "Coffee"
    book.interactions.add(Interaction(contact=contact.id, on=on, channel="meeting", direction="out", about=said))
    return book.table(Chat).add(Chat(contact=contact.id, on=on, about=about))
