"""The steps of promises: until they are kept, whatever becomes of the application."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import Contact, Moment, Move, Promise, Ref
from crm_core.steps import Agenda, step_key
from crm_promises import crm_done, crm_steps

MARA, INTERVIEW = Ref("c1"), Ref("i1")


def steps_of(book):
    """What the plugin answers, in a book that must not be changed meanwhile."""
    with book.read_only():
        return list(crm_steps(book))


class OnlyPromises:
    """This plugin alone as a source of steps."""

    def steps(self, book, since, until):
        return [("crm_promises", step) for step in steps_of(book)]

    def done(self, book, plugin, step, on):
        return crm_done(book, step, on)


def agenda(book):
    return Agenda(book, OnlyPromises(), datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


def test_an_open_promise_is_a_step_in_the_words_of_the_user(book_with, made):
    promise = Promise(text="send the references", contact=MARA, interview=INTERVIEW, made=made, due=date(2026, 11, 27))
    (step,) = steps_of(book_with(promise))
    assert step.title == "Keep your promise: send the references (to Mara Lindqvist)"
    assert step.why == "You promised it on Thu 19 Nov, in the interview at Bluewater Robotics"
    assert (step.kind, step.about, step.person, step.command) == ("keep", "p1", MARA, "crm promise keep p1")
    assert (step.starts, step.due, step.late, step.expires) == (made, date(2026, 11, 27), None, None)
    assert (step.outlives, step.done) == (True, None)


@pytest.mark.parametrize(
    ("promise", "why"),
    [
        (Promise(text="x", made=date(2026, 11, 23)), "You promised it today; no day was agreed"),
        (Promise(text="x", made=date(2026, 11, 22)), "You promised it yesterday; no day was agreed"),
        (Promise(text="x", made=date(2025, 11, 22)), "You promised it on 22 Nov 2025; no day was agreed"),
        (
            Promise(text="x", made=date(2026, 11, 20), interview=INTERVIEW, due=date(2026, 11, 30)),
            "You promised it on Fri 20 Nov, about the interview at Bluewater Robotics",
        ),
        (
            Promise(text="x", made=date(2026, 11, 20), interview=Ref("i99"), due=date(2026, 11, 30)),
            "You promised it on Fri 20 Nov",
        ),
    ],
)
def test_the_reason_says_what_is_known(book_with, promise, why):
    (step,) = steps_of(book_with(promise))
    assert step.why == why


def test_a_promise_to_nobody_known_has_nobody_in_its_title(book_with, made):
    (step,) = steps_of(book_with(Promise(text="Send\nthe  CV", contact=Ref("c99"), made=made)))
    assert step.title == "Keep your promise: Send the CV"


def test_without_an_agreed_day_it_is_due_after_the_days_in_the_settings(book_with, made):
    (step,) = steps_of(book_with(Promise(text="call", made=made), days=10))
    assert step.due == date(2026, 11, 29)


def test_a_moment_is_due_at_that_moment(book_with, made):
    due = Moment(datetime.fromisoformat("2026-11-24T10:00"), "America/New_York")
    (step,) = steps_of(book_with(Promise(text="call", made=made, due=due)))
    assert step.due == datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("America/New_York"))


def test_a_kept_promise_stays_as_done_and_a_broken_one_goes(book_with, made):
    book = book_with(
        Promise(text="kept", made=made, kept=date(2026, 11, 21)), Promise(text="broken", made=made, broken=made)
    )
    (step,) = steps_of(book)
    assert (step.about, step.done, step.command) == ("p1", date(2026, 11, 21), "")


@pytest.mark.parametrize("stage", ["rejected", "withdrawn", "ghosted", "accepted"])
def test_a_promise_outlives_its_application_and_never_expires(book_with, made, stage):
    promise = Promise(text="send the references", interview=INTERVIEW, made=made, due=date(2026, 11, 27))
    book = book_with(promise, now="2031-01-01T12:00")
    application = book.applications.get("a1")
    with book.change(stage):
        over = Move(id=book.new_move_id(), stage=stage, on=date(2026, 11, 24))
        book.applications.save(replace(application, moves=(over,)))
    (entry,) = agenda(book).entries
    assert entry.state == "overdue"


def test_removing_the_interview_leaves_the_promise(book_with, made):
    book = book_with(Promise(text="call", contact=MARA, interview=INTERVIEW, made=made))
    with book.change("removed"):
        book.remove(book.removal(book.interviews.get(INTERVIEW)))
    (step,) = steps_of(book)
    assert step.why == "You promised it on Thu 19 Nov; no day was agreed"


def test_a_merged_contact_takes_its_promises_along(book_with, made):
    book = book_with(Promise(text="call", contact=MARA, made=made))
    with book.change("merged"):
        other = book.contacts.add(Contact(name="M. Lindqvist"))
        book.merge(other, book.contacts.get(MARA), other)
    (step,) = steps_of(book)
    assert (step.person, step.title) == (other.id, "Keep your promise: call (to M. Lindqvist)")


def test_done_records_the_fact_and_writes_no_mark(book_with, made):
    book = book_with(Promise(text="call", made=made))
    present = agenda(book)
    assert present.finish(present.entries[0], date(2026, 11, 20)) == "fact"
    assert book.promises.get("p1").kept == date(2026, 11, 20)
    assert len(book.marks) == 0
    (entry,) = agenda(book).entries
    assert (entry.state, entry.done) == ("done", date(2026, 11, 20))


TEXTS = st.text("abc \n", min_size=1, max_size=8)
MADE = st.dates(date(2026, 1, 1), date(2026, 11, 20))
AFTER = st.integers(0, 60)
MOMENTS = st.datetimes(datetime.fromisoformat("2026-11-21"), datetime.fromisoformat("2027-12-31"))
FEW = settings(max_examples=40, deadline=None)


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    made = draw(MADE)
    due = draw(st.none() | AFTER.map(lambda days: made + timedelta(days=days)))
    ended = min(made + timedelta(days=draw(AFTER)), date(2026, 11, 20))
    fate = draw(st.sampled_from(["open", "kept", "broken"]))
    return Promise(
        text=draw(TEXTS),
        made=made,
        due=due,
        contact=draw(st.none() | st.just(MARA)),
        interview=draw(st.none() | st.just(INTERVIEW)),
        kept=ended if fate == "kept" else None,
        broken=ended if fate == "broken" else None,
    )


SEVERAL = st.lists(promises(), max_size=6)


def without_ids(steps):
    """The steps as they would be if every promise had the same id: ids are given in the order of entering."""
    return sorted((replace(step, about=Ref("p1"), command="") for step in steps), key=repr)


@FEW
@given(st.data())
def test_the_order_in_which_promises_were_entered_changes_nothing(book_with, data):
    told = data.draw(SEVERAL)
    again = data.draw(st.permutations(told))
    assert without_ids(steps_of(book_with(*told))) == without_ids(steps_of(book_with(*again)))


@FEW
@given(SEVERAL)
def test_every_promise_that_is_not_broken_has_one_step_and_its_own_key(book_with, told):
    book = book_with(*told)
    steps = steps_of(book)
    assert [step.about for step in steps] == [p.id for p in book.promises if p.broken is None]
    assert len({step_key("crm_promises", step) for step in steps}) == len(steps)


@FEW
@given(SEVERAL, MOMENTS, MOMENTS)
def test_the_dates_of_a_step_do_not_depend_on_the_present(book_with, told, now, later):
    dates = [
        [(step.about, step.starts, step.due, step.done) for step in steps_of(book_with(*told, now=at.isoformat()))]
        for at in (now, later)
    ]
    assert dates[0] == dates[1]
