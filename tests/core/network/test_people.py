"""How alike two people's names are, and who looks similar to a name that was typed."""
# ruff: noqa: RUF001 - names have apostrophes, hyphens and letters of all kinds

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.network import similar_contacts
from crm_core.network.likeness import (
    MIDDLE_NAME,
    OTHER,
    PART,
    REORDERED,
    RESPELLED,
    SAME,
    SHORT_FORM,
    SLIP,
    best_likeness,
    edits,
    likeness,
    name_keys,
)
from crm_core.network.names import readings
from crm_core.network.nicknames import name_family, same_given_name
from crm_core.records import Contact
from tests.core.network.people import property_test

PARTS = (
    "ana", "anna", "maria", "marie", "annemarie", "bob", "rob", "robert", "alex", "alexander", "alexandra", "j", "a",
    "müller", "mueller", "muller", "silva", "silvia", "o'neill", "oneill", "smith", "smyth", "jr", "li", "lu", "王",
)  # fmt: skip
names = st.lists(st.sampled_from(PARTS), max_size=4).map(" ".join)
words = st.lists(st.sampled_from(("ana", "bob", "robert", "rob", "smith", "smyth", "j", "li")), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("one", "other", "degree"),
    [
        ("Ana Silva", "ana silva", SAME),
        ("Smith, John", "John Smith", SAME),
        ("José Nuñez", "Jose Nunez", SAME),
        ("O'Neill, Conan", "Conan ONeill", SAME),
        ("Conan O’Neill", "Conan O'Neill", SAME),
        ("Dr. Ana Silva", "Ana Silva, PhD", SAME),
        ("Anne-Marie Dupont", "Anne Marie Dupont", SAME),
        ("Silva Ana", "Ana Silva", REORDERED),
        ("Jürgen Müller", "Juergen Mueller", RESPELLED),
        ("Søren Åkerman", "Soeren Aakerman", RESPELLED),
        ("Anne-Marie Dupont", "Annemarie Dupont", RESPELLED),
        ("Bob Stone", "Robert Stone", SHORT_FORM),
        ("Bob Stone", "Stone, Rob", SHORT_FORM),
        ("Tom Müller", "Thomas Mueller", SHORT_FORM),
        ("Alex Kim", "Alexandra Kim", SHORT_FORM),
        ("John Smith", "John A. Smith", MIDDLE_NAME),
        ("John Smith", "John Andrew Smith", MIDDLE_NAME),
        ("John A. Smith", "John Andrew Smith", MIDDLE_NAME),
        ("Bob Smith", "Robert A. Smith", MIDDLE_NAME),
        ("J. Smith", "John Smith", PART),
        ("John S.", "John Smith", PART),
        ("Ana", "Ana Silva", PART),
        ("Bob", "Robert Stone", PART),
        ("Maria Silva", "Maria Silva Santos", PART),
        ("John Smith", "John Smith Jr.", PART),
        ("Jon Smith", "John Smith", SLIP),
        ("Jhon Smith", "John Smith", SLIP),
        ("Smith Jhon", "John Smith", SLIP),
        ("Mara Lindqvist", "Mara Lindkvist", SLIP),
        ("Catherine Jonson", "Katherine Johnson", SLIP),
        ("Muller", "Mueller", SLIP),
        ("Peter Kim", "Peter Kin", SLIP),
        ("Bo Ek Lunds", "Bo Ek Lnuds", SLIP),
        ("Petra Smits", "Patra Smids", SLIP),
        ("Petr Smits", "Patr Smids", OTHER),
        ("Anya", "Ania", OTHER),
        ("Anyas", "Anias", SLIP),
        ("John Smith", "John Miller", OTHER),
        ("John Smith", "Jane Smith", OTHER),
        ("John A. Smith", "John B. Smith", OTHER),
        ("Alexander Kim", "Alexandra Kim", SLIP),
        ("Christopher Wu", "Christina Wu", OTHER),
        ("Charlotte Ho", "Charlotte Wu", OTHER),
        ("Anna Li", "Anna Lu", OTHER),
        ("Mara", "Maria", OTHER),
        ("J. S.", "John Smith", OTHER),
        ("J. Smith", "K. Smith", OTHER),
        ("James Bill", "Jim William", OTHER),
        ("Guest 51", "Guest 52", OTHER),
        ("王伟", "王芳", OTHER),
        ("伟 Smith", "伟明 Smith", OTHER),
    ],
)
def test_names_are_alike_in_degrees(one, other, degree):
    assert best_likeness(readings(one), readings(other)) == degree
    assert best_likeness(readings(other), readings(one)) == degree


@property_test
@given(words | names.map(lambda name: tuple(name.split())), words)
def test_likeness_does_not_hang_on_which_comes_first(one, other):
    assert likeness(one, other) == likeness(other, one)


@property_test
@given(names, names)
def test_names_that_are_the_same_in_any_way_share_a_key(one, other):
    left, right = readings(one), readings(other)
    if left[0] and right[0] and best_likeness(left, right).weight > PART.weight:
        assert any(name_keys(a) & name_keys(b) for a in left for b in right)


@property_test
@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_edits_are_symmetric_and_count_to_the_limit(one, other, limit):
    found = edits(one, other, limit)
    assert found == edits(other, one, limit) == min(edits(one, other, 6), limit + 1)
    assert (found == 0) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "count"), [("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xbz", 2), ("", "ab", 3)]
)
def test_a_swap_counts_as_one_edit(one, other, count):
    assert edits(one, other, 2) == count


def test_huge_names_cost_no_time():
    assert edits("a" * 10**6, "a" * (10**6 - 1), 2) == 3
    many = tuple(f"w{number}" for number in range(100_000))
    assert likeness(many, (*many[1:], "x")) is OTHER
    assert likeness(many, many) is SAME


def test_a_short_form_belongs_to_each_of_its_names_but_they_are_not_one():
    assert same_given_name("alex", "alexander")
    assert same_given_name("alex", "alexandra")
    assert not same_given_name("alexander", "alexandra")
    assert same_given_name("bob", "rob")
    assert not same_given_name("ana", "maria")


def test_all_that_may_be_one_given_name_are_of_one_family():
    known = (
        "bob",
        "rob",
        "robert",
        "alex",
        "sasha",
        "alexandra",
        "chris",
        "kit",
        "jo",
        "joe",
        "hans",
        "johannes",
        "ana",
    )
    same = [pair for pair in combinations(known, 2) if same_given_name(*pair)]
    assert len(same) > 8
    assert all(name_family(one) == name_family(other) for one, other in same)
    assert name_family("ana") == "ana"


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Mar", "Mara Lindqvist"),
        ("Lindqvist", "Mara Lindqvist"),
        ("Ma", "Mara Lindqvist"),
        ("mara lindqvist", "Mara Lindqvist"),
        ("Lindqvist Mara", "Mara Lindqvist"),
        ("Mara Linqvist", "Mara Lindqvist"),
        ("Tom Stone", "Thomas Stone"),
        ("Thomas Stone", "Tom Stone"),
        ("Muller, Jürgen", "Jürgen Müller"),
        ("Juergen Mueller", "Jürgen Müller"),
        ("Conan ONeill", "Conan O'Neill"),
        ("José", "Jose Nunez"),
        ("J. Stone", "Jane Stone"),
        ("Mara Lindqvist", "Mara"),
    ],
)
def test_similar_people_are_listed(typed, known):
    contact = Contact(name=known)
    assert similar_contacts(typed, [contact]) == [contact]
    assert similar_contacts(typed, [Contact(name="Zoë Quist", nickname=known)])


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Mara Lindqvist", "Mara Jonsson"),
        ("Mara Lindqvist", "Erik Lindqvist"),
        ("Charlotte Ho", "Charlotte Wu"),
        ("M", "Mara Lindqvist"),
        ("ara", "Mara Lindqvist"),
        ("", "Mara Lindqvist"),
        ("Mara", ""),
        ("?!", "?!"),
    ],
)
def test_two_names_that_share_a_word_are_not_similar(typed, known):
    assert similar_contacts(typed, [Contact(name=known)]) == []


def test_similar_people_come_in_the_order_of_the_book():
    people = [
        Contact(id=f"c{number}", name=name) for number, name in enumerate(("Ana Sá", "Bo Ek", "Sá Ana", "ana sa"))
    ]
    assert [contact.id for contact in similar_contacts("Ana Sá", people)] == ["c0", "c2", "c3"]
