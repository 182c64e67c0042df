"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, and ways to answer about it."""

from __future__ import annotations

import pytest

from crm_reflection import crm_records
from crm_reflection.answers import record
from crm_reflection.questions import QUESTIONS
from crm_reflection.records import Reflection
from crm_reflection.settings import ReflectionSettings
from crm_reflection.steps import reflect_steps
from tests.plugins.facts import FAR, Facts

ONE = {"yes or no": True, "1 to 5": 4, "words": "fine"}


class Job(Facts):
    """A job search small enough to see at a glance.

    Args:
        home: The folder for its files.
        now: The present.
        zone: Where the user is.
        at: When the interview is.
        place: The zone that it is in.
    """

    plugin = "crm_reflection"
    settings = ReflectionSettings
    kinds = tuple(crm_records())

    def __init__(self, home, now="2026-11-20T12:00", zone="Europe/Berlin", at="2026-11-19T14:00", place=None):
        super().__init__(home, now, zone)
        self.application = self.applied("")
        self.met = self.meet(at, place or zone)

    def meet(self, at, zone="Europe/Berlin"):
        return self.interview(self.application, at=at, zone=zone)

    def answer(self, count=1, interview=None, **answers):
        """Answer the first so many questions, or those named."""
        given = answers or {question.key: ONE[question.sort] for question in QUESTIONS[:count]}
        with self.book.change("answers"):
            return record(self.book, interview or self.met, given)

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
