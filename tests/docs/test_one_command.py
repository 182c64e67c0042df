"""The page that follows a command through the code names what is called, in the order in which it is called."""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path

import pytest

from crm_core.cli import main
from tests.docs.reference import ROOT

PAGE = (ROOT / "docs/how-it-works/one-command.md").read_text("utf-8")
_, WRITES, LOOKS = PAGE.split("\n## ")
CORE = str(Path(main.__file__).parents[1]) + "/"


def named(section: str) -> list[tuple[str, str]]:
    """The files and names that a section follows, in its order."""
    return re.findall(r"`([\w/]+\.py): ([\w.]+)`", section)


@pytest.fixture
def called(crm, monkeypatch):
    """Runs a line of the page, and gives each function of the core with its place in the order of first calls."""
    for name, value in crm.environ.items():
        monkeypatch.setenv(name, value)
    threshold = gc.get_threshold()

    def follow(*words: str) -> dict[tuple[str, str], int]:
        places: dict[tuple[str, str], int] = {}

        def note(frame, event, _):
            code = frame.f_code
            if event == "call" and code.co_filename.startswith(CORE):
                file, names = code.co_filename.removeprefix(CORE), code.co_qualname.split(".")
                for end in range(1, len(names) + 1):  # a class is called when anything of it is
                    places.setdefault((file, ".".join(names[:end])), len(places))

        monkeypatch.setattr(sys, "argv", ["crm", *words])
        sys.setprofile(note)
        try:
            with pytest.raises(SystemExit, match="0"):
                main.run()
        finally:
            sys.setprofile(None)
            gc.set_threshold(*threshold)
        return places

    return follow


def held_to(section: str, places: dict[tuple[str, str], int]) -> None:
    names = named(section)
    assert len(names) >= 5
    never = [name for name in names if name not in places]
    assert never == [], "the page names what is not called"
    assert names == sorted(names, key=places.__getitem__), "the page has another order"


def test_the_command_that_writes_goes_as_the_page_says(crm, called):
    crm.ok("contact add 'Mara Lindqvist'")
    assert 'crm interview log "Bluewater Robotics" --at "today 14:00" --with "Mara Lindqvist"' in WRITES

    held_to(WRITES, called("interview", "log", "Bluewater Robotics", "--at", "today 14:00", "--with", "Mara Lindqvist"))

    (interview,) = crm.book.interviews
    assert [seat.contact for seat in interview.panel] == ["c1"]


def test_the_command_that_looks_goes_as_the_page_says(crm, called):
    crm.ok("interview log Acme --at 'yesterday 14:00'")

    held_to(LOOKS, called())
