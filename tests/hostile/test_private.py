"""Whatever the program writes, only its user may read; nothing is left where it was started or in temporary folders.

Every command is run, one after another, in one home, and what it can write to a file is written to one.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from crm_core.testing import Crm
from tests.hostile.command_lines import CommandLine, command_lines
from tests.hostile.conftest import HostileHome

LETTER: Final = ("Dear Mara, thank you. I keep thinking about the docking service. Robin",)
WRITES: Final = frozenset({"--output", "--html"})
"""Options that name a file to write."""
PEOPLE: Final = 1_200
"""So many in one import that what undoes it goes into a file of its own."""
PICTURE: Final = b"\x89PNG\r\n\x1a\n" + bytes(64)


def writing(line: CommandLine, folder: Path) -> Iterator[tuple[str, ...]]:
    """A command line as it is, and once more for each option that names a file to write."""
    yield line.words
    for option in line.command.params:
        if WRITES & {*option.opts} and not option.required:
            name = "-".join(line.path.split()[1:])
            yield (*line.words, option.opts[0], str(folder / f"{name}.out"))


def entered(crm: Crm, tmp_path: Path) -> None:
    """What the commands with their usual words don't write: many people at once, pictures, a letter to an .eml."""
    cards = "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:Person {n}\nEND:VCARD\n" for n in range(PEOPLE))
    (tmp_path / "many.vcf").write_text(cards)
    picture = tmp_path / "card.png"
    picture.write_bytes(PICTURE)
    crm.ok("import", str(tmp_path / "many.vcf"))
    crm.ok("card", "add", "c1", "--image", str(picture))
    crm.ok("letter", "edit", "l2", "--subject", "Thank you", "--body", *LETTER)
    crm.ok("letter", "export", "l2", "--eml", "--force", "-o", str(tmp_path / "out" / "letter.eml"))
    crm.ok("letter", "export", "l2", "--text", "--force", "-o", str(tmp_path / "out" / "letter.txt"))
    crm.ok("backup", str(tmp_path / "out"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("umask", [0, 0o077], ids=["umask-0", "umask-077"])
def test_all_files_are_private_wherever_they_are(
    tmp_path: Path, alone: None, monkeypatch: pytest.MonkeyPatch, umask: int
):
    here, out, temporary = (tmp_path / name for name in ("here", "out", "temporary"))
    for folder in (here, out, temporary):
        folder.mkdir(mode=0o700)
    monkeypatch.chdir(here)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = os.umask(umask)
    try:
        home = HostileHome(tmp_path / "home" / "crm", ("Ana", "Ben"))
        entered(home.crm, tmp_path)
        codes = {
            line.path: home.crm(*(home.about(words, 2) or ("--",))).code
            for line in command_lines()
            if line.path != "crm plugins new"  # what it makes is no personal data, and to be shown to others
            for words in writing(line, out)
        }
    finally:
        os.umask(before)

    assert sum(code == 0 for code in codes.values()) > len(codes) / 2
    assert list(here.iterdir()) == list(temporary.iterdir()) == []
    written = [path for folder in (home.crm.home, out) for path in (folder, *folder.rglob("*"))]
    assert {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in written if not private(path)} == {}
    assert {"book.json", "book.lock", "config.toml", "letter.eml", "history", "backups"} <= {p.name for p in written}
    assert len([path for path in out.rglob("*") if path.is_file()]) > 5


def private(path: Path) -> bool:
    return stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600)
