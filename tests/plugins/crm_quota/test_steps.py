"""The quota's step: one a week, done by applications, called for until an offer is accepted."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.steps import step_key
from crm_quota import crm_done, crm_steps

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)


def steps_of(book):
    """What the plugin answers, in a book that must not be changed meanwhile."""
    with book.read_only():
        return list(crm_steps(book))


def sent(*days: str) -> list[str]:
    return [f"applied {day}" for day in days]


FIVE = sent("2026-11-23", "2026-11-24", "2026-11-24", "2026-11-24", "2026-11-25")


@pytest.mark.parametrize(
    ("histories", "options", "title", "count"),
    [
        (["wishlist 2026-11-20"], {}, "Apply for 5 jobs", "0 of 5"),
        (sent("2026-11-22"), {}, "Apply for 5 jobs", "0 of 5"),
        (sent("2026-11-23"), {}, "Apply for 4 more jobs", "1 of 5"),
        (FIVE[:4], {}, "Apply for 1 more job", "4 of 5"),
        (["wishlist 2026-11-20"], {"quota": 1}, "Apply for 1 job", "0 of 1"),
        (["offer 2026-11-02"], {}, "Apply for 5 jobs", "0 of 5"),
        (["accepted 2026-11-02, rejected 2026-11-23"], {}, "Apply for 5 jobs", "0 of 5"),
        (FIVE[:2], {"pauses": ["2026-11-25 to 2026-11-27"]}, "Apply for 3 more jobs", "2 of 5"),
    ],
)
def test_the_step_says_how_many_are_missing_by_sunday(book_with, histories, options, title, count):
    (step,) = steps_of(book_with(histories, **options))
    assert (step.title, step.why) == (title, f"{count} this week; no offer is accepted yet")
    assert (step.kind, step.about, step.refs, step.slot) == ("apply", None, (), "2026-W48")
    assert (step.starts, step.due, step.late, step.done) == (MONDAY, SUNDAY, None, None)


@pytest.mark.parametrize(
    ("histories", "options"),
    [
        ([], {}),
        (sent("2026-11-23"), {"quota": 0}),
        (sent("2026-11-23"), {"pauses": ["2026-11-23 to 2026-11-29"]}),
        (sent("2026-11-23"), {"pauses": ["2026-11-24 to 2026-11-27"]}),
        (["offer 2026-11-02, accepted 2026-11-23"], {}),
        ([*sent("2026-11-23"), "accepted 2026-10-01"], {}),
    ],
)
def test_no_step_where_nothing_is_called_for(book_with, histories, options):
    assert steps_of(book_with(histories, **options)) == []


@pytest.mark.parametrize(
    ("histories", "options", "done"),
    [
        (FIVE, {}, date(2026, 11, 25)),
        ([*FIVE, *sent("2026-11-24")], {}, date(2026, 11, 24)),
        (FIVE[:2], {"quota": 2}, date(2026, 11, 24)),
        ([*FIVE, "accepted 2026-11-01"], {}, date(2026, 11, 25)),
        (FIVE, {"pauses": ["2026-11-23 to 2026-11-29"]}, date(2026, 11, 25)),
    ],
)
def test_a_met_quota_is_done_on_the_day_it_was_reached_and_stays_so(book_with, histories, options, done):
    (step,) = steps_of(book_with(histories, **options))
    assert (step.done, step.command) == (done, "")
    assert step.title == f"Apply for {options.get('quota', 5)} jobs"


def test_missed_weeks_do_not_pile_up(book_with):
    (step,) = steps_of(book_with(sent("2026-01-05"), now="2026-11-25T12:00"))
    assert step.slot == "2026-W48"


def test_the_week_across_new_year_is_one_step(book_with):
    slots = {
        step.slot
        for now in ("2026-12-28T00:00", "2026-12-31T23:59", "2027-01-01T12:00", "2027-01-03T23:59")
        for step in steps_of(book_with(sent("2026-12-01"), now=now))
    }
    assert slots == {"2026-W53"}
    (step,) = steps_of(book_with(sent("2026-12-29", "2027-01-02"), now="2027-01-03T12:00"))
    assert (step.title, step.due) == ("Apply for 3 more jobs", date(2027, 1, 3))


@pytest.mark.parametrize(
    ("now", "zone", "slot"),
    [
        ("2026-11-29T23:30+01:00", "Europe/Berlin", "2026-W48"),
        ("2026-11-29T23:30+01:00", "UTC", "2026-W48"),
        ("2026-11-29T23:30+00:00", "Europe/Berlin", "2026-W49"),
        ("2026-11-29T23:30+00:00", "UTC", "2026-W48"),
        ("2026-11-29T23:30+01:00", "Pacific/Auckland", "2026-W49"),
    ],
)
def test_the_week_ends_with_sunday_in_the_users_zone(book_with, now, zone, slot):
    (step,) = steps_of(book_with(sent("2026-11-02"), now=now, zone=zone))
    assert step.slot == slot


def test_no_single_fact_closes_the_step():
    assert crm_done() is False


STAGES = ("wishlist", "applied", "interviewing", "offer", "accepted", "rejected", "withdrawn", "ghosted")
DAYS = st.dates(date(2026, 11, 9), date(2026, 12, 6))


@st.composite
def histories(draw: st.DrawFn) -> str:
    days = sorted(draw(st.lists(DAYS, max_size=4)))
    return ", ".join(f"{draw(st.sampled_from(STAGES))} {day}" for day in days)


@st.composite
def pauses(draw: st.DrawFn) -> str:
    first = draw(DAYS)
    return f"{first} to {first + timedelta(days=draw(st.integers(0, 9)))}"


FACTS = st.tuples(st.lists(histories(), max_size=5), st.lists(pauses(), max_size=2))
QUOTAS = st.integers(0, 3)
IN_WEEK = st.datetimes(datetime.fromisoformat("2026-11-23"), datetime.fromisoformat("2026-11-29T23:59:59"))
BERLIN = ZoneInfo("Europe/Berlin")
YEARS = st.datetimes(
    datetime.fromisoformat("2026-11-02"), datetime.fromisoformat("2028-01-30"), timezones=st.just(BERLIN)
)
FEW = settings(max_examples=40, deadline=None)


@FEW
@given(st.data())
def test_the_order_in_which_facts_were_entered_changes_nothing(book_with, data):
    told, rests = data.draw(FACTS)
    quota, now = data.draw(QUOTAS), data.draw(IN_WEEK).isoformat()
    again, rests_again = data.draw(st.permutations(told)), data.draw(st.permutations(rests))
    first = steps_of(book_with(told, pauses=rests, quota=quota, now=now))
    assert first == steps_of(book_with(again, pauses=rests_again, quota=quota, now=now))


@FEW
@given(FACTS, QUOTAS, st.lists(IN_WEEK, min_size=2, max_size=3))
def test_within_a_week_the_step_keeps_its_key_and_its_dates(book_with, facts, quota, moments):
    told, rests = facts
    found = [
        step for now in moments for step in steps_of(book_with(told, pauses=rests, quota=quota, now=now.isoformat()))
    ]
    assert len({(step_key("crm_quota", step), step.starts, step.due) for step in found}) <= 1


@FEW
@given(FACTS, QUOTAS, IN_WEEK)
def test_there_is_at_most_one_step_and_it_is_this_weeks(book_with, facts, quota, now):
    told, rests = facts
    found = steps_of(book_with(told, pauses=rests, quota=quota, now=now.isoformat()))
    assert [step.slot for step in found] in ([], ["2026-W48"])


@FEW
@given(YEARS)
def test_while_nothing_excuses_it_every_week_has_exactly_one_step(book_with, now):
    (step,) = steps_of(book_with(["wishlist 2026-11-02"], now=now.isoformat()))
    year, week, _ = now.isocalendar()
    assert step.slot == f"{year}-W{week:02}"
    assert step.starts <= now.date() <= step.due
