"""A disk that is full or fails, or a process that ends, at any call of a command: it is done or not, never half.

Each command is run once to learn what calls it makes; then once for each of them, with that one failing.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from crm_core.store import backups, tiny
from crm_core.testing import Crm, Result
from tests.safety.books import state
from tests.safety.disk import Disk, Ended, Refusal, ending_at, full_from, once
from tests.safety.scripts import cards

MOST: Final = 2
"""Backups of a reason that are kept."""
FAULT: Final = re.compile("fault of crm|Traceback")
UNCONFIRMED: Final = "was written, but the disk did not confirm it"
PICTURE: Final = "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg==\r\n"


class Act(NamedTuple):
    """A command that writes.

    Args:
        words: The command line; `{folder}` stands for the folder of files that it reads and writes.
        calls: How many calls it makes at the least: else it was not run on what it is meant for.
        files: Whether it writes several files, each whole or not at all, so that some may be done when it fails.
    """

    words: str
    calls: int
    files: bool = False


ACTS: Final = {
    "add": Act("contact add 'Zoe Vale'", 10),
    "edit": Act("contact edit c1 --how 'at a fair'", 10),
    "import": Act("import {folder}/few.vcf", 20),
    "import-many": Act("import {folder}/more.vcf", 30),
    "import-photo": Act("import {folder}/photo.vcf", 20),
    "merge": Act("contact merge c1 c2 --yes", 10),
    "remove": Act("contact remove c1 --yes", 10),
    "undo": Act("undo h2", 20),
    "redo": Act("redo", 10),
    "backup": Act("backup", 10),
    "backup-file": Act("backup {folder}/copy.json", 8),
    "restore": Act("restore b1 --yes", 20),
    "forget": Act("forget c5 --yes", 40, files=True),
    "doctor": Act("doctor --fix", 2, files=True),
    "settings": Act("settings set crm_quota.applications 7", 8),
    "me": Act("me set email robin@example.com", 8),
    "plugins": Act("plugins off crm_quota", 8),
    "export-json": Act("export json -o {folder}/book.json", 8),
    "export-vcard": Act("export vcard -o {folder}/people.vcf", 8),
    "export-csv": Act("export csv -o {folder}/people.csv", 8),
    "export-ics": Act("export ics -o {folder}/dates.ics", 8),
    "export-report": Act("export report -o {folder}/report.html", 8),
    "export-vdir": Act("export vdir --company Acme -o {folder}/cards", 15, files=True),
    "card": Act("card mine --force -o {folder}/me.vcf", 8),
    "letter": Act("letter export l1 --force -o {folder}/letter.eml", 8),
}


class Desk:
    """A home and a folder of files that are as at first whenever a command is to be run on them.

    Args:
        crm: The home, with whatever it holds.
        folder: The folder.
        kept: Where to keep copies of both.
    """

    def __init__(self, crm: Crm, folder: Path, kept: Path) -> None:
        self.crm = crm
        self.folder = folder
        self._kept = {crm.home: kept / "home", folder: kept / "folder"}
        for place, copy in self._kept.items():
            shutil.copytree(place, copy)

    def renew(self) -> None:
        for place, copy in self._kept.items():
            shutil.rmtree(place)
            shutil.copytree(copy, place)

    def run(self, act: Act) -> Result:
        return self.crm(*(word.format(folder=self.folder) for word in shlex.split(act.words)))

    def files(self) -> list[Path]:
        """Every file but the lock, which says who had it last."""
        both = [*self.crm.home.rglob("*"), *self.folder.rglob("*")]
        return [path for path in both if path.is_file() and path.name != "book.lock"]

    def halves(self) -> list[Path]:
        """The files that were not written to their end, but for one that lay there at first."""
        return [path for path in self.files() if ".tmp" in path.name and path.name != "book.json.tmp"]

    def now(self) -> dict[str, Any]:
        """What is in the book, and the bytes of each other file that holds something of the user's."""
        ours = {"attachments", "backups", "history"}
        own = [path for path in self.files() if path.parent.name not in ours and not path.name.startswith("book.json")]
        found: dict[str, Any] = {str(path): path.read_bytes() for path in own if not path.name.endswith(".tmp")}
        return {**found, "book": state(self.crm.home / "book.json")}

    def examine(self) -> None:
        """Let the doctor look: all it may find is the file that lay there half written at first."""
        found = self.crm("doctor", "--json").items
        assert [finding["what"] for finding in found if "book.json.tmp" not in finding["what"]] == []


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """See `desk`."""
    place = tmp_path_factory.mktemp("disk")
    crm, folder = Crm(place / "crm"), place / "folder"
    folder.mkdir()
    for name, count in (("first", 4), ("few", 5), ("many", 9), ("more", 9)):
        cards(folder / f"{name}.vcf", count)
    (folder / "photo.vcf").write_text(f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eve Photo\r\n{PICTURE}END:VCARD\r\n")
    crm.ok("me set name Robin")
    crm.ok("import", str(folder / "first.vcf"))
    crm.ok("import", str(folder / "many.vcf"))
    crm.ok("application add Acme Engineer")
    crm.ok("interview log Acme --at 'yesterday 14:00' --with 'Mara Lindqvist'")
    crm.ok("thank")
    for _ in range(MOST + 1):
        crm.ok("log c1 'a quiet coffee'")
        crm.ok("backup")
    crm.ok("contact add 'Ana Silva'")
    crm.ok("undo")
    (crm.home / "book.json.tmp").write_bytes(b"half a bo")
    return Desk(crm, folder, place / "kept")


@pytest.fixture
def desk(furnished: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A book with some people, a history, backups enough that old ones go; a few are many to it."""
    furnished.renew()
    return furnished


@pytest.fixture(autouse=True, scope="module")
def few_are_many() -> Iterator[None]:
    """So that every way of writing is gone without thousands of records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backups, "KEPT", dict.fromkeys(backups.KEPT, MOST))
        patch.setattr(tiny, "BULK", 3)
        patch.setattr(tiny, "IMAGES_INLINE", 6)
        yield


@pytest.mark.parametrize("refusal", [once, pytest.param(full_from, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ACTS)
def test_whichever_call_fails_nothing_is_half_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, refusal: Callable[[int], Refusal]
):
    act, before = ACTS[name], desk.now()
    calls, after = learned(desk, act, monkeypatch)
    for number, call in enumerate(calls, 1):
        desk.renew()
        with Disk(refusal(number)).inserted(monkeypatch):
            result = desk.run(act)
        found = desk.now()
        assert result.code in {0, 1, 4}
        assert not FAULT.search(result.err)
        assert len(re.findall("^crm: |need.? mending$", result.err, re.MULTILINE)) == int(result.code > 0), result.err
        if result.code == 0 or (not act.files and f"{desk.crm.home / 'book.json'} {UNCONFIRMED}" in result.err):
            assert found == after
        elif not act.files and UNCONFIRMED not in result.err:
            assert found == before
        else:
            assert found["book"]["documents"] in (before["book"]["documents"], after["book"]["documents"])
        assert call.startswith("unlink") or desk.halves() == []
        if found != after:
            assert desk.run(act).code == 0
            assert desk.now() == after
            desk.examine()


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["nothing", "unflushed", "unflushed and renames"])
@pytest.mark.parametrize("name", ACTS)
def test_at_whichever_call_the_process_or_the_power_ends_nothing_is_half_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, lost: str
):
    act, before = ACTS[name], desk.now()
    calls, after = learned(desk, act, monkeypatch)
    for number in range(1, len(calls) + 1):
        desk.renew()
        disk = Disk(ending_at(number))
        with disk.inserted(monkeypatch), pytest.raises(Ended):
            desk.run(act)
        if lost != "nothing":
            disk.lose_power(renames="renames" in lost)
        found = desk.now()
        if act.files:
            assert found["book"]["documents"] in (before["book"]["documents"], after["book"]["documents"])
        else:
            assert found in (before, after)
        assert {row["state"] for row in desk.crm.ok("backup --list --json").items} == {"good"}
        if found != after:
            assert desk.run(act).code == 0
            assert desk.now() == after
        desk.crm.ok("doctor", "--fix")


@pytest.mark.parametrize("name", ACTS)
def test_writes_that_take_a_part_only_are_gone_on_with(desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str):
    _, after = learned(desk, ACTS[name], monkeypatch)
    desk.renew()

    with Disk(short=True).inserted(monkeypatch):
        assert desk.run(ACTS[name]).code == 0

    assert desk.now() == after


def learned(desk: Desk, act: Act, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, Any]]:
    """The calls that a command makes when nothing fails, and what there is then."""
    disk = Disk()
    with disk.inserted(monkeypatch):
        assert desk.run(act).code == 0
    assert len(disk.calls) >= act.calls, disk.calls
    after = desk.now()
    disk.lose_power(renames=True)
    assert desk.now() == after
    return disk.calls, after
