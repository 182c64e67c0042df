"""Duplicates in a book, and the owner of a card among known people."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.network import ASK, SURE, PeopleIndex, duplicates, evidence, matching, updated
from crm_core.records import Contact, Position
from tests.core.network.people import contacts, property_test, thorough

networks = st.lists(contacts(), max_size=matching.PARTNERS).map(
    lambda people: [replace(person, id=f"c{number}") for number, person in enumerate(people, 7)]
)


def person(id_, name, **facts):
    return Contact(id=id_, name=name, **facts)


def ids(pairs):
    return [(one.id, other.id) for one, other, _ in pairs]


@thorough
@given(networks)
def test_duplicates_are_those_that_comparing_all_pairs_finds(people):
    naive = [(one.id, other.id) for one, other in combinations(people, 2) if evidence(one, other).score >= ASK]
    found = duplicates(people)
    assert sorted(ids(found)) == sorted(naive)
    assert all(judged == evidence(one, other) for one, other, judged in found)


@property_test
@given(networks)
def test_an_index_finds_for_a_card_all_that_comparing_with_everybody_finds(people):
    for card in people:
        others = [other for other in people if other is not card]
        wanted = {other.id for other in others if evidence(card, other).score >= ASK}
        assert wanted <= {known.id for known, _ in PeopleIndex(others).matches(replace(card, id=""))}


def test_duplicates_come_likeliest_first_then_by_number():
    mail, phone = ("ana@acme.example",), ("+49 170 1234567",)
    people = [
        person("c2", "Ana Silva", phones=phone),
        person("c10", "Ana Silva", phones=phone, emails=mail),
        person("c1", "Rui Costa", phones=("030 5550001",)),
        person("c3", "Rui Costa", phones=("030 5550001",)),
        person("c20", "Ana Silva", emails=mail),
    ]
    assert ids(duplicates(people)) == [("c10", "c20"), ("c1", "c3"), ("c2", "c10")]


@pytest.mark.parametrize("fact", ["phones", "emails"])
def test_a_switchboard_or_mailbox_of_many_does_not_hide_two_of_one_name(fact):
    shared = {fact: ("info@acme.example",) if fact == "emails" else ("+49 30 1234567",)}
    crowd = [person(f"c{number}", f"Person Nr{number}", **shared) for number in range(50)]
    twin = person("c99", "Person Nr40", **shared)
    assert ids(duplicates([*crowd, twin])) == [("c40", "c99")]
    assert [known.id for known, _ in PeopleIndex(crowd).matches(twin)] == ["c40"]


def test_many_of_one_name_cost_a_few_comparisons_each(monkeypatch):
    weighed = []
    weigh = matching.weigh
    monkeypatch.setattr(matching, "weigh", lambda one, other: weighed.append(1) or weigh(one, other))
    people = [person(f"c{n}", "John Smith", positions=(Position(organisation="Acme"),)) for n in range(650)]
    found = duplicates(people)
    assert len(weighed) == len(found) <= 650 * matching.PARTNERS
    assert {id_ for pair in ids(found) for id_ in pair} == {contact.id for contact in people}


def test_a_bare_name_that_many_have_costs_no_comparison_in_a_book(monkeypatch):
    monkeypatch.setattr(matching, "weigh", None)
    assert duplicates([person(f"c{n}", "John Smith") for n in range(650)]) == []


def test_matches_are_likeliest_first_and_the_oldest_before_the_newest():
    mail = ("ana@acme.example",)
    people = [
        person("c1", "Ana Silva", positions=(Position(organisation="Acme"),)),
        person("c2", "Ana Silva", emails=mail),
        person("c3", "Ana Silva", emails=mail),
    ]
    found = PeopleIndex(people).matches(Contact(name="Ana Silva", emails=mail, birthday="1990-05-04"))
    assert [known.id for known, _ in found] == ["c2", "c3"]
    found = PeopleIndex(people).matches(replace(people[0], emails=mail, birthday="1990-05-04", id=""))
    assert [known.id for known, _ in found] == ["c2", "c3", "c1"]


def test_a_card_finds_earlier_ones_of_the_same_file():
    people = PeopleIndex([])
    card = Contact(name="Ana Silva", emails=("ana@acme.example",))
    assert people.matches(card) == []
    people.add(card)
    assert people.matches(card)[0][0] is card


def test_a_contact_added_again_takes_the_place_of_its_former_self():
    ana = person("c1", "Ana Silva", emails=("ana@acme.example",))
    people = PeopleIndex([ana])
    married = replace(ana, name="Ana Costa", emails=("ana.costa@acme.example",))
    people.add(married)
    card = Contact(name="Ana Costa", emails=("ana.costa@acme.example",))
    assert [known for known, _ in people.matches(card)] == [married]
    assert people.matches(Contact(name="Ana Silva", emails=("ana@acme.example",))) == []


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"positions": (Position(organisation="Acme", title="CTO"),)},
        {"note": "met at a fair", "tags": ("fair",), "kept": ("X-A:1",)},
        {"phones": ("112",)},
    ],
)
def test_a_card_that_says_nothing_new_is_sure(facts):
    known = person("c1", "John Smith", **facts)
    crowd = [person(f"c{n}", "John Smith", address=f"Street {n}") for n in range(2, 9)]
    (best, judged), *_ = PeopleIndex([known, *crowd]).matches(Contact(name="John Smith", **facts))
    assert (best, judged.score) == (known, SURE)
    assert judged.reasons[-1] == "nothing on the card that is not known"


def test_a_card_of_a_known_name_that_says_something_new_is_not_sure():
    people = PeopleIndex([person("c1", "John Smith")])
    assert people.matches(Contact(name="John Smith", address="Elsewhere")) == []
    assert people.matches(Contact(name="Jane Smith")) == []


def taken_in(book, cards):
    """The book after an import as one that acts on SURE and adds all others does it."""
    people = PeopleIndex(book)
    book = {contact.id: contact for contact in book}
    for card in cards:
        known = next((known for known, judged in people.matches(card) if judged.score >= SURE), None)
        taken = updated(known, card) if known else replace(card, id=f"c{len(book)}")
        book[taken.id] = taken
        people.add(taken)
    return list(book.values())


def different(cards):
    """The cards without those that may be somebody's on an earlier one."""
    kept = []
    for card in cards:
        if all(evidence(card, other).score < ASK for other in kept):
            kept.append(card)
    return kept


@property_test
@given(st.lists(contacts(), max_size=4).map(different))
def test_the_same_file_twice_adds_and_changes_nobody(cards):
    once = taken_in([], cards)
    assert taken_in(once, cards) == once
