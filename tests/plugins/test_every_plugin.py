"""What holds for the steps of every first-party plugin, on random job searches."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import pipeline
from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host
from crm_core.records import (
    Application,
    Company,
    Contact,
    Interaction,
    Interview,
    Letter,
    Note,
    Position,
    Profile,
    Promise,
    Seat,
)
from crm_core.settings import Settings
from crm_core.steps import Agenda, step_key
from tests.core.store.memory import MemoryStore, Shelf

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 12, tzinfo=BERLIN)
EVER = (datetime(1900, 1, 1, tzinfo=BERLIN), datetime(2200, 1, 1, tzinfo=BERLIN))
HOST = Host([found for found in find_plugins(sys.path) if found.own], strict=True)
SECTIONS = Settings(Path("nowhere/config.toml"), HOST.sections())

COMPANIES = ("Acme", "Bluewater Robotics", "Cobalt Freight")
PEOPLE = {"Ana Silva": "Acme", "Ben Carter": "Acme", "Cleo Marsh": "Bluewater Robotics", "Dan Ode": "Cobalt Freight"}
STAGES = ("wishlist", "applied", "interviewing", "offer", "accepted", "rejected", "withdrawn")

days = st.integers(-40, 20)
people = st.sampled_from(sorted(PEOPLE))
companies = st.sampled_from(COMPANIES)
fact = st.one_of(
    st.tuples(st.just("moved"), companies, st.lists(st.tuples(st.sampled_from(STAGES), days), min_size=1, max_size=3)),
    st.tuples(st.just("interview"), companies, days, st.lists(people, unique=True, max_size=3)),
    st.tuples(st.just("note"), companies, people),
    st.tuples(st.just("promise"), people, days),
    st.tuples(st.just("spoke"), people, st.integers(-30, 0), st.sampled_from(["in", "out"])),
    st.tuples(st.just("thanked"), companies, people, st.integers(-30, 0)),
)
searches = st.lists(fact, max_size=9, unique_by=lambda entered: entered[:2])


class Search:
    """A job search built of facts in some order; what a fact needs is entered before it."""

    def __init__(self, facts, now=NOW) -> None:
        self.book = Book(MemoryStore(Shelf()), now=now, settings=SECTIONS, kinds=HOST.kinds())
        self.names: dict[str, str] = {}
        self._known: dict[str, object] = {}
        self._facts = list(facts)
        for entered in self._facts:
            with self.book.change("a fact"):
                self._enter(*entered)
        for table in (self.book.applications, self.book.interviews, self.book.interactions, self.book.promises):
            for record in table:
                self.names.setdefault(record.id, self._name(record))
        for application in self.book.applications:
            for place, move in enumerate(application.moves):
                self.names[move.id] = f"{self.names[application.id]}:{place}"

    def _once(self, name, make):
        if name not in self._known:
            self._known[name] = make()
            self.names[self._known[name].id] = name
        return self._known[name]

    def _company(self, name):
        profiles = (Profile(network="linkedin", handle=name.split()[0].lower()),)
        return self._once(name, lambda: self.book.companies.add(Company(name=name, profiles=profiles)))

    def _contact(self, name):
        company = self._company(PEOPLE[name])
        position = Position(organisation=company.name, company=company.id, title="Engineer")
        profiles = (Profile(network="linkedin", handle=name.split()[0].lower()),)
        contact = Contact(name=name, positions=(position,), profiles=profiles)
        return self._once(name, lambda: self.book.contacts.add(contact))

    def _application(self, name):
        made = self._once(f"job at {name}", lambda: self.book.applications.add(
            Application(company=self._company(name).id, role="Engineer")))  # fmt: skip
        return self.book.applications.get(made.id)

    def _interview(self, name):
        at = Moment(datetime(2026, 11, 1, 14), "Europe/Berlin")  # noqa: DTZ001
        application = self._application(name).id
        made = self._once(f"interview at {name}", lambda: self.book.interviews.add(
            Interview(application=application, at=at)))  # fmt: skip
        return self.book.interviews.get(made.id)

    def _enter(self, what, *rest):
        getattr(self, f"_enter_{what}")(*rest)

    def _enter_moved(self, company, moves):
        application = self._application(company)
        for stage, offset in sorted(moves, key=lambda move: move[1]):
            application = pipeline.move(self.book, application, stage, NOW.date() + timedelta(days=offset))

    def _enter_interview(self, company, offset, panel):
        seats = tuple(Seat(contact=self._contact(name).id, lead=place == 0) for place, name in enumerate(panel))
        at = Moment(datetime(2026, 11, 23, 14) + timedelta(days=offset), "Europe/Berlin")  # noqa: DTZ001
        self.book.interviews.save(replace(self._interview(company), at=at, panel=seats))

    def _enter_note(self, company, person):
        self.book.notes.add(
            Note(
                interview=self._interview(company).id, contact=self._contact(person).id, text="tea", written=NOW.date()
            )
        )

    def _enter_promise(self, person, offset):
        made = NOW.date() - timedelta(days=41)
        self.book.promises.add(
            Promise(text="call", contact=self._contact(person).id, made=made, due=made + timedelta(days=offset + 41))
        )

    def _enter_spoke(self, person, offset, direction):
        on = NOW.date() + timedelta(days=offset)
        self.book.interactions.add(Interaction(contact=self._contact(person).id, on=on, about="x", direction=direction))

    def _enter_thanked(self, company, person, offset):
        interview = self._interview(company)
        self.book.letters.add(
            Letter(contact=self._contact(person).id, kind="thank-you", family="thanks", interview=interview.id,
                   application=interview.application, sent=NOW.date() + timedelta(days=offset))
        )  # fmt: skip

    def _name(self, record):
        return f"{type(record).__name__} {getattr(record, 'text', '')} {getattr(record, 'on', '')}"

    def named(self, text: str) -> str:
        return "/".join(self.names.get(word.split("-")[0], word) for word in text.split("/"))

    def steps(self, since=EVER[0], until=EVER[1]):
        return list(HOST.steps(self.book, since, until))

    def facts_of_steps(self):
        """The steps without ids: what may not depend on the order in which facts were entered."""
        return sorted(
            (
                self.named(step_key(plugin, step)),
                step.title,
                *(str(when) for when in (step.starts, step.due, step.late, step.expires, step.done)),
            )
            for plugin, step in self.steps()
        )


@settings(max_examples=60, deadline=None)
@given(searches, st.randoms(use_true_random=False))
def test_steps_are_the_same_in_whatever_order_facts_were_entered(facts, random):
    shuffled = list(facts)
    random.shuffle(shuffled)

    assert Search(facts).facts_of_steps() == Search(shuffled).facts_of_steps()


@settings(max_examples=60, deadline=None)
@given(searches)
def test_keys_are_unique_and_asking_twice_gives_the_same(facts):
    search = Search(facts)
    first = [(step_key(plugin, step), step) for plugin, step in search.steps()]

    assert len({key for key, _ in first}) == len(first)
    assert [(step_key(plugin, step), step) for plugin, step in search.steps()] == first


@settings(max_examples=60, deadline=None)
@given(searches, st.integers(0, 3))
def test_due_does_not_depend_on_today(facts, later):
    """A step that exists at two moments of one ISO week is due at the same time in both."""
    dues = []
    for now in (NOW, NOW + timedelta(days=later, hours=5)):
        search = Search(facts, now)
        dues.append({step_key(plugin, step): step.due for plugin, step in search.steps()})

    for key in dues[0].keys() & dues[1].keys():
        assert dues[0][key] == dues[1][key], key


@settings(max_examples=30, deadline=None)
@given(searches)
def test_the_agenda_takes_every_plugins_steps_and_none_is_lost_or_doubled(facts):
    search = Search(facts)
    agenda = Agenda(search.book, HOST, *EVER)

    handles = [entry.handle for entry in agenda.entries]
    assert len(set(handles)) == len(handles)
    assert {entry.key for entry in agenda.entries} <= {step_key(plugin, step) for plugin, step in search.steps()}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"])
def test_dates_of_steps_do_not_depend_on_where_the_user_is(zone):
    facts = [("interview", "Acme", -1, ["Ana Silva", "Ben Carter"]), ("moved", "Acme", [("applied", -12)])]
    here, there = Search(facts), Search(facts, NOW.astimezone(ZoneInfo(zone)))

    dues = [{step_key(p, s): s.due for p, s in search.steps() if s.about is not None} for search in (here, there)]

    assert dues[0] == dues[1]
