"""What holds for any steps and marks: the order of yielding, the present and a second look change nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.dates import moment_of
from crm_core.records import Mark, Ref
from crm_core.steps import OPEN_STATES, Agenda, Step, step_key
from tests.core.making import BERLIN, NOW, book_in
from tests.core.steps.search import EVER, NEVER, Search, Source
from tests.core.store.memory import MemoryStore, Shelf

ZONES = [BERLIN, ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Chatham")]
days = st.dates(date(2026, 10, 1), date(2027, 1, 31))
moments = st.datetimes(datetime(2026, 10, 1), datetime(2027, 1, 31), timezones=st.sampled_from(ZONES))  # noqa: DTZ001
deadlines = days | moments
nows = st.datetimes(datetime(2026, 10, 1), datetime(2027, 1, 31), timezones=st.sampled_from(ZONES))  # noqa: DTZ001


@st.composite
def steps(draw: Any) -> list[Step]:
    """Steps with keys of their own."""
    keys = draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), unique=True, max_size=12))
    return [
        Step(
            kind=kind,
            slot=str(slot),
            title=f"Do {kind}{slot}",
            why="",
            starts=draw(deadlines),
            due=draw(deadlines),
            late=draw(st.none() | deadlines),
            expires=draw(st.none() | deadlines),
            about=draw(st.sampled_from([None, Ref("a1"), Ref("i1"), Ref("c1"), Ref("zz9")])),
            waiting_for=draw(st.sampled_from(["", "news"])),
            outlives=draw(st.booleans()),
            done=draw(st.none() | deadlines),
        )
        for kind, slot in keys
    ]


@st.composite
def marks(draw: Any) -> list[Mark]:
    """Marks of some of them."""
    keys = draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=6))
    return [
        Mark(
            step=step_key("crm_x", Step(kind=kind, slot=str(slot), title="", why="", starts=NOW, due=NOW)),
            state=draw(st.sampled_from(["done", "snoozed", "skipped"])),
            marked=moment_of(draw(nows)),
            starts=draw(st.none() | days | moments.map(moment_of)),
            due=draw(st.none() | days | moments.map(moment_of)),
            until=draw(st.none() | days),
        )
        for kind, slot in keys
    ]


def book_with(marked: list[Mark], now: datetime, *stages: str):
    search = Search()
    if stages:
        search.move(*stages)
    book = search.book(now)
    with book.change("marked"):
        for mark in marked:
            book.marks.add(mark)
    return book


@given(steps(), marks(), nows, st.sampled_from([(), ("rejected",)]), st.data())
@settings(max_examples=80, deadline=None)
def test_the_order_in_which_steps_are_yielded_makes_no_difference(given_steps, marked, now, stages, data):
    book = book_with(marked, now, *stages)
    other_order = data.draw(st.permutations(given_steps))

    first = Agenda(book, Source(*given_steps), EVER, NEVER).entries
    second = Agenda(book, Source(*other_order), EVER, NEVER).entries
    again = Agenda(book, Source(*given_steps), EVER, NEVER).entries

    assert first == second == again


@given(steps(), marks(), nows, nows)
@settings(max_examples=80, deadline=None)
def test_the_present_decides_what_is_shown_and_in_what_state_but_no_date(given_steps, marked, now, later):
    by_key = {step_key("crm_x", one): one for one in given_steps}

    for present in (now, later):
        for entry in Agenda(book_with(marked, present), Source(*given_steps), EVER, NEVER).entries:
            one = by_key[entry.key]
            assert (entry.starts, entry.due, entry.late) == (one.starts, one.due, one.late or one.due)
            assert entry.expires == one.expires


@given(steps(), marks(), nows, nows, nows)
@settings(max_examples=80, deadline=None)
def test_looking_from_since_to_until_shows_a_part_of_everything(given_steps, marked, now, since, until):
    book = book_with(marked, now)

    everything = {entry.key: entry for entry in Agenda(book, Source(*given_steps), EVER, NEVER).entries}
    part = {entry.key: entry for entry in Agenda(book, Source(*given_steps), since, until).entries}

    for key, entry in part.items():
        assert entry == replace(everything[key], handle=entry.handle)
        assert everything[key].handle.startswith(entry.handle)
    for key in everything.keys() - part.keys():
        gone = everything[key]
        begins = (
            gone.starts if isinstance(gone.starts, datetime) else datetime.combine(gone.starts, datetime.min.time())
        )
        if gone.done is None:
            assert begins.replace(tzinfo=begins.tzinfo or book.zone) > until
        else:
            assert gone.state == "done"


@given(steps(), nows, st.integers(0, 72))
@settings(max_examples=80, deadline=None)
def test_an_open_step_never_becomes_less_late(given_steps, now, hours):
    later = (now.astimezone(UTC) + timedelta(hours=hours)).astimezone(now.tzinfo)
    rank = {"ahead": 0, "due": 1, "overdue": 2}

    def states(present: datetime) -> dict[str, str]:
        entries = Agenda(book_with([], present), Source(*given_steps), EVER, NEVER).entries
        return {entry.key: entry.state for entry in entries if entry.state in rank}

    after = states(later)
    for key, state in states(now).items():
        assert rank[after.get(key, "overdue")] >= rank[state]


@given(steps(), nows)
@settings(max_examples=60, deadline=None)
def test_every_open_step_can_be_closed_and_reopened(given_steps, now):
    book = book_in(MemoryStore(Shelf()), now=now.astimezone(BERLIN))
    source = Source(*(replace(one, about=None, done=None) for one in given_steps))

    def entries():
        return {entry.key: entry for entry in Agenda(book, source, EVER, NEVER).entries}

    before = entries()
    for key, entry in before.items():
        assert entry.state in OPEN_STATES
        agenda = Agenda(book, source, EVER, NEVER)
        agenda.finish(entry, moment_of(book.now))
        assert entries()[key].state == "done"
        agenda.reopen(entries()[key])
    assert entries() == before


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_zones_of_these_tests_are_far_apart(zone: ZoneInfo):
    offsets = {NOW.astimezone(other).utcoffset() for other in ZONES}

    assert NOW.astimezone(zone).utcoffset() in offsets
    assert len(offsets) == len(ZONES)
