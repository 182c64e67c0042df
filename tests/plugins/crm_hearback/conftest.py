"""A job search told fact by fact, and what hearback says about it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from crm_core import Application, Book, Company, Contact, Interaction, Interview, Letter, Moment, Move, Position, Seat
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_hearback import crm_done, crm_steps
from crm_hearback.settings import HearbackSettings


class Search:
    """Facts about one company, Bluewater Robotics, added one at a time.

    Args:
        home: The folder for its files.
        now: The present.
        zone: The user's zone.
    """

    def __init__(self, home, now="2026-11-23T12:00", zone="Europe/Berlin"):
        self.home = home
        self.at_time(now, zone)
        self.company = self.add(Company(name="Bluewater Robotics"))

    def at_time(self, now, zone="Europe/Berlin"):
        """The same book at another time."""
        settings = Settings(self.home / "config.toml", {"crm_hearback": HearbackSettings})
        present = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
        self.book = Book(TinyStore(self.home / "book.json"), now=present, settings=settings)

    def add(self, record):
        with self.book.change("a fact"):
            return self.book.table(type(record)).add(record)

    def edit(self, record, **changes):
        with self.book.change("a correction"):
            table = self.book.table(type(record))
            return table.save(msgspec.structs.replace(table.get(record.id), **changes))

    def applied(self, history="interviewing 2026-11-01", **facts):
        """An application with moves such as `wishlist 2026-11-01, applied 2026-11-03`."""
        with self.book.change("an application"):
            moves = [part.split() for part in history.split(",") if part.strip()]
            made = tuple(Move(id=self.book.new_move_id(), stage=s, on=date.fromisoformat(on)) for s, on in moves)
            return self.book.applications.add(
                Application(company=self.company.id, role="Engineer", moves=made, **facts)
            )

    def moved(self, application, stage, on):
        with self.book.change("moved"):
            now = self.book.applications.get(application.id)
            move = Move(id=self.book.new_move_id(), stage=stage, on=date.fromisoformat(on))
            return self.book.applications.save(msgspec.structs.replace(now, moves=(*now.moves, move)))

    def person(self, name="Mara Lindqvist", *, works_there=False):
        there = (Position(organisation="Bluewater Robotics", company=self.company.id),) if works_there else ()
        return self.add(Contact(name=name, positions=there))

    def interview(self, application, at="2026-11-19T14:00", *people, zone="Europe/Berlin", **facts):
        seats = tuple(Seat(contact=person.id) for person in people)
        when = Moment(datetime.fromisoformat(at), zone)
        return self.add(Interview(application=application.id, at=when, panel=seats, **facts))

    def exchange(self, person, direction, on, about="a word"):
        return self.add(Interaction(contact=person.id, on=day(on), about=about, direction=direction))

    def letter(self, person, on=None, kind="hearback", **facts):
        return self.add(Letter(contact=person.id, kind=kind, sent=day(on) if on else None, **facts))

    def steps(self, kind=None):
        with self.book.read_only():
            found = list(crm_steps(self.book))
        return [step for step in found if kind is None or step.kind == kind]

    def step(self, kind):
        (found,) = self.steps(kind)
        return found

    def open_kinds(self):
        return sorted(step.kind for step in self.steps() if step.done is None)

    def done(self, kind, on):
        step = self.step(kind)
        with self.book.change("done"):
            return crm_done(self.book, step, day(on) if isinstance(on, str) else on)


def day(text):
    """A day, or with a clock time a moment in Berlin."""
    if "T" in text:
        return Moment(datetime.fromisoformat(text), "Europe/Berlin")
    return date.fromisoformat(text)


@pytest.fixture
def make_search(tmp_path):
    return lambda **facts: Search(tmp_path, **facts)


@pytest.fixture
def search(make_search):
    return make_search()
