"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, with a panel of any size."""

from __future__ import annotations

from datetime import date

import pytest

from crm_core import Letter, Note, Promise
from crm_panel.settings import PanelSettings
from crm_panel.steps import panel_steps
from tests.plugins.facts import FAR, Facts

PEOPLE = (
    "Mara Lindqvist", "Tom Okafor", "Inês Carvalho", "Jo Bell", "Bea Olawale", "Goran Mistry", "Aiko Tanimura",
    "Piotr Wendell", "Saoirse Lund",
)  # fmt: skip


class Job(Facts):
    """A job search small enough to see at a glance.

    Args:
        home: The folder for its files.
        now: The present in Berlin.
        at: When the interview is, Berlin time.
        size: How many interviewers there are.
    """

    plugin = "crm_panel"
    settings = PanelSettings

    def __init__(self, home, now="2026-11-20T12:00", at="2026-11-19T14:00", size=3):
        super().__init__(home, now)
        names = (name.split() for name in PEOPLE[:size])
        self.people = [self.person(f"{given} {family}", given=given, family=family) for given, family in names]
        self.application = self.applied()
        self.met = self.another(at)

    def another(self, at, people=None):
        """One more interview, with all or some of the people."""
        return self.interview(self.application, *(self.people if people is None else people), at=at)

    def note(self, text, contact=None, kind="talked", interview=None):
        about = (interview or self.met).id
        return self.add(Note(interview=about, text=text, contact=contact and contact.id, kind=kind))

    def promise(self, text, contact, **facts):
        return self.add(Promise(text=text, contact=contact.id, made=date(2026, 11, 19), **facts))

    def letter(self, contact, **facts):
        usual = {"contact": contact.id, "kind": "panel", "family": "thanks", "interview": self.met.id}
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
