"""The book against plain dictionaries: whatever is added, edited, removed, merged, taken back and done again, both
say the same.
"""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import date
from functools import partial, wraps
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.errors import Conflict
from crm_core.history import name_change, newest_changes, newest_undo, reverse
from crm_core.records import BusinessCard, Company, Contact, Position, Promise, Ref
from crm_core.references import references
from crm_core.store.base import Change, Store
from crm_core.store.tiny import TinyStore
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf

MADE = date(2026, 11, 3)
names = st.sampled_from(["Ana", "Ben", "Cara", "", "\x00\x1b[2J", "Zoë \U0001f600"])
picks = st.integers(min_value=0, max_value=1_000)


class Done(NamedTuple):
    """A change that holds: its id, and the facts before and after it."""

    id: str
    before: dict[str, Any]
    after: dict[str, Any]


class Undone(NamedTuple):
    """What one undo took back, oldest first, and whether something else was changed since."""

    changes: list[Done]
    followed: bool = False


def changing(act: Callable[..., None]) -> Callable[..., None]:
    """An act of a user that undo takes back, if it changed anything."""

    @wraps(act)
    def acted(self: "BookModel", **drawn: Any) -> None:
        before, known = deepcopy(self.facts), len(self.store().history())
        act(self, **drawn)
        for change in self.store().history()[known:]:
            self.done.append(Done(change.id, before, deepcopy(self.facts)))
            self.undone = [undone._replace(followed=True) for undone in self.undone]

    return acted


class BookModel(RuleBasedStateMachine):
    """People with acquaintances and positions, companies, promises to people, cards of people."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.people: dict[str, dict[str, Any]] = {}
        self.companies: dict[str, str] = {}
        self.promises: dict[str, str | None] = {}
        self.cards: dict[str, str] = {}
        self.merged: dict[str, str] = {}
        self.given: set[str] = set()
        self.done: list[Done] = []
        self.undone: list[Undone] = []
        self.book = self.open()

    def store(self) -> Store:
        return MemoryStore(self.shelf)

    def open(self) -> Book:
        return book_in(self.store())

    @property
    def facts(self) -> dict[str, Any]:
        """All that is said of the book, ids that were given excepted: those are given for good."""
        return {name: getattr(self, name) for name in ("people", "companies", "promises", "cards", "merged")}

    def become(self, facts: dict[str, Any]) -> None:
        for name, value in deepcopy(facts).items():
            setattr(self, name, value)

    def gave(self, ref: str) -> str:
        assert ref not in self.given, "an id was given twice"
        self.given.add(ref)
        return str(ref)

    def person(self, pick: int) -> str | None:
        return _picked(self.people, pick)

    @rule(name=names, known=st.lists(picks, max_size=3), by=picks, at=picks)
    @changing
    def add_person(self, name: str, known: list[int], by: int, at: int) -> None:
        knows = list(dict.fromkeys(ref for ref in map(self.person, known) if ref))
        company = _picked(self.companies, at)
        facts = {"name": name, "knows": knows, "by": self.person(by), "at": [company] if company else []}
        with self.book.change("added"):
            added = self.book.contacts.add(_contact(facts))
        self.people[self.gave(added.id)] = facts

    @rule(name=names)
    @changing
    def add_company(self, name: str) -> None:
        with self.book.change("added"):
            added = self.book.companies.add(Company(name=name))
        self.companies[self.gave(added.id)] = name

    @precondition(lambda self: self.people)
    @rule(pick=picks, count=st.integers(1, 3))
    @changing
    def add_promises_and_a_card(self, pick: int, count: int) -> None:
        ref = Ref(self.person(pick) or "")
        with self.book.change("added"):
            for _ in range(count):
                promise = self.book.promises.add(Promise(text="cv", made=MADE, contact=ref))
                self.promises[self.gave(promise.id)] = str(ref)
            card = self.book.cards.add(BusinessCard(contact=ref))
            self.cards[self.gave(card.id)] = str(ref)

    @precondition(lambda self: self.people)
    @rule(pick=picks, name=names, by=picks)
    @changing
    def edit_person(self, pick: int, name: str, by: int) -> None:
        ref = self.person(pick) or ""
        introduced_by = self.person(by)
        if introduced_by == ref:
            return
        with self.book.change("edited"):
            contact = self.book.contacts.get(ref)
            self.book.contacts.save(replace(contact, name=name, introduced_by=introduced_by and Ref(introduced_by)))
        self.people[ref] |= {"name": name, "by": introduced_by}

    @precondition(lambda self: self.people)
    @rule(pick=picks)
    @changing
    def remove_person(self, pick: int) -> None:
        ref = self.person(pick)
        removal = self.book.removal(self.book.contacts.get(ref or ""))
        with self.book.change("removed"):
            self.book.remove(removal)
        del self.people[ref or ""]
        self.cards = {card: contact for card, contact in self.cards.items() if contact != ref}
        self.promises = {promise: None if contact == ref else contact for promise, contact in self.promises.items()}
        for facts in self.people.values():
            facts["knows"] = [known for known in facts["knows"] if known != ref]
            facts["by"] = None if facts["by"] == ref else facts["by"]

    @precondition(lambda self: self.companies)
    @rule(pick=picks)
    @changing
    def remove_company(self, pick: int) -> None:
        ref = _picked(self.companies, pick)
        with self.book.change("removed"):
            self.book.remove(self.book.removal(self.book.companies.get(ref or "")))
        del self.companies[ref or ""]
        for facts in self.people.values():
            facts["at"] = [None if company == ref else company for company in facts["at"]]

    @precondition(lambda self: len(self.people) > 1)
    @rule(one=picks, two=picks)
    @changing
    def merge_people(self, one: int, two: int) -> None:
        into, other = self.person(one) or "", self.person(two) or ""
        if into == other:
            return
        with self.book.change("merged"):
            kept, gone = self.book.contacts.get(into), self.book.contacts.get(other)
            self.book.merge(kept, gone, replace(kept, knows=kept.knows + gone.knows, introduced_by=gone.introduced_by))
        lost = self.people.pop(other)
        self.merged[other] = into
        self.people[into] |= {"knows": self.people[into]["knows"] + lost["knows"], "by": lost["by"]}
        for ref, facts in self.people.items():
            known = dict.fromkeys(into if ref_ == other else ref_ for ref_ in facts["knows"])
            introduced_by = into if facts["by"] == other else facts["by"]
            facts["knows"] = [ref_ for ref_ in known if ref_ != ref]
            facts["by"] = None if introduced_by == ref else introduced_by
        self.cards = {card: into if contact == other else contact for card, contact in self.cards.items()}
        self.promises = {card: into if contact == other else contact for card, contact in self.promises.items()}

    @precondition(lambda self: len(self.companies) > 1)
    @rule(one=picks, two=picks)
    @changing
    def merge_companies(self, one: int, two: int) -> None:
        into, other = _picked(self.companies, one) or "", _picked(self.companies, two) or ""
        if into == other:
            return
        with self.book.change("merged"):
            kept = self.book.companies.get(into)
            self.book.merge(kept, self.book.companies.get(other), kept)
        del self.companies[other]
        self.merged[other] = into
        for facts in self.people.values():
            facts["at"] = [into if company == other else company for company in facts["at"]]

    @precondition(lambda self: self.people)
    @rule(pick=picks)
    def fail_in_the_middle(self, pick: int) -> None:
        contact = self.book.contacts.get(self.person(pick) or "")
        with suppress(ZeroDivisionError), self.book.change("in vain"):
            self.book.contacts.save(replace(contact, name="in vain"))
            self.book.contacts.add(contact)
            self.book.remove(self.book.removal(self.book.contacts.get(contact.id)))
            1 / 0  # noqa: B018 (any exception will do)

    @rule()
    def reopen(self) -> None:
        self.book = self.open()

    @rule(name=names)
    @changing
    def another_command_adds_a_company(self, name: str) -> None:
        other = self.open()
        with other.change("added"):
            added = other.companies.add(Company(name=name))
        self.companies[self.gave(added.id)] = name
        with self.book.change("caught up"):
            pass

    @precondition(lambda self: self.done)
    @rule(count=st.integers(1, 3))
    def undo(self, count: int) -> None:
        taken = self.done[-count:]
        self.reverse(partial(newest_changes, count=len(taken)))
        del self.done[-count:]
        self.become(taken[0].before)
        self.undone.append(Undone(taken))

    @precondition(lambda self: self.undone and not self.undone[-1].followed)
    @rule()
    def redo(self) -> None:
        again = self.undone.pop().changes
        self.reverse(newest_undo)
        self.done += again
        self.become(again[-1].after)

    @precondition(lambda self: self.undone and self.undone[-1].followed)
    @rule()
    def redo_after_other_changes(self) -> None:
        """Refused, or it makes a sound book; to take it back leads to where we were."""
        with suppress(Conflict):
            change = self.reverse(newest_undo)
            self.check_sound()
            self.reverse(partial(name_change, id_=change.id))

    @precondition(lambda self: self.done)
    @rule(pick=picks)
    def undo_something_older(self, pick: int) -> None:
        """As above."""
        with suppress(Conflict):
            self.reverse(partial(name_change, id_=self.done[pick % len(self.done)].id))
            self.check_sound()
            self.reverse(newest_undo)

    def reverse(self, choose: Any) -> Change:
        change = reverse(self.store(), [], choose, command="", now=NOW)
        self.book = self.open()
        return change

    def check_sound(self) -> None:
        """No reference of any record leads nowhere, or by way of an id that became another one."""
        book = self.open()
        for kind in book.kinds:
            for record in book.table(kind.type):
                for ref, _ in references(record):
                    found = book.find(ref)
                    assert found is not None, f"{record.id} refers to {ref}, which is gone"
                    assert found.id == ref, f"{record.id} refers to {ref}, which is {found.id}"

    @invariant()
    def all_references_lead_somewhere(self) -> None:
        self.check_sound()

    @invariant()
    def both_say_the_same(self) -> None:
        for book in (self.book, self.open()):
            assert list(book.contacts) == [_contact(facts, ref) for ref, facts in self.people.items()]
            assert {str(company.id): company.name for company in book.companies} == self.companies
            assert {str(promise.id): promise.contact for promise in book.promises} == self.promises
            assert {str(card.id): card.contact for card in book.cards} == self.cards
            for ref in self.people:
                assert {str(p.id) for p in book.promises.where("contact", ref)} == _held(self.promises, ref)

    @invariant()
    def old_ids_lead_to_the_present_ones(self) -> None:
        for old in self.merged:
            present = old
            while present in self.merged:
                present = self.merged[present]
            found = self.book.find(old)
            assert (str(found.id) if found else None) == (
                present if present in {**self.people, **self.companies} else None
            )


def _picked(records: dict[str, Any], pick: int) -> str | None:
    """One of the ids, or now and then none."""
    return list(records)[pick % len(records)] if records and pick < 900 else next(iter(records), None)


def _held(holders: dict[str, str | None], ref: str) -> set[str]:
    return {key for key, contact in holders.items() if contact == ref}


def _contact(facts: dict[str, Any], ref: str = "") -> Contact:
    return Contact(
        id=Ref(ref),
        name=facts["name"],
        knows=tuple(map(Ref, facts["knows"])),
        introduced_by=facts["by"] and Ref(facts["by"]),
        positions=tuple(Position(organisation="Acme", company=company and Ref(company)) for company in facts["at"]),
    )


class BookInFileModel(BookModel):
    """The same in a file."""

    def store(self) -> Store:
        if not hasattr(self, "_folder"):
            self._folder = tempfile.TemporaryDirectory()
        return TinyStore(Path(self._folder.name) / "book.json")

    def teardown(self) -> None:
        self._folder.cleanup()


TestBookInMemory = BookModel.TestCase
TestBookInMemory.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestBookInFile = BookInFileModel.TestCase
TestBookInFile.settings = settings(
    max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
