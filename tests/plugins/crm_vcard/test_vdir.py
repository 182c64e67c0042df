"""A folder of cards that another program changes too: what goes out, what comes back, and what nobody writes over."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from crm_core import Contact, CrmError
from crm_core.testing import Crm
from crm_vcard import vdir
from crm_vcard.vdir import STATE

KHARD = Path(sys.executable).with_name("khard")
STRANGER = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:;{name};;;\r\nEND:VCARD\r\n"


class Shared:
    """The folder, with what the other program does to it."""

    def __init__(self, crm: Crm, path: Path) -> None:
        self.crm = crm
        self.path = path

    def export(self, *options: str):
        return self.crm("export", "vdir", "-o", str(self.path), "--json", *options)

    def actions(self, *options: str) -> list[tuple[str, str]]:
        """What an export does about each person."""
        return [(file["name"], file["action"]) for file in self.export(*options).items]

    def read(self, *options: str):
        return self.crm("import", str(self.path), "--json", *options)

    def read_actions(self, *options: str) -> list[tuple[str, str]]:
        return [(row["name"], row["action"]) for row in self.read(*options).items]

    def file_of(self, name: str) -> Path:
        """The file with that person's card."""
        (file,) = (path for path in self.path.glob("*.vcf") if f"\nFN:{name}\r\n" in path.read_bytes().decode())
        return file

    def change(self, name: str, before: str, after: str) -> None:
        """The other program changes a card."""
        file = self.file_of(name)
        text = file.read_bytes().decode()
        assert before in text
        file.write_bytes(text.replace(before, after).encode())

    def add(self, file: str, name: str, uid: str) -> None:
        """The other program adds a card."""
        (self.path / file).write_bytes(STRANGER.format(name=name, uid=uid).encode())

    def contents(self) -> dict[str, tuple[bytes, int]]:
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.path.iterdir()}


@pytest.fixture
def shared(crm: Crm, tmp_path: Path) -> Shared:
    """Three people, whose cards were written."""
    crm.ok("contact add 'Ana Silva' --company Acme --email ana@acme.example --tag friend")
    crm.ok("contact add 'Tom Okafor' --phone '+44 7700 900101'")
    crm.ok("contact add 'Mara Lindqvist' --introduced-by Ana --note 'Likes tea, and; such'")
    shared = Shared(crm, tmp_path / "cards")
    assert shared.actions() == [("Ana Silva", "written"), ("Tom Okafor", "written"), ("Mara Lindqvist", "written")]
    return shared


def test_files_are_private_and_the_state_is_hidden(shared):
    uid = shared.crm.book.uid(shared.crm.book.contacts.get("c1"))

    assert {stat.S_IMODE(path.stat().st_mode) for path in shared.path.iterdir()} == {0o600}
    assert stat.S_IMODE(shared.path.stat().st_mode) == 0o700
    assert shared.file_of("Ana Silva").name == f"{uid}.vcf"
    assert {path.name for path in shared.path.iterdir() if path.suffix != ".vcf"} == {STATE}


def test_what_was_written_is_read_back_as_the_same(shared):
    stored = (shared.crm.home / "book.json").read_bytes()

    assert [action for _, action in shared.read_actions()] == ["same"] * 3
    assert (shared.crm.home / "book.json").read_bytes() == stored


def test_a_second_export_touches_nothing(shared):
    before = shared.contents()

    assert [action for _, action in shared.actions()] == ["same"] * 3
    assert shared.contents() == before


def test_what_changed_in_the_book_is_written(shared):
    shared.crm.ok("contact edit c2 --address 'Leeds'")

    assert shared.actions() == [("Ana Silva", "same"), ("Tom Okafor", "written"), ("Mara Lindqvist", "same")]
    assert b"Leeds" in shared.file_of("Tom Okafor").read_bytes()


def test_what_another_program_changed_is_not_written_over_but_read(shared):
    shared.change("Tom Okafor", "900101", "900199")
    theirs = shared.file_of("Tom Okafor").read_bytes()

    refused = shared.export()

    assert refused.code == 3
    assert [file["name"] for file in refused.items if file["action"] == "conflict"] == ["Tom Okafor"]
    assert f"changed by another program: crm import {shared.path} first" in refused.items[1]["reason"]
    assert shared.file_of("Tom Okafor").read_bytes() == theirs
    assert ("Tom Okafor", "updated") in shared.read_actions()
    assert shared.crm.book.contacts.get("c2").phones == ("+44 7700 900199",)
    assert ("Tom Okafor", "same") in shared.actions()


def test_what_went_on_the_other_side_goes_here(shared):
    shared.change("Tom Okafor", "TEL:+44 7700 900101\r\n", "")

    shared.read()

    assert shared.crm.book.contacts.get("c2").phones == ()


def test_changes_of_both_sides_to_different_fields_are_joined(shared):
    shared.change("Tom Okafor", "900101", "900199")
    shared.crm.ok("contact edit c2 --address Leeds")

    assert ("Tom Okafor", "conflict") in shared.actions()
    assert ("Tom Okafor", "updated") in shared.read_actions()
    tom = shared.crm.book.contacts.get("c2")
    assert (tom.phones, tom.address) == (("+44 7700 900199",), "Leeds")
    assert ("Tom Okafor", "written") in shared.actions()
    card = shared.file_of("Tom Okafor").read_bytes()
    assert b"900199" in card
    assert b"Leeds" in card


@pytest.fixture
def clashing(shared: Shared) -> Shared:
    """Both sides have another address for Tom."""
    shared.change("Tom Okafor", "END:VCARD", "ADR:;;Bradford;;;;\r\nEND:VCARD")
    shared.crm.ok("contact edit c2 --address Leeds")
    return shared


def test_a_field_that_both_changed_is_listed_and_the_books_value_stays(clashing):
    result = clashing.read()

    assert result.code == 3
    (row,) = (row for row in result.items if row["action"] == "conflict")
    assert row["conflicts"] == [{"field": "address", "book": "Leeds", "file": "Bradford"}]
    assert clashing.crm.book.contacts.get("c2").address == "Leeds"
    assert clashing.export().code == 3


def test_a_clash_ends_by_taking_either_side(clashing):
    theirs = clashing.file_of("Tom Okafor").read_bytes()

    assert ("Tom Okafor", "written") in clashing.actions("--book-wins")
    assert b"Leeds" in clashing.file_of("Tom Okafor").read_bytes()

    clashing.file_of("Tom Okafor").write_bytes(theirs)
    assert clashing.read("--file-wins").code == 0
    assert clashing.crm.book.contacts.get("c2").address == "Bradford"
    assert clashing.export().code == 0


def test_a_card_that_says_the_same_in_other_words_stays_as_the_other_program_likes_it(shared):
    shared.change("Tom Okafor", "END:VCARD", "REV:20261101T000000Z\r\nEND:VCARD")
    before = shared.contents()

    assert ("Tom Okafor", "same") in shared.read_actions("--dry-run")
    assert [action for _, action in shared.actions()] == ["same"] * 3
    assert shared.contents() == before


def test_a_person_who_was_removed_from_the_book_leaves_the_folder(shared):
    file = shared.file_of("Tom Okafor")
    shared.crm.ok("contact remove c2 --yes")

    assert ("Tom Okafor", "left") in shared.read_actions()
    assert ("Tom Okafor", "removed") in shared.actions()
    assert not file.exists()
    assert [action for _, action in shared.actions()] == ["same"] * 2


def test_a_card_that_was_changed_outlives_its_person(shared):
    shared.change("Tom Okafor", "900101", "900199")
    shared.crm.ok("contact remove c2 --yes")

    assert shared.export().code == 3
    assert ("Tom Okafor", "conflict") in shared.read_actions()
    assert shared.file_of("Tom Okafor").exists()
    assert ("Tom Okafor", "removed") in shared.actions("--book-wins")


def test_a_person_whose_card_another_program_removed_is_reported_and_stays(shared):
    shared.file_of("Tom Okafor").unlink()

    assert ("Tom Okafor", "conflict") in shared.actions()
    (row,) = (row for row in shared.read().items if row["action"] == "left")
    assert (row["name"], row["id"]) == ("Tom Okafor", "c2")
    assert "crm contact remove c2" in row["reason"]
    assert shared.crm.book.contacts.find("c2") is not None


def test_a_removal_elsewhere_ends_by_removing_the_person_or_writing_the_card_again(shared):
    shared.file_of("Tom Okafor").unlink()
    shared.file_of("Ana Silva").unlink()
    shared.crm.ok("contact remove c2 --yes")

    assert ("Ana Silva", "written") in shared.actions("--book-wins")
    assert [action for _, action in shared.read_actions()] == ["same"] * 2
    assert shared.export().code == 0


def test_somebody_who_was_not_asked_for_leaves_the_folder_and_not_the_book(shared):
    assert shared.actions("--tag", "friend") == [
        ("Ana Silva", "same"), ("Tom Okafor", "removed"), ("Mara Lindqvist", "removed"),
    ]  # fmt: skip
    assert shared.read_actions() == [("Ana Silva", "same")]
    assert len(shared.crm.book.contacts) == 3


def test_a_new_file_comes_in_and_is_kept_under_its_name(shared):
    shared.add("0815.vcf", "Ben Carter", "urn:uuid:ben")

    assert "Ben Carter" not in dict(shared.actions())
    assert ("Ben Carter", "added") in shared.read_actions()
    assert ("Ben Carter", "same") in shared.actions()
    ben = next(person for person in shared.crm.book.contacts if person.name == "Ben Carter")
    shared.crm.ok("contact", "edit", ben.id, "--address", "York")
    assert ("Ben Carter", "written") in shared.actions()
    assert shared.file_of("Ben Carter").name == "0815.vcf"
    assert [action for _, action in shared.read_actions()] == ["same"] * 4


def test_files_that_nobody_can_read_are_left_alone(shared):
    (shared.path / "other.vcf").write_text("no card")
    (shared.path / "notes.txt").write_text("mine")
    before = shared.contents()

    assert shared.export().code == 0
    assert shared.contents() == before


def test_a_card_that_is_cut_off_takes_nothing_away(shared):
    file = shared.file_of("Tom Okafor")
    file.write_bytes(file.read_bytes().partition(b"TEL")[0])

    result = shared.read()

    assert result.code == 3
    assert [row["reason"] for row in result.items if row["action"] == "refused"] == [
        "the card is cut off, it says less than was written"
    ]
    assert shared.crm.book.contacts.get("c2").phones == ("+44 7700 900101",)
    assert ("Tom Okafor", "conflict") in shared.actions()


def test_a_card_that_another_program_moved_is_found_by_its_uid(shared):
    shared.file_of("Tom Okafor").rename(shared.path / "moved.vcf")
    shared.crm.ok("contact edit c2 --address Leeds")

    assert [action for _, action in shared.read_actions()] == ["same"] * 3
    assert ("Tom Okafor", "written") in shared.actions()
    assert shared.file_of("Tom Okafor").name == "moved.vcf"


@pytest.mark.parametrize(
    "uid", ["../../outside", ".hidden", "a/b", "urn:uuid:1", "x" * 300, "Zoë", "a\\b", "..", "con\u202e", "-o"]
)
def test_no_uid_leads_out_of_the_folder(crm, tmp_path, uid):
    (tmp_path / "in.vcf").write_text(STRANGER.format(name="Zoe Example", uid=uid.replace("\\", "\\\\")))
    crm.ok("import", str(tmp_path / "in.vcf"))
    shared = Shared(crm, tmp_path / "cards")

    assert shared.actions() == [("Zoe Example", "written")]

    (file,) = (path for path in shared.path.iterdir() if path.name != STATE)
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.vcf", file.name)
    assert len(file.name) < 110
    assert shared.read_actions() == [("Zoe Example", "same")]
    assert shared.actions() == [("Zoe Example", "same")]


def test_uids_that_differ_in_case_alone_have_files_of_their_own(crm, tmp_path):
    shared = Shared(crm, tmp_path / "cards")
    crm.ok("contact add 'Ana Silva'")
    book = crm.book
    with book.change("two of one name"):
        for uid in ("ABC", "abc", "abc"):
            book.contacts.add(Contact(name=f"Zoe {len(book.contacts)}", uid=uid))

    assert [action for _, action in shared.actions()] == ["written"] * 4
    assert len({path.name.casefold() for path in shared.path.glob("*.vcf")}) == 4
    assert [action for _, action in shared.read_actions()] == ["same"] * 4
    assert [action for _, action in shared.actions()] == ["same"] * 4


def test_a_stop_between_a_card_and_the_state_is_made_good(shared):
    state = (shared.path / STATE).read_bytes()
    shared.crm.ok("contact edit c2 --address Leeds")
    shared.crm.ok("contact add Ben")
    shared.export()
    (shared.path / STATE).write_bytes(state)

    assert [action for _, action in shared.read_actions()] == ["same"] * 4
    assert [action for _, action in shared.actions()] == ["same"] * 4
    shared.crm.ok("contact edit c2 --address Bradford")
    assert ("Tom Okafor", "written") in shared.actions()


def test_an_export_that_fails_halfway_remembers_what_it_wrote(shared, monkeypatch):
    shared.crm.ok("contact edit c1 --address Lisbon")
    shared.crm.ok("contact edit c2 --address Leeds")
    write = vdir.write_private_file

    def full(path, data):
        if path == shared.file_of("Tom Okafor"):
            raise CrmError("no space left on device")
        write(path, data)

    monkeypatch.setattr(vdir, "write_private_file", full)
    assert shared.export().code == 1
    monkeypatch.undo()
    shared.crm.ok("contact edit c1 --address Porto")

    assert shared.actions() == [("Ana Silva", "written"), ("Tom Okafor", "written"), ("Mara Lindqvist", "same")]


def test_the_folder_of_another_book_is_left_alone_and_read_as_any_folder(shared, tmp_path):
    other = Shared(Crm(tmp_path / "other"), shared.path)
    other.crm.ok("contact add 'Zoe Example'")
    before = shared.contents()

    refused = other.export()

    assert refused.code == 2
    assert "was written from another book" in refused.err
    assert shared.contents() == before
    assert [action for _, action in other.read_actions()] == ["added"] * 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda state: b"{",
        lambda state: b"[1]",
        lambda state: json.dumps({**state, "version": 99}).encode(),
        lambda state: json.dumps({**state, "cards": {"a": {"file": "../book.json", "text": ""}}}).encode(),
        lambda state: json.dumps({**state, "cards": {"a": {"file": ".crm-vdir.json", "text": ""}}}).encode(),
    ],
)
def test_a_state_that_can_not_be_trusted_stops_both_ways(shared, spoil):
    path = shared.path / STATE
    path.write_bytes(spoil(json.loads(path.read_bytes())))
    before = shared.contents()

    assert (shared.export().code, shared.read().code) == (2, 2)
    assert shared.contents() == before


def test_without_its_state_a_folder_is_known_by_what_it_holds(shared):
    (shared.path / STATE).unlink()
    shared.crm.ok("contact edit c2 --address Leeds")
    shared.change("Ana Silva", "ana@acme.example", "ana@other.example")

    assert shared.actions() == [("Ana Silva", "conflict"), ("Tom Okafor", "written"), ("Mara Lindqvist", "same")]


def test_a_copy_without_names_goes_into_an_empty_folder_only(shared, tmp_path):
    copy = Shared(shared.crm, tmp_path / "copy")

    assert shared.export("--redact").code == 2
    assert copy.export("--redact").code == 0
    assert "Silva" not in "".join(path.read_text() for path in copy.path.iterdir())


@pytest.mark.skipif(not KHARD.exists(), reason="khard is not installed")
def test_khard_reads_it(crm, sample_book, tmp_path):
    shared = Shared(crm, tmp_path / "cards")
    shared.export()
    config = tmp_path / "khard.conf"
    config.write_text(f"[addressbooks]\n[[crm]]\npath = {shared.path}\n[general]\n[contact table]\n[vcard]\n")

    listed = subprocess.run(
        [str(KHARD), "-c", str(config), "list", "--parsable"], capture_output=True, text=True, check=True
    )

    names = sorted(line.split("\t")[1] for line in listed.stdout.splitlines())
    assert names == sorted(person.name for person in sample_book.contacts)
    assert listed.stderr == ""
