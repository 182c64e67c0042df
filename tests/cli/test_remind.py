"""`crm remind`: what is printed does what it says where the system runs it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from datetime import time

import pytest

from crm_core.errors import InputError
from crm_core.words import read_clock
from tests.cli.terminal import environment

STRANGE = 'a folder\'s %d $HOME "x" \\ `id`'


@pytest.fixture
def machine(crm, tmp_path, monkeypatch):
    """A machine on which `crm` is in a strangely named folder, and `notify-send` writes down what it is told."""
    folder = tmp_path / STRANGE
    folder.mkdir()
    program = folder / "crm"
    run = "from crm_core.cli.main import run; run()"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{run}" "$@"\n')
    told = tmp_path / "told"
    notify = tmp_path / "bin" / "notify-send"
    notify.parent.mkdir()
    notify.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {shlex.quote(str(told))}\n')
    for file in (program, notify):
        file.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(program)])
    monkeypatch.setattr(sys, "platform", "linux")
    crm.home = tmp_path / f"home {STRANGE}"
    crm.environ["CRM_HOME"] = str(crm.home)
    environ = {**environment(crm), "PATH": f"{notify.parent}{os.pathsep}{os.environ['PATH']}"}
    del environ["CRM_HOME"]

    def ran(script, **more):
        done = subprocess.run(
            ["/bin/sh", "-c", script], env={**environ, **more}, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return told.read_text().splitlines() if told.exists() else []

    return ran


def taken_apart(unit):
    """The settings of a unit: by name the value, or the last of several."""
    lines = [line for line in unit.splitlines() if line and not line.startswith("[")]
    return dict(line.split("=", 1) for line in lines)


def meant(word):
    """A quoted word as systemd reads it."""
    assert word[0] == word[-1] == '"'
    found, characters = "", iter(word[1:-1])
    for character in characters:
        if character in "%$":
            assert next(characters) == character, "a single one would be put something for"
        found += next(characters) if character == "\\" else character
    return found


def test_the_line_for_cron_notifies_if_there_is_something_to_do(crm, machine):
    line = crm.ok("remind cron --at '8:05 pm'").out
    minute, hour, *stars, script = line.rstrip("\n").split(maxsplit=5)
    assert (minute, hour, stars) == ("5", "20", ["*", "*", "*"])
    assert "%" not in script.replace("\\%", ""), "a percent sign would end the command"
    script = script.replace("\\%", "%")

    assert machine(script) == []
    crm.ok("interview log Acme --at '3 days ago 14:00' --with Mara")
    assert machine(script) == ["--app-name=crm", "Job search", crm.ok("agenda --brief").out.strip()]


def test_the_service_does_the_same(crm, machine):
    crm.ok("interview log Acme --at '3 days ago 14:00' --with Mara")
    unit = taken_apart(crm.ok("remind service").out)
    shell, option, script = unit["ExecStart"].split(" ", 2)
    name, _, value = (
        unit["Environment"].replace("%%", "%").replace('\\"', '"').replace("\\\\", "\\")[1:-1].partition("=")
    )
    assert (shell, option, name, value) == ("/bin/sh", "-c", "CRM_HOME", str(crm.home))
    assert machine(meant(script), CRM_HOME=value)[-1] == crm.ok("agenda --brief").out.strip()


def test_the_timer_is_at_that_time_and_makes_up_for_what_was_missed(crm):
    unit = taken_apart(crm.ok("remind timer --at 7:30").out)
    assert (unit["OnCalendar"], unit["Persistent"]) == ("*-*-* 07:30:00", "true")
    assert taken_apart(crm.ok("remind timer").out)["OnCalendar"] == "*-*-* 09:00:00"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
@pytest.mark.usefixtures("machine")
def test_systemd_takes_the_units(crm, tmp_path):
    for part in ("service", "timer"):
        (tmp_path / f"crm-remind.{part}").write_text(crm.ok(f"remind {part}").out)
    units = [str(tmp_path / f"crm-remind.{part}") for part in ("service", "timer")]
    run = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    ours = [line for line in run.stderr.splitlines() if "crm-remind" in line]
    assert (run.returncode, ours) == (0, [])
    clock = subprocess.run(
        ["systemd-analyze", "calendar", "*-*-* 09:00:00"], capture_output=True, text=True, check=False
    )
    assert clock.returncode == 0


def test_on_a_mac_its_own_notification_is_used(crm, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    line = crm.ok("remind cron").out
    assert 'osascript -e "display notification \\"$text\\" with title \\"Job search\\""' in line
    assert "DBUS" not in line


def test_alone_it_says_how_and_writes_nothing(crm):
    result = crm.ok("remind")
    assert "crm remind timer --at 9:00 > ~/.config/systemd/user/crm-remind.timer" in result.out
    assert "crontab -l; crm remind cron" in result.out
    assert not crm.home.exists()
    assert "crm --demo remind cron" in crm.ok("--demo remind").out
    assert "--demo agenda --brief" in crm.ok("--demo remind cron").out


def test_a_path_with_a_line_end_is_refused(crm):
    crm.environ["CRM_HOME"] = "/nowhere\n* * * * * rm"
    result = crm("remind cron")
    assert (result.code, result.out) == (2, "")
    assert "control characters" in result.err


@pytest.mark.parametrize(("text", "at"), [("9:00", time(9)), ("2:30 pm", time(14, 30)), ("14:05", time(14, 5))])
def test_a_time_of_day_is_read_as_in_a_date(text, at):
    assert read_clock(text) == at


@pytest.mark.parametrize("text", ["", "25:00", "friday 9:00", "noonish", "9:60"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(InputError, match="is not a time of day"):
        read_clock(text)
