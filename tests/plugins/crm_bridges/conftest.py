"""A job search told fact by fact, and what bridges says about it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from crm_bridges import crm_done, crm_records
from crm_bridges.records import Reopening
from crm_bridges.settings import BridgesSettings
from crm_bridges.steps import bridge_steps
from crm_core import (
    Application,
    Book,
    Company,
    Contact,
    FeedItem,
    Interaction,
    Interview,
    Letter,
    Moment,
    Move,
    Position,
    Seat,
)
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore


class Search:
    """Facts, added one at a time; Bluewater Robotics is known.

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
        settings = Settings(self.home / "config.toml", {"crm_bridges": BridgesSettings})
        present = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
        self.book = Book(TinyStore(self.home / "book.json"), now=present, settings=settings, kinds=crm_records())

    def add(self, record):
        with self.book.change("a fact"):
            return self.book.table(type(record)).add(record)

    def edit(self, record, **changes):
        with self.book.change("a correction"):
            table = self.book.table(type(record))
            return table.save(msgspec.structs.replace(table.get(record.id), **changes))

    def applied(self, history="interviewing 2026-10-01, rejected 2026-11-20", company="", role="Data Engineer"):
        """An application with moves such as `wishlist 2026-11-01, applied 2026-11-03`."""
        employer = self.add(Company(name=company)) if company else self.company
        with self.book.change("an application"):
            moves = [part.split() for part in history.split(",") if part.strip()]
            made = tuple(Move(id=self.book.new_move_id(), stage=s, on=date.fromisoformat(on)) for s, on in moves)
            return self.book.applications.add(Application(company=employer.id, role=role, moves=made))

    def moved(self, application, stage, on):
        with self.book.change("moved"):
            now = self.book.applications.get(application.id)
            move = Move(id=self.book.new_move_id(), stage=stage, on=date.fromisoformat(on))
            return self.book.applications.save(msgspec.structs.replace(now, moves=(*now.moves, move)))

    def person(self, name="Mara Lindqvist", *, works_there=False):
        there = (Position(organisation="Bluewater Robotics", company=self.company.id),) if works_there else ()
        return self.add(Contact(name=name, positions=there))

    def interview(self, application, *people, at="2026-11-12T14:00", zone="Europe/Berlin"):
        seats = tuple(Seat(contact=person.id) for person in people)
        when = Moment(datetime.fromisoformat(at), zone)
        return self.add(Interview(application=application.id, at=when, panel=seats))

    def exchange(self, person, direction, on):
        return self.add(Interaction(contact=person.id, on=day(on), about="a word", direction=direction))

    def letter(self, person, kind, on=None, **facts):
        return self.add(Letter(contact=person.id, kind=kind, sent=day(on) if on else None, **facts))

    def news(self, title, published="2026-11-22", state="unread", company=None):
        on = date.fromisoformat(published) if published else None
        where = (company or self.company).id
        return self.add(FeedItem(company=where, feed="f", key=title, title=title, published=on, state=state))

    def reopened(self, application, on, source=""):
        return self.add(Reopening(application=application.id, on=day(on), source=source))

    def steps(self, kind=None):
        with self.book.read_only():
            found = list(bridge_steps(self.book))
        return [step for step in found if kind is None or step.kind == kind]

    def step(self, kind, slot=""):
        (found,) = (step for step in self.steps(kind) if step.slot.endswith(slot))
        return found

    def dates(self, kind="return"):
        """Which occurrence was done when."""
        return {step.slot: step.done for step in self.steps(kind)}

    def done(self, kind, on, slot=""):
        step = self.step(kind, slot)
        with self.book.change("done"):
            return crm_done(self.book, step, day(on))


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


@pytest.fixture
def rejected(search):
    """Rejected on Friday 20 November 2026 after an interview with Mara (c1) and Tom (c2)."""
    search.application = search.applied()
    search.mara, search.tom = search.person(), search.person("Tom Okafor")
    search.interview(search.application, search.mara, search.tom)
    return search
