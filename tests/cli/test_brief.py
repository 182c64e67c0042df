"""`crm agenda --brief`: right however little it looks at, and never in the way."""

from __future__ import annotations

import stat
import time

import pytest

FAILING = """\
from crm_core import hookimpl

@hookimpl
def crm_steps(book):
    raise RuntimeError("the moon is in the way")
"""


@pytest.fixture
def looked(monkeypatch):
    """How often the agenda was made."""
    from crm_core.cli import agenda

    calls, seen = [], agenda.seen

    def counted(app, **wish):
        calls.append(wish)
        return seen(app, **wish)

    monkeypatch.setattr(agenda, "seen", counted)
    return calls


def numbers(crm):
    """What the agenda itself says."""
    states = [entry["state"] for entry in crm.ok("agenda --json").items]
    return {"overdue": states.count("overdue"), "today": states.count("due")}


def test_nothing_to_do_is_nothing_to_read(crm):
    result = crm.ok("agenda --brief")
    assert (result.out, result.err) == ("", "")
    assert not crm.home.exists()
    assert crm.ok("agenda --brief --json").item == {"overdue": 0, "today": 0}


def test_it_counts_as_the_agenda_does(crm):
    crm.ok("demo")
    found = crm("--demo agenda --brief --json").item
    states = [entry["state"] for entry in crm("--demo agenda --json").items]
    assert found == {"overdue": states.count("overdue"), "today": states.count("due")}
    assert found["overdue"] > 3
    assert crm("--demo agenda --brief").out == f"{found['overdue']} overdue, {found['today']} today\n"
    assert crm("agenda --brief").out == ""


def test_a_second_time_only_what_the_numbers_hang_on_is_looked_at(crm, looked):
    crm.ok("interview log Acme --at 'yesterday 14:00' --with Mara")
    first = crm.ok("agenda --brief").out
    assert first
    assert crm.ok("agenda --brief").out == first
    assert len(looked) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda crm: crm.ok("interview log Beta --at '3 days ago 9:00' --with Jon"),
        lambda crm: crm.ok("undo"),
        lambda crm: crm.ok("settings set crm_reflection.late_hours 1"),
        lambda crm: crm.ok("plugins off crm_reflection"),
        lambda crm: setattr(crm, "today", "2026-11-25T12:00"),
        lambda crm: crm.home.joinpath("brief.json").write_text("{"),
        lambda crm: crm.home.joinpath("brief.json").write_text(
            '{"made_of": "x", "since": 0, "until": 9e99, "brief": {}}'
        ),
        lambda crm: crm.home.joinpath("brief.json").unlink(),
    ],
    ids=["book", "undo", "settings", "plugins", "day", "damaged", "other", "gone"],
)
def test_what_they_hang_on_has_changed_so_they_are_made_anew(crm, looked, change):
    crm.ok("interview log Acme --at 'yesterday 14:00' --with Mara")
    crm.ok("agenda --brief")
    change(crm)
    found = crm.ok("agenda --brief --json").item
    assert len(looked) == 2
    assert found == numbers(crm)


def test_they_hold_a_quarter_of_an_hour_at_most_and_until_the_next_step_is_late(crm, looked, monkeypatch):
    crm.ok("interview log Acme --at 'today 10:30' --length 60m --with Mara")
    at = time.time()
    for later, times in ((0, 1), (14 * 60, 1), (16 * 60, 2), (16 * 60 - 1, 3)):
        monkeypatch.setattr(time, "time", lambda later=later: at + later)
        crm.ok("agenda --brief")
        assert len(looked) == times, later
    crm.ok("interview log Beta --at 'today 11:10' --length 55m")
    looked.clear()
    for later, times in ((20 * 60, 1), (20 * 60 + 4 * 60, 1), (20 * 60 + 6 * 60, 2)):
        monkeypatch.setattr(time, "time", lambda later=later: at + later)
        crm.ok("agenda --brief")
        assert len(looked) == times, later


def test_the_file_is_private_and_says_nothing_of_the_book(crm):
    crm.ok("interview log Acme --at 'yesterday 14:00' --with 'Mara Lindqvist'")
    crm.ok("agenda --brief")
    path = crm.home / "brief.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not any(word in path.read_text() for word in ("Acme", "Mara", "Thank"))


def test_where_it_can_not_be_kept_it_is_said_all_the_same(crm, looked):
    crm.ok("interview log Acme --at 'yesterday 14:00' --with Mara")
    crm.home.joinpath("brief.json").mkdir()
    assert crm.ok("agenda --brief").out == crm.ok("agenda --brief").out != ""
    assert len(looked) == 2


def test_a_plugin_that_fails_is_named_and_its_lack_is_not_kept(crm, install, looked, monkeypatch):
    monkeypatch.delenv("CRM_STRICT", raising=False)
    crm.environ.pop("CRM_STRICT", None)
    crm.ok("interview log Acme --at 'yesterday 14:00' --with Mara")
    install("moonstruck", FAILING)
    for _ in range(2):
        result = crm("agenda --brief")
        assert (result.code, bool(result.out)) == (3, True)
        assert "lacks the part of: moonstruck" in result.err
    assert len(looked) == 2


def test_a_book_that_can_not_be_read_or_is_gone_is_said(crm):
    crm.ok("contact add Mara")
    crm.ok("backup")
    path = crm.home / "book.json"
    path.write_text("{]")
    assert crm("agenda --brief").code == 4
    path.unlink()
    assert crm("agenda --brief").code == 4


@pytest.mark.parametrize("option", ["--all", "--until friday", "--since yesterday", "--plugin quota", "--for c1"])
def test_it_counts_all_or_nothing(crm, option):
    crm.ok("contact add Mara")
    result = crm(f"agenda --brief {option}")
    assert result.code == 2
    assert "--brief counts all" in result.err
