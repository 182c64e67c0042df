"""What all lists have in common: narrowed by the same options, sorted, cut, with the columns that were asked for."""

from __future__ import annotations

import itertools

import pytest

from crm_core.testing import Crm
from tests.docs.reference import all_commands

NOUNS = ("contact", "company", "application", "interview")
COMMON = ("--company", "--tag", "--stage", "--since", "--columns", "--sort", "--limit", "--json")


@pytest.fixture
def search(crm: Crm) -> Crm:
    """Acme (far away) interviewed us in November, Beta only got a letter, Cobalt said no; who works where."""
    crm.ok("company add Acme --tag far --tag robots")
    crm.ok("company add Beta --tag near")
    crm.ok("company add Cobalt")
    crm.ok("contact add 'Ana Silva' --company Acme --phone '+44 1632 960001' --tag mentor")
    crm.ok("contact add 'Émile Berg' --company Acme")
    crm.ok("contact add 'Cleo Marsh' --company Beta --tag mentor")
    crm.ok("contact add 'Dan Ode'")
    crm.ok("application add Acme Engineer --on 2026-10-05 --source Ana --cv short.pdf")
    crm.ok("application add Beta Analyst --on 2026-11-15")
    crm.ok("application add Cobalt Cook --on 2026-10-01")
    crm.ok("application move a3 rejected --on 2026-10-20")
    crm.ok("interview log Acme --at '2026-11-10 14:00' --with c1 --round 2")
    crm.ok("interview log Acme --at '2026-11-27 10:00' --with c2 --round 10")
    crm.ok("log c3 'said hello' --on 2026-11-01")
    return crm


def ids(crm: Crm, line: str) -> list[str]:
    noun, *options = line.split(" ", 1)
    return [item["id"] for item in crm.ok(f"{noun} list --json {' '.join(options)}").items]


def test_every_list_has_the_same_options():
    commands = {path: context.command for path, context in all_commands()}
    for noun in NOUNS:
        options = {option for param in commands[f"crm {noun} list"].params for option in param.opts}
        assert set(COMMON) <= options, noun


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("contact --tag mentor", ["c1", "c3"]),
        ("contact --tag mentor --company Acme", ["c1"]),
        ("contact --stage interviewing", ["c1", "c2"]),
        ("contact --stage applied", ["c3"]),
        ("contact --stage applied --stage interviewing", ["c1", "c3", "c2"]),
        ("contact --since 2026-11-01", ["c1", "c3"]),
        ("contact --since 2026-11-02", ["c1"]),
        ("contact --since 2026-11-11", []),
        ("company --company be", ["co2"]),
        ("company --company co3", ["co3"]),
        ("company --company nowhere", []),
        ("company --tag robots", ["co1"]),
        ("company --stage rejected", ["co3"]),
        ("company --since 2026-11-10", ["co1", "co2"]),
        ("company --since 2026-11-11", ["co2"]),
        ("company --since 2026-11-16 --tag near", []),
        ("application --tag near", ["a2"]),
        ("application --tag near --tag far", []),
        ("application --company Acme", ["a1"]),
        ("application --since 2026-10-21 --all", ["a1", "a2"]),
        ("application --since 2026-10-20 --all", ["a1", "a2", "a3"]),
        ("application --since 2026-10-01 --stage rejected", ["a3"]),
        ("interview --tag far", ["i1", "i2"]),
        ("interview --tag near", []),
        ("interview --stage interviewing --past", ["i1"]),
        ("interview --stage applied", []),
        ("interview --since 2026-11-11", ["i2"]),
        ("interview --company Acme --ahead", ["i2"]),
    ],
)
def test_a_list_is_narrowed(search: Crm, line: str, expected: list[str]):
    found = ids(search, line)
    assert (found if line.startswith(("contact", "interview")) else sorted(found)) == expected


def test_what_lies_ahead_has_not_happened_yet(search: Crm):
    assert "c2" not in ids(search, "contact --since 2026-01-01")
    search.today = "2026-11-27T12:00"
    assert ids(search, "contact --since 2026-11-27") == ["c2"]


def test_a_letter_that_was_sent_is_contact_and_a_draft_is_none(search: Crm):
    search.ok("letter draft thank-you c2 --interview i1")
    assert ids(search, "contact --since 2026-11-20") == []
    search.ok("letter sent l1 --force --on 2026-11-22")
    assert ids(search, "contact --since 2026-11-20") == ["c2"]
    assert "yesterday" in search.ok("contact list --columns id,last --since 2026-11-20").out


@pytest.mark.parametrize("noun", NOUNS)
def test_a_list_in_which_nothing_is_found_says_so(search: Crm, noun: str):
    result = search.ok(f"{noun} list --since 2026-12-24")
    assert result.out == ""
    assert "found by that" in result.err


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("contact --sort name", ["c1", "c3", "c4", "c2"]),
        ("contact --sort -name", ["c2", "c4", "c3", "c1"]),
        ("contact --sort id", ["c1", "c2", "c3", "c4"]),
        ("contact --sort '-last contact'", ["c1", "c3", "c4", "c2"]),
        ("contact --sort LAST", ["c3", "c1", "c4", "c2"]),
        ("contact --sort organisation", ["c1", "c2", "c3", "c4"]),
        ("contact --sort -organisation", ["c3", "c1", "c2", "c4"]),
        ("company --sort -people", ["co1", "co2", "co3"]),
        ("application --all --sort stage", ["a2", "a1", "a3"]),
        ("application --all --sort applied", ["a3", "a1", "a2"]),
        ("application --all --sort next-interview", ["a1", "a2", "a3"]),
        ("interview --sort -round", ["i2", "i1"]),
        ("interview --sort -when", ["i2", "i1"]),
    ],
)
def test_a_list_is_sorted_by_what_stands_in_a_column_and_the_empty_come_last(
    search: Crm, line: str, expected: list[str]
):
    assert ids(search, line) == expected


def test_ids_are_sorted_by_their_numbers(crm: Crm):
    for number in range(1, 12):
        crm.ok(f"contact add 'Person {number}' --new")
    assert ids(crm, "contact --sort id") == [f"c{number}" for number in range(1, 12)]
    assert ids(crm, "contact --sort -id --limit 2") == ["c11", "c10"]


def test_the_columns_are_those_that_were_asked_for_in_that_order(search: Crm):
    lines = search.ok("contact list --columns 'Phone, name,id,phone'").out.splitlines()
    assert lines[0].split() == ["phone", "name", "id"]
    assert lines[1].split() == ["+44", "1632", "960001", "Ana", "Silva", "c1"]
    head = search.ok("application list --columns all", columns=400).out.splitlines()[0]
    assert head.split("  ")[0] == "id"
    assert {"CV", "posting", "answer by", "last news"} <= {part.strip() for part in head.split("  ")}
    assert search.ok("interview list --columns with,news").out.splitlines()[0].split() == ["with", "news", "by"]


@pytest.mark.parametrize("option", ["--columns", "--sort"])
@pytest.mark.parametrize("name", ["nothing", "n", "-", "id,nothing", "\x1b[31m"])
def test_a_column_that_is_not_there_is_refused_and_those_that_are_named(search: Crm, option: str, name: str):
    result = search("contact", "list", option, name)
    assert (result.code, result.out) == (2, "")
    assert "There are: id, name, title, organisation, e-mail" in result.err
    assert "\x1b" not in result.err


def test_of_a_list_that_is_cut_it_is_said_how_long_it_is(search: Crm):
    result = search.ok("contact list --limit 3")
    assert len(result.out.splitlines()) == 4
    assert result.err == "3 of 4\n"
    assert search.ok("contact list --limit 4").err == ""
    data = search.ok("contact list --limit 3 --tag mentor --json").data
    assert (data["total"], len(data["items"])) == (2, 2)
    assert "total" not in search.ok("contact list --json").data
    assert search("contact list --limit 0").code == 2


def test_thousands_are_written_so_that_they_can_be_read(crm: Crm):
    from crm_core.records import Contact

    book = crm.book
    with book.change("a crowd"):
        for number in range(1_234):
            book.contacts.add(Contact(name=f"Person {number}"))
    assert crm.ok("contact list --limit 50").err == "50 of 1,234\n"


def test_json_has_all_fields_whatever_the_columns(search: Crm):
    few, whole = search.ok("company list --json --columns id").out, search.ok("company list --json").out
    assert few == whole


def test_options_go_together(search: Crm):
    for noun, (sort, limit) in itertools.product(NOUNS, [("id", 1), ("-id", 2)]):
        rows = search.ok(f"{noun} list --sort={sort} --limit {limit} --columns id --since 2026-01-01").out.splitlines()
        assert rows[0] == "id"
        assert 1 <= len(rows) - 1 <= limit
