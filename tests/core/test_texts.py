"""What files of other programs hold: lines of any end and width, text without what is not text."""

from __future__ import annotations

import io
import unicodedata

import pytest

from crm_core import clean_text, one_line, physical_lines, texts


def lines(data: bytes) -> list[bytes | None]:
    return list(physical_lines(io.BytesIO(data)))


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_a_line_end_cut_in_two_by_a_short_read_is_one_line_end(step, monkeypatch):
    monkeypatch.setattr(texts, "CHUNK", step)

    assert lines(b"a\r\nb\rc\n\nd\r\n\r\ne") == [b"a", b"b", b"c", b"", b"d", b"", b"e"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told_by_its_mark_or_its_zeros_and_becomes_utf_8(encoding):
    text = "First Name,Last Name\r\nZoë,花子 🚀"

    found = lines(text.encode(encoding))

    assert [line.decode().lstrip("\ufeff") for line in found if line is not None] == text.split("\r\n")


def test_zeros_here_and_there_make_no_utf_16():
    assert lines(b"First Name\0,Last\n") == [b"First Name\0,Last"]


def test_an_overlong_line_is_none_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(texts, "CHUNK", 8)
    monkeypatch.setattr(texts, "MAX_LINE", 20)

    assert lines(b"short\n" + b"x" * 50 + b"\r\nnext\n") == [b"short", None, b"next"]
    assert lines(b"x" * 50) == [None]


def test_nothing_has_no_lines():
    assert lines(b"") == []


def test_text_loses_what_could_act_on_a_terminal_and_keeps_its_lines():
    assert clean_text("A\x1b[31mB\x07C\x00D\x7fE\x9bF\u202eG\u2066H\x85I\tJ\r\nK") == "A[31mBCDEFGH\nI J\nK"


def test_joiners_and_letters_from_right_to_left_stay():
    text = "👩\u200d💻 ليلى \u0645\u06cc\u200c\u062e\u0648\u0627\u200f x"

    assert clean_text(text) == text


def test_text_is_in_normal_form_c():
    assert clean_text("Zoe\u0308") == unicodedata.normalize("NFC", "Zoe\u0308") == "Zoë"


def test_an_absurd_run_of_combining_marks_is_left_as_it_is():
    text = "a" + "\u0301\u0323" * 200

    assert clean_text(text) == text


def test_one_line_has_no_line_ends():
    assert one_line(" a\r\nb\u2028c\td\u3000e  f ") == "a b c d e f"
