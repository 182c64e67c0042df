"""The demo's calendar is the one that was looked at, line by line."""

from tests.plugins.crm_calendar.conftest import read
from tests.plugins.crm_calendar.golden import GOLDEN, demo_calendar


def test_the_demos_calendar_is_as_it_was_approved(tmp_path):
    written = demo_calendar(tmp_path / "crm").decode().splitlines()

    assert written == GOLDEN.read_bytes().decode().splitlines(), "run: python -m tests.plugins.crm_calendar.golden"


def test_it_reads_clean():
    calendar = read(GOLDEN)

    assert len(calendar.events) == 6
    assert len(calendar.todos) > 40
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/Berlin"]
