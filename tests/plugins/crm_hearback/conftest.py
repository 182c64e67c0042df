"""A job search told fact by fact, and what hearback says about it."""

from __future__ import annotations

import pytest

from crm_core import Letter
from crm_hearback import crm_done, crm_steps
from crm_hearback.settings import HearbackSettings
from tests.plugins.facts import Facts, day


class Search(Facts):
    plugin = "crm_hearback"
    settings = HearbackSettings

    def letter(self, person, on=None, kind="hearback", **facts):
        return self.add(Letter(contact=person.id, kind=kind, sent=day(on) if on else None, **facts))

    def steps(self, kind=None):
        with self.book.read_only():
            found = list(crm_steps(self.book))
        return [step for step in found if kind is None or step.kind == kind]

    def step(self, kind):
        (found,) = self.steps(kind)
        return found

    def open_kinds(self):
        return sorted(step.kind for step in self.steps() if step.done is None)

    def done(self, kind, on):
        step = self.step(kind)
        with self.book.change("done"):
            return crm_done(self.book, step, day(on) if isinstance(on, str) else on)


@pytest.fixture
def make_search(tmp_path):
    return lambda **facts: Search(tmp_path, **facts)


@pytest.fixture
def search(make_search):
    return make_search()
