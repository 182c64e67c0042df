"""Works on a small file system until it is full, and goes on when there is room again; fails if anything was lost.

    python -m tests.safety.filling FOLDER

A program of its own since whoever mounts a file system without being root must do it in a namespace of their own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from crm_core.testing import Crm
from tests.safety.books import state
from tests.safety.scripts import cards

SIZE, ROOM = "size=600k", "size=60m"


def fill(folder: Path) -> None:
    """Import until nothing goes any more."""
    files, small = folder / "files", folder / "small"
    for place in (files, small):
        place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", small], check=True)
    crm = Crm(small / "crm")
    full = 0
    for number in range(40):
        book = cards(files / f"people{number}.vcf", 100)
        before = state(crm.home / "book.json") if number else None
        result = crm("import", str(book))
        if result.code == 0:
            continue
        full += 1
        assert result.code == 1, result
        assert "no space left on device" in result.err, result
        assert result.err.count("crm: ") == 1, result
        assert state(crm.home / "book.json") == before
        assert not list(small.rglob("*.tmp"))
        crm.ok("doctor")
    assert 10 < full < 40, full
    people = len(crm.ok("contact list --json").items)
    subprocess.run(["mount", "-o", f"remount,{ROOM}", small], check=True)
    crm.ok("import", str(book))
    assert len(crm.ok("contact list --json").items) == people + 100
    crm.ok("undo --last 2")
    assert len(crm.ok("contact list --json").items) == people - 100


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
