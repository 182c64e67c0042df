"""When an interview is to be thought over, and what closes that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import InputError, Moment, Move
from crm_core.steps import Agenda, step_key
from crm_reflection import crm_done
from crm_reflection.answers import answers_to
from crm_reflection.settings import ReflectionSettings
from crm_reflection.steps import reflect_steps

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 11, 20)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


class OnlyReflection:
    """This plugin alone as a source of steps."""

    def steps(self, book, since, until):
        return [("crm_reflection", step) for step in reflect_steps(book, until)]

    def done(self, book, plugin, step, on):
        return crm_done(book, step, on)


def agenda(job):
    return Agenda(job.book, OnlyReflection(), datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


def test_an_interview_is_to_be_thought_over_the_same_evening(job):
    step = job.step
    assert step_key("crm_reflection", step) == "crm_reflection/reflect/i1"
    assert (step.title, step.why) == ("Reflect on the interview at Bluewater Robotics", "It ended yesterday 15:00")
    assert (step.starts, step.due, step.late, step.expires) == (
        at("2026-11-19T15:00"), at("2026-11-19T20:00"), at("2026-11-20T15:00"), at("2026-12-19T15:00"),
    )  # fmt: skip
    assert (step.command, step.outlives, step.done) == ("crm reflect i1", True, None)


def test_ten_answers_are_enough_and_the_tenth_says_when(job):
    job.answer(9)
    assert job.step.done is None
    assert job.step.why == "It ended yesterday 15:00; 9 of 14 questions answered"
    job.at_time("2026-11-22T12:00").answer(10)
    assert job.step.done == date(2026, 11, 22)
    job.at_time("2026-11-25T12:00").answer(14)
    assert job.step.done == date(2026, 11, 22)


def test_how_many_are_enough_is_a_setting(job):
    (job.home / "config.toml").write_text("[crm_reflection]\nenough = 2\n")
    job.at_time("2026-11-20T12:00").answer(2)
    assert job.step.done == FRIDAY


def test_done_records_that_it_is_finished_and_no_mark(job):
    present = agenda(job)
    assert present.finish(present.entries[0], FRIDAY) == "fact"
    assert [reflection.finished for reflection in job.reflections] == [FRIDAY]
    assert len(job.book.marks) == 0
    assert [entry.state for entry in agenda(job.at_time("2027-06-01T12:00")).entries] == ["done"]


@pytest.mark.parametrize("on", [date(2026, 11, 18), date(2026, 11, 21)])
def test_nobody_is_finished_before_the_interview_or_tomorrow(job, on):
    with pytest.raises(InputError):
        agenda(job).finish(agenda(job).entries[0], on)
    assert job.reflections == []


def test_an_interview_that_is_postponed_is_to_be_thought_over_anew(job):
    job.answer(14)
    job.met = job.edit(job.met, at=Moment(datetime.fromisoformat("2026-11-24T10:00"), "Europe/Berlin"))
    job.at_time("2026-11-24T18:00")
    assert job.step.done is None
    assert job.step.why == "what you thought (Fri 20 Nov) is from before the interview (today)"
    assert answers_to(job.book, job.met) == {}
    job.answer(14)
    assert job.step.done == date(2026, 11, 24)
    assert len(job.reflections) == 1


def test_said_to_be_finished_before_it_was_postponed_is_not_finished(job):
    present = agenda(job)
    present.finish(present.entries[0], FRIDAY)
    job.edit(job.met, at=Moment(datetime.fromisoformat("2026-11-24T10:00"), "Europe/Berlin"))
    assert job.at_time("2026-11-24T18:00").step.done is None


def test_it_outlives_the_application_and_expires_after_a_month(job):
    job.edit(job.application, moves=(Move(id="m9", stage="rejected", on=FRIDAY),))
    assert [entry.state for entry in agenda(job).entries] == ["due"]
    assert job.at_time("2026-12-19T15:01").steps() == []


def test_hours_are_elapsed_ones_when_the_clocks_go_back(make_job):
    step = make_job(now="2026-10-24T18:00", at="2026-10-24T16:00").step
    assert (step.late - step.starts.astimezone(UTC), step.late) == (timedelta(hours=24), at("2026-10-25T16:00"))


def test_answers_of_the_same_evening_count_although_it_is_another_day_where_the_interview_was(make_job):
    job = make_job(now="2026-11-19T22:30", at="2026-11-20T09:00", place="Pacific/Auckland")
    job.answer(10)
    assert job.step.done == date(2026, 11, 19)


def test_a_reflection_goes_with_its_interview(job):
    job.answer(3)
    with job.book.change("removed"):
        job.book.remove(job.book.removal(job.book.interviews.get("i1")))
    assert (job.reflections, job.steps()) == ([], [])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"late_hours": -1}, "late_hours: -1 is not from 0 to 8760"),
        ({"enough": 15}, "enough: 15 is not from 1 to 14"),
        ({"compared": 1}, "compared: 1 is not from 2 to 12"),
        ({"late_hours": 25, "expires_days": 1}, "late_hours: 25 is more than expires_days, 1, allows"),
    ],
)
def test_settings_that_can_not_be_are_refused(values, message):
    with pytest.raises(ValueError) as caught:
        ReflectionSettings(**values).check()
    assert str(caught.value) == message


FEW = settings(max_examples=40, deadline=None)
STARTS = st.datetimes(datetime.fromisoformat("2026-10-21"), datetime.fromisoformat("2026-11-25"))
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
MEETINGS = st.lists(st.tuples(STARTS, ZONES, st.integers(0, 14)), max_size=4)


def told(new_job, meetings):
    """A book of those interviews, thought over so far, in that order."""
    job = new_job()
    with job.book.change("none"):
        job.book.remove(job.book.removal(job.met))
    for start, zone, count in meetings:
        job.answer(count, interview=job.meet(start.replace(microsecond=0).isoformat(), zone))
    return job


def dates(job):
    return {step_key("crm_reflection", s): (s.starts, s.due, s.late, s.expires, s.done) for s in job.steps()}


@FEW
@given(st.data())
def test_the_order_in_which_facts_were_entered_changes_nothing(new_job, data):
    meetings = data.draw(MEETINGS)
    again = data.draw(st.permutations(meetings))
    first, second = (
        sorted((replace(step, about=None, command="") for step in told(new_job, entered).steps()), key=repr)
        for entered in (meetings, again)
    )
    assert first == second


@FEW
@given(MEETINGS, st.integers(0, 40))
def test_keys_are_unique_and_dates_do_not_depend_on_the_present(new_job, meetings, later):
    job = told(new_job, meetings)
    first = dates(job)
    assert len(first) == len(job.steps())
    assert dates(job) == first
    job.at_time((datetime.fromisoformat("2026-11-20T12:00") + timedelta(days=later)).isoformat())
    assert dates(job).items() <= first.items()
