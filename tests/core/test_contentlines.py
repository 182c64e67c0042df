"""Lines of vCards and calendars as they are written, however long and in any script."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core import escaped_value, folded_line

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=400)


@pytest.mark.parametrize(
    ("text", "value"),
    [("a, b; c", r"a\, b\; c"), (r"C:\new", r"C:\\new"), ("one\ntwo", r"one\ntwo"), ("a:b", "a:b"), ("", "")],
)
def test_what_has_a_meaning_is_escaped(text: str, value: str) -> None:
    assert escaped_value(text) == value


@given(texts)
def test_what_was_escaped_is_undone_letter_by_letter(text: str) -> None:
    value = escaped_value(text)
    assert "\n" not in value
    assert re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value) == text


@given(texts)
def test_a_line_is_folded_at_75_bytes_between_characters(text: str) -> None:
    folded = folded_line(text)
    assert folded.endswith(b"\r\n")
    pieces = folded[:-2].split(b"\r\n")
    assert max(map(len, pieces)) <= 75
    assert [piece[:1] for piece in pieces[1:]] == [b" "] * (len(pieces) - 1)
    assert "".join([pieces[0].decode(), *(piece[1:].decode() for piece in pieces[1:])]) == re.sub(
        r"[\x00-\x1f\x7f-\x9f]", "", text
    )


def test_no_line_is_folded_without_need() -> None:
    assert folded_line("X:" + "a" * 73) == b"X:" + b"a" * 73 + b"\r\n"
    assert folded_line("X:" + "a" * 74) == b"X:" + b"a" * 73 + b"\r\n a\r\n"
    assert folded_line("X:" + "é" * 37) == b"X:" + "é".encode() * 36 + b"\r\n " + "é".encode() + b"\r\n"


def test_no_control_character_and_no_half_of_one_leaves() -> None:
    assert folded_line("X:a\x1b[2J\r\nEND:VCARD\ud800\x85") == b"X:a[2JEND:VCARD?\r\n"
