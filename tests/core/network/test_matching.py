"""Duplicates in a book, and the owner of a card among known people."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.network import ASK, SURE, PeopleIndex, duplicates, evidence, matching, merged
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
        assert wanted <= {match.contact.id for match in PeopleIndex(others).matches(replace(card, id=""))}


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
    assert [match.contact.id for match in PeopleIndex(crowd).matches(twin)] == ["c40"]


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
    assert [match.contact.id for match in found] == ["c2", "c3"]
    found = PeopleIndex(people).matches(replace(people[0], emails=mail, birthday="1990-05-04", id=""))
    assert [match.contact.id for match in found] == ["c2", "c3", "c1"]


def test_a_card_finds_earlier_ones_of_the_same_file():
    people = PeopleIndex([])
    card = Contact(name="Ana Silva", emails=("ana@acme.example",))
    assert people.matches(card) == []
    people.add(card)
    assert people.matches(card)[0].contact is card


def test_a_contact_added_again_takes_the_place_of_its_former_self():
    ana = person("c1", "Ana Silva", emails=("ana@acme.example",))
    people = PeopleIndex([ana])
    married = replace(ana, name="Ana Costa", emails=("ana.costa@acme.example",))
    people.add(married)
    card = Contact(name="Ana Costa", emails=("ana.costa@acme.example",))
    assert [match.contact for match in people.matches(card)] == [married]
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
    (best, judged, knows_all), *_ = PeopleIndex([known, *crowd]).matches(Contact(name="John Smith", **facts))
    assert (best, judged.score, knows_all) == (known, SURE, True)
    assert judged.reasons[-1] == "nothing on the card that is not known"


def test_a_card_of_a_known_name_that_says_something_new_is_not_sure():
    people = PeopleIndex([person("c1", "John Smith")])
    assert people.matches(Contact(name="John Smith", address="Elsewhere")) == []
    assert people.matches(Contact(name="Jane Smith")) == []


def test_an_address_without_a_name_is_of_whom_it_is_of():
    people = PeopleIndex([person("c1", "Ana Silva", emails=("ana@acme.example",))])
    card = Contact(name="ana@acme.example", emails=("ana@acme.example",))
    assert [(match.contact.id, match.evidence.score) for match in people.matches(card)] == [("c1", SURE)]
    (news,) = people.matches(replace(card, phones=("+49 30 5550 1234",)))
    assert ASK <= news.evidence.score < SURE


def test_who_has_the_uid_goes_before_who_is_likelier_by_facts():
    mail = ("ana@acme.example",)
    people = PeopleIndex([person("c1", "Ana Silva", emails=mail), person("c2", "Ana Costa", emails=mail, uid="x" * 20)])
    card = Contact(name="Ana Silva", emails=mail, uid="x" * 20)
    assert [match.contact.id for match in people.matches(card)] == ["c2", "c1"]


def test_of_two_who_are_sure_the_one_who_knows_all_goes_first():
    father = person("c1", "Jan Berg", phones=("+47 5550 1234",), address="Up")
    son = replace(father, id="c2", address="Down")
    card = replace(son, id="")
    assert [match.contact.id for match in PeopleIndex([father, son]).matches(card)] == ["c2", "c1"]


def test_of_two_who_know_all_the_one_who_is_called_just_so_goes_first():
    mail = ("ana@acme.example",)
    married = person("c1", "Ana Costa", emails=mail, note="Also known as Ana Silva")
    people = PeopleIndex([married, person("c2", "Ana Silva", emails=mail, note="Also known as Ana Costa")])
    card = Contact(name="Ana Silva", emails=mail)
    assert [match.contact.id for match in people.matches(card, merged)] == ["c2", "c1"]


def test_namesakes_by_the_thousand_are_each_found_by_what_else_is_known():
    crowd = [person(f"c{n}", "John Smith", note=f"met on day {n}") for n in range(200)]
    people = PeopleIndex(crowd)
    found = [people.matches(replace(known, id=""))[0] for known in crowd]
    assert [match.contact.id for match in found] == [known.id for known in crowd]
    assert {match.evidence.score for match in found} == {SURE}


def test_whose_a_uid_is_before_who_goes_by_it_too():
    borrower = person("c1", "Rui", kept=("X-CRM-UID:17",))
    people = PeopleIndex([borrower, person("c2", "Ana", uid="17"), person("c3", "Zé", kept=("X-CRM-UID:18",))])
    assert [getattr(people.with_uid(uid), "id", None) for uid in ("17", "urn:uuid:17", "18", "19", "")] == [
        "c2",
        "c2",
        "c3",
        None,
        None,
    ]


@pytest.mark.parametrize("side", [0, 1])
def test_who_was_said_to_differ_is_no_duplicate(side):
    pair = [
        person("c1", "Ana Silva", emails=("ana@acme.example",)),
        person("c2", "Ana Silva", emails=("ana@acme.example",)),
    ]
    assert len(duplicates(pair)) == 1
    pair[side] = replace(pair[side], differs_from=(pair[1 - side].id,))
    assert duplicates(pair) == []
