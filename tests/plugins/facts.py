"""A job search told fact by fact, in a book of its own: what the tests of the plugins that have steps begin with."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from crm_core import Application, Book, Company, Contact, Interaction, Interview, Moment, Move, Position, Seat
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore

FAR = datetime(2200, 1, 1, tzinfo=ZoneInfo("UTC"))


class Facts:
    """Facts about a job search, added one at a time; Bluewater Robotics is known.

    Args:
        home: The folder for its files.
        now: The present.
        zone: The user's zone.

    Attributes:
        plugin: The plugin's name.
        settings: Its part of the settings.
        kinds: Its own kinds of records.
    """

    plugin = ""
    settings = None
    kinds = ()

    def __init__(self, home, now="2026-11-23T12:00", zone="Europe/Berlin"):
        self.home = home
        self.at_time(now, zone)
        self.company = self.add(Company(name="Bluewater Robotics"))

    def at_time(self, now, zone="Europe/Berlin"):
        """The same book at another time."""
        settings = Settings(self.home / "config.toml", {self.plugin: self.settings})
        present = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
        self.book = Book(TinyStore(self.home / "book.json"), now=present, settings=settings, kinds=self.kinds)
        return self

    def add(self, record):
        with self.book.change("a fact"):
            return self.book.table(type(record)).add(record)

    def edit(self, record, **changes):
        with self.book.change("a correction"):
            table = self.book.table(type(record))
            return table.save(msgspec.structs.replace(table.get(record.id), **changes))

    def person(self, name="Mara Lindqvist", *, works_there=False, **facts):
        there = (Position(organisation=self.company.name, company=self.company.id),) if works_there else ()
        return self.add(Contact(name=name, positions=there, **facts))

    def applied(self, history="interviewing 2026-11-01", role="Engineer", company=None, **facts):
        """An application with moves such as `wishlist 2026-11-01, applied 2026-11-03`."""
        with self.book.change("an application"):
            moves = tuple(self._move(*part.split()) for part in history.split(",") if part.strip())
            made = Application(company=(company or self.company).id, role=role, moves=moves, **facts)
            return self.book.applications.add(made)

    def moved(self, application, stage, on):
        with self.book.change("moved"):
            now = self.book.applications.get(application.id)
            moves = (*now.moves, self._move(stage, on))
            return self.book.applications.save(msgspec.structs.replace(now, moves=moves))

    def interview(self, application, *people, at="2026-11-19T14:00", zone="Europe/Berlin", **facts):
        """An interview of an hour; the first of the people leads it."""
        seats = tuple(Seat(contact=person.id) for person in people)
        when = Moment(datetime.fromisoformat(at), zone)
        return self.add(Interview(application=application.id, at=when, panel=seats, **facts))

    def exchange(self, person, direction, on, about="a word"):
        return self.add(Interaction(contact=person.id, on=day(on), about=about, direction=direction))

    def _move(self, stage, on):
        return Move(id=self.book.new_move_id(), stage=stage, on=date.fromisoformat(on))


def day(text):
    """A day, or with a clock time a moment in Berlin."""
    return berlin(text) if "T" in text else date.fromisoformat(text)


def berlin(text):
    """A moment in Berlin."""
    return Moment(datetime.fromisoformat(text), "Europe/Berlin")
