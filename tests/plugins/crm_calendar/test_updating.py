"""A calendar written over an earlier one: unchanged, changed, done, gone, come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.testing import Crm
from tests.plugins.crm_calendar.conftest import blocks, of_id, read, titled

PROMISE = "Keep your promise: send the references (to Ana Silva)"


@pytest.fixture
def path(search: Crm, tmp_path) -> Path:
    """A calendar of the search, as it was written at the present."""
    path = tmp_path / "jobs.ics"
    export(search, path)
    return path


def export(crm: Crm, path: Path):
    crm.ok(f"export ics -o {path}")
    return read(path)


def test_an_unchanged_book_gives_the_identical_file_at_any_time_of_day(search: Crm, path: Path):
    before = path.read_bytes()
    for later in ("2026-11-23T14:00", "2026-11-23T14:30", "2026-11-24T09:00"):
        search.today = later
        export(search, path)

    assert path.read_bytes() == before


def test_a_correction_changes_its_components_and_no_other(search: Crm, path: Path):
    before = blocks(path)
    search.today = "2026-11-23T13:00"
    search.ok("interview edit i2 --hear-by 'in 9 days'")
    event = of_id(export(search, path), "i2")
    after = blocks(path)

    assert [uid for uid in before if before[uid] != after[uid]] == [str(event["UID"])]
    assert (event["SEQUENCE"], event["DTSTAMP"].to_ical()) == (1, b"20261123T120000Z")


def test_an_interview_that_moves_takes_its_steps_along_and_keeps_its_uid(search: Crm, path: Path):
    before = of_id(read(path), "i2")
    search.ok("interview edit i2 --at 'in 4 days 10:00'")
    after = of_id(export(search, path), "i2")

    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert (after["DTSTART"].dt - before["DTSTART"].dt).days == 1


def test_what_is_done_is_completed_once_and_then_stays(search: Crm, path: Path):
    search.ok("promise keep p1")
    promise = titled(export(search, path), PROMISE)
    before = path.read_bytes()
    search.today = "2026-11-29"
    export(search, path)

    assert (promise["STATUS"], promise["SEQUENCE"]) == ("COMPLETED", 1)
    assert blocks(path)[str(promise["UID"])] in before.decode()


def test_what_is_gone_is_cancelled_once_and_dropped_in_the_end(search: Crm, path: Path):
    search.ok("interview remove i2 --yes")
    event = of_id(export(search, path), "i2")

    assert (event["STATUS"], event["SEQUENCE"], event.walk("VALARM")) == ("CANCELLED", 1, [])
    assert str(event["DTSTART"].dt.tzinfo) == "Europe/Berlin"
    before = path.read_bytes()
    search.today = "2026-12-23"
    assert of_id(export(search, path), "i2")
    assert blocks(path)[str(event["UID"])] in before.decode()
    search.today = "2026-12-24"
    assert str(event["UID"]) not in [str(part["UID"]) for part in export(search, path).events]


def test_how_long_it_stays_is_a_setting(search: Crm, path: Path):
    search.ok("settings set crm_calendar.kept_days 0")
    search.ok("interview remove i2 --yes")
    event = of_id(export(search, path), "i2")
    search.today = "2026-11-23T12:01"

    assert event["STATUS"] == "CANCELLED"
    assert str(event["UID"]) not in [str(part["UID"]) for part in export(search, path).events]


def test_what_was_skipped_is_cancelled_and_may_come_back(search: Crm, path: Path):
    step = next(step for step in search.ok("agenda --all --json").items if step["title"] == PROMISE)
    search.ok("skip", step["handle"], "--because", "not needed")
    skipped = titled(export(search, path), PROMISE)
    search.ok("reopen", step["handle"])
    back = titled(export(search, path), PROMISE)

    assert (skipped["STATUS"], skipped["SEQUENCE"]) == ("CANCELLED", 1)
    assert (back["STATUS"], back["SEQUENCE"], len(back.walk("VALARM"))) == ("NEEDS-ACTION", 2, 1)


def test_what_was_done_long_ago_is_completed_if_the_file_still_asks_for_it(search: Crm, path: Path, tmp_path):
    search.ok("promise keep p1")
    search.today = "2027-01-15"

    assert titled(export(search, path), PROMISE)["STATUS"] == "COMPLETED"
    new = export(search, tmp_path / "new.ics")
    assert PROMISE not in [str(todo["SUMMARY"]) for todo in new.todos]


def test_other_line_ends_are_put_right(search: Crm, path: Path):
    before = path.read_bytes()
    path.write_bytes(before.replace(b"\r\n", b"\n"))
    export(search, path)

    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"my notes", "no calendar"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//other//EN\r\nEND:VCALENDAR\r\n", "another program"),
    ],
)
def test_what_is_not_ours_is_left_alone(search: Crm, path: Path, data: bytes, said: str):
    path.write_bytes(data)
    refused = search(f"export ics -o {path}")

    assert (refused.code, path.read_bytes()) == (2, data)
    assert said in refused.err


def test_a_file_that_was_cut_is_left_alone(search: Crm, path: Path):
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused = search(f"export ics -o {path}")

    assert (refused.code, path.read_bytes()) == (2, whole[: len(whole) // 2])


def test_the_calendar_of_another_book_is_left_alone(search: Crm, path: Path, tmp_path):
    other = Crm(tmp_path / "other")
    other.ok("contact add Cleo")
    before = path.read_bytes()
    refused = other(f"export ics -o {path}")

    assert (refused.code, path.read_bytes()) == (2, before)
    assert "another book" in refused.err


def test_a_calendar_that_was_begun_with_an_empty_book_goes_on(crm: Crm, tmp_path):
    path = tmp_path / "jobs.ics"
    export(crm, path)
    crm.ok("interview log Acme --at 'in 3 days 10:00'")

    assert of_id(export(crm, path), "i1")["STATUS"] == "CONFIRMED"


def test_a_file_that_is_up_to_date_is_not_written(search: Crm, path: Path):
    before = path.stat()
    said = search.ok(f"export ics -o {path}").out

    assert said == f"{path} is up to date\n"
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
