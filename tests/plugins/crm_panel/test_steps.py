"""When the others of a panel are to be written to, and what closes that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core import Contact, InputError, Interview, Seat, Version
from crm_core.steps import step_key
from crm_panel import crm_done
from tests.plugins.facts import berlin

BERLIN = ZoneInfo("Europe/Berlin")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def done(job, step, on):
    with job.book.change("done"):
        return crm_done(job.book, step, on)


def test_each_of_the_others_is_to_be_written_to_within_a_day(job):
    tom, ines = job.steps()
    assert [step_key("crm_panel", step) for step in (tom, ines)] == [
        "crm_panel/letter/i1/c2",
        "crm_panel/letter/i1/c3",
    ]
    assert (tom.title, ines.title) == ("Write to Tom Okafor", "Write to Inês Carvalho")
    assert tom.why == "Engineer interview at Bluewater Robotics ended yesterday 15:00"
    assert (tom.starts, tom.due) == (at("2026-11-19T15:00"), at("2026-11-20T15:00"))
    assert (tom.late, tom.expires) == (at("2026-11-21T15:00"), at("2026-12-03T15:00"))
    assert (tom.person, tom.about, tom.command) == ("c2", "i1", "crm panel i1")
    assert tom.done is None
    assert not tom.outlives


@pytest.mark.parametrize("size", [0, 1])
def test_without_a_second_interviewer_there_is_nobody_to_write_to(make_job, size):
    assert make_job(size=size).steps() == []


def test_the_flagged_seat_is_the_lead(job):
    seats = (Seat(contact="c1"), Seat(contact="c2", lead=True), Seat(contact="c3"))
    job.edit(job.met, panel=seats)
    assert job.titles == ["Write to Mara Lindqvist", "Write to Inês Carvalho"]


def test_a_person_with_two_seats_is_written_to_once(job):
    job.edit(job.met, panel=tuple(Seat(contact=ref) for ref in ("c1", "c2", "c2", "c1")))
    assert job.titles == ["Write to Tom Okafor"]


def test_a_day_is_24_elapsed_hours_when_the_clocks_go_back(make_job):
    step, _ = make_job(now="2026-10-25T12:00", at="2026-10-24T16:00").steps()
    assert step.due - step.starts.astimezone(UTC) == timedelta(hours=24)
    assert step.due == at("2026-10-25T16:00")


def test_an_interview_ahead_has_no_steps_until_it_ends(make_job):
    job = make_job(now="2026-11-18T12:00")
    assert job.steps(until=at("2026-11-19T14:59")) == []
    assert len(job.steps(until=at("2026-11-19T15:00"))) == 2


def test_after_two_weeks_nobody_is_written_to_any_more(job):
    job.letter(job.people[1], sent=date(2026, 11, 20))
    job.at_time("2026-12-03T15:00")
    assert len(job.steps()) == 2
    job.at_time("2026-12-03T15:01")
    assert [(step.title, step.done) for step in job.steps()] == [("Write to Tom Okafor", date(2026, 11, 20))]


def test_any_letter_of_thanks_closes_the_step_so_a_changed_lead_asks_nobody_twice(job):
    job.letter(job.people[0], kind="thank-you", sent=date(2026, 11, 20))
    job.letter(job.people[1], sent=date(2026, 11, 20))
    seats = (Seat(contact="c1"), Seat(contact="c2", lead=True), Seat(contact="c3"))
    job.edit(job.met, panel=seats)
    assert [step.title for step in job.steps() if step.done is None] == ["Write to Inês Carvalho"]


def test_a_postponed_interview_opens_the_step_again_and_says_why(make_job):
    job = make_job(now="2026-11-13T12:00", at="2026-11-12T14:00", size=2)
    job.letter(job.people[1], sent=date(2026, 11, 12))
    job.edit(job.met, at=berlin("2026-11-19T14:00"))
    job.at_time("2026-11-20T12:00")
    (step,) = job.steps()
    assert step.done is None
    assert step.why == "your letter (12 Nov) is from before the interview (yesterday)"


def test_the_settings_move_all_dates(job):
    (job.home / "config.toml").write_text("[crm_panel]\ndue_hours = 6\nlate_hours = 12\nexpires_days = 2\n")
    job.at_time("2026-11-20T12:00")
    step, _ = job.steps()
    assert (step.due, step.late) == (at("2026-11-19T21:00"), at("2026-11-20T03:00"))
    assert step.expires == at("2026-11-21T15:00")


@pytest.mark.parametrize("line", ["due_hours = -1", "late_hours = 5", "expires_days = 4000", "post_days = 1"])
def test_settings_that_make_no_sense_are_refused_by_name(job, line):
    (job.home / "config.toml").write_text(f"[crm_panel]\n{line}\n")
    job.at_time("2026-11-20T12:00")
    with pytest.raises(InputError, match=line.split()[0]):
        job.steps()


def test_done_marks_the_open_draft_as_sent(job):
    job.letter(job.people[1], channel="post")
    assert done(job, job.steps()[0], berlin("2026-11-20T09:00"))
    (letter,) = job.book.letters
    assert (letter.sent, letter.channel) == (berlin("2026-11-20T09:00"), "post")


def test_done_takes_a_thank_you_that_was_drafted_when_they_were_taken_for_the_lead(job):
    job.letter(job.people[1], kind="thank-you")
    assert done(job, job.steps()[0], date(2026, 11, 20))
    assert [(letter.kind, letter.sent) for letter in job.book.letters] == [("thank-you", date(2026, 11, 20))]


def test_done_without_a_draft_records_a_letter_without_text(job):
    assert done(job, job.steps()[1], date(2026, 11, 20))
    (letter,) = job.book.letters
    assert (letter.contact, letter.interview, letter.application) == ("c3", "i1", "a1")
    assert (letter.kind, letter.family, letter.versions) == ("panel", "thanks", ())


@pytest.mark.parametrize("on", [date(2026, 11, 18), berlin("2026-11-19T13:59"), date(2026, 11, 21)])
def test_nobody_is_written_to_before_the_interview_or_in_the_future(job, on):
    with pytest.raises(InputError):
        done(job, job.steps()[0], on)
    assert len(job.book.letters) == 0


def test_done_refuses_a_letter_that_says_the_same_as_another(job):
    text = Version(written=berlin("2026-11-20T10:00"), body="I write the same to all of you. " * 12)
    job.letter(job.people[0], kind="thank-you", versions=(text,), sent=date(2026, 11, 20))
    other = Version(written=text.written, body=text.body + "Except for this.")
    job.letter(job.people[1], versions=(other,))
    with pytest.raises(InputError, match="l2 to Tom Okafor says the same as l1 to Mara Lindqvist") as caught:
        done(job, job.steps()[0], date(2026, 11, 20))
    assert "crm letter sent l2 --force" in caught.value.hint
    assert job.book.letters.get("l2").sent is None


def test_done_of_an_interview_that_is_gone_leaves_a_mark_to_others(job):
    step = job.steps()[0]
    with job.book.change("removed"):
        job.book.remove(job.book.removal(job.met))
    assert not done(job, step, date(2026, 11, 20))


def test_merged_people_are_written_to_once_under_the_new_name(job):
    with job.book.change("the same person"):
        job.book.merge(job.people[2], job.people[1], job.people[2])
    assert [step.refs for step in job.steps()] == [("i1", "c3")]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)), days=st.lists(st.integers(-30, 60), min_size=2, max_size=2))
def test_steps_are_the_same_in_whatever_order_facts_were_entered_and_on_whatever_day(
    tmp_path_factory, make_job, order, days
):
    job = type(make_job(size=1))(tmp_path_factory.mktemp("order"), size=1)
    names = ("Tom Okafor", "Inês Carvalho", "Jo Bell", "Bea Olawale")
    added = {names[n]: job.add(Contact(name=names[n])).id for n in order}
    panel = (Seat(contact="c1"), *(Seat(contact=added[name]) for name in names))
    job.edit(job.met, panel=panel)
    seen = []
    for day in days:
        job.at_time(f"{date(2026, 11, 19) + timedelta(days=day)}T23:00")
        steps = job.steps()
        assert len({step_key("crm_panel", step) for step in steps}) == len(steps)
        seen.append([(step.title, step.due, step.late, step.starts) for step in steps])
        assert [step.title for step in job.steps()] == [step.title for step in steps]
    expected = [
        (f"Write to {name}", at("2026-11-20T15:00"), at("2026-11-21T15:00"), at("2026-11-19T15:00")) for name in names
    ]
    assert all(steps in ([], expected) for steps in seen)


def test_thousands_of_old_interviews_without_letters_make_no_step(job):
    panel = tuple(Seat(contact=person.id) for person in job.people)
    with job.book.change("years of interviews"):
        for day in range(1, 29):
            for hour in range(8, 18):
                moment = berlin(f"2025-02-{day:02}T{hour:02}:00")
                job.book.interviews.add(Interview(application=job.application.id, at=moment, panel=panel))
    assert {step.about for step in job.steps()} == {"i1"}
