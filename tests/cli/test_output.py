"""What is printed is safe, fits, and can be read back by a program."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from crm_core.cli.screen.cells import clean, shorten, width
from crm_core.cli.screen.output import Column, Output
from crm_core.cli.screen.terminal import StatusLine
from crm_core.dates import Moment
from crm_core.records import Application, Contact, Interview, Move, Position, Ref
from tests.hostile.words import ACTING, HOSTILE, HUGE

WRITTEN = {
    "latin": "Jürgen Müßig-Łukaszewicz von und zu Hohenfels",
    "decomposed": "Zoe\u0308 Ngu\u0323ye\u0302\u0303n with a rather long family name",
    "chinese": "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "japanese with latin": "山田 Taro カタカナ株式会社 Senior エンジニア manager",
    "korean": "김철수 김철수 김철수 김철수 김철수 김철수 김철수",
    "emoji": "🎉 party 👩‍👩‍👧 family 👍🏽 thumb ❤️‍🔥 🇩🇪🇫🇷🇯🇵 flags and more",
    "devanagari": "क्षत्रिय नमस्ते हिन्दी क्षत्रिय नमस्ते हिन्दी",
    "arabic": "مُحَمَّد عبد الله بن مُحَمَّد",
    "marks with no letter": "\u093e\u0301 odd",
    "letters with joiners": "a\u200db\u200dc\u200dd\u200de\u200df\u200dg\u200dh\u200di\u200dj\u200dk\u200dl",
}
texts = st.text(
    st.characters(exclude_categories=())
    | st.sampled_from("漢é\u0301\u200d\ufe0f👩🇩🏽\x1b\n\r\t\u202e\ud800 क\u094d\u093e")
)
cells_table = pytest.mark.parametrize("columns", [40, 60, 80, 120])


class Person(NamedTuple):
    id: str
    name: str
    company: str
    mail: str
    on: str


PEOPLE = [
    Column[Person]("Id", lambda row: row.id, priority=9),
    Column[Person]("Name", lambda row: row.name, priority=8, min=12),
    Column[Person]("Company", lambda row: row.company, priority=5, min=10),
    Column[Person]("E-mail", lambda row: row.mail, priority=1, min=20),
    Column[Person]("On", lambda row: row.on, priority=4, min=10),
]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def an_output(columns=None, **kwargs):
    return Output(io.StringIO(), io.StringIO(), columns, **kwargs)


def printed(out):
    return out.stdout.getvalue()


def said(out):
    return out.stderr.getvalue()


def hostile_words():
    words = {**{repr(text)[:40]: text for text in HOSTILE}, **{name: text[:20_000] for name, text in HUGE.items()}}
    return pytest.mark.parametrize("word", words.values(), ids=words.keys())


@hostile_words()
def test_cleaned_text_holds_nothing_that_acts_on_a_terminal(word):
    assert not ACTING.search(clean(word))
    assert not re.search("[\t\n]", clean(word))
    assert not ACTING.search(clean(word, keep_newlines=True))


def test_cleaning_leaves_a_visible_trace_of_what_it_took_out():
    assert clean("\x1b[31mEve") == "\ufffd[31mEve"
    assert clean("a\u202eb") == "a\ufffdb"
    assert clean("a\udcffb") == "a\ufffdb"


def test_every_kind_of_line_end_becomes_one_space_or_one_newline():
    text = "a\r\nb\rc\nd\u2028e\u2029f\tg"
    assert clean(text) == "a b c d e f g"
    assert clean(text, keep_newlines=True) == "a\nb\nc\nd\ne\nf\tg"


@pytest.mark.parametrize("text", [*WRITTEN.values(), "plain", "", "\u200ea\u200fb", "zero\u200cwidth"])
def test_honest_writing_is_not_touched(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0), ("abc", 3), ("Müß", 3), ("漢字", 4), ("e\u0301", 1), ("👩‍👩‍👧", 2), ("👍🏽", 2), ("🇩🇪", 2),
        ("김", 2), ("❤️", 2), ("\u0301", 0), ("a\u200db", 2), ("soft\u00adhyphen", 11), ("Ж", 1),
    ],
)  # fmt: skip
def test_width_counts_cells(text, cells):
    assert width(text) == cells


@given(texts)
def test_width_is_never_less_than_what_the_tables_say(text):
    assert width(text) >= max(wcswidth(clean(text)), 0)


def test_shortening_says_that_something_is_gone():
    assert shorten("Hohenfels", 9) == "Hohenfels"
    assert shorten("Hohenfels", 8) == "Hohenfe…"
    assert shorten("Anna von Hohenfels", 6) == "Anna…"
    assert shorten("Hohenfels", 1) == "…"
    assert shorten("Hohenfels", 0) == ""


@pytest.mark.parametrize(
    ("text", "cells", "short"),
    [
        ("漢字漢字", 8, "漢字漢字"),
        ("漢字漢字", 7, "漢字漢…"),
        ("漢字漢字", 6, "漢字…"),
        ("漢字漢字", 2, "…"),
        ("ae\u0301i\u0302o", 3, "ae\u0301…"),
        ("x👩‍👩‍👧y", 4, "x👩‍👩‍👧y"),
        ("x👩‍👩‍👧yz", 4, "x👩‍👩‍👧…"),
        ("x👩‍👩‍👧yz", 3, "x…"),
        ("👍🏽👍🏽", 3, "👍🏽…"),
        ("🇩🇪🇫🇷", 3, "🇩🇪…"),
        ("❤️❤️", 3, "❤️…"),
    ],
)
def test_shortening_cuts_between_what_is_drawn_as_one(text, cells, short):
    assert shorten(text, cells) == short


@given(texts, st.integers(0, 40))
def test_shortened_text_fits_and_is_shorter_only_where_it_must(text, cells):
    short = shorten(text, cells)
    assert wcswidth(short) <= cells
    assert width(short) <= cells
    if width(text) <= cells and not re.search("[\u0300-\U000e01ef]{20}", text):
        assert short == clean(text)


def test_marks_piled_on_one_letter_are_cut_to_what_writing_needs():
    assert shorten("e" + "\u0301" * 1000, 5) == "e" + "\u0301" * 30


@hostile_words()
@pytest.mark.parametrize("columns", [None, 60])
def test_no_method_lets_hostile_data_through(word, columns):
    out = an_output(columns)
    out.line(word)
    out.line(word, "late")
    out.block(word)
    out.fields([(word, word), ("Name", word)])
    out.table([word], [Column(word, str), Column("Name", lambda row: row)])
    out.table([], [Column(word, str)], empty=word)
    out.json_item({"name": word, word: [word]})
    out.json_items([word], {"more": word})
    out.talk(word)
    out.warn(word)
    out.error(word, word, 1)
    out.error(word, word, 1, as_json=True)
    assert not ACTING.search(printed(out))
    assert not ACTING.search(said(out))
    printed(out).encode("utf-8")
    said(out).encode("utf-8")


def test_a_name_can_not_forge_a_line_of_its_own():
    out = an_output()
    out.line("Eve\ncrm: all good")
    out.talk("Eve\ncrm: all good")
    out.warn("Eve\ncrm: all good")
    out.error("Eve\ncrm: all good", "try\ncrm: all good")
    out.table(["Eve\ncrm: all good"], [Column("Name", str)])
    assert not [text for text in (printed(out) + said(out)).splitlines() if text.strip().startswith("crm: all good")]


def test_a_line_is_styled_only_where_colour_is_shown():
    colourful, colourless, plain = an_output(80, color=True), an_output(80), an_output(80, color=True, plain=True)
    for out in (colourful, colourless, plain):
        out.line("late since Monday", "late")
        out.line("", "late")
        out.line("nothing special")
    assert printed(colourful) == "\x1b[31mlate since Monday\x1b[0m\n\nnothing special\n"
    assert printed(colourless) == printed(plain) == "late since Monday\n\nnothing special\n"


def test_a_block_keeps_its_lines_and_ends_with_one_newline():
    out = an_output(40)
    out.block("Dear Ms Kim,\r\n\r\n\tthank you\x07.\n")
    assert printed(out) == "Dear Ms Kim,\n\n\tthank you\ufffd.\n"


def test_an_error_is_a_line_with_its_hint_under_it():
    out = an_output()
    out.error("There are two people named Kim", "c1 Kim Lee; c2 Kim Park", 2)
    out.error("The disk is full")
    assert printed(out) == ""
    assert said(out) == (
        "crm: There are two people named Kim\n     hint: c1 Kim Lee; c2 Kim Park\ncrm: The disk is full\n"
    )


def test_what_is_said_beside_the_data_is_no_longer_than_anybody_reads():
    out = an_output()
    out.talk("N" * 1_000_000)
    out.warn("\x1b" * 1_000_000)
    out.error("N" * 1_000_000, "N" * 1_000_000)
    out.talk("N" * 2_000)
    *cut, whole = said(out).splitlines()
    assert [(len(line), line[-1]) for line in cut] == [(2_000, "…")] * 4
    assert whole == "N" * 2_000


def test_an_error_as_json_is_one_line_even_on_a_terminal():
    out = an_output(80)
    out.error("No contact \ud800 named 'é\x9b'", "Try\ncrm find", 2, as_json=True)
    assert said(out).count("\n") == 1
    assert json.loads(said(out)) == {
        "schema": 1,
        "error": {"message": "No contact \ufffd named 'é\x9b'", "hint": "Try\ncrm find", "code": 2},
    }


def people():
    return [
        Person(f"c{n}", name, "ACME Gesellschaft mit beschränkter Haftung", f"person{n}@mail.example.com", "2026-11-23")
        for n, name in enumerate([*WRITTEN.values(), "漢" * 300, "👩‍👩‍👧" * 60, "e\u0301" * 300])
    ]


@cells_table
def test_each_line_of_a_table_fits_the_terminal(columns):
    out = an_output(columns)
    out.table(people(), PEOPLE)
    lines = printed(out).splitlines()
    assert len(lines) == 1 + len(people())
    for line in lines:
        assert 0 < wcswidth(line) <= columns
        assert line == line.rstrip()


@cells_table
def test_the_columns_of_a_table_stand_under_their_titles(columns):
    out = an_output(columns)
    out.table(people(), PEOPLE)
    head, *lines = printed(out).splitlines()
    place = head.index("On") if " On" in head else head.index("Company")
    for line, person in zip(lines, people(), strict=True):
        before = line[: line.rindex(person.on if " On" in head else "ACME")]
        assert width(before) == place


def test_a_narrow_terminal_drops_the_least_important_columns_and_keeps_the_others_readable():
    heads = {}
    for columns in (40, 60, 80, 120):
        out = an_output(columns)
        out.table(people(), PEOPLE)
        heads[columns] = printed(out).splitlines()[0].split()
    assert heads == {
        40: ["Id", "Name", "Company"],
        60: ["Id", "Name", "Company", "On"],
        80: ["Id", "Name", "Company", "E-mail", "On"],
        120: ["Id", "Name", "Company", "E-mail", "On"],
    }


def test_of_equally_important_columns_the_last_goes_first_and_one_always_stays():
    out = an_output(40)
    out.table(["x" * 50], [Column(title, str, min=30) for title in "ABC"])
    assert printed(out) == f"A\n{'x' * 39}…\n"


def test_only_the_widest_columns_are_shortened():
    out = an_output(40)
    out.table([("short", "x" * 100, "tiny")], [Column(title, lambda row, n=n: row[n]) for n, title in enumerate("ABC")])
    assert printed(out).splitlines()[1] == f"short  {'x' * 26}…  tiny"


def test_a_column_can_end_at_the_right():
    for columns in (None, 80):
        out = an_output(columns)
        out.table([("a", "1"), ("b", "100")], [Column("N", lambda r: r[1], right=True), Column("Of", lambda r: r[0])])
        assert printed(out) == "  N  Of\n  1  a\n100  b\n"


def test_the_head_of_a_table_is_styled_where_colour_is_shown():
    out = an_output(80, color=True)
    out.table(["Kim"], [Column("Name", str)])
    assert printed(out) == "\x1b[1mName\x1b[0m\nKim\n"


def test_a_pipe_gets_everything_unshortened():
    out = an_output()
    out.table(people(), PEOPLE)
    text = printed(out)
    assert "…" not in text
    for person in people():
        for value in person:
            assert value in text
    assert text.splitlines()[0].split() == ["Id", "Name", "Company", "E-mail", "On"]


@pytest.mark.parametrize("columns", [None, 40])
def test_plain_names_each_value_of_a_row_and_leaves_out_the_empty_ones(columns):
    out = an_output(columns, plain=True, color=True)
    rows = [("1", "Zoë \x1b[1m" + "x" * 80, "漢字"), ("2", "", "no name")]
    titled = [Column("", lambda r: r[0]), Column("name", lambda r: r[1]), Column("at", lambda r: r[2])]
    out.table(rows, titled, remark=lambda r: "odd" if not r[1] else "")
    out.fields([("name", "Zoë"), ("empty", ""), ("note", "one\ntwo")])
    huge = "x" * 80
    assert printed(out) == (
        f"1; name: Zoë \ufffd[1m{huge}; at: 漢字\n2; at: no name; remark: odd\nname: Zoë\nnote: one\ntwo\n"
    )


def test_in_a_pipe_columns_are_aligned_and_one_huge_value_pads_nobody_else():
    out = an_output()
    out.table([("a", "1"), ("漢字", "2")], [Column("Name", lambda r: r[0]), Column("No", lambda r: r[1])])
    assert printed(out) == "Name  No\na     1\n漢字  2\n"
    out = an_output()
    out.table([("x" * 5000, "1"), ("b", "2")], [Column("Name", lambda r: r[0]), Column("No", lambda r: r[1])])
    head, huge, other = printed(out).splitlines()
    assert huge == "x" * 5000 + "  1"
    assert other == "b" + " " * 61 + "2"
    assert head == "Name" + " " * 58 + "No"


def test_a_table_without_rows_prints_nothing_and_says_why_beside_it():
    out = an_output(80)
    out.table(iter([]), PEOPLE, empty="No contacts yet")
    out.table([], PEOPLE)
    assert printed(out) == ""
    assert said(out) == "No contacts yet\n"


def test_rows_and_titles_that_take_no_cells_are_still_rows():
    for columns in (None, 40):
        out = an_output(columns)
        out.table(["", "\u200b"], [Column("", str), Column("", str)])
        assert printed(out).count("\n") == 3


class Counting(io.StringIO):
    """Counts how often it is written to."""

    writes = 0

    def write(self, text):
        self.writes += 1
        return super().write(text)


@pytest.mark.parametrize("columns", [None, 80])
def test_a_large_table_is_written_at_once(columns):
    stdout = Counting()
    Output(stdout, io.StringIO(), columns).table(
        range(30_000), [Column("N", str), Column("Name", lambda n: f"Person {n}")]
    )
    assert stdout.writes == 1
    assert stdout.getvalue().count("\n") == 30_001


@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5), texts, st.sampled_from([None, 40, 60, 80]))
def test_a_table_of_any_text_is_safe_has_one_line_a_row_and_fits(rows, title, columns):
    out = an_output(columns)
    out.table(rows, [Column(title, lambda row, n=n: row[n], priority=-n) for n in range(3)])
    text = printed(out)
    assert not ACTING.search(text)
    assert text.count("\n") == len(rows) + 1
    if columns is not None:
        assert all(wcswidth(line) <= columns for line in text.split("\n"))


@given(st.lists(st.tuples(texts, texts), max_size=4), st.sampled_from([40, 60, 80]))
def test_fields_of_any_text_are_safe_and_fit(pairs, columns):
    out = an_output(columns)
    out.fields(pairs)
    assert not ACTING.search(printed(out))
    assert all(wcswidth(line) <= columns for line in printed(out).split("\n"))


def test_fields_align_their_values_and_leave_empty_ones_out():
    out = an_output(40)
    out.fields([
        ("Name", "Kim"), ("Phone", ""), ("Tags", " \n"),
        ("Note", "met at the autumn fair, wants\r\n\nto hear about our work with compilers\n"),
    ])  # fmt: skip
    assert printed(out) == (
        "Name  Kim\n"
        "Note  met at the autumn fair, wants\n"
        "\n"
        "      to hear about our work with\n"
        "      compilers\n"
    )  # fmt: skip
    out = an_output(40)
    out.fields([("Phone", "")])
    assert printed(out) == ""


@cells_table
def test_long_labels_leave_room_for_values(columns):
    out = an_output(columns)
    out.fields([("漢字" * 50, "a value of several words"), ("Name", "Kim")])
    assert all(wcswidth(line) <= columns for line in printed(out).splitlines())
    assert re.search("… +a value of", printed(out))


def test_fields_in_a_pipe_are_not_wrapped():
    out = an_output()
    out.fields([("Name", "word " * 100 + "end"), ("Long label", "b\nc")])
    assert printed(out) == f"Name        {'word ' * 100}end\nLong label  b\n            c\n"


@cells_table
@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN.keys())
def test_wrapped_writing_fits_and_loses_nothing(columns, text):
    text = f"{text} {text * 30}"
    wrapped = an_output(columns).wrap(text, indent=8)
    first, *others = wrapped.split("\n")
    assert wcswidth(first) <= columns - 8
    assert others
    for line in others:
        assert line.startswith(" " * 8)
        assert wcswidth(line) <= columns
    assert "".join(wrapped.split()) == "".join(text.split())


def test_wrapping_breaks_at_spaces_and_leaves_lines_that_fit_as_they_are():
    out = an_output(40)
    assert out.wrap("  - a list\n\tof two") == "  - a list\n    of two"
    assert out.wrap("Thank you for the long talk about compilers on Monday") == (
        "Thank you for the long talk about\ncompilers on Monday"
    )
    assert out.wrap("see https://example.com/" + "a" * 40) == f"see\nhttps://example.com/{'a' * 20}\n{'a' * 20}"
    assert out.wrap(" " * 100) == ""
    assert an_output().wrap("word " * 50 + "end", indent=4) == "word " * 50 + "end"


def record():
    return Contact(
        id=Ref("c1"), name="Zoë \x1b[31m\x9b\u202e", positions=(Position(organisation="ACME", company=Ref("co1")),)
    )


def test_json_items_are_one_line_in_a_pipe_and_read_back_exactly():
    out = an_output()
    out.json_items(iter([record(), record()]), {"interviews": [{"about": Ref("i1")}]})
    assert printed(out).count("\n") == 1
    envelope = json.loads(printed(out))
    assert list(envelope) == ["schema", "items", "interviews"]
    assert envelope["schema"] == 1
    assert [item["name"] for item in envelope["items"]] == ["Zoë \x1b[31m\x9b\u202e"] * 2
    assert envelope["items"][0]["id"] == "c1"
    assert envelope["items"][0]["positions"][0]["company"] == "co1"
    assert envelope["interviews"] == [{"about": "i1"}]
    assert set(envelope["items"][0]) == set(Contact.__struct_fields__)


def test_json_is_indented_on_a_terminal_and_says_the_same():
    pipe, terminal, plain = an_output(), an_output(80), an_output(80, plain=True)
    for out in (pipe, terminal, plain):
        out.json_item(record())
    assert printed(terminal).startswith('{\n  "schema": 1,\n  "item": {\n    "id": "c1"')
    assert json.loads(printed(terminal)) == json.loads(printed(pipe))
    assert printed(plain) == printed(pipe)
    assert not ACTING.search(printed(terminal))


def test_json_dates_are_iso_and_moments_keep_their_zone():
    out = an_output()
    berlin = ZoneInfo("Europe/Berlin")
    move = Move(id="m1", stage="applied", on=date(2026, 11, 23))
    out.json_items(
        [
            Application(id=Ref("a1"), company=Ref("co1"), role="Tester", moves=(move,)),
            Interview(id=Ref("i1"), application=Ref("a1"), at=Moment(datetime(2026, 11, 23, 14), "Europe/Berlin")),  # noqa: DTZ001
            {"due": datetime(2026, 11, 23, 14, tzinfo=berlin), "from": date(2026, 11, 20), "for": None},
        ]
    )
    application, interview, step = json.loads(printed(out))["items"]
    assert application["moves"] == [{"id": "m1", "stage": "applied", "on": "2026-11-23"}]
    assert interview["at"] == {"local": "2026-11-23T14:00:00", "zone": "Europe/Berlin"}
    assert step == {"due": "2026-11-23T14:00:00+01:00", "from": "2026-11-20", "for": None}


def test_json_without_utf8_form_gets_the_replacement_character():
    out = an_output()
    out.json_items([Contact(id=Ref("c1"), name="a\ud800b", tags=("\udcff",))], {"\ud800": (Ref("i1"), {"k": "\udfff"})})
    envelope = json.loads(printed(out).encode("utf-8"))
    assert envelope["items"][0]["name"] == "a\ufffdb"
    assert envelope["items"][0]["tags"] == ["\ufffd"]
    assert envelope["\ufffd"] == ["i1", {"k": "\ufffd"}]


def test_json_of_a_type_that_has_none_is_a_fault_of_the_caller():
    with pytest.raises(TypeError, match="object"):
        an_output().json_item(object())


@given(st.recursive(texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner)), st.sampled_from([None, 80]))
def test_json_of_any_text_is_safe_and_says_what_it_was_given(value, columns):
    out = an_output(columns)
    out.json_item(value)
    assert not ACTING.search(printed(out))
    expected = json.dumps(value, sort_keys=True)
    if not re.search(r"\\u[dD][89a-fA-F]", expected):
        assert json.loads(printed(out))["item"] == value


def encoded(encoding):
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")


def got(stream):
    stream.flush()
    return stream.buffer.getvalue().decode(stream.encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_stream_that_lacks_a_character_gets_a_question_mark_and_no_error(encoding):
    out = Output(encoded(encoding), encoded(encoding), 40)
    out.line("漢 Zoe")
    out.block("漢\nb")
    out.table(["漢" * 30], [Column("漢", str)])
    out.fields([("漢", "漢")])
    out.talk("漢")
    out.error("漢", "漢")
    assert got(out.stdout).startswith("? Zoe\n?\nb\n?\n????")
    assert got(out.stderr) == "?\ncrm: ?\n     hint: ?\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_loses_nothing_on_a_stream_that_lacks_characters(encoding):
    out = Output(encoded(encoding), encoded(encoding))
    out.json_item({"name": "漢 Zoë 🎉"})
    out.error("漢 Zoë 🎉", as_json=True)
    assert json.loads(got(out.stdout))["item"] == {"name": "漢 Zoë 🎉"}
    assert json.loads(got(out.stderr))["error"]["message"] == "漢 Zoë 🎉"


class BrokenPipe(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text):
        raise BrokenPipeError


def test_a_broken_pipe_is_left_to_the_caller():
    out = Output(BrokenPipe(), io.StringIO())
    for call in (
        lambda: out.line("a"),
        lambda: out.block("a"),
        lambda: out.table(["a"], [Column("A", str)]),
        lambda: out.fields([("a", "b")]),
        lambda: out.json_items([]),
    ):
        with pytest.raises(BrokenPipeError):
            call()


def test_a_pipe_has_no_width_and_no_colour():
    out = Output.detect({"COLUMNS": "100"}, io.StringIO(), Terminal())
    assert (out.columns, out.color, out.plain) == (None, False, False)


@pytest.mark.parametrize(
    ("told", "columns"), [("100", 100), ("10", 40), ("wide", 80), ("-5", 80), ("0", 80), ("", 80), ("\u00b2", 80)]
)
def test_a_terminal_is_as_wide_as_it_says_and_never_below_forty(told, columns):
    assert Output.detect({"COLUMNS": told}, Terminal(), io.StringIO()).columns == columns


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
def test_the_width_of_a_real_terminal_is_asked_for():
    import fcntl
    import struct
    import termios

    controller, terminal = os.openpty()
    try:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 133, 0, 0))
        with open(terminal, "w", closefd=False, encoding="utf-8") as stream:
            assert Output.detect({}, stream, stream).columns == 133
            assert Output.detect({"COLUMNS": "70"}, stream, stream).columns == 70
    finally:
        os.close(controller)
        os.close(terminal)


@pytest.mark.parametrize(
    ("environ", "color", "plain"),
    [
        ({}, True, False),
        ({"TERM": "xterm"}, True, False),
        ({"NO_COLOR": ""}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": "0"}, False, False),
        ({"TERM": "dumb"}, False, True),
    ],
)
def test_colour_is_shown_unless_the_environment_forbids_it(environ, color, plain):
    out = Output.detect(environ, Terminal(), Terminal())
    assert (out.color, out.plain) == (color, plain)
    out.line("late", "late")
    assert ("\x1b" in out.stdout.getvalue()) is color


def test_a_closed_stream_is_no_terminal():
    stream = Terminal()
    stream.close()
    assert Output.detect({}, stream, stream).columns in (None, 80)


def test_a_status_line_replaces_itself_and_goes_away():
    stream = Terminal()
    status = StatusLine(stream, {"COLUMNS": "40"})
    assert status.visible
    status.show("Reading 漢字 \x1b[31m")
    status.show("short")
    status.clear()
    status.clear()
    assert stream.getvalue() == f"\rReading 漢字 \ufffd[31m\rshort{' ' * 13}\r{' ' * 5}\r"
    stream = Terminal()
    StatusLine(stream, {"COLUMNS": "40"}).show("x" * 100)
    assert wcswidth(stream.getvalue().lstrip("\r")) == 39


def test_a_status_line_is_silent_where_there_is_no_terminal():
    stream = io.StringIO()
    status = StatusLine(stream, {"COLUMNS": "40"})
    assert not status.visible
    status.show("Reading")
    status.clear()
    assert stream.getvalue() == ""


def test_printing_latin_text_imports_nothing_heavy():
    program = (
        "import sys\n"
        "from crm_core.cli.screen.output import Column, Output\n"
        "for columns in (None, 40):\n"
        "    out = Output(sys.stdout, sys.stderr, columns)\n"
        "    out.table(['Zoë ' * 30], [Column('Name', str)])\n"
        "    out.fields([('Name', 'Zoë ' * 30)])\n"
        "heavy = {'rich', 'jinja2', 'tinydb', 'unicodedata', 'wcwidth', 'msgspec', 'importlib.metadata'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"
