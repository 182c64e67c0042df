"""What facts say about news and replies: what was agreed, whether news has come, who was asked, who waits for you.

Only an application's newest interview counts: a later one is news in itself. Nothing here prints, changes anything, or
depends on the present but for what has ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from crm_core import Contact, Moment, Ref, Staff, When, day_end, day_of, day_start
from crm_hearback.letter import ASKING

if TYPE_CHECKING:
    from crm_core import Application, Book, Company, Interaction, Interview, Letter, Move

DECIDED: Final = frozenset({"offer", "accepted", "rejected", "withdrawn", "ghosted"})
"""Stages that are news; an application also comes to the others when an interview is logged after it was held."""


class Word(NamedTuple):
    """Something that passed between you and a person: an exchange in its direction, or a letter that was sent."""

    contact: Ref[Contact]
    on: When
    way: Literal["in", "out", "", "letter"]


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """Something that others owe, as the list and `--json` show it.

    Args:
        id: The interview, or the application that no interview followed.
        application: The application.
        company: From whom, in words.
        what: `news` after an interview, `an answer` to an application.
        since: The day of the interview or the application.
        by: The day that was agreed, if one was.
        how: How it will come, as it was said.
        asked: When you last asked.
    """

    id: str
    application: str
    company: str
    what: str
    since: date
    by: date | None
    how: str
    asked: date | None


class Words:
    """Who was written to and heard from, by company and person; a book is read through once.

    Args:
        book: The book.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._staff = Staff(book.companies, book.contacts)

    def with_(self, application: Application) -> list[Word]:
        """What passed between you and the people of an application: those of its company, and of its panels."""
        people = {seat.contact for i in self._book.interviews.where("application", application.id) for seat in i.panel}
        on_panels = (word for person in people for word in self._by_person.get(person, ()))
        return list(dict.fromkeys((*self._by_company.get(application.company, ()), *on_panels)))

    def of_person(self, person: str) -> list[Word]:
        """What passed between you and one person."""
        return self._by_person.get(person, [])

    def somebody_at(self, application: Application) -> Contact | None:
        """Whom to ask where nobody was agreed on: who was in touch last, else somebody who works there."""
        zone = self._book.zone
        words = self.with_(application)
        latest = max((day_start(word.on, zone) for word in words), default=None)
        people = {word.contact for word in words if day_start(word.on, zone) == latest}
        known = [contact for person in people if (contact := self._book.contacts.find(person)) is not None]
        return min(known or self._staff.at(application.company), key=_name, default=None)

    def employers(self, contact: Contact) -> list[Ref[Company]]:
        """The companies where a person works now, each once."""
        return self._staff.employers(contact)

    @cached_property
    def _by_person(self) -> dict[str, list[Word]]:
        found: dict[str, list[Word]] = {}
        for exchange in self._book.interactions:
            word = Word(exchange.contact, exchange.on, exchange.direction)
            found.setdefault(exchange.contact, []).append(word)
        for letter in self._book.letters:
            if letter.sent is not None:
                found.setdefault(letter.contact, []).append(Word(letter.contact, letter.sent, "letter"))
        return found

    @cached_property
    def _by_company(self) -> dict[str, list[Word]]:
        found: dict[str, list[Word]] = {}
        for person, words in self._by_person.items():
            contact = self._book.contacts.find(person)
            for company in self.employers(contact) if contact is not None else ():
                found.setdefault(company, []).extend(words)
        return found


def _name(contact: Contact) -> tuple[str, int, str]:
    """The order of people whom nothing else tells apart, whenever they were entered."""
    return contact.name, len(contact.id), contact.id


def newest_interview(book: Book, application: Application) -> Interview | None:
    """An application's interview that begins last."""
    known = book.interviews.where("application", application.id)
    return max(known, key=lambda interview: (interview.start, interview.end), default=None)


def agreed_day(interview: Interview) -> date | None:
    """By when news was promised; a day before the interview, which was postponed since, says nothing any more."""
    day = interview.hear_by
    return day if day is not None and day >= interview.at.local.date() else None


def news_came(application: Application, newest: Interview) -> bool:
    """Whether there is an outcome or a later move; that there is no later interview is known of the newest."""
    held = newest.at.local.date()
    return newest.outcome is not None or any(m.stage in DECIDED and m.on >= held for m in application.moves)


def applied(application: Application) -> Move | None:
    """The move by which it waits for an answer, if that is the last one."""
    last = application.moves[-1] if application.moves else None
    return last if last is not None and last.stage == "applied" else None


def asked_on(words: Iterable[Word], letters: Iterable[Letter], since: date) -> When | None:
    """When somebody was first asked for news on or after a day.

    Args:
        words: What passed between you and those who may know.
        letters: Those about the same interview or application; what asks for news among them counts, to whomever.
        since: The first day that counts.
    """
    went = [word.on for word in words if word.way == "out"]
    sent = [letter.sent for letter in letters if letter.kind == ASKING and letter.sent is not None]
    return min((on for on in (*went, *sent) if day_of(on) >= since), key=day_of, default=None)


def last_in(book: Book, exchanges: Iterable[Interaction]) -> Interaction | None:
    """The last exchange that came from a person."""
    came = [exchange for exchange in exchanges if exchange.direction == "in"]
    return max(came, key=lambda exchange: (day_start(exchange.on, book.zone), exchange.about), default=None)


def answered_on(book: Book, message: Interaction, words: Iterable[Word]) -> When | None:
    """When you first answered a message, or talked anyway.

    What is known by its day alone answers all that came that day: nobody is reminded of a reply that may be written.
    """
    after = [word.on for word in words if word.way != "in" and may_answer(book, word.on, message)]
    return min(after, key=lambda on: day_end(on, book.zone), default=None)


def may_answer(book: Book, on: When, message: Interaction) -> bool:
    """Whether something that went out then, or some time that day, can have come after the message."""
    end, came = day_end(on, book.zone), day_start(message.on, book.zone)
    return end >= came if isinstance(on, Moment) else end > came


def awaited(book: Book) -> list[Awaited]:
    """What others owe, the earliest day agreed first, then what has been open longest."""
    words = Words(book)
    found = [entry for a in book.applications if a.alive for entry in _awaited(book, a, words)]
    return sorted(found, key=lambda entry: (entry.by or date.max, entry.since, entry.company, entry.id))


def _awaited(book: Book, application: Application, words: Words) -> Iterable[Awaited]:
    company = book.companies.find(application.company)
    name = company.name if company is not None else ""
    newest = newest_interview(book, application)
    sent = applied(application)
    if newest is not None and newest.end <= book.now and not news_came(application, newest):
        held, by = newest.at.local.date(), agreed_day(newest)
        about = book.letters.where("interview", newest.id)
        asked = asked_on(words.with_(application), about, by) if by is not None else None
        yield Awaited(
            id=newest.id,
            application=application.id,
            company=name,
            what="news",
            since=held,
            by=by,
            how=" ".join(newest.hear_how.split()),
            asked=day_of(asked) if asked is not None else None,
        )
    elif newest is None and sent is not None and not heard_since(words.with_(application), sent.on):
        about = book.letters.where("application", application.id)
        asked = asked_on(words.with_(application), about, sent.on + timedelta(days=1))
        yield Awaited(
            id=application.id,
            application=application.id,
            company=name,
            what="an answer",
            since=sent.on,
            by=None,
            how="",
            asked=day_of(asked) if asked is not None else None,
        )


def heard_since(words: Iterable[Word], since: date) -> bool:
    """Whether something came on or after a day."""
    return any(word.way == "in" and day_of(word.on) >= since for word in words)
