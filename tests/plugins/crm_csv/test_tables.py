"""Bytes into rows: delimiters, charsets, quotation marks, and what is wrong with a row."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core import Problem
from crm_csv import tables
from crm_csv.tables import MORE_CELLS, TOO_LONG, UNCLOSED, Row, any_table, table_of, unique_titles


def is_heading(cells: list[str]) -> bool:
    return cells[:2] == ["a", "b"]


def rows(data: str | bytes) -> list[tuple[int, list[str] | str]]:
    """The rows below the heading `a`, `b`, each with its line, or the reason why there is none."""
    table = table_of(io.BytesIO(data.encode() if isinstance(data, str) else data), is_heading)
    assert table is not None
    return [(row.line, row.reason if isinstance(row, Problem) else row.cells) for row in table.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_any_line_end_will_do(delimiter, end):
    text = end.join(delimiter.join(cells) for cells in (["a", "b"], ["1", "2"], ["3", "4"]))

    assert rows(text) == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_the_heading_is_looked_for_below_remarks_and_not_for_ever():
    remarks = 'Notes:\n"Some, many; words, in quotes"\n\n'

    assert rows(f"{remarks}a,b\n1,2\n") == [(5, ["1", "2"])]
    assert table_of(io.BytesIO(b"\n" * 25 + b"a,b\n"), is_heading) is None
    assert table_of(io.BytesIO(b""), is_heading) is None


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_charset_is_found_out(charset):
    text = "a,b\nJürgen,Weiß\n" + "x,y\n" * 9

    assert rows(text.encode(charset))[0] == (2, ["Jürgen", "Weiß"])


def test_a_mark_before_a_quoted_title_is_no_part_of_it():
    assert rows('\ufeff"a","b"\n1,2\n') == [(2, ["1", "2"])]


def test_a_line_that_is_not_utf_8_does_not_spoil_the_others():
    assert rows("a,b\nZoë,1\n".encode() + b"J\xfcrgen,2\n" + "Łucja,3\n".encode()) == [
        (2, ["Zoë", "1"]),
        (3, ["Jürgen", "2"]),
        (4, ["Łucja", "3"]),
    ]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"x, y","he said ""so"""', ["x, y", 'he said "so"']),
        ('1, "x, y"', ["1", "x, y"]),
        ('"Jürgen "Jogi"",2', ['Jürgen Jogi""', "2"]),
        ('5" nail,2', ['5" nail', "2"]),
        ('"",""', None),
        ('"""",x', ['"', "x"]),
        (" , ", None),
        ("1", ["1", ""]),
        ("1,2,,", ["1", "2"]),
    ],
)
def test_cells_are_cut_where_they_end(line, cells):
    assert rows(f"a,b\n{line}\n") == ([(2, cells)] if cells else [])


def test_a_quoted_cell_may_have_line_ends_and_the_row_has_the_line_that_it_begins_in():
    assert rows('a,b\r\n1,"x\r\n\r\ny"\r\n2,z\r\n') == [(2, ["1", "x\n\ny"]), (5, ["2", "z"])]


@pytest.mark.parametrize(
    "after",
    ["3,4\n5,6\n", '"3",4\n5,6\n', '3,"4"\n5,6\n', '3,4\n"5","6"\n', '3,4\n5,"6 "" 7"\n', "3,4\n5,6"],
)
def test_a_quotation_mark_that_is_never_closed_costs_its_own_line(after):
    found = rows('a,b\n"never closed,2\n' + after)

    assert found[0] == (2, UNCLOSED)
    assert [line for line, _ in found[1:]] == [3, 4]


def test_every_line_may_have_an_unclosed_mark():
    assert rows('a,b\n1,"x\n2,"y\n3,"z\n4,5\n') == [(2, UNCLOSED), (3, UNCLOSED), (4, UNCLOSED), (5, ["4", "5"])]


def test_a_row_with_more_cells_than_columns_is_refused():
    assert rows("a,b\nAcme, Inc.,CTO\n1,2\n") == [(2, MORE_CELLS), (3, ["1", "2"])]


def test_nul_is_left_out_and_said_so():
    table = table_of(io.BytesIO(b'a,b\nMi\0ra,"K\0"\n'), is_heading)

    assert table is not None
    assert list(table.rows) == [Row(2, ["Mira", "K"], ("NUL characters were left out",))]


def test_what_is_too_long_is_refused_alone(monkeypatch):
    limit = csv.field_size_limit()
    long = "x" * (limit + 1)

    assert rows(f'a,b\n1,"{long}"\n2,3\n') == [(2, TOO_LONG), (3, ["2", "3"])]
    assert rows(f"a,b\n1,{'y' * tables.MOST_CHARACTERS}\n2,3\n") == [(2, TOO_LONG), (3, ["2", "3"])]
    monkeypatch.setattr("crm_core.texts.MAX_LINE", 100_000)
    assert rows(f"a,b\n1,{'y' * 200_000}\n2,3\n") == [(2, TOO_LONG), (3, ["2", "3"])]
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize(
    "line", ['"""', '1,"x', '"x', '","', ',"', '" "', '"' * 99, '," ' * 99, "," * 99, 'x"y"z,"'], ids=repr
)
def test_no_line_makes_reading_slow(line):
    """Each line is looked at once, and once more where a mark before it was not closed."""

    def seconds(count: int) -> float:
        data = b"a,b\n" + f"{line}\n".encode() * count
        start = time.process_time()
        table = table_of(io.BytesIO(data), is_heading)
        assert table is not None
        for _ in table.rows:
            pass
        return time.process_time() - start

    few = min(seconds(200) for _ in range(3))
    assert seconds(2_000) < 10 * few * 4 + 0.1


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=2, max_size=2), max_size=5))
def test_what_csv_wrote_is_read_as_it_was(wanted):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *wanted])

    found = [cells for _, cells in rows(buffer.getvalue())]
    assert found == [cells for cells in wanted if any(cell.strip() for cell in cells)]


@pytest.mark.parametrize(
    ("data", "day_first"),
    [
        ("a,b\nx,2/8/2026\n", False),
        ("a;b\nx;2/8/2026\n", True),
        ("a,b\nx,2/8/2026\ny,31/12/2026\n", True),
        ("a;b\nx;2/8/2026\ny;12/31/26\n", False),
        ("a,b\nhttps://x.example/31/12/2026/,2026-02-08\n", False),
        ("a,b\n" + "x,2/8/2026\n" * 300 + "x,31/12/2026\n", False),
    ],
)
def test_the_order_of_day_and_month_is_told_by_another_day_or_by_semicolons(data, day_first):
    table = table_of(io.BytesIO(data.encode()), is_heading)

    assert table is not None
    assert table.day_first is day_first
    assert len(list(table.rows)) == data.count("\n") - 1


def titles_of(data: str) -> list[str]:
    table = any_table(io.BytesIO(data.encode()), lambda cells: "@" not in "".join(cells))
    return table.titles if table else []


def test_any_table_begins_where_lines_are_as_wide_as_the_next():
    assert titles_of("My list; as of today\n\nName;Mail;Town\nAna;a@x.example;Porto\nTom;t@x.example;Leeds\n") == [
        "Name",
        "Mail",
        "Town",
    ]
    assert titles_of("a@x.example,Ana\nb@x.example,Ben\n") == ["column 1", "column 2"]
    assert titles_of("") == []


def test_titles_can_be_told_apart():
    assert unique_titles(["Mail", "", "Mail", " two\nlines ", "Mail", "Mail (2)"]) == [
        "Mail",
        "column 2",
        "Mail (2)",
        "two lines",
        "Mail (3)",
        "Mail (2) (2)",
    ]
