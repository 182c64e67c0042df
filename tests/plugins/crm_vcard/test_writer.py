"""What a card that we write looks like, line by line, and how others read it."""

from __future__ import annotations

import io
from datetime import date

import pytest
import vobject
from msgspec.structs import replace

from crm_core import Candidate, Contact, Label, Position, Profile
from crm_vcard.exact import exact_line
from crm_vcard.reader import read_cards
from crm_vcard.writer import VERSIONS, Sheet, card_of

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256))

ZOE = Contact(
    name="Dr. Zoë Example",
    given="Zoë",
    family="Example",
    nickname="Zo, Zozo",
    positions=(
        Position(organisation="Acme, Inc.", title="CTO", since=date(2024, 1, 1)),
        Position(organisation="Zenith", title="Engineer", until=date(2023, 12, 31)),
    ),
    emails=("zoe@acme.example", "zoe@home.example"),
    phones=("+44 7700 900123", "+44 7700 900124"),
    profiles=(
        Profile(network="linkedin", handle="zoe", url="https://www.linkedin.com/in/zoe"),
        Profile(network="mastodon", handle="zoe@s.example", url="https://s.example/@zoe"),
        Profile(network="xmpp", handle="zoe@s.example", url="xmpp:zoe@s.example"),
        Profile(network="matrix", handle="@zoe:s.example"),
    ),
    address="1 Main St; left, Town",
    birthday="--05-04",
    how="met at a fair",
    tags=("friend", "a, b"),
    note="Likes tea;\nand \\ backslashes",
    labels=(
        Label(of="zoe@acme.example", label="work"),
        Label(of="+44 7700 900123", label="work, fax"),
        Label(of="+44 7700 900124", label="Only on Sundays"),
    ),
)
SHEET = Sheet(ZOE, uid="crm-1-c12", photo=JPEG[:40], introduced_by="urn:uuid:1", knows=("crm-1-c2",))


def lines(sheet: Sheet, version: str = "3.0") -> list[str]:
    """The card unfolded."""
    return card_of(sheet, version).decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def read(data: bytes) -> Candidate:
    (found,) = read_cards(io.BytesIO(data))
    assert isinstance(found, Candidate)
    return found


def card(**fields: object) -> list[str]:
    return lines(Sheet(replace(Contact(name="Zoe"), **fields), "1"))[3:-1]


def test_a_whole_card_of_version_3_0():
    assert lines(SHEET) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "UID:crm-1-c12",
        "FN:Dr. Zoë Example",
        "N:Example;Zoë;;;",
        "NICKNAME:Zo,Zozo",
        r"ORG:Acme\, Inc.",
        "TITLE:CTO",
        r"X-CRM-POSITION;SINCE=2024-01-01:Acme\, Inc.;CTO",
        "X-CRM-POSITION;UNTIL=2023-12-31:Zenith;Engineer",
        "EMAIL;TYPE=WORK:zoe@acme.example",
        "EMAIL:zoe@home.example",
        "TEL;TYPE=WORK;TYPE=FAX:+44 7700 900123",
        "crm1.TEL:+44 7700 900124",
        "crm1.X-ABLabel:Only on Sundays",
        "URL:https://www.linkedin.com/in/zoe",
        "X-SOCIALPROFILE;TYPE=mastodon;X-USER=zoe@s.example:https://s.example/@zoe",
        "IMPP:xmpp:zoe@s.example",
        "X-CRM-PROFILE:matrix;@zoe:s.example;",
        r"ADR:;;1 Main St\; left\, Town;;;;",
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-04",
        r"CATEGORIES:friend,a\, b",
        r"NOTE:Likes tea\;\nand \\ backslashes",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIw==",
        "X-CRM-HOW:met at a fair",
        "X-CRM-INTRODUCED-BY:urn:uuid:1",
        "X-CRM-KNOWS:crm-1-c2",
        "END:VCARD",
    ]


def test_what_version_4_0_says_otherwise():
    old, new = lines(SHEET), lines(SHEET, "4.0")
    assert [line for line in new if line not in old] == [
        "VERSION:4.0",
        "UID;VALUE=text:crm-1-c12",
        "SOCIALPROFILE;SERVICE-TYPE=mastodon;USERNAME=zoe@s.example:https://s.example/@zoe",
        "BDAY:--0504",
        "PHOTO:data:image/jpeg;base64,/9j/4AABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIw==",
        "RELATED;TYPE=contact;X-CRM=INTRODUCED-BY:urn:uuid:1",
        "RELATED;TYPE=acquaintance;X-CRM=KNOWS;VALUE=text:crm-1-c2",
    ]
    assert lines(Sheet(ZOE, "urn:uuid:1"), "4.0")[2] == "UID:urn:uuid:1"


@pytest.mark.parametrize("version", VERSIONS)
def test_no_line_is_longer_than_75_bytes_or_cut_in_a_character(version: str):
    data = card_of(SHEET._replace(contact=replace(ZOE, note="Zoë 🚀 " * 60), photo=JPEG * 30), version)
    assert data.endswith(b"END:VCARD\r\n")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_contact_is_always_the_same_bytes(version: str):
    data = card_of(SHEET, version)
    again = read(data)
    sheet = Sheet(again.contact, again.contact.uid, again.photo, again.introduced_by, again.knows)
    assert card_of(sheet, version) == data


@pytest.mark.parametrize("version", VERSIONS)
def test_vobject_reads_it_right(version: str):
    sheet = SHEET if version == "3.0" else SHEET._replace(photo=b"")  # it cuts a picture of 4.0 at its comma
    found = vobject.readOne(card_of(sheet, version).decode())
    assert found.fn.value == ZOE.name
    assert (found.n.value.family, found.n.value.given) == ("Example", "Zoë")
    assert found.org.value == ["Acme, Inc."]
    assert found.title.value == "CTO"
    assert [entry.value for entry in found.email_list] == list(ZOE.emails)
    assert [entry.value for entry in found.tel_list] == list(ZOE.phones)
    assert found.tel.params["TYPE"] == ["WORK", "FAX"]
    assert found.adr.value.street == ZOE.address
    assert found.note.value == ZOE.note
    assert found.categories.value == list(ZOE.tags)
    assert found.uid.value == "crm-1-c12"
    if version == "3.0":
        assert found.photo.value == SHEET.photo


@pytest.mark.parametrize(
    ("fields", "written"),
    [
        ({}, ["FN:Zoe", "N;X-CRM=WHOLE:;Zoe;;;"]),
        ({"family": "Example"}, ["FN:Zoe", "N:Example;;;;"]),
        ({"name": "", "emails": ("z@x.example",)}, ["FN:z@x.example", "N;X-CRM=WHOLE:;z@x.example;;;"]),
        ({"name": ""}, ["FN:?", "N;X-CRM=WHOLE:;?;;;"]),
        ({"name": "Zoe\nBEGIN:VCARD"}, ["FN:Zoe BEGIN:VCARD", "N;X-CRM=WHOLE:;Zoe BEGIN:VCARD;;;"]),
    ],
)
def test_every_card_has_a_name_and_its_parts(fields: dict[str, object], written: list[str]):
    assert card(**fields)[:2] == written


@pytest.mark.parametrize(
    ("positions", "written"),
    [
        ((Position(organisation="", title="Mayor"),), ["TITLE:Mayor"]),
        ((Position(organisation="Acme"),), ["ORG:Acme"]),
        (
            (Position(organisation="Acme"), Position(organisation="Beta", title="Chair")),
            ["crm1.ORG:Acme", "crm2.ORG:Beta", "crm2.TITLE:Chair"],
        ),
        (
            (Position(organisation="Acme"), Position(organisation="", title="Advisor")),
            ["ORG:Acme", "X-CRM-POSITION:;Advisor"],
        ),
        ((Position(organisation="Acme", former=True),), ["X-CRM-POSITION;FORMER=TRUE:Acme;"]),
    ],
)
def test_positions_are_written_so_that_others_see_the_present_ones(positions: tuple[Position, ...], written: list[str]):
    assert card(positions=positions)[2:] == written


@pytest.mark.parametrize(
    ("birthday", "old", "new"),
    [
        ("1990-05-04", "BDAY:1990-05-04", "BDAY:19900504"),
        ("--02-29", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", "BDAY:--0229"),
        ("circa 1800", "BDAY;VALUE=text:circa 1800", "BDAY;VALUE=text:circa 1800"),
    ],
)
def test_birthdays_are_written_as_each_version_has_them(birthday: str, old: str, new: str):
    sheet = Sheet(Contact(name="Zoe", birthday=birthday), "1")
    assert (lines(sheet)[5], lines(sheet, "4.0")[5]) == (old, new)


def test_odd_texts_are_said_exactly_beside():
    written = card(name=" Zoe", note="e\u0301")
    assert written[0] == "FN:Zoe"
    assert written[-2:] == [
        r'X-CRM-EXACT;FIELD=name;OF=57f236a4:" Zoe"',
        r'X-CRM-EXACT;FIELD=note;OF=1233d6f4:"e\\u0301"',
    ]


def test_what_is_said_exactly_holds_only_while_the_rest_reads_as_it_did():
    data = card_of(Sheet(Contact(name=" Zoe", how="a  b"), "1"))
    assert read(data).contact.name == " Zoe"
    changed = read(data.replace(b"FN:Zoe", b"FN:Zoe Example")).contact
    assert (changed.name, changed.how) == ("Zoe Example", "a  b")


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("name", r'"\\u001b[31m"'),
        ("name", '"\x9b"'),
        ("name", '"\\\\ud800"'),
        ("name", "1"),
        ("name", '"Zoe'),
        ("positions", "[" * 9_000),
        ("positions", '[{"x":' + "[" * 9_000),
        ("profiles", r'[{"network":"web"\,"url":"javascript:alert(1)"}]'),
        ("knows", '["c1"]'),
        ("nothing", '""'),
    ],
)
def test_nothing_comes_in_that_way_that_may_not_come_in(field: str, told: str):
    assert with_exact_line(field, told).contact == read(PLAIN).contact


def test_the_same_way_lets_in_what_may_come_in():
    assert with_exact_line("name", '" Zoe"').contact.name == " Zoe"
    assert with_exact_line("profiles", r'[{"network":" web"}]').contact.profiles == (Profile(network=" web"),)


PLAIN = card_of(Sheet(Contact(name="Zoe"), "1"))


def with_exact_line(field: str, told: str) -> Candidate:
    """The plain card with such a line in it, with the right checksum."""
    head = exact_line(field, "", getattr(read(PLAIN).contact, field, "")).rpartition(":")[0]
    return read(PLAIN.replace(b"END", f"{head}:{told}\r\nEND".encode()))
