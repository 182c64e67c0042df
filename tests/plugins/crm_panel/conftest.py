"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, with a panel of any size."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from crm_core import Application, Book, Company, Contact, Interview, Letter, Moment, Move, Note, Promise, Seat
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_panel.settings import PanelSettings
from crm_panel.steps import panel_steps

BERLIN = ZoneInfo("Europe/Berlin")
FAR = datetime(2200, 1, 1, tzinfo=BERLIN)
PEOPLE = (
    "Mara Lindqvist", "Tom Okafor", "Inês Carvalho", "Jo Bell", "Bea Olawale", "Goran Mistry", "Aiko Tanimura",
    "Piotr Wendell", "Saoirse Lund",
)  # fmt: skip


def berlin(text):
    """A moment in Berlin."""
    return Moment(datetime.fromisoformat(text), "Europe/Berlin")


class Job:
    """A job search small enough to see at a glance.

    Args:
        home: The folder for its files.
        now: The present in Berlin.
        at: When the interview is, Berlin time.
        size: How many interviewers there are.
    """

    def __init__(self, home, now="2026-11-20T12:00", at="2026-11-19T14:00", size=3):
        self.home = home
        self.book = self.at_time(now)
        with self.book.change("an interview"):
            company = self.book.companies.add(Company(name="Bluewater Robotics"))
            self.people = [
                self.book.contacts.add(Contact(name=name, given=name.split()[0], family=name.split()[1]))
                for name in PEOPLE[:size]
            ]
            moves = (Move(id="m1", stage="interviewing", on=date(2026, 11, 1)),)
            self.application = self.book.applications.add(Application(company=company.id, role="Engineer", moves=moves))
        self.interview = self.another(at)

    def another(self, at, people=None):
        """One more interview, with all or some of the people."""
        panel = tuple(Seat(contact=person.id) for person in (self.people if people is None else people))
        return self.add(Interview(application=self.application.id, at=berlin(at), panel=panel))

    def at_time(self, now):
        """The same book at another time."""
        settings = Settings(self.home / "config.toml", {"crm_panel": PanelSettings})
        present = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
        self.book = Book(TinyStore(self.home / "book.json"), now=present, settings=settings)
        return self.book

    def add(self, record):
        with self.book.change("a fact"):
            return self.book.table(type(record)).add(record)

    def edit(self, record, **changes):
        with self.book.change("a correction"):
            return self.book.table(type(record)).save(msgspec.structs.replace(record, **changes))

    def note(self, text, contact=None, kind="talked", interview=None):
        about = (interview or self.interview).id
        return self.add(Note(interview=about, text=text, contact=contact and contact.id, kind=kind))

    def promise(self, text, contact, **facts):
        return self.add(Promise(text=text, contact=contact.id, made=date(2026, 11, 19), **facts))

    def letter(self, contact, **facts):
        usual = {"contact": contact.id, "kind": "panel", "family": "thanks", "interview": self.interview.id}
        return self.add(Letter(**{**usual, **facts}))

    def steps(self, until=FAR):
        return list(panel_steps(self.book, until))

    @property
    def titles(self):
        return [step.title for step in self.steps()]


@pytest.fixture
def make_job(tmp_path):
    """Makes a job search, for tests that need another panel or another time."""
    return lambda **given: Job(tmp_path, **given)


@pytest.fixture
def job(make_job):
    return make_job()
