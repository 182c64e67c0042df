"""The examples hold to what any plugin must; what crm-coffee does is said by its own tests, run as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from msgspec.structs import replace

from crm_core.testing import PluginContract

EXAMPLES = Path(__file__).parents[2] / "examples"


class TestOneFile(PluginContract):
    plugin = EXAMPLES / "one_file_plugin.py"


class TestWalks(PluginContract):
    plugin = EXAMPLES / "walks.py"
    samples: ClassVar = {"walkers": b"# walkers\nAna Silva\n"}


def test_the_tests_of_crm_coffee_pass_without_installing_it():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=EXAMPLES / "crm-coffee",
        env={**os.environ, "PYTHONPATH": str(EXAMPLES / "crm-coffee"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.fixture
def wishes(crm, with_plugin):
    """`wishes("1990-11-25")`: from when and until when somebody born then is to be wished a happy birthday."""
    with_plugin(EXAMPLES / "one_file_plugin.py")

    def wishes(birthday: str) -> list[str]:
        crm.ok("contact", "add", "Ana Silva", "--new")
        book = crm.book
        with book.change("a birthday"):
            (ana,) = book.contacts
            book.contacts.save(replace(ana, birthday=birthday))
        steps = crm.ok("agenda --json --until 2030-01-01").items
        return [step["due"] for step in steps if step["plugin"] == "one_file_plugin"]

    return wishes


@pytest.mark.parametrize(
    ("birthday", "due"),
    [
        ("1990-11-25", ["2026-11-25", "2027-11-25"]),
        ("19901125", ["2026-11-25", "2027-11-25"]),
        ("--11-21", ["2026-11-21", "2027-11-21"]),
        ("--11-19", ["2027-11-19"]),
        ("1988-02-29", ["2027-02-28"]),
        ("in spring", []),
        ("1990-13-40", []),
    ],
)
def test_a_birthday_is_a_step(wishes, birthday, due):
    assert wishes(birthday) == due


def test_29_february_is_itself_in_a_leap_year(crm, freeze, wishes):
    freeze("2028-02-01")
    assert wishes("1988-02-29") == ["2028-02-29", "2029-02-28"]
