"""When a step is waiting, ahead, due or overdue, and when it is not called for."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from crm_core.codec import to_json
from crm_core.errors import CrmError
from crm_core.records import (
    STAGES,
    Ref,
)
from crm_core.steps import Agenda
from tests.core.making import BERLIN
from tests.core.steps.search import EVER, NEVER, NEW_YORK, TODAY, TOKYO, Search, Source, at, day, step


class TestStates:
    @pytest.mark.parametrize(
        ("now", "state"),
        [
            (at(0, 0), "due"),
            (at(23, 59), "due"),
            (at(0, 0, days=1), "overdue"),
            (at(9, 0, days=1), "overdue"),
            (at(23, 59, days=-1), "ahead"),
            (at(0, 0, days=-5), "ahead"),
        ],
    )
    def test_a_day_is_due_all_day_and_late_when_it_has_ended_in_the_users_zone(
        self, search: Search, now: datetime, state: str
    ):
        assert search.entry(step(starts=day(-9)), now=now).state == state

    @pytest.mark.parametrize(
        ("zone", "now", "state"),
        [
            (NEW_YORK, at(23, 30, zone=NEW_YORK), "due"),
            (NEW_YORK, at(0, 30, days=1, zone=NEW_YORK), "overdue"),
            (TOKYO, at(23, 30, zone=TOKYO), "due"),
            (TOKYO, at(0, 30, days=1, zone=TOKYO), "overdue"),
        ],
    )
    def test_the_users_zone_says_when_a_day_ends(self, search: Search, zone: ZoneInfo, now: datetime, state: str):
        assert search.entry(step(starts=day(-9)), now=now).state == state

    @pytest.mark.parametrize(
        ("now", "state"),
        [
            (at(10, 0), "due"),
            (at(14, 0), "due"),
            (at(14, 1), "overdue"),
            (at(23, 0, days=-1), "ahead"),
        ],
    )
    def test_a_moment_is_late_when_it_has_passed(self, search: Search, now: datetime, state: str):
        assert search.entry(step(starts=day(-9), due=at(14)), now=now).state == state

    @pytest.mark.parametrize(
        ("due", "now", "state"),
        [
            (at(20, zone=NEW_YORK), at(23, 0), "ahead"),  # two in the morning in Berlin
            (at(20, zone=NEW_YORK), at(1, 0, days=1), "due"),
            (at(20, zone=NEW_YORK), at(2, 1, days=1), "overdue"),
            (at(5, zone=TOKYO), at(9, 0, days=-1), "due"),  # nine in the evening of the day before in Berlin
            (at(5, zone=TOKYO), at(20, 59, days=-1), "due"),
            (at(5, zone=TOKYO), at(21, 1, days=-1), "overdue"),
        ],
    )
    def test_a_moment_in_another_zone_is_due_on_the_users_day(
        self, search: Search, due: datetime, now: datetime, state: str
    ):
        assert search.entry(step(starts=day(-9), due=due), now=now).state == state

    def test_between_due_and_late_a_step_is_due(self, search: Search):
        one = step(starts=day(-9), due=at(14), late=at(14, days=1))

        states = [search.entry(one, now=now).state for now in (at(13), at(15), at(14, days=1), at(14, 1, days=1))]
        assert states == ["due", "due", "due", "overdue"]
        assert (search.entry(one).due, search.entry(one).late) == (at(14), at(14, days=1))
        assert search.entry(step(due=at(14))).late == at(14)

    def test_across_a_clock_change_a_day_ends_at_midnight(self, search: Search):
        sunday = date(2026, 10, 25)
        one = step(starts=sunday, due=sunday)

        assert search.entry(one, now=datetime(2026, 10, 25, 23, 59, tzinfo=BERLIN)).state == "due"
        assert search.entry(one, now=datetime(2026, 10, 26, 0, 1, tzinfo=BERLIN)).state == "overdue"

    def test_who_waits_for_others_waits_until_its_start_and_is_an_ordinary_step_then(self, search: Search):
        one = step(starts=at(9, days=2), due=day(2), waiting_for="news by Wednesday")

        times = (at(12), at(8, 59, days=2), at(9, 0, days=2), at(0, 1, days=3))
        assert [search.entry(one, now=now).state for now in times] == ["waiting", "waiting", "due", "overdue"]
        assert search.entry(replace(one, waiting_for="")).state == "ahead"

    def test_others_are_waited_for_however_far_ahead_but_steps_only_until_the_horizon(self, search: Search):
        near, far = (step(kind, starts=at(12, days=days), due=day(30)) for kind, days in (("near", 7), ("far", 8)))
        waiting = step("waiting", starts=day(90), due=day(90), waiting_for="news")

        agenda = search.agenda(near, far, waiting, until=at(12, days=7))

        assert [entry.title for entry in agenda.entries] == ["Do near", "Do waiting"]

    def test_entries_come_by_due_then_start_then_key(self, search: Search):
        steps = [
            step("d", due=at(23, 59)), step("c", due=TODAY), step("b", due=TODAY, starts=day(-1)), step("a", due=TODAY),
            step("z", due=day(-4)), step("e", due=at(18, zone=NEW_YORK)), step("y", due=at(18)),
        ]  # fmt: skip

        assert [entry.title[-1] for entry in search.agenda(*steps).entries] == ["z", "y", "d", "b", "a", "c", "e"]


class TestFinished:
    def test_a_step_that_facts_say_is_finished_stays_visible_from_since_on(self, search: Search):
        for done in (day(-3), at(23, 59, days=-3), at(0, 0, days=-3)):
            one = step(done=done)
            entry = search.entry(one, since=at(0, 0, days=-3))
            assert (entry.state, entry.done) == ("done", done)
        assert search.agenda(step(done=at(23, 59, days=-4)), since=at(0, 0, days=-3)).entries == []
        assert search.agenda(step(done=day(-5)), since=at(0, 0, days=-3)).entries == []

    def test_it_is_visible_even_when_the_application_ended_or_the_step_expired(self, search: Search):
        search.move("rejected")

        entry = search.entry(step(about=Ref("i1"), done=day(-2), expires=day(-1)))

        assert entry.state == "done"

    def test_a_fact_outranks_any_mark(self, search: Search):
        one = step()
        agenda = search.agenda(one)
        agenda.skip(agenda.entries[0], "no")

        entry = search.entry(replace(one, done=day(-1)))

        assert (entry.state, entry.done, entry.note) == ("done", day(-1), "")


class TestClosing:
    @pytest.mark.parametrize("stage", STAGES)
    @pytest.mark.parametrize("about", ["a1", "i1", "n1", "p1", "l1"])
    def test_steps_end_with_their_application_unless_they_outlive_it(self, search: Search, stage: str, about: str):
        search.move("applied", stage)

        shown = search.agenda(step("plain", about=Ref(about)), step("outlives", about=Ref(about), outlives=True))

        titles = [entry.title for entry in shown.entries]
        alive = stage in {"wishlist", "applied", "interviewing", "offer"}
        assert titles == (["Do outlives", "Do plain"] if alive else ["Do outlives"])

    @pytest.mark.parametrize("about", [None, "c1", "co1", "i99", "nonsense"])
    def test_steps_about_no_application_go_on(self, search: Search, about: str | None):
        search.move("rejected")

        assert len(search.agenda(step(about=about and Ref(about))).entries) == 1

    def test_an_application_that_is_alive_again_has_its_steps_again(self, search: Search):
        search.move("applied", "rejected")
        assert search.agenda(step(about=Ref("a1"))).entries == []

        search.move("applied", "rejected", "interviewing")

        assert search.entry(step(about=Ref("a1"))).state == "due"

    @pytest.mark.parametrize(
        ("expires", "last", "gone"),
        [
            (TODAY, at(23, 59), at(0, 0, days=1)),
            (at(14), at(14), at(14, 1)),
            (at(20, zone=NEW_YORK), at(2, 0, days=1), at(2, 1, days=1)),
        ],
    )
    def test_after_it_expired_a_step_is_not_asked_for_any_more(
        self, search: Search, expires: date, last: datetime, gone: datetime
    ):
        one = step(starts=day(-9), due=day(-9), expires=expires)

        assert search.entry(one, now=last).expires == expires
        assert search.agenda(one, now=gone).entries == []
        assert search.agenda(replace(one, outlives=True), now=gone).entries == []


def test_an_entry_has_what_the_step_says(search: Search):
    one = step(
        "thank", title="Thank Ana", why="You spoke", about=Ref("i1"), person=Ref("c1"), command="crm thank i1",
        starts=at(15), due=at(15, days=1), late=at(15, days=2), expires=day(14), waiting_for="",
    )  # fmt: skip
    entry = search.entry(one)

    for name in ("title", "why", "about", "person", "command", "starts", "due", "late", "expires", "waiting_for"):
        assert getattr(entry, name) == getattr(one, name)
    assert (entry.plugin, entry.state, entry.done, entry.note) == ("crm_x", "ahead", None, "")


def test_in_json_a_step_has_the_names_of_the_contract(search: Search):
    document = json.loads(to_json(search.entry(step(about=Ref("i1"), person=Ref("c1"), starts=at(15), due=day(1)))))

    assert set(document) == {
        "handle", "key", "plugin", "title", "why", "from", "due", "late", "expires", "for", "about", "command",
        "waiting_for", "state", "done", "note",
    }  # fmt: skip
    assert (document["for"], document["from"], document["due"]) == ("c1", "2026-11-23T15:00:00+01:00", "2026-11-24")


def test_a_failing_source_is_not_hidden(search: Search):
    class Broken(Source):
        def steps(self, *_):
            raise CrmError("no")

    with pytest.raises(CrmError):
        Agenda(search.book(), Broken(), EVER, NEVER)
