from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import pipeline
from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.errors import InputError
from crm_core.records import LIVE_STAGES, STAGES, Application, Company, Contact, Interview, Ref, Seat

MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2026, 1, 1), MONDAY)
ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")


def applied(
    book: Book, role: str = "Data Engineer", stage: str = "applied", on: date = date(2026, 11, 2)
) -> Application:
    with book.change("test"):
        company = next(iter(book.companies), None) or book.companies.add(Company(name="Bluewater Robotics"))
        return pipeline.apply(book, Application(company=Ref(company.id), role=role), stage, on)


def logged(book: Book, application: Application, at: str = "2026-11-20T14:00", **fields) -> Interview:
    moment = Moment(datetime.fromisoformat(at), fields.pop("zone", "Europe/Berlin"))
    with book.change("test"):
        interview = Interview(application=Ref(application.id), at=moment, **fields)
        return pipeline.log_interview(book, book.applications.get(application.id), interview)


def stages(book: Book, application: Application) -> list[tuple[str, str]]:
    return [(move.stage, str(move.on)) for move in book.applications.get(application.id).moves]


def test_an_application_moves_from_stage_to_stage_and_every_move_has_an_id_of_its_own(book):
    application = applied(book)
    with book.change("test"):
        application = pipeline.move(book, application, "interviewing", date(2026, 11, 9))
        application = pipeline.move(book, application, "offer", date(2026, 11, 9))
    assert stages(book, application) == [
        ("applied", "2026-11-02"), ("interviewing", "2026-11-09"), ("offer", "2026-11-09"),
    ]  # fmt: skip
    assert len({move.id for move in application.moves}) == 3


def test_moving_to_the_stage_it_is_in_changes_nothing(book):
    application = applied(book)
    with book.change("test"):
        assert pipeline.move(book, application, "applied", MONDAY) is application
    assert stages(book, application) == [("applied", "2026-11-02")]


def test_a_move_back_in_time_is_refused_and_the_hint_names_the_move_in_the_way(book):
    application = applied(book)
    with pytest.raises(InputError) as error, book.change("test"):
        pipeline.move(book, application, "interviewing", date(2026, 11, 1))
    assert "2026-11-02" in error.value.message
    assert f"--move-date {application.moves[0].id}" in error.value.hint
    assert stages(book, application) == [("applied", "2026-11-02")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STAGES), DAYS), max_size=8))
def test_whatever_is_tried_the_moves_stay_in_order_and_no_id_comes_twice(book, tries):
    application = applied(book, on=date(2026, 1, 1))
    for stage, day in tries:
        try:
            with book.change("test"):
                application = pipeline.move(book, application, stage, day)
        except InputError:
            continue
    kept = book.applications.get(application.id)
    assert [move.on for move in kept.moves] == sorted(move.on for move in kept.moves)
    assert len({move.id for move in kept.moves}) == len(kept.moves)
    assert kept.alive == (kept.stage in LIVE_STAGES)
    assert all(before.stage != after.stage for before, after in zip(kept.moves, kept.moves[1:], strict=False))


def test_a_corrected_day_keeps_the_id_of_its_move(book):
    application = applied(book)
    first = application.moves[0]
    with book.change("test"):
        pipeline.redate(book, application, {first.id: date(2026, 10, 30)})
    assert book.applications.get(application.id).moves == (replace(first, on=date(2026, 10, 30)),)


def test_two_days_may_be_corrected_past_one_another_at_once(book):
    application = applied(book)
    with book.change("test"):
        application = pipeline.move(book, application, "rejected", date(2026, 11, 5))
        first, second = application.moves
        pipeline.redate(book, application, {first.id: date(2026, 11, 10), second.id: date(2026, 11, 11)})
    assert stages(book, application) == [("applied", "2026-11-10"), ("rejected", "2026-11-11")]


def test_a_corrected_day_that_turns_the_order_around_is_refused(book):
    application = applied(book)
    with book.change("test"):
        application = pipeline.move(book, application, "rejected", date(2026, 11, 5))
    with pytest.raises(InputError, match="2026-11-06 is after 2026-11-05"), book.change("test"):
        pipeline.redate(book, application, {application.moves[0].id: date(2026, 11, 6)})


def test_correcting_a_move_that_is_not_there_lists_those_that_are(book):
    application = applied(book)
    with pytest.raises(InputError) as error, book.change("test"):
        pipeline.redate(book, application, {"m99": MONDAY})
    assert f"{application.moves[0].id} applied on 2026-11-02" in error.value.hint


def test_roles_are_the_same_whatever_their_case_and_spacing(book):
    application = applied(book, role="Data Engineer")
    applied(book, role="Analyst")
    applied(book, role="data engineer", stage="rejected")
    company = book.companies.get(application.company)
    assert pipeline.live_applications(book, company, " data  ENGINEER ") == [application]
    assert [found.role for found in pipeline.live_applications(book, company)] == ["Data Engineer", "Analyst"]


@pytest.mark.parametrize("stage", ["wishlist", "applied"])
def test_an_interview_held_makes_its_application_interviewing_from_that_day(book, stage):
    application = applied(book, stage=stage)
    logged(book, application, "2026-11-20T14:00")
    assert stages(book, application) == [(stage, "2026-11-02"), ("interviewing", "2026-11-20")]


def test_an_interview_ahead_makes_its_application_interviewing_from_today(book):
    application = applied(book)
    logged(book, application, "2026-12-20T14:00")
    assert stages(book, application)[-1] == ("interviewing", "2026-11-23")


def test_an_interview_before_the_application_was_noted_does_not_turn_time_back(book):
    application = applied(book, on=date(2026, 11, 22))
    logged(book, application, "2026-11-20T14:00")
    assert stages(book, application)[-1] == ("interviewing", "2026-11-22")


@pytest.mark.parametrize("stage", ["interviewing", "offer", "accepted", "rejected", "withdrawn", "ghosted"])
def test_logging_an_interview_leaves_other_stages_alone(book, stage):
    application = applied(book, stage=stage)
    logged(book, application)
    assert stages(book, application) == [(stage, "2026-11-02")]


def test_somebody_twice_on_the_panel_has_one_seat_and_only_the_first_lead_leads(book):
    application = applied(book)
    with book.change("test"):
        ana, ben = (Ref(book.contacts.add(Contact(name=name)).id) for name in ("Ana", "Ben"))
    panel = (Seat(contact=ana), Seat(contact=ben, lead=True), Seat(contact=ana, lead=True, role="CTO"))
    interview = logged(book, application, panel=panel)
    assert interview.panel == (Seat(contact=ana, lead=True, role="CTO"), Seat(contact=ben))


@pytest.mark.parametrize(
    ("outcome", "stage"), [("next-round", "interviewing"), ("offer", "offer"), ("rejected", "rejected")]
)
def test_an_outcome_and_its_stage_are_one_fact(book, outcome, stage):
    application = applied(book)
    interview = logged(book, application)
    with book.change("test"):
        pipeline.record_outcome(book, interview, outcome, MONDAY)
    kept = book.interviews.get(interview.id)
    assert (kept.outcome, kept.outcome_on) == (outcome, MONDAY)
    assert book.applications.get(application.id).stage == stage


def test_an_outcome_that_its_application_refuses_is_not_recorded_either(book):
    application = applied(book)
    interview = logged(book, application)
    with pytest.raises(InputError), book.change("test"):
        pipeline.record_outcome(book, interview, "rejected", date(2026, 11, 19))
    assert book.interviews.get(interview.id).outcome is None


def test_the_same_outcome_again_corrects_its_day_and_that_of_the_move_it_made(book):
    application = applied(book)
    interview = logged(book, application)
    with book.change("test"):
        interview = pipeline.record_outcome(book, interview, "rejected", MONDAY)
    made = book.applications.get(application.id).moves[-1]
    with book.change("test"):
        pipeline.record_outcome(book, interview, "rejected", date(2026, 11, 21))
    assert book.interviews.get(interview.id).outcome_on == date(2026, 11, 21)
    assert book.applications.get(application.id).moves[-1] == replace(made, on=date(2026, 11, 21))


def test_another_outcome_moves_the_application_on(book):
    application = applied(book)
    interview = logged(book, application)
    with book.change("test"):
        interview = pipeline.record_outcome(book, interview, "rejected", date(2026, 11, 21))
        pipeline.record_outcome(book, interview, "next-round", MONDAY)
    assert [stage for stage, _ in stages(book, application)] == ["applied", "interviewing", "rejected", "interviewing"]


def test_a_next_round_noted_late_does_not_take_an_offer_back(book):
    application = applied(book)
    first = logged(book, application, "2026-11-10T14:00")
    second = logged(book, application, "2026-11-20T14:00")
    with book.change("test"):
        pipeline.record_outcome(book, second, "offer", date(2026, 11, 21))
        pipeline.record_outcome(book, first, "next-round", date(2026, 11, 12))
    assert book.applications.get(application.id).stage == "offer"
    assert book.interviews.get(first.id).outcome == "next-round"


def test_a_next_round_after_the_newest_interview_brings_a_ghosted_application_back(book):
    application = applied(book)
    interview = logged(book, application)
    with book.change("test"):
        pipeline.move(book, book.applications.get(application.id), "ghosted", date(2026, 11, 22))
        pipeline.record_outcome(book, interview, "next-round", MONDAY)
    assert book.applications.get(application.id).stage == "interviewing"


PEOPLE = st.sampled_from(["c1", "c2", "c3", "c4"])


@given(st.lists(st.tuples(PEOPLE, st.booleans()), max_size=12))
def test_a_panel_seats_everybody_once_with_at_most_one_lead(people):
    panel: tuple[Seat, ...] = ()
    for contact, lead in people:
        panel = pipeline.seated(panel, contact, lead=lead)
    assert [seat.contact for seat in panel] == list(dict.fromkeys(contact for contact, _ in people))
    leads = [contact for contact, lead in people if lead]
    assert [seat.contact for seat in panel if seat.lead] == leads[-1:]


def test_a_seat_keeps_its_role_unless_another_is_given():
    panel = pipeline.seated((), "c1", role="CTO")
    assert pipeline.seated(panel, "c1", lead=True) == (Seat(contact=Ref("c1"), role="CTO", lead=True),)
    assert pipeline.seated(panel, "c1", role="CEO")[0].role == "CEO"


def test_the_same_time_on_the_clock_in_another_zone():
    moment = Moment(datetime.fromisoformat("2026-11-27T09:30"), "Europe/Berlin")
    assert pipeline.interview_moment(moment, "America/New_York") == Moment(moment.local, "America/New_York")


def test_a_time_that_the_other_zones_clocks_skip_is_refused():
    moment = Moment(datetime.fromisoformat("2026-03-08T02:30"), "Europe/Berlin")
    with pytest.raises(InputError, match="does not exist"):
        pipeline.interview_moment(moment, "America/New_York")


def test_an_unknown_zone_is_refused():
    moment = Moment(datetime.fromisoformat("2026-03-08T02:30"), "Europe/Berlin")
    with pytest.raises(InputError, match="no time zone"):
        pipeline.interview_moment(moment, "Europe/Atlantis")


def test_interviews_are_in_the_order_of_the_clock_of_the_world(book):
    application = applied(book)
    berlin = logged(book, application, "2026-11-24T15:00")
    tokyo = logged(book, application, "2026-11-24T20:00", zone="Asia/Tokyo")
    assert pipeline.interviews_of(book, application) == [tokyo, berlin]


def test_the_last_that_ended_and_the_next_that_has_not(book):
    application = applied(book)
    ended = logged(book, application, "2026-11-23T11:00")
    running = logged(book, application, "2026-11-23T11:30")
    ahead = logged(book, application, "2026-11-23T12:00", length=30)
    all_three = [ahead, ended, running]
    assert ended.end == book.now
    assert pipeline.last_ended(book, all_three) == ended
    assert pipeline.next_ahead(all_three, book.now) == running
    assert pipeline.next_ahead(all_three, book.now + timedelta(minutes=30)) is None
    assert pipeline.last_ended(book, [running, ahead]) is None


def test_an_interview_is_alive_with_its_application(book):
    application = applied(book)
    interview = logged(book, application)
    assert pipeline.alive(book, interview)
    with book.change("test"):
        pipeline.record_outcome(book, interview, "rejected", MONDAY)
    assert not pipeline.alive(book, interview)
    assert not pipeline.alive(book, replace(interview, application=Ref("a99")))


@given(days=st.integers(0, 40), age=st.integers(-3, 60), length=st.integers(1, 5000), zone=st.sampled_from(ZONES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_long_over_did_end_more_than_so_many_days_ago(book: Book, days: int, age: int, length: int, zone: str):
    at = Moment((book.now - timedelta(days=age)).replace(tzinfo=None), zone)
    interview = Interview(application=Ref("a1"), at=at, length=length)

    over = pipeline.long_over(book, interview, days)

    assert not over or interview.end + timedelta(days=days) < book.now
    assert over or interview.end + timedelta(days=days + 5) > book.now
