"""A contact and a card that was written from it, both changed since: what counts, and what clashes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from msgspec.structs import replace

from crm_core.network.reconciling import Clash, reconciled
from crm_core.records import Contact, Label, Position, Profile
from tests.core.network.people import contacts, property_test, thorough

WORK, HOME = "+49 30 5550 1234", "+49 30 5550 9876"
CTO = Position(organisation="Acme", title="CTO")
ANA = Contact(
    id="c1",
    name="Ana Silva",
    given="Ana",
    family="Silva",
    nickname="Nana",
    positions=(CTO,),
    emails=("ana@acme.example", "ana@home.example"),
    phones=(WORK,),
    profiles=(Profile(network="github", handle="ana"),),
    address="Up",
    birthday="1990-05-04",
    how="at a fair",
    tags=("friend",),
    note="likes tea",
    kept=("X-A:1",),
    labels=(Label(of=WORK, label="work"),),
    photo="a.jpg",
)
NEWS = {
    "name": "Ana Costa",
    "given": "Anabela",
    "family": "Costa",
    "nickname": "Ani",
    "positions": (replace(CTO, title="CEO"),),
    "emails": ("ana@new.example", "ana@home.example"),
    "phones": (HOME,),
    "profiles": (Profile(network="github", handle="silva"),),
    "address": "Down",
    "birthday": "1991-05-04",
    "how": "by chance",
    "tags": ("boss",),
    "note": "likes coffee",
    "kept": ("X-A:2",),
    "labels": (Label(of=WORK, label="home"),),
    "photo": "b.jpg",
}
OTHERS = {
    "positions": (replace(CTO, title="CFO"),),
    "emails": ("ana@third.example", "ana@home.example"),
    "phones": ("112233",),
    "profiles": (),
    "tags": ("chief",),
    "kept": ("X-A:3",),
    "labels": (Label(of=WORK, label="fax"),),
}
EMPTY = Contact(name="")


def without(field):
    return replace(ANA, **{field: getattr(EMPTY, field)})


@pytest.mark.parametrize("field", NEWS)
def test_what_changed_in_the_file_alone_is_taken_over(field):
    card = replace(ANA, **{field: NEWS[field]}).tidied()
    assert reconciled(ANA, ANA, card) == (card, ())


@pytest.mark.parametrize("field", [field for field in NEWS if field not in {"name", "labels"}])
def test_what_went_from_the_file_alone_goes(field):
    card = without(field).tidied()
    assert reconciled(ANA, ANA, card) == (card, ())


@pytest.mark.parametrize("field", NEWS)
def test_what_changed_in_the_book_alone_stays(field):
    present = replace(ANA, **{field: NEWS[field]}).tidied()
    assert reconciled(present, ANA, ANA) == (present, ())


@pytest.mark.parametrize("field", NEWS)
def test_what_both_changed_to_the_same_is_no_clash(field):
    both = replace(ANA, **{field: NEWS[field]}).tidied()
    assert reconciled(both, ANA, both) == (both, ())


@pytest.mark.parametrize("field", [field for field in NEWS if field != "profiles"])
def test_what_both_changed_differently_is_a_clash_and_the_books_stays(field):
    present = replace(ANA, **{field: NEWS[field]}).tidied()
    card = replace(ANA, **{field: OTHERS.get(field, "X")}).tidied()
    one, (clash,) = reconciled(present, ANA, card)
    assert (one, clash.field) == (present, field)
    won, clashes = reconciled(present, ANA, card, file_wins=True)
    assert (getattr(won, field), clashes) == (getattr(card, field), ())


def test_a_clash_is_told_in_words():
    present = replace(ANA, positions=NEWS["positions"], birthday="", labels=NEWS["labels"])
    left = Position(organisation="Acme", title="CFO", since=date(2020, 1, 1), former=True)
    card = replace(ANA, positions=(left, CTO.__class__(organisation="Zenith")), birthday="1991-05-04", labels=())
    assert reconciled(present, ANA, card)[1] == (
        Clash(field="birthday", book="", file="1991-05-04"),
        Clash(field="positions", book="Acme, CEO", file="Acme, CFO, 2020-01-01, former; Zenith"),
        Clash(field="labels", book=f"{WORK}: home", file=f"{WORK}: "),
    )


def test_one_of_several_fields_that_changed_may_clash():
    one, clashes = reconciled(replace(ANA, address="Left"), ANA, replace(ANA, address="Right", phones=(HOME,), note=""))
    assert (one.address, one.phones, one.note) == ("Left", (HOME,), "")
    assert [clash.field for clash in clashes] == ["address"]


def test_items_of_a_list_come_and_go_on_both_sides():
    present = replace(ANA, emails=("ana@acme.example", "ana@home.example", "here@x.example"), tags=())
    card = replace(ANA, emails=("there@x.example", "ana@home.example"), tags=("friend", "boss"))
    one, clashes = reconciled(present, ANA, card)
    assert one.emails == ("ana@home.example", "here@x.example", "there@x.example")
    assert (one.tags, clashes) == (("boss",), ())


def test_another_order_in_the_file_is_taken_over():
    card = replace(ANA, emails=ANA.emails[::-1])
    assert reconciled(ANA, ANA, card)[0].emails == card.emails


def test_what_a_card_can_not_say_stays():
    present = replace(ANA, positions=(replace(CTO, company="co1"),), emails=("ANA@acme.example", "ana@home.example"))
    assert reconciled(present, ANA, replace(ANA, note="new"))[0] == replace(present, note="new")
    moved = replace(ANA, positions=(replace(CTO, title="CEO"),))
    assert reconciled(present, ANA, moved)[0].positions == (replace(CTO, title="CEO", company="co1"),)


def test_a_label_goes_with_what_it_is_of_and_follows_its_new_spelling():
    present = replace(ANA, phones=("+493055501234", HOME), labels=(Label(of="+493055501234", label="work"),))
    one, _ = reconciled(
        present, replace(ANA, phones=(WORK, HOME)), replace(ANA, labels=(Label(of=WORK, label="cell"),))
    )
    assert (one.phones, one.labels) == (("+493055501234",), (Label(of="+493055501234", label="cell"),))


cards = contacts().map(
    lambda card: replace(card, positions=tuple(replace(position, company=None) for position in card.positions))
)


@thorough
@given(contacts(("c1",)), cards, cards)
def test_what_a_settled_file_says_is_taken_over_and_said_once(present, base, card):
    one, clashes = reconciled(present, base, card, file_wins=True)
    assert clashes == ()
    assert reconciled(one, base, card, file_wins=True) == (one, ())
    stays, _ = reconciled(present, base, card)
    assert reconciled(stays, base, card)[0] == stays


@property_test
@given(contacts(("c1",)), cards)
def test_a_file_that_did_not_change_changes_nothing(present, base):
    present = present.tidied()
    assert reconciled(present, base, base) == (present, ())
