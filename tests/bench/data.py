"""The data that is measured on: thousands of invented people whose names are as unevenly spread as real ones.

The same seed gives the same people. Files are written once a run, into the run's own folder.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

from crm_core.book import Book
from crm_core.dates import moment_of
from crm_core.records import Application, Company, Contact, Interview, Move, Position, Profile, Seat
from tests.core.making import NOW, open_book

SEED: Final = 20261123
ORGANISATIONS: Final = 900
GIVEN: Final = 900
APPLICATIONS: Final = 1_000
INTERVIEWS: Final = 1_500
ALIVE: Final = 60  # applications still open: nobody waits for a thousand answers

SYLLABLES: Final = (
    "ba", "bel", "cor", "da", "den", "el", "fa", "gar", "hol", "is", "ja", "ker", "lin", "mar", "nor", "ol", "pe",
    "ran", "ros", "sel", "tan", "ul", "ver", "wen", "zel",
)  # fmt: skip
GIVEN_ENDINGS: Final = ("a", "e", "o", "an", "in", "us", "ia")
ENDINGS: Final = (
    "son", "berg", "mann", "ez", "ini", "ova", "er", "sen", "wright", "ley", "stein", "ard", "eau", "ski", "ton",
)  # fmt: skip
TITLES: Final = (
    "Engineer", "Senior Engineer", "Head of People", "Recruiter", "Product Manager", "Designer", "Analyst", "Director",
    "Founder", "Account Manager", "Nurse", "Teacher", "Consultant", "Team Lead", "Talent Partner",
)  # fmt: skip
FORMS: Final = ("Systems", "Partners", "Works", "GmbH", "Ltd")
DOMAINS: Final = ("post.example", "mail.example", "home.example")


class People:
    """A never-ending row of contacts.

    Args:
        seed: The same seed gives the same people.
    """

    def __init__(self, seed: int = SEED) -> None:
        self._random = random.Random(seed)
        self._families = [
            (first + second + ending).capitalize() for first in SYLLABLES for second in SYLLABLES for ending in ENDINGS
        ]
        self._given = [
            (first + second + ending).capitalize()
            for first in SYLLABLES
            for second in SYLLABLES
            for ending in GIVEN_ENDINGS
        ][:GIVEN]
        self._random.shuffle(self._families)
        self._random.shuffle(self._given)
        self._organisations = [
            f"{self._families[-number]} {FORMS[number % len(FORMS)]}" for number in range(1, ORGANISATIONS + 1)
        ]
        self._given_weights = _uneven(GIVEN, 8)
        self._family_weights = _uneven(len(self._families), 20)
        self._organisation_weights = _uneven(ORGANISATIONS, 5)

    @property
    def organisations(self) -> Sequence[str]:
        """The names of all organisations, the most frequent first."""
        return self._organisations

    def take(self, number: int) -> list[Contact]:
        """The next so many."""
        return [self._person(place) for place in range(number)]

    def _person(self, place: int) -> Contact:
        pick = self._random
        given = pick.choices(self._given, cum_weights=self._given_weights)[0]
        family = pick.choices(self._families, cum_weights=self._family_weights)[0]
        organisation = pick.choices(self._organisations, cum_weights=self._organisation_weights)[0]
        positions = [Position(organisation=organisation, title=pick.choice(TITLES))]
        if pick.random() < 0.3:
            former = pick.choices(self._organisations, cum_weights=self._organisation_weights)[0]
            positions.append(Position(organisation=former, title=pick.choice(TITLES), former=True))
        handle = f"{given}-{family}-{place:x}".lower()
        emails = (f"{given}.{family}{place}@{pick.choice(DOMAINS)}".lower(),) if pick.random() < 0.6 else ()
        phones = (f"+49 30 {pick.randrange(10_000_000, 99_999_999)}",) if pick.random() < 0.4 else ()
        profile = Profile(network="linkedin", handle=handle, url=f"https://www.linkedin.com/in/{handle}")
        return Contact(
            name=f"{given} {family}",
            given=given,
            family=family,
            positions=tuple(positions),
            emails=emails,
            phones=phones,
            profiles=(profile,) if pick.random() < 0.7 else (),
            note=f"Met at fair {place % 40}." if place % 5 == 0 else "",
        )


def _uneven(number: int, flattened: int) -> list[float]:
    """Cumulative weights after Zipf and Mandelbrot: with 8, the first of 900 names is that of one in forty people."""
    return list(accumulate(1 / (rank + flattened) for rank in range(1, number + 1)))


def fill(book: Book, contacts: int, applications: int = APPLICATIONS, interviews: int = INTERVIEWS) -> None:
    """A network of so many people, and a long job search with interviews in the last two years."""
    people = People()
    pick = random.Random(SEED)
    with book.change("made the data"):
        known = [book.contacts.add(person) for person in people.take(contacts)]
        companies = [book.companies.add(Company(name=name)) for name in people.organisations]
        made = []
        for number in range(applications):
            day = (NOW - timedelta(days=pick.randrange(20, 700))).date()
            moves = [Move(id=book.new_move_id(), stage="applied", on=day)]
            if number >= ALIVE:
                end = pick.choice(("rejected", "ghosted", "withdrawn"))
                moves.append(Move(id=book.new_move_id(), stage=end, on=day + timedelta(days=15)))
            company = companies[number % len(companies)].id
            made.append(
                book.applications.add(Application(company=company, role=pick.choice(TITLES), moves=tuple(moves)))
            )
        for number in range(interviews):
            start = NOW - timedelta(days=pick.randrange(20, 700), hours=pick.randrange(3))
            panel = tuple(Seat(contact=person.id) for person in pick.sample(known, 2))
            book.interviews.add(Interview(application=made[number % len(made)].id, at=moment_of(start), panel=panel))


def make_book(home: Path, contacts: int, applications: int = APPLICATIONS, interviews: int = INTERVIEWS) -> Path:
    """A home with such a book; returns it."""
    home.mkdir(parents=True, mode=0o700)
    fill(open_book(home / "book.json"), contacts, applications, interviews)
    return home


def card_lines(person: Contact, number: int) -> Iterator[str]:
    """An ordinary card of 21 lines, as a phone or a mail program writes it."""
    position = person.positions[0]
    yield from ("BEGIN:VCARD", "VERSION:3.0", "PRODID:-//Example Corp.//Address Book 9//EN")
    yield f"N:{person.family};{person.given};;;"
    yield f"FN:{person.name}"
    yield f"ORG:{position.organisation};Department {number % 12}"
    yield f"TITLE:{position.title}"
    yield f"EMAIL;type=INTERNET;type=WORK;type=pref:{person.given}.{person.family}{number}@work.example".lower()
    yield f"EMAIL;type=INTERNET;type=HOME:{person.given}{number}@home.example".lower()
    yield f"TEL;type=CELL;type=VOICE;type=pref:+49 170 {number:08d}"
    yield f"TEL;type=WORK;type=VOICE:+49 30 {number:08d}"
    street = f"{number % 99 + 1} Sample Street"
    yield f"item1.ADR;type=HOME;type=pref:;;{street};Saltmarsh;;{10_000 + number % 80_000};Germany"
    yield "item1.X-ABADR:de"
    yield f"item2.URL;type=pref:https://www.linkedin.com/in/{person.given}-{person.family}-{number}".lower()
    yield "item2.X-ABLabel:_$!<HomePage>!$_"
    yield f"BDAY;value=date:19{60 + number % 40}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    yield f"NOTE:Met at fair {number % 40}\\, likes tea"
    yield "CATEGORIES:Business,Friends"
    yield f"UID:{number:08d}-1234-4abc-8def-{number:012d}"
    yield f"REV:2026-0{number % 9 + 1}-11T10:00:00Z"
    yield "END:VCARD"


def write_cards(path: Path, number: int) -> Path:
    """A file of so many ordinary cards; returns it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for place, person in enumerate(People(SEED + 1).take(number)):
            file.writelines(f"{line}\r\n" for line in card_lines(person, place))
    return path
