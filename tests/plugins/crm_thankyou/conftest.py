"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, with Mara (lead) and Tom."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from crm_core import Application, Book, Company, Contact, Interview, Letter, Moment, Move, Note, Promise, Seat
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_thankyou.settings import ThankYouSettings
from crm_thankyou.steps import thank_steps

BERLIN = ZoneInfo("Europe/Berlin")
FAR = datetime(2200, 1, 1, tzinfo=BERLIN)


class Job:
    """A job search small enough to see at a glance.

    Args:
        home: The folder for its files.
        now: The present in Berlin.
        at: When the interview is, Berlin time.
    """

    def __init__(self, home, now="2026-11-20T12:00", at="2026-11-19T14:00"):
        self.home = home
        self.book = self.at_time(now)
        with self.book.change("an interview"):
            company = self.book.companies.add(Company(name="Bluewater Robotics"))
            self.mara = self.book.contacts.add(Contact(name="Mara Lindqvist", given="Mara"))
            self.tom = self.book.contacts.add(Contact(name="Tom Okafor", given="Tom"))
            self.application = self.book.applications.add(
                Application(
                    company=company.id,
                    role="Engineer",
                    moves=(Move(id="m1", stage="interviewing", on=date(2026, 11, 1)),),
                )
            )
            panel = (Seat(contact=self.mara.id), Seat(contact=self.tom.id))
            self.interview = self.book.interviews.add(
                Interview(application=self.application.id, at=berlin(at), panel=panel)
            )

    def at_time(self, now):
        """The same book at another time."""
        settings = Settings(self.home / "config.toml", {"crm_thankyou": ThankYouSettings})
        present = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
        self.book = Book(TinyStore(self.home / "book.json"), now=present, settings=settings)
        return self.book

    def add(self, record):
        with self.book.change("a fact"):
            return self.book.table(type(record)).add(record)

    def edit(self, record, **changes):
        with self.book.change("a correction"):
            return self.book.table(type(record)).save(msgspec.structs.replace(record, **changes))

    def note(self, text, contact=None, kind="talked"):
        return self.add(Note(interview=self.interview.id, text=text, contact=contact, kind=kind))

    def promise(self, text, **facts):
        return self.add(Promise(text=text, contact=self.mara.id, made=date(2026, 11, 19), **facts))

    def letter(self, **facts):
        usual = {"contact": self.mara.id, "kind": "thank-you", "family": "thanks", "interview": self.interview.id}
        return self.add(Letter(**{**usual, **facts}))

    def steps(self, until=FAR):
        return list(thank_steps(self.book, until))

    @property
    def step(self):
        (step,) = self.steps()
        return step


def berlin(text):
    """A moment in Berlin."""
    return Moment(datetime.fromisoformat(text), "Europe/Berlin")


@pytest.fixture
def make_job(tmp_path):
    """Makes a job search, for tests that need another time of the interview."""
    return lambda **times: Job(tmp_path, **times)


@pytest.fixture
def job(make_job):
    return make_job()
