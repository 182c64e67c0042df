"""Twelve kinds of bad plugin: each costs its own part at most, and is named with its version and the cure."""

from __future__ import annotations

import re
import sys

import pytest

from crm_core.host import gates
from tests.core.host.bad_plugins import TWELVE, Harmful
from tests.core.host.conftest import PREFACE

RUN = [bad for bad in TWELVE if bad.state != "shadowed"]


@pytest.fixture
def bad(request, install, monkeypatch) -> Harmful:
    """A bad plugin, installed; patience is shorter than usual, so that nobody waits for the test either."""
    harmful: Harmful = request.param
    module = f"bad_{harmful.name}"
    install(harmful.name, PREFACE + harmful.source.replace("SECONDS", "0.2"), module=module, requires=harmful.requires)
    init = gates.Gates.__init__
    monkeypatch.setattr(gates.Gates, "__init__", lambda self, *a, **kw: init(self, *a, **{**kw, "patience": 0.05}))
    yield harmful
    sys.modules.pop(module, None)


each = pytest.mark.parametrize("bad", TWELVE, indirect=True, ids=lambda bad: bad.name)
each_that_is_run = pytest.mark.parametrize("bad", RUN, indirect=True, ids=lambda bad: bad.name)


@each
def test_every_other_command_works(crm, bad):
    crm.ok("contact add 'Ana Silva'")
    crm.ok("interview log Acme --at 'yesterday 14:00' --with c1")
    assert [person["name"] for person in crm.ok("contact list --json").items] == ["Ana Silva"]
    assert [company["name"] for company in crm.ok("company list --json").items] == ["Acme"]
    assert "\n  contact " in crm.ok("--help").out
    agenda = crm("agenda --json")
    assert agenda.code == (3 if bad.state in {"broken", "failing"} else 0)
    assert {"crm_thankyou", "crm_reflection"} <= {step["plugin"] for step in agenda.items}
    assert "Never shown" not in agenda.out
    assert crm.ok("quota --json").item["quota"] == 5
    assert "Ana Silva" in crm.ok("--no-plugins contact list").out


@each
def test_a_change_can_be_taken_back(crm, bad):
    crm.ok("contact add 'Ana Silva'")
    crm.ok("undo")
    assert crm.ok("contact list --json").items == []


@each_that_is_run
def test_it_is_named_with_its_version_and_the_cure(crm, bad):
    warnings = [line for line in crm(bad.command).err.splitlines() if line.startswith("crm: warning: ")]
    (line,) = warnings
    assert line.startswith(f"crm: warning: plugin {bad.name} 1.0 ")
    assert bad.said.rpartition(": ")[2] in line
    assert f"crm plugins off {bad.name}" in line or "crm --no-plugins" in line


def test_of_one_that_has_a_taken_name_nothing_is_lacking(crm, install):
    install("crm_quota", "1 / 0", module="bad_quota")
    crm.ok("contact add 'Ana Silva'")
    assert crm.ok("contact list").err == ""


@each
def test_crm_plugins_says_what_is_wrong_and_the_cure(crm, bad):
    rows = crm.ok("plugins --json").items
    (row,) = [row for row in rows if row["distribution"] == f"bad_{bad.name}"]
    assert (row["name"], row["version"], row["own"], row["state"]) == (bad.name, "1.0", False, bad.state)
    sys.modules.pop(f"bad_{bad.name}", None)
    shown = crm.ok("plugins", columns=300)
    assert re.search(rf"^{bad.name} .* {bad.state}\b", shown.out, re.MULTILINE)
    if bad.name == "hangs_on_import":  # which is no error
        assert (row["error"], row["import_ms"] > 100) == ("", True)
        assert bad.said in shown.err
    else:
        assert bad.said in row["error"]
        assert f"\n{bad.name}\n  {row['error']}\n  Cure: {row['cure']}\n" in shown.out
    assert {row["state"] for row in rows if row["own"]} == {"loaded"}


@each_that_is_run
def test_it_can_be_switched_off_without_being_run(crm, bad):
    assert crm.ok(f"plugins off {bad.name}").out == f"{bad.name} is off; its records stay in the book\n"
    assert crm.ok("agenda").err == ""
    assert f"bad_{bad.name}" not in sys.modules


def test_ctrl_c_while_one_is_loaded_ends_the_program(crm, install):
    install("slow", "raise KeyboardInterrupt")
    assert (crm("contact list").code, crm("contact list").err) == (1, "crm: interrupted\n")


@pytest.mark.parametrize(
    ("hook", "command"),
    [
        ("crm_steps", "agenda"),
        ("crm_checklist", "checklist"),
        ("crm_search", "find acme"),
        ("crm_summary", "stats"),
    ],
)
def test_what_went_wrong_on_a_screen_crm_plugins_knows_too(crm, install, hook, command):
    install("moonstruck", PREFACE + f"@hookimpl\ndef {hook}(): 1 / 0")
    crm.ok("interview log Acme --at 'yesterday 14:00'")
    assert crm(command).code == 3
    (row,) = [row for row in crm.ok("plugins --json").items if row["name"] == "moonstruck"]
    assert (row["state"], row["error"]) == ("failing", f"{hook}: ZeroDivisionError: division by zero")


@pytest.mark.parametrize(("file", "content"), [("book.json", "{"), ("config.toml", "[[[")])
def test_plugins_are_listed_whatever_the_book_and_the_settings_look_like(crm, install, file, content):
    crm.home.mkdir()
    (crm.home / file).write_text(content)
    assert len(crm.ok("plugins --json").items) >= 12
    assert crm.ok("plugins off crm_quota").code == 0
