"""Is this the same person? What agreeing facts weigh, and what must never pass for one person."""

from __future__ import annotations

import pytest
from hypothesis import given
from msgspec.structs import replace

from crm_core.network import ASK, SURE, evidence
from crm_core.records import Contact, Position, Profile
from tests.core.network.people import contacts, property_test

ANA = Contact(
    name="Ana Silva",
    emails=("ana@gmail.com", "ana.silva@acme.example"),
    phones=("+351 912 345 678",),
    positions=(Position(organisation="Acme, Inc."),),
    birthday="1990-05-04",
    profiles=(Profile(network="linkedin", handle="anasilva", url="https://www.linkedin.com/in/anasilva/"),),
    uid="urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
)
BARE = Contact(name="Ana Silva")


def person(name="Ana Silva", **facts):
    return Contact(name=name, **facts)


def score(one, other):
    return evidence(one, other).score


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({}, 40),
        ({"name": "Silva Ana"}, 38),
        ({"name": "Silva, Ana"}, 40),
        ({"name": "Ana M. Silva"}, 35),
        ({"name": "A. Silva"}, 20),
        ({"name": "A. Silva", "emails": ("ana@gmail.com",), "phones": ("912 345 678",)}, 50),
        ({"name": "Rui Costa", "emails": ("ana@gmail.com",), "phones": ("912 345 678",)}, 40),
        ({"name": "Anna Silva"}, 20),
        ({"name": "Rui Costa"}, 0),
        ({"emails": ("ANA@gmail.com ",)}, 70),
        ({"phones": ("00351912345678",)}, 60),
        ({"phones": ("912 345 678",)}, 60),
        ({"birthday": "1990-05-04"}, 50),
        ({"birthday": "--05-04"}, 50),
        ({"birthday": "1991-05-04"}, 30),
        ({"birthday": "1990-06-04"}, 30),
        ({"birthday": "1990-05-05"}, 30),
        ({"positions": (Position(organisation="ACME"),)}, 55),
        ({"emails": ("other@acme.example",)}, 55),
        ({"emails": ("other@gmail.com",)}, 40),
        ({"profiles": (Profile(network="linkedin", handle="AnaSilva"),)}, 70),
        ({"profiles": (Profile(network="web", url="http://linkedin.com/in/anasilva"),)}, 70),
        ({"name": "Rui Costa", "emails": ("ana@gmail.com",)}, 30),
        ({"name": "Rui Costa", "uid": "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"}, 100),
        ({"name": "ana@gmail.com", "emails": ("ana@gmail.com",)}, 50),
        ({"name": "Rui Costa", "positions": ANA.positions}, 0),
    ],
)
def test_each_fact_has_its_weight(facts, points):
    assert score(ANA, person(**facts)) == points


@pytest.mark.parametrize("name", ["Ana Silva", "Silva, Ana", "Silva Ana", "ANA SILVA"])
@pytest.mark.parametrize("fact", ["emails", "phones", "profiles"])
def test_a_name_with_an_email_a_phone_or_a_profile_is_sure(name, fact):
    assert score(ANA, person(name, **{fact: getattr(ANA, fact)})) >= SURE


@pytest.mark.parametrize(("one", "other"), [("Jürgen Müller", "Juergen Mueller"), ("Bob Stone", "Robert Stone")])
def test_another_spelling_or_a_short_form_with_an_email_is_sure(one, other):
    assert score(person(one, emails=("x@y.example",)), person(other, emails=("x@y.example",))) >= SURE


def test_a_short_form_weighs_slightly_less_than_the_name():
    assert score(person("Bob Stone"), person("Robert Stone")) == 35
    assert score(person("Jürgen Müller"), person("Juergen Mueller")) == 38


def test_the_same_uid_is_the_same_person_whatever_they_are_called_now():
    found = evidence(ANA, person("Ana Costa", uid=ANA.uid))
    assert (found.score, found.reasons) == (100, ("the same UID", "but another name"))
    assert evidence(ANA, person(uid=ANA.uid)).reasons == ("the same UID",)
    assert score(person("Ana", uid=" "), person("Rui", uid=" ")) < ASK


def test_a_uid_beside_their_own_is_theirs_too():
    merged = person(uid="mine", kept=("X-CRM-UID:an\\,other",))
    assert evidence(merged, person("Rui Costa", uid="an,other", emails=merged.emails)).reasons[0] == "the same UID"


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({}, ASK),
        ({"positions": ANA.positions}, ASK),
        ({"emails": ANA.emails}, 100),
        ({"phones": ANA.phones}, 100),
        ({"name": "Ana Silva"}, 100),
        ({"name": "A. Silva"}, 100),
    ],
)
def test_a_short_uid_of_two_names_that_share_nothing_else_is_a_question(facts, points):
    assert score(replace(ANA, uid="17"), Contact(**{"name": "Rui Costa", "uid": "17", **facts})) == points


@pytest.mark.parametrize(
    "facts",
    [
        {"positions": ANA.positions},
        {"emails": ("other@acme.example",)},
        {"birthday": "1990-05-04"},
        {"name": "Ana M. Silva", "positions": ANA.positions},
        {"name": "A. Silva", "emails": ANA.emails},
        {"name": "Anna Silva", "emails": ANA.emails, "phones": ANA.phones},
        {"name": "", "emails": ANA.emails},
        {"phones": ANA.phones, "birthday": "1960-01-02"},
    ],
)
def test_a_person_is_asked_where_it_is_likely_but_not_sure(facts):
    assert ASK <= score(ANA, person(**facts)) < SURE


@pytest.mark.parametrize("fact", ["name", "emails", "phones", "profiles", "birthday", "positions"])
def test_one_fact_alone_is_not_even_asked_about(fact):
    assert score(ANA, replace(Contact(name="Rui Costa"), **{fact: getattr(ANA, fact)})) < ASK


@pytest.mark.parametrize("name", ["Rui Silva", "Ana Costa", "Rui Costa", "João Silva"])
def test_two_names_on_one_mailbox_and_telephone_are_two_people(name):
    assert score(ANA, replace(ANA, name=name, uid="")) < ASK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person(given="Zé", family="Rocha"), person("Zé Rocha")),
        (person("Josef Huber", family="Huber", nickname="Sepp"), person("Sepp Huber")),
        (person("Josef Huber", nickname="Sepp, Beppo"), person("Beppo Huber")),
        (person("Ana", nickname="Nana"), person("Nana")),
        (person("Prince Rogers Nelson", nickname="The Artist"), person("The Artist")),
        (person("Ana Silva", note="met\nAlso known as Ana Costa\nlater"), person("Ana Costa")),
    ],
)
def test_the_parts_of_a_name_and_nicknames_count_as_the_name(one, other):
    shared = {"emails": ("x@y.example",)}
    assert score(replace(one, **shared), replace(other, **shared)) >= SURE


def test_a_family_name_alone_is_no_name():
    shared = {"emails": ("x@y.example",), "family": "Rocha"}
    assert score(person("Rui", **shared), person("Zé", **shared)) < ASK


def test_an_extension_is_nobodys_telephone():
    assert score(person(phones=("112",)), person(phones=("112",))) == score(BARE, BARE)


def test_reasons_are_words_with_the_fact_in_them():
    found = evidence(ANA, person("Silva Ana", emails=("ana@gmail.com",), birthday="1991-05-04"))
    assert found.reasons == (
        "the same name in another order",
        "the same e-mail ana@gmail.com",
        "but another birthday",
    )
    assert evidence(ANA, person("Rui", emails=ANA.emails)).reasons[-1] == "but another name"


@property_test
@given(contacts(), contacts())
def test_evidence_is_the_same_both_ways_and_from_0_to_100(one, other):
    found = evidence(one, other)
    assert found == evidence(other, one)
    assert 0 <= found.score <= 100


@property_test
@given(contacts(), contacts())
def test_whoever_is_sure_has_the_same_name_or_uid(one, other):
    found = evidence(one, other)
    assert found.score < SURE or found.reasons[0].startswith(("the same name", "the same UID"))


@property_test
@given(contacts())
def test_a_named_person_with_an_address_is_sure_to_be_themselves(person):
    person = replace(person, name="Ana Silva", emails=("ana@acme.example",))
    assert score(person, person) >= SURE
