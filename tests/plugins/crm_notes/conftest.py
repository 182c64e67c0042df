"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, with Mara (lead) and Tom."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from crm_core import Application, Book, Company, Contact, Interview, Moment, Note, Seat
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_notes.settings import NoteSettings
from crm_notes.steps import note_steps

FAR = datetime(2200, 1, 1, tzinfo=ZoneInfo("UTC"))


class Job:
    """A job search small enough to see at a glance.

    Args:
        home: The folder for its files.
        now: The present.
        zone: Where the user is.
        at: When the interview is.
        place: The zone that it is in.
    """

    def __init__(self, home, now="2026-11-20T12:00", zone="Europe/Berlin", at="2026-11-19T14:00", place=None):
        self.home = home
        self.at_time(now, zone)
        with self.book.change("an interview"):
            company = self.book.companies.add(Company(name="Bluewater Robotics"))
            self.mara = self.book.contacts.add(Contact(name="Mara Lindqvist"))
            self.tom = self.book.contacts.add(Contact(name="Tom Okafor"))
            application = self.book.applications.add(Application(company=company.id, role="Engineer"))
            panel = (Seat(contact=self.mara.id), Seat(contact=self.tom.id))
            when = Moment(datetime.fromisoformat(at), place or zone)
            self.interview = self.book.interviews.add(Interview(application=application.id, at=when, panel=panel))

    def at_time(self, now, zone="Europe/Berlin"):
        """The same book at another time."""
        settings = Settings(self.home / "config.toml", {"crm_notes": NoteSettings})
        present = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
        self.book = Book(TinyStore(self.home / "book.json"), now=present, settings=settings)
        return self

    def add(self, record):
        with self.book.change("a fact"):
            return self.book.table(type(record)).add(record)

    def edit(self, record, **changes):
        with self.book.change("a correction"):
            return self.book.table(type(record)).save(msgspec.structs.replace(record, **changes))

    def note(self, text="Boats", contact=None, written=date(2026, 11, 19), **facts):
        return self.add(Note(interview=self.interview.id, text=text, contact=contact, written=written, **facts))

    def steps(self, until=FAR):
        with self.book.read_only():
            return list(note_steps(self.book, until))

    @property
    def open(self):
        return [step for step in self.steps() if step.done is None]


@pytest.fixture
def make_job(tmp_path):
    """Makes a job search, for tests that need another time or place."""
    return lambda **facts: Job(tmp_path, **facts)


@pytest.fixture
def job(make_job):
    return make_job()


@pytest.fixture(scope="session")
def new_job(tmp_path_factory):
    """Makes a job search in a folder of its own each time, for properties."""
    return lambda: Job(tmp_path_factory.mktemp("notes"))
