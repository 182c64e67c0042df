"""Dates in words: what a person types is what they mean, and what they read can be typed again."""
# ruff: noqa: DTZ001 - the local time of a moment is written without a zone

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crm_core.dates import Moment, moment_of
from crm_core.errors import InputError
from crm_core.words import read_date, read_minutes, read_moment, read_when, say_day, say_distance, say_on, say_when

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = (BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC"))
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, 34, 56, tzinfo=BERLIN)

VOCABULARY = (  # noqa: SIM905 - a list of so many words would hide them
    "today tomorrow now in on at this next last ago a an one two 0 1 3 27 29 31 99999999 2026 2027 14:00 2:30 25:00 "
    "02:30 am pm 2pm 13pm day days week weeks month months year years hour hours minutes friday fri sun may feb nov "
    "november 27th 2026-11-23 2026-02-30 2026-03-29 9999-12-31 0001-01-01 03/04/2026 99.99.99 T Z +01:00 -23:59 "
    "+25:00 T14:00 00:00:00 h m min hours 1.5h 1h30 , - / : . \0 \x1b[31m \udc80 ٣ \u017f"
).split(" ")
phrases = st.lists(st.sampled_from(VOCABULARY), max_size=7).flatmap(
    lambda words: st.sampled_from(("", " ", "  ")).map(lambda gap: gap.join(words))
)
any_text = (
    st.text()
    | phrases
    | st.from_regex(r"[0-9]{1,4}[-/.: T][0-9]{1,2}[-/.: T][0-9]{1,4}( [0-9:]{4,8})?", fullmatch=True)
)
todays = st.dates(date(1901, 1, 1), date(2199, 12, 31))
presents = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31), timezones=st.sampled_from(ZONES))
property_test = settings(deadline=None)


def berlin(*local: int) -> Moment:
    return Moment(datetime(*local), "Europe/Berlin")


def value_or_error(read, *arguments):
    try:
        return read(*arguments)
    except InputError as error:
        assert_is_clear(error)
        return error


def assert_is_clear(error: InputError):
    assert error.hint
    assert error.message.isprintable()
    assert len(error.message) < 1000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-1-5", date(2026, 1, 5)),
        ("today", MONDAY),
        ("tomorrow", date(2026, 11, 24)),
        ("yesterday", date(2026, 11, 22)),
        ("TODAY", MONDAY),
        ("  Today\n", MONDAY),
        ("in 3 days", date(2026, 11, 26)),
        ("in   3days", date(2026, 11, 26)),
        ("in 1 day", date(2026, 11, 24)),
        ("in 0 days", MONDAY),
        ("in three days", date(2026, 11, 26)),
        ("in 2 weeks", date(2026, 12, 7)),
        ("in a month", date(2026, 12, 23)),
        ("in 1 year", date(2027, 11, 23)),
        ("2 weeks ago", date(2026, 11, 9)),
        ("a week ago", date(2026, 11, 16)),
        ("3 months ago", date(2026, 8, 23)),
        ("next week", date(2026, 11, 30)),
        ("last week", date(2026, 11, 16)),
        ("next month", date(2026, 12, 23)),
        ("last month", date(2026, 10, 23)),
        ("27 Nov", date(2026, 11, 27)),
        ("27 November", date(2026, 11, 27)),
        ("Nov 27", date(2026, 11, 27)),
        ("nov 27", date(2026, 11, 27)),
        ("27nov", date(2026, 11, 27)),
        ("27th of November", date(2026, 11, 27)),
        ("27. Nov. 2026", date(2026, 11, 27)),
        ("27-Nov-2026", date(2026, 11, 27)),
        ("27 Nov 2025", date(2025, 11, 27)),
        ("November 27, 2026", date(2026, 11, 27)),
        ("Fri 27 Nov", date(2026, 11, 27)),
        ("on Friday, 27 November 2026", date(2026, 11, 27)),
        ("Sept 5", date(2026, 9, 5)),
        ("29 Feb 2028", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_as_a_person_means_it(text, day):
    assert read_date(text, MONDAY) == day


@pytest.mark.parametrize(
    ("text", "from_monday", "from_friday", "from_sunday"),
    [
        ("friday", 27, 34, 34),
        ("fri", 27, 34, 34),
        ("on friday", 27, 34, 34),
        ("this friday", 27, 34, 34),
        ("next friday", 34, 34, 34),
        ("last friday", 20, 20, 27),
        ("monday", 30, 30, 30),
        ("next Monday", 30, 30, 30),
        ("last mon", 16, 23, 23),
        ("sunday", 29, 29, 36),
        ("next sun", 36, 36, 36),
        ("last sunday", 22, 22, 22),
        ("thurs", 26, 33, 33),
    ],
)
def test_a_weekday_is_counted_from_today(text, from_monday, from_friday, from_sunday):
    for today, expected in ((23, from_monday), (27, from_friday), (29, from_sunday)):
        assert read_date(text, date(2026, 11, today)) == date(2026, 11, 1) + timedelta(days=expected - 1)


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("2 Jan", date(2026, 12, 30), date(2027, 1, 2)),
        ("30 Dec", date(2027, 1, 2), date(2026, 12, 30)),
        ("1 Feb", date(2026, 12, 31), date(2027, 2, 1)),
        ("23 May", MONDAY, date(2026, 5, 23) + timedelta(days=365)),
        ("25 May", MONDAY, date(2026, 5, 25)),
        ("29 Feb", date(2027, 9, 15), date(2028, 2, 29)),
        ("29 Feb", date(2028, 6, 1), date(2028, 2, 29)),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(text, today, day):
    assert read_date(text, today) == day


def test_of_two_days_as_near_the_coming_one_is_meant():
    today = date(2027, 8, 31)
    past, coming = date(2027, 3, 1), date(2028, 3, 1)
    assert today - past == coming - today
    assert read_date("1 March", today) == coming


@property_test
@given(todays, st.integers(-182, 182))
def test_a_day_without_a_year_is_never_over_half_a_year_away(today, away):
    day = today + timedelta(days=away)
    assert read_date(f"{day.day} {day:%B}", today) == day


@pytest.mark.parametrize("today", [MONDAY, date(2027, 3, 10), date(2028, 11, 23)])
def test_a_29th_of_february_that_is_not_near_needs_its_year(today):
    with pytest.raises(InputError, match="29 February") as caught:
        read_date("29 Feb", today)
    assert "year" in caught.value.hint


def test_a_weekday_that_contradicts_its_date_is_refused():
    with pytest.raises(InputError, match="'Sat 27 Nov' is no day: 27 November 2026 is a Friday"):
        read_date("Sat 27 Nov", MONDAY)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("03/04/2026", "2026-04-03 or 2026-03-04"),
        ("3.4.26", "2026-04-03 or 2026-03-04"),
        ("27/11/2026", "2026-11-27"),
        ("04-04-2026", "2026-04-04"),
        ("99/99/2026", "2026-11-23"),
    ],
)
def test_a_date_that_can_be_read_in_two_ways_is_refused_with_the_way_to_write_it(text, forms):
    with pytest.raises(InputError, match="ambiguous") as caught:
        read_date(text, MONDAY)
    assert repr(text) in caught.value.message
    assert caught.value.hint == f"Write year-month-day: {forms}"


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30", "2026-13-01", "31 Nov", "30 Feb 2026", "0 Nov", "in 99999999 years", "in 99999999 days",
        "99999999999999999999 weeks ago", "in 300 years", "9999-12-31", "0001-01-01", "1899-12-31", "2201-01-01",
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_or_is_out_of_range_is_quoted(text):
    with pytest.raises(InputError, match="no such day") as caught:
        read_date(text, MONDAY)
    assert repr(text) in caught.value.message
    assert "2026-11-23" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["", " ", "soon", "friday week", "next", "in days", "3 days", "27", "Nov", "14:00", "today 14:00", "now",
     "in 2 hours", "٣ days ago", "-1 days ago", "2026-11-23x", "fr", "to day", "\x1b[31m", "\0"],
)  # fmt: skip
def test_what_is_no_date_is_quoted_with_the_forms_that_are(text):
    with pytest.raises(InputError, match="as a date") as caught:
        read_date(text, MONDAY)
    assert repr(text) in caught.value.message
    assert "in 3 days" in caught.value.hint


def test_a_text_of_up_to_60_characters_is_quoted_whole():
    for length, quoted in ((60, "x" * 60), (61, "x" * 59 + "…")):
        with pytest.raises(InputError, match=f"'{quoted}'"):
            read_date("x" * length, MONDAY)


@pytest.mark.parametrize("text", ["x" * 100_000, "9" * 100_000, "in " + "9" * 100_000 + " days", "\x1b" * 100_000])
def test_a_huge_text_is_quoted_in_60_characters_without_control_characters(text):
    for read in (lambda: read_date(text, MONDAY), lambda: read_when(text, NOON), lambda: read_minutes(text)):
        with pytest.raises(InputError) as caught:
            read()
        assert repr(text[:59])[1:-1] + "…" in caught.value.message
        assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23 14:00", berlin(2026, 11, 23, 14)),
        ("2026-11-23T14:00", berlin(2026, 11, 23, 14)),
        ("2026-11-23t14:00:30", berlin(2026, 11, 23, 14, 0, 30)),
        ("yesterday 14:00", berlin(2026, 11, 22, 14)),
        ("friday 9:30", berlin(2026, 11, 27, 9, 30)),
        ("tomorrow 2pm", berlin(2026, 11, 24, 14)),
        ("tomorrow 2:30 pm", berlin(2026, 11, 24, 14, 30)),
        ("Tomorrow at 2:30 P.M.", berlin(2026, 11, 24, 14, 30)),
        ("friday at 14:00", berlin(2026, 11, 27, 14)),
        ("Friday, 14:00", berlin(2026, 11, 27, 14)),
        ("27 Nov 2026 14:00", berlin(2026, 11, 27, 14)),
        ("27 Nov 2 pm", berlin(2026, 11, 27, 14)),
        ("in 2 weeks 9:00", berlin(2026, 12, 7, 9)),
        ("next week at 9:00", berlin(2026, 11, 30, 9)),
        ("14:00", berlin(2026, 11, 23, 14)),
        ("at 14:00", berlin(2026, 11, 23, 14)),
        ("2pm", berlin(2026, 11, 23, 14)),
        ("12am", berlin(2026, 11, 23, 0)),
        ("12:15 pm", berlin(2026, 11, 23, 12, 15)),
        ("00:00", berlin(2026, 11, 23, 0)),
        ("now", berlin(2026, 11, 23, 12, 34)),
        ("NOW", berlin(2026, 11, 23, 12, 34)),
        ("2 hours ago", berlin(2026, 11, 23, 10, 34)),
        ("in 30 minutes", berlin(2026, 11, 23, 13, 4)),
        ("in 30 min", berlin(2026, 11, 23, 13, 4)),
        ("in 2 hours", berlin(2026, 11, 23, 14, 34)),
        ("an hour ago", berlin(2026, 11, 23, 11, 34)),
        ("2026-11-23T14:00+01:00", berlin(2026, 11, 23, 14)),
        ("2026-11-23T14:00Z", berlin(2026, 11, 23, 15)),
        ("2026-11-23 14:00:00.123z", berlin(2026, 11, 23, 15)),
        ("2026-11-23T20:00-0500", berlin(2026, 11, 24, 2)),
    ],
)
def test_a_time_of_day_makes_a_moment_in_the_users_zone(text, moment):
    assert read_when(text, NOON) == moment
    assert read_moment(text, NOON) == moment


def test_a_day_without_a_time_stays_a_day():
    day = read_when("friday", NOON)
    assert day == date(2026, 11, 27)
    assert type(day) is date


def test_a_given_zone_decides_what_the_clock_shows_and_which_day_today_is():
    after_midnight = datetime(2026, 11, 24, 1, 30, tzinfo=BERLIN)
    assert read_when("14:00", after_midnight, NEW_YORK) == Moment(datetime(2026, 11, 23, 14), "America/New_York")
    assert read_when("now", after_midnight, NEW_YORK) == Moment(datetime(2026, 11, 23, 19, 30), "America/New_York")
    assert read_when("today", after_midnight, NEW_YORK) == date(2026, 11, 23)
    assert read_when("today", after_midnight) == date(2026, 11, 24)


@pytest.mark.parametrize("tz", [None, timezone(timedelta(hours=1))])
def test_now_must_be_in_a_named_zone(tz):
    with pytest.raises(ValueError, match="named zone"):
        read_when("today", datetime(2026, 11, 23, 12, tzinfo=tz))


@pytest.mark.parametrize("text", ["2026-03-29 02:30", "29 March 2026 at 2:30 am"])
def test_a_time_that_the_clocks_skip_is_refused_and_says_why(text):
    with pytest.raises(InputError, match="clocks in Europe/Berlin go forward and skip 02:30") as caught:
        read_when(text, NOON)
    assert repr(text) in caught.value.message
    assert "2026-03-29 03:30" in caught.value.hint


def test_a_skipped_time_is_fine_where_no_clock_changes():
    assert read_when("2026-03-29 02:30", NOON, ZoneInfo("UTC")) == Moment(datetime(2026, 3, 29, 2, 30), "UTC")


def test_of_a_time_that_comes_twice_the_first_is_taken():
    moment = read_moment("2026-10-25 02:30", NOON)
    assert moment.at.utcoffset() == timedelta(hours=2)


def test_hours_ahead_are_elapsed_hours_across_a_clock_change():
    saturday_night = datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN)
    assert read_when("in 1 hour", saturday_night) == berlin(2026, 3, 29, 3, 30)


@pytest.mark.parametrize("text", ["25:00", "friday 24:00", "14:60", "13pm", "0 am", "today 99:99"])
def test_an_impossible_time_of_day_is_quoted(text):
    with pytest.raises(InputError, match="no such time of day") as caught:
        read_when(text, NOON)
    assert repr(text) in caught.value.message
    assert "9:30" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["2026-11-23T14:00+25:00", "2026-02-30T14:00Z", "in 999999999999 hours", "9999-12-31 9:00"]
)
def test_an_impossible_moment_is_quoted(text):
    with pytest.raises(InputError, match="no such day") as caught:
        read_when(text, NOON)
    assert repr(text) in caught.value.message


@pytest.mark.parametrize(
    "text", ["friday at 9", "now 14:00", "14:00 14:00", "friday at", "in 2 hours 14:00", "14:", "2 xm"]
)
def test_what_is_no_date_with_a_time_is_quoted_whole(text):
    with pytest.raises(InputError, match="as a date") as caught:
        read_when(text, NOON)
    assert repr(text) in caught.value.message
    assert "9:30" in caught.value.hint


def test_an_ambiguous_date_with_a_time_is_refused_too():
    with pytest.raises(InputError, match="ambiguous"):
        read_when("03/04/2026 14:00", NOON)


def test_where_a_time_is_needed_a_day_alone_is_refused_with_an_example():
    with pytest.raises(InputError, match="'friday' has no time of day") as caught:
        read_moment("friday", NOON)
    assert read_moment(caught.value.hint.removeprefix("Add one: "), NOON) == berlin(2026, 11, 27, 14)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("60", 60), ("60m", 60), ("1", 1), ("90 min", 90), ("45 minutes", 45), ("1h", 60), ("1h30", 90), ("1h30m", 90),
        ("1H 30M", 90), ("1.5h", 90), ("1,5h", 90), ("0.75 h", 45), ("2 hours", 120), ("1 hour 5 minutes", 65),
        ("24h", 1440), ("1440", 1440), (" 60 ", 60),
    ],
)  # fmt: skip
def test_a_length_is_read_in_minutes(text, minutes):
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["0", "0h", "0.001h", "1441", "24h1", "25 hours", "9999"])
def test_a_length_under_a_minute_or_over_a_day_is_refused(text):
    with pytest.raises(InputError, match="between 1 minute and 24 hours") as caught:
        read_minutes(text)
    assert repr(text) in caught.value.message


@pytest.mark.parametrize(
    "text", ["", "h", "m", "-60", "1:30", "an hour", "1.5", "1.5h30", "60 days", "1e2", "nan", "inf h", "٦٠"]
)
def test_what_is_no_length_is_refused_with_the_forms_that_are(text):
    with pytest.raises(InputError, match="as a length") as caught:
        read_minutes(text)
    assert "1h30" in caught.value.hint


@property_test
@given(any_text, st.dates())
def test_any_text_is_a_date_or_an_input_error(text, today):
    found = value_or_error(read_date, text, today)
    if not isinstance(found, InputError):
        assert type(found) is date
        assert 1900 <= found.year <= 2200


@property_test
@given(any_text, presents, st.none() | st.sampled_from(ZONES))
def test_any_text_is_a_date_or_an_existing_moment_or_an_input_error(text, now, zone):
    found = value_or_error(read_when, text, now, zone)
    if isinstance(found, Moment):
        assert found.zone == (zone or now.tzinfo).key
        assert found.at.astimezone(UTC).astimezone(found.at.tzinfo).replace(tzinfo=None) == found.local
        assert read_moment(text, now, zone) == found
    else:
        assert isinstance(found, InputError) or type(found) is date
        assert isinstance(value_or_error(read_moment, text, now, zone), InputError)


@property_test
@given(any_text)
def test_any_text_is_a_length_or_an_input_error(text):
    found = value_or_error(read_minutes, text)
    assert isinstance(found, InputError) or 1 <= found <= 1440


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (MONDAY, "today"),
        (date(2026, 11, 24), "tomorrow"),
        (date(2026, 11, 22), "yesterday"),
        (date(2026, 11, 25), "Wed 25 Nov"),
        (date(2026, 11, 29), "Sun 29 Nov"),
        (date(2026, 11, 17), "Tue 17 Nov"),
        (date(2026, 11, 30), "30 Nov"),
        (date(2026, 11, 16), "16 Nov"),
        (date(2026, 5, 25), "25 May"),
        (date(2026, 5, 24), "24 May 2026"),
        (date(2025, 11, 27), "27 Nov 2025"),
        (date(2027, 1, 10), "10 Jan 2027"),
    ],
)
def test_a_day_is_said_as_shortly_as_is_clear(day, said):
    assert say_day(day, MONDAY) == said


def test_near_days_across_new_year_need_no_year():
    assert say_day(date(2027, 1, 2), date(2026, 12, 30)) == "Sat 2 Jan"


@property_test
@given(todays, st.integers(-366, 366))
def test_a_day_as_said_is_read_as_that_day(today, away):
    day = today + timedelta(days=away)
    assume(1900 <= day.year <= 2200)
    assert read_date(say_day(day, today), today) == day


@property_test
@given(st.dates(), st.dates())
def test_every_day_can_be_said(day, today):
    assert say_day(day, today).isascii()
    assert say_distance(day, today).isascii()


def test_a_day_is_said_without_a_time():
    assert say_when(date(2026, 11, 24), NOON) == "tomorrow"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (berlin(2026, 11, 23, 14), "today 14:00"),
        (berlin(2026, 11, 27, 9, 30), "Fri 27 Nov 09:30"),
        (berlin(2025, 11, 27, 9, 30), "27 Nov 2025 09:30"),
        (datetime(2026, 11, 24, 8, tzinfo=BERLIN), "tomorrow 08:00"),
        (Moment(datetime(2026, 11, 23, 14), "Europe/Paris"), "today 14:00"),
        (Moment(datetime(2026, 11, 23, 8), "America/New_York"), "today 14:00 (08:00 America/New_York)"),
        (
            Moment(datetime(2026, 11, 23, 19), "America/New_York"),
            "tomorrow 01:00 (Mon 23 Nov 19:00 America/New_York)",
        ),
        (datetime(2026, 11, 23, 13, tzinfo=UTC), "today 14:00 (13:00 UTC)"),
    ],
)
def test_a_moment_is_said_on_the_users_clock_and_on_its_own_where_that_differs(when, said):
    assert say_when(when, NOON) == said


@property_test
@given(presents, st.integers(-500_000, 500_000))
def test_a_moment_as_said_is_read_as_that_moment(now, minutes):
    at = (now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(now.tzinfo).replace(second=0, microsecond=0)
    assume(at.fold == 0)
    assert read_when(say_when(moment_of(at), now), now) == moment_of(at)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"), (1, "tomorrow"), (-1, "yesterday"), (3, "in 3 days"), (-3, "3 days ago"), (13, "in 13 days"),
        (14, "in 2 weeks"), (20, "in 2 weeks"), (-21, "3 weeks ago"), (60, "in 8 weeks"), (61, "in 2 months"),
        (-365, "11 months ago"), (731, "in 2 years"), (-3653, "10 years ago"),
    ],
)  # fmt: skip
def test_a_distance_is_said_in_whole_days_weeks_months_or_years(days, said):
    assert say_distance(MONDAY + timedelta(days=days), MONDAY) == said


def test_a_day_stands_in_a_sentence_with_on_where_it_is_a_date():
    today = date(2026, 11, 23)
    assert say_on(date(2026, 11, 3), today) == "on 3 Nov"
    assert say_on(date(2026, 11, 20), today) == "on Fri 20 Nov"
    assert say_on(date(2026, 11, 22), today) == "yesterday"
