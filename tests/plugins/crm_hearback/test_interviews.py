"""Before and after an interview: asking when news will come, waiting for it, asking for it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_core import InputError
from crm_core.steps import Agenda, step_key
from crm_hearback import crm_done, crm_steps


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


class Source:
    """The plugin as the agenda asks it."""

    def steps(self, book, _since, _until):
        return [("crm_hearback", step) for step in crm_steps(book)]

    def done(self, book, _plugin, step, on):
        return crm_done(book, step, on)


def states(search):
    far = berlin("1900-01-01T00:00"), search.book.now
    return {entry.title: entry.state for entry in Agenda(search.book, Source(), *far).entries}


def test_before_an_interview_the_question_when_news_will_come(search):
    mara = search.person()
    search.interview(search.applied(), mara, at="2026-11-24T14:00")
    step = search.step("ask")
    assert step_key("crm_hearback", step) == "crm_hearback/ask/i1"
    assert step.title == "At the interview: ask when and how you will hear, and say that you want the job"
    assert (step.starts, step.due) == (date(2026, 11, 23), berlin("2026-11-24T15:00"))
    assert (step.person, step.about) == (mara.id, "i1")
    assert search.open_kinds() == ["ask"]


@pytest.mark.parametrize("facts", [{"hear_by": date(2026, 12, 1)}, {"hear_how": "by phone"}])
def test_what_was_said_already_is_not_asked_for(search, facts):
    search.interview(search.applied(), at="2026-11-24T14:00", **facts)
    assert search.steps() == []


def test_only_the_newest_interview_asks(search):
    application = search.applied()
    search.interview(application, at="2026-11-19T14:00", hear_by=date(2026, 11, 20))
    search.interview(application, at="2026-11-26T14:00")
    assert [(step.kind, step.about) for step in search.steps()] == [("ask", "i2")]


def test_after_an_interview_the_day_is_to_be_written_down(search):
    search.interview(search.applied())
    step = search.step("told")
    assert step.title == "Write down when you will hear from Bluewater Robotics"
    assert (step.starts, step.due) == (berlin("2026-11-19T15:00"), berlin("2026-11-19T20:00"))
    assert step.expires == berlin("2026-12-03T15:00")
    assert search.steps("ask") == []


def test_a_way_without_a_day_is_not_enough(search):
    search.interview(search.applied(), hear_how="by phone")
    assert search.open_kinds() == ["silence", "told"]


def test_the_day_is_asked_for_in_the_zone_of_the_interview(make_search):
    search = make_search(now="2026-11-24T15:00", zone="Pacific/Auckland")
    search.interview(search.applied(), at="2026-11-23T16:00", zone="America/Los_Angeles")
    step = search.step("told")
    assert step.due == datetime(2026, 11, 23, 20, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert states(search)["Write down when you will hear from Bluewater Robotics"] == "due"


def test_two_weeks_later_nobody_remembers_what_was_said(search):
    search.interview(search.applied(), at="2026-11-19T14:00")
    search.at_time("2026-12-03T15:01")
    assert search.open_kinds() == ["silence"]


def test_news_is_waited_for_until_the_day_after_the_agreed_one(search):
    mara = search.person()
    search.interview(search.applied(), mara, at="2026-11-19T14:00", hear_by=date(2026, 11, 25), hear_how="by e-mail")
    step = search.step("chase")
    assert step.waiting_for == "news from Bluewater Robotics, by e-mail"
    assert (step.title, step.command) == ("Ask Bluewater Robotics for news", "crm hearback ask i1")
    assert (step.starts, step.due, step.late, step.expires) == (date(2026, 11, 26), date(2026, 11, 26), None, None)
    assert states(search) == {"Ask Bluewater Robotics for news": "waiting"}
    search.at_time("2026-11-26T00:00")
    assert states(search) == {"Ask Bluewater Robotics for news": "due"}
    search.at_time("2026-11-27T00:00")
    assert states(search) == {"Ask Bluewater Robotics for news": "overdue"}


@pytest.mark.parametrize(("how", "said"), [("", ""), ("e-mail", ", by e-mail"), ("they phone me", ", they phone me")])
def test_how_news_comes_is_said_in_the_users_words(search, how, said):
    search.interview(search.applied(), hear_by=date(2026, 11, 25), hear_how=how)
    assert search.step("chase").waiting_for == f"news from Bluewater Robotics{said}"


def test_an_outcome_is_news(search):
    search.interview(search.applied(), hear_by=date(2026, 11, 20), outcome="next-round", outcome_on=date(2026, 11, 20))
    assert search.steps() == []


@pytest.mark.parametrize("stage", ["offer", "rejected", "withdrawn", "ghosted", "accepted"])
def test_a_later_move_is_news(search, stage):
    application = search.applied()
    search.interview(application, hear_by=date(2026, 11, 20))
    search.moved(application, stage, "2026-11-19")
    assert search.steps("chase") == []


def test_a_later_interview_is_news(search):
    application = search.applied()
    search.interview(application, hear_by=date(2026, 11, 20))
    search.interview(application, at="2026-11-22T14:00", hear_by=date(2026, 11, 30))
    assert [(step.kind, step.about) for step in search.steps()] == [("chase", "i2")]


def test_that_the_interview_was_logged_later_is_no_news(search):
    search.interview(search.applied("applied 2026-11-22, interviewing 2026-11-22"), hear_by=date(2026, 11, 20))
    assert search.open_kinds() == ["chase"]


def test_the_interview_being_removed_takes_its_steps_along(search):
    search.interview(search.applied(), hear_by=date(2026, 11, 20))
    with search.book.change("removed"):
        search.book.remove(search.book.removal(search.book.interviews.get("i1")))
    assert search.steps() == []


def test_an_interview_that_is_postponed_beyond_the_agreed_day_asks_anew(search):
    interview = search.interview(search.applied(), at="2026-11-12T14:00", hear_by=date(2026, 11, 16))
    assert search.open_kinds() == ["chase"]
    search.edit(interview, at=search.interview(search.applied(), at="2026-11-20T10:00").at)
    assert [step.kind for step in search.steps() if step.about == "i1"] == ["told"]


@pytest.mark.parametrize("works_there", [True, False])
def test_whoever_was_asked_there_closes_it(search, works_there):
    mara = search.person()
    asked = search.person("Tom Okafor", works_there=True) if works_there else mara
    search.interview(search.applied(), mara, at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    search.exchange(asked, "out", "2026-11-17")
    assert search.step("chase").done is None
    search.exchange(asked, "out", "2026-11-20")
    search.exchange(asked, "out", "2026-11-19")
    assert search.step("chase").done == date(2026, 11, 19)


def test_what_came_in_and_what_went_elsewhere_closes_nothing(search):
    mara, stranger = search.person(), search.person("Ana Silva")
    search.interview(search.applied(), mara, at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    search.exchange(mara, "in", "2026-11-20")
    search.exchange(stranger, "out", "2026-11-20")
    search.letter(mara, "2026-11-20", kind="thank-you", interview="i1")
    assert search.step("chase").done is None


def test_the_letter_for_that_interview_closes_it(search):
    mara = search.person()
    application = search.applied()
    search.interview(application, mara, at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    search.letter(mara, "2026-11-20", interview="i9")
    search.letter(mara, interview="i1")
    assert search.step("chase").done is None
    search.letter(mara, "2026-11-20T09:00", interview="i1")
    assert search.step("chase").done == berlin("2026-11-20T09:00")


def test_a_later_day_opens_the_question_again_under_the_same_key(search):
    mara = search.person()
    interview = search.interview(search.applied(), mara, at="2026-11-12T14:00", hear_by=date(2026, 11, 16))
    search.exchange(mara, "out", "2026-11-17")
    before = search.step("chase")
    assert before.done is not None
    search.edit(interview, hear_by=date(2026, 11, 20))
    after = search.step("chase")
    assert (after.done, step_key("x", after)) == (None, step_key("x", before))


def test_done_writes_down_that_the_lead_was_asked(search):
    mara, tom = search.person(), search.person("Tom Okafor")
    search.interview(search.applied(), mara, tom, at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    assert search.done("chase", "2026-11-20")
    (logged,) = search.book.interactions
    assert (logged.contact, logged.direction, logged.on) == (mara.id, "out", date(2026, 11, 20))
    assert search.step("chase").done == date(2026, 11, 20)


def test_done_marks_the_open_letter_as_sent(search):
    mara = search.person()
    search.interview(search.applied(), mara, at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    letter = search.letter(mara, interview="i1")
    assert search.done("chase", "2026-11-20")
    assert search.book.letters.get(letter.id).sent == date(2026, 11, 20)
    assert len(search.book.interactions) == 0


def test_done_without_anybody_known_leaves_it_to_a_mark(search):
    search.interview(search.applied(), at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    assert not search.done("chase", "2026-11-20")


def test_done_of_what_only_you_can_know_leaves_it_to_a_mark(search):
    search.interview(search.applied(), at="2026-11-24T14:00")
    assert not search.done("ask", "2026-11-23")


@pytest.mark.parametrize(("on", "why"), [("2026-11-17", "before it was time"), ("2026-11-24", "is still ahead")])
def test_a_question_too_early_or_to_come_is_refused(search, on, why):
    search.interview(search.applied(), search.person(), at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    with pytest.raises(InputError, match=why):
        search.done("chase", on)


def test_a_merged_lead_is_asked_under_the_new_name(search):
    mara, double = search.person(), search.person("M. Lindqvist")
    search.interview(search.applied(), mara, at="2026-11-12T14:00", hear_by=date(2026, 11, 18))
    search.exchange(double, "out", "2026-11-20")
    with search.book.change("the same person"):
        search.book.merge(double, mara, double)
    step = search.step("chase")
    assert (step.person, step.done) == (double.id, date(2026, 11, 20))
