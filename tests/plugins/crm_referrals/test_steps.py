"""When somebody is to be asked for a referral, and what closes that."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import Application, Company, Contact, InputError, Letter, Move, Position
from crm_core.steps import step_key
from crm_core.testing import Crm
from crm_referrals import crm_done
from crm_referrals.records import Ask
from crm_referrals.steps import referral_steps
from tests.plugins.facts import berlin


def step_of(job, kind="ask"):
    return next(step for step in referral_steps(job.crm.book) if step.kind == kind)


def test_the_closest_person_is_to_be_asked_two_days_after_the_application_began(job):
    (step,) = referral_steps(job.crm.book)
    assert step_key("crm_referrals", step) == "crm_referrals/ask/a1/c1"
    assert step.title == "Ask Ana Silva to put in a word at Bluewater Robotics"
    assert step.why == "works there now: Engineer"
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 10), date(2026, 11, 12), date(2026, 12, 10))
    assert (step.person, step.about, step.command) == ("c1", "a1", "crm referral ask a1 c1")
    assert not step.outlives


def test_after_an_interview_it_is_due_two_days_after_its_end(job):
    job.interview("2026-11-19T14:00")
    job.interview("2026-11-17T14:00")
    (step,) = referral_steps(job.crm.book)
    assert (step.starts, step.due, step.expires) == (
        berlin("2026-11-19T15:00").at, date(2026, 11, 21), date(2026, 12, 19),
    )  # fmt: skip


def test_an_interview_ahead_changes_nothing(job):
    before = list(referral_steps(job.crm.book))
    job.interview("2026-11-23T11:30")
    assert list(referral_steps(job.crm.book)) == before


def test_whoever_has_accepted_an_offer_asks_nobody_more(job):
    job.crm.ok("application add Acme Engineer --on 2026-11-01")
    assert len(job.titles()) == 1
    job.crm.ok("application move a2 accepted")
    assert job.titles() == []
    job.crm.ok("application move a2 withdrawn")
    assert len(job.titles()) == 1


def test_interviewers_are_never_proposed(job):
    job.interview("2026-11-19T14:00")
    job.crm.ok("settings set crm_referrals.people 9")
    assert {step["for"] for step in job.steps()} == {"c1", "c2", "c3"}


def test_after_thirty_days_nobody_is_proposed_until_the_next_interview(job):
    job.crm.today = "2026-12-10T23:00"
    assert len(job.titles()) == 1
    job.crm.today = "2026-12-11T08:00"
    assert job.titles() == []
    job.interview("2026-12-10T14:00")
    assert len(job.titles()) == 1


@pytest.mark.parametrize("stage", ["rejected", "withdrawn", "ghosted", "accepted"])
def test_the_step_ends_with_the_application(job, stage):
    job.crm.ok(f"application move a1 {stage}")
    assert job.titles() == []


def test_without_a_path_there_is_no_step(job):
    job.crm.ok("application add Metabolon Chemist")
    assert {step["about"] for step in job.steps()} == {"a1"}


def test_an_application_without_a_move_has_no_date_to_ask_by(job):
    book = job.crm.book
    with book.change("no move"):
        book.applications.save(replace(book.applications.get("a1"), moves=()))
    assert job.steps() == []


def test_done_records_that_they_were_asked(job):
    job.crm.ok("done", job.steps()[0]["handle"], "--on", "yesterday")
    (ask,) = job.crm.book.table(Ask)
    assert (ask.application, ask.contact, ask.state, ask.asked, ask.on) == (
        "a1", "c1", "asked", date(2026, 11, 22), date(2026, 11, 22),
    )  # fmt: skip
    assert len(job.crm.book.marks) == 0
    assert [(step["title"], step["state"]) for step in job.steps("--all")] == [
        ("Ask Ana Silva to put in a word at Bluewater Robotics", "done"),
        ("Ask Ana Silva again about a word at Bluewater Robotics", "waiting"),
    ]


def test_a_week_without_an_answer_calls_for_asking_again(job):
    job.crm.ok("referral asked a1 Ana --on yesterday")
    step = step_of(job, "follow")
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 29), date(2026, 11, 29), date(2026, 12, 29))
    assert step.waiting_for == "an answer from Ana Silva"
    assert [entry["state"] for entry in job.steps()] == ["waiting"]
    job.crm.today = "2026-11-30T09:00"
    assert [entry["state"] for entry in job.steps()] == ["overdue"]
    job.crm.ok("done", job.steps()[0]["handle"])
    assert job.steps() == []
    assert len(job.crm.book.marks) == 1


def test_who_was_asked_and_then_interviews_is_not_asked_again_and_the_next_best_is(job):
    job.crm.ok("referral asked a1 Mara --on '2026-11-11'")
    assert job.titles() == ["Ask Mara Lindqvist again about a word at Bluewater Robotics"]
    job.interview("2026-11-20T14:00")
    assert job.titles() == ["Ask Ana Silva to put in a word at Bluewater Robotics"]
    assert "Ask Mara Lindqvist to put in a word at Bluewater Robotics" in job.titles("--all")


@pytest.mark.parametrize("state", ["agreed", "spoke"])
def test_an_answer_ends_the_waiting_and_nobody_else_is_asked(job, state):
    job.crm.ok("referral asked a1 Ana --on yesterday")
    job.crm.ok(f"referral {state} a1 Ana")
    assert job.steps() == []
    assert len(job.steps("--all")) == 1


def test_an_answer_that_came_late_shows_the_asking_again_as_done(job):
    job.crm.ok("referral asked a1 Ana --on '2026-11-11'")
    job.crm.ok("referral agreed a1 Ana --on yesterday")
    assert step_of(job, "follow").done == date(2026, 11, 22)


def test_when_one_declines_the_next_best_is_proposed_and_nobody_twice(job):
    names = []
    while titles := job.titles():
        names.append(titles[0].split()[1])
        job.crm.ok("referral", "declined", "a1", names[-1])
        assert len(names) < 9
    assert names == ["Ana", "Mara", "Ben", "Cleo"]


def test_as_many_are_proposed_at_a_time_as_the_settings_say(job):
    job.crm.ok("settings set crm_referrals.people 2")
    assert len(job.titles()) == 2
    job.crm.ok("referral asked a1 Ana")
    assert [title for title in job.titles() if "again" not in title] == [
        "Ask Mara Lindqvist to put in a word at Bluewater Robotics"
    ]


def test_the_settings_move_all_dates(job):
    for name, value in (("due_days", 5), ("expires_days", 20), ("answer_days", 3)):
        job.crm.ok("settings", "set", f"crm_referrals.{name}", str(value))
    step = step_of(job)
    assert (step.due, step.expires) == (date(2026, 11, 15), date(2026, 11, 30))
    job.crm.ok("referral asked a1 Ana --on 2026-11-20")
    assert step_of(job, "follow").starts == date(2026, 11, 23)


@pytest.mark.parametrize("line", ["people 0", "people 21", "due_days 400", "expires_days 1", "answer_days 4000"])
def test_settings_that_make_no_sense_are_refused_by_name(job, line):
    result = job.crm(f"settings set crm_referrals.{line}")
    assert result.code == 2
    assert line.split()[0] in result.err


def test_a_letter_that_went_out_is_an_asking(job):
    book = job.crm.book
    with book.change("sent"):
        for on in ("2026-11-20T10:00", "2026-11-16T10:00"):
            book.letters.add(Letter(contact="c1", kind="referral", application="a1", sent=berlin(on)))
        book.letters.add(Letter(contact="c2", kind="referral", application="a1"))
    assert step_of(job).done == date(2026, 11, 16)
    assert [step["waiting_for"] for step in job.steps()] == ["an answer from Ana Silva"]
    job.crm.ok("referral declined a1 Ana")
    (ask,) = job.crm.book.table(Ask)
    assert (ask.asked, ask.on) == (date(2026, 11, 16), date(2026, 11, 23))


def test_a_merged_person_was_asked_under_the_old_name(job):
    job.crm.ok("referral asked a1 Ana")
    job.crm.ok("referral declined a1 Ben")
    job.crm.ok("contact merge Ana Ben --yes")
    (ask,) = job.crm.book.table(Ask)
    assert (ask.contact, ask.state) == ("c1", "declined")


def test_removing_a_person_takes_their_request_along(job):
    job.crm.ok("referral asked a1 Ana")
    job.crm.ok("contact remove Ana --yes")
    assert len(job.crm.book.table(Ask)) == 0
    assert "Mara" in job.titles()[0]


def test_done_on_a_day_ahead_is_refused(job):
    book = job.crm.book
    with pytest.raises(InputError, match="is still ahead"), book.change("done"):
        crm_done(book, step_of(job), date(2026, 11, 24))


def test_the_checklist_says_where_asking_stands(job):
    job.interview("2026-11-19T14:00")
    row = job.crm.ok("checklist --json").items[0]
    assert (row["number"], row["state"]) == (8, "late")
    job.crm.ok("referral asked a1 Ana")
    row = job.crm.ok("checklist --json").items[0]
    assert (row["state"], row["why"]) == (
        "done", "done today: Ask Ana Silva to put in a word at Bluewater Robotics",
    )  # fmt: skip


def test_the_checklist_says_when_it_was_never_done_and_when_there_is_nobody(job):
    job.interview("2026-11-19T14:00")
    job.crm.today = "2027-01-19T12:00"
    row = job.crm.ok("checklist --json").items[0]
    assert (row["state"], row["why"]) == ("late", "late, never done")
    for name in ("Ana", "Ben", "Cleo"):
        job.crm.ok("contact", "remove", name, "--yes")
    row = job.crm.ok("checklist --json").items[0]
    assert (row["state"], row["why"]) == ("not called for", "your book knows no path to Bluewater Robotics")
    job.crm.ok("application move a1 rejected")
    assert job.crm.ok("checklist --json").items[0]["why"] == "the application has ended"


def test_due_does_not_depend_on_today(job):
    job.interview("2026-11-19T14:00")
    seen = set()
    for today in ("2026-11-19T15:00", "2026-11-23T12:00", "2026-12-19T20:00"):
        job.crm.today = today
        seen.add((step_of(job).starts, step_of(job).due, step_of(job).expires))
        assert list(referral_steps(job.crm.book)) == list(referral_steps(job.crm.book))
    assert len(seen) == 1


PEOPLE = tuple(
    Contact(name=f"Person {n}", positions=(Position(organisation=firm, former=n % 2 == 0),), emails=(email,))
    for n, (firm, email) in enumerate(
        (firm, email) for firm in ("Acme", "Acme Inc.", "Zenith") for email in ("p@acme.example", "p@gmail.com")
    )
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.permutations(PEOPLE),
    companies=st.permutations((Company(name="Acme", domains=("acme.example",)), Company(name="Zenith"))),
    declined=st.sets(st.sampled_from([person.name for person in PEOPLE]), max_size=3),
)
def test_steps_are_the_same_in_whatever_order_facts_were_entered(tmp_path_factory, people, companies, declined):
    def named(people, companies):
        book = Crm(tmp_path_factory.mktemp("book")).book
        with book.change("facts"):
            ids = {person.name: book.contacts.add(person).id for person in people}
            for company in companies:
                moves = (Move(id="m1", stage="applied", on=date(2026, 11, 10)),)
                application = book.applications.add(
                    Application(company=book.companies.add(company).id, role=company.name, moves=moves)
                )
                for name in sorted(declined):
                    ask = Ask(application=application.id, contact=ids[name], state="declined",
                              asked=date(2026, 11, 11), on=date(2026, 11, 12))  # fmt: skip
                    book.table(Ask).add(ask)
        steps = list(referral_steps(book))
        keys = [step_key("crm_referrals", step) for step in steps]
        assert len(keys) == len(set(keys))
        return sorted((step.kind, step.title, step.why, str(step.due), str(step.done)) for step in steps)

    assert named(people, companies) == named(PEOPLE, companies[::-1])
