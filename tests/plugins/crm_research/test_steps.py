"""What research calls for: the week's news, the day's before a further interview, and questions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import Application, Company, FeedItem, InputError, Interview, Moment, Move, Question, moment_of
from crm_core.checklist import checklist
from crm_core.steps import Agenda, step_key
from crm_research import crm_checklist, crm_done, crm_steps
from crm_research.records import FeedState
from tests.plugins.facts import berlin

FEED = "https://acme.example/feed.xml"
FIRST, SECOND = "2026-11-16T14:00", "2026-12-03T10:00"
PRESENT = "2026-11-25T12:00"


def steps_of(book):
    """What the plugin answers, in a book that must not be changed meanwhile."""
    with book.read_only():
        return list(crm_steps(book))


def by_kind(book):
    return {step.kind: step for step in steps_of(book)}


class OnlyResearch:
    """This plugin alone as a source of steps and rows."""

    def steps(self, book, since, until):
        return [("crm_research", step) for step in steps_of(book)]

    def done(self, book, plugin, step, on):
        return crm_done(book, step, on)

    def checklist(self, book, interview, entries):
        return list(crm_checklist(book, interview, entries))


def agenda(book):
    return Agenda(book, OnlyResearch(), datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


@pytest.fixture
def search(new_book):
    """An application at Acme with interviews at those times, feeds, questions, and news that is unread."""

    def make(*interviews, feeds=(FEED,), questions=(), unread=0, fetched=None, now=PRESENT, wanted=3, **days):
        book = new_book(now, questions=wanted, **days)
        with book.change("a search"):
            company = book.companies.add(Company(name="Acme", feeds=feeds))
            move = Move(id="m1", stage="interviewing", on=date(2026, 11, 1))
            application = book.applications.add(Application(company=company.id, role="Engineer", moves=(move,)))
            for at in interviews:
                book.interviews.add(Interview(application=application.id, at=berlin(at)))
            for question in questions:
                book.questions.add(replace(question, application=application.id))
            for number in range(unread):
                book.feed_items.add(FeedItem(company=company.id, feed=FEED, key=str(number), title="News"))
            if fetched:
                book.table(FeedState).add(FeedState(company=company.id, feed=FEED, fetched=berlin(fetched)))
        return book

    return make


def ask(text="Why?", **facts):
    return Question(**{"application": "a1", "text": text, "written": date(2026, 11, 20), **facts})


def test_news_are_read_every_week_while_an_application_is_alive(search):
    (step,) = steps_of(search(FIRST))
    assert (step.title, step.why) == ("Read the news of Acme", "never fetched; your application stands at interviewing")
    assert (step.starts, step.due) == (date(2026, 11, 23), date(2026, 11, 29))
    assert step_key("crm_research", step) == "crm_research/read/a1/2026-W48"
    assert step.command == "crm research fetch co1"


def test_the_week_is_named_by_the_year_that_its_thursday_is_in(search):
    (step,) = steps_of(search(now="2027-01-01T12:00"))
    assert step.slot == "2026-W53"


@pytest.mark.parametrize(
    ("fetched", "unread", "done", "command"),
    [
        ("2026-11-23T08:00", 0, date(2026, 11, 23), ""),
        ("2026-11-23T08:00", 2, None, "crm research list co1 --unread"),
        ("2026-11-22T23:59", 0, None, "crm research fetch co1"),
        (None, 0, None, "crm research fetch co1"),
    ],
)
def test_the_weeks_news_are_read_when_they_were_fetched_and_nothing_is_unread(search, fetched, unread, done, command):
    (step,) = steps_of(search(FIRST, fetched=fetched, unread=unread))
    assert (step.done, step.command) == (done, command)


def test_without_a_feed_or_a_live_application_there_is_no_news_to_read(search):
    assert steps_of(search(FIRST, feeds=())) == []
    book = search(FIRST)
    with book.change("rejected"):
        application = book.applications.get("a1")
        over = Move(id="m2", stage="rejected", on=date(2026, 11, 20))
        book.applications.save(replace(application, moves=(*application.moves, over)))
    assert steps_of(book) == []


def test_a_state_of_a_feed_that_was_taken_away_says_nothing(search):
    book = search(FIRST, fetched="2026-11-24T08:00", feeds=("https://acme.example/other",))
    assert steps_of(book)[0].done is None


def test_a_further_interview_calls_for_questions_and_for_the_days_news(search):
    found = by_kind(search(FIRST, SECOND, questions=[ask("Why?")]))
    assert set(found) == {"prepare", "daily"}
    prepare, daily = found["prepare"], found["daily"]
    assert prepare.title == "Prepare three questions for Engineer at Acme"
    assert prepare.why == "1 of 3 prepared; the interview is 3 Dec 10:00"
    assert daily.title == "Read the day's news of Acme"
    for step in (prepare, daily):
        assert (step.starts, step.due) == (date(2026, 11, 19), date(2026, 12, 2))
        assert step.expires == berlin(SECOND).at
    assert step_key("x", prepare) == "x/prepare/i2"
    assert step_key("x", daily) == "x/daily/i2"


def test_a_first_interview_calls_for_neither_nor_do_two_that_begin_together(search):
    assert set(by_kind(search(SECOND))) == {"read"}
    assert set(by_kind(search(SECOND, SECOND))) == {"read"}


def test_preparing_begins_some_days_before_but_after_the_round_before(search):
    far = "2027-01-20T10:00"
    found = by_kind(search(FIRST, far))
    assert found["prepare"].starts == date(2027, 1, 6)
    assert set(found) == {"prepare", "daily", "read"}
    assert by_kind(search("2026-12-01T10:00", SECOND))["prepare"].starts == date(2026, 12, 1)
    assert by_kind(search("2026-12-03T08:00", SECOND))["prepare"].starts == date(2026, 12, 2)
    assert by_kind(search(FIRST, SECOND, prepare_days=3))["prepare"].starts == date(2026, 11, 30)


def test_three_questions_are_enough_from_the_day_of_the_third(search):
    written = [date(2026, 11, 24), date(2026, 11, 20), date(2026, 11, 22)]
    book = search(FIRST, SECOND, questions=[ask(str(day), written=day) for day in written])
    assert by_kind(book)["prepare"].done == date(2026, 11, 24)


def test_how_many_questions_are_wanted_is_a_setting(search):
    book = search(FIRST, SECOND, wanted=1, questions=[ask()])
    assert by_kind(book)["prepare"].title == "Prepare one question for Engineer at Acme"
    assert by_kind(book)["prepare"].done == date(2026, 11, 20)
    assert "prepare" not in by_kind(search(FIRST, SECOND, wanted=0))


def test_questions_asked_in_an_earlier_round_do_not_count_and_those_left_over_do(search):
    asked = [ask("a", interview="i1", asked=date(2026, 11, 16)), ask("b", interview="i1")]
    assert by_kind(search(FIRST, SECOND, questions=asked))["prepare"].why.startswith("1 of 3")


def test_after_the_interview_the_questions_that_were_ready_stay_done_and_others_are_gone(search):
    ready = [ask(str(n), interview="i2", asked=date(2026, 12, 3)) for n in range(3)]
    later = "2026-12-10T12:00"
    (step,) = [step for step in steps_of(search(FIRST, SECOND, questions=ready, now=later)) if step.kind != "read"]
    assert (step.kind, step.done) == ("prepare", date(2026, 11, 20))
    late = [ask(str(n), written=date(2026, 12, 9)) for n in range(3)]
    assert set(by_kind(search(FIRST, SECOND, questions=late, now=later))) == {"read"}


def test_the_days_news_open_again_every_morning(search):
    assert by_kind(search(FIRST, SECOND, fetched="2026-11-25T08:00"))["daily"].done == date(2026, 11, 25)
    assert by_kind(search(FIRST, SECOND, fetched="2026-11-24T08:00"))["daily"].done is None
    assert by_kind(search(FIRST, SECOND, fetched="2026-11-25T08:00", unread=1))["daily"].done is None


@pytest.mark.parametrize("interviews", [(FIRST,), (FIRST, SECOND)])
def test_done_records_that_the_news_were_read_elsewhere(search, interviews):
    book = search(*interviews, unread=3)
    present = agenda(book)
    entry = next(entry for entry in present.entries if "news" in entry.title)
    assert present.finish(entry, moment_of(book.now)) == "fact"
    assert {item.state for item in book.feed_items} == {"read"}
    assert len(book.marks) == 0
    assert next(entry for entry in agenda(book).entries if "news" in entry.title).state == "done"


def test_the_days_news_can_not_have_been_read_on_another_day(search):
    present = agenda(search(FIRST, SECOND))
    entry = next(entry for entry in present.entries if "day's news" in entry.title)
    with pytest.raises(InputError, match="only be read today"):
        present.finish(entry, date(2026, 11, 24))


def test_a_week_of_before_and_questions_get_a_mark(search):
    book = search(FIRST)
    present = agenda(book)
    assert present.finish(present.entries[0], date(2026, 11, 20)) == "mark"
    book = search(FIRST, SECOND, feeds=())
    present = agenda(book)
    assert present.finish(present.entries[0], moment_of(book.now)) == "mark"
    assert agenda(book).entries[0].state == "done"


def row(book, interview):
    (found,) = checklist(book, OnlyResearch(), book.interviews.get(interview))
    return found.state, found.why


def test_the_checklist_says_where_the_preparation_of_the_next_round_stands(search):
    assert row(search(FIRST), "i1") == ("not called for", "no further interview is set")
    book = search(FIRST, SECOND, feeds=())
    assert row(book, "i1") == row(book, "i2")
    assert row(book, "i1")[0] == "due"
    far = search(FIRST, "2027-01-20T10:00")
    assert row(far, "i1") == ("not called for", "not before 6 Jan 2027")
    ready = search(FIRST, SECOND, feeds=(), questions=[ask(str(n)) for n in range(3)])
    assert row(ready, "i1")[0] == "done"
    over = search(FIRST, SECOND, now="2026-12-10T12:00")
    assert row(over, "i1") == ("late", "late, never done")
    assert row(over, "i2") == ("not called for", "no further interview is set")


def test_a_merged_company_takes_its_news_along(search):
    book = search(FIRST, fetched="2026-11-24T08:00", unread=1)
    with book.change("merged"):
        other = book.companies.add(Company(name="Acme Holding", feeds=(FEED,)))
        book.table(FeedState).add(FeedState(company=other.id, feed=FEED))
        book.merge(other, book.companies.get("co1"), other)
    assert len(book.table(FeedState)) == 1
    (step,) = steps_of(book)
    assert step.title == "Read the news of Acme Holding"


DAYS = st.integers(0, 60)
QUESTIONS = st.tuples(DAYS, st.booleans(), st.integers(0, 3))
SEARCHES = st.lists(
    st.tuples(st.lists(st.integers(0, 1440), max_size=4), st.lists(QUESTIONS, max_size=5), st.booleans()), max_size=4
)
MOMENTS = st.datetimes(datetime.fromisoformat("2026-10-01"), datetime.fromisoformat("2027-02-01"))
FEW = settings(max_examples=30, deadline=None)


def entered(new_book, told, now=PRESENT):
    """A book with those searches: a name of its own, hours of interviews, questions, whether there is a feed."""
    book = new_book(now)
    start = datetime.fromisoformat("2026-11-01T00:00")
    with book.change("searches"):
        for name, hours, asked, feed in told:
            company = book.companies.add(Company(name=name, feeds=(FEED,) if feed else ()))
            application = book.applications.add(Application(company=company.id, role="Engineer"))
            for hour in hours:
                at = Moment(start + timedelta(hours=hour), "Europe/Berlin")
                book.interviews.add(Interview(application=application.id, at=at))
            for day, was_asked, _ in asked:
                written = date(2026, 11, 1) + timedelta(days=day)
                over = written if was_asked else None
                book.questions.add(Question(application=application.id, text="?", written=written, asked=over))
    return book


def without_ids(book):
    """The steps with names in the place of ids, which are given in the order of entering."""
    return sorted((step.kind, step.title, step.why, step.starts, step.due, str(step.done)) for step in steps_of(book))


@FEW
@given(st.data())
def test_the_order_in_which_facts_were_entered_changes_nothing(new_book, data):
    told = [(f"Company {n}", *rest) for n, rest in enumerate(data.draw(SEARCHES))]
    again = [
        (name, data.draw(st.permutations(hours)), data.draw(st.permutations(asked)), feed)
        for name, hours, asked, feed in data.draw(st.permutations(told))
    ]
    assert without_ids(entered(new_book, told)) == without_ids(entered(new_book, again))


@FEW
@given(SEARCHES)
def test_every_step_has_a_key_of_its_own_and_comes_twice_the_same(new_book, told):
    book = entered(new_book, [(f"Company {n}", *rest) for n, rest in enumerate(told)])
    steps = steps_of(book)
    assert len({step_key("crm_research", step) for step in steps}) == len(steps)
    assert steps_of(book) == steps
    assert all(step.starts <= step.due for step in steps)


@FEW
@given(SEARCHES, MOMENTS)
def test_the_dates_of_what_an_interview_calls_for_do_not_depend_on_the_present(new_book, told, now):
    named = [(f"Company {n}", *rest) for n, rest in enumerate(told)]
    dates = [
        {
            step_key("x", step): (step.starts, step.due)
            for step in steps_of(entered(new_book, named, at))
            if step.kind != "read"
        }
        for at in (PRESENT, now.isoformat())
    ]
    assert all(dates[0][key] == dates[1][key] for key in dates[0].keys() & dates[1].keys())
