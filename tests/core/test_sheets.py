"""Cells: no text is a formula to a spreadsheet, and every text comes back as it was."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm_core.sheets import guard_cell, unguard_cell

FORMULAS = (
    "=1+1",
    "+49 30 5550 1234",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "\r=1",
    "\uff1d1",
    '=HYPERLINK("http://x.example")',
)


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str):
    assert guard_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ana", "a=b", "1-2", "ana@acme.example", "'", "'tis", " - "[:1]])
def test_what_it_would_not_run_stays(text: str):
    assert guard_cell(text) == text


@given(st.text() | st.tuples(st.text("' =+-@\t", max_size=4), st.text(max_size=3)).map("".join))
@example("'=1")
@example("''@")
def test_every_text_comes_back(text: str):
    assert unguard_cell(guard_cell(text)) == text
    assert not guard_cell(text).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["'quoted'", "' ", "'tis", "Ana"])
def test_an_apostrophe_that_guards_nothing_stays(text: str):
    assert unguard_cell(text) == text
