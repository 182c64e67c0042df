"""Dates and moments: stored as written, compared by when they happen, moved by calendar or by the hour."""
# ruff: noqa: DTZ001 - the local time of a moment is written without a zone

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.dates import (
    Moment,
    day_end,
    day_of,
    day_start,
    deadline,
    evening_after,
    hours_after,
    moment_of,
    months_after,
    zone_named,
)
from crm_core.errors import InputError

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = (BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC"))

years_1900_to_2200 = st.dates(date(1900, 1, 1), date(2200, 12, 31))
aware_times = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31), timezones=st.sampled_from(ZONES))
property_test = settings(deadline=None)


def test_a_moment_says_its_local_time_and_zone_in_the_file():
    moment = Moment(datetime(2026, 11, 23, 14), "Europe/Berlin")
    stored = msgspec.json.encode(moment)
    assert stored == b'{"local":"2026-11-23T14:00:00","zone":"Europe/Berlin"}'
    assert msgspec.json.decode(stored, type=Moment) == moment


def test_a_moment_keeps_its_hour_on_both_sides_of_a_clock_change():
    summer, winter = (Moment(datetime(2026, month, 23, 14), "Europe/Berlin").at for month in (7, 11))
    assert (summer.hour, winter.hour) == (14, 14)
    assert (summer.utcoffset(), winter.utcoffset()) == (timedelta(hours=2), timedelta(hours=1))


def test_moments_sort_by_when_they_happen_and_not_by_what_the_clocks_show():
    new_york = Moment(datetime(2026, 11, 23, 9), "America/New_York")
    berlin = Moment(datetime(2026, 11, 23, 14), "Europe/Berlin")
    tokyo = Moment(datetime(2026, 11, 23, 20), "Asia/Tokyo")
    assert sorted([new_york, berlin, tokyo]) == [tokyo, berlin, new_york]
    assert max(tokyo, berlin, new_york) == new_york
    assert tokyo <= berlin <= berlin < new_york


@property_test
@given(aware_times, aware_times)
def test_moments_compare_as_the_instants_do(one, other):
    if one.timestamp() != other.timestamp():
        assert (moment_of(one) < moment_of(other)) == (one.timestamp() < other.timestamp())
        assert (moment_of(one) >= moment_of(other)) == (one.timestamp() >= other.timestamp())


def test_a_moment_does_not_compare_with_a_day():
    with pytest.raises(TypeError):
        _ = Moment(datetime(2026, 11, 23, 14), "UTC") < date(2026, 11, 23)


@pytest.mark.parametrize(
    "name", ["", "Berlin", "Europe", "../zoneinfo/UTC", "/etc/passwd", "a\0b", "\udc80", "\x1b[31m", "x" * 10_000]
)
def test_a_zone_that_does_not_exist_is_the_users_mistake(name):
    with pytest.raises(InputError) as caught:
        zone_named(name)
    assert len(caught.value.message) < 300
    assert caught.value.message.isprintable()
    assert "Europe/Berlin" in caught.value.hint


@property_test
@given(st.text() | st.text("/.aEUTC-", max_size=12))
def test_any_text_is_a_zone_or_an_input_error(name):
    try:
        key = zone_named(name).key
    except InputError:
        key = name
    assert key == name


@property_test
@given(aware_times)
def test_a_time_in_a_named_zone_comes_back_from_its_moment(at):
    moment = moment_of(at)
    assert moment.local.tzinfo is None
    assert moment.at == at
    assert moment.at.utcoffset() == at.replace(fold=0).utcoffset()  # of an hour that comes twice, the first


def test_utc_is_a_named_zone():
    assert moment_of(datetime(2026, 11, 23, 14, tzinfo=UTC)) == Moment(datetime(2026, 11, 23, 14), "UTC")


@pytest.mark.parametrize("tz", [None, timezone(timedelta(hours=1))])
def test_a_time_without_a_named_zone_is_no_moment(tz):
    with pytest.raises(ValueError, match="named zone"):
        moment_of(datetime(2026, 11, 23, 14, tzinfo=tz))


def test_a_stored_day_stays_a_day_as_a_deadline_and_a_moment_becomes_a_time():
    assert deadline(date(2026, 11, 23)) == date(2026, 11, 23)
    assert deadline(Moment(datetime(2026, 11, 23, 14), "Europe/Berlin")) == datetime(2026, 11, 23, 14, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "when",
    [
        date(2026, 11, 23),
        Moment(datetime(2026, 11, 23, 23, 30), "America/New_York"),
        datetime(2026, 11, 23, 23, 30, tzinfo=NEW_YORK),
    ],
)
def test_the_day_is_that_of_the_zone_it_was_written_in(when):
    day = day_of(when)
    assert day == date(2026, 11, 23)
    assert type(day) is date


def test_a_day_runs_from_midnight_to_midnight_in_the_users_zone():
    day = date(2026, 11, 23)
    assert day_start(day, BERLIN) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert day_end(day, BERLIN) == datetime(2026, 11, 23, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)]
)
def test_a_day_on_which_the_clocks_change_is_shorter_or_longer(day, hours):
    length = day_end(day, BERLIN).timestamp() - day_start(day, BERLIN).timestamp()
    assert length == hours * 3600


def test_a_day_begins_with_the_clock_change_where_midnight_is_skipped():
    start = day_start(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo"))
    assert start.astimezone(UTC) == datetime(2018, 11, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize("bound", [day_start, day_end])
def test_a_moment_begins_and_ends_at_itself_whatever_the_users_zone(bound):
    moment = Moment(datetime(2026, 11, 23, 14), "Europe/Berlin")
    assert bound(moment, NEW_YORK) == bound(moment.at, NEW_YORK) == moment.at


@pytest.mark.parametrize(
    ("day_before", "then"), [((2026, 3, 28), (2026, 3, 29, 15)), ((2026, 10, 24), (2026, 10, 25, 13))]
)
def test_24_hours_after_two_o_clock_is_another_hour_when_the_clocks_change(day_before, then):
    later = hours_after(datetime(*day_before, 14, tzinfo=BERLIN), 24)
    assert later.replace(tzinfo=None) == datetime(*then)


@property_test
@given(aware_times, st.integers(-24 * 400, 24 * 400))
def test_hours_after_is_exactly_so_many_elapsed_hours_in_the_same_zone(at, hours):
    later = hours_after(at, hours)
    assert later.tzinfo is at.tzinfo
    assert later.astimezone(UTC) - at.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("end", "evening"),
    [
        ((2026, 11, 23, 15, 0), (2026, 11, 23, 20, 0)),
        ((2026, 11, 23, 19, 0), (2026, 11, 23, 20, 0)),
        ((2026, 11, 23, 19, 30), (2026, 11, 23, 20, 30)),
        ((2026, 11, 23, 23, 30), (2026, 11, 24, 0, 30)),
    ],
)
def test_the_evening_is_eight_o_clock_or_an_hour_after_the_end(end, evening):
    assert evening_after(datetime(*end, tzinfo=BERLIN)) == datetime(*evening, tzinfo=BERLIN)


@property_test
@given(aware_times)
def test_the_evening_is_never_sooner_than_an_hour_after_the_end(end):
    evening = evening_after(end)
    assert evening.timestamp() - end.timestamp() >= 3600
    assert evening.date() > end.date() or evening.time() >= time(20)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 23), 3, date(2027, 2, 23)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2028, 2, 29), -12, date(2027, 2, 28)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(day, months, expected):
    assert months_after(day, months) == expected


@property_test
@given(years_1900_to_2200, st.integers(-2400, 2400))
def test_months_after_keeps_the_day_where_the_month_has_it(day, months):
    moved = months_after(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, monthrange(moved.year, moved.month)[1])


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        (datetime(2026, 10, 25, 2, 30, fold=1), "Europe/Berlin"),
        (datetime(2026, 9, 27, 2, 0, fold=1), "Pacific/Auckland"),
    ],
)
def test_a_moment_is_the_same_when_it_was_saved_even_in_an_hour_that_comes_twice_or_never(local, zone):
    moment = Moment(local, zone)
    saved = msgspec.json.decode(msgspec.json.encode(moment), type=Moment)

    assert saved.at.timestamp() == moment.at.timestamp()
    assert saved.at.fold == moment.at.fold == 0
