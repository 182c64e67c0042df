"""Two records into one, and a card into a contact: nothing that somebody knew is lost, nothing is doubled."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.network import merged, merged_company, updated
from crm_core.network.keys import address_key, email_key, handle_key, phone_key, position_key
from crm_core.network.merging import names_somebody, newcomer
from crm_core.network.uids import uids_of
from crm_core.records import Company, Contact, Label, Position, Profile
from tests.core.network.people import EMAILS, PHONES, PROFILES, contacts, few, property_test, thorough

people = contacts(("c1", "c2", "c3"))
CTO = Position(organisation="Acme Inc.", title="CTO")
CEO = replace(CTO, title="CEO")
LEFT = replace(CTO, former=True)
WAS_CEO = replace(CEO, former=True)
SPRING = date(2020, 3, 1)
LINKED = replace(CTO, company="co1")
ANA = Contact(
    id="c1",
    name="Ana Silva",
    emails=("Ana@acme.example",),
    phones=("+49 170 1234567",),
    positions=(LINKED,),
    how="at a fair",
    tags=("Berlin",),
    note="likes tea",
)


def contact(**facts):
    return Contact(**{"name": "Ana Silva", **facts})


def company(names=("Acme", "Acme Inc.", "ACME", "Zenith", "")):
    texts = st.sampled_from(names)
    return st.builds(
        Company,
        id=st.just("co1"),
        name=texts,
        aliases=few(names),
        website=st.sampled_from(("", "https://acme.example", "https://www.zenith.example/x", "linkedin.com/company/x")),
        domains=few(("acme.example", "@ACME.example", "zenith.example", "")),
        profiles=few(PROFILES),
        feeds=few(("https://acme.example/feed", "https://zenith.example/feed")),
        tags=few(("tech", "Tech")),
        note=st.sampled_from(("", "big", "bigger")),
    )


@thorough
@given(people, people)
def test_merging_the_same_one_again_changes_nothing(into, other):
    once = merged(into, other)
    assert merged(once, other) == once


@property_test
@given(people, people)
def test_merging_keeps_every_email_phone_tag_and_line_of_both(into, other):
    one = merged(into, other)
    for key, of in (
        (email_key, lambda person: person.emails),
        (phone_key, lambda person: person.phones),
        (str.casefold, lambda person: person.tags),
    ):
        assert set(map(key, of(one))) == set(map(key, of(into))) | set(map(key, of(other)))
    assert {line for line in one.kept if not line.startswith("X-CRM-UID:")} == {*into.kept, *other.kept}
    assert set(uids_of(one)) == {*uids_of(into), *uids_of(other)}


@property_test
@given(people, people)
def test_merging_keeps_every_position_of_both(into, other):
    one = merged(into, other).positions
    for position in (*into.positions, *other.positions):
        organisation, title = position_key(position)
        near = [
            p
            for p in one
            if position_key(p) == (organisation, title) or (not title and position_key(p)[0] == organisation)
        ]
        assert any(
            position.company in {None, known.company}
            and position.since in {None, known.since}
            and position.until in {None, known.until}
            for known in near
        )


@property_test
@given(people, people)
def test_merging_keeps_every_profile_of_both(into, other):
    one = merged(into, other).profiles
    for profile in (*into.profiles, *other.profiles):
        assert any(
            handle_key(profile) == handle_key(kept)
            or (not profile.handle and address_key(profile.url) == address_key(kept.url))
            for kept in one
        )


@property_test
@given(people, people)
def test_merging_keeps_whose_id_it_is_and_makes_nobody_know_themselves(into, other):
    one = merged(into, other)
    assert one.id == into.id
    assert not {into.id, other.id} & {*one.knows, one.introduced_by}
    assert all(getattr(one, field) == getattr(into, field) for field in ("address", "uid") if getattr(into, field))
    if names_somebody(into) or not names_somebody(other):
        assert one.name == (into.name or other.name)


def test_what_one_lacks_comes_from_the_other():
    facts = {"given": "Ana", "family": "Silva", "address": "Elsewhere", "birthday": "1990-05-04", "uid": "urn:2"}
    one = merged(ANA, contact(id="c2", introduced_by="c9", knows=("c8",), how="by chance", **facts))
    assert {field: getattr(one, field) for field in facts} == facts
    assert (one.how, one.introduced_by, one.knows) == ("at a fair", "c9", ("c8",))
    assert merged(contact(name=""), ANA).name == "Ana Silva"


def test_lists_are_joined_without_doubles_as_the_first_writes_them():
    other = contact(
        emails=("ana@ACME.example", "ana@home.example"),
        phones=("+49 (170) 123-4567", "030 55"),
        nickname="Nana",
        tags=("berlin", "tech"),
    )
    one = merged(replace(ANA, nickname="Ani"), other)
    assert one.emails == ("Ana@acme.example", "ana@home.example")
    assert one.phones == ("+49 170 1234567", "030 55")
    assert one.nickname == "Ani, Nana"
    assert one.tags == ("Berlin", "tech")


def test_a_spoken_number_is_not_another_spoken_number():
    one = merged(contact(phones=("1-800-FLOWERS",)), contact(phones=("1-800-HOTELS", "1 800 flowers")))
    assert one.phones == ("1-800-FLOWERS", "1-800-HOTELS")


def test_one_position_has_what_either_knew_of_it():
    other = contact(positions=(replace(CTO, organisation="ACME", since=date(2020, 1, 1), until=date(2024, 1, 1)),))
    (position,) = merged(ANA, other).positions
    assert position == Position(
        organisation="Acme Inc.", company="co1", title="CTO", since=date(2020, 1, 1), until=date(2024, 1, 1)
    )
    assert not position.current


def test_a_present_position_without_a_title_goes_into_the_one_with_a_title():
    untitled = contact(positions=(Position(organisation="Acme", company="co1"),))
    titled = contact(positions=(CTO,))
    for one in (merged(untitled, titled), merged(titled, untitled)):
        assert one.positions == (LINKED,)


def test_a_former_position_without_a_title_stays_beside_the_present_one():
    former = Position(organisation="Acme", former=True)
    assert merged(ANA, contact(positions=(former,))).positions == (*ANA.positions, former)


@pytest.mark.parametrize(
    ("note", "name", "others_note", "result"),
    [
        ("", "Ana Silva", "", ""),
        ("", "ANA  SILVA", "", ""),
        ("tea", "", "", "tea"),
        ("tea", "Ana Silva", "coffee", "tea\n\ncoffee"),
        ("tea", "Ana Silva", "tea", "tea"),
        ("tea\n\ncoffee", "Ana Silva", "coffee", "tea\n\ncoffee"),
        ("teapot", "Ana Silva", "tea", "teapot\n\ntea"),
        ("", "Ana Costa", "tea", "Also known as Ana Costa\n\ntea"),
        ("coffee", "Ana\nCosta", "", "coffee\n\nAlso known as Ana Costa"),
    ],
)
def test_notes_are_joined_and_another_name_is_kept_in_them(note, name, others_note, result):
    assert merged(contact(note=note), Contact(name=name, note=others_note)).note == result


def test_a_profile_gets_the_address_or_the_handle_that_it_lacks():
    address = Profile(network="web", url="http://linkedin.com/in/ana/")
    handle = Profile(network="linkedin", handle="ana", url="https://www.linkedin.com/in/ana")
    bare = Profile(network="linkedin", handle="Ana")
    assert merged(contact(profiles=(address,)), contact(profiles=(handle,))).profiles == (
        replace(handle, url=address.url),
    )
    assert merged(contact(profiles=(bare,)), contact(profiles=(handle,))).profiles == (replace(handle, handle="Ana"),)


@property_test
@given(company(), company())
def test_merging_a_company_again_changes_nothing_and_keeps_all_names(into, other):
    once = merged_company(into, other)
    assert merged_company(once, other) == once
    known = {name.casefold() for name in (once.name, *once.aliases)}
    assert {name.casefold() for name in (into.name, other.name, *into.aliases, *other.aliases)} - {""} <= known
    assert set(into.feeds + other.feeds) == set(once.feeds)


def test_the_other_companys_name_becomes_an_alias_and_its_site_a_domain():
    into = Company(id="co1", name="Acme", website="https://acme.example")
    other = Company(
        id="co2", name="Zenith", aliases=("acme", "Zen"), website="https://www.zenith.example/about", note="x"
    )
    one = merged_company(into, other)
    assert (one.id, one.name, one.aliases) == ("co1", "Acme", ("Zenith", "Zen"))
    assert (one.website, one.domains, one.note) == ("https://acme.example", ("zenith.example",), "x")
    assert merged_company(Company(name=""), other).website == other.website
    assert merged_company(Company(name=""), other).aliases == ("acme", "Zen")


@thorough
@given(people, contacts())
def test_the_same_card_again_changes_nothing(present, card):
    once = updated(present, card)
    assert updated(once, card) == once


labels = st.builds(
    Label, of=st.sampled_from((*EMAILS, *PHONES)), label=st.sampled_from(("work", "home, work", " Work,", ",", ""))
)


@thorough
@given(contacts(("", "c1")), few(labels, most=6))
def test_a_newcomer_is_nobody_brought_up_to_date(card, said):
    card = replace(card, labels=said)
    assert newcomer(card) == updated(Contact(name=""), card)


@property_test
@given(people)
def test_an_empty_card_and_ones_own_change_nothing(present):
    assert updated(present, Contact(name="")) == present
    plain = replace(present, emails=present.emails[:1], phones=present.phones[:1])
    assert updated(plain, plain) == plain


@property_test
@given(people, contacts())
def test_the_users_own_words_outlive_any_card(present, card):
    new = updated(present, card)
    assert new.id == present.id
    assert new.how == (present.how or card.how)
    assert new.introduced_by == (present.introduced_by or card.introduced_by)
    assert new.knows[: len(present.knows)] == present.knows
    assert new.tags[: len(present.tags)] == present.tags
    assert new.note.startswith(present.note.rstrip())
    known = {position.company for position in present.positions} - {None}
    assert known <= {position.company for position in new.positions}


@property_test
@given(people, contacts())
def test_an_update_loses_no_email_phone_or_organisation(present, card):
    new = updated(present, card)
    assert set(map(email_key, new.emails)) == set(map(email_key, (*present.emails, *card.emails)))
    assert set(map(phone_key, new.phones)) == set(map(phone_key, (*present.phones, *card.phones)))
    places = {position_key(position)[0] for position in new.positions}
    assert {position_key(position)[0] for position in present.positions} <= places


def test_a_cards_single_values_win_and_its_lists_come_first():
    card = Contact(
        name="Ana Costa",
        family="Costa",
        address="Elsewhere",
        uid="urn:2",
        emails=("ana@new.example", "ana@ACME.example"),
        phones=("030 55",),
    )
    new = updated(ANA, card)
    assert (new.name, new.family, new.address, new.uid) == ("Ana Costa", "Costa", "Elsewhere", "urn:2")
    assert updated(replace(ANA, uid="urn:1"), card).uid == "urn:1"
    assert new.emails == ("ana@new.example", "Ana@acme.example")
    assert new.phones == ("030 55", "+49 170 1234567")
    assert (new.how, new.note) == ("at a fair", "likes tea")


@pytest.mark.parametrize("name", ["", "ana@acme.example", "ACME Inc."])
def test_a_card_without_a_persons_name_leaves_them_theirs(name):
    assert updated(ANA, Contact(name=name, positions=ANA.positions)) == ANA


@pytest.mark.parametrize(
    ("present", "card", "result"),
    [
        ((LINKED,), (replace(CTO, organisation="ACME", title="CEO"),), (replace(LINKED, title="CEO"),)),
        ((LINKED,), (replace(CTO, organisation="acme", title=""),), (LINKED,)),
        ((CTO,), (Position(organisation="Zenith"),), (Position(organisation="Zenith"), CTO)),
        ((CTO,), (LEFT,), (LEFT,)),
        ((LEFT,), (CTO,), (LEFT,)),
        ((LEFT,), (CEO,), (CEO, LEFT)),
        ((CTO, CEO), (CEO,), (CTO, CEO)),
        ((CTO,), (Position(organisation="", title="CTO"),), (CTO,)),
        ((LEFT,), (replace(CTO, title=""),), (LEFT,)),
        ((LEFT,), (replace(CTO, since=SPRING),), (replace(CTO, since=SPRING), LEFT)),
        ((CTO,), (CTO, LEFT), (LEFT, CTO)),
        ((replace(CTO, since=SPRING),), (LEFT, CTO), (LEFT, replace(CTO, since=SPRING))),
        ((replace(LEFT, since=SPRING), CTO), (CTO, LEFT), (replace(LEFT, since=SPRING), CTO)),
        ((CTO, CEO), (CEO, replace(CTO, title="")), (CTO, CEO)),
        ((WAS_CEO, LEFT), (replace(LEFT, since=SPRING),), (WAS_CEO, replace(LEFT, since=SPRING))),
        ((LEFT,), (Position(organisation="", title="CTO"),), (LEFT,)),
        ((), (CTO, CTO, CEO), (CTO, CEO)),
    ],
)  # fmt: skip
def test_positions_follow_the_card(present, card, result):
    assert updated(contact(positions=present), contact(positions=card)).positions == result


@pytest.mark.parametrize(
    ("present", "card", "result"),
    [
        ("", "--05-04", "--05-04"),
        ("1990-05-04", "--05-04", "1990-05-04"),
        ("--05-04", "1990-05-04", "1990-05-04"),
        ("1990-05-04", "19900504", "1990-05-04"),
        ("1990-05-04", "1990-05-05", "1990-05-05"),
        ("1990-05-04", "", "1990-05-04"),
    ],
)
def test_a_birthday_never_loses_its_year(present, card, result):
    assert updated(contact(birthday=present), contact(birthday=card)).birthday == result


def test_a_card_with_a_line_twice_changes_nothing_the_second_time():
    card = contact(emails=("a@x.example", "A@x.example"), phones=("030 555", "030/555"))
    assert updated(replace(card, id="c1"), card) == replace(card, id="c1")


def test_a_cards_note_is_added_once():
    once = updated(ANA, contact(note="met in May"))
    assert once.note == "likes tea\n\nmet in May"
    assert updated(once, contact(note="met in May\n")) == once


def test_labels_follow_the_addresses_and_numbers_as_they_are_written_here():
    into = Contact(name="Ana", phones=("+49 30 5550 1234",), labels=(Label(of="+49 30 5550 1234", label="work"),))
    other = Contact(
        name="Ana",
        emails=("ana@acme.example",),
        phones=("+493055501234", "112233"),
        labels=(
            Label(of="+493055501234", label="home"),
            Label(of="112233", label="cell"),
            Label(of="ana@acme.example", label="work"),
        ),
    )

    both, renewed = merged(into, other), updated(into, other)

    assert both.label_of("+49 30 5550 1234") == "work, home"
    assert renewed.label_of("+49 30 5550 1234") == "home"
    for contact in (both, renewed):
        assert contact.label_of("112233") == "cell"
        assert contact.label_of("ana@acme.example") == "work"
        assert contact.tidied() == contact
    assert updated(renewed, other) == renewed
    assert updated(both, other) == both


def test_a_label_goes_with_what_it_is_of():
    contact = Contact(name="Ana", phones=("1",), labels=(Label(of="1", label="work"), Label(of="2", label="home")))

    assert contact.tidied().labels == (Label(of="1", label="work"),)
