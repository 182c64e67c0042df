"""Bars of text: as long as the numbers say, and nothing rounded away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.cli.screen.cells import width
from crm_core.cli.screen.plots import DRAWN, DRAWN_IN_ASCII, bars, in_words, lines, spoken
from crm_core.figures import Count, Figure, Spread, checked

numbers = st.integers(0, 2_000)
counts = st.builds(
    lambda value, more, target: Count(
        label="a", value=value, of=None if more is None else value + more, target=target
    ),
    numbers, st.none() | numbers, st.none() | numbers,
)  # fmt: skip
spreads = st.builds(Spread.over, st.just("b"), st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
rooms = st.integers(40, 200)


def drawn(*rows: Count | Spread, room: int = 80) -> list[str]:
    return [line.rsplit("  ", 1)[-1] for line in lines(Figure(title="T", rows=rows), room, DRAWN_IN_ASCII)]


def test_bars_of_counts_share_one_scale():
    rows = (Count(label="a", value=48), Count(label="b", value=12, of=24), Count(label="c", value=6, target=12))

    assert drawn(*rows) == ["#" * 48, "#" * 12 + "." * 12, "#" * 6 + "." * 6]


def test_a_little_that_is_missing_and_a_little_that_is_there_have_a_cell_each():
    assert drawn(Count(label="a", value=1_999, of=2_000), Count(label="b", value=1, of=2_000)) == [
        "#" * 47 + ".",
        "#" + "." * 47,
    ]


def test_a_bar_beyond_its_number_to_reach_is_as_long_as_it_is():
    assert drawn(Count(label="a", value=10, target=5), Count(label="b", value=0, target=10)) == ["#" * 48, "." * 48]


def test_a_spread_reaches_from_its_lowest_to_its_highest_amount():
    (line,) = lines(Figure(title="T", rows=(Spread(label="a", median=24, low=12, high=48, n=5),)), None, DRAWN_IN_ASCII)
    assert line == "  a  median 24, 12 to 48, n 5"
    (bar,) = drawn(Spread(label="a", median=24, low=12, high=48, n=5), room=90)
    assert bar == "." * 12 + "#" + "." * 23


def test_what_stands_alone_has_no_bar():
    assert bars([Count(label="a", value=3)]) == [None]
    assert drawn(Count(label="a", value=3, unit="week")) == ["3 weeks"]
    assert len(drawn(Count(label="a", value=3, of=4))[0]) == 48


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Count(label="a", value=1_234, of=2_468), "1,234 of 2,468, 50%"),
        (Count(label="a", value=3, of=9), "3 of 9"),
        (Count(label="a", value=3, target=20), "3 of 20"),
        (Count(label="a", value=0, of=0), "0"),
        (Count(label="a", value=1, unit="week"), "1 week"),
        (Count(label="a", value=1, of=3, unit="week"), "1 of 3 weeks"),
        (Spread.over("a", [1], unit="day"), "1 day, n 1"),
        (Spread.over("a", [1, 2], unit="day"), "median 1.5 days, 1 to 2, n 2"),
        (Spread.over("a", [0, 2_000]), "median 1,000, 0 to 2,000, n 2"),
    ],
)
def test_the_numbers_in_words(row: Count | Spread, words: str):
    assert in_words(row) == words


def test_spoken_each_is_a_sentence_of_its_own():
    rows = (Count(label="W44", value=0, target=5, note="paused"), Count(label="W45", value=2, target=5))
    assert list(spoken(Figure(title="T", rows=rows))) == ["W44: 0 of 5, paused", "W45: 2 of 5"]


@given(st.lists(counts, min_size=1, max_size=6), rooms)
def test_what_is_there_and_what_is_missing_is_seen(rows: list[Count], room: int):
    shown = list(lines(checked(Figure(title="T", rows=tuple(rows))), room, DRAWN))
    barred = any(set(DRAWN) & set(line) for line in shown)

    assert max(map(width, shown)) <= room
    for row, line in zip(rows, shown, strict=True):
        whole = max(row.value, row.of or 0, row.target or 0)
        if barred:
            assert (DRAWN[0] in line) == (row.value > 0)
            assert (DRAWN[1] in line) == (row.value < whole)


@given(st.lists(spreads, min_size=1, max_size=4), rooms)
def test_a_spread_has_one_mark_and_stays_in_its_line(rows: list[Spread], room: int):
    shown = list(lines(checked(Figure(title="T", rows=tuple(rows))), room, DRAWN))

    assert max(map(width, shown)) <= room
    assert {line.count(DRAWN[0]) for line in shown} in ({0}, {1})


def test_no_label_is_cut_for_a_longer_bar():
    rows = (Count(label="applications answered", value=1, of=1), Count(label="interviews with news", value=0, of=1))
    first, second = lines(checked(Figure(title="T", rows=rows)), 60, DRAWN)
    assert first == "  applications answered  1 of 1  " + "█" * 27
    assert second == "  interviews with news   0 of 1  " + "░" * 27
