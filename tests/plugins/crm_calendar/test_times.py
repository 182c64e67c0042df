"""Times: another program that knows no zones but those in the file sees the same moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_calendar.content import component, folded
from crm_calendar.times import dated, duration, utc, zone_of, zones_of
from tests.plugins.crm_calendar.conftest import read

ZONES = (
    "Europe/Berlin", "America/New_York", "Europe/Dublin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Caracas",
    "Africa/Casablanca", "Pacific/Apia", "Pacific/Kiritimati", "America/Sao_Paulo", "Asia/Pyongyang",
)  # fmt: skip


def calendar_of(*times: datetime) -> icalendar.Calendar:
    events = [
        component("VEVENT", (f"UID:{n}", "DTSTAMP:20261123T110000Z", dated("DTSTART", at)))
        for n, at in enumerate(times)
    ]
    lines = [line for one in (*zones_of(events), *events) for line in one]
    return read(b"".join(folded(component("VCALENDAR", ("VERSION:2.0", "PRODID:x", *lines)))))


def seen_by_the_file_alone(calendar: icalendar.Calendar, event: icalendar.Event) -> datetime:
    """The start of an event where all that is known of its zone is what the file says."""
    (zone,) = [zone for zone in calendar.timezones if str(zone["TZID"]) == event["DTSTART"].params["TZID"]]
    return event["DTSTART"].dt.replace(tzinfo=zone.to_tz(lookup_tzid=False))


walls = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001 (the zone comes with each)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ZONES), st.lists(walls, min_size=1, max_size=3))
def test_a_time_is_the_same_moment_by_the_zone_in_the_file(name: str, local: list[datetime]):
    # As everywhere in the book: an hour that is skipped is meant as the moment that the clocks then show.
    times = [
        at.replace(tzinfo=ZoneInfo(name), microsecond=0).astimezone(UTC).astimezone(ZoneInfo(name)) for at in local
    ]
    calendar = calendar_of(*times)

    for event, at in zip(calendar.events, times, strict=True):
        assert event["DTSTART"].dt.timestamp() == at.timestamp()
        if not at.fold:
            assert seen_by_the_file_alone(calendar, event).utcoffset() == at.utcoffset()
            assert event["DTSTART"].params["TZID"] == name


def test_a_zone_names_its_changes_on_the_clock_as_it_was():
    (zone,) = zones_of([("DTSTART;TZID=Europe/Berlin:20260601T100000",)])

    assert zone == (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:STANDARD", "DTSTART:20260101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100", "TZNAME:CET",
        "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST",
        "END:DAYLIGHT",
        "BEGIN:STANDARD", "DTSTART:20261025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET",
        "END:STANDARD",
        "END:VTIMEZONE",
    )  # fmt: skip


def test_each_zone_is_described_once_and_utc_never():
    lines = ("DTSTART;TZID=Asia/Tokyo:20260601T100000", "DTEND;TZID=Asia/Tokyo:20270601T100000", "DUE:20260601T100000Z")

    assert [zone[1] for zone in zones_of([lines, lines])] == ["TZID:Asia/Tokyo"]


def test_the_second_of_an_hour_that_comes_twice_is_written_in_utc():
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    assert dated("DUE", twice) == "DUE;TZID=Europe/Berlin:20261025T023000"
    assert dated("DUE", twice.replace(fold=1)) == "DUE:20261025T013000Z"
    assert zone_of(twice.replace(fold=1)) is None


def test_days_and_utc_have_no_zone():
    assert dated("DUE", date(2026, 11, 3)) == "DUE;VALUE=DATE:20261103"
    assert dated("DUE", datetime(2026, 11, 3, 9, tzinfo=UTC)) == "DUE:20261103T090000Z"
    assert dated("DUE", datetime(2026, 11, 3, 9, tzinfo=ZoneInfo("UTC"))) == "DUE:20261103T090000Z"
    assert utc(datetime(2026, 1, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))) == "20251231T233000Z"


@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "PT0M"), (90, "PT90M"), (120, "PT2H"), (1440, "P1D"), (2880, "P2D")]
)
def test_lengths_are_written_in_the_largest_unit_that_fits(minutes: int, written: str):
    assert duration(minutes) == written
    assert icalendar.vDuration.from_ical(written) == timedelta(minutes=minutes)
