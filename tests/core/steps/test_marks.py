"""Done, snoozed, skipped: marks hold as long as the facts do, and follow merged people."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import Moment, When, moment_of
from crm_core.errors import InputError
from crm_core.records import (
    Ref,
)
from crm_core.steps import Step
from tests.core.making import NOW
from tests.core.steps.search import NEW_YORK, TODAY, Search, at, day, step


class TestDoneMarks:
    def test_a_step_that_no_fact_closes_is_marked(self, search: Search):
        one = step(about=Ref("i1"))

        assert search.finish(one) == "mark"

        entry = search.entry(one)
        assert (entry.state, entry.done, entry.note) == ("done", NOW, "")
        (mark,) = search.book().marks
        assert (mark.step, mark.starts, mark.due, mark.marked) == ("crm_x/k/i1", TODAY, TODAY, moment_of(NOW))

    def test_a_step_that_a_fact_closes_gets_no_mark(self, search: Search):
        def keep(book: Book, closed: Step, on: When) -> bool:
            book.promises.save(replace(book.promises.get("p1"), kept=on))
            return True

        assert search.finish(step(about=Ref("p1")), on=day(-1), close=keep) == "fact"

        assert search.marks == []
        assert search.book().promises.get("p1").kept == day(-1)
        assert len(search._store.history()) == 2

    @pytest.mark.parametrize("error", [InputError("not yet"), KeyError("bug"), KeyboardInterrupt()])
    def test_an_exception_while_closing_writes_nothing(self, search: Search, error: BaseException):
        before = search._store.revision

        def fail(book: Book, closed: Step, on: When) -> bool:
            book.promises.save(replace(book.promises.get("p1"), kept=TODAY))
            raise error

        with pytest.raises(type(error)):
            search.finish(step(about=Ref("p1")), close=fail)

        assert (search._store.revision, search.marks) == (before, [])
        assert search.book().promises.get("p1").kept is None

    def test_done_on_an_earlier_day_says_so(self, search: Search):
        one = step(starts=day(-9))
        search.finish(one, on=day(-3))

        assert search.entry(one).done == at(0, 0, days=-3)
        assert search.agenda(one, since=at(0, 0, days=-2)).entries == []

    @pytest.mark.parametrize(
        "on", [day(-3), day(0), moment_of(at(8)), Moment(at(3).replace(tzinfo=None), "Asia/Tokyo")]
    )
    def test_done_holds_as_long_as_the_step_begins_when_it_did(self, search: Search, on: When):
        for one in (step("a", starts=day(-2)), step("b", starts=at(11)), step("c", starts=day(5), due=day(9))):
            search.finish(one, on=on)
            for later in (NOW, NOW + timedelta(days=400)):
                assert search.entry(one, now=later).state == "done"

    def test_done_holds_when_the_event_was_earlier_than_thought(self, search: Search):
        one = step(starts=at(14), due=day(1))
        search.finish(one)

        assert search.entry(replace(one, starts=at(9, days=-7), due=day(-6))).state == "done"

    def test_an_event_that_is_postponed_opens_its_steps_again_and_says_why(self, search: Search):
        one = step(starts=at(10), due=day(1))
        search.finish(one, now=at(11))

        entry = search.entry(replace(one, starts=at(10, days=3), due=day(4)))

        assert (entry.state, entry.done) == ("ahead", None)
        assert entry.note == "open again: done on 2026-11-23, but it is now called for later"

    def test_one_that_is_put_back_closes_them_again(self, search: Search):
        one = step(starts=at(10), due=day(1))
        search.finish(one, now=at(11))
        assert search.entry(replace(one, starts=at(10, days=3))).state == "ahead"

        assert search.entry(one).state == "done"
        assert search.entry(replace(one, starts=at(11))).state == "done"
        assert search.entry(replace(one, starts=at(11, 1))).state == "ahead"

    def test_a_step_that_opened_again_can_be_done_again(self, search: Search):
        one = step(starts=at(10), due=day(1))
        search.finish(one, now=at(11))
        later = replace(one, starts=at(10, days=3), due=day(4))

        search.finish(later, now=at(12, days=3))

        assert search.entry(later, now=at(12, days=3)).state == "done"
        assert search.marks == [("crm_x/k", "done")]

    def test_what_is_done_can_not_be_done_snoozed_or_skipped(self, search: Search):
        one = step(about=Ref("i1"))
        search.finish(one)
        before = search._store.revision

        for done in (one, replace(one, slot="fact", done=TODAY)):
            agenda = search.agenda(done)
            for act in (
                lambda agenda=agenda: agenda.finish(agenda.entries[0], TODAY),
                lambda agenda=agenda: agenda.snooze(agenda.entries[0], day(3)),
                lambda agenda=agenda: agenda.skip(agenda.entries[0], "no"),
            ):
                with pytest.raises(InputError, match="done already"):
                    act()
        assert search._store.revision == before


class TestSnooze:
    def snooze(self, search: Search, one: Step, until: date) -> None:
        agenda = search.agenda(one)
        agenda.snooze(agenda.entries[0], until)

    def test_a_snoozed_step_comes_back_on_its_day(self, search: Search):
        one = step(due=day(1))
        self.snooze(search, one, day(3))

        entry = search.entry(one)
        assert (entry.state, entry.note) == ("snoozed", "snoozed until Thu 26 Nov")
        assert search.entry(one, now=at(23, 59, days=2)).state == "snoozed"
        assert search.entry(one, now=at(0, 0, days=3)).state == "overdue"

    @pytest.mark.parametrize("due", [TODAY, at(14), at(14, zone=NEW_YORK)])
    def test_a_snooze_ends_when_the_due_date_changes_and_not_when_the_start_does(self, search: Search, due: date):
        one = step(due=due)
        self.snooze(search, one, day(9))

        assert search.entry(one).state == "snoozed"
        assert search.entry(replace(one, starts=day(-1))).state == "snoozed"
        assert search.entry(replace(one, due=due + timedelta(days=1))).state in {"ahead", "due"}
        assert search.entry(replace(one, due=due - timedelta(days=1))).state == "overdue"

    @pytest.mark.parametrize("days", [0, -1])
    def test_a_day_that_is_not_ahead_is_refused(self, search: Search, days: int):
        with pytest.raises(InputError, match="not ahead"):
            self.snooze(search, step(), day(days))
        assert search.marks == []

    def test_a_snoozed_step_can_be_done_skipped_and_snoozed_again(self, search: Search):
        for kind, act in (
            ("a", lambda agenda, entry: agenda.finish(entry, TODAY)),
            ("b", lambda agenda, entry: agenda.skip(entry, "no")),
            ("c", lambda agenda, entry: agenda.snooze(entry, day(5))),
        ):
            one = step(kind)
            self.snooze(search, one, day(3))
            agenda = search.agenda(one)
            act(agenda, agenda.entries[0])
        assert search.marks == [("crm_x/a", "done"), ("crm_x/b", "skipped"), ("crm_x/c", "snoozed")]


class TestSkipAndReopen:
    def test_a_skipped_step_stays_skipped_whatever_changes(self, search: Search):
        one = step()
        agenda = search.agenda(one)
        agenda.skip(agenda.entries[0], "we spoke on the phone")

        for changed in (one, replace(one, starts=day(5), due=day(9)), replace(one, starts=day(-5))):
            entry = search.entry(changed, now=at(12, days=30))
            assert (entry.state, entry.note, entry.done) == ("skipped", "skipped: we spoke on the phone", None)

    @pytest.mark.parametrize("how", ["done", "snoozed", "skipped"])
    def test_reopening_takes_the_mark_back(self, search: Search, how: str):
        one = step()
        agenda = search.agenda(one)
        {
            "done": lambda entry: agenda.finish(entry, TODAY),
            "snoozed": lambda entry: agenda.snooze(entry, day(3)),
            "skipped": lambda entry: agenda.skip(entry, "no"),
        }[how](agenda.entries[0])
        assert search.entry(one).state == how

        agenda = search.agenda(one)
        agenda.reopen(agenda.entries[0])

        assert (search.entry(one).state, search.marks) == ("due", [])

    @pytest.mark.parametrize(("done", "said"), [(None, "open already"), (TODAY, "closed by what the book says")])
    def test_there_must_be_a_mark_to_take_back(self, search: Search, done: date | None, said: str):
        agenda = search.agenda(step(about=Ref("i1"), done=done))

        with pytest.raises(InputError, match=said):
            agenda.reopen(agenda.entries[0])

    def test_each_act_is_one_change_with_the_steps_title(self, search: Search):
        one = step("thank")
        for act in (
            lambda agenda: agenda.snooze(agenda.entries[0], day(3)),
            lambda agenda: agenda.reopen(agenda.entries[0]),
            lambda agenda: agenda.skip(agenda.entries[0], "no"),
            lambda agenda: agenda.finish(agenda.entries[0], TODAY),
        ):
            act(search.agenda(one))

        titles = [change.title for change in search._store.history()[1:]]
        assert titles == [f"{word}: Do thank" for word in ("snoozed", "reopened", "skipped", "done")]


class TestMergedPeople:
    def merge(self, search: Search) -> None:
        book = search.book()
        with book.change("merged"):
            one, other = book.contacts.get("c1"), book.contacts.get("c2")
            book.merge(one, other, one)

    def test_marks_follow_the_person(self, search: Search):
        search.finish(step("social", refs=("i1", "c2"), slot="x"))

        self.merge(search)

        assert search.entry(step("social", refs=("i1", "c1"), slot="x")).state == "done"
        assert search.entry(step("social", refs=("i1", "c3"), slot="x")).state == "due"

    def test_of_two_marks_that_meet_the_newer_holds_and_reopening_takes_both(self, search: Search):
        ours, theirs = (step("social", refs=("i1", ref)) for ref in ("c1", "c2"))
        search.finish(ours)
        agenda = search.agenda(theirs)
        agenda.skip(agenda.entries[0], "no")
        self.merge(search)
        assert search.entry(ours).state == "skipped"

        agenda = search.agenda(ours)
        agenda.reopen(agenda.entries[0])

        assert (search.entry(ours).state, search.marks) == ("due", [])

    def test_a_new_mark_takes_the_place_of_both(self, search: Search):
        ours, theirs = (step("social", refs=("i1", ref)) for ref in ("c1", "c2"))
        for one in (ours, theirs):
            agenda = search.agenda(one)
            agenda.snooze(agenda.entries[0], day(3))
        self.merge(search)

        search.finish(ours)

        assert search.marks == [("crm_x/social/i1/c1", "done")]
