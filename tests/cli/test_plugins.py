"""`crm plugins`: the list, one in full, on and off, and files in the plugins folder."""

from __future__ import annotations

import sys

import pytest

from crm_core import hookspecs

WHOLE = """
import click
from crm_core import *
from crm_core import Command

class Cup(Record, frozen=True, kw_only=True):
    litres: float = 0.2

class Settings(Section, frozen=True, kw_only=True):
    cups: int = 2

@click.command(epilog="Example: crm coffee")
@pass_book
def coffee(book):
    "Count the cups. And nothing else."
    show_one(None, [("cups", str(book.settings(Settings).cups + len(book.table(Cup))))], as_json=False)

@hookimpl
def crm_commands():
    yield Command("coffee", "Count the cups", target=f"{__name__}:coffee")
    yield click.Command("tea", help="Not for us. No.")

@hookimpl
def crm_records(): yield RecordKind(type=Cup, prefix="cup", label="cup", plural="cups", table="coffee.cups")

@hookimpl
def crm_settings(): return Settings

@hookimpl
def crm_steps(book): yield Step(kind="drink", title="Drink coffee", why="", starts=book.today, due=book.today)

@hookimpl
def crm_letters(): yield LetterKind(name="invitation", label="invitation", subject="Coffee?", body="Dear", family="x")

@hookimpl
def crm_importers():
    yield Importer(name="cups", label="Cups", suffixes=(".cup", ".mug"), sniff=lambda head: False, read=lambda s: [])

@hookimpl
def crm_exporters(): yield Exporter(name="cups", label="Cups", suffix=".cup", write=lambda export: [])
"""


@pytest.fixture
def drop(crm):
    """Put a file into the plugins folder: `drop("coffee", "its source")`."""
    folder = crm.home / "plugins"
    folder.mkdir(parents=True, mode=0o700)

    def put(name: str, source: str = WHOLE):
        path = folder / f"{name}.py"
        path.write_text(source, "utf-8")
        path.chmod(0o600)
        return path

    yield put
    for name in [name for name in sys.modules if name.startswith("crm-plugins")]:
        del sys.modules[name]


def row(crm, name):
    (found,) = [plugin for plugin in crm.ok("plugins --json").items if plugin["name"] == name]
    return found


def test_the_list_says_who_is_there_and_how_they_fare(crm, install):
    install("moonstruck", "1 / 0")
    crm.ok("plugins off crm_quota")
    out = crm.ok("plugins").out
    lines = {line.split()[0]: line.split() for line in out.splitlines() if not line.startswith(" ") and line}
    assert lines["plugin"] == ["plugin", "version", "from", "state", "import", "hooks"]
    assert lines["crm_notes"][1:4] == ["0.1.0", "own", "loaded"]
    assert lines["crm_notes"][5:] == ["ms", "checklist,", "commands,", "done,", "settings,", "steps"]
    assert lines["crm_quota"] == ["crm_quota", "0.1.0", "own", "off"]
    assert out.endswith(
        "\nmoonstruck\n  import: ZeroDivisionError: division by zero\n"
        "  Cure: update moonstruck, or crm plugins off moonstruck\n"
    )
    assert crm.ok("plugins list").out.count("\n") == out.count("\n")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_what_is_wrong_is_readable_on_any_terminal(crm, install, columns):
    install("moonstruck", "raise RuntimeError('the moon is in the way, ' * 5)")
    out = crm.ok("plugins", columns=columns).out
    assert max(map(len, out.splitlines())) <= columns
    assert "Cure: update moonstruck" in out
    assert " loaded" in out


def test_json_has_all_of_it(crm, install):
    install("moonstruck", "1 / 0")
    broken = row(crm, "moonstruck")
    assert broken.pop("import_ms") >= 0
    assert broken == {
        "name": "moonstruck",
        "version": "1.0",
        "distribution": "moonstruck",
        "path": "",
        "origin": "foreign",
        "own": False,
        "state": "broken",
        "hooks": [],
        "deprecated": [],
        "error": "import: ZeroDivisionError: division by zero",
        "cure": "update moonstruck, or crm plugins off moonstruck",
    }
    assert crm.ok("plugins --json").err == ""


def test_one_is_shown_with_all_that_it_brings(crm, drop):
    path = drop("coffee")
    crm.ok("plugins on coffee")
    shown = crm.ok("plugins show coffee --json").item
    assert {key: shown[key] for key in ("commands", "records", "settings", "letters", "importers", "exporters")} == {
        "commands": [{"name": "coffee", "help": "Count the cups"}, {"name": "tea", "help": "Not for us."}],
        "records": [{"label": "cup", "prefix": "cup", "table": "coffee.cups", "unique": []}],
        "settings": {"cups": 2},
        "letters": [{"name": "invitation", "label": "invitation", "family": "x"}],
        "importers": [{"name": "cups", "label": "Cups", "suffixes": [".cup", ".mug"]}],
        "exporters": [{"name": "cups", "label": "Cups", "suffix": ".cup"}],
    }
    text = crm.ok("plugins show coffee").out
    for part in (
        str(path), "loaded, imported in ", "crm coffee: Count the cups", "crm tea: Not for us.",
        "cup (cup1) in coffee.cups", "coffee.cups = 2", "invitation: invitation", "cups: Cups (.cup, .mug)",
    ):  # fmt: skip
        assert part in text


def test_one_that_is_off_or_broken_is_shown_too(crm, install):
    install("moonstruck", "1 / 0")
    assert "ZeroDivisionError" in crm.ok("plugins show moonstruck").out
    crm.ok("plugins off moonstruck")
    assert crm.ok("plugins show moonstruck --json").item["state"] == "off"


@pytest.mark.parametrize("words", ["show", "on", "off"])
def test_an_unknown_name_is_a_mistake(crm, words):
    result = crm(f"plugins {words} nobody")
    assert (result.code, result.out) == (2, "")
    assert "crm plugins" in result.err


def test_a_hook_that_goes_is_shown_with_what_to_use_and_the_cure_and_works_till_then(crm, install, monkeypatch):
    install(
        "moonstruck",
        "from crm_core import Step, hookimpl\n@hookimpl\ndef crm_steps(book):\n"
        "    yield Step(kind='look', title='Look at the moon', why='', starts=book.today, due=book.today)",
    )
    monkeypatch.setitem(hookspecs.crm_steps.crm_core_spec, "warn_on_impl", DeprecationWarning("use crm_moons"))
    crm.only()
    with pytest.warns(DeprecationWarning, match="crm_moons"):
        assert "Look at the moon" in crm.ok("agenda").out
    with pytest.warns(DeprecationWarning, match="crm_moons"):
        assert "\nmoonstruck\n  crm_steps: use crm_moons\n  Cure: update moonstruck\n" in crm.ok("plugins").out
    with pytest.warns(DeprecationWarning, match="crm_moons"):
        shown = crm.ok("plugins show moonstruck --json").item
    assert (shown["state"], shown["error"], shown["cure"]) == ("loaded", "", "update moonstruck")
    assert shown["deprecated"] == ["crm_steps: use crm_moons"]


def test_in_a_file_it_is_mended(crm, drop, monkeypatch):
    path = drop("coffee")
    crm.ok("plugins on coffee")
    monkeypatch.setitem(hookspecs.crm_letters.crm_core_spec, "warn_on_impl", DeprecationWarning("use crm_drafts"))
    crm.only()
    with pytest.warns(DeprecationWarning, match="crm_drafts"):
        assert row(crm, "coffee")["cure"] == f"mend {path}"


def test_the_folder_for_files_is_named_and_not_made(crm):
    assert crm.ok("plugins path").out == f"{crm.home / 'plugins'}\n"
    assert crm.ok("--demo plugins path").out == f"{crm.home / 'plugins'}\n"
    assert not crm.home.exists()


def test_own_ones_go_by_their_short_names(crm):
    assert crm.ok("plugins show quota --json").item["name"] == "crm_quota"


def test_what_is_off_does_nothing_and_keeps_its_records(crm):
    crm.ok("quota pause 2026-12-24 2027-01-03")
    crm.ok("plugins off quota")
    assert crm("quota pauses").code == 2
    crm.ok("plugins on quota")
    assert len(crm.ok("quota pauses --json").items) == 1


def test_a_file_in_the_folder_is_shown_with_the_command_that_switches_it_on(crm, drop):
    path = drop("coffee", "import sys\nsys.exit('run')")
    new = row(crm, "coffee")
    assert (new["state"], new["origin"], new["path"], new["cure"]) == (
        "new",
        "file",
        str(path),
        "crm plugins on coffee",
    )
    assert "To switch it on: crm plugins on coffee" in crm.ok("plugins").out
    assert crm.ok("agenda").err == ""
    assert crm("coffee").code == 2


def test_a_file_is_switched_on_once_and_told_what_it_answers(crm, drop):
    drop("coffee")
    result = crm.ok("plugins on coffee")
    assert result.out == "coffee is on\n"
    assert result.err.startswith("It answers crm_commands, crm_exporters, ")
    assert crm.ok("coffee").out == "cups  2\n"
    assert "Drink coffee" in crm.ok("agenda").out
    crm.ok("settings set coffee.cups 3")
    assert crm.ok("coffee").out == "cups  3\n"
    drop("coffee", WHOLE.replace("Drink coffee", "Drink tea"))
    assert "Drink tea" in crm.ok("agenda").out


def test_a_file_that_is_broken_says_so_when_it_is_switched_on(crm, drop):
    path = drop("coffee", "1 / 0")
    result = crm.ok("plugins on coffee")
    assert "ZeroDivisionError" in result.err
    assert f"Cure: mend {path}, or crm plugins off coffee" in result.err
    assert crm.ok("plugins off coffee").err == ""
    assert crm.ok("agenda").err == ""


def test_a_file_that_others_can_write_is_not_switched_on(crm, drop):
    path = drop("coffee", "import sys\nsys.exit('run')")
    path.chmod(0o666)
    result = crm("plugins on coffee")
    assert (result.code, result.out) == (1, "")
    assert f"chmod go-w {path}" in result.err
    assert row(crm, "coffee")["state"] == "new"
    path.chmod(0o600)
    crm.ok("plugins on coffee")


def test_without_plugins_they_are_listed_and_switched_but_not_run(crm, install):
    install("moonstruck", "import sys\nsys.moon = 'seen'")
    listed = crm.ok("--no-plugins plugins --json")
    assert {plugin["state"] for plugin in listed.items} == {"off"}
    assert "moonstruck" in {plugin["name"] for plugin in listed.items}
    assert "off for this run" in listed.err
    crm.ok("--no-plugins plugins off moonstruck")
    crm.ok("--no-plugins plugins on moonstruck")
    assert not hasattr(sys, "moon")


def test_the_demo_has_the_same_files_and_switches_of_its_own(crm, drop):
    drop("coffee")
    crm.ok("plugins on coffee")
    crm.ok("demo")
    assert "crm --demo plugins on coffee" in crm.ok("--demo plugins").out
    crm.ok("--demo plugins on coffee")
    crm.ok("plugins off coffee")
    assert "Drink coffee" in crm.ok("--demo agenda").out
    assert "Drink coffee" not in crm.ok("agenda").out


def test_calls_are_traced_on_stderr(crm, install):
    install("moonstruck", "from crm_core import hookimpl\n@hookimpl\ndef crm_steps(book, until): raise OSError('moon')")
    crm.environ["CRM_TRACE_PLUGINS"] = "1"
    result = crm("agenda --json")
    assert result.data["items"] == []
    traced = [line for line in result.err.splitlines() if line.startswith("crm: trace: ")]
    assert any(line.startswith("crm: trace: crm_quota: crm_settings() -> QuotaSettings; ") for line in traced)
    assert any(
        "moonstruck: crm_steps(book, until=2026-11-23T12:00+01:00) raised OSError: moon; " in line for line in traced
    )


def test_a_trace_shows_nothing_that_acts_on_a_terminal(crm, install):
    source = "from crm_core import Section, hookimpl\nclass S(Section, frozen=True, kw_only=True): ...\n"
    install("moonstruck", source + "S.__name__ = 'S\\x1b[2J'\n@hookimpl\ndef crm_settings(): return S")
    crm.environ["CRM_TRACE_PLUGINS"] = "1"
    assert "\x1b" not in crm("contact list").err
