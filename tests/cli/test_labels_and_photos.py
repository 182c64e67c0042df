"""What an address or a number is for, and a person's photo, as they are typed, shown, written out and read back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.cli.reached import Reached, read_reached, say_reached
from crm_core.labels import USUAL_LABELS, usual_label
from crm_core.pictures import LARGEST_PICTURE
from crm_core.records import Contact, Label
from crm_core.testing import Crm

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 47
PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
WORK, CELL, HOME = "+49 30 5550123", "0170 5550125", "mara@home.example"
MARA = ("contact", "add", "Mara Lindqvist", "--phone", f"{WORK} (work)", "--phone", CELL, "--email", f"{HOME} (home)")


@pytest.fixture
def mara(crm: Crm) -> Crm:
    """c1 with a number that is for something, one that is not, and an address."""
    crm.ok(*MARA)
    return crm


@pytest.fixture
def pictures(tmp_path):
    """A folder with two pictures, and with files that are none."""
    for name, data in {
        "mara.jpg": JPEG,
        "mara.png": PNG,
        "text.jpg": b"Mara",
        "empty.jpg": b"",
        "huge.jpg": JPEG[:4] + bytes(LARGEST_PICTURE),
    }.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def labels(crm: Crm, id_: str = "c1") -> dict[str, str]:
    return {label["of"]: label["label"] for label in crm.ok("contact", "show", id_, "--json").item["labels"]}


def lines(crm: Crm, id_: str = "c1") -> list[str]:
    return [line.strip() for line in crm.ok("contact", "show", id_).out.splitlines()]


@pytest.mark.parametrize(
    ("typed", "text", "label"),
    [
        ("+49 30 5550123 (work)", "+49 30 5550123", "work"),
        ("+49 30 5550123 (Mobile)", "+49 30 5550123", "cell"),
        ("+49 30 5550123(Fax, work)", "+49 30 5550123", "work, fax"),
        ("(030) 5550123 (work)", "(030) 5550123", "work"),
        ("030 5550123 (ext. 4)", "030 5550123", "ext. 4"),
        ("030 5550123 (Büro (Nord))", "030 5550123", "Büro (Nord)"),
        ("030 5550123 (phone)", "030 5550123", ""),
        ("030 5550123 ()", "030 5550123", ""),
        ("030 5550123", "030 5550123", None),
        ("(030) 5550123", "(030) 5550123", None),
        ("030 5550123 (4)", "030 5550123 (4)", None),
        ("+44 (0)20 5550123", "+44 (0)20 5550123", None),
        ("030 5550123 (work", "030 5550123 (work", None),
        ("(work)", "(work)", None),
    ],
)
def test_what_stands_in_brackets_is_what_it_is_for(typed: str, text: str, label: str | None):
    assert read_reached(typed) == Reached(text, label)


usual = st.sets(st.sampled_from(USUAL_LABELS), min_size=1).map(", ".join)
own = st.from_regex(r"[A-Za-zé][A-Za-zé .]{0,12}( \([A-Za-z]{1,5}\))?", fullmatch=True)


@given(number=st.from_regex(r"[+(]?[0-9()]*[0-9]", fullmatch=True), label=st.one_of(usual, own).map(usual_label))
def test_what_is_shown_can_be_typed(number: str, label: str):
    said = (Label(of=number, label=label),) if label else ()
    (shown,) = say_reached(Contact(name="Mara", phones=(number,), labels=said), (number,))
    assert read_reached(shown) == Reached(number, label or None)


def test_it_is_shown_beside_the_address_and_the_number(mara: Crm):
    assert {f"phone    {WORK} (work)", CELL, f"e-mail   {HOME} (home)"} <= set(lines(mara))
    assert labels(mara) == {WORK: "work", HOME: "home"}


def test_it_is_seen_where_two_are_compared(mara: Crm):
    mara.ok("contact", "add", "Mara Lindquist", "--new", "--email", HOME, "--phone", f"{WORK} (fax)")
    compared = mara.ok("contact", "duplicates", columns=120, typed="s\n")
    assert f"{WORK} (work)" in compared.out
    assert f"{WORK} (fax)" in compared.out


def test_those_left_alone_keep_it_and_it_goes_with_what_it_was_of(mara: Crm):
    mara.ok("contact", "edit", "c1", "--phone", WORK, "--phone", "0171 5550126 (cell)")
    assert labels(mara) == {WORK: "work", "0171 5550126": "cell", HOME: "home"}
    mara.ok("contact", "edit", "c1", "--phone", "0171 5550126")
    assert labels(mara) == {"0171 5550126": "cell", HOME: "home"}
    mara.ok("contact", "edit", "c1", "--email", "", "--phone", "")
    assert labels(mara) == {}


def test_it_is_corrected_and_taken_away(mara: Crm):
    assert mara.ok("contact", "edit", "c1", "--phone", f"{WORK} (home, fax)", "--phone", CELL).out == (
        "Changed c1 Mara Lindqvist: labels\n"
    )
    assert labels(mara) == {WORK: "home, fax", HOME: "home"}
    mara.ok("contact", "edit", "c1", "--phone", f"{WORK} ()", "--phone", f"{CELL} (mobile)")
    assert labels(mara) == {CELL: "cell", HOME: "home"}


def test_saying_it_again_changes_nothing(mara: Crm):
    assert "is so already" in mara.ok("contact", "edit", "c1", "--phone", f"{WORK} (business)", "--phone", CELL).out
    twice = ("--phone", f"{WORK} (work)", "--phone", WORK, "--phone", CELL)
    assert "is so already" in mara.ok("contact", "edit", "c1", *twice).out


def test_an_email_before_the_brackets_is_checked(crm: Crm):
    refused = crm("contact", "add", "Mara", "--email", "mara (home)")
    assert refused.code == 2
    assert "'mara' is not an e-mail address" in refused.err


def test_a_business_card_says_it_too(mara: Crm):
    added = mara.ok("card", "add", "Mara", "--phone", f"{CELL} (Mobile)", "--email", "m@acme.example (work)", "--json")
    assert (added.item["phone"], added.item["email"]) == (CELL, "m@acme.example")
    assert f"c1 has from it: m@acme.example (work); {CELL} (cell)" in added.err
    assert labels(mara) == {WORK: "work", CELL: "cell", HOME: "home", "m@acme.example": "work"}


def test_a_photo_is_taken_in_described_and_written_out(mara: Crm, pictures):
    mara.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg"))
    assert "photo    a JPEG of 12 kB" in lines(mara)
    target = pictures / "out.jpg"
    assert mara.ok("contact", "photo", "Mara", "-o", str(target)).out == f"Wrote {target}\n"
    assert target.read_bytes() == JPEG
    assert os.name == "nt" or stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_photo_comes_with_a_new_person_and_undo_takes_it_back(crm: Crm, pictures):
    crm.ok("contact", "add", "Ana", "--photo", str(pictures / "mara.png"))
    assert "photo    a PNG of 508 bytes" in lines(crm)
    crm.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg"))
    crm.ok("undo")
    assert "photo    a PNG of 508 bytes" in lines(crm)


def test_a_photo_is_taken_away_and_the_same_one_changes_nothing(mara: Crm, pictures):
    mara.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg"))
    assert "is so already" in mara.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg")).out
    assert mara.ok("contact", "edit", "c1", "--photo", "").out == "Changed c1 Mara Lindqvist: photo\n"
    assert not any(line.startswith("photo") for line in lines(mara))
    gone = mara("contact", "photo", "c1", "-o", str(pictures / "out.jpg"))
    assert (gone.code, gone.err.splitlines()) == (
        2,
        [
            "crm: The book has no photo of c1 Mara Lindqvist",
            "     hint: To give them one: crm contact edit c1 --photo FILE",
        ],
    )
    assert not (pictures / "out.jpg").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("text.jpg", "is no picture that address books read"),
        ("empty.jpg", "is no picture that address books read"),
        ("huge.jpg", "is larger than 4.2 MB"),
        ("nowhere.jpg", "can't be read: no such file or directory"),
        (".", "can't be read"),
        ("nul\0.jpg", "can't be read"),
    ],
)
@pytest.mark.parametrize("command", [("contact", "add", "Ana"), ("contact", "edit", "c1", "--note", "changed")])
def test_what_is_no_photo_is_refused_and_nothing_is_written(mara: Crm, pictures, name: str, said: str, command):
    before = (mara.home / "book.json").read_bytes()
    refused = mara(*command, "--photo", str(pictures / name))
    assert (refused.code, refused.out) == (2, "")
    first, hint = refused.err.splitlines()
    assert said in first
    assert hint.startswith("     hint: ")
    assert (mara.home / "book.json").read_bytes() == before
    assert not (mara.home / "attachments").exists()


def test_a_photo_is_not_written_over_something_or_on_a_terminal(mara: Crm, pictures):
    mara.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg"))
    there = mara("contact", "photo", "c1", "-o", str(pictures / "mara.png"))
    assert (there.code, (pictures / "mara.png").read_bytes()) == (2, PNG)
    mara.ok("contact", "photo", "c1", "-o", str(pictures / "mara.png"), "--force")
    assert (pictures / "mara.png").read_bytes() == JPEG
    shown = mara("contact", "photo", "c1", columns=80)
    assert (shown.code, shown.out) == (2, "")
    assert "crm contact photo c1 -o c1.jpg" in shown.err


def test_a_photo_goes_into_a_pipe_as_it_is(mara: Crm, pictures):
    mara.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg"))
    command = [sys.executable, "-c", "from crm_core.cli.main import run; run()", "contact", "photo", "c1"]
    piped = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "CRM_HOME": str(mara.home)})
    assert piped.stdout == JPEG


def test_a_photo_that_is_lost_is_said_to_be(mara: Crm, pictures):
    mara.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg"))
    for path in (mara.home / "attachments").iterdir():
        path.write_bytes(PNG)
    assert "photo    its file is missing or damaged: crm doctor" in lines(mara)
    assert "is missing or damaged" in mara("contact", "photo", "c1", "-o", str(pictures / "out.jpg")).err


@pytest.mark.parametrize("form", [("vcard",), ("vcard", "--version", "4.0"), ("json",)])
def test_both_come_back_from_what_is_exported(mara: Crm, pictures, tmp_path, form):
    mara.ok("contact", "edit", "c1", "--photo", str(pictures / "mara.jpg"), "--phone", f"{WORK} (work, fax)",
            "--phone", f"{CELL} (only on Sundays)")  # fmt: skip
    file = str(tmp_path / "exported")
    mara.ok("export", *form, "-o", file)
    assert mara.ok("import", file, "--json").items[0]["action"] == "same"

    other = Crm(tmp_path / "other")
    other.ok("import", file)
    assert labels(other) == {HOME: "home", WORK: "work, fax", CELL: "only on Sundays"}
    other.ok("contact", "photo", "c1", "-o", str(tmp_path / "back.jpg"))
    assert (tmp_path / "back.jpg").read_bytes() == JPEG
