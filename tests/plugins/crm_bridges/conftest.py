"""A job search told fact by fact, and what bridges says about it."""

from __future__ import annotations

from datetime import date

import pytest

from crm_bridges import crm_done, crm_records
from crm_bridges.records import Reopening
from crm_bridges.settings import BridgesSettings
from crm_bridges.steps import bridge_steps
from crm_core import Company, FeedItem, Letter
from tests.plugins.facts import Facts, day


class Search(Facts):
    plugin = "crm_bridges"
    settings = BridgesSettings
    kinds = tuple(crm_records())

    def applied(self, history="interviewing 2026-10-01, rejected 2026-11-20", company="", role="Data Engineer"):
        employer = self.add(Company(name=company)) if company else None
        return super().applied(history, role, employer)

    def interview(self, application, *people, at="2026-11-12T14:00", **facts):
        return super().interview(application, *people, at=at, **facts)

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
