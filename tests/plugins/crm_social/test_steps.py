"""When to follow the company and its people, and what closes that."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core import Application, Company, Contact, Interview, Move, Profile, Seat
from crm_core.steps import step_key
from crm_core.testing import Crm
from crm_social.records import CompanyFollow, Follow
from crm_social.steps import social_steps
from tests.plugins.facts import berlin


def step_of(job, kind, network="linkedin"):
    return next(step for step in social_steps(job.crm.book) if step.kind == kind and step.refs[1] == network)


def test_before_an_interview_the_company_is_to_be_followed(job):
    job.interview("2026-11-27T14:00")
    (step,) = social_steps(job.crm.book)
    assert step_key("crm_social", step) == "crm_social/company/co1/linkedin"
    assert (step.title, step.why) == (
        "Follow Bluewater Robotics on LinkedIn", "your interview there is Fri 27 Nov 14:00",
    )  # fmt: skip
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 20), date(2026, 11, 26), date(2026, 12, 27))
    assert (step.about, step.person, step.command) == ("i1", None, "crm social open co1 linkedin")


def test_a_week_before_is_early_enough(job):
    job.interview("2026-12-01T14:00")
    assert job.titles() == []
    job.crm.today = "2026-11-24T08:00"
    assert job.titles() == ["Follow Bluewater Robotics on LinkedIn"]


def test_after_an_interview_each_interviewer_is_to_be_followed_on_each_network(job):
    job.interview("2026-11-20T14:00")
    step = step_of(job, "person")
    assert step_key("crm_social", step) == "crm_social/person/c1/linkedin"
    assert (step.title, step.why) == (
        "Connect with Mara Lindqvist on LinkedIn", "you met: Engineer at Bluewater Robotics, Fri 20 Nov 14:00",
    )  # fmt: skip
    assert (step.starts, step.due, step.expires) == (
        berlin("2026-11-20T15:00").at, date(2026, 11, 23), date(2026, 12, 20),
    )  # fmt: skip
    assert (step.about, step.person) == ("i1", "c1")
    assert job.titles() == [
        "Connect with Mara Lindqvist on LinkedIn",
        "Follow Bluewater Robotics on LinkedIn",
        "Follow Mara Lindqvist on Mastodon",
    ]


def test_an_interviewer_is_not_followed_before_the_interview_has_ended(job):
    job.interview("2026-11-23T11:30")
    assert [step.kind for step in social_steps(job.crm.book)] == ["company"]


def test_nobody_without_a_page_is_to_be_followed(job):
    job.interview("2026-11-20T14:00", "c2")
    assert job.titles() == ["Follow Bluewater Robotics on LinkedIn"]


@pytest.mark.parametrize("state", ["followed", "asked", "connected", "declined"])
def test_whatever_was_recorded_closes_it_for_a_lifetime(job, state):
    job.interview("2026-11-20T14:00")
    job.add(Follow(contact="c1", network="linkedin", state=state, on=date(2026, 11, 21)))
    job.add(CompanyFollow(company="co1", network="linkedin", state=state, on=date(2026, 11, 19)))
    assert job.titles() == ["Follow Mara Lindqvist on Mastodon"]
    assert step_of(job, "person").done == date(2026, 11, 21)
    job.interview("2026-11-23T08:00")
    assert job.titles() == ["Follow Mara Lindqvist on Mastodon"]


def test_the_latest_interview_is_the_reason_and_the_step_stays_the_same(job):
    job.interview("2026-11-09T14:00")
    before = step_of(job, "person")
    job.interview("2026-11-20T14:00")
    after = step_of(job, "person")
    assert (before.about, after.about) == ("i1", "i2")
    assert step_key("crm_social", before) == step_key("crm_social", after)


def test_the_next_interview_is_the_reason_to_follow_the_company(job):
    for day in ("09", "27", "29"):
        job.interview(f"2026-11-{day}T14:00")
    assert step_of(job, "company").about == "i2"
    assert step_of(job, "person").about == "i1"


def test_an_interview_of_an_ended_application_gives_way_to_one_that_is_alive(job):
    job.interview("2026-11-09T14:00")
    moves = (Move(id="m2", stage="rejected", on=date(2026, 11, 22)),)
    job.add(Application(company="co1", role="Other", moves=moves))
    job.interview("2026-11-21T14:00", application="a2")
    assert {step.about for step in social_steps(job.crm.book)} == {"i1"}


def test_thirty_days_later_it_is_not_asked_for_any_more(job):
    job.interview("2026-11-20T14:00")
    job.crm.today = "2026-12-20T20:00"
    assert len(job.titles()) == 3
    job.crm.today = "2026-12-21T08:00"
    assert job.titles() == []


def test_it_ends_with_the_application(job):
    job.interview("2026-11-20T14:00")
    job.crm.ok("application move a1 rejected")
    assert job.titles() == []


def test_done_records_that_they_are_followed(job):
    job.interview("2026-11-20T14:00")
    for step in job.steps():
        job.crm.ok("done", step["handle"], "--on", "yesterday")
    follows = {(follow.contact, follow.network, follow.state, follow.on) for follow in job.crm.book.table(Follow)}
    day = date(2026, 11, 22)
    assert follows == {("c1", "linkedin", "followed", day), ("c1", "mastodon", "followed", day)}
    (company,) = job.crm.book.table(CompanyFollow)
    assert (company.company, company.state) == ("co1", "followed")
    assert len(job.crm.book.marks) == 0
    assert {step["state"] for step in job.steps("--all")} == {"done"}


def test_done_on_a_day_ahead_is_refused(job):
    job.interview("2026-11-20T14:00")
    assert job.crm("done", job.steps()[0]["handle"], "--on", "tomorrow").code == 2
    assert len(job.crm.book.table(Follow)) == 0


def test_merged_people_keep_what_is_newer_of_each_network(job):
    job.interview("2026-11-20T14:00")
    for contact, state in (("c1", "followed"), ("c2", "declined")):
        job.add(Follow(contact=contact, network="linkedin", state=state, on=date(2026, 11, 21)))
    job.crm.ok("contact merge c1 c2 --yes")
    (follow,) = job.crm.book.table(Follow)
    assert (follow.contact, follow.state) == ("c1", "declined")


def test_what_is_recorded_goes_with_its_person_and_its_company(job):
    job.add(Follow(contact="c1", network="x", state="followed", on=date(2026, 11, 21)))
    job.add(CompanyFollow(company="co1", network="x", state="followed", on=date(2026, 11, 21)))
    job.crm.ok("contact remove c1 --yes")
    job.crm.ok("company remove co1 --yes")
    assert (len(job.crm.book.table(Follow)), len(job.crm.book.table(CompanyFollow))) == (0, 0)


def test_the_settings_move_all_dates_and_name_the_networks(job):
    job.interview("2026-11-20T14:00")
    for line in ("starts_days 3", "due_days 2", "after_days 5", "expires_days 9", "networks linkedin"):
        job.crm.ok(f"settings set crm_social.{line}")
    company, person = step_of(job, "company"), step_of(job, "person")
    assert (company.starts, company.due) == (date(2026, 11, 17), date(2026, 11, 18))
    assert (person.due, person.expires) == (date(2026, 11, 25), date(2026, 11, 29))
    assert len(job.titles()) == 2


@pytest.mark.parametrize(
    "line", ["networks myspace", "starts_days 0", "due_days 8", "after_days 31", "expires_days 1", "expires_days 4000"]
)
def test_settings_that_make_no_sense_are_refused(job, line):
    assert job.crm(f"settings set crm_social.{line}").code == 2


def row_of(job, *words):
    return next(row for row in job.crm.ok("checklist", "--json", *words).items if row["number"] == 6)


def test_the_checklist_says_where_following_stands(job):
    job.interview("2026-11-22T14:00")
    assert row_of(job)["state"] == "late"
    job.crm.ok("social followed co1 linkedin")
    assert row_of(job)["state"] == "due"
    for network in ("linkedin", "mastodon"):
        job.crm.ok(f"social asked c1 {network}")
    assert row_of(job)["state"] == "done"
    job.interview("2026-11-23T08:00")
    assert row_of(job, "i1")["why"] == "you had followed all of them already"


def test_before_an_interview_its_people_are_not_followed_yet(job):
    book = job.crm.book
    with book.change("no pages"):
        book.companies.save(Company(id="co1", name="Bluewater Robotics"))
    job.interview("2026-11-26T14:00")
    row = row_of(job, "i1")
    assert (row["state"], row["why"]) == ("not called for", "not before Thu 26 Nov 15:00")


def test_the_checklist_says_that_it_was_never_done_or_that_there_is_no_page(job):
    job.interview("2026-11-20T14:00")
    job.crm.today = "2027-01-20T12:00"
    assert row_of(job)["why"] == "late, never done"
    book = job.crm.book
    with book.change("no pages"):
        book.companies.save(Company(id="co1", name="Bluewater Robotics"))
        book.contacts.save(Contact(id="c1", name="Mara Lindqvist"))
    assert row_of(job)["why"] == "no page of theirs is known: add one with --profile"


def test_due_does_not_depend_on_today(job):
    job.interview("2026-11-20T14:00")
    seen = set()
    for today in ("2026-11-20T15:00", "2026-11-23T12:00", "2026-12-20T12:00"):
        job.crm.today = today
        steps = list(social_steps(job.crm.book))
        assert steps == list(social_steps(job.crm.book))
        seen.add(tuple(sorted((step.title, str(step.starts), step.due, step.expires) for step in steps)))
    assert len(seen) == 1


PEOPLE = [Contact(name=f"Person {n}", profiles=(Profile(network="x", handle=f"p{n}"),)) for n in range(3)]
DAYS = ("2026-11-09", "2026-11-20", "2026-11-27", "2026-12-04")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.permutations(DAYS),
    people=st.permutations(PEOPLE),
    panels=st.fixed_dictionaries({day: st.sets(st.sampled_from([0, 1, 2]), max_size=3) for day in DAYS}),
)
def test_steps_are_the_same_in_whatever_order_facts_were_entered(tmp_path_factory, days, people, panels):
    def entered(days, people):
        book = Crm(tmp_path_factory.mktemp("book")).book
        with book.change("facts"):
            ids = {person.name: book.contacts.add(person).id for person in people}
            profiles = (Profile(network="github", handle="acme"),)
            company = book.companies.add(Company(name="Acme", profiles=profiles))
            moves = (Move(id="m1", stage="interviewing", on=date(2026, 11, 1)),)
            application = book.applications.add(Application(company=company.id, role="Engineer", moves=moves))
            for day in days:
                panel = tuple(Seat(contact=ids[f"Person {n}"]) for n in sorted(panels[day]))
                at = berlin(f"{day}T14:00")
                book.interviews.add(Interview(application=application.id, at=at, panel=panel))
        steps = list(social_steps(book))
        keys = [step_key("crm_social", step) for step in steps]
        assert len(keys) == len(set(keys))
        return sorted((step.kind, step.title, step.why, str(step.starts), step.due, step.expires) for step in steps)

    assert entered(days, people) == entered(DAYS, PEOPLE)
