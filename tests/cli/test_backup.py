"""`crm backup` and `crm restore`: copies of the book, and the way back from whatever happened to it."""

import os
import re
import stat
from pathlib import Path

import pytest

from crm_core.testing import Crm, Result


@pytest.fixture
def book(crm: Crm) -> Path:
    """The file of a book with three people, one of whom has a promise."""
    for name in ("Ana Silva", "Ben Okoro", "Cara Lund"):
        crm.ok("contact", "add", name)
    crm.ok("promise add 'send the slides' --to Ana")
    return crm.home / "book.json"


def names(crm: Crm) -> list[str]:
    return [person["name"] for person in crm.ok("contact list --json").items]


def suggested(refusal: Result) -> list[str]:
    """The command that a refusal says to type."""
    command = re.search(r"crm (restore \S+)", refusal.err)
    assert command, refusal.err
    return command[1].split()


def test_a_copy_lies_among_the_backups_and_is_told_with_its_size(crm: Crm, book: Path):
    result = crm.ok("backup")

    made = crm.home / "backups" / "b00002-20261123T110000Z-manual.json"
    assert made.read_bytes() == book.read_bytes()
    assert str(made) in result.out
    assert "4 records" in result.out
    assert re.search(r"\d+(\.\d)? (bytes|kB)", result.out)


def test_a_copy_goes_where_it_is_wanted(crm: Crm, book: Path, tmp_path: Path):
    wanted = tmp_path / "usb" / "copy.json"
    wanted.parent.mkdir()

    copied = crm.ok("backup", str(wanted), "--json").item

    assert wanted.read_bytes() == book.read_bytes()
    assert stat.S_IMODE(wanted.stat().st_mode) == 0o600
    assert copied == {
        "id": "", "file": str(wanted), "revision": 4, "records": 4, "bytes": len(book.read_bytes()),
    }  # fmt: skip


def test_in_a_folder_a_copy_gets_a_name_that_says_when(crm: Crm, book: Path, tmp_path: Path):
    crm.ok("backup", str(tmp_path))

    assert (tmp_path / "book-20261123T110000Z.json").read_bytes() == book.read_bytes()


def test_a_file_that_is_there_is_written_over_only_by_force(crm: Crm, book: Path, tmp_path: Path):
    mine = tmp_path / "mine.json"
    mine.write_bytes(b"precious")

    refused = crm("backup", str(mine))
    assert (refused.code, mine.read_bytes()) == (2, b"precious")
    assert "--force" in refused.err

    crm.ok("backup", str(mine), "--force")
    assert mine.read_bytes() == book.read_bytes()


@pytest.mark.parametrize("way", ["book.json", "link.json", "hard.json"])
def test_the_book_is_no_copy_of_itself(crm: Crm, book: Path, way: str):
    before = book.read_bytes()
    (crm.home / "link.json").symlink_to(book)
    (crm.home / "hard.json").hardlink_to(book)

    result = crm("backup", str(crm.home / way), "--force")

    assert (result.code, book.read_bytes()) == (2, before)
    assert "book itself" in result.err


def test_of_no_book_there_is_no_copy(crm: Crm, tmp_path: Path):
    for words in (["backup"], ["backup", str(tmp_path / "copy.json")]):
        result = crm(*words)
        assert result.code == 2
        assert "no book yet" in result.err
    assert not (tmp_path / "copy.json").exists()
    assert crm.ok("backup --list --json").items == []


def test_list_is_a_list_as_everywhere_and_no_file_of_that_name(crm: Crm, book: Path, monkeypatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    crm.ok("backup")
    assert crm.ok("backup list --json").items == crm.ok("backup --list --json").items != []
    assert not (tmp_path / "list").exists()


def test_a_copy_that_can_not_be_written_is_an_error(crm: Crm, book: Path, tmp_path: Path):
    result = crm("backup", str(tmp_path / "nowhere" / "copy.json"))

    assert result.code == 1
    assert "nowhere" in result.err


def test_a_copy_elsewhere_says_that_photos_are_not_in_it(crm: Crm, book: Path, tmp_path: Path):
    opened = crm.book
    with opened.change("a photo"):
        opened.attach(b"\xff\xd8\xff picture")

    assert "Photos are not in it: 1 in" in crm.ok("backup", str(tmp_path)).err
    assert "Photos" not in crm.ok("backup").err


def test_backups_are_listed_the_newest_first_with_what_is_in_them(crm: Crm, book: Path):
    crm.ok("backup")
    crm.today = "2026-11-24T09:30"
    crm.ok("contact add 'Dora Pym'")
    (crm.home / "backups" / "b00002-20261123T110000Z-manual.json").write_bytes(b"oops")

    rows = crm.ok("backup --list --json").items
    shown = crm.ok("backup --list", columns=100).out

    assert [(row["id"], row["reason"], row["records"], row["revision"], row["state"]) for row in rows] == [
        ("b3", "daily", 4, 4, "good"),
        ("b2", "manual", 0, 0, "is damaged or is not a book"),
        ("b1", "daily", 1, 1, "good"),
    ]
    assert [row["at"] for row in rows] == ["2026-11-24T08:30:00Z", "2026-11-23T11:00:00Z", "2026-11-23T11:00:00Z"]
    assert all(Path(row["file"]).exists() for row in rows)
    assert "today 09:30" in shown
    assert "yesterday 12:00" in shown


def test_a_restore_shows_what_would_change_and_asks(crm: Crm, book: Path):
    crm.ok("backup")
    crm.ok("contact edit Ben --title CTO")
    crm.ok("contact remove Ana --yes")
    crm.ok("company add Acme")

    refused = crm("restore b2", typed="n\n")
    assert refused.code == 1
    assert names(crm) == ["Ben Okoro", "Cara Lund"]
    for line in ("contacts: 1 added, 1 changed", "companies: 1 removed", "promises: 1 changed"):
        assert line in refused.err

    crm.ok("restore b2", typed="y\n")
    assert names(crm) == ["Ana Silva", "Ben Okoro", "Cara Lund"]
    assert crm.ok("company list --json").items == []


def test_the_history_names_the_copy_that_was_made_before(crm: Crm, book: Path):
    crm.ok("backup")
    crm.ok("contact add 'Dora Pym'")
    crm.ok("restore b2 --yes")

    newest = crm.ok("history --json").items[0]["id"]
    assert crm.ok("history", newest, "--json").item["backup"] == "b3"
    assert re.search(r"copied before +b3", crm.ok("history", newest).out)
    crm.ok("undo")
    assert "Dora Pym" in names(crm)


def test_a_restore_with_nobody_to_ask_names_the_option(crm: Crm, book: Path):
    crm.ok("backup")
    crm.ok("contact add 'Dora Pym'")

    result = crm("restore b2")

    assert result.code == 2
    assert "--yes" in result.err
    assert "Dora Pym" in names(crm)


def test_a_restore_can_be_taken_back(crm: Crm, book: Path):
    crm.ok("backup")
    crm.ok("contact add 'Dora Pym'")

    told = crm.ok("restore b2 --yes")
    assert "Dora Pym" not in names(crm)
    crm.ok(*suggested(told), "--yes")

    assert "Dora Pym" in names(crm)


def test_restoring_what_is_so_already_changes_nothing(crm: Crm, book: Path):
    crm.ok("backup")
    before = book.read_bytes()

    result = crm.ok("restore b2")

    assert "nothing was changed" in result.out
    assert book.read_bytes() == before
    assert crm.ok("restore b2 --json").item["done"] is False


def test_a_restore_in_json_says_what_changed_and_what_was_kept(crm: Crm, book: Path):
    crm.ok("backup")
    crm.ok("contact add 'Dora Pym'")

    done = crm.ok("restore b2 --yes --json").item

    assert done["changes"] == [{"table": "contacts", "added": 0, "changed": 0, "removed": 1}]
    assert done["done"] is True
    assert Path(done["kept"]).name == "b00003-20261123T110000Z-restore.json"


def test_a_copy_from_elsewhere_makes_a_book_where_there_is_none(crm: Crm, book: Path, tmp_path: Path):
    crm.ok("backup", str(tmp_path / "copy.json"))
    elsewhere = Crm(tmp_path / "other")

    told = elsewhere.ok("restore", str(tmp_path / "copy.json"), "--yes")

    assert names(elsewhere) == names(crm)
    assert "another book" not in told.err
    assert elsewhere.ok("contact add 'Dora Pym' --json").item["id"] == "c4"


def test_a_copy_of_another_book_is_said_to_be_one(crm: Crm, book: Path, tmp_path: Path):
    other = Crm(tmp_path / "other")
    other.ok("contact add 'Zoe Quist'")
    other.ok("backup", str(tmp_path / "theirs.json"))

    told = crm("restore", str(tmp_path / "theirs.json"), typed="n\n")

    assert told.code == 1
    assert "another book" in told.err
    crm.ok("restore", str(tmp_path / "theirs.json"), "--yes")
    assert names(crm) == ["Zoe Quist"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\0" * 99, "damaged or is not a book"),
        (b'{"_default":{"1":{}}}', "another program's file"),
        (b"BEGIN:VCARD", "not a book"),
        (None, "newer version"),
        (b"table", "a table 'contacts' that can't be read"),
    ],
)
def test_what_is_no_book_is_refused(crm: Crm, book: Path, tmp_path: Path, content: bytes | None, said: str):
    from crm_core.store.format import chunks, parse, sealed

    file, before = tmp_path / "file.json", book.read_bytes()
    if content is None:
        content = before.replace(b'"format":1', b'"format":2')
    elif content == b"table":
        tables, meta = parse(before)
        odd = {**tables, "contacts": b'{"one":7}'}
        content = b"".join(chunks(odd, sealed(odd, meta)))
    file.write_bytes(content)

    result = crm("restore", str(file), "--yes")

    assert result.code == 2
    assert said in result.err
    assert book.read_bytes() == before
    assert not list((crm.home / "backups").glob("*restore*"))


@pytest.mark.parametrize("name", ["nowhere.json", "b99", "../../etc", ""])
def test_what_is_not_there_can_not_be_restored(crm: Crm, book: Path, name: str):
    result = crm("restore", name, "--yes")

    assert result.code in {1, 2}
    assert "restore" in result.err or "backup" in result.err


def test_the_book_is_not_restored_from_itself(crm: Crm, book: Path):
    result = crm("restore", str(book), "--yes")

    assert result.code == 2
    assert "book itself" in result.err


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]


DAMAGE = {
    **{f"cut at {percent}%": (lambda data, n=percent: data[: len(data) * n // 100]) for percent in range(100)},
    **{f"flipped at {part}%": (lambda data, n=part: flipped(data, len(data) * n // 100)) for part in (1, 50, 96)},
    "empty": lambda data: b"",
    "zeros": lambda data: b"\0" * len(data),
    "of another program": lambda data: b'{"_default": {"1": {"todo": "buy milk"}}}',
    "a vCard": lambda data: b"BEGIN:VCARD\r\nFN:Ana\r\nEND:VCARD\r\n",
}  # fmt: skip


def test_whatever_happened_to_the_book_the_way_back_is_told_and_works(crm: Crm, book: Path):
    crm.ok("backup")
    whole = book.read_bytes()
    for label, damage in DAMAGE.items():
        damaged = damage(whole)
        book.write_bytes(damaged)

        refused = crm("contact add 'Dora Pym'")
        assert refused.code == 4, label
        assert str(book) in refused.err
        assert str(crm.home / "backups" / "b00002-20261123T110000Z-manual.json") in refused.err
        assert book.read_bytes() == damaged

        told = crm.ok(*suggested(refused), "--yes")
        assert names(crm) == ["Ana Silva", "Ben Okoro", "Cara Lund"], label
        kept = re.search(r"kept as (\S+)", told.err)
        assert kept
        assert Path(kept[1]).read_bytes() == damaged
        Path(kept[1]).unlink()


def test_a_book_that_was_deleted_is_missed_and_comes_back(crm: Crm, book: Path):
    crm.ok("backup")
    book.unlink()

    refused = crm("contact add 'Dora Pym'")
    assert refused.code == crm("agenda").code == 4
    assert "not there any more" in refused.err
    assert not book.exists()

    told = crm.ok(*suggested(refused), "--yes")
    assert "contacts: 3" in told.err
    assert names(crm) == ["Ana Silva", "Ben Okoro", "Cara Lund"]


def test_without_a_good_backup_the_way_out_is_said_too(crm: Crm, book: Path, tmp_path: Path):
    crm.ok("backup", str(tmp_path / "usb.json"))
    for backup in (crm.home / "backups").iterdir():
        backup.write_bytes(b"")
    book.write_bytes(b"")

    refused = crm("contact list")

    assert refused.code == 4
    assert "no good backup" in refused.err
    crm.ok("restore", str(tmp_path / "usb.json"), "--yes")
    assert names(crm) == ["Ana Silva", "Ben Okoro", "Cara Lund"]


def test_in_the_demo_the_way_back_leads_to_the_demo(crm: Crm):
    crm.ok("demo")
    crm.ok("--demo backup")
    (crm.home / "demo" / "book.json").write_bytes(b"")

    refused = crm("--demo contact list")

    assert f"crm --demo {' '.join(suggested_in_demo(refused))}" in refused.err
    crm.ok("--demo", *suggested_in_demo(refused), "--yes")
    assert len(crm.ok("--demo contact list --json").items) > 10
    assert not (crm.home / "book.json").exists()


def suggested_in_demo(refusal: Result) -> list[str]:
    command = re.search(r"crm --demo (restore \S+)", refusal.err)
    assert command, refusal.err
    return command[1].split()


def test_the_demo_begins_without_backups(crm: Crm):
    crm.ok("demo")
    crm.ok("--demo backup")

    crm.ok("demo")

    assert crm.ok("--demo backup --list --json").items == []


def test_a_book_that_may_not_be_read_is_told_the_same_way(crm: Crm, book: Path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    crm.ok("backup")
    book.chmod(0)

    assert crm("contact list").code == 4
