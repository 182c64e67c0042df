"""`crm stats --html`: one page that nothing runs in and nothing is loaded into, whatever the figures say."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.cli.screen.charts import BARS, LABELS, page
from crm_core.cli.screen.plots import in_words
from crm_core.figures import Count, Figure, Spread, checked
from crm_core.testing import Crm

VOID = {"meta"}
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "section", "div", "svg", "desc",
    "text", "rect", "table", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "class", "scope", "role", "aria-labelledby", "viewbox", "id", "x", "y", "width", "height", "fill", "stroke",
    "font-size",
}  # fmt: skip
NASTY = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><script>", "</svg></title>", "{{ 7*7 }}",
    "{% for %}", "&amp;", "\x1b[31mred", "a\nb", "\u202eevil", "\ud800", "javascript:alert(1)", "]]>", "<!--",
    "https://x.example/'><script>", "界" * 50, "x" * 200, "",
)  # fmt: skip
nasty = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=30))
numbers = st.integers(0, 2**53)
counts = st.builds(
    lambda label, note, value, more, target: Count(
        label=label, note=note, value=value, of=min(value + more, 2**53) if more is not None else None, target=target
    ),
    nasty, nasty, numbers, st.none() | numbers, st.none() | numbers,
)  # fmt: skip
spreads = st.builds(Spread.over, nasty, st.lists(st.floats(0, 2**53), min_size=1, max_size=5), unit=nasty, note=nasty)
figures = st.builds(
    Figure, title=nasty, about=nasty, rows=st.lists(st.one_of(counts, spreads), max_size=4).map(tuple)
)  # fmt: skip


class Page(HTMLParser):
    """What a browser makes of a page; a tag that is not closed, or closed twice, fails."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs if tag != "meta"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    @property
    def text(self) -> str:
        """All text that is shown or read out."""
        return "".join(self.texts)


@settings(max_examples=150)
@given(nasty, nasty, st.lists(figures, max_size=3))
def test_it_holds_nothing_that_runs_or_is_loaded(title: str, name: str, shown: list[Figure]):
    text = page(title, shown, name=name, written="23 Nov 2026")
    parsed = Page(text)

    assert set(parsed.elements) <= ELEMENTS
    assert {attribute for _, attribute, _ in parsed.attributes} <= ATTRIBUTES
    assert not {"\x1b", "\u202e"} & set(text)
    assert parsed.elements["section"] == len(shown)


@settings(max_examples=80)
@given(st.lists(figures, min_size=1, max_size=3))
def test_every_number_stands_in_a_table_and_every_drawing_has_its_words(shown: list[Figure]):
    parsed = Page(page("Search", shown, name="", written="today"))
    rows = [row for figure in shown for row in figure.rows]

    assert parsed.elements["tr"] == len(rows)
    for row in rows:
        assert in_words(row) in parsed.text
    labelled = [value.split() for tag, name, value in parsed.attributes if (tag, name) == ("svg", "aria-labelledby")]
    known = [value for _, name, value in parsed.attributes if name == "id"]
    assert sorted(known) == sorted(part for parts in labelled for part in parts)
    assert parsed.elements["svg"] == parsed.elements["desc"] == len(labelled)


@settings(max_examples=80)
@given(figures)
def test_no_bar_leaves_its_drawing(figure: Figure):
    parsed = Page(page("Search", [figure], name="", written="today"))
    rects = [float(value) for tag, name, value in parsed.attributes if tag == "rect" and name == "x"]
    widths = [float(value) for tag, name, value in parsed.attributes if tag == "rect" and name == "width"]

    for x, size in zip(rects, widths, strict=True):
        assert size >= 1
        assert x >= LABELS - 2
        assert x + size <= LABELS + BARS + 2.1


def test_bars_are_as_long_as_the_numbers_say():
    rows = (Count(label="a", value=20), Count(label="b", value=5, of=20), Count(label="c", value=0, target=10))
    parsed = Page(page("Search", [checked(Figure(title="T", rows=rows))], name="", written="today"))
    attributes = [
        (name, value) for tag, name, value in parsed.attributes if tag == "rect" and name in {"class", "width"}
    ]

    assert attributes == [
        ("class", "filled"), ("width", f"{BARS:.1f}"),
        ("class", "open"), ("width", f"{BARS * 0.75}"), ("class", "filled"), ("width", f"{BARS * 0.25}"),
        ("class", "open"), ("width", f"{BARS / 2}"),
    ]  # fmt: skip


def test_it_is_a_private_file_for_paper_too(crm: Crm, tmp_path: Path):
    crm.ok("me set name 'Robin <Vale>'")
    crm.ok("application add Acme Engineer --on 2026-11-03 --source '<b>Ana</b>'")
    path = tmp_path / "stats.html"

    assert crm.ok(f"stats --html {path}").out == f"Wrote {path}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text("utf-8")
    parsed = Page(text)
    assert parsed.texts.count("Job search until 23 Nov 2026") == 2
    assert "Robin <Vale>" in parsed.text
    assert "<b>Ana</b>" in parsed.text
    assert "default-src 'none'" in text
    assert "@media print" in text
    assert not re.search(r"url\(|@import", text)
    assert "http" not in text.replace("http-equiv", "")
    assert crm.ok("stats --html - --since 2026-11-01").out.startswith("<!DOCTYPE html>")


def test_nothing_is_written_over_by_accident(crm: Crm, tmp_path: Path):
    path = tmp_path / "stats.html"
    path.write_text("mine")

    refused = crm(f"stats --html {path}")
    assert (refused.code, path.read_text()) == (2, "mine")
    assert "--force" in refused.err
    crm.ok(f"stats --html {path} --force")
    assert "There is nothing to count in that time." in Page(path.read_text("utf-8")).text
    assert crm(f"stats --html {tmp_path}").code == 2
    assert crm(f"stats --html {tmp_path / 'no' / 'page.html'}").code == 1


@pytest.mark.parametrize("name", ["{{ 7*7 }}", "{% include 'x' %}"])
def test_templates_in_names_are_texts(crm: Crm, name: str):
    crm.ok("application", "add", "Acme", "Engineer", "--source", name)

    text = crm.ok("stats --html -").out
    assert name in Page(text).text
