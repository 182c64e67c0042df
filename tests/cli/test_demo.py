from __future__ import annotations

import re
import shlex
from datetime import date, timedelta
from pathlib import Path

import pytest

from crm_core.cli.demo import MARKER, SUGGESTED
from crm_core.testing import Crm

SECTIONS = ("Interviews ahead", "Overdue", "Today", "Next 7 days")
FIRST = date(2026, 11, 23)
PRESENTS = [f"{FIRST + timedelta(days=days)}T{at}" for days in range(7) for at in ("00:01", "09:00", "23:59")]


def suggested(out: str) -> list[str]:
    """The command lines under "What to type next"."""
    lines = out.split("What to type next\n")[1].splitlines()
    return [re.split(" {2,}", line.strip())[0] for line in lines]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("present", PRESENTS)
def test_whenever_it_is_made_there_is_something_overdue_today_soon_and_ahead(tmp_path, present):
    crm = Crm(tmp_path / "crm", present)
    out = crm.ok("demo").out
    assert [title for line in out.splitlines() if (title := line.split(" (")[0]) in SECTIONS] == list(SECTIONS)
    ahead = out.split("Overdue")[0]
    assert ahead.count(", with ") == 2


@pytest.mark.parametrize("present", PRESENTS)
def test_whenever_it_is_made_one_thank_you_is_past_due_but_not_late_and_one_is_due_within_hours(tmp_path, present):
    crm = Crm(tmp_path / "crm", present)
    crm.ok("demo")
    thanks = [step for step in crm.ok("--demo agenda --plugin thankyou --json").items if step["state"] != "done"]
    now = f"{present}:00+01:00"
    assert [step["due"] < now < step["late"] for step in thanks] == [True, False]
    assert all(now < step["late"] for step in thanks)
    assert thanks[1]["due"] > now


def test_the_quota_has_two_of_five_applications(crm):
    crm.ok("demo")
    (step,) = crm.ok("--demo agenda --plugin quota --json").items
    assert step["why"].startswith("2 of 5 this week")


def test_who_was_thanked_already_is_done_and_not_asked_for_again(crm):
    crm.ok("demo")
    steps = crm.ok("--demo agenda --all --plugin thankyou --json").items
    assert {step["title"] for step in steps if step["state"] == "done"} >= {"Thank Petra Zoltan"}


def test_five_commands_are_suggested_and_each_of_them_works(crm):
    commands = suggested(crm.ok("demo").out)
    assert len(commands) == SUGGESTED
    assert len({command.split()[2] for command in commands}) == SUGGESTED
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "crm"
        assert words[0] == "--demo"
        assert crm.ok(*words).out.strip()


def test_the_step_suggested_as_done_is_the_first_on_the_screen(crm):
    out = crm.ok("demo").out
    handle = next(command.split()[-1] for command in suggested(out) if " done " in command)
    first = re.split(r"Overdue \(\d+\)\n", out)[1].split(maxsplit=1)[0]
    assert handle == first


def test_every_command_that_the_agenda_shows_is_for_the_demo(crm):
    out = crm.ok("demo").out
    shown = re.findall(r"^ {8}(crm .*)$", out, re.MULTILINE)
    assert shown
    assert all(command.startswith("crm --demo ") for command in shown)
    assert out.count("crm ") == out.count("crm --demo ")


def test_the_agenda_of_the_demo_is_the_one_that_the_demo_printed(crm):
    printed = crm.ok("demo").out.split("\nWhat to type next")[0]
    assert crm.ok("--demo").out == printed


def test_it_works_without_plugins_and_suggests_the_cores_commands(crm):
    result = crm.ok("--no-plugins demo")
    commands = suggested(result.out)
    assert "Overdue" not in result.out
    assert len(commands) == SUGGESTED
    for command in commands:
        assert crm.ok("--no-plugins", *shlex.split(command)[1:]).out.strip()


def test_what_was_done_to_the_demo_is_gone_when_it_is_made_again(crm):
    before = crm.ok("demo").out
    crm.ok('--demo contact add "Somebody Else"')
    crm.ok('--demo me set name "Somebody Else"')
    assert len(crm.ok("--demo contact list --json").items) == 31
    assert crm.ok("demo").out == before
    assert len(crm.ok("--demo contact list --json").items) == 30
    assert crm.ok("--demo me --json").item["name"] == "Robin Vale"


def test_a_damaged_demo_is_made_again(crm):
    crm.ok("demo")
    (crm.home / "demo" / "book.json").write_bytes(b"{")
    (crm.home / "demo" / "config.toml").write_bytes(b"[[[")
    assert crm("--demo").code != 0
    assert crm.ok("demo").out


def test_the_demo_is_the_same_with_the_option_as_without(crm):
    assert crm.ok("--demo demo").out == crm.ok("demo").out
    assert not (crm.home / "demo" / "demo").exists()


def test_robin_lives_in_the_users_time_zone(crm):
    crm.ok("demo")
    assert crm.ok("--demo me --json").item["timezone"] == "Europe/Berlin"
    crm.ok("me set timezone Asia/Tokyo")
    crm.ok("demo")
    assert crm.ok("--demo me --json").item["timezone"] == "Asia/Tokyo"


def test_the_users_own_files_are_not_touched(crm):
    crm.ok('company add "Acme"')
    crm.ok("me set name Ana")
    before = files(crm.home)
    crm.ok("demo")
    crm.ok("--demo contact list")
    after = files(crm.home)
    assert {name: after[name] for name in before} == before
    assert {name.split("/")[0] for name in after.keys() - before.keys()} == {"demo"}


def test_a_book_named_by_crm_book_is_neither_touched_nor_used(crm, tmp_path):
    crm.environ["CRM_BOOK"] = str(tmp_path / "own.json")
    crm.ok('company add "Acme"')
    before = (tmp_path / "own.json").read_bytes()
    crm.ok("demo")
    crm.ok("--demo")
    assert (tmp_path / "own.json").read_bytes() == before
    assert len(crm.ok("company list --json").items) == 1


def test_a_book_of_the_users_in_the_demos_folder_is_not_deleted(crm):
    own = crm.home / "demo" / "book.json"
    crm.environ["CRM_BOOK"] = str(own)
    crm.ok('company add "Acme"')
    before = files(crm.home)
    refused = crm("demo")
    assert refused.code == 2
    assert str(own) in refused.err
    assert files(crm.home) == before


@pytest.mark.parametrize("name", ["book.json", "anything.json"])
def test_not_even_in_a_folder_that_the_demo_made_itself(crm, name):
    crm.ok("demo")
    own = crm.home / "demo" / name
    own.unlink(missing_ok=True)
    crm.environ["CRM_BOOK"] = str(own)
    crm.ok('company add "Acme"')
    before = files(crm.home)
    assert crm("demo").code == 2
    assert files(crm.home) == before


def test_a_link_that_makes_the_demos_folder_the_users_own_is_seen_through(crm):
    crm.ok('company add "Acme"')
    (crm.home / "demo").symlink_to(crm.home)
    before = files(crm.home)
    assert crm("demo").code == 2
    assert files(crm.home) == before


def test_another_homes_book_that_happens_to_lie_there_is_not_deleted(tmp_path):
    other = Crm(tmp_path / "crm" / "demo")
    other.ok('company add "Acme"')
    before = files(tmp_path)
    refused = Crm(tmp_path / "crm")("demo")
    assert refused.code == 2
    assert "did not make" in refused.err
    assert files(tmp_path) == before


def test_other_files_in_the_demos_folder_stay(crm):
    crm.ok("demo")
    folder = crm.home / "demo"
    (folder / "letter.txt").write_text("mine")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "history").write_text("mine")
    (folder / "history").mkdir()
    (folder / "history" / "h1.json").write_text("the demo's")
    crm.ok("demo")
    assert (folder / "letter.txt").read_text() == "mine"
    assert (folder / "pictures" / "history").read_text() == "mine"
    assert not (folder / "history").exists()


def test_of_a_link_only_the_link_is_deleted(crm, tmp_path):
    crm.ok("demo")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "h1.json").write_text("mine")
    (elsewhere / "book.json").write_text("mine")
    (crm.home / "demo" / "history").symlink_to(elsewhere)
    (crm.home / "demo" / "book.json").unlink()
    (crm.home / "demo" / "book.json").symlink_to(elsewhere / "book.json")
    crm.ok("demo")
    assert files(elsewhere) == {"h1.json": b"mine", "book.json": b"mine"}
    assert not (crm.home / "demo" / "book.json").is_symlink()


def test_the_folder_says_what_becomes_of_it_and_is_private(crm):
    crm.ok("demo")
    folder = crm.home / "demo"
    assert "crm demo" in (folder / MARKER).read_text()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())


def test_it_says_where_the_demo_is_beside_the_data(crm):
    result = crm.ok("demo")
    assert str(crm.home / "demo") in result.err
    assert str(crm.home) not in result.out


def test_before_the_demo_is_made_its_agenda_says_how_to_make_it(crm):
    assert "crm demo" in crm.ok("--demo").out


def test_the_history_says_which_command_made_it(crm):
    crm.ok("demo")
    assert b"crm --demo demo" in (crm.home / "demo" / "book.json").read_bytes()
