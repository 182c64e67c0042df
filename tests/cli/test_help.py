"""`crm help`: pages that fit the terminal and say what is so, and the help of every command."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from crm_core import errors, words
from crm_core.cli.topics import find_topic, topics
from crm_core.cli.topics.layout import TYPED
from crm_core.importing import Action
from crm_core.records import CORE_KINDS
from tests.docs.reference import ROOT, all_commands

NAMES = [topic.name for topic in topics()]
SCREENS = Path(__file__).with_name("screens")
NOW = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Berlin"))


def rows_of(name: str) -> list[tuple[str, str]]:
    """The rows of a topic's tables, the titles aside."""
    topic = find_topic(name)
    assert topic is not None
    tables = re.findall(r"^\|.*\|\n\| --- \| --- \|\n((?:\|.*\|\n)+)", topic.text, re.MULTILINE)
    pairs = [row.strip("|").split("|") for table in tables for row in table.splitlines()]
    return [(left.strip(), right.strip()) for left, right in pairs]


def letters_of(page: str) -> str:
    """What stands on a page, or in its Markdown, without spaces and marks."""
    text = re.sub(r"\]\([^)]+\)|\*\*|^```.*$|^\|[ |-]+\|$|^#+ |^- ", "", page, flags=re.MULTILINE)
    return "".join(text.replace("[`crm", "`crm").replace("|", " ").split())


def spans(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_alone_it_lists_every_topic(crm):
    listed = crm.ok("help").out.splitlines()[1:]

    assert [line.split()[0] for line in listed] == NAMES == sorted(NAMES)
    assert all(len(line.split(maxsplit=1)) == 2 for line in listed)
    assert [item["name"] for item in crm.ok("help --json").items] == NAMES
    assert crm.ok("help names --json").item["text"].startswith("# Names and ids\n")


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_the_terminal_and_loses_no_word(crm, name, columns):
    shown = crm.ok("help", name, columns=columns).out
    page = shown[shown.index(find_topic(name).title) :]

    assert all(len(line) <= min(columns, 100) for line in page.splitlines() if not line.startswith(TYPED))
    for mark in ("](", "**", "```", "| "):
        assert mark not in page
    assert sorted(letters_of(page)) == sorted(letters_of(find_topic(name).text))


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_page_looks_as_approved(crm, columns):
    assert crm.ok("help steps", columns=columns).out == (SCREENS / f"help-{columns}.txt").read_text("utf-8")


def test_for_a_screen_reader_a_sentence_is_not_broken(crm):
    lines = crm.ok("--plain help exit-codes").out.splitlines()

    assert "code: means" in lines
    assert "1: it failed, or somebody else changed the same record meanwhile; nothing was written" in lines
    assert max(map(len, lines)) > 100


def test_a_command_is_helped_as_it_helps_itself(crm):
    paths = [path.split()[1:] for path, _ in all_commands()][1:]

    assert len(paths) > 100
    for path in paths:
        own, shown = crm.ok(*path, "--help").out, crm.ok("help", *path).out
        topic = find_topic(" ".join(path))
        assert shown == own if topic is None else shown.startswith(f"{own}\n{topic.title}\n")


def test_words_are_taken_as_they_are_typed(crm):
    assert crm.ok("help exit codes").out == crm.ok("help exit-codes").out == crm.ok("help EXIT CODES").out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dats", "dates"),
        ("exit code", "exit-codes"),
        ("contact ad", "contact add"),
        ("intervew", "interview"),
    ],
)
def test_what_may_have_been_meant_is_said(crm, typed, meant):
    result = crm(f"help {typed}")

    assert (result.code, result.out) == (2, "")
    assert f"There is no topic and no command {typed!r}" in result.err
    assert re.search(rf"Did you mean [^?]*\b{meant}\b[^?]*\?", result.err)


def test_what_is_like_nothing_is_not_guessed_at(crm):
    result = crm("help contact xyzzy")

    assert result.code == 2
    assert "Did you mean" not in result.err
    assert "crm help" in result.err


def test_a_plugins_command_is_helped_while_it_is_there(crm):
    assert "Usage: crm quota" in crm.ok("help quota").out
    assert crm("--no-plugins help quota").code == 2


def test_the_words_for_days_and_times_are_read(crm):
    rows = rows_of("dates")
    read = {text: words.read_when(text, NOW) for left, _ in rows for text in spans(left)}

    assert len(read) > 20
    assert read["next week"] == read["in a week"]
    assert read["last month"] == words.read_date("a month ago", NOW.date())
    assert len({read[day] for day in ("27 Nov", "Nov 27", "Fri 27 November")}) == 1
    with pytest.raises(errors.InputError, match="ambiguous"):
        words.read_date("03/04/2026", NOW.date())
    lengths = find_topic("dates").text.partition("Lengths are ")[2].partition(".\n")[0]
    assert [words.read_minutes(text) for text in spans(lengths)] == [60, 90, 90, 90, 120]


def test_every_kind_of_id_is_named():
    named = {spans(left)[0] for left, _ in rows_of("names")}

    assert named == {kind.prefix for kind in CORE_KINDS if kind.label != "mark"} | {"m", "h", "b"}


def test_every_exit_code_is_explained():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CrmError)]

    codes = {left for left, _ in rows_of("exit-codes") if left.isdecimal()}
    assert codes == {"0", *(str(kind.exit_code) for kind in kinds)}


def test_every_variable_of_ours_is_explained():
    sources = [path.read_text("utf-8") for top in ("crm_core", "plugins") for path in (ROOT / top).rglob("*.py")]
    used = {name for source in sources for name in re.findall(r'"(CRM_[A-Z_]+)"', source)}
    named = {name for left, _ in rows_of("files") for name in spans(left) if name.isupper()}

    assert {name for name in named if name.startswith("CRM_")} == used
    assert all(any(f'"{name}"' in source for source in sources) for name in named - {"EDITOR", "VISUAL"})


def test_every_word_of_an_import_is_explained():
    assert sorted(left for left, _ in rows_of("import")) == sorted(get_args(Action))
