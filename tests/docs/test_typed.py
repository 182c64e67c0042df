"""Every command that a page shows to be typed is typed, in the page's order, and does what it says.

The book is the demo's, as if it were the reader's own; the files that pages name lie in the folder where they type.
"""

from __future__ import annotations

import re
import shlex
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crm_core.testing import Crm
from tests.docs.manual import HAND_WRITTEN, name
from tests.docs.reference import ROOT

# Pages whose commands other tests type, from an empty book, and hold to what they show: `test_readme.py`;
# `test_strangers_path.py` and `tests/install/test_pages.py`, which look that none of their folder is left out.
ELSEWHERE = ("README.md", "docs/tutorial.md", "docs/plugin-authors/")
# What can't be typed in a test, and why not.
NOT_TYPED = {
    "vdirsyncer sync": "another program's; needs a server",
    "crm research add Bluewater bluewater.example": "asks the network",
    "crm research fetch": "asks the network",
    "crm research read f3": "is about news, which come by the network",
    'crm research ask f3 "What does the new site mean for the team?"': "the same",
    "crm social open Mara": "opens a browser",
    "crm plugins on NAME": "NAME stands for the reader's own file",
    "crm doctor --accept": "the book must have been changed by hand; tests/cli/test_doctor.py does that",
}
# What has happened before somebody types what is on a page. Where nothing is said, the book is the demo's.
AFTER_AN_INTERVIEW = (
    "me set name 'Robin Vale'",
    "import phone.vcf",
    "interview log 'Bluewater Robotics' --at 'yesterday 14:00' --with 'Mara Lindqvist' --with 'Tom Okafor'",
    "note add i1 'How the docking service fails over.' --about Mara",
    "note add i1 'The tests take an hour.' --about Tom",
)
MANY_PEOPLE = tuple(f"contact add 'Person {number}' --new" for number in range(1, 60))
BEFORE = {
    "crm_core/cli/topics/letters.md": AFTER_AN_INTERVIEW,
    "docs/how-to/back-up-and-restore.md": (*AFTER_AN_INTERVIEW, "backup", "export json -o exported.json"),
    "docs/how-to/change-many-at-once.md": ("contact add 'Ana Silva' --company Acme",),
    "docs/how-to/duplicates.md": MANY_PEOPLE,
    "docs/how-to/people-and-companies.md": AFTER_AN_INTERVIEW,
    "docs/how-to/take-back-a-change.md": MANY_PEOPLE,
    "examples/crm-coffee/README.md": ("application add Acme Engineer", "contact add 'Ana Silva' --company Acme"),
    "docs/how-to/thank-them.md": AFTER_AN_INTERVIEW,
    "docs/how-to/type-less.md": (*AFTER_AN_INTERVIEW, "thank"),
    "plugins/crm_panel/README.md": (*AFTER_AN_INTERVIEW, "thank"),
    "plugins/crm_promises/README.md": AFTER_AN_INTERVIEW,
    "plugins/crm_referrals/README.md": (*AFTER_AN_INTERVIEW, "contact add 'Ana Silva' --was-at 'Bluewater Robotics'"),
    "plugins/crm_thankyou/README.md": AFTER_AN_INTERVIEW,
}
# Plugins of pages that are about one of somebody else's.
PLUGINS = {"examples/crm-coffee/README.md": "crm_coffee"}
# What somebody types at the questions; an empty text where an editor opens.
ANSWERS = {
    'crm forget "Mara Lindqvist"': "y\n",
    "crm contact edit Mara": "",
    "crm letter edit l1": "",
    "crm letter edit l2": "",
    "crm letter edit l3": "",
    "crm notes Bluewater --edit": "",
    "crm reflect Bluewater --edit": "",
    "crm restore b1": "y\n",
    "crm restore copy.json": "y\n",
    "crm restore exported.json": "y\n",
}
# Commands that are right to end with another exit code: a file holds an entry that is refused.
ENDS = {
    "crm import phone.vcf Connections.csv": 3,
    "crm import Basic_LinkedInDataExport.zip contacts.csv phone.vcf": 3,
}
EDITOR = """\
#!/bin/sh
sed -i 's/\\[\\[[^]]*\\]\\]/a word of my own/g' "$1"
"""
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"\n\n    (?:\$ )?crm( |\n)")


def typed(page: Path) -> Iterator[str]:
    """The lines of a page that are there to be typed, comments aside."""
    for kind, text in BLOCK.findall(page.read_text("utf-8")):
        lines = text.splitlines()
        if kind == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        if kind in {"sh", "console"}:
            yield from (line for line in (line.partition("  # ")[0].rstrip() for line in lines) if line)


PAGES = [page for page in HAND_WRITTEN if not name(page).startswith(ELSEWHERE) and list(typed(page))]


@pytest.fixture
def reader(crm: Crm, tmp_path, monkeypatch) -> Crm:
    """Somebody with an editor, in a folder with the files that pages name."""
    here = tmp_path / "here"
    (here / "Downloads/cards").mkdir(parents=True)
    (here / "Calendar").mkdir()
    for name_ in ("phone.vcf", "Connections.csv"):
        shutil.copy(ROOT / "examples/data" / name_, here)
    shutil.copy(here / "phone.vcf", here / "Downloads/cards")
    (here / "contacts.csv").write_text("First Name,Last Name,E-mail 1 - Value\nNora,Field,nora@example.org\n", "utf-8")
    with zipfile.ZipFile(here / "Basic_LinkedInDataExport.zip", "w") as archive:
        archive.write(here / "Connections.csv", "Connections.csv")
    (here / "ana.jpg").write_bytes(b"\xff\xd8\xff\xe0 a photo")
    editor = tmp_path / "editor"
    editor.write_text(EDITOR, "utf-8")
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.chdir(here)
    return crm


def begin(reader: Crm, before: Sequence[str]) -> None:
    """Do what has happened before; without anything, make the demo's book the reader's own."""
    for line in before:
        reader.ok(line)
    if not before:
        reader.ok("demo")
        for path in (reader.home / "demo").iterdir():
            path.rename(reader.home / path.name)


def run(reader: Crm, line: str) -> None:
    """Type one line: words before `crm` set the environment, as in a shell."""
    words = [str(Path(word).expanduser()) if word.startswith("~/") else word for word in shlex.split(line)]
    place = words.index("crm")
    before = dict(reader.environ)
    reader.environ.update(word.split("=", 1) for word in words[:place])
    result = reader(*(words[place + 1 :] or ["agenda"]), typed=ANSWERS.get(line))
    reader.environ.clear()
    reader.environ.update(before)
    assert result.code == ENDS.get(line, 0), f"$ {line}\n{result.err}"
    assert result.out or result.err


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_says_to_type_can_be_typed(page, reader, with_plugin, monkeypatch):
    if plugin := PLUGINS.get(name(page)):
        monkeypatch.syspath_prepend(page.parent)
        with_plugin(plugin)
    begin(reader, BEFORE.get(name(page), ()))

    for line in typed(page):
        if line not in NOT_TYPED:
            run(reader, line)


def test_nothing_is_left_out_without_need():
    lines = {line for page in HAND_WRITTEN for line in typed(page)}

    assert set(NOT_TYPED) <= lines
    assert {*ANSWERS, *ENDS} <= lines
    assert {name(page) for page in PAGES} >= {*BEFORE, *PLUGINS}


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name)
def test_what_is_to_be_typed_is_marked_as_such(page):
    """In a block of another kind, or in none, it would not be typed by the tests above."""
    text = page.read_text("utf-8")

    assert not INDENTED.search(BLOCK.sub("", text))
    for kind, block in BLOCK.findall(text):
        if kind in {"", "text"}:
            assert not re.match(r"crm (?!.*:$)", block), (
                f"a block that begins with a command is no {kind or 'plain'} one"
            )
