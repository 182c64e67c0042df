"""ISO weeks, the turn of the year among them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm_quota.weeks import Week, weeks_between

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def test_the_week_that_holds_new_year_belongs_to_the_old_year_if_its_thursday_does():
    monday = date(2026, 12, 28)
    days = [monday + timedelta(days=number) for number in range(7)]
    assert {str(Week.of(day)) for day in days} == {"2026-W53"}
    assert days[-1] == date(2027, 1, 3)
    assert str(Week.of(date(2027, 1, 4))) == "2027-W01"


def test_the_first_days_of_a_year_can_be_in_the_old_years_last_week_and_the_last_in_the_new_ones_first():
    assert str(Week.of(date(2021, 1, 3))) == "2020-W53"
    assert str(Week.of(date(2024, 12, 30))) == "2025-W01"


def test_the_week_before_the_first_is_the_old_years_last():
    assert str(Week.of(date(2027, 1, 4)).previous) == "2026-W53"


@given(DAYS)
def test_a_day_is_in_its_week_and_the_week_says_so_as_the_calendar_does(day):
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert (week.sunday - week.monday).days == 6
    year, number = str(week).split("-W")
    assert date.fromisocalendar(int(year), int(number), 1) == week.monday


@given(DAYS, st.integers(0, 60))
def test_the_weeks_between_two_days_are_those_of_the_days_between(first, length):
    days = [first + timedelta(days=number) for number in range(length + 1)]
    assert list(weeks_between(first, days[-1])) == list(dict.fromkeys(map(Week.of, days)))


def test_no_week_is_between_days_in_the_wrong_order():
    assert list(weeks_between(date(2026, 11, 23), date(2026, 11, 20))) == []
