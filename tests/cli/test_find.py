"""`crm find`: what is shown of what was found, and that plugins find their own records."""

from __future__ import annotations

import pytest

FINDER = """
from crm_core import Hit, Record, RecordKind, hookimpl, mentions

class Cup(Record, frozen=True, kw_only=True):
    of: str

@hookimpl
def crm_records(): yield RecordKind(type=Cup, prefix="cup", label="cup", plural="cups", table="crm_cups.cups")

@hookimpl
def crm_search(book, text):
    for cup in [*book.table(Cup), Cup(id="cup1", of="docking tea")]:
        if mentions(cup.of, text):
            yield HIT
"""
HIT = "Hit(record=cup.id, label='A cup', where='of', text=cup.of)"


@pytest.fixture
def search(crm):
    """A job search in which something is about docking."""
    crm.ok("interview log Bluewater --role 'Dock Planner' --at 'yesterday 14:00' --with 'Mara Lindqvist' --with Tom")
    crm.ok("note add i1 'How the docking service fails over, and who is woken when it does.' --about Mara")
    crm.ok("promise add 'send the docking plan' --to Mara --by tomorrow")
    return crm


def test_it_is_grouped_by_kind_with_what_to_type_next(search):
    assert search.ok("find DOCK").out == (
        "Applications\n"
        "  a1    Dock Planner at Bluewater\n"
        "\n"
        "Notes\n"
        "  n1    Dock Planner at Bluewater, yesterday 14:00\n"
        "        text: How the docking service fails over, and who is woken when it does.\n"
        "\n"
        "Promises\n"
        "  p1    Mara Lindqvist\n"
        "        text: send the docking plan\n"
    )


def test_words_are_one_text_each_or_all_together(search):
    for words in ("find docking plan", "find 'plan docking'", "find plan dock send"):
        assert [item["id"] for item in search.ok(f"{words} --json").items] == ["p1"]


def test_json_says_where(search):
    assert search.ok("find woken --json").items == [
        {
            "id": "n1",
            "kind": "note",
            "plural": "notes",
            "label": "Dock Planner at Bluewater, yesterday 14:00",
            "where": "text",
            "excerpt": "… over, and who is woken when it does.",
        }
    ]


def test_bytes_that_are_no_text_are_found_nowhere(search):
    """As a terminal of another encoding sends them."""
    result = search.ok("find", "d\udcffcking")
    assert (result.out, result.err) == ("", "Nothing mentions 'd\\udcffcking'.\n")


def test_nothing_found_is_said_beside_the_data(search):
    for words, out in (("find unicorn", ""), ("find unicorn --json", '{"schema":1,"items":[]}\n')):
        result = search.ok(words)
        assert result.out == out
    assert search.ok("find unicorn").err == "Nothing mentions 'unicorn'.\n"


@pytest.mark.parametrize("words", ["find", "find ''", "find ' ' ' '"])
def test_something_must_be_sought(crm, words):
    result = crm(words)
    assert (result.code, result.out) == (2, "")
    assert "hint" in result.err


def test_many_of_a_kind_are_cut_on_a_terminal_and_it_says_so(crm):
    for number in range(12):
        crm.ok(f"company add 'Dock {number:02}' --new")
    shown = crm.ok("find dock", columns=80).out.splitlines()
    assert (len(shown), shown[-1]) == (12, "  10 of 12; --all shows them all")
    assert len(crm.ok("find dock --all", columns=80).out.splitlines()) == 13
    assert len(crm.ok("find dock").out.splitlines()) == 13
    assert len(crm.ok("find dock --json", columns=80).items) == 12


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_lines_fit_the_terminal(search, columns):
    assert all(len(line) <= columns for line in search.ok("find dock", columns=columns).out.splitlines())


def test_what_acts_on_a_terminal_is_not_printed(crm):
    crm.ok("company", "add", "Dock \x1b[2J\u202e Works")
    out = crm.ok("find dock").out
    assert "Dock" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_a_plugin_finds_its_own_records(search, install):
    install("crm_cups", FINDER.replace("HIT", HIT))
    found = search("find docking --json")
    assert found.code == 3  # the cup is in no book
    assert "there is no record cup1 that could be found" in found.err
    assert [item["id"] for item in found.items] == ["n1", "p1"]


@pytest.mark.parametrize(
    ("hit", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("cup", "expected Hit, got Cup"),
        ("Hit(record='n1', label=None, where='', text='')", "label of a hit must be a str"),
        ("Hit(record=None, label='', where='', text='')", "record of a hit must be a str"),
        ("book.change('x').__enter__()", "the book is read-only here"),
    ],
)
def test_a_plugin_that_searches_badly_costs_its_own_finds(search, install, hit, said):
    install("crm_cups", FINDER.replace("HIT", hit))
    found = search("find docking --json")
    assert (found.code, [item["id"] for item in found.items]) == (3, ["n1", "p1"])
    assert said in found.err
    assert "The search lacks the part of: crm_cups" in found.err


def test_plugins_of_ours_find_what_is_written_in_their_records(search):
    feelings = "--answer 'feelings=Calm, after the zebra crossing'"
    search.ok(f"reflect i1 {feelings} --answer 'mistakes=Forgot the zebra'")
    search.ok("quota pause 2026-12-24 2027-01-03 --note 'Zebra watching'")
    search.ok("referral asked a1 Tom --note 'met him at the zebra'")
    assert search.ok("find zebra").out == (
        "Pauses\n"
        "  pz1   24 Dec to 3 Jan 2027\n"
        "        note: Zebra watching\n"
        "\n"
        "Referral requests\n"
        "  rq1   Tom\n"
        "        note: met him at the zebra\n"
        "\n"
        "Reflections\n"
        "  rf1   Dock Planner at Bluewater, yesterday 14:00\n"
        "        How did it feel while you sat there?: Calm, after the zebra crossing\n"
    )
    assert search.ok("--no-plugins find zebra").out == ""
