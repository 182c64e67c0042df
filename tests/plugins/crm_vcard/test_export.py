"""`crm export vcard`: people out as cards, which other programs read and which come in again without doubles."""

from __future__ import annotations

import base64

import pytest
import vobject
from msgspec.structs import replace

from crm_core.testing import Crm

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CARDS = f"""\
BEGIN:VCARD
VERSION:3.0
N:Lindqvist;Mara;Aino;Dr.;
FN:Dr. Mara Lindqvist
ORG:Bluewater Robotics;Field Data
TITLE:Head of Data
TEL;TYPE=CELL:+49 170 5550101
item1.EMAIL:mara@bluewater.example
item1.X-ABLabel:Conference
ADR;TYPE=WORK:;;Quay 1;Saltmarsh;;12345;Germany
BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-18
NOTE:Met in Paris\\, likes tea
X-CUSTOM;X-P=1:kept as it is
PHOTO;ENCODING=b;TYPE=PNG:{base64.b64encode(PIXEL).decode()}
UID:abc-1
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Tom Okafor
N:Okafor;Tom;;;
END:VCARD
"""


@pytest.fixture
def held(crm: Crm, tmp_path) -> Crm:
    path = tmp_path / "in.vcf"
    path.write_text(CARDS)
    crm.ok(f"import {path}")
    crm.ok("contact edit 'Tom Okafor' --knows Mara --how 'shared a desk' --was-at 'North; Lab'")
    return crm


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_what_goes_out_comes_in_again_as_the_same(held: Crm, tmp_path, version: str):
    path = tmp_path / "out.vcf"
    held.ok(f"export vcard --version {version} -o {path}")

    again = held.ok(f"import {path}")

    assert "2 same" in again.out
    assert "updated" not in again.out
    assert held("history").out.count("imported") == 1


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_an_empty_book_becomes_an_equal_one(held: Crm, tmp_path, version: str):
    path = tmp_path / "out.vcf"
    held.ok(f"export vcard --version {version} -o {path}")
    before = {contact.name: contact for contact in held.book.contacts}
    other = Crm(tmp_path / "other")

    other.ok(f"import {path}")

    after = {contact.name: contact for contact in other.book.contacts}
    assert list(after) == sorted(before)
    mara, tom = (after[name] for name in ("Dr. Mara Lindqvist", "Tom Okafor"))
    assert tom.knows == (mara.id,)
    assert (tom.how, tom.positions) == ("shared a desk", before["Tom Okafor"].positions)
    assert other.book.attachment(mara.photo) == PIXEL
    assert mara.kept == before["Dr. Mara Lindqvist"].kept
    assert mara.labels == before["Dr. Mara Lindqvist"].labels


def test_another_reader_understands_it(held: Crm):
    cards = list(vobject.readComponents(held.ok("export vcard").out))

    mara = cards[0]
    assert mara.fn.value == "Dr. Mara Lindqvist"
    assert (mara.n.value.family, mara.n.value.additional, mara.n.value.prefix) == ("Lindqvist", "Aino", "Dr.")
    assert mara.org.value == ["Bluewater Robotics", "Field Data"]
    assert mara.note.value == "Met in Paris, likes tea"
    assert mara.photo.value == PIXEL
    assert mara.adr.value.city == "Saltmarsh"
    assert mara.contents["x-custom"][0].value == "kept as it is"
    assert cards[1].uid.value.startswith("crm-")


def test_lines_are_folded_and_end_as_the_standard_says(held: Crm, tmp_path):
    path = tmp_path / "out.vcf"
    held.ok("contact", "edit", "Tom Okafor", "--note", "Ünïcode 🚀 " * 40)
    held.ok(f"export vcard -o {path}")

    lines = path.read_bytes().split(b"\r\n")

    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_no_control_character_goes_out(held: Crm, tmp_path, version: str):
    """Another program's UID may hold one, and people are named by theirs."""
    book = held.book
    with book.change("as another program may write it"):
        for contact in book.contacts:
            book.contacts.save(replace(contact, uid=f"{contact.uid}\x1b]0;owned\x07\x00", note="a\x1bb"))

    data = held.ok(f"export vcard --version {version}").out

    assert "KNOWS" in data
    assert not [character for character in data if ord(character) < 32 and character not in "\r\n"]


def test_the_same_book_gives_the_same_bytes(held: Crm):
    assert held.ok("export vcard").out == held.ok("export vcard").out


def test_without_names_nothing_of_a_person_is_left(held: Crm):
    shared = held.ok("export vcard --redact").out

    assert "FN:Person" in shared
    for word in ("Mara", "Lindqvist", "5550101", "bluewater", "Paris", "Quay", "abc-1", "kept as it is", "PHOTO"):
        assert word.lower() not in shared.lower()
