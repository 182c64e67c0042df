"""A stranger who does what a page for plugin authors says, line by line, sees what the page shows."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.docs.pages import GUIDES, File, Reader, Typed, acts_of, stranger
from tests.docs.reference import ROOT

CONTRACT = """\
from pathlib import Path

from crm_core.testing import PluginContract


class TestPage(PluginContract):
    plugin = Path("{}")
"""


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Somebody in an empty folder, in the environment of this test."""
    folder = tmp_path / "here"
    folder.mkdir()
    return stranger(folder, Path(sys.executable).parent)


@pytest.mark.parametrize("page", GUIDES)
def test_what_a_page_has_its_reader_do_shows_what_it_says(reader: Reader, page: str):
    acts = list(acts_of(f"plugin-authors/{page}"))
    assert tuple(act.path for act in acts if isinstance(act, File)) == GUIDES[page]
    assert sum(isinstance(act, Typed) for act in acts) >= 8

    for act in acts:
        if isinstance(act, File):
            reader.write(act)
        else:
            assert reader.type(act.command) == act.shown, f"$ {act.command}; see python -m tests.docs.pages"


def test_each_page_for_authors_that_shows_a_command_is_typed():
    """Those on distributions are typed where these can be installed: in `tests/install/test_pages.py`."""
    shown = {
        page.name for page in (ROOT / "docs/plugin-authors").glob("*.md") if "```console" in page.read_text("utf-8")
    }
    assert shown == {*GUIDES, "package.md", "publishing.md"}


def test_who_types_at_a_terminal_is_asked_nothing_either(crm, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pages = [*GUIDES, "package.md", "publishing.md"]
    acts = [act for page in pages for act in acts_of(f"plugin-authors/{page}")]
    begun = [act.command for act in acts if isinstance(act, Typed) and act.command.startswith("crm plugins new ")]
    assert len(begun) == len(pages)

    for number, line in enumerate(begun):
        place = "" if "--one-file" in line else f" -o {number}"
        assert crm.ok(line.removeprefix("crm ") + place, typed="").out.startswith("Made ")


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in GUIDES if page != "first-plugin.md"])
def test_the_plugin_of_a_page_holds_to_the_contract(reader: Reader, page: str):
    """That of the first page does so on the page itself."""
    for act in acts_of(f"plugin-authors/{page}"):
        if isinstance(act, File):
            reader.write(act)
    reader.write(File("conftest.py", 'pytest_plugins = ["crm_core.testing"]\n'))
    reader.write(File("test_page.py", CONTRACT.format(GUIDES[page][0])))

    assert re.fullmatch(r"\d+ passed in 1.00s", reader.type("python -m pytest -q test_page.py").splitlines()[-1])
