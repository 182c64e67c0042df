"""Who the people behind an application are, and when you were in touch with them. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from crm_core import Staff, When, day_start

if TYPE_CHECKING:
    from crm_core import Application, Book, Contact


class Touch(NamedTuple):
    """An exchange with a person, or a letter of a kind that was sent to them; `out` if it came from you."""

    on: When
    out: bool
    letter: str = ""


class People:
    """The people behind applications; a book is read through once.

    Args:
        book: The book.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._staff = Staff(book.companies, book.contacts)

    def behind(self, application: Application) -> list[Contact]:
        """Everybody on its panels, the lead of the last interview first; without any, the one who is known there."""
        found = {contact.id: contact for contact in self._panels(application)}
        if found:
            return list(found.values())
        known = self._staff.at(application.company)
        return [max(known, key=self._closeness)] if known else []

    def first(self, application: Application) -> Contact | None:
        """Whom to write to."""
        return next(iter(self.behind(application)), None)

    def touches(self, contact: Contact) -> list[Touch]:
        """What passed between you and a person, earliest first."""
        return self._touches.get(contact.id, [])

    def _panels(self, application: Application) -> Iterator[Contact]:
        interviews = self._book.interviews.where("application", application.id)
        if len(interviews) > 1:
            interviews.sort(key=lambda i: (i.start, i.end), reverse=True)
        for interview in interviews:
            lead = interview.lead
            for seat in (lead, *interview.panel) if lead is not None else ():
                contact = self._book.contacts.find(seat.contact)
                if contact is not None:
                    yield contact

    def _closeness(self, contact: Contact) -> tuple[float, str]:
        touches = self.touches(contact)
        return day_start(touches[-1].on, self._book.zone).timestamp() if touches else 0.0, contact.name

    @cached_property
    def _touches(self) -> dict[str, list[Touch]]:
        found: dict[str, list[Touch]] = {}
        for exchange in self._book.interactions:
            found.setdefault(exchange.contact, []).append(Touch(exchange.on, exchange.direction == "out"))
        for letter in self._book.letters:
            if letter.sent is not None:
                found.setdefault(letter.contact, []).append(Touch(letter.sent, out=True, letter=letter.kind))
        for touches in found.values():
            touches.sort(key=lambda touch: (day_start(touch.on, self._book.zone), touch.out, touch.letter))
        return found
