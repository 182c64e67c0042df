"""What holds for the steps of every first-party plugin, on random job searches."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import pipeline
from crm_core.book import Book
from crm_core.dates import Moment, day_end
from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host
from crm_core.network import merged
from crm_core.records import (
    Application,
    BusinessCard,
    Company,
    Contact,
    FeedItem,
    Interaction,
    Interview,
    Letter,
    Note,
    Position,
    Profile,
    Promise,
    Question,
    Seat,
)
from crm_core.settings import Settings
from crm_core.steps import Agenda, application_of, step_key
from tests.core.store.memory import MemoryStore, Shelf

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 12, tzinfo=BERLIN)
EVER = (datetime(1900, 1, 1, tzinfo=BERLIN), datetime(2200, 1, 1, tzinfo=BERLIN))
HOST = Host([found for found in find_plugins(sys.path) if found.own], strict=True)
SECTIONS = Settings(Path("nowhere/config.toml"), HOST.sections())
OWN = {kind.table: kind.type for kind in HOST.kinds()}

COMPANIES = ("Acme", "Bluewater Robotics", "Cobalt Freight")
PEOPLE = {"Ana Silva": "Acme", "Ben Carter": "Acme", "Cleo Marsh": "Bluewater Robotics", "Dan Ode": "Cobalt Freight"}
STAGES = ("wishlist", "applied", "interviewing", "offer", "accepted", "rejected", "withdrawn")

LETTERS = {"thank-you": "thanks", "panel": "thanks", "referral": "", "hearback": "", "gracious": "", "withdraw": ""}
NETWORKS = ("github", "linkedin", "mastodon", "web", "xing")

days = st.integers(-40, 20)
past = st.integers(-40, 0)
people = st.sampled_from(sorted(PEOPLE))
companies = st.sampled_from(COMPANIES)
networks = st.sampled_from(NETWORKS)
fact = st.one_of(
    st.tuples(st.just("moved"), companies, st.lists(st.tuples(st.sampled_from(STAGES), days), min_size=1, max_size=3)),
    st.tuples(st.just("interview"), companies, days, st.lists(people, unique=True, max_size=3)),
    st.tuples(st.just("note"), companies, people),
    st.tuples(st.just("promise"), people, days),
    st.tuples(st.just("kept"), people, past),
    st.tuples(st.just("spoke"), people, st.integers(-30, 0), st.sampled_from(["in", "out"])),
    st.tuples(st.just("wrote"), companies, people, st.sampled_from(sorted(LETTERS)), past),
    st.tuples(st.just("further"), companies, days, st.lists(people, unique=True, max_size=2)),
    st.tuples(st.just("agreed"), companies, days, st.sampled_from(["", "by e-mail"])),
    st.tuples(st.just("posted"), companies, st.none() | days, st.none() | days),
    st.tuples(st.just("card"), people, companies),
    st.tuples(st.just("news"), companies, past, st.booleans(), st.sampled_from(["unread", "read", "kept"])),
    st.tuples(st.just("question"), companies, st.none() | past),
    st.tuples(st.just("knows"), people, people),
    st.tuples(st.just("formerly"), people, companies),
    st.tuples(st.just("profile"), people, networks),
    st.tuples(st.just("page"), companies, networks),
    st.tuples(st.just("looked"), companies, past),
    st.tuples(st.just("asked"), people, companies, st.sampled_from(["asked", "agreed", "declined"]), past),
    st.tuples(st.just("followed"), people, networks, past),
    st.tuples(st.just("followed_company"), companies, networks, past),
    st.tuples(st.just("reopened"), companies, past),
    st.tuples(st.just("reflected"), companies, past),
    st.tuples(st.just("paused"), past, st.integers(0, 9)),
)

RICH = (
    ("moved", "Acme", [("applied", -12), ("interviewing", -6)]),
    ("interview", "Acme", -2, ["Ana Silva", "Ben Carter"]),
    ("further", "Acme", 4, ["Ana Silva"]),
    ("news", "Acme", -1, False, "unread"),
    ("knows", "Cleo Marsh", "Ben Carter"),
    ("promise", "Ana Silva", 2),
    ("spoke", "Ben Carter", -1, "in"),
    ("moved", "Cobalt Freight", [("applied", -30), ("rejected", -1)]),
    ("spoke", "Dan Ode", -9, "in"),
)
"""A search in which every plugin has something to say, and an interview lies behind and another one ahead."""

DONE = (
    ("moved", "Acme", [("applied", -38), ("interviewing", -8), ("offer", -5)]),
    ("posted", "Acme", -35, 5),
    ("interview", "Acme", -7, ["Ana Silva", "Ben Carter"]),
    ("wrote", "Acme", "Ben Carter", "thank-you", -6),
    ("note", "Acme", "Ana Silva"),
    ("reflected", "Acme", -6),
    ("looked", "Acme", 0),
    ("further", "Acme", 3, ["Ana Silva"]),
    ("question", "Acme", -7),
    ("followed", "Ana Silva", "linkedin", -5),
    ("followed_company", "Acme", "linkedin", -9),
    ("kept", "Ana Silva", -3),
    ("asked", "Cleo Marsh", "Acme", "agreed", -3),
    ("spoke", "Ben Carter", -4, "in"),
    ("moved", "Bluewater Robotics", [("applied", -38), ("rejected", -20)]),
    ("interview", "Bluewater Robotics", -30, ["Cleo Marsh"]),
    ("wrote", "Bluewater Robotics", "Cleo Marsh", "gracious", -19),
    ("news", "Bluewater Robotics", -2, True, "unread"),
    ("moved", "Cobalt Freight", [("applied", -30), ("accepted", -1)]),
    ("interview", "Cobalt Freight", -25, ["Dan Ode"]),
    ("wrote", "Cobalt Freight", "Dan Ode", "thank-you", -24),
    ("agreed", "Cobalt Freight", -20, "by e-mail"),
    ("spoke", "Dan Ode", -10, "out"),
)
"""A search in which much was done: a letter, a reflection, follows, an ask; one offer, one no, one job."""


def _richer(base, facts):
    """That search with those facts, which take the place of its own of the same sort about the same."""
    return list({entered[:2]: entered for entered in (*base, *facts)}.values())


some = st.lists(fact, max_size=16, unique_by=lambda entered: entered[:2])
searches = some | st.builds(_richer, st.sampled_from([RICH, DONE]), some)


def _day(offset):
    return None if offset is None else NOW.date() + timedelta(days=offset)


def _profiles(network):
    return (Profile(network=network, handle="somebody", url=f"https://{network}.example/somebody"),)


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
        named = (self.book.interactions, self.book.promises, self.book.feed_items, self._own("crm_bridges.reopenings"))
        for table in named:
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

    def _interview(self, company, which="interview", hour=14):
        at = Moment(datetime(2026, 11, 1, hour), "Europe/Berlin")  # noqa: DTZ001
        application = self._application(company).id
        made = self._once(f"{which} at {company}", lambda: self.book.interviews.add(
            Interview(application=application, at=at)))  # fmt: skip
        return self.book.interviews.get(made.id)

    def _own(self, table):
        """A plugin's private table: its type is known by the table's name alone."""
        return self.book.table(OWN[table])

    def _add_own(self, table, **fields):
        self._own(table).add(OWN[table](**fields))

    def _enter(self, what, *rest):
        getattr(self, f"_enter_{what}")(*rest)

    def _enter_moved(self, company, moves):
        application = self._application(company)
        for stage, offset in sorted(moves, key=lambda move: move[1]):
            application = pipeline.move(self.book, application, stage, NOW.date() + timedelta(days=offset))

    def _enter_interview(self, company, offset, panel):
        self._hold(self._interview(company), 14, offset, panel)

    def _enter_further(self, company, offset, panel):
        """Another one of the same application, at a time of day at which no other is."""
        self._hold(self._interview(company, "further interview", 9), 9, offset, panel)

    def _hold(self, interview, hour, offset, panel):
        seats = tuple(Seat(contact=self._contact(name).id, lead=place == 0) for place, name in enumerate(panel))
        at = Moment(datetime(2026, 11, 23, hour) + timedelta(days=offset), "Europe/Berlin")  # noqa: DTZ001
        self.book.interviews.save(replace(interview, at=at, panel=seats))

    def _enter_agreed(self, company, offset, how):
        self.book.interviews.save(replace(self._interview(company), hear_by=_day(offset), hear_how=how))

    def _enter_posted(self, company, closes, respond_by):
        application = self._application(company)
        self.book.applications.save(replace(application, closes=_day(closes), respond_by=_day(respond_by)))

    def _enter_card(self, person, company):
        card = BusinessCard(contact=self._contact(person).id, organisation=self._company(company).name)
        self.book.cards.add(card)

    def _enter_news(self, company, offset, names_role, state):
        """An entry of the company's feed, which may say that a role like ours is open."""
        known = self._with_feed(company)
        title = "Engineer (m/f/d) wanted" if names_role else "A new site"
        self.book.feed_items.add(
            FeedItem(company=known.id, feed=known.feeds[0], key="1", title=title, published=_day(offset), state=state)
        )

    def _enter_looked(self, company, offset):
        known = self._with_feed(company)
        looked = _day(offset)
        self._add_own("crm_research.feed_states", company=known.id, feed=known.feeds[0], looked=looked)

    def _with_feed(self, name):
        known = self.book.companies.get(self._company(name).id)
        feed = f"https://{name.split()[0].lower()}.example/feed"
        return self.book.companies.save(replace(known, feeds=(feed,)))

    def _enter_question(self, company, written):
        for text in ("Why?", "Who?", "When?"):
            self.book.questions.add(
                Question(application=self._application(company).id, text=text, written=_day(written))
            )

    def _enter_knows(self, person, other):
        known = self.book.contacts.get(self._contact(person).id)
        self.book.contacts.save(replace(known, knows=(self._contact(other).id,)).tidied())

    def _enter_formerly(self, person, company):
        known, former = self.book.contacts.get(self._contact(person).id), self._company(company)
        position = Position(organisation=former.name, company=former.id, former=True)
        self.book.contacts.save(replace(known, positions=(*known.positions, position)))

    def _enter_profile(self, person, network):
        known = self.book.contacts.get(self._contact(person).id)
        self.book.contacts.save(replace(known, profiles=_profiles(network)))

    def _enter_page(self, company, network):
        known = self.book.companies.get(self._company(company).id)
        self.book.companies.save(replace(known, profiles=_profiles(network)))

    def _enter_asked(self, person, company, state, offset):
        self._add_own(
            "crm_referrals.asks", application=self._application(company).id, contact=self._contact(person).id,
            state=state, asked=_day(-40), on=_day(offset),
        )  # fmt: skip

    def _enter_followed(self, person, network, offset):
        contact = self._contact(person).id
        self._add_own("crm_social.follows", contact=contact, network=network, state="followed", on=_day(offset))

    def _enter_followed_company(self, company, network, offset):
        known = self._company(company).id
        self._add_own("crm_social.company_follows", company=known, network=network, state="followed", on=_day(offset))

    def _enter_reopened(self, company, offset):
        self._add_own("crm_bridges.reopenings", application=self._application(company).id, on=_day(offset))

    def _enter_reflected(self, company, offset):
        self._add_own("crm_reflection.reflections", interview=self._interview(company).id, finished=_day(offset))

    def _enter_paused(self, offset, length):
        self._add_own("crm_quota.pauses", first=_day(offset), last=_day(offset + length))

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

    def _enter_kept(self, person, offset):
        kept = _day(offset)
        self.book.promises.add(Promise(text="write", contact=self._contact(person).id, made=_day(-40), kept=kept))

    def _enter_spoke(self, person, offset, direction):
        on = NOW.date() + timedelta(days=offset)
        self.book.interactions.add(Interaction(contact=self._contact(person).id, on=on, about="x", direction=direction))

    def _enter_wrote(self, company, person, kind, offset):
        interview = self._interview(company)
        self.book.letters.add(
            Letter(contact=self._contact(person).id, kind=kind, family=LETTERS[kind], interview=interview.id,
                   application=interview.application, sent=_day(offset))
        )  # fmt: skip

    def _name(self, record):
        said = (str(getattr(record, field, "")) for field in ("text", "title", "on", "published"))
        return f"{type(record).__name__} {' '.join(said)}"

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


@settings(max_examples=150, deadline=None)
@given(searches, st.randoms(use_true_random=False))
def test_steps_are_the_same_in_whatever_order_facts_were_entered(facts, random):
    shuffled = list(facts)
    random.shuffle(shuffled)

    assert Search(facts).facts_of_steps() == Search(shuffled).facts_of_steps()


@settings(max_examples=150, deadline=None)
@given(searches)
def test_keys_are_unique_and_asking_twice_gives_the_same(facts):
    search = Search(facts)
    first = [(step_key(plugin, step), step) for plugin, step in search.steps()]

    assert len({key for key, _ in first}) == len(first)
    assert [(step_key(plugin, step), step) for plugin, step in search.steps()] == first


@settings(max_examples=150, deadline=None)
@given(searches, st.integers(0, 3))
def test_due_does_not_depend_on_today(facts, later):
    """A step that exists at two moments of one ISO week is due at the same time in both.

    Asking for a word and following somebody are steps that a newer interview may call for again: when one has ended
    between the two moments, that is a fact of its own.
    """
    dues, held = [], []
    for now in (NOW, NOW + timedelta(days=later, hours=5)):
        search = Search(facts, now)
        held.append({interview.id for interview in search.book.interviews if interview.end <= now})
        dues.append({step_key(plugin, step): step.due for plugin, step in search.steps()})

    for key in dues[0].keys() & dues[1].keys():
        if held[0] == held[1] or not key.startswith(("crm_referrals/ask/", "crm_social/")):
            assert dues[0][key] == dues[1][key], key


@settings(max_examples=60, deadline=None)
@given(searches)
def test_the_agenda_takes_every_plugins_steps_and_none_is_lost_or_doubled(facts):
    search = Search(facts)
    agenda = Agenda(search.book, HOST, *EVER)

    handles = [entry.handle for entry in agenda.entries]
    assert len(set(handles)) == len(handles)
    assert {entry.key for entry in agenda.entries} <= {step_key(plugin, step) for plugin, step in search.steps()}


@settings(max_examples=100, deadline=None)
@given(searches, st.integers(0, 400))
def test_what_has_expired_is_not_yielded_unless_it_was_done(facts, later):
    search = Search(facts, NOW + timedelta(days=later))

    for plugin, step in search.steps():
        if step.expires is not None and step.done is None:
            assert day_end(step.expires, BERLIN) >= search.book.now, step_key(plugin, step)


@settings(max_examples=100, deadline=None)
@given(searches)
def test_the_agenda_shows_of_an_ended_application_only_what_outlives_it(facts):
    search = Search(facts)
    lasting = {step_key(plugin, step) for plugin, step in search.steps() if step.outlives or step.done is not None}

    for entry in Agenda(search.book, HOST, *EVER).entries:
        application = application_of(search.book, search.book.find(entry.about))
        assert application is None or application.alive or entry.key in lasting, entry.key


@settings(max_examples=100, deadline=None)
@given(searches, people, people)
def test_of_merged_people_no_step_comes_twice_or_names_who_is_gone(facts, one, other):
    search = Search(facts)
    known = {contact.name: contact for contact in search.book.contacts}
    assume(one != other and one in known and other in known)
    into, gone = known[one], known[other]
    with search.book.change("merged"):
        search.book.merge(into, gone, merged(into, gone))
    found = [(step_key(plugin, step), step) for plugin, step in search.steps()]

    assert len({key for key, _ in found}) == len(found)
    assert not any(gone.id in (*key.split("/"), step.person, step.about) for key, step in found)
    assert not any(gone.id in step.command.split() for _, step in found)


def test_a_rich_search_has_steps_of_every_plugin_that_makes_any():
    """So that what is shown of all plugins' steps on random searches is shown of each plugin's."""
    makers = {plugin.name for plugin in HOST.plugins if "crm_steps" in plugin.hooks}

    assert makers == {plugin for plugin, _ in Search(RICH).steps()}
    assert len(makers) > 10


def test_every_plugin_goes_on_showing_what_was_done():
    """But for the quota: five applications in a week are more than the companies of these searches."""
    makers = {plugin.name for plugin in HOST.plugins if "crm_steps" in plugin.hooks}

    assert makers - {"crm_quota"} == {plugin for plugin, step in Search(DONE).steps() if step.done is not None}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"])
def test_dates_of_steps_do_not_depend_on_where_the_user_is(zone):
    facts = [("interview", "Acme", -1, ["Ana Silva", "Ben Carter"]), ("moved", "Acme", [("applied", -12)])]
    here, there = Search(facts), Search(facts, NOW.astimezone(ZoneInfo(zone)))

    dues = [{step_key(p, s): s.due for p, s in search.steps() if s.about is not None} for search in (here, there)]

    assert dues[0] == dues[1]
