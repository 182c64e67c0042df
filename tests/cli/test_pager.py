"""What is longer than the terminal goes through the user's pager, in a real terminal and with real processes."""

from __future__ import annotations

import os
import sys

import pytest

from crm_core.records import Contact
from tests.cli.terminal import at_terminal

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")

ROWS = 12
PAGER = """\
import sys
lines = sys.stdin.read().splitlines()
print(f"paged {len(lines)} lines, the last: {lines[-1]}")
"""


@pytest.fixture
def seen(crm, tmp_path):
    """Runs a command line on a terminal of 12 lines, with 30 people in the book; gives what is seen there."""
    (tmp_path / "pager.py").write_text(PAGER)
    book = crm.book
    with book.change("a crowd"):
        for number in range(1, 31):
            book.contacts.add(Contact(name=f"Person {number:02}"))

    def run(*words, **environ):
        pager = {"PAGER": f"{sys.executable} {tmp_path / 'pager.py'}"}
        terminal = at_terminal(crm, *words, rows=ROWS, **{**pager, **environ})
        assert terminal.end() == 0, terminal.screen
        first, _, rest = terminal.screen.partition("\n")
        return rest if first.startswith("CRM_TODAY is set") else terminal.screen

    return run


def test_a_list_that_is_longer_than_the_terminal_is_paged(seen):
    assert seen("contact", "list") == "paged 31 lines, the last: c30  Person 30\n"


def test_the_agenda_is_paged_likewise(seen):
    seen("demo")
    assert seen("--demo", "agenda").startswith("paged ")


def test_a_page_of_the_help_is_paged_likewise(seen):
    assert seen("help", "dates").startswith("paged ")


def test_what_fits_is_simply_printed(seen):
    assert seen("contact", "list", "--company", "Acme") == "Nobody is found by that.\n"
    assert seen("contact", "show", "c30").startswith("contact")


@pytest.mark.parametrize("pager", ["", "cat", "/nowhere/less"])
def test_without_a_pager_all_is_printed(seen, pager):
    lines = seen("contact", "list", PAGER=pager).splitlines()
    assert len(lines) == 31
    assert "Person 30" in lines[-1]


def test_json_and_plain_are_not_paged(seen):
    assert seen("contact", "list", "--json").startswith("{")
    assert seen("--plain", "contact", "list").startswith("id: c1; name: Person 01\n")
    assert seen("contact", "list", CRM_PLAIN="1") == seen("--plain", "contact", "list")


def test_whoever_leaves_the_pager_early_ends_the_command_well(seen):
    assert seen("contact", "list", PAGER="true") == ""
