"""`crm stats`: the screens, in a pipe, as JSON, of little, of nothing, and what is refused.

`python -m tests.cli.test_stats` writes the screens anew. What is counted is held against another count in
`tests/plugins/test_figures.py`; the page is `test_stats_page.py`'s.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

import pytest

from crm_core.cli.main import main
from crm_core.cli.screen.cells import width
from crm_core.cli.screen.output import Output
from crm_core.testing import Crm

SCREENS = Path(__file__).with_name("screens")
WIDTHS = (60, 80, 120)
COUNTING = ("crm_hearback", "crm_promises", "crm_quota", "crm_report")
SOURCES = ("job fair", "Ana", "")
BARS = "█░"
PREFACE = "from crm_core import Count, Figure, Spread, hookimpl\n"


def search(crm: Crm) -> Crm:
    """Ten applications in eight weeks, of which three came to something; two promises; a week off."""
    crm.only(*COUNTING)
    crm.ok("settings set crm_quota.applications 2")
    for number in range(10):
        day = f"2026-{10 + number // 6}-{5 + number * 7 % 18:02}"
        source = SOURCES[number % len(SOURCES)]
        crm.ok(f"application add Firm{number} Engineer --on {day} --source '{source}' --new")
    crm.ok("application move a1 rejected --on 2026-10-20")
    crm.ok("application move a2 offer --on 2026-11-20")
    crm.ok("interview log Firm2 --at '2026-11-10 14:00'")
    crm.ok("interview outcome i1 next-round --on 2026-11-12")
    crm.ok("interview log Firm3 --at '2026-11-16 14:00'")
    crm.ok("promise add 'send the plan' --made 2026-11-10 --by 2026-11-12")
    crm.ok("promise add 'call' --made 2026-11-20 --by 2026-12-12")
    crm.ok("promise keep p1 --on 2026-11-12")
    crm.ok("quota pause 2026-10-26 2026-10-30")
    return crm


def screen(crm: Crm, columns: int) -> str:
    return crm.ok("stats", columns=columns).out


def write_screens() -> None:
    """Write the screens as they are now."""
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        crm = search(Crm(Path(folder) / "crm"))
        for columns in WIDTHS:
            (SCREENS / f"stats-{columns}.txt").write_text(screen(crm, columns), "utf-8")


def rows(crm: Crm, title: str, *options: str) -> list[dict]:
    figures = crm.ok("stats", "--json", *options).items
    return next((figure["rows"] for figure in figures if figure["title"] == title), [])


@pytest.mark.parametrize("columns", WIDTHS)
def test_the_screen_is_the_one_that_was_looked_at(crm: Crm, columns: int):
    shown = screen(search(crm), columns)

    assert shown == (SCREENS / f"stats-{columns}.txt").read_text("utf-8"), "run: python -m tests.cli.test_stats"
    assert max(map(width, shown.splitlines())) <= columns


def test_in_a_pipe_there_are_words_and_no_bars(crm: Crm):
    out = search(crm).ok("stats").out

    assert not set(BARS) & set(out)
    assert "  interviewing   3 of 10, 30%\n" in out
    assert "  2026-W44, 26 Oct  0       paused\n" in out
    assert "  application to answer  median 30.5 days, 15 to 39, n 4\n" in out


def test_plain_each_number_stands_behind_its_name(crm: Crm):
    lines = search(crm).ok("--plain stats", columns=80).out.splitlines()

    assert lines[:6] == [
        "Your search until today",
        "",
        "How far applications came",
        "applied: 10",
        "interviewing: 3 of 10, 30%",
        "offer: 1 of 3",
    ]
    assert "2026-W44, 26 Oct: 0, paused" in lines
    assert "application to answer: median 30.5 days, 15 to 39, n 4" in lines
    assert not set(BARS) & set("".join(lines))


def test_without_those_characters_bars_are_of_others(crm: Crm):
    search(crm)
    out = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", write_through=True)
    assert main(["stats"], crm.environ, Output(out, io.StringIO(), 80)) == 0

    shown = out.buffer.getvalue().decode("ascii")  # type: ignore[attr-defined]
    assert shown == screen(crm, 80).replace("█", "#").replace("░", ".")


def test_as_json_each_figure_has_its_plugin_and_typed_rows(crm: Crm):
    data = search(crm).ok("stats --json").data

    assert list(data) == ["schema", "items", "since", "until"]
    assert (data["since"], data["until"]) == (None, "2026-11-23")
    assert [(one["plugin"], one["title"]) for one in data["items"]] == [
        ("crm_report", "How far applications came"),
        ("crm_quota", "Applications a week"),
        ("crm_hearback", "How soon others answer"),
        ("crm_report", "Sources that led to interviews"),
        ("crm_promises", "Promises"),
        ("crm_quota", "Streak"),
    ]
    assert {frozenset(one) for one in data["items"]} == {frozenset({"plugin", "title", "rows", "about", "place"})}
    count, spread = data["items"][2]["rows"][:2]
    assert count == {
        "type": "count", "label": "applications answered", "value": 4, "of": 10, "target": None, "unit": "", "note": "",
    }  # fmt: skip
    assert spread == {
        "type": "spread", "label": "application to answer", "median": 30.5, "low": 15.0, "high": 39.0, "n": 4,
        "unit": "day", "note": "",
    }  # fmt: skip


def test_a_period_counts_what_began_in_it(crm: Crm):
    search(crm)
    october = rows(crm, "How far applications came", "--until", "2026-10-31")
    november = rows(crm, "How far applications came", "--since", "2026-11-01")

    assert [row["value"] for row in october] == [6, 0, 0]
    assert [row["value"] for row in november] == [4, 0, 0]
    assert crm.ok("stats --since '1 nov' --until yesterday").out.startswith("Your search from 1 Nov to yesterday\n")
    assert "Streak" not in crm.ok("stats --until yesterday").out


def test_what_came_after_the_period_is_not_told(crm: Crm):
    search(crm)
    assert [row["value"] for row in rows(crm, "How far applications came", "--until", "2026-11-09")] == [7, 0, 0]
    assert [row["value"] for row in rows(crm, "How far applications came", "--until", "2026-11-10")] == [7, 1, 0]
    assert [row["value"] for row in rows(crm, "How far applications came", "--until", "2026-11-20")] == [10, 3, 1]
    assert [row["label"] for row in rows(crm, "How soon others answer", "--until", "2026-10-19")] == [
        "applications answered"
    ]


def test_of_an_empty_book_it_says_how_to_begin(crm: Crm):
    result = crm.ok("stats")

    assert (result.out, result.err) == ("", "There is nothing to count yet: crm application add COMPANY ROLE\n")
    assert crm.ok("stats --json").items == []
    assert crm.ok("stats --since 2026-11-01").err == "There is nothing to count in that time.\n"
    assert crm.ok("--no-plugins stats").err == "No plugin has figures.\n"


def test_one_application_makes_no_rates(crm: Crm):
    crm.only(*COUNTING)
    crm.ok("application add Acme Engineer --source Ana")
    out = crm.ok("stats", columns=80).out

    assert "%" not in out
    assert "  applied       1       ████" in out
    assert "  interviewing  0 of 1  ░░░░" in out
    assert "  offer         0\n" in out
    assert "  applications answered  0 of 1" in out
    assert "  quota met in a row  0 weeks\n" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("stats --since nonsense", "Can't read 'nonsense' as a date"),
        ("stats --until 03/04/2026", "ambiguous"),
        ("stats --since tomorrow", "--since tomorrow is after today, the last day"),
        ("stats --since 2026-11-20 --until 2026-11-01", "is after 1 Nov, the last day"),
        ("stats --html page.html --json", "two ways to show the same"),
    ],
)
def test_what_can_not_be_is_refused(crm: Crm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, said: str):
    monkeypatch.chdir(tmp_path)
    result = crm(line)

    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert list(tmp_path.glob("*.html")) == []


def test_a_plugin_that_fails_leaves_its_part_out_and_says_so(crm: Crm, install):
    crm.ok("application add Acme Engineer")
    install("crm_moon", PREFACE + "@hookimpl\ndef crm_summary(): yield Figure(title='Moons', rows=(1,))")
    result = crm("stats")

    assert result.code == 3
    assert "How far applications came\n" in result.out
    assert "Moons" not in result.out
    assert "plugin crm_moon 1.0 failed in crm_summary: ValidationError" in result.err
    assert "The summary lacks the part of: crm_moon" in result.err
    (row,) = [row for row in crm.ok("plugins --json").items if row["name"] == "crm_moon"]
    assert row["state"] == "failing"


ODD = (
    PREFACE
    + """
@hookimpl
def crm_summary():
    many = [Count(label="x" * 300, value=2**53, of=2**53, unit="y" * 200, note="z" * 200)]
    many += [Count(label="\\x1b[31m\\u202e", value=0, of=0), Count(label="\\u754c" * 80, value=1, target=2**53)]
    many += [Spread.over("a\\nb", [0]), Spread.over("", [0, 0, 1e15], note="\\t\\n")]
    yield Figure(title="T\\n" * 90, rows=tuple(many), about="w" * 500 + "\\x07")
    yield Figure(title="", rows=())
    yield Figure(title="One", rows=(Count(label="\\ud800", value=1),))
"""
)


@pytest.mark.parametrize("columns", [40, 41, *WIDTHS])
def test_odd_figures_stay_in_their_lines(crm: Crm, install, columns: int):
    crm.only()
    install("crm_odd", ODD)
    lines = crm.ok("stats", columns=columns).out.splitlines()

    assert "".join(lines).count("T") == 90
    assert [line for line in lines if width(line) > columns] == []
    assert not {"\x1b", "\u202e", "\x07", "\ud800"} & set("".join(lines))


if __name__ == "__main__":
    write_screens()
    sys.exit()
