"""A report of texts that somebody meant harm with: no line too long, no formula, nothing that a browser would run."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core import (
    Application,
    Book,
    Company,
    Contact,
    Export,
    Interview,
    Letter,
    Moment,
    Move,
    Position,
    Record,
    Ref,
    Seat,
    codec,
    one_line,
    unguard_cell,
)
from crm_core.cli.screen.cells import clean, width
from crm_core.store.base import Snapshot
from crm_core.store.still import StillStore
from crm_report.exporter import exporter
from tests.core.making import book_in

NASTY = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><script>", "{{ 7*7 }}", "{% for %}",
    "&amp;", "=1+1", "@SUM(A1)", "+49 30 5550", "-1", "'=1", "\x1b[31mred", "a\nb", "\u202eevil", "javascript:alert(1)",
    "https://x.example/'><script>", "界" * 50, "x" * 200, "\U0001f469\u200d\U0001f680" * 45, "e\u0301" * 90, "",
)  # fmt: skip
nasty = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=40))
DAY = date(2026, 11, 2)
AT = Moment(datetime(2026, 11, 20, 10), "Europe/Berlin")  # noqa: DTZ001 (its zone stands beside it)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A book with an application and all that a report says of one, in such words."""

    def text() -> str:
        return draw(nasty)

    where, who = Ref[Any]("co1"), Ref[Any]("c1")
    records: dict[str, Record] = {
        "companies": Company(name=text()),
        "contacts": Contact(name=text(), positions=(Position(organisation="", title=text()),)),
        "applications": Application(
            company=where,
            role=text(),
            source=text(),
            url=text(),
            cv=text(),
            moves=(Move(id="m1", stage="applied", on=DAY),),
        ),
        "interviews": Interview(
            application=Ref("a1"), at=AT, kind=text(), panel=(Seat(contact=who), Seat(contact=who, role=text()))
        ),
        "letters": Letter(contact=who, application=Ref("a1"), kind=text(), sent=DAY),
    }
    tables = {name: {"1": msgspec.Raw(codec.document(record, None))} for name, record in records.items()}
    return book_in(StillStore(Snapshot(tables=tables)))


def report(book: Book, form: str) -> str:
    write = exporter().write
    assert write is not None
    return b"".join(write(Export(book=book, contacts=[], agenda=list, options={"form": form}))).decode()


class Page(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: set[tuple[str, str | None]] = set()
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes |= {(name, value) for name, value in attrs if tag != "meta"}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@settings(max_examples=60, deadline=None)
@given(books())
def test_no_line_of_the_text_is_wider_than_eighty_cells(book: Book):
    for line in report(book, "text").removesuffix("\n").split("\n"):
        assert clean(line) == line
        assert width(line) <= 80, line


@settings(max_examples=60, deadline=None)
@given(books())
def test_no_cell_of_the_table_is_a_formula(book: Book):
    rows = list(csv.reader(io.StringIO(report(book, "csv").removeprefix("\ufeff"), newline="")))

    assert {len(row) for row in rows} == {17}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    (row,) = rows[1:]
    assert [unguard_cell(cell) for cell in row[:2]] == [
        one_line(book.companies.get("co1").name),
        one_line(book.applications.get("a1").role),
    ]


@settings(max_examples=60, deadline=None)
@given(books())
def test_the_page_holds_nothing_that_runs_or_is_loaded(book: Book):
    page = Page(report(book, "html"))

    assert set(page.elements) <= {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "section", "article", "span",
        "table", "tr", "th", "td",
    }  # fmt: skip
    assert {name for name, _ in page.attributes} <= {"lang", "class", "scope"}
    shown = "".join(page.text)
    assert one_line(book.applications.get("a1").role) in shown


@pytest.mark.parametrize("form", ["text", "csv", "html"])
def test_templates_in_names_are_texts(crm, form):
    crm.ok("application", "add", "{{ 7*7 }}", "{% include 'x' %}")

    assert "49" not in crm.ok(f"export report --as {form}").out
    assert "include" in crm.ok(f"export report --as {form}").out


def test_the_page_forbids_what_it_does_not_have(crm):
    page = crm.ok("export report --as html").out

    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
