"""Figures: when a rate is told, what a spread is, and which values are refused."""

from __future__ import annotations

import statistics
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.figures import FEW, Count, Figure, Spread, checked
from crm_core.records import Ref

amounts = st.lists(st.floats(0, 1e9) | st.integers(0, 10_000), min_size=1, max_size=20)


def figure(*rows: object) -> Figure:
    return Figure(title="Walks", rows=rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "rate"),
    [
        (Count(label="a", value=3), None),
        (Count(label="a", value=3, target=20), None),
        (Count(label="a", value=0, of=0), None),
        (Count(label="a", value=3, of=FEW - 1), None),
        (Count(label="a", value=3, of=FEW), 0.3),
        (Count(label="a", value=24, of=24), 1.0),
    ],
)
def test_a_rate_is_told_out_of_enough_only(count, rate):
    assert count.rate == rate


@given(amounts)
def test_a_spread_is_the_middle_and_both_ends(days):
    spread = Spread.over("walks", days, unit="day")

    assert spread.median == statistics.median(days)
    assert (spread.low, spread.high, spread.n) == (min(days), max(days), len(days))
    assert checked(figure(spread)).rows == (spread,)


def test_of_nothing_there_is_no_spread():
    with pytest.raises(ValueError, match="walks: no amounts"):
        Spread.over("walks", [])


@pytest.mark.parametrize(
    "row",
    [
        Count(label="a", value=-1),
        Count(label="a", value=True),
        Count(label="a", value=1.5),  # type: ignore[arg-type]
        Count(label="a", value=2**60),
        Count(label="a", value=9, of=3),
        Count(label="a", value=1, target=-1),
        Count(label=7, value=1),  # type: ignore[arg-type]
        Count(label=b"a", value=1),  # type: ignore[arg-type]
        Count(label=date(2026, 11, 23), value=1),  # type: ignore[arg-type]
        Count(label="a", value=1, note=None),  # type: ignore[arg-type]
        Count(label=object(), value=1),  # type: ignore[arg-type]
        Spread(label="a", median=float("nan"), low=1, high=2, n=1),
        Spread(label="a", median=1, low=1, high=float("inf"), n=1),
        Spread(label="a", median=5, low=1, high=2, n=1),
        Spread(label="a", median=-1, low=-1, high=2, n=1),
        Spread(label="a", median=1, low=1, high=1, n=0),
        "a row",
        None,
    ],
)
def test_what_could_not_be_drawn_is_refused(row):
    with pytest.raises((msgspec.ValidationError, TypeError)):
        checked(figure(row))


@pytest.mark.parametrize("field", [{"title": None}, {"rows": None}, {"rows": 3}, {"about": 3}, {"place": "first"}])
def test_so_is_a_figure_of_other_things(field):
    with pytest.raises(msgspec.ValidationError):
        checked(Figure(**{"title": "Walks", "rows": (), **field}))


def test_a_label_may_be_an_id():
    (row,) = checked(figure(Count(label=Ref("c1"), value=1))).rows

    assert (row.label, type(row.label)) == ("c1", str)
