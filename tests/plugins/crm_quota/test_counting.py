"""What counts as an application, which weeks are excused, and how long the row of met weeks is."""

from datetime import date

import pytest

from crm_core import sent_on
from crm_quota.counting import excuse_now, is_paused, sent_days, standing, streak
from crm_quota.records import Pause
from crm_quota.weeks import Week

WEEK = Week.of(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("history", "day"),
    [
        ("", None),
        ("wishlist 2026-11-02", None),
        ("applied 2026-11-02", "2026-11-02"),
        ("wishlist 2026-11-02, applied 2026-11-05, interviewing 2026-11-20", "2026-11-05"),
        ("applied 2026-11-02, rejected 2026-11-09, applied 2026-11-24", "2026-11-02"),
        ("interviewing 2026-11-10", "2026-11-10"),
        ("wishlist 2026-11-02, interviewing 2026-11-10, offer 2026-11-20", "2026-11-10"),
        ("interviewing 2026-11-10, applied 2026-11-12", "2026-11-12"),
        ("wishlist 2026-11-02, rejected 2026-11-10", "2026-11-10"),
        ("wishlist 2026-11-02, withdrawn 2026-11-10", None),
        ("wishlist 2026-11-02, withdrawn 2026-11-10, applied 2026-11-12", "2026-11-12"),
        ("accepted 2026-11-10", "2026-11-10"),
    ],
)
def test_an_application_counts_on_the_day_it_was_sent(book_with, history, day):
    (application,) = book_with([history]).applications
    assert sent_on(application) == (date.fromisoformat(day) if day else None)


def test_a_day_that_is_still_ahead_does_not_count_yet(book_with):
    histories = ["applied 2026-11-25", "applied 2026-11-26"]
    assert sent_days(book_with(histories, now="2026-11-25T12:00")) == [date(2026, 11, 25)]
    assert len(sent_days(book_with(histories, now="2026-11-26T00:00"))) == 2


@pytest.mark.parametrize(
    ("pauses", "excused"),
    [
        ([], False),
        (["2026-11-23 to 2026-11-29"], True),
        (["2026-11-23 to 2026-11-26"], True),
        (["2026-11-24 to 2026-11-27"], True),
        (["2026-11-23 to 2026-11-25"], False),
        (["2026-11-25 to 2026-11-29"], False),
        (["2026-11-28 to 2026-11-29"], False),
        (["2026-11-23 to 2026-11-24", "2026-11-26 to 2026-11-27"], True),
        (["2026-11-23 to 2026-11-25", "2026-11-24 to 2026-11-25"], False),
        (["2026-10-01 to 2027-01-10"], True),
        (["2026-11-16 to 2026-11-22", "2026-11-30 to 2026-12-06"], False),
    ],
)
def test_four_working_days_of_pause_excuse_a_week(pauses, excused):
    days = [[date.fromisoformat(day) for day in pause.split(" to ")] for pause in pauses]
    assert is_paused(WEEK, [Pause(first=first, last=last) for first, last in days]) is excused


@pytest.mark.parametrize(
    ("histories", "options", "excuse"),
    [
        ([], {}, "there is no application yet"),
        (["wishlist 2026-11-02"], {}, ""),
        (["applied 2026-11-02"], {"quota": 0}, "no quota is set"),
        (["offer 2026-11-20"], {}, ""),
        (["offer 2026-11-20, accepted 2026-11-24"], {}, "an offer is accepted"),
        (["accepted 2026-11-24, withdrawn 2026-11-25"], {}, ""),
        (["accepted 2026-11-24, rejected 2026-11-25"], {}, ""),
        (["accepted 2026-11-20, withdrawn 2026-11-21", "accepted 2026-11-24"], {}, "an offer is accepted"),
        (["applied 2026-11-02"], {"pauses": ["2026-11-23 to 2026-11-27"]}, "the week is paused"),
        (["applied 2026-11-02"], {"pauses": ["2026-11-16 to 2026-11-22"]}, ""),
    ],
)
def test_something_is_called_for_unless_there_is_an_excuse(book_with, histories, options, excuse):
    assert excuse_now(book_with(histories, **options), WEEK) == excuse


def weekly(*days: str) -> list[str]:
    """An application on each of those days."""
    return [f"applied {day}" for day in days]


MET_TWICE = weekly("2026-11-09", "2026-11-16")


@pytest.mark.parametrize(
    ("histories", "options", "weeks"),
    [
        ([], {}, 0),
        (["wishlist 2026-11-02"], {}, 0),
        (MET_TWICE, {}, 2),
        ([*MET_TWICE, "applied 2026-11-25"], {}, 3),
        (weekly("2026-11-25"), {}, 1),
        (weekly("2026-11-02", "2026-11-16"), {}, 1),
        (weekly("2026-11-09"), {}, 0),
        (weekly("2026-11-02", "2026-11-16"), {"pauses": ["2026-11-09 to 2026-11-13"]}, 2),
        (weekly("2026-11-02", "2026-11-09"), {"pauses": ["2026-11-16 to 2026-11-20"]}, 2),
        (weekly("2026-11-02", "2026-11-09"), {"pauses": ["2026-11-16 to 2026-11-18"]}, 0),
        (MET_TWICE, {"pauses": ["2026-11-16 to 2026-11-20"]}, 2),
        (MET_TWICE, {"pauses": ["2020-01-01 to 2026-11-08"]}, 2),
        (MET_TWICE, {"pauses": ["2026-11-23 to 2026-11-29"]}, 2),
        (MET_TWICE, {"quota": 2}, 0),
        ([*MET_TWICE, *MET_TWICE], {"quota": 2}, 2),
        (MET_TWICE, {"quota": 0}, 0),
        (
            ["applied 2026-10-20, accepted 2026-10-28, withdrawn 2026-11-16", "applied 2026-11-17"],
            {},
            2,
        ),
    ],
)
def test_the_streak_counts_met_weeks_in_a_row_and_leaves_excused_ones_out(book_with, histories, options, weeks):
    assert streak(book_with(histories, **{"quota": 1, **options})) == weeks


def test_the_streak_goes_on_across_new_year(book_with):
    histories = weekly("2026-12-21", "2027-01-03", "2027-01-04")
    assert streak(book_with(histories, quota=1, now="2027-01-11T08:00")) == 3


def test_the_standing_tells_the_week_what_is_missing_and_the_pauses_to_come(book_with):
    now = standing(
        book_with(
            weekly("2026-11-23", "2026-11-24", "2026-11-20"),
            pauses=["2026-12-24 to 2027-01-03", "2026-11-20 to 2026-11-23", "2026-11-01 to 2026-11-03"],
        )
    )
    assert (now.week, now.first, now.last) == ("2026-W48", date(2026, 11, 23), date(2026, 11, 29))
    assert (now.quota, now.sent, now.missing, now.met, now.excuse) == (5, 2, 3, None, "")
    assert [pause.first for pause in now.pauses] == [date(2026, 11, 20), date(2026, 12, 24)]


def test_nothing_is_missing_in_an_excused_week(book_with):
    now = standing(book_with(weekly("2026-11-02"), pauses=["2026-11-23 to 2026-11-27"]))
    assert (now.missing, now.excuse) == (0, "the week is paused")
