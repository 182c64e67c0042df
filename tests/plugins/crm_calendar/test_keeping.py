"""The file that follows each change: by a setting, quietly, and never at the cost of the change itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from crm_core import hookimpl
from crm_core.testing import Crm


class Moonstruck:
    """A plugin whose steps fail."""

    @hookimpl
    def crm_steps(self):
        raise RuntimeError("the moon is in the way")


@pytest.fixture
def file(crm: Crm, tmp_path: Path) -> Path:
    """The calendar's file, named in the settings; there is no book yet."""
    path = tmp_path / "Calendar" / "jobs.ics"
    path.parent.mkdir()
    crm.ok("settings", "set", "crm_calendar.file", str(path))
    return path


def log(crm: Crm, company: str = "Acme"):
    return crm.ok(f"interview log {company} --at 'friday 14:00' --with Mara")


def test_without_the_setting_nothing_is_written(crm: Crm, tmp_path: Path):
    log(crm)
    assert not list(tmp_path.rglob("*.ics"))


def test_each_change_is_in_the_file_when_its_command_ends(crm: Crm, file: Path):
    result = log(crm)
    assert "jobs.ics" not in result.out + result.err
    assert b"SUMMARY:Interview" in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    crm.ok("interview edit i1 --at 'saturday 9:00'")
    assert b"DTSTART;TZID=Europe/Berlin:20261128T090000" in file.read_bytes()
    crm.ok("interview remove i1 --yes")
    assert b"STATUS:CANCELLED" in file.read_bytes()
    crm.ok("undo")
    assert file.read_bytes().count(b"BEGIN:VEVENT") == 1
    assert b"CANCELLED" not in file.read_bytes().partition(b"BEGIN:VEVENT")[2].partition(b"END:VEVENT")[0]


def test_it_is_what_an_export_would_write(crm: Crm, file: Path, tmp_path: Path):
    log(crm)
    crm.ok("log Mara 'She called' --by phone --in")
    crm.ok("promise add 'send the slides' --to Mara --by tomorrow")
    kept = file.read_bytes()
    assert crm.ok("export", "ics", "-o", str(file)).out == f"{file} is up to date\n"
    fresh = tmp_path / "fresh.ics"
    crm.ok("export", "ics", "-o", str(fresh))
    assert sorted(fresh.read_bytes().split(b"\r\n")) == sorted(kept.split(b"\r\n"))


def test_what_changes_nothing_does_not_touch_it(crm: Crm, file: Path):
    log(crm)
    before = file.stat().st_mtime_ns
    file.write_bytes(b"")
    for words in ("agenda", "contact list", "contact edit Mara --name Mara", "interview show i1"):
        crm.ok(words)
    assert (file.read_bytes(), file.stat().st_mtime_ns != before) == (b"", True)


def test_json_on_standard_output_stays_whole(crm: Crm, file: Path):
    assert crm.ok("contact add Ana --json").item["name"] == "Ana"
    assert file.exists()


def test_a_change_that_is_partly_done_is_in_the_file_too(crm: Crm, file: Path, tmp_path: Path):
    log(crm)
    cards = tmp_path / "cards.vcf"
    cards.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n")
    file.unlink()
    crm("import", str(cards))
    assert file.exists()


@pytest.mark.parametrize("trouble", ["foreign", "folder", "no folder", "damaged"])
def test_where_it_can_not_be_written_the_change_is_made_and_it_is_said(crm: Crm, file: Path, trouble: str):
    if trouble == "foreign":
        file.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:other\r\nEND:VCALENDAR\r\n")
    elif trouble == "damaged":
        file.write_bytes(b"\xff\xfe no calendar")
    elif trouble == "folder":
        file.mkdir()
    else:
        file.parent.rmdir()
    before = file.read_bytes() if file.is_file() else None
    result = log(crm)
    assert result.code == 0
    (warning,) = [line for line in result.err.splitlines() if line.startswith("crm: warning: ")]
    assert f"Your change is made, but the calendar {file} is as it was before: " in warning
    assert len(crm.book.interviews) == 1
    assert (file.read_bytes() if file.is_file() else None) == before


def test_a_plugin_that_failed_costs_nobody_their_entries(crm: Crm, file: Path, with_plugin):
    log(crm)
    before = file.read_bytes()
    with_plugin(Moonstruck())
    result = crm("interview log Beta --at 'friday 9:00'")
    assert result.code == 0
    assert "It would lack the part of: moonstruck" in result.err
    assert file.read_bytes() == before


def test_the_demo_and_a_run_without_plugins_leave_it_alone(crm: Crm, file: Path):
    crm.ok("demo")
    crm.ok("--demo contact add Ana")
    crm.ok("--no-plugins contact add Ana")
    assert not file.exists()


def test_the_path_must_be_whole(crm: Crm, monkeypatch, tmp_path: Path):
    result = crm("settings set crm_calendar.file jobs.ics")
    assert result.code == 2
    assert "is not a whole path" in result.err
    monkeypatch.setenv("HOME", str(tmp_path))
    crm.ok("settings set crm_calendar.file ~/jobs.ics".replace("~", "'~'"))
    log(crm)
    assert (tmp_path / "jobs.ics").exists()
