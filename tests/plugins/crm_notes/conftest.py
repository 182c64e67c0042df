"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, with Mara (lead) and Tom."""

from __future__ import annotations

from datetime import date

import pytest

from crm_core import Note
from crm_notes.settings import NoteSettings
from crm_notes.steps import note_steps
from tests.plugins.facts import FAR, Facts


class Job(Facts):
    """A job search small enough to see at a glance.

    Args:
        home: The folder for its files.
        now: The present.
        zone: Where the user is.
        at: When the interview is.
        place: The zone that it is in.
    """

    plugin = "crm_notes"
    settings = NoteSettings

    def __init__(self, home, now="2026-11-20T12:00", zone="Europe/Berlin", at="2026-11-19T14:00", place=None):
        super().__init__(home, now, zone)
        self.mara, self.tom = self.person(), self.person("Tom Okafor")
        self.met = self.interview(self.applied(""), self.mara, self.tom, at=at, zone=place or zone)

    def note(self, text="Boats", contact=None, written=date(2026, 11, 19), **facts):
        return self.add(Note(interview=self.met.id, text=text, contact=contact, written=written, **facts))

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
