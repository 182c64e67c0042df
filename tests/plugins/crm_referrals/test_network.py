"""Paths in a network of 300 people: 12 that lead to the company and 12 that only look like it.

The rest work elsewhere and know one another. Everybody is invented.
"""

from __future__ import annotations

import random
from datetime import date

import pytest
from msgspec.structs import replace

from crm_core import Application, BusinessCard, Company, Contact, Interview, Position, Seat
from tests.plugins.facts import berlin

TARGET = "Bluewater Robotics GmbH"


def at(organisation, title="", **facts):
    return Position(organisation=organisation, title=title, **facts)


def people_with_paths():
    """Each with the words that the proof must begin with; `knows` and `introduced_by` are names here."""
    return [
        (Contact(name="Ana Silva", positions=(at("Bluewater Robotics", "Engineer"),)), "works there now: Engineer"),
        (Contact(name="Ben Okoro", positions=(at("BLUEWATER ROBOTICS, Inc."),)), "works there now"),
        (Contact(name="Cleo Brandt", positions=(at("BWR", "Buyer"),)), "works there now: Buyer"),
        (Contact(name="Dan Castle", positions=(at("The North Lab", company="co1"),)), "works there now"),
        (Contact(name="Eva Lund", positions=(at(TARGET, former=True),)), "worked there before"),
        (Contact(name="Finn Ray", positions=(at("Bluewater Robotics", until=date(2024, 5, 1)), at("Zed"))),
         "worked there before"),
        (Contact(name="Gia Moro", emails=("gia@gmail.com", "gia@mail.bluewater.example")), "has an e-mail address"),
        (Contact(name="Hugo Pike", positions=(at("Harbour and Finch Ltd"),)),
         "works at Harbour and Finch Ltd, where Mara Lindqvist worked"),
        (Contact(name="Ines Thorn", positions=(at("Harbour & Finch", former=True),)),
         "worked at Harbour & Finch like Mara Lindqvist"),
        (Contact(name="Jo Abara", knows=("Ana Silva",)), "knows Ana Silva, who works there"),
        (Contact(name="Kai Vrba", introduced_by="Mara Lindqvist"), "was introduced to you by Mara Lindqvist"),
        (Contact(name="Lea Quist"), "is known to Finn Ray, who worked there"),
    ]  # fmt: skip


def people_without():
    """Near misses, and what they would be mistaken for."""
    return [
        Contact(name="Part of the name", positions=(at("Bluewater"),)),
        Contact(name="A longer name", positions=(at("Bluewater Robotics Bank"),)),
        Contact(name="Letters of an alias", positions=(at("BWRX Meta"),)),
        Contact(name="Namesake", positions=(at("Bluewater Robotics, Ltd.", former=True),)),
        Contact(name="Same freemail", emails=("mara@gmail.com",)),
        Contact(name="Domain ending so", emails=("eve@notbluewater.example",)),
        Contact(name="Domain beginning so", emails=("eve@bluewater.example.org",)),
        Contact(name="Mara Bernstein", positions=(at("Zed"),), note="Not the Mara of Bluewater Robotics"),
        Contact(name="Self-employed too", positions=(at("self-employed"),)),
        Contact(name="Colleague of another's interviewer", positions=(at("Metabolon"),)),
        Contact(name="Knows who knows", knows=("Jo Abara",)),
        Contact(name="Robin Vale", emails=("Robin.Vale@example.com",), positions=(at("Bluewater Robotics"),)),
    ]


def interviewers():
    return [
        Contact(name="Mara Lindqvist", emails=("mara@gmail.com", "mara@bluewater.example"),
                positions=(at(TARGET), at("Harbour & Finch", former=True))),
        Contact(name="Tom Okafor", positions=(at("Bluewater Robotics"), at("Self-Employed", former=True))),
        Contact(name="Interviews elsewhere", positions=(at("Meta"), at("Metabolon", former=True))),
    ]  # fmt: skip


def the_rest(count):
    chance = random.Random(300)
    firms = [
        f"{first} {last}" for first in ("North", "Blue", "Water", "Iron") for last in ("Robotics", "Bank", "Press")
    ]
    people = [
        Contact(name=f"Filler {n}", positions=(at(chance.choice(firms), former=n % 3 == 0),)) for n in range(count)
    ]
    return [replace(person, knows=(f"Filler {chance.randrange(count)}",)) for person in people]


@pytest.fixture(scope="module")
def everybody():
    special = [person for person, _ in people_with_paths()] + people_without() + interviewers()
    people = special + the_rest(300 - len(special))
    random.Random(7).shuffle(people)
    return people


@pytest.fixture
def network(crm, everybody):
    crm.only("crm_referrals")
    crm.ok("me set email robin.vale@example.com")
    book = crm.book
    with book.change("a network"):
        book.companies.add(
            Company(name=TARGET, aliases=("BWR",), domains=("bluewater.example",), website="https://linkedin.com/in/x")
        )
        book.companies.add(Company(name="Harbour Group", aliases=("Bluewater Robotics Ltd",)))
        other = book.companies.add(Company(name="Meta"))
        ids = {person.name: book.contacts.add(replace(person, knows=(), introduced_by=None)).id for person in everybody}
        for person in everybody:
            known, by = tuple(ids[name] for name in person.knows), ids.get(person.introduced_by)
            if person.name == "Finn Ray":
                known = (ids["Lea Quist"],)
            book.contacts.save(replace(book.contacts.get(ids[person.name]), knows=known, introduced_by=by))
        for company, names in (("co1", ("Mara Lindqvist", "Tom Okafor")), (other.id, ("Interviews elsewhere",))):
            application = book.applications.add(Application(company=company, role="Engineer"))
            panel = tuple(Seat(contact=ids[name]) for name in names)
            book.interviews.add(Interview(application=application.id, at=berlin("2026-11-19T14:00"), panel=panel))
        book.cards.add(BusinessCard(contact=ids["Ana Silva"], organisation=TARGET, received=date(2026, 11, 3)))
    return crm


def test_the_network_is_as_large_as_it_says(everybody):
    assert len(everybody) == len({person.name for person in everybody}) == 300
    assert len(people_with_paths()) == len(people_without()) == 12


def test_all_twelve_paths_are_found_and_none_is_invented(network):
    expected = {person.name: proof for person, proof in people_with_paths()}
    found = {path["name"]: path["proof"] for path in network.ok("referral paths co1 --json").items}
    assert set(found) == set(expected)
    for name, proof in expected.items():
        assert found[name].startswith(proof), name


def test_each_near_miss_is_none_by_itself(network):
    near = {person.name for person in people_without()}
    assert not near & {path["name"] for path in network.ok("referral paths a1 --json").items}


def test_the_closest_come_first(network):
    kinds = [path["kind"] for path in network.ok("referral paths co1 --json").items]
    assert kinds == (
        ["works there"] * 4 + ["worked there"] * 2 + ["address there"] + ["shared employer"] * 2
        + ["knows somebody there"] * 3
    )  # fmt: skip


def test_the_card_in_hand_is_named(network):
    shown = network.ok("referral paths co1").out
    assert "works there now: Engineer" in shown
    assert "as printed on the card of 3 November 2026" in shown


def test_the_namesake_works_for_the_other_company(network):
    assert [path["name"] for path in network.ok("referral paths 'Harbour Group' --json").items] == ["Namesake"]


def test_the_best_path_is_on_the_agenda_once_there_was_an_interview(network):
    titles = [step["title"] for step in network.ok("agenda --json").items if step["about"] == "a1"]
    assert len(titles) == 1
    assert titles[0].endswith(f"to put in a word at {TARGET}")
