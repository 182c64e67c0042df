"""`crm plugins new`: what is asked, where it goes, and that nothing is written over."""

from __future__ import annotations

import stat
import sys

import pytest

from crm_core.scaffold import PARTS


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty folder to be in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    yield folder
    for name in [name for name in sys.modules if name.startswith("crm-plugins")]:
        del sys.modules[name]


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_distribution_is_made_in_a_folder_of_its_name(crm, here):
    result = crm.ok("plugins new coffee --with steps --with command")
    assert result.out == "Made coffee: the plugin crm_coffee, with steps for the agenda and a command\n"
    assert result.err.splitlines() == [
        "Next, in the environment that crm runs in:",
        "  cd coffee",
        '  pip install -e ".[dev]"',
        "  pytest",
        "  crm plugins show crm_coffee",
    ]
    assert tree(here) == [
        "coffee/.github/workflows/tests.yml",
        "coffee/.gitignore",
        "coffee/README.md",
        "coffee/crm_coffee/__init__.py",
        "coffee/crm_coffee/cli.py",
        "coffee/crm_coffee/py.typed",
        "coffee/crm_coffee/steps.py",
        "coffee/pyproject.toml",
        "coffee/tests/conftest.py",
        "coffee/tests/test_coffee.py",
    ]
    assert stat.S_IMODE((here / "coffee").stat().st_mode) == stat.S_IMODE((here / "coffee/tests").stat().st_mode)
    assert not crm.home.exists()


def test_it_may_be_another_folder(crm, here):
    crm.ok("plugins new coffee -o 'deep/my plugin'")
    assert (here / "deep/my plugin/crm_coffee/steps.py").exists()
    assert "cd 'deep/other one'" in crm.ok("plugins new coffee -o 'deep/other one'").err


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_nothing_is_written_over(crm, here, there):
    place = here / "coffee"
    {"file": place.touch, "folder": place.mkdir, "link": lambda: place.symlink_to("nowhere")}[there]()
    result = crm("plugins new coffee")
    assert (result.code, result.out) == (2, "")
    assert "coffee is there already" in result.err
    assert tree(here) == (["coffee"] if there == "file" else [])


def test_who_made_it_and_when_is_taken_from_the_settings(crm, here):
    crm.ok("me set name 'Ana Silva'")
    crm.ok("plugins new coffee --license MIT")
    assert "Copyright (c) 2026 Ana Silva" in (here / "coffee/LICENSE").read_text()
    assert 'authors = [{ name = "Ana Silva" }]' in (here / "coffee/pyproject.toml").read_text()


def test_without_a_terminal_nothing_is_asked_and_nothing_given_away(crm, here):
    result = crm.ok("plugins new coffee")
    assert "with steps for the agenda\n" in result.out
    assert not (here / "coffee/LICENSE").exists()


def test_at_a_terminal_each_part_and_the_licence_are_asked_for(crm, here):
    result = crm.ok("plugins new coffee", typed="y\nn\ny\nn\nn\nn\nn\ny\n")
    assert result.out == "Made coffee: the plugin crm_coffee, with steps for the agenda and a kind of record\n"
    assert result.err.count("Does it add ") == len(PARTS)
    assert (here / "coffee/LICENSE").exists()


def test_what_is_given_is_not_asked(crm, here):
    result = crm.ok("plugins new coffee --with letter --license none", typed="")
    assert "Does it add" not in result.err
    assert tree(here / "coffee/crm_coffee") == ["__init__.py", "letter.py", "py.typed"]


def test_who_wants_nothing_gets_steps(crm):
    assert "with steps for the agenda\n" in crm.ok("plugins new coffee", typed="\n" * 8).out


def test_the_end_of_input_ends_it_with_nothing_made(crm, here):
    result = crm("plugins new coffee", typed="y\n")
    assert (result.code, tree(here)) == (1, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("quota", "There is a plugin crm_quota already, in crm_core"),
        ("crm-quota", "There is a plugin crm_quota already"),
        ("contact --with command", "A command called 'contact' is there already: the core's"),
        ("reflect --with command", "A command called 'reflect' is there already: crm_reflection's"),
        ("thank-you --with letter", "A kind of letter called 'thank-you' is there already: crm_thankyou's"),
        ("json --with importer", "An importer called 'json' is there already: the core's"),
        ("json --with exporter", "An exporter called 'json' is there already: the core's"),
        ("'a b'", "can't be a plugin's name"),
        ("../up", "can't be a plugin's name"),
        ("coffee --with cake", "'cake'"),
        ("coffee --license GPL", "'GPL'"),
        ("coffee --one-file -o there", "--one-file goes into the plugins folder"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_made(crm, here, words, said):
    result = crm(f"plugins new {words}")
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert tree(here.parent) == []


def test_a_word_that_is_taken_elsewhere_is_free_for_another_part(crm):
    crm.ok("plugins new contact --with steps")


def test_a_single_file_goes_into_the_plugins_folder_and_is_not_on_yet(crm, here):
    result = crm.ok("plugins new coffee --one-file --with steps --with record --with command")
    path = crm.home / "plugins/coffee.py"
    assert result.out.startswith(f"Made {path}: the plugin coffee, with steps for the agenda, a command and a kind ")
    assert result.err == "Make it yours, then switch it on: crm plugins on coffee\n"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert tree(here) == []
    assert crm("coffee list").code == 2

    crm.ok("plugins on coffee")
    crm.ok("interview log Acme --at 'yesterday 14:00'")
    assert "Coffee: follow up on the interview at Acme" in crm.ok("agenda").out
    crm.ok("coffee add Acme 'They will call'")
    assert "Coffee: follow up" not in crm.ok("agenda").out
    assert [row["text"] for row in crm.ok("coffee list --json").items] == ["They will call"]
    assert [found["id"] for found in crm.ok("find call --json").items] == ["coffee1"]
    again = crm("plugins new coffee --one-file")
    assert again.code == 2
    assert str(path) in again.err


def test_it_can_be_made_whatever_plugins_are_broken(crm, here, install):
    install("moonstruck", "1 / 0")
    crm.ok("plugins new coffee --with command")
    assert (here / "coffee/crm_coffee/cli.py").exists()
