"""Nothing of two records is lost when they become one: what has no place in a field stands in the note."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.network import fold, merged
from crm_core.network.keys import (
    address_key,
    birthday_of,
    email_key,
    handle_key,
    phone_key,
    position_key,
    uid_key,
)
from crm_core.network.names import words_of
from crm_core.network.uids import uids_of
from crm_core.records import Contact, Label, Profile
from tests.core.network.people import contacts, few, thorough

FACTS = {
    "address": ("Main Street 1\n12345 Town", "Elsewhere"),
    "birthday": ("1990-05-04", "1991-05-04"),
    "how": ("at a fair", "through\na friend"),
    "introduced_by": ("c8", "c9"),
    "photo": ("a" * 32 + ".jpg", "b" * 32 + ".png"),
}

labelled = st.builds(
    lambda contact, labels, photo, how: replace(contact, labels=labels, photo=photo, how=how).tidied(),
    contacts(("c1", "c2", "c3")),
    few(
        st.builds(Label, of=st.sampled_from(("ana@acme.example", "112")), label=st.sampled_from(("work", "home, fax")))
    ),
    st.sampled_from(("", "a.jpg", "b.png")),
    st.sampled_from(("", "at a fair", "by\nchance")),
)


def lost(one: Contact, source: Contact, other: Contact) -> list[str]:
    """The values of a source that are nowhere in the record that two became."""
    note = fold(one.note.replace("\n", " ").replace(",", " "))
    text = fold(f"{one.name} {one.given} {one.family} {one.nickname} {' '.join(one.emails)} {note}")
    places = {fold(position.organisation) for position in one.positions}
    words = set(words_of(text))
    ids = {one.id, other.id, source.id, ""}

    def found(value: str) -> bool:
        return fold(value.replace("\n", " ").replace(",", " ")) in note

    missing = [
        name
        for name in (source.name, source.given, source.family, *source.nickname.split(","))
        if not set(words_of(name)) <= words and fold(name) not in places and email_key(name) not in text
    ]
    missing += [email for email in source.emails if email_key(email) not in map(email_key, one.emails)]
    missing += [phone for phone in source.phones if phone_key(phone) not in map(phone_key, one.phones)]
    missing += [tag for tag in source.tags if fold(tag) not in map(fold, one.tags)]
    missing += [line for line in source.kept if line not in one.kept]
    missing += [ref for ref in source.knows if ref not in ids and ref not in one.knows]
    missing += [line for line in source.note.splitlines() if fold(line) not in note]
    missing += [uid for uid in [uid_key(source.uid)] if uid and uid not in uids_of(one)]
    missing += [source.address] if source.address not in {"", one.address} and not found(source.address) else []
    missing += [source.how] if source.how not in {"", one.how} and not found(source.how) else []
    missing += [source.photo] if source.photo not in {"", one.photo} and not found(source.photo) else []
    born, known = birthday_of(source.birthday), birthday_of(one.birthday)
    same = born.day in {"", known.day} and born.year in {"", known.year}
    missing += [] if same or found(source.birthday) else [source.birthday]
    introducer = source.introduced_by or ""
    missing += [] if introducer in {*ids, one.introduced_by} or found(introducer) else [introducer]
    for position in source.positions:
        places_known = [p for p in one.positions if position_key(p)[0] == position_key(position)[0]]
        facts = {fact for p in places_known for fact in (fold(p.title), p.since, p.until, p.company)}
        missing += [
            str(f)
            for f in (fold(position.title), position.since, position.until, position.company)
            if f and f not in facts
        ]
        missing += [] if places_known or not position.organisation else [position.organisation]
    for profile in source.profiles:
        urls = {address_key(p.url) for p in one.profiles}
        missing += [profile.url] if address_key(profile.url) not in {"", *urls} and not found(profile.url) else []
        handles = {handle_key(p) for p in one.profiles}
        missing += [profile.handle] if profile.handle and handle_key(profile) not in handles else []
    for label in source.labels:
        said = {fold(part) for known in one.labels for part in known.label.split(",")}
        missing += [part for part in label.label.split(",") if fold(part) not in said]
    return missing


@thorough
@given(labelled, labelled)
def test_every_value_of_both_is_in_the_one_or_its_note(into, other):
    one = merged(into, other)
    assert lost(one, into, other) == []
    assert lost(one, other, into) == []
    assert merged(one, other) == one


@pytest.mark.parametrize("field", FACTS)
def test_where_one_value_can_stand_the_other_is_in_the_note(field):
    kept, other = FACTS[field]
    one = merged(Contact(id="c1", name="Ana", **{field: kept}), Contact(id="c2", name="Ana", **{field: other}))
    assert getattr(one, field) == kept
    assert other.replace("\n", ", ") in one.note


def test_the_note_says_what_the_leftovers_are():
    into = Contact(id="c1", name="Ana Silva", address="Up", birthday="1990-05-04", how="a fair", introduced_by="c8")
    other = Contact(
        id="c2",
        name="Ana Costa",
        given="Anabela",
        family="Costa",
        address="Down 1\n12345 Town",
        birthday="1991-05-04",
        how="a friend",
        introduced_by="c9",
        note="likes tea",
        photo="b.png",
    )
    assert merged(replace(into, photo="a.png"), other).note.splitlines() == [
        "Also known as Ana Costa",
        "Also known as Anabela Costa",
        "Another address: Down 1, 12345 Town",
        "Another birthday: 1991-05-04",
        "How known, too: a friend",
        "Introduced by c9, too",
        'Another photo: "b.png"',
        "",
        "likes tea",
    ]


def test_a_birthday_gets_its_year_and_needs_no_note():
    into, other = Contact(id="c1", name="Ana", birthday="--05-04"), Contact(id="c2", name="Ana", birthday="1990-05-04")
    assert (merged(into, other).birthday, merged(into, other).note) == ("1990-05-04", "")
    assert merged(other, into) == other


def test_another_address_on_a_network_is_in_the_note():
    into = Contact(
        id="c1", name="Ana", profiles=(Profile(network="linkedin", handle="ana", url="https://a.example/ana"),)
    )
    other = replace(into, id="c2", profiles=(Profile(network="linkedin", handle="Ana", url="https://b.example/ana"),))
    one = merged(into, other)
    assert one.profiles == into.profiles
    assert one.note == "Another address on linkedin: https://b.example/ana"


def test_an_introduction_between_the_two_goes_without_a_word():
    one = merged(Contact(id="c1", name="Ana", introduced_by="c2"), Contact(id="c2", name="Ana", introduced_by="c1"))
    assert (one.introduced_by, one.note) == (None, "")


def test_a_person_gives_a_bare_address_their_name():
    mail = ("ana@acme.example",)
    address, ana = Contact(id="c1", name=mail[0], emails=mail), Contact(id="c2", name="Ana Silva", given="Ana")
    one = merged(address, ana)
    assert (one.id, one.name, one.given, one.emails, one.note) == ("c1", "Ana Silva", "Ana", mail, "")
