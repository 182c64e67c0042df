"""After a rejection: thanks for the decision, and coming back to the people after months."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm_bridges import crm_done
from crm_bridges.steps import bridge_steps
from crm_core import Contact, InputError, Position
from crm_core.steps import Agenda, step_key


class Source:
    """The plugin as the agenda asks it."""

    def steps(self, book, _since, _until):
        return [("crm_bridges", step) for step in bridge_steps(book)]

    def done(self, book, _plugin, step, on):
        return crm_done(book, step, on)


def agenda(search):
    return Agenda(search.book, Source(), datetime(1900, 1, 1, tzinfo=UTC), search.book.now)


def test_the_lead_is_thanked_for_the_decision(rejected):
    step = rejected.step("thank")
    assert step_key("crm_bridges", step) == "crm_bridges/thank/a1/c1/m2"
    assert step.title == "Thank Mara Lindqvist for the decision"
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 20), date(2026, 11, 22), date(2027, 1, 21))
    assert (step.person, step.command) == ("c1", "crm bridges write a1 --contact c1")


def test_everybody_on_the_panel_is_come_back_to(rejected):
    steps = [step for step in rejected.steps("return") if step.person == "c2"]
    assert [step_key("crm_bridges", step) for step in steps] == [
        "crm_bridges/return/a1/c2/m2-3m", "crm_bridges/return/a1/c2/m2-6m", "crm_bridges/return/a1/c2/m2-12m",
    ]  # fmt: skip
    assert [step.due for step in steps] == [date(2027, 2, 20), date(2027, 5, 20), date(2027, 11, 20)]
    assert (steps[0].starts, steps[0].expires) == (date(2027, 2, 13), date(2027, 4, 21))
    assert len(rejected.steps("return")) == 6


def test_the_end_of_a_long_month_stays_in_its_month(search):
    search.interview(search.applied("applied 2026-08-01, rejected 2026-08-31"), search.person())
    assert search.step("return", "-6m").due == date(2027, 2, 28)


def test_the_steps_are_on_the_agenda_though_the_application_has_ended(rejected):
    assert [entry.title for entry in agenda(rejected).entries] == ["Thank Mara Lindqvist for the decision"]
    rejected.at_time("2027-02-14T12:00")
    titles = [entry.title for entry in agenda(rejected).entries]
    assert titles == ["Come back to Mara Lindqvist", "Come back to Tom Okafor"]


@pytest.mark.parametrize("stage", ["applied", "interviewing", "offer", "accepted", "withdrawn", "ghosted", "wishlist"])
def test_without_a_no_there_is_nothing_to_keep(search, stage):
    search.interview(search.applied(f"applied 2026-10-01, {stage} 2026-11-20"), search.person())
    assert search.steps() == []


def test_a_wish_that_was_turned_down_with_nobody_known_calls_for_nothing(search):
    search.applied("wishlist 2026-10-01, rejected 2026-11-20")
    assert search.steps() == []


def test_without_a_panel_it_is_whoever_is_known_there(search):
    search.applied("wishlist 2026-10-01, rejected 2026-11-20")
    search.person("Ana Silva", works_there=True)
    known = search.person("Zoe Brandt", works_there=True)
    search.exchange(known, "in", "2026-10-05")
    assert {step.person for step in search.steps()} == {known.id}


def test_who_was_imported_is_known_by_the_printed_name_of_the_employer(search):
    search.applied("applied 2026-10-01, rejected 2026-11-20")
    there = search.add(Contact(name="Ana Silva", positions=(Position(organisation="Bluewater Robotics Ltd."),)))
    search.add(Contact(name="Tom Okafor", positions=(Position(organisation="Bluewater Bank"),)))
    assert {step.person for step in search.steps()} == {there.id}


def test_a_removed_interview_leaves_the_one_who_is_known(rejected):
    known = rejected.person("Ana Silva", works_there=True)
    with rejected.book.change("removed"):
        rejected.book.remove(rejected.book.removal(rejected.book.interviews.get("i1")))
    assert {step.person for step in rejected.steps()} == {known.id}


def test_the_lead_of_the_last_interview_is_thanked(rejected):
    boss = rejected.person("Ines Falk")
    rejected.interview(rejected.application, boss, rejected.mara, at="2026-11-18T10:00")
    assert rejected.step("thank").person == boss.id
    assert {step.person for step in rejected.steps("return")} == {boss.id, "c1", "c2"}


def test_merged_people_are_one(rejected):
    rejected.exchange(rejected.tom, "out", "2026-11-21")
    with rejected.book.change("the same person"):
        rejected.book.merge(rejected.tom, rejected.mara, rejected.tom)
    assert {step.person for step in rejected.steps()} == {"c2"}
    assert rejected.step("thank").done == date(2026, 11, 21)
    assert len(rejected.steps("return")) == 3


def test_a_gracious_letter_to_anybody_there_is_thanks_enough(rejected):
    rejected.letter(rejected.tom, "gracious", "2026-11-21", application="a1")
    assert rejected.step("thank").done == date(2026, 11, 21)


def test_other_letters_earlier_words_and_what_came_in_are_no_thanks(rejected):
    rejected.letter(rejected.mara, "thank-you", "2026-11-21", application="a1")
    rejected.letter(rejected.mara, "gracious", "2026-11-19", application="a1")
    rejected.letter(rejected.mara, "gracious", application="a1")
    rejected.exchange(rejected.mara, "in", "2026-11-20")
    rejected.exchange(rejected.mara, "out", "2026-11-19")
    assert rejected.step("thank").done is None


def test_after_two_months_nobody_is_thanked_any_more(rejected):
    rejected.at_time("2027-01-21T23:59")
    assert len(rejected.steps("thank")) == 1
    rejected.at_time("2027-01-22T00:01")
    assert rejected.steps("thank") == []


def test_done_records_the_letter(rejected):
    assert rejected.done("thank", "2026-11-22")
    (letter,) = rejected.book.letters
    assert (letter.kind, letter.family, letter.application, letter.contact) == ("gracious", "bridges", "a1", "c1")
    assert rejected.step("thank").done == date(2026, 11, 22)


def test_done_marks_the_open_letter_as_sent(rejected):
    draft = rejected.letter(rejected.mara, "gracious", application="a1", channel="post")
    assert rejected.done("thank", "2026-11-22")
    assert [(letter.id, letter.sent) for letter in rejected.book.letters] == [(draft.id, date(2026, 11, 22))]


@pytest.mark.parametrize(("on", "why"), [("2026-11-19", "nothing to answer yet"), ("2026-11-24", "is still ahead")])
def test_nobody_is_thanked_before_the_decision_or_tomorrow(rejected, on, why):
    with pytest.raises(InputError, match=why):
        rejected.done("thank", on)


@pytest.mark.parametrize("direction", ["in", "out", ""])
def test_a_talk_in_the_second_month_is_the_one_of_the_third(rejected, direction):
    rejected.at_time("2027-06-01T12:00")
    rejected.exchange(rejected.mara, direction, "2027-01-15")
    mine = {step.slot: step.done for step in rejected.steps("return") if step.person == "c1"}
    assert mine["m2-3m"] == date(2027, 1, 15)
    assert mine["m2-6m"] is None


def test_late_thanks_are_no_return(rejected):
    rejected.letter(rejected.mara, "gracious", "2027-01-10", application="a1")
    rejected.at_time("2027-01-12T12:00")
    assert rejected.step("thank").done == date(2027, 1, 10)
    assert all(step.done is None for step in rejected.steps("return"))


def test_a_letter_counts_as_much_as_a_talk(rejected):
    rejected.letter(rejected.mara, "return", "2027-02-15T09:00", application="a1")
    rejected.at_time("2027-03-01T12:00")
    mine = [step.done for step in rejected.steps("return") if step.person == "c1"]
    assert [done is not None for done in mine] == [True, False, False]


def test_the_answer_to_the_thanks_belongs_to_the_thanks(rejected):
    rejected.letter(rejected.mara, "gracious", "2026-11-21", application="a1")
    rejected.exchange(rejected.mara, "in", "2026-11-24")
    assert all(step.done is None for step in rejected.steps("return"))


def test_coming_back_late_does_not_count_twice(rejected):
    rejected.at_time("2027-06-15T12:00")
    rejected.exchange(rejected.mara, "out", "2027-03-10")
    rejected.exchange(rejected.mara, "in", "2027-03-12")
    mine = {step.slot: step.done for step in rejected.steps("return") if step.person == "c1"}
    assert mine == {"m2-3m": date(2027, 3, 10), "m2-6m": None, "m2-12m": None}


def test_a_return_that_was_missed_leaves_the_talk_to_the_next(rejected):
    rejected.at_time("2027-06-01T12:00")
    rejected.exchange(rejected.mara, "out", "2027-05-01")
    mine = {step.slot: step.done for step in rejected.steps("return") if step.person == "c1"}
    assert mine == {"m2-6m": date(2027, 5, 1), "m2-12m": None}


def test_a_talk_with_one_person_moves_nobody_else(rejected):
    rejected.exchange(rejected.mara, "out", "2027-01-15")
    rejected.at_time("2027-02-01T12:00")
    assert all(step.done is None for step in rejected.steps("return") if step.person == "c2")


def test_done_of_a_return_records_the_word(rejected):
    rejected.at_time("2027-02-20T12:00")
    step = next(step for step in rejected.steps("return") if step.person == "c2")
    with rejected.book.change("done"):
        assert crm_done(rejected.book, step, date(2027, 2, 18))
    (logged,) = rejected.book.interactions
    assert (logged.contact, logged.direction, logged.on) == ("c2", "out", date(2027, 2, 18))
    assert next(step for step in rejected.steps("return") if step.person == "c2").done == date(2027, 2, 18)


def test_done_of_a_return_too_early_is_left_to_a_mark(rejected):
    rejected.exchange(rejected.mara, "out", "2026-11-22")
    step = next(step for step in rejected.steps("return") if step.person == "c1")
    with rejected.book.change("done"):
        assert not crm_done(rejected.book, step, date(2026, 11, 23))


def test_rejected_reopened_and_rejected_again_is_another_no(rejected):
    rejected.done("thank", "2026-11-21")
    rejected.at_time("2027-02-20T12:00")
    rejected.moved(rejected.application, "interviewing", "2027-01-10")
    assert rejected.steps() == []
    rejected.moved(rejected.application, "rejected", "2027-02-18")
    thank = rejected.step("thank")
    assert (thank.slot, thank.due, thank.done) == ("m4", date(2027, 2, 20), None)
    assert {step.slot for step in rejected.steps("return")} == {"m4-3m", "m4-6m", "m4-12m"}


def test_a_corrected_day_moves_all_dates_under_the_same_keys(rejected):
    before = {step_key("x", step) for step in rejected.steps()}
    moves = rejected.book.applications.get("a1").moves
    rejected.edit(
        rejected.application, moves=(moves[0], type(moves[1])(id="m2", stage="rejected", on=date(2026, 11, 1)))
    )
    assert {step_key("x", step) for step in rejected.steps()} == before
    assert rejected.step("thank").due == date(2026, 11, 3)


def test_days_are_those_of_the_user(make_search):
    search = make_search(now="2027-01-21T23:30", zone="Pacific/Auckland")
    search.interview(search.applied(), search.person(), zone="America/Los_Angeles")
    assert len(search.steps("thank")) == 1
    search.at_time("2027-01-22T00:30", "Pacific/Auckland")
    assert search.steps("thank") == []


def test_the_settings_move_all_dates(rejected):
    (rejected.home / "config.toml").write_text(
        "[crm_bridges]\nthank_days = 5\nreturn_months = [1]\nearly_days = 2\nexpires_days = 3\n"
    )
    rejected.at_time("2026-11-23T12:00")
    assert (rejected.step("thank").due, rejected.step("thank").expires) == (date(2026, 11, 25), date(2026, 11, 28))
    back = rejected.steps("return")[0]
    assert (back.slot, back.starts, back.due) == ("m2-1m", date(2026, 12, 18), date(2026, 12, 20))


@pytest.mark.parametrize(
    "line", ["thank_days = -1", "return_months = [3, 3]", "return_months = [0]", "expires_days = 400"]
)
def test_settings_that_make_no_sense_are_refused_by_name(rejected, line):
    (rejected.home / "config.toml").write_text(f"[crm_bridges]\n{line}\n")
    rejected.at_time("2026-11-23T12:00")
    with pytest.raises(InputError, match=line.split()[0]):
        rejected.steps()


def test_hundreds_of_old_rejections_make_no_step(search):
    mara = search.person()
    for _ in range(30):
        search.interview(search.applied("applied 2020-01-01, rejected 2020-02-01"), mara, at="2020-01-15T10:00")
    assert [step for step in search.steps() if step.done is None] == []
