"""What no field has a place for is kept, comes out again where it belongs, and goes when its field has changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from crm_core import Candidate, Contact, Position, Profile
from crm_vcard.reader import read_cards
from crm_vcard.writer import VERSIONS, Sheet, card_of
from tests.plugins.crm_vcard.test_round_trip import read_again

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "vcard" / "vcf"
Person = Callable[..., Candidate]


def written(contact: Contact) -> list[str]:
    """The lines of the contact's card that are not the same on every card."""
    data = card_of(Sheet(contact, "1")).decode().replace("\r\n ", "")
    return [line for line in data.splitlines() if not line.startswith(("BEGIN", "END", "VERSION", "UID", "FN"))]


@pytest.mark.parametrize(
    "line",
    [
        "N:Example;Zoe;Anne;Dr.;MSc",
        "N;SORT-AS=Example:Example;Zoe;;;",
        "ORG:Acme;Research;Optics",
        "TITLE;LANGUAGE=en:CTO",
        "EMAIL;TYPE=WORK;X-EVOLUTION-UI-SLOT=1:zoe@acme.example",
        "TEL;TYPE=CELL;PID=1.1:+44 7700 900123",
        "URL;TYPE=WORK:https://acme.example",
        "ADR;TYPE=WORK:;2nd floor;1 Main St;Town;;AB1 2CD;United Kingdom",
        "BDAY:1990-05-04T10:30:00Z",
        "NOTE;LANGUAGE=en:Likes tea",
        "NICKNAME;LANGUAGE=en:Zo",
        "CATEGORIES;X-SOURCE=phone:a,b",
    ],
)
def test_a_line_that_says_more_than_its_field_stands_in_for_it(person: Person, line: str) -> None:
    contact = person(line).contact
    assert contact.kept == (line,)
    name = line.replace(";", ":").partition(":")[0]
    assert [text for text in written(contact) if text.startswith(name)] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "N:Example;Zoe;;;",
        "ORG:Acme;",
        "EMAIL;TYPE=INTERNET;TYPE=WORK;PREF=1:zoe@acme.example",
        "TEL;TYPE=CELL,VOICE:+44 7700 900123",
        "URL;VALUE=uri:https://acme.example",
        "ADR:;;1 Main St\\; left;;;;",
        "BDAY:1990-05-04T00:00:00Z",
        "X-SOCIALPROFILE;TYPE=x;X-USER=zoe:https://x.com/zoe",
    ],
)
def test_a_line_that_says_no_more_is_not_kept(person: Person, line: str) -> None:
    assert person(line).contact.kept == ()


@pytest.mark.parametrize(
    ("line", "change", "comes_out"),
    [
        ("N:Example;Zoe;Anne;Dr.;", {"family": "Sample"}, "N:Sample;Zoe;;;"),
        ("N:Example;Zoe;Anne;Dr.;", {"given": "", "family": ""}, "N;X-CRM=WHOLE:;Zoe Example;;;"),
        ("ORG:Acme;Research", {"positions": (Position(organisation="Beta"),)}, "ORG:Beta"),
        ("TEL;PID=1.1:+44 7700 900123", {"phones": ("+44 7700 900124",)}, "TEL:+44 7700 900124"),
        ("TEL;PID=1.1:+44 7700 900123", {"phones": ()}, None),
        ("URL;TYPE=WORK:https://a.example", {"profiles": (Profile(network="web", url="https://b.example"),)},
         "URL:https://b.example"),
        ("ADR;TYPE=WORK:;;Near;Town;;;", {"address": "Far"}, "ADR:;;Far;;;;"),
        ("ADR;TYPE=WORK:;;Near;Town;;;", {"address": ""}, None),
        ("BDAY:1990-05-04T10:30:00Z", {"birthday": "1991-05-04"}, "BDAY:1991-05-04"),
        ("NOTE;LANGUAGE=en:Likes tea", {"note": "Likes coffee"}, "NOTE:Likes coffee"),
    ],
)  # fmt: skip
def test_it_no_longer_comes_out_when_its_field_has_changed(
    person: Person, line: str, change: dict[str, object], comes_out: str | None
) -> None:
    contact = replace(person(line).contact, **change)
    name = line.replace(";", ":").partition(":")[0]
    found = [text for text in written(contact) if text.startswith((f"{name}:", f"{name};"))]
    assert found == ([comes_out] if comes_out else [])
    assert read_again(Sheet(contact, "1"), "3.0").contact == replace(contact, uid="1", kept=())


def test_a_second_address_stays_when_the_first_has_changed(person: Person) -> None:
    contact = person("ADR:;;Near;;;;", "ADR;TYPE=HOME:;;Far;Town;;;").contact
    assert contact.kept == ("ADR:;;Near;;;;", "ADR;TYPE=HOME:;;Far;Town;;;")
    assert written(replace(contact, address="Elsewhere"))[1:3] == ["ADR:;;Elsewhere;;;;", "ADR;TYPE=HOME:;;Far;Town;;;"]
    assert written(replace(contact, address=""))[1:2] == ["ADR;TYPE=HOME:;;Far;Town;;;"]
    assert written(contact)[1:] == list(contact.kept)


def test_a_label_goes_and_stays_with_its_property(person: Person) -> None:
    contact = person(
        "item1.URL:https://a.example", "item1.X-ABLabel:Where I write",
        "item2.TEL;TYPE=CELL:+44 7700 900123", "item2.X-ABLabel:Only on Sundays",
    ).contact  # fmt: skip
    assert written(contact)[1:] == [
        "item2.TEL;TYPE=CELL:+44 7700 900123",
        "item1.URL:https://a.example",
        "item1.X-ABLabel:Where I write",
        "item2.X-ABLabel:Only on Sundays",
    ]
    assert written(replace(contact, profiles=(), phones=()).tidied())[1:] == []


def test_groups_of_ours_are_none_that_a_kept_line_has(person: Person) -> None:
    contact = person("crm1.X-PET:Cat", "TEL:+44 7700 900123", "item1.TEL:+44 7700 900124", "item1.X-ABLabel:Office 2")
    assert written(contact.contact)[1:] == [
        "TEL:+44 7700 900123",
        "crm2.TEL:+44 7700 900124",
        "crm2.X-ABLabel:Office 2",
        "crm1.X-PET:Cat",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "END:VCARD", "BEGIN:VCARD", "VERSION:2.1", "UID:other", "AGENT:x", "X-A:1\r\nEND:VCARD", "no colon", "REV:1",
        "X-B;ENCODING=QUOTED-PRINTABLE:=0D=0AEND:VCARD", "\ufeffX-C:1",
    ],
)  # fmt: skip
def test_a_kept_line_that_would_spoil_the_card_is_not_written_as_one(line: str) -> None:
    contact = Contact(name="Zoe", kept=(line,))
    (found,) = read_cards(io.BytesIO(card_of(Sheet(contact, "1"))))
    assert isinstance(found, Candidate)
    assert (found.contact.uid, found.repaired) == ("1", ())
    assert found.contact.kept == (() if "\r" in line else (line,))


@pytest.mark.skipif(not CORPUS.exists(), reason="no folder shared/corpus/vcard beside the checkout")
@pytest.mark.parametrize("version", VERSIONS)
def test_every_real_card_comes_out_as_it_came_in(version: str) -> None:
    number = 0
    for path in sorted(path for path in CORPUS.rglob("*") if path.is_file()):
        with path.open("rb") as stream:
            cards = [found for found in read_cards(stream) if isinstance(found, Candidate)]
        for card in cards:
            sheet = Sheet(card.contact, card.contact.uid or "1", card.photo, card.introduced_by, card.knows)
            again = read_again(sheet, version)
            assert (again.contact, again.photo) == (replace(card.contact, uid=sheet.uid), card.photo), path.name
            assert b"X-CRM-EXACT" not in card_of(sheet, version), path.name
        number += len(cards)
    assert number == 1_236
