"""A book with one interview: Thursday 19 November 2026, 14:00 to 15:00 in Berlin, with Mara (lead) and Tom."""

from __future__ import annotations

from datetime import date

import pytest

from crm_core import Letter, Note, Promise
from crm_thankyou.settings import ThankYouSettings
from crm_thankyou.steps import thank_steps
from tests.plugins.facts import FAR, Facts


class Job(Facts):
    """A job search small enough to see at a glance.

    Args:
        home: The folder for its files.
        now: The present in Berlin.
        at: When the interview is, Berlin time.
    """

    plugin = "crm_thankyou"
    settings = ThankYouSettings

    def __init__(self, home, now="2026-11-20T12:00", at="2026-11-19T14:00"):
        super().__init__(home, now)
        self.mara, self.tom = self.person(given="Mara"), self.person("Tom Okafor", given="Tom")
        self.application = self.applied()
        self.met = self.interview(self.application, self.mara, self.tom, at=at)

    def note(self, text, contact=None, kind="talked"):
        return self.add(Note(interview=self.met.id, text=text, contact=contact, kind=kind))

    def promise(self, text, **facts):
        return self.add(Promise(text=text, contact=self.mara.id, made=date(2026, 11, 19), **facts))

    def letter(self, **facts):
        usual = {"contact": self.mara.id, "kind": "thank-you", "family": "thanks", "interview": self.met.id}
        return self.add(Letter(**{**usual, **facts}))

    def steps(self, until=FAR):
        return list(thank_steps(self.book, until))

    @property
    def step(self):
        (step,) = self.steps()
        return step


@pytest.fixture
def make_job(tmp_path):
    """Makes a job search, for tests that need another time of the interview."""
    return lambda **times: Job(tmp_path, **times)


@pytest.fixture
def job(make_job):
    return make_job()
