"""The book against plain dictionaries: whatever is added, edited, removed and merged, both say the same."""

import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.records import BusinessCard, Company, Contact, Position, Promise, Ref
from crm_core.store.tiny import TinyStore
from tests.core.making import book_in
from tests.core.store.memory import MemoryStore, Shelf

MADE = date(2026, 11, 3)
names = st.sampled_from(["Ana", "Ben", "Cara", "", "\x00\x1b[2J", "Zoë \U0001f600"])
picks = st.integers(min_value=0, max_value=1_000)


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
        self.book = self.open()

    def open(self) -> Book:
        return book_in(MemoryStore(self.shelf))

    def gave(self, ref: str) -> str:
        assert ref not in self.given, "an id was given twice"
        self.given.add(ref)
        return str(ref)

    def person(self, pick: int) -> str | None:
        return _picked(self.people, pick)

    @rule(name=names, known=st.lists(picks, max_size=3), by=picks, at=picks)
    def add_person(self, name: str, known: list[int], by: int, at: int) -> None:
        knows = list(dict.fromkeys(ref for ref in map(self.person, known) if ref))
        company = _picked(self.companies, at)
        facts = {"name": name, "knows": knows, "by": self.person(by), "at": [company] if company else []}
        with self.book.change("added"):
            added = self.book.contacts.add(_contact(facts))
        self.people[self.gave(added.id)] = facts

    @rule(name=names)
    def add_company(self, name: str) -> None:
        with self.book.change("added"):
            added = self.book.companies.add(Company(name=name))
        self.companies[self.gave(added.id)] = name

    @precondition(lambda self: self.people)
    @rule(pick=picks, count=st.integers(1, 3))
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
    def remove_company(self, pick: int) -> None:
        ref = _picked(self.companies, pick)
        with self.book.change("removed"):
            self.book.remove(self.book.removal(self.book.companies.get(ref or "")))
        del self.companies[ref or ""]
        for facts in self.people.values():
            facts["at"] = [None if company == ref else company for company in facts["at"]]

    @precondition(lambda self: len(self.people) > 1)
    @rule(one=picks, two=picks)
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
    def another_command_adds_a_company(self, name: str) -> None:
        other = self.open()
        with other.change("added"):
            added = other.companies.add(Company(name=name))
        self.companies[self.gave(added.id)] = name
        with self.book.change("caught up"):
            pass

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

    def open(self) -> Book:
        if not hasattr(self, "_folder"):
            self._folder = tempfile.TemporaryDirectory()
        return book_in(TinyStore(Path(self._folder.name) / "book.json"))

    def teardown(self) -> None:
        self._folder.cleanup()


TestBookInMemory = BookModel.TestCase
TestBookInMemory.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestBookInFile = BookInFileModel.TestCase
TestBookInFile.settings = settings(
    max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
