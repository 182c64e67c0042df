"""Who can be asked to put in a word, who has been, and what became of it.

A sent letter of the kind `referral` is an asking too, as long as nothing else was recorded of that person. Nothing here
prints; the steps are made in `steps.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from msgspec.structs import replace

from crm_core import Application, Book, Company, Contact, Deadline, InputError, Path, PathFinder, day_of, has_come
from crm_referrals.letter import REFERRAL
from crm_referrals.records import Ask, State


class Network:
    """The paths through a book's people, which is looked through once.

    Args:
        book: Read only.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._finder: PathFinder | None = None

    def paths(self, company: Company) -> Iterator[Path]:
        """The paths to a company, the closest first; one without an id is known by its name alone."""
        if self._finder is None:
            self._finder = _finder(self._book)
        return self._finder.paths(company, interviewers(self._book, company))

    def next_to_ask(self, application: Application, asked: Collection[str]) -> Iterator[Path]:
        """The paths of an application through people who were not asked for it, the closest first."""
        company = self._book.companies.find(application.company)
        if company is not None:
            yield from (path for path in self.paths(company) if path.person.id not in asked)


def interviewers(book: Book, company: Company) -> set[str]:
    """The ids of the people who interview, or interviewed, at a company: they decide, so they are not asked."""
    if not company.id:
        return set()
    applications = book.applications.where("company", company.id)
    interviews = (i for application in applications for i in book.interviews.where("application", application.id))
    return {seat.contact for interview in interviews for seat in interview.panel}


def asks_of(book: Book, application: Application) -> list[Ask]:
    """Who was asked for an application, by a record or by a letter that went out, in the order of asking."""
    found: dict[str, Ask] = {}
    for ask in sorted(_sent(book, application), key=lambda ask: ask.asked):
        found.setdefault(ask.contact, ask)
    found.update((ask.contact, ask) for ask in book.table(Ask).where("application", application.id))
    return sorted(found.values(), key=lambda ask: (ask.asked, _name(book, ask.contact), ask.contact))


def record(book: Book, application: Application, contact: Contact, state: State, on: date, note: str = "") -> Ask:
    """Record how it stands with a person who was asked, whatever was recorded before; needs an open change.

    Args:
        book: To be changed.
        application: For which.
        contact: Who was asked.
        state: How it stands.
        on: Since when.
        note: Empty leaves the present one.

    Raises:
        InputError: The day is ahead, or before the day of asking.
    """
    has_come(book, on)
    before = asked_before(book, application, contact)
    if before is not None and state != "asked" and on < before.asked:
        raise InputError(
            f"{contact.name} was asked on {before.asked}, after {on}",
            f"Correct that day first: crm referral asked {application.id} {contact.id} --on DATE",
        )
    asked = before.asked if before is not None and state != "asked" else on
    ask = Ask(application=application.id, contact=contact.id, state=state, asked=asked, on=on)
    if before is None:
        return book.table(Ask).add(replace(ask, note=note))
    new = replace(ask, id=before.id, note=note or before.note)
    return book.table(Ask).save(new) if before.id else book.table(Ask).add(new)


def asked_before(book: Book, application: Application, contact: Contact) -> Ask | None:
    """How it stands with that person, if they were asked for that application."""
    return next((ask for ask in asks_of(book, application) if ask.contact == contact.id), None)


def last_event(book: Book, application: Application) -> Deadline | None:
    """From when a word would help: the end of the last interview that has ended, else the application's first move."""
    ended = [i.end for i in book.interviews.where("application", application.id) if i.end <= book.now]
    if ended:
        return max(ended)
    return application.moves[0].on if application.moves else None


def _finder(book: Book) -> PathFinder:
    return PathFinder(
        book.companies, book.contacts, mine=book.me.email, cards=book.cards, interactions=book.interactions
    )


def _sent(book: Book, application: Application) -> Iterator[Ask]:
    for letter in book.letters.where("application", application.id):
        if letter.kind == REFERRAL and letter.sent is not None:
            day = day_of(letter.sent)
            yield Ask(application=application.id, contact=letter.contact, asked=day, on=day)


def _name(book: Book, id_: str) -> str:
    contact = book.contacts.find(id_)
    return contact.name if contact is not None else ""
