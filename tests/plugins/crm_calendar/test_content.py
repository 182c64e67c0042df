"""Content lines: whatever a text holds, another program reads it as it was, and so do we."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_calendar.content import Damaged, component, folded, taken_apart, text, value_of
from crm_core import clean_text
from tests.plugins.crm_calendar.conftest import read

anything = st.text(st.characters(codec="utf-8") | st.sampled_from("\\;,:\n\r\t\"'\x00\x1b\u2028\u202e\U0001f600"))


def a_todo(title: str) -> bytes:
    todo = component("VTODO", ("UID:1", "DTSTAMP:20261123T110000Z", f"SUMMARY:{text(title)}"))
    return b"".join(folded(component("VCALENDAR", ("VERSION:2.0", "PRODID:x", *todo))))


@given(anything)
def test_a_text_is_read_as_it_was_but_for_what_no_text_may_hold(title: str):
    data = a_todo(title)

    assert str(read(data).todos[0]["SUMMARY"]) == clean_text(title)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    data.decode()


@given(anything)
def test_what_was_put_together_is_taken_apart_to_the_same_lines(title: str):
    data = a_todo(title)

    for changed in (data, data.replace(b"\r\n", b"\n"), b"\xef\xbb\xbf" + data):
        properties, (todo,) = taken_apart(changed)
        assert properties == ["VERSION:2.0", "PRODID:x"]
        assert b"".join(folded(todo)) in data
        assert value_of(todo, "SUMMARY") == text(title)


def test_half_a_character_is_none():
    assert b"".join(folded(["SUMMARY:a\ud800b"])) == b"SUMMARY:a?b\r\n"


def test_a_value_is_the_components_own():
    event = component("VEVENT", (*component("VALARM", ("UID:alarm", "STATUS:x")), "UID;X=1:event"))

    assert value_of(event, "UID") == "event"
    assert value_of(event, "STATUS") == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        a_todo("x")[:-20],
        a_todo("x").replace(b"END:VTODO\r\n", b""),
        a_todo("x").replace(b"END:VTODO", b"END:VEVENT"),
        a_todo("x").replace(b"BEGIN:VTODO\r\n", b""),
        a_todo("x") + a_todo("y"),
    ],
)
def test_what_is_not_one_whole_calendar_is_damaged(data: bytes):
    with pytest.raises(Damaged):
        taken_apart(data)
