"""The sample files: what the documentation says of them is so, and all in them is invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crm_core import Candidate, Problem, Profile
from crm_vcard.reader import read_cards

SAMPLES = Path(__file__).parents[3] / "examples" / "data"
RESERVED_DOMAIN = re.compile(r"(?:[\w-]+\.)*(?:example|example\.(?:com|org|net))")
RESERVED_PHONE = re.compile(r"\+44 7700 900\d{3}|\+1 555 01\d\d|\+49 30 23125 \d{3}")


def read(name: str) -> list[Candidate | Problem]:
    with (SAMPLES / name).open("rb") as stream:
        return list(read_cards(stream))


@pytest.fixture
def people() -> dict[str, Candidate]:
    found = read("phone.vcf")
    return {part.contact.name: part for part in found if isinstance(part, Candidate)}


def test_the_phone_has_twelve_people_and_none_needs_mending(people: dict[str, Candidate]) -> None:
    assert len(read("phone.vcf")) == len(people) == 12
    assert [person for person in people.values() if person.repaired or person.left_out] == []
    assert len({person.contact.uid for person in people.values()} - {""}) == 12


def test_the_two_of_the_first_interview_are_there(people: dict[str, Candidate]) -> None:
    mara, tom = people["Mara Lindqvist"].contact, people["Tom Okafor"].contact
    assert [(p.organisation, p.title) for p in mara.positions] == [("Bluewater Robotics", "Engineering Manager")]
    assert [(p.organisation, p.title) for p in tom.positions] == [("Bluewater Robotics", "Staff Engineer")]
    assert mara.profiles[0].network == "linkedin"
    assert mara.emails == ("mara.lindqvist@bluewater.example",)


def test_the_names_and_notes_of_the_phone_are_read_right(people: dict[str, Candidate]) -> None:
    assert people["Zoë Castellanos"].contact.positions[0].organisation == "Harbour & Finch, Ltd"
    assert people["Zoë Castellanos"].contact.tags == ("recruiters",)
    assert people["山田 花子"].contact.family == "山田"
    assert people["ليلى حداد"].contact.nickname == "Layla"
    assert people["Samuel Oduya"].contact.birthday == "--02-29"
    assert "introduce people 🚀" in people["Łukasz Wójcik"].contact.note
    assert people["Łukasz Wójcik"].contact.profiles == (
        Profile(network="mastodon", handle="lukasz@social.example.org", url="https://social.example.org/@lukasz"),
    )
    assert people["Aoife Ní Bhriain"].contact.note.splitlines()[1] == "Likes: tea, long trains"
    assert people["Benedikt Große"].contact.address == "Musterstraße 12, Hinterhaus, Berlin, 10115, Germany"


def test_the_broken_file_shows_every_kind_of_report() -> None:
    found = read("broken.vcf")
    candidates = [part for part in found if isinstance(part, Candidate)]
    assert [part.contact.name for part in candidates] == ["Nadia Ferreira", "Oskar Blom", "Grace Achterberg"]
    assert [part.reason for part in found if isinstance(part, Problem)] == [
        "no name, organisation, e-mail address or phone number",
        "a group, not a person",
    ]
    assert [part.repaired for part in candidates] == [
        (),
        ("END:VCARD is missing", "line 21 is no vCard line and was left out: 'this line lost its name on the way'"),
        (),
    ]


@pytest.mark.parametrize("name", ["phone.vcf", "broken.vcf"])
def test_nobody_can_be_reached_by_what_is_in_the_samples(name: str) -> None:
    text = (SAMPLES / name).read_text(encoding="utf-8").replace("\n ", "").replace("\\:", ":")
    addresses = re.findall(r"^EMAIL.*@(.*)$", text, re.MULTILINE)
    assert addresses
    assert [domain for domain in addresses if not RESERVED_DOMAIN.fullmatch(domain)] == []
    phones = re.findall(r"^TEL[^:]*:(.*)$", text, re.MULTILINE)
    assert phones
    assert [phone for phone in phones if not RESERVED_PHONE.fullmatch(phone)] == []


def test_the_list_of_samples_names_every_file() -> None:
    listed = set(re.findall(r"^\| `([^`]+)`", (SAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"phone.vcf", "broken.vcf"} <= listed
    assert all((SAMPLES / name).exists() for name in listed)


def test_no_line_of_the_phone_is_longer_than_the_standard_allows() -> None:
    lines = (SAMPLES / "phone.vcf").read_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
