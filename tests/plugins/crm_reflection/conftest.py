"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, and ways to answer about it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from crm_core import Application, Book, Company, Interview, Moment
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_reflection import crm_records
from crm_reflection.answers import record
from crm_reflection.questions import QUESTIONS
from crm_reflection.records import Reflection
from crm_reflection.settings import ReflectionSettings
from crm_reflection.steps import reflect_steps

FAR = datetime(2200, 1, 1, tzinfo=ZoneInfo("UTC"))
ONE = {"yes or no": True, "1 to 5": 4, "words": "fine"}


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
            self.application = self.book.applications.add(Application(company=company.id, role="Engineer"))
        self.interview = self.meet(at, place or zone)

    def at_time(self, now, zone="Europe/Berlin"):
        """The same book at another time."""
        settings = Settings(self.home / "config.toml", {"crm_reflection": ReflectionSettings})
        present = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
        store = TinyStore(self.home / "book.json")
        self.book = Book(store, now=present, settings=settings, kinds=crm_records())
        return self

    def meet(self, at, zone="Europe/Berlin"):
        when = Moment(datetime.fromisoformat(at), zone)
        return self.add(Interview(application=self.application.id, at=when))

    def add(self, record):
        with self.book.change("a fact"):
            return self.book.table(type(record)).add(record)

    def edit(self, record, **changes):
        with self.book.change("a correction"):
            return self.book.table(type(record)).save(msgspec.structs.replace(record, **changes))

    def answer(self, count=1, interview=None, **answers):
        """Answer the first so many questions, or those named."""
        given = answers or {question.key: ONE[question.sort] for question in QUESTIONS[:count]}
        with self.book.change("answers"):
            return record(self.book, interview or self.interview, given)

    @property
    def reflections(self):
        return list(self.book.table(Reflection))

    def steps(self, until=FAR):
        with self.book.read_only():
            return list(reflect_steps(self.book, until))

    @property
    def step(self):
        (step,) = self.steps()
        return step


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
    return lambda **facts: Job(tmp_path_factory.mktemp("reflection"), **facts)
