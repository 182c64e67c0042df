"""The fixtures that plugin authors are given, as they would use them."""

from __future__ import annotations

import types
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from crm_core import Step, hookimpl

WALK = """
from crm_core import Step, hookimpl


@hookimpl
def crm_steps(book):
    yield Step(kind="walk", title="Take a walk", why="", starts=book.today, due=book.today)
"""


class Walks:
    """Asks for a walk; an object with hooks."""

    @hookimpl
    def crm_steps(self, book):
        yield Step(kind="walk", title="Take a walk", why="", starts=book.today, due=book.today)


def titles(crm, plugin):
    return [step["title"] for step in crm.ok("agenda --json").items if step["plugin"] == plugin]


def test_an_object_is_a_plugin_for_a_test(crm, with_plugin):
    assert with_plugin(Walks()).name == "walks"
    assert titles(crm, "walks") == ["Take a walk"]
    assert crm.ok("plugins show walks --json").item["state"] == "loaded"


def test_it_may_have_another_name(crm, with_plugin):
    with_plugin(Walks(), "strolls")
    assert titles(crm, "strolls") == ["Take a walk"]


def test_so_is_a_module(crm, with_plugin):
    module = types.ModuleType("crm_walk")
    exec(WALK, vars(module))
    with_plugin(module)
    assert titles(crm, "crm_walk") == ["Take a walk"]


def test_so_is_one_that_can_be_imported(crm, with_plugin, tmp_path, monkeypatch):
    (tmp_path / "crm_stroll.py").write_text(WALK)
    monkeypatch.syspath_prepend(str(tmp_path))
    with_plugin("crm_stroll")
    assert titles(crm, "crm_stroll") == ["Take a walk"]


def test_so_is_a_file_which_stays_as_it_is(crm, with_plugin, tmp_path):
    path = tmp_path / "walk.py"
    path.write_text(WALK)
    path.chmod(0o666)  # as it may be in a clone; what runs is a copy that nobody else can write
    found = with_plugin(path)
    assert Path(found.path) == crm.home / "plugins/walk.py"
    assert titles(crm, "walk") == ["Take a walk"]


def test_one_that_is_installed_is_taken_as_it_is(with_plugin):
    assert with_plugin("crm_quota").distribution == "crm_core"


def test_the_gates_are_the_real_ones(crm, with_plugin):
    with_plugin(SimpleNamespace(crm_stepz=hookimpl(lambda book: ())), "bad")
    result = crm("agenda")
    assert result.code == 3
    assert "did you mean 'crm_steps'?" in result.err


@pytest.mark.parametrize("nothing", ["crm_nowhere", Path("nowhere.py")])
def test_what_is_not_there_is_said_at_once(with_plugin, nothing):
    with pytest.raises(LookupError, match="nowhere"):
        with_plugin(nothing)


def test_it_is_one_tests_alone(crm):
    assert {row["own"] for row in crm.ok("plugins --json").items} == {True}


def test_the_present_is_set_and_moved(crm, freeze):
    assert freeze("2026-12-24").isoformat() == "2026-12-24T12:00:00+01:00"
    assert freeze(date(2026, 12, 25)).hour == 12
    freeze(datetime.fromisoformat("2026-10-24T18:00"))
    assert freeze.travel(days=1).isoformat() == "2026-10-25T18:00:00+01:00"
    assert freeze.travel(hours=-1.5) == freeze.now == crm.book.now
    assert crm.today == "2026-10-25T16:30:00"
    with pytest.raises(ValueError, match="tomorrow"):
        freeze("tomorrow")


def test_the_present_moves_for_command_lines(crm, freeze):
    crm.ok("contact add 'Ana Silva'")
    crm.ok("promise add 'send the slides' --to Ana --by friday")
    state = [crm.ok("agenda --json --all").items[0]["state"]]
    freeze.travel(days=30)
    state.append(next(s["state"] for s in crm.ok("agenda --json --all").items if s["plugin"] == "crm_promises"))
    assert state == ["ahead", "overdue"]


def test_the_sample_book_is_the_demos(crm, sample_book):
    assert len(sample_book.contacts) == 30
    assert len(crm.ok("contact list --json").items) == 30
    with sample_book.change("a test"):
        sample_book.contacts.drop(next(iter(sample_book.contacts)))
    assert len(crm.book.contacts) == 29
