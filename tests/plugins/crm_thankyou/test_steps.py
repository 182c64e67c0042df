"""When the lead interviewer is to be thanked, and what closes that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_core import InputError, Interview, Seat
from crm_core.steps import Agenda, step_key
from crm_thankyou import crm_done
from tests.plugins.facts import berlin

BERLIN = ZoneInfo("Europe/Berlin")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def done(job, on):
    with job.book.change("done"):
        return crm_done(job.book, job.step, on)


def test_the_lead_is_to_be_thanked_within_a_day(job):
    step = job.step
    assert step_key("crm_thankyou", step) == "crm_thankyou/thank/i1/c1"
    assert step.title == "Thank Mara Lindqvist"
    assert step.why == "Engineer interview at Bluewater Robotics ended yesterday 15:00"
    assert (step.starts, step.due) == (at("2026-11-19T15:00"), at("2026-11-20T15:00"))
    assert (step.late, step.expires) == (at("2026-11-21T15:00"), at("2026-12-03T15:00"))
    assert (step.person, step.about, step.command) == ("c1", "i1", "crm thank i1")
    assert step.done is None
    assert not step.outlives


def test_a_day_is_24_elapsed_hours_when_the_clocks_go_back(make_job):
    step = make_job(now="2026-10-25T12:00", at="2026-10-24T16:00").step
    assert step.starts == at("2026-10-24T17:00")
    assert (step.due - step.starts.astimezone(UTC)) == timedelta(hours=24)
    assert step.due == at("2026-10-25T16:00")
    assert step.late == at("2026-10-26T16:00")
    assert step.expires == at("2026-11-07T17:00")


def test_the_flagged_seat_is_the_lead(job):
    job.edit(job.met, panel=(Seat(contact="c1"), Seat(contact="c2", lead=True)))
    assert job.step.title == "Thank Tom Okafor"


def test_an_interview_with_an_empty_panel_has_nobody_to_thank(job):
    job.edit(job.met, panel=())
    assert job.steps() == []


def test_an_unknown_role_is_not_named(job):
    job.edit(job.application, role="unknown")
    assert job.step.why == "Interview at Bluewater Robotics ended yesterday 15:00"


def test_an_interview_ahead_has_its_step_ahead(make_job):
    job = make_job(now="2026-11-18T12:00")
    assert job.step.starts == at("2026-11-19T15:00")
    assert "ends tomorrow 15:00" in job.step.why
    assert job.steps(until=at("2026-11-19T14:59")) == []


def test_after_two_weeks_nobody_is_thanked_any_more(job):
    job.at_time("2026-12-03T15:00")
    assert len(job.steps()) == 1
    job.at_time("2026-12-03T15:01")
    assert job.steps() == []


def test_a_finished_step_stays_visible_when_it_would_have_expired(job):
    job.letter(sent=date(2026, 11, 20))
    job.at_time("2027-01-10T12:00")
    assert job.step.done == date(2026, 11, 20)


def test_a_letter_by_post_is_due_the_same_evening(job):
    job.letter(channel="post")
    assert (job.step.due, job.step.late) == (at("2026-11-19T20:00"), at("2026-11-21T15:00"))


def test_a_letter_by_post_after_a_late_interview_is_due_an_hour_after_it(make_job):
    job = make_job(at="2026-11-19T20:30")
    job.letter(channel="post")
    assert job.step.due == at("2026-11-19T22:30")


def test_the_settings_move_all_dates(job):
    (job.home / "config.toml").write_text(
        "[crm_thankyou]\ndue_hours = 6\nlate_hours = 12\npost_days = 3\nexpires_days = 2\n"
    )
    job.at_time("2026-11-20T12:00")
    assert (job.step.due, job.step.late) == (at("2026-11-19T21:00"), at("2026-11-20T03:00"))
    assert job.step.expires == at("2026-11-21T15:00")
    job.letter(channel="post")
    assert job.step.due == job.step.late == at("2026-11-22T20:00")


@pytest.mark.parametrize("line", ["due_hours = -1", "late_hours = 5", "expires_days = 4000", "post_days = -2"])
def test_settings_that_make_no_sense_are_refused_by_name(job, line):
    (job.home / "config.toml").write_text(f"[crm_thankyou]\n{line}\n")
    job.at_time("2026-11-20T12:00")
    with pytest.raises(InputError, match=line.split()[0]):
        job.steps()


def test_any_letter_of_thanks_that_was_sent_closes_the_step(job):
    job.letter(kind="panel", sent=berlin("2026-11-19T20:00"))
    assert job.step.done == at("2026-11-19T20:00")


def test_a_letter_that_was_not_sent_closes_nothing(job):
    job.letter()
    job.letter(contact=job.tom.id, sent=date(2026, 11, 20))
    job.letter(family="", sent=date(2026, 11, 20))
    assert job.step.done is None


def test_a_postponed_interview_opens_the_step_again_and_says_why(make_job):
    job = make_job(now="2026-11-13T12:00", at="2026-11-12T14:00")
    job.letter(sent=date(2026, 11, 12))
    assert job.step.done == date(2026, 11, 12)
    job.edit(job.met, at=berlin("2026-11-19T14:00"))
    job.at_time("2026-11-20T12:00")
    assert job.step.done is None
    assert job.step.why == "your letter (12 Nov) is from before the interview (yesterday)"
    job.letter(sent=date(2026, 11, 20))
    assert job.step.done == date(2026, 11, 20)
    assert job.step.why == "Engineer interview at Bluewater Robotics ended yesterday 15:00"


def test_done_marks_the_open_draft_as_sent(job):
    job.letter(channel="post")
    assert done(job, berlin("2026-11-20T09:00"))
    (letter,) = job.book.letters
    assert (letter.sent, letter.channel) == (berlin("2026-11-20T09:00"), "post")
    assert job.step.done == at("2026-11-20T09:00")


def test_done_without_a_draft_records_a_letter_without_text(job):
    assert done(job, date(2026, 11, 20))
    (letter,) = job.book.letters
    assert (letter.contact, letter.interview, letter.application) == ("c1", "i1", "a1")
    assert (letter.kind, letter.family, letter.channel) == ("thank-you", "thanks", "email")
    assert (letter.versions, letter.sent) == ((), date(2026, 11, 20))
    assert job.step.done == date(2026, 11, 20)


@pytest.mark.parametrize("on", [date(2026, 11, 18), berlin("2026-11-19T13:59")])
def test_nobody_is_thanked_before_the_interview(job, on):
    with pytest.raises(InputError, match="is before the interview"):
        done(job, on)
    assert len(job.book.letters) == 0


def test_nobody_was_thanked_in_the_future(job):
    with pytest.raises(InputError, match="is ahead"):
        done(job, date(2026, 11, 21))


def test_done_of_an_interview_that_is_gone_leaves_a_mark_to_others(job):
    step = job.step
    with job.book.change("removed"):
        job.book.remove(job.book.removal(job.met))
    with job.book.change("done"):
        assert not crm_done(job.book, step, date(2026, 11, 20))


class Source:
    """The plugin as the agenda asks it."""

    def __init__(self, job):
        self.job = job

    def steps(self, _book, _since, until):
        return (("crm_thankyou", step) for step in self.job.steps(until))

    def done(self, book, _plugin, step, on):
        return crm_done(book, step, on)


def test_done_on_the_agenda_needs_no_mark(job):
    agenda = Agenda(job.book, Source(job), at("2026-01-01T00:00"), job.book.now)
    assert [entry.state for entry in agenda.entries] == ["due"]
    assert agenda.finish(agenda.entries[0], berlin("2026-11-20T11:00")) == "fact"
    assert len(job.book.marks) == 0
    (entry,) = Agenda(job.book, Source(job), at("2026-01-01T00:00"), job.book.now).entries
    assert entry.state == "done"


def test_a_merged_lead_is_thanked_under_the_new_name(job):
    job.letter(contact=job.tom.id, sent=date(2026, 11, 20))
    with job.book.change("the same person"):
        job.book.merge(job.tom, job.mara, job.tom)
    assert (job.step.title, job.step.refs) == ("Thank Tom Okafor", ("i1", "c2"))
    assert job.step.done == date(2026, 11, 20)


def test_thousands_of_old_interviews_without_letters_make_no_step(job):
    with job.book.change("years of interviews"):
        for day in range(1, 29):
            for hour in range(8, 18):
                job.book.interviews.add(
                    Interview(
                        application=job.application.id,
                        at=berlin(f"2025-02-{day:02}T{hour:02}:00"),
                        panel=(Seat(contact=job.mara.id),),
                    )
                )
    assert [step.about for step in job.steps()] == ["i1"]
