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
DAYS = st.integers(0, 400).map(lambda n: date(2025, 11, 1) + timedelta(days=n))
NAMES = st.sampled_from(["Mara", "Tom", "Ana"])
TALK = st.tuples(st.just("talk"), NAMES, DAYS, st.sampled_from(["in", "out", ""]))
MET = st.tuples(st.just("met"), NAMES, DAYS, st.sampled_from(["09:00", "14:00"]))
SIGN = st.tuples(st.just("sign"), st.just(""), DAYS, st.just("Mara told me"))
# Two interviews at one time would leave it open whose lead is the last.
FACTS = st.lists(TALK | MET | SIGN, max_size=8, unique_by=lambda fact: (fact[0], fact[2]))
HISTORY = st.lists(st.tuples(st.sampled_from(["applied", "rejected", "accepted", "interviewing"]), DAYS), max_size=4)


def told(history, facts, now="2026-11-23T12:00"):
    """The steps of an application with those facts, and of another that may have to be told."""
    with tempfile.TemporaryDirectory() as home:
        search = Search(Path(home), now=now)
        people = {name: search.person(name, works_there=True) for name in ("Mara", "Tom", "Ana")}
        moves = ", ".join(f"{stage} {on}" for stage, on in sorted(history, key=lambda move: move[1]))
        application = search.applied(moves)
        search.applied("applied 2025-11-01", company="Acme")
        for kind, name, on, more in facts:
            if kind == "talk":
                search.exchange(people[name], more, str(on))
            elif kind == "met":
                search.interview(application, people[name], at=f"{on}T{more}")
            else:
                search.reopened(application, str(on), more)
        return search.steps()


def plain(steps):
    return sorted((s.kind, s.title, s.slot[:2], str(s.starts), str(s.due), str(s.done)) for s in steps)


@FEW
@given(HISTORY, FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_were_told_changes_nothing(history, facts, random):
    assert plain(told(history, facts)) == plain(told(history, random.sample(facts, len(facts))))


@FEW
@given(HISTORY, FACTS)
def test_every_step_has_a_key_of_its_own(history, facts):
    keys = [step_key("crm_bridges", step) for step in told(history, facts)]
    assert len(set(keys)) == len(keys)


@FEW
@given(HISTORY, FACTS, st.integers(1, 300))
def test_the_dates_of_a_step_do_not_depend_on_the_present(history, facts, later):
    then = told(history, facts, f"{date(2026, 11, 23) + timedelta(days=later)}T12:00")
    dates = {step_key("x", step): (step.starts, step.due, step.done) for step in told(history, facts)}
    found = [(step_key("x", step), (step.starts, step.due, step.done)) for step in then]
    assert all(dates[key] == values for key, values in found if key in dates)
