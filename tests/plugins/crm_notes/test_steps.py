"""When an interview is to be written down, and what closes that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import Contact, Interview, Mark, Moment, Move, Note, Seat, moment_of
from crm_core.steps import Agenda, step_key
from crm_notes import crm_done
from crm_notes.settings import NoteSettings
from crm_notes.steps import note_steps

BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = date(2026, 11, 19)
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)
FAR = datetime(2200, 1, 1, tzinfo=UTC)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


class OnlyNotes:
    """This plugin alone as a source of steps."""

    def steps(self, book, since, until):
        return [("crm_notes", step) for step in note_steps(book, until)]

    def done(self, book, plugin, step, on):
        return crm_done()


def agenda(job):
    return Agenda(job.book, OnlyNotes(), ALWAYS, FAR)


def test_an_interview_is_to_be_written_down_the_same_evening(job):
    (step,) = job.steps()
    assert step_key("crm_notes", step) == "crm_notes/write/i1"
    assert step.title == "Write down the interview at Bluewater Robotics"
    assert step.why == "Engineer interview at Bluewater Robotics ended yesterday 15:00"
    assert (step.starts, step.due, step.late) == (
        at("2026-11-19T15:00"), at("2026-11-19T20:00"), at("2026-11-20T15:00"),
    )  # fmt: skip
    assert (step.expires, step.outlives, step.command) == (at("2026-12-19T15:00"), True, "crm notes i1")
    assert (step.person, step.done) == (None, None)


def test_after_the_first_note_it_is_each_person_without_one(job):
    job.note(contact=job.mara.id)
    write, mara, tom = job.steps()
    assert (write.kind, write.done) == ("write", THURSDAY)
    assert (mara.kind, mara.person, mara.done) == ("person", "c1", THURSDAY)
    assert (tom.person, tom.done) == ("c2", None)
    assert tom.title == "Write down what you talked about with Tom Okafor"
    assert step_key("crm_notes", tom) == "crm_notes/person/i1/c2"
    assert (tom.starts, tom.due, tom.late, tom.expires) == (write.starts, write.due, write.late, write.expires)


def test_a_note_about_nobody_ends_the_first_step_and_calls_for_each_person(job):
    job.note(kind="impression")
    assert [step.person for step in job.open] == ["c1", "c2"]


def test_the_earliest_note_says_when_it_was_done_and_the_interviews_day_where_none_does(job):
    job.note(written=date(2026, 11, 22))
    job.note(written=date(2026, 11, 20))
    assert job.steps()[0].done == date(2026, 11, 20)
    job.note(written=None)
    assert job.steps()[0].done == THURSDAY


def test_an_interview_that_has_not_ended_by_then_calls_for_nothing(job):
    assert job.steps(until=at("2026-11-19T14:59")) == []
    assert len(job.steps(until=at("2026-11-19T15:00"))) == 1


def test_without_a_panel_there_is_the_one_step(job):
    job.edit(job.met, panel=())
    assert len(job.open) == 1
    job.note()
    assert job.open == []


def test_a_panel_of_nine_is_one_step_and_then_eight(job):
    seats = [Seat(contact=job.add(Contact(name=f"Person {n}")).id) for n in range(9)]
    job.edit(job.met, panel=tuple(seats))
    assert len(job.open) == 1
    job.note(contact=seats[3].contact)
    assert [step.person for step in job.open] == [seat.contact for n, seat in enumerate(seats) if n != 3]


def test_hours_are_elapsed_ones_when_the_clocks_go_back(make_job):
    (step,) = make_job(now="2026-10-24T18:00", at="2026-10-24T16:00").steps()
    assert step.late - step.starts.astimezone(UTC) == timedelta(hours=24)
    assert step.late == at("2026-10-25T16:00")
    assert step.expires == at("2026-11-23T17:00")


def test_the_evening_is_that_of_the_place_or_an_hour_after_a_late_end(make_job):
    job, new_york = make_job(place="America/New_York"), ZoneInfo("America/New_York")
    assert job.steps()[0].due == datetime(2026, 11, 19, 20, tzinfo=new_york)
    job.edit(job.met, at=Moment(datetime.fromisoformat("2026-11-19T22:30"), "America/New_York"))
    assert job.steps()[0].due == datetime(2026, 11, 20, 0, 30, tzinfo=new_york)


def test_a_note_of_the_same_day_counts_although_it_is_another_day_where_the_interview_was(make_job):
    job = make_job(now="2026-11-19T22:30", at="2026-11-20T09:00", place="Pacific/Auckland")
    job.note(written=THURSDAY)
    assert job.steps()[0].done == THURSDAY


def test_an_interview_that_is_postponed_asks_again_and_says_why(job):
    job.note(contact=job.mara.id)
    job.edit(job.met, at=Moment(datetime.fromisoformat("2026-11-24T10:00"), "Europe/Berlin"))
    (step,) = job.at_time("2026-11-24T18:00").steps()
    assert (step.kind, step.done) == ("write", None)
    assert step.why == "what you noted (Thu 19 Nov) is from before the interview (today)"


def test_an_interview_moved_to_an_earlier_day_stays_written_down(job):
    job.note(contact=job.mara.id)
    job.edit(job.met, at=Moment(datetime.fromisoformat("2026-11-17T10:00"), "Europe/Berlin"))
    assert job.steps()[0].done == THURSDAY


def test_it_outlives_the_application(job):
    over = Move(id="m9", stage="rejected", on=date(2026, 11, 20))
    job.edit(job.book.applications.get("a1"), moves=(over,))
    assert [entry.state for entry in agenda(job).entries] == ["due"]


def test_after_a_month_it_is_not_asked_for_but_what_was_written_stays(job):
    job.at_time("2026-12-19T15:01")
    assert job.steps() == []
    job.note(contact=job.mara.id)
    assert [step.done for step in job.steps()] == [THURSDAY, THURSDAY]


def test_no_fact_closes_it_so_done_is_a_mark_that_lasts(job):
    present = agenda(job)
    assert present.finish(present.entries[0], date(2026, 11, 20)) == "mark"
    assert [entry.state for entry in agenda(job).entries] == ["done"]
    assert [entry.state for entry in agenda(job.at_time("2027-06-01T12:00")).entries] == ["done"]


def test_merged_people_are_one(job):
    job.note(contact=job.mara.id)
    job.add(Mark(step="crm_notes/person/i1/c2", state="done", marked=moment_of(job.book.now)))
    with job.book.change("merged"):
        other = job.book.contacts.add(Contact(name="T. Okafor"))
        job.book.merge(other, job.tom, other)
    assert {entry.key: entry.state for entry in agenda(job).entries} == {
        "crm_notes/write/i1": "done",
        "crm_notes/person/i1/c1": "done",
        f"crm_notes/person/i1/{other.id}": "done",
    }


def test_notes_go_with_their_interview(job):
    job.note()
    with job.book.change("removed"):
        job.book.remove(job.book.removal(job.met))
    assert (len(job.book.notes), job.steps()) == (0, [])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"late_hours": -1}, "late_hours: -1 is not from 0 to 8760"),
        ({"expires_days": 366}, "expires_days: 366 is not from 0 to 365"),
        ({"late_hours": 25, "expires_days": 1}, "late_hours: 25 is more than expires_days, 1, allows"),
    ],
)
def test_settings_that_can_not_be_are_refused(values, message):
    with pytest.raises(ValueError) as caught:
        NoteSettings(**values).check()
    assert str(caught.value) == message


FEW = settings(max_examples=40, deadline=None)
STARTS = st.datetimes(datetime.fromisoformat("2026-03-01"), datetime.fromisoformat("2026-11-25"))
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
NOTES = st.lists(
    st.tuples(st.sampled_from([None, "Ann", "Bo"]), st.none() | st.dates(date(2026, 3, 1), date(2026, 11, 25))),
    max_size=3,
)
PANELS = st.lists(st.sampled_from(["Ann", "Bo", "Cy"]), unique=True)
MEETINGS = st.lists(st.tuples(STARTS, ZONES, PANELS, NOTES), max_size=4)


def told(make_job, meetings, order):
    """A book of those interviews, entered in that order."""
    job = make_job()
    with job.book.change("told"):
        job.book.remove(job.book.removal(job.met))
        people = {name: job.book.contacts.add(Contact(name=name)) for name in ("Ann", "Bo", "Cy")}
        for number in order:
            start, zone, panel, notes = meetings[number]
            seats = tuple(Seat(contact=people[name].id) for name in panel)
            new = Interview(application="a1", at=Moment(start.replace(microsecond=0), zone), panel=seats)
            interview = job.book.interviews.add(new)
            for name, written in notes if order == sorted(order) else reversed(notes):
                who = people[name].id if name else None
                job.book.notes.add(Note(interview=interview.id, text="x", contact=who, written=written))
    return job


def without_ids(steps):
    return sorted((replace(s, about=None, refs=(), command="") for s in steps), key=repr)


@FEW
@given(st.data())
def test_the_order_in_which_facts_were_entered_changes_nothing(new_job, data):
    meetings = data.draw(MEETINGS)
    order = data.draw(st.permutations(range(len(meetings))))
    one = told(new_job, meetings, list(range(len(meetings))))
    other = told(new_job, meetings, list(order))
    assert without_ids(one.steps()) == without_ids(other.steps())


@FEW
@given(MEETINGS)
def test_each_step_has_its_own_key_and_twice_is_the_same(new_job, meetings):
    job = told(new_job, meetings, list(range(len(meetings))))
    keys = [step_key("crm_notes", step) for step in job.steps()]
    assert len(set(keys)) == len(keys)
    assert job.steps() == job.steps()


@FEW
@given(MEETINGS, st.integers(0, 29))
def test_dates_do_not_depend_on_the_present(new_job, meetings, later):
    job = told(new_job, meetings, list(range(len(meetings))))
    first = {step_key("crm_notes", s): (s.starts, s.due, s.late, s.expires, s.done) for s in job.steps()}
    job.at_time((datetime.fromisoformat("2026-11-20T12:00") + timedelta(days=later)).isoformat())
    second = {step_key("crm_notes", s): (s.starts, s.due, s.late, s.expires, s.done) for s in job.steps()}
    assert second.items() <= first.items()
