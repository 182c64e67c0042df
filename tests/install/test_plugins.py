"""Plugins as others install them: the one that `crm plugins new` makes, and twelve that would do harm."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from crm_core.scaffold import PARTS
from tests.core.host.bad_plugins import TWELVE, Harmful
from tests.core.host.conftest import PREFACE
from tests.install.installing import ROOT, make_wheel, run

pytestmark = pytest.mark.install

HANGS = "hangs_on_import"


def environ(home: Path) -> dict[str, str]:
    return {"CRM_HOME": str(home), "PATH": os.environ["PATH"], "TZ": "Europe/Berlin"}


def test_a_new_plugin_installs_passes_its_tests_and_its_step_is_on_the_agenda(new_environment, tmp_path):
    programs = new_environment("pytest")
    env = environ(tmp_path / "home")

    made = run(
        programs / "crm", "plugins", "new", "coffee", *(f"--with={part}" for part in PARTS), cwd=tmp_path, env=env
    )
    coffee = tmp_path / "coffee"
    run(programs / "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", "-e", coffee)
    tests = run(programs / "pytest", "-q", cwd=coffee, env=env)

    assert made.stdout.startswith("Made coffee: the plugin crm_coffee")
    assert " passed" in tests.stdout
    shown = json.loads(run(programs / "crm", "plugins", "show", "crm_coffee", "--json", env=env).stdout)["item"]
    assert (shown["state"], shown["origin"], shown["version"]) == ("loaded", "foreign", "0.1.0")
    run(programs / "crm", "interview", "log", "Acme", "--at", "yesterday 14:00", env=env)
    assert "Coffee: follow up on the interview at Acme" in run(programs / "crm", env=env).stdout
    run(programs / "crm", "coffee", "add", "Acme", "They will call", env=env)
    assert "Coffee: follow up" not in run(programs / "crm", env=env).stdout

    wheels = tmp_path / "wheels"
    run(programs / "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, coffee)
    assert [built.name for built in wheels.iterdir()] == ["crm_coffee-0.1.0-py3-none-any.whl"]


def test_the_workflow_that_comes_with_a_new_plugin_finds_nothing_wrong_with_it(new_environment, tmp_path):
    """Its commands, one after the other, on a machine that has just checked the plugin out."""
    programs = new_environment()
    env = {
        **os.environ,
        **environ(tmp_path / "home"),
        "PATH": os.pathsep.join((str(programs), os.environ["PATH"])),
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
    }
    run(programs / "crm", "plugins", "new", "coffee", *(f"--with={part}" for part in PARTS), cwd=tmp_path, env=env)
    (workflow,) = (tmp_path / "coffee" / ".github" / "workflows").iterdir()
    commands = re.findall(r"^ +- run: (.+)$", workflow.read_text("utf-8"), re.MULTILINE)

    assert len(commands) == 4
    for command in commands:
        run("bash", "-ec", command, cwd=tmp_path / "coffee", env=env)


@pytest.fixture(scope="module")
def programs(new_environment, tmp_path_factory) -> Path:
    """The programs of an environment with all twelve."""
    folder = tmp_path_factory.mktemp("twelve")
    wheels = []
    for bad in TWELVE:
        source = PREFACE + bad.source.replace("SECONDS", "5")
        wheels.append(make_wheel(folder, bad.name, source, module=f"bad_{bad.name}", requires=bad.requires))
    programs = new_environment()
    run(programs / "pip", "install", "--quiet", "--no-deps", *wheels)  # else pip refuses what needs a newer core
    return programs


class TestTwelve:
    """All installed at once, beside our own: each costs its own part, and is named."""

    @pytest.fixture
    def crm(self, programs, tmp_path):
        """Runs a command line; the plugin that hangs is off, for it would only take time."""
        env = environ(tmp_path)
        run(programs / "crm", "plugins", "off", HANGS, env=env)

        def crm(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
            done = run(programs / "crm", *words, env=env, check=False)
            assert (done.returncode, "Traceback" in done.stderr) == (code, False), f"{words}: {done.stderr}"
            return done

        return crm

    def test_who_hangs_is_named_while_it_does_and_can_be_switched_off_at_once(self, programs, tmp_path):
        env = environ(tmp_path)
        began = time.monotonic()
        with subprocess.Popen(
            [programs / "crm", "contact", "list", "--json"], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            named = next(line for line in process.stderr if HANGS.encode() in line)
            after = time.monotonic() - began
            out = process.stdout.read()
            took = time.monotonic() - began
        assert (
            b"plugin hangs_on_import 1.0 is taking long in import. Ctrl-C ends the program, crm --no-plugins" in named
        )
        assert after < 4 < 5 <= took
        assert json.loads(out)["items"] == []

        began = time.monotonic()
        run(programs / "crm", "plugins", "off", HANGS, env=env)
        run(programs / "crm", "contact", "list", env=env)
        assert time.monotonic() - began < 4

    def test_every_other_command_works(self, crm):
        crm("contact", "add", "Ana Silva")
        crm("interview", "log", "Acme", "--at", "yesterday 14:00", "--with", "c1")
        assert [row["name"] for row in json.loads(crm("contact", "list", "--json").stdout)["items"]] == ["Ana Silva"]
        agenda = json.loads(crm("agenda", "--json", code=3).stdout)["items"]
        assert {"crm_thankyou", "crm_reflection", "crm_quota"} <= {step["plugin"] for step in agenda}
        assert "\n  contact " in crm("--help").stdout
        crm("contact", "add", "Tom Okafor")
        crm("undo")
        crm("redo")
        crm("--no-plugins", "undo")
        assert [row["name"] for row in json.loads(crm("contact", "list", "--json").stdout)["items"]] == ["Ana Silva"]
        assert [row["name"] for row in json.loads(crm("company", "list", "--json").stdout)["items"]] == ["Acme"]
        assert crm("--no-plugins", "contact", "list").stderr == ""

    @pytest.mark.parametrize("bad", [bad for bad in TWELVE if bad.name != HANGS], ids=lambda bad: bad.name)
    def test_each_is_named_with_its_version_and_the_cure(self, crm, bad: Harmful):
        rows = json.loads(crm("plugins", "--json").stdout)["items"]
        (row,) = [row for row in rows if row["distribution"] == f"bad_{bad.name}"]
        assert (row["name"], row["version"], row["state"]) == (bad.name, "1.0", bad.state)
        assert bad.said in row["error"]
        assert row["cure"]
        if bad.state != "shadowed":
            notices = crm(*bad.command.split(), code=3 if bad.command == "agenda" else 0).stderr.splitlines()
            assert any(line.startswith(f"crm: warning: plugin {bad.name} 1.0 ") for line in notices)

    def test_ours_are_all_well(self, crm):
        rows = json.loads(crm("plugins", "--json").stdout)["items"]
        assert {row["state"] for row in rows if row["own"]} == {"loaded"}
