"""Whatever is in the book: facts make the steps, not the order in which they were told, nor the day of asking."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.steps import step_key

from .conftest import Search

FEW = settings(max_examples=30, deadline=None)
DAYS = st.integers(0, 40).map(lambda n: date(2026, 10, 20) + timedelta(days=n))
STAGE = st.sampled_from(["wishlist", "applied", "interviewing", "offer", "rejected"])
TALK = st.tuples(st.just("talk"), st.sampled_from(["in", "out", ""]), DAYS, st.sampled_from("abcdefgh"))
MET = st.tuples(st.just("met"), st.none() | DAYS, DAYS, st.booleans())
FACTS = st.lists(TALK | MET, max_size=7, unique_by=lambda fact: (fact[0], fact[2], fact[3]))
MOVES = st.lists(st.tuples(STAGE, DAYS), max_size=3)


def told(history, facts, now="2026-11-23T12:00"):
    """The steps of one application with those facts."""
    with tempfile.TemporaryDirectory() as home:
        search = Search(Path(home), now=now)
        mara = search.person(works_there=True)
        moves = ", ".join(f"{stage} {on}" for stage, on in sorted(history, key=lambda move: move[1]))
        application = search.applied(moves, closes=date(2026, 11, 30), respond_by=date(2026, 11, 29))
        for kind, first, on, more in facts:
            if kind == "talk":
                search.exchange(mara, first, str(on), more)
            else:
                clock = "09:00" if more else "16:00"
                search.interview(application, mara, at=f"{on}T{clock}", hear_by=first)
        return search.steps()


def plain(steps):
    return sorted((step.kind, step.title, str(step.starts), str(step.due), str(step.done)) for step in steps)


@FEW
@given(MOVES, FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_were_told_changes_nothing(history, facts, random):
    shuffled = random.sample(facts, len(facts))
    assert plain(told(history, facts)) == plain(told(history, shuffled))


@FEW
@given(MOVES, FACTS)
def test_every_step_has_a_key_of_its_own(history, facts):
    keys = [step_key("crm_hearback", step) for step in told(history, facts)]
    assert len(set(keys)) == len(keys)


@FEW
@given(MOVES, FACTS, st.integers(1, 30))
def test_the_dates_of_a_step_do_not_depend_on_the_present(history, facts, later):
    now = told(history, facts)
    then = told(history, facts, f"{date(2026, 11, 23) + timedelta(days=later)}T12:00")
    dates = {step_key("x", step): (step.starts, step.due) for step in now}
    assert all(dates[key] == (s.starts, s.due) for s in then if (key := step_key("x", s)) in dates)
