"""`crm forget`: nothing of a person is left in any file of the book, and nobody else loses anything."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from crm_core.errors import CrmError
from crm_core.store import tiny
from crm_core.testing import Crm

MARA = ("Mara", "Lindqvist", "mara@", "960123", "mlindqvist", "quiet coffee", "chief of docks")
"""What only Mara is or was called, or what hung on her says."""


def files_with(crm: Crm, *words: str) -> dict[str, set[str]]:
    """Which files of the home hold which of those words."""
    found = {}
    for path in sorted(crm.home.rglob("*")):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace").casefold()
            if held := {word for word in words if word.casefold() in text}:
                found[path.name] = held
    return found


@pytest.fixture
def met(crm: Crm) -> Crm:
    """A book in which much hangs on Mara, with a merge, a large change, and backups of several of its states."""
    crm.ok("me set name 'Robin Vale'")
    crm.ok("contact add 'Mara Lindqvist' --company Bluewater --email mara@bluewater.example --phone '+44 1632 960123'")
    crm.ok("contact add 'Tom Okafor' --knows Mara --introduced-by Mara")
    crm.ok("contact add 'M. Lindqvist' --profile linkedin:mlindqvist --new")
    crm.today = "2026-11-24T12:00"
    crm.ok("contact merge c1 c3 --yes")
    crm.ok("interview log Bluewater --at 'yesterday 14:00' --role Engineer --with 'Mara Lindqvist' --with Tom")
    crm.ok("log Mara 'a quiet coffee' --by meeting")
    crm.ok("card add Mara --interview Bluewater --title 'chief of docks'")
    crm.ok("note add Bluewater 'wants it done by May' --about Mara")
    crm.ok("promise add 'send the slides' --to Mara")
    crm.ok("thank")
    crm.ok("social asked Mara linkedin")
    crm.ok("backup")
    handle = next(
        step["handle"]
        for step in crm.ok("agenda --all --json").items
        if "c1" in step["key"] and step["state"] != "done"
    )
    crm.ok("skip", handle, "--because", "Mara said no")
    crm.today = "2026-11-25T12:00"
    crm.ok("contact edit Mara --title CEO")
    return crm


def test_nothing_of_them_is_left_in_any_file(met: Crm):
    assert {"book.json", "b00003-20261124T110000Z-manual.json"} <= files_with(met, *MARA).keys()

    done = met.ok("forget c1 --yes --json").item

    assert files_with(met, *MARA) == {}
    assert met("contact show c1").code == met("contact show c3").code == 2
    assert [place["where"] for place in done["places"]] == ["book", "b1", "b2", "b3", "b4"]
    assert done["places"][0]["records"] == {
        "contacts": 1, "cards": 1, "interactions": 1, "letters": 1, "crm_social.follows": 1, "marks": 1,
    }  # fmt: skip


def test_others_keep_what_is_theirs(met: Crm):
    met.ok("forget c1 --yes")

    (tom,) = met.ok("contact list --json").items
    assert (tom["name"], tom["knows"], tom["introduced_by"]) == ("Tom Okafor", [], None)
    (interview,) = met.ok("interview list --json").items
    assert [seat["contact"] for seat in interview["panel"]] == ["c2"]
    (note,) = met.ok("note list --json").items
    assert (note["text"], note["contact"]) == ("wants it done by May", None)
    (promise,) = met.ok("promise list --json").items
    assert (promise["text"], promise["contact"]) == ("send the slides", None)
    assert [row["state"] for row in met.ok("backup --list --json").items] == ["good"] * 4


def test_a_backup_brings_everybody_else_back(met: Crm):
    met.ok("forget c1 --yes")

    met.ok("restore b3 --yes")

    assert [person["name"] for person in met.ok("contact list --json").items] == ["Tom Okafor"]
    assert len(met.ok("note list --json").items) == 1
    assert files_with(met, *MARA) == {}


def test_before_it_is_done_all_is_shown_and_asked_about(met: Crm):
    met.ok("note add Bluewater 'Mara knows the harbour master'")
    before = (met.home / "book.json").read_bytes()

    result = met("forget 'Mara Lindqvist'", typed="n\n")

    assert result.code == 1
    assert (met.home / "book.json").read_bytes() == before
    for line in (
        r"goes with them: .*1 business card \(bc1\), 1 interaction \(x1\), 1 letter \(l1\), 1 follow",
        r"loses its reference: 1 contact \(c2\), 1 interview \(i1\), 1 note \(n1\), 1 promise \(p1\)",
        r"n2  Mara knows the harbour master",
        r"Undo can't bring them back",
        r"its backups \(4\)",
        r"Copies that you made elsewhere",
        r"Forget c1 Mara Lindqvist for good\?",
    ):
        assert re.search(line, result.err), line


def test_what_others_say_of_them_stays_and_is_named(met: Crm):
    met.ok("note add Bluewater 'Mara Lindqvist knows the harbour master'")

    done = met.ok("forget c1 --yes")

    assert "still named by n2" in done.out
    assert "Mara Lindqvist knows the harbour master" in (met.home / "book.json").read_text("utf-8")
    assert files_with(met, *MARA).keys() == {"book.json"}


def test_a_text_that_was_mended_before_is_nowhere_in_the_history(met: Crm):
    met.ok("contact edit Tom --note 'Mara Lindqvist knows him'")
    met.ok("contact edit Tom --note 'somebody knows him'")

    met.ok("forget c1 --yes")

    assert files_with(met, *MARA) == {}


@pytest.mark.parametrize(
    "words", ["forget mar --yes", "forget lindqvist --yes", "forget nobody --yes", "forget c99 --yes"]
)
def test_nobody_is_forgotten_by_a_guess(met: Crm, words: str):
    before = (met.home / "book.json").read_bytes()

    assert met(words).code == 2

    assert (met.home / "book.json").read_bytes() == before


@pytest.mark.parametrize("name", ["mara lindqvist", "c1", "c3"])
def test_the_whole_name_or_an_id_is_enough(met: Crm, name: str):
    met.ok("forget", name, "--yes")

    assert files_with(met, *MARA) == {}


def test_with_nobody_to_ask_the_option_is_named(met: Crm):
    result = met("forget c1")

    assert result.code == 2
    assert "--yes" in result.err


def test_a_second_time_there_is_nothing_left(met: Crm):
    met.ok("forget c1 --yes")
    before = (met.home / "book.json").read_bytes()

    assert "Nothing of c1 is left" in met.ok("forget c1 --yes").out

    assert (met.home / "book.json").read_bytes() == before


def test_somebody_who_was_removed_can_still_be_forgotten(met: Crm):
    met.ok("contact remove c1 --yes")
    assert "book.json" in files_with(met, *MARA)

    told = met.ok("forget c1 --yes")

    assert "who was removed" not in told.out
    assert files_with(met, *MARA) == {}


def test_undo_brings_nobody_back(met: Crm):
    met.ok("forget c1 --yes")

    for _ in range(4):
        met("undo --yes")
        met("undo")

    assert files_with(met, *MARA) == {}
    assert met("contact show c1").code == 2


def test_large_changes_are_cleaned_too(met: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tiny, "IMAGES_INLINE", 2)
    met.ok("contact remove c1 --yes")
    assert "h15.json" in files_with(met, *MARA) or any("history" in str(p) for p in met.home.rglob("h*.json"))

    met.ok("forget c1 --yes")

    assert files_with(met, *MARA) == {}


def test_a_photo_goes_unless_somebody_else_has_the_same(met: Crm):
    def photograph(data: bytes, *people: str) -> Path:
        book = met.book
        with book.change("a photo"):
            name = book.attach(data)
            for person in people:
                book.contacts.save(replace(book.contacts.get(person), photo=name))
        return met.home / "attachments" / name

    both = photograph(b"\xff\xd8\xff the two of them", "c1", "c2")
    hers = photograph(b"\xff\xd8\xff her alone", "c1")

    done = met.ok("forget c1 --yes --json").item

    assert done["attachments"] == 1
    assert not hers.exists()
    assert both.exists()


def test_the_users_own_picture_of_a_card_is_named(met: Crm, tmp_path: Path):
    picture = tmp_path / "mara.jpg"
    picture.write_bytes(b"x")
    met.ok("card", "add", "Mara", "--image", str(picture))

    told = met.ok("forget c1 --yes")

    assert str(picture) in told.err
    assert picture.exists()


def test_a_backup_that_can_not_be_read_is_named_and_offered_for_deletion(met: Crm):
    backup = next((met.home / "backups").glob("*manual*"))
    backup.write_bytes(backup.read_bytes()[:-9])

    result = met("forget c1 --yes")
    assert result.code == 3
    assert f"rm {backup}" in result.err
    assert files_with(met, *MARA).keys() == {backup.name}

    again = met("forget c1", typed="y\nn\n")
    assert (again.code, backup.exists()) == (3, True)
    met.ok("forget c1", typed="y\ny\n")
    assert not backup.exists()
    assert files_with(met, *MARA) == {}


def test_what_was_kept_aside_of_a_damaged_book_is_offered_too(met: Crm):
    (met.home / "book.json").write_bytes((met.home / "book.json").read_bytes()[:-9])
    met.ok("restore b4 --yes")

    assert met("forget c1 --yes").code == 3
    (aside,) = (met.home / "backups").glob("*unreadable*")
    assert files_with(met, *MARA).keys() == {aside.name}


def test_records_of_a_plugin_that_is_off_are_named_and_go_when_it_is_back(met: Crm):
    met.ok("plugins off crm_social")

    result = met("forget c1 --yes")

    assert result.code == 3
    assert "crm_social.follows 1" in result.err
    met.ok("plugins on crm_social")
    met.ok("forget c1 --yes")
    assert met.ok("export json").data["tables"].get("crm_social.follows", []) == []


def test_half_written_files_of_killed_writers_go_too(met: Crm):
    for name in ("book.json.tmp", "backups/b00009-20261124T110000Z-daily.json.tmp", "history/h3.json.7.tmp"):
        path = met.home / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half of Mara Lindqvist")
    mine = met.home / "backups" / "mine.tmp"
    mine.write_bytes(b"mine")

    met.ok("forget c1 --yes")

    assert files_with(met, *MARA) == {}
    assert mine.exists()


def test_whoever_is_stopped_halfway_can_begin_anew(met: Crm, monkeypatch: pytest.MonkeyPatch):
    """The disk fails at the first write, the second ...: each time all files are whole, and once more completes it."""
    whole = {path: path.read_bytes() for path in met.home.rglob("*.json")}
    replace = os.replace
    stopped = 0
    for most in range(20):
        for path, data in whole.items():
            path.write_bytes(data)
        done = 0

        def limited(source: Path, target: Path, most: int = most) -> None:
            nonlocal done
            done += 1
            if done > most:
                raise OSError(5, "Input/output error")
            replace(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", limited)
            result = met("forget c1 --yes")
        if result.code == 0:
            break
        stopped += 1
        assert result.code == 1
        assert "Begin again: crm forget c1" in result.err
        assert met("contact show c1").code == 0
        assert {row["state"] for row in met.ok("backup --list --json").items} == {"good"}
        met.ok("forget c1 --yes")
        assert files_with(met, *MARA) == {}
    assert stopped == 5  # four backups and the book


def test_a_damaged_book_is_restored_first(met: Crm):
    (met.home / "book.json").write_bytes(b"{}")

    result = met("forget c1 --yes")

    assert result.code == 4
    assert "crm restore b4" in result.err


def test_the_history_says_that_it_happened_and_not_to_whom(met: Crm):
    met.ok("forget 'Mara Lindqvist' --yes")

    change = met.book._store.history()[-1]
    assert (change.title, change.command, change.forgotten) == ("forgot c1", "crm forget c1", True)


def test_another_process_does_not_write_them_back(met: Crm):
    other = met.book
    mara, tom = other.contacts.get("c1"), other.contacts.get("c2")
    met.ok("forget c1 --yes")

    for edited in (replace(mara, note="x"), replace(tom, note="x")):
        with pytest.raises(CrmError), other.change("an edit"):
            other.contacts.save(edited)

    assert files_with(met, *MARA) == {}
