"""The sample job search that `crm demo` makes: facts only, from which the agenda then computes what to do.

Here the tables of `story.py` become records, told from the book's present so that the demo never grows old. Domains end
in `.example` (RFC 2606); telephone numbers are from the range that Ofcom keeps for drama. Where the demo's files are,
and what is shown when it is made, is `cli/demo.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, overload

from msgspec.structs import replace

from crm_core import records
from crm_core.book import Book
from crm_core.dates import Moment, hours_after, moment_of
from crm_core.demo import story
from crm_core.errors import InputError
from crm_core.network import fold
from crm_core.pipeline import apply, log_interview, move, record_outcome
from crm_core.records import Application, Company, Contact, Interview, Position, Profile, Seat

TITLE: Final = "made the demo"
DAY_BEGINS: Final = 10
DAY_ENDS: Final = 18


def make(book: Book) -> None:
    """Fill an empty book with the sample job search, as one change set.

    Raises:
        InputError: The book is not empty; nothing was changed.
    """
    with book.change(TITLE):
        if any(len(book.table(kind.type)) for kind in book.kinds):
            raise InputError("The demo is made in an empty book, and this one is not", "Nothing was changed.")
        _Sample(book).make()


class _Sample:
    """The tables above on their way into a book; companies, people and roles go by name, interviews by number."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._companies: dict[str, Company] = {}
        self._contacts: dict[str, Contact] = {}
        self._applications: dict[str, Application] = {}
        self._interviews: list[Interview] = []

    def make(self) -> None:
        """Add everything; the order is that of the references."""
        for name, note in story.COMPANIES:
            self._companies[name] = self._book.companies.add(_company(name, note))
        for number, person in enumerate(story.PEOPLE):
            self._contacts[person.name] = self._book.contacts.add(_contact(person, number, self._companies))
        self._introduce()
        for role in story.ROLES:
            self._applications[role.role] = self._apply(role)
        for meeting in story.MEETINGS:
            self._interviews.append(self._meet(meeting))
        self._add_cards()
        self._add_exchanges()
        self._add_notes()
        self._add_questions()
        self._add_promises()
        self._add_letters()

    @overload
    def _day(self, days: int) -> date: ...
    @overload
    def _day(self, days: None) -> None: ...
    def _day(self, days: int | None) -> date | None:
        return None if days is None else self._book.today + timedelta(days=days)

    def _this_week(self, days: int) -> date:
        """That day; if it is less than a week ago, not before this ISO week's Monday."""
        return self._day(max(days, -self._book.today.weekday()) if days > -7 else days)

    def _introduce(self) -> None:
        for person in story.PEOPLE:
            contact = self._contacts[person.name]
            known = tuple(self._contacts[name].id for name in person.knows)
            self._contacts[person.name] = self._book.contacts.save(replace(contact, knows=known))

    def _apply(self, role: story.Role) -> Application:
        (stage, day), *later = role.moves
        new = Application(
            company=self._companies[role.company].id,
            role=role.role,
            source=role.source,
            note=role.note,
            closes=self._day(role.closes),
            respond_by=self._day(role.respond_by),
        )
        application = apply(self._book, new, stage, self._this_week(day))
        for stage, day in later:
            application = move(self._book, application, stage, self._this_week(day))
        return application

    def _meet(self, meeting: story.Meeting) -> Interview:
        application = self._book.applications.get(self._applications[meeting.role].id)
        new = Interview(
            application=application.id,
            at=self._start(meeting),
            length=meeting.length,
            kind=meeting.kind,
            round=meeting.round,
            panel=tuple(Seat(contact=self._contacts[n].id, lead=n == meeting.panel[0]) for n in meeting.panel),
            hear_by=self._day(meeting.hear_by),
            hear_how=meeting.hear_how,
        )
        interview = log_interview(self._book, application, new)
        if meeting.outcome is None:
            return interview
        outcome, day = meeting.outcome
        return record_outcome(self._book, interview, outcome, self._day(day))

    def _start(self, meeting: story.Meeting) -> Moment:
        if meeting.on is not None:
            days, at = meeting.on
            return moment_of(datetime.combine(self._day(days), at, self._book.zone))
        return moment_of(hours_after(_ended(self._book.now, *meeting.ended), -meeting.length / 60))

    def _add_cards(self) -> None:
        for interview in self._interviews[:4]:
            if interview.lead is not None:
                card = _card(self._book.contacts.get(interview.lead.contact))
                self._book.cards.add(replace(card, interview=interview.id, received=interview.at.local.date()))
        self._book.cards.add(replace(_card(self._contacts["Gideon Ashgrove"]), received=self._day(-33)))

    def _add_exchanges(self) -> None:
        for name, days, channel, direction, about in story.INTERACTIONS:
            contact, on = self._contacts[name].id, self._day(days)
            new = records.Interaction(contact=contact, on=on, channel=channel, direction=direction, about=about)
            self._book.interactions.add(new)

    def _add_notes(self) -> None:
        for number, name, kind, text in story.NOTES:
            interview, contact = self._interviews[number], self._contacts[name].id
            written = interview.at.local.date()
            self._book.notes.add(
                records.Note(interview=interview.id, contact=contact, kind=kind, text=text, written=written)
            )

    def _add_questions(self) -> None:
        for role, number, text, asked, answer in story.QUESTIONS:
            application, interview = self._applications[role].id, self._interviews[number].id
            on = self._day(asked)
            self._book.questions.add(
                records.Question(application=application, interview=interview, text=text, asked=on, answer=answer)
            )

    def _add_promises(self) -> None:
        for name, number, text, made, due, kept in story.PROMISES:
            interview = None if number is None else self._interviews[number]
            new = records.Promise(
                text=text,
                contact=self._contacts[name].id,
                interview=interview.id if interview else None,
                made=interview.at.local.date() if interview else self._day(made),
                due=self._day(due),
                kept=self._day(kept),
            )
            self._book.promises.add(new)

    def _add_letters(self) -> None:
        """One written by hand, of which the book has no text, and one by e-mail."""
        for number, channel, hours, subject, body in story.LETTERS:
            interview = self._interviews[number]
            sent = moment_of(hours_after(interview.end, hours))
            new = records.Letter(
                contact=interview.panel[0].contact,
                kind="thank-you",
                family="thanks",
                interview=interview.id,
                application=interview.application,
                channel=channel,
                versions=(records.Version(written=sent, subject=subject, body=body),) if body else (),
                sent=sent,
            )
            self._book.letters.add(new)


def _ended(now: datetime, least: float, best: float, most: float) -> datetime:
    """A time by day that was between `least` and `most` hours ago, as near to `best` as can be; else `best` itself."""
    hours = [least + step / 4 for step in range(round((most - least) * 4) + 1)]
    by_day = [ago for ago in hours if DAY_BEGINS <= hours_after(now, -ago).hour < DAY_ENDS]
    end = hours_after(now, -min(by_day, key=lambda ago: abs(ago - best), default=best))
    return end.replace(minute=end.minute // 15 * 15, second=0, microsecond=0)


def _company(name: str, note: str) -> Company:
    domain = f"{_slug(name, '-')}.example"
    return Company(name=name, website=f"https://{domain}", domains=(domain,), profiles=_pages(name), note=note)


def _contact(person: story.Person, number: int, companies: Mapping[str, Company]) -> Contact:
    given, family = person.name.split()
    positions = [_position(person.at, person.title, companies)]
    if person.was_at:
        positions.append(replace(_position(person.was_at, person.was, companies), former=True))
    return Contact(
        name=person.name,
        given=given,
        family=family,
        positions=tuple(positions),
        emails=(f"{_slug(person.name, '.')}@{_slug(person.at, '-')}.example",),
        phones=(f"+44 1632 960{100 + number}",) if number % 3 == 0 else (),
        profiles=_pages(person.name),
        how=person.how,
        tags=person.tags,
    )


def _position(organisation: str, title: str, companies: Mapping[str, Company]) -> Position:
    company = companies.get(organisation)
    return Position(organisation=organisation, company=company.id if company else None, title=title)


def _card(contact: Contact) -> records.BusinessCard:
    work = contact.positions[0]
    return records.BusinessCard(
        contact=contact.id,
        name=contact.name,
        title=work.title,
        organisation=work.organisation,
        email=contact.emails[0],
        phone=contact.phones[0] if contact.phones else "",
    )


def _pages(name: str) -> tuple[Profile, ...]:
    if name not in story.ONLINE:
        return ()
    handle = _slug(name, "_")
    page = Profile(network="mastodon", handle=f"@{handle}@social.example", url=f"https://social.example/@{handle}")
    return (page,)


def _slug(text: str, joint: str) -> str:
    return joint.join(re.findall("[a-z0-9]+", fold(text)))
