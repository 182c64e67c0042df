"""What an application alone calls for: silence, offers, postings; and the replies that are owed to its people."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_core import Company, Contact, InputError, Position
from crm_core.steps import step_key


def test_silence_is_nothing_to_whoever_has_accepted_an_offer(search):
    silent, asked = search.applied("applied 2026-11-10"), search.applied("applied 2026-11-10")
    other = search.applied("applied 2026-11-01, offer 2026-11-20", company=search.add(Company(name="Acme")))
    search.letter(search.person(), "2026-11-21", application=asked.id)
    assert [step.about for step in search.steps("silence") if step.done is None] == [silent.id]
    search.moved(other, "accepted", "2026-11-22")
    assert [step.about for step in search.steps("silence")] == [asked.id]


def test_silence_after_ten_days(search):
    mara = search.person(works_there=True)
    search.applied("wishlist 2026-11-01, applied 2026-11-10")
    step = search.step("silence")
    assert step_key("crm_hearback", step) == "crm_hearback/silence/a1/m2"
    assert step.title == "Ask Bluewater Robotics how your application stands"
    assert step.why == "you applied on 10 Nov, and you have heard nothing since"
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 20), date(2026, 11, 20), date(2026, 12, 20))
    assert (step.person, step.command) == (mara.id, "crm letter draft hearback c1 --application a1")


def test_an_application_to_nobody_known_has_nobody_to_ask(search):
    search.applied("applied 2026-11-10")
    step = search.step("silence")
    assert step.why == "you applied on 10 Nov, and you have heard nothing since; you know nobody there yet"
    assert (step.person, step.command) == (None, "crm contact add NAME --company co1")
    assert not search.done("silence", "2026-11-21")


def test_after_a_month_more_silence_is_not_asked_about(search):
    search.applied("applied 2026-11-10")
    search.at_time("2026-12-20T23:00")
    assert search.open_kinds() == ["silence"]
    search.at_time("2026-12-21T00:01")
    assert search.steps() == []


def test_who_was_imported_is_somebody_there_by_the_printed_name_of_the_employer(search):
    ana = search.add(Contact(name="Ana Silva", positions=(Position(organisation="Bluewater Robotics Ltd."),)))
    search.applied("applied 2026-11-10")
    assert search.step("silence").person == ana.id
    search.exchange(ana, "in", "2026-11-21")
    assert search.open_kinds() == ["reply"]


def test_an_answer_a_later_stage_or_an_interview_breaks_the_silence(search):
    mara = search.person(works_there=True)
    application = search.applied("applied 2026-11-10")
    search.exchange(mara, "in", "2026-11-09")
    assert search.open_kinds() == ["reply", "silence"]
    answer = search.exchange(mara, "in", "2026-11-10")
    assert search.open_kinds() == ["reply"]
    search.edit(answer, on=date(2026, 11, 8))
    search.moved(application, "rejected", "2026-11-12")
    assert search.open_kinds() == []


def test_asking_ends_it_and_the_application_itself_does_not(search):
    mara = search.person(works_there=True)
    search.applied("applied 2026-11-10")
    search.exchange(mara, "out", "2026-11-10")
    assert search.step("silence").done is None
    assert search.done("silence", "2026-11-21")
    assert search.step("silence").done == date(2026, 11, 21)


def test_the_letter_about_the_application_ends_it(search):
    mara = search.person(works_there=True)
    search.applied("applied 2026-11-10")
    search.letter(mara, "2026-11-20", application="a1")
    assert search.step("silence").done == date(2026, 11, 20)


def test_a_question_on_the_day_of_the_application_is_refused(search):
    search.person(works_there=True)
    search.applied("applied 2026-11-10")
    with pytest.raises(InputError, match="before it was time"):
        search.done("silence", "2026-11-10")


def test_applied_again_after_a_rejection_is_another_silence(search):
    application = search.applied("applied 2026-09-01, rejected 2026-09-20")
    assert search.steps() == []
    search.moved(application, "applied", "2026-11-10")
    assert search.step("silence").slot == "m3"


def test_silence_after_an_interview_without_an_agreed_day(search):
    mara = search.person()
    search.interview(search.applied(), mara, at="2026-11-05T14:00")
    step = search.step("silence")
    assert (step.refs, step.due) == (("a1", "i1"), date(2026, 11, 15))
    assert (step.person, step.command) == (mara.id, "crm hearback ask i1")
    search.exchange(mara, "out", "2026-11-06", "thanks")
    assert search.step("silence").done is None
    assert search.done("silence", "2026-11-16")
    assert search.step("silence").done == date(2026, 11, 16)


def test_an_offer_is_to_be_answered(search):
    application = search.applied("interviewing 2026-11-01, offer 2026-11-20", respond_by=date(2026, 11, 27))
    step = search.step("offer")
    assert step_key("crm_hearback", step) == "crm_hearback/offer/a1/m2"
    assert (step.title, step.due) == ("Answer the offer from Bluewater Robotics", date(2026, 11, 27))
    search.moved(application, "accepted", "2026-11-22")
    assert search.step("offer").done == date(2026, 11, 22)


def test_an_offer_without_a_day_has_none_to_be_answered_by(search):
    search.applied("offer 2026-11-20")
    assert search.steps() == []


def test_the_day_of_an_earlier_offer_says_nothing_about_a_later_one(search):
    search.applied("offer 2026-09-01, withdrawn 2026-09-05, offer 2026-11-20", respond_by=date(2026, 9, 8))
    assert search.steps() == []


def test_a_posting_that_closes(search):
    application = search.applied("wishlist 2026-11-01", closes=date(2026, 11, 25))
    step = search.step("posting")
    assert step.title == "Apply to Bluewater Robotics (Engineer) before the posting closes"
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 18), date(2026, 11, 25), date(2026, 11, 25))
    search.at_time("2026-11-26T00:01")
    assert search.steps() == []
    search.moved(application, "applied", "2026-11-24")
    assert search.step("posting").done == date(2026, 11, 24)


def test_an_application_without_any_move_is_on_the_wishlist(search):
    search.applied("", closes=date(2026, 11, 25))
    assert search.open_kinds() == ["posting"]


def test_a_reply_is_owed_to_somebody_on_the_panel(search):
    mara = search.person()
    search.interview(search.applied(), mara, at="2026-11-24T14:00", hear_how="by phone")
    message = search.exchange(mara, "in", "2026-11-22", "asked for\nmy references")
    step = search.step("reply")
    assert step_key("crm_hearback", step) == f"crm_hearback/reply/{mara.id}/{message.id}"
    assert (step.title, step.why) == (
        "Reply to Mara Lindqvist",
        "you owe them a reply: asked for my references (yesterday)",
    )
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 22), date(2026, 11, 24), date(2026, 12, 24))


def test_a_reply_is_owed_to_somebody_who_works_there(search):
    search.applied("applied 2026-11-20")
    search.exchange(search.person(works_there=True), "in", "2026-11-22")
    search.exchange(search.person("A friend"), "in", "2026-11-22")
    assert search.open_kinds() == ["reply"]


def test_where_nothing_is_hoped_for_no_reply_is_owed(search):
    search.applied("rejected 2026-11-20")
    search.exchange(search.person(works_there=True), "in", "2026-11-22")
    assert search.steps() == []


@pytest.mark.parametrize("direction", ["out", ""])
@pytest.mark.parametrize("on", ["2026-11-22", "2026-11-22T09:00", "2026-11-23"])
def test_what_went_out_since_is_the_reply(search, direction, on):
    mara = search.person(works_there=True)
    search.applied("applied 2026-11-20")
    search.exchange(mara, direction, on)
    search.exchange(mara, "in", "2026-11-22")
    assert search.step("reply").done is not None


def test_what_went_out_an_hour_before_is_no_reply(search):
    mara = search.person(works_there=True)
    search.applied("applied 2026-11-20")
    search.exchange(mara, "in", "2026-11-22T10:00")
    search.exchange(mara, "out", "2026-11-22T09:00")
    assert search.step("reply").done is None
    search.letter(mara, "2026-11-22T11:00", kind="thank-you")
    assert search.step("reply").done == datetime(2026, 11, 22, 11, tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_second_message_is_another_reply(search):
    mara = search.person(works_there=True)
    search.applied("applied 2026-11-20")
    search.exchange(mara, "in", "2026-11-20")
    assert search.done("reply", "2026-11-21")
    assert search.step("reply").done == date(2026, 11, 21)
    search.exchange(mara, "in", "2026-11-22")
    assert (search.step("reply").slot, search.step("reply").done) == ("x3", None)


def test_a_reply_before_the_message_is_refused(search):
    search.applied("applied 2026-11-20")
    search.exchange(search.person(works_there=True), "in", "2026-11-22")
    with pytest.raises(InputError, match="is before what came"):
        search.done("reply", "2026-11-21")


def test_a_message_of_long_ago_is_forgotten(search):
    search.applied("applied 2026-11-20")
    search.exchange(search.person(works_there=True), "in", "2026-10-10")
    assert search.steps("reply") == []


def test_a_long_message_is_cut(search):
    search.applied("applied 2026-11-20")
    search.exchange(search.person(works_there=True), "in", "2026-11-22", "x" * 5000)
    assert search.step("reply").why == f"you owe them a reply: {'x' * 59}… (yesterday)"


def test_merged_people_owe_one_reply(search):
    mara, double = search.person(works_there=True), search.person("M. Lindqvist", works_there=True)
    search.applied("applied 2026-11-20")
    search.exchange(mara, "in", "2026-11-21")
    search.exchange(double, "in", "2026-11-22")
    with search.book.change("the same person"):
        search.book.merge(double, mara, double)
    assert (search.step("reply").refs, search.step("reply").slot) == ((double.id,), "x2")


def test_the_settings_move_all_dates(search):
    (search.home / "config.toml").write_text(
        "[crm_hearback]\nsilence_days = 3\nposting_days = 2\nreply_days = 5\nexpires_days = 1\n"
    )
    search.at_time("2026-11-23T12:00")
    mara = search.person(works_there=True)
    search.applied("applied 2026-11-20")
    search.applied("wishlist 2026-11-01", closes=date(2026, 11, 25))
    assert search.step("silence").due == date(2026, 11, 23)
    assert search.step("posting").starts == date(2026, 11, 23)
    search.exchange(mara, "in", "2026-11-22")
    assert (search.step("reply").due, search.step("reply").expires) == (date(2026, 11, 27), date(2026, 11, 28))


@pytest.mark.parametrize("line", ["ask_days = -1", "silence_days = 366", "reply_days = 'two'"])
def test_settings_that_make_no_sense_are_refused_by_name(search, line):
    (search.home / "config.toml").write_text(f"[crm_hearback]\n{line}\n")
    search.at_time("2026-11-23T12:00")
    with pytest.raises(InputError, match=line.split()[0]):
        search.steps()
