"""A file into single cards: beginnings, ends, nesting, line ends, charsets of whole files, limits."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from crm_core import Candidate, Problem
from crm_vcard.reader import read_cards

Reader = Callable[[str | bytes], list[Candidate | Problem]]

ANNA = "BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nTEL:+44 7700 900001\nEND:VCARD\n"
BERT = "BEGIN:VCARD\nVERSION:3.0\nFN:Bert\nTEL:+44 7700 900002\nEND:VCARD\n"
CARL = "BEGIN:VCARD\nVERSION:3.0\nFN:Carl\nTEL:+44 7700 900003\nEND:VCARD\n"


def names(found: list[Candidate | Problem]) -> list[str]:
    return [part.contact.name if isinstance(part, Candidate) else part.reason for part in found]


def test_cards_come_in_file_order_with_the_line_they_begin_in(read: Reader) -> None:
    found = read(ANNA + "\n" + BERT)
    assert names(found) == ["Anna", "Bert"]
    assert [part.line for part in found] == [1, 7]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_any_line_end_will_do(read: Reader, end: str) -> None:
    found = read((ANNA + BERT).replace("\n", end))
    assert names(found) == ["Anna", "Bert"]
    assert all(isinstance(part, Candidate) and not part.repaired for part in found)


def test_a_byte_order_mark_is_no_part_of_the_first_line(read: Reader) -> None:
    found = read(b"\xef\xbb\xbf" + ANNA.encode() + b"\xef\xbb\xbf" + BERT.encode())
    assert names(found) == ["Anna", "Bert"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told_by_its_mark_or_by_its_zeros(read: Reader, encoding: str) -> None:
    found = read((ANNA + BERT).replace("Anna", "Zoë 花子 🚀").encode(encoding))
    assert names(found) == ["Zoë 花子 🚀", "Bert"]


def test_utf_16_cut_in_the_middle_of_a_character_is_read_to_there(read: Reader) -> None:
    (found,) = read(ANNA.encode("utf-16-le")[:-1])
    assert isinstance(found, Candidate)
    assert (found.contact.name, found.repaired) == ("Anna", ())


def test_an_end_that_is_missing_is_supplied_and_reported(read: Reader) -> None:
    found = read(ANNA.replace("END:VCARD\n", "") + BERT.replace("END:VCARD\n", ""))
    assert names(found) == ["Anna", "Bert"]
    assert [part.repaired for part in found if isinstance(part, Candidate)] == [("END:VCARD is missing",)] * 2


def test_a_broken_card_in_the_middle_costs_no_other(read: Reader) -> None:
    broken = "BEGIN:VCARD\nVERSION:3.0\n;;;\x00=:\nno colon here\nEND:VCARD\n"
    found = read(ANNA + broken + CARL)
    assert names(found) == ["Anna", "no name, organisation, e-mail address or phone number", "Carl"]
    assert found[1].line == 6


def test_blanks_round_the_bounds_do_not_matter(read: Reader) -> None:
    found = read("  BEGIN:VCARD\n  VERSION:3.0\n  FN:Anna\n  NOTE:one\n    two\n  END:VCARD  \n" + BERT)
    assert names(found) == ["Anna", "Bert"]
    assert isinstance(found[0], Candidate)
    assert found[0].contact.note == "one two"


def test_a_byte_order_mark_may_stand_before_the_blanks(read: Reader) -> None:
    (found,) = read(b"\xef\xbb\xbf  BEGIN:VCARD\n  FN:Anna\n  TEL:1\n  END:VCARD\n")
    assert isinstance(found, Candidate)
    assert (found.contact.name, found.contact.phones, found.repaired) == ("Anna", ("1",), ())


def test_the_card_of_an_agent_does_not_leak_into_the_one_that_holds_it(read: Reader) -> None:
    nested = "AGENT:\nBEGIN:VCARD\nFN:Secretary\nTEL:+44 7700 900999\nEMAIL:s@example.com\nEND:VCARD\n"
    (found,) = read(ANNA.replace("TEL", nested + "TEL"))
    assert isinstance(found, Candidate)
    assert found.contact.name == "Anna"
    assert found.contact.phones == ("+44 7700 900001",)
    assert found.contact.emails == ()
    assert found.contact.kept == ()
    assert found.left_out == ("AGENT",)
    assert found.repaired == ()


@pytest.mark.parametrize("indent", ["", " ", "\t"])
def test_an_agent_may_begin_on_its_own_line_and_be_folded(read: Reader, indent: str) -> None:
    nested = f"AGENT:BEGIN:VCARD\n{indent}FN:Secretary\n{indent}TEL:+44 7700 900999\n{indent}END:VCARD\n"
    found = read(ANNA.replace("TEL", nested + "TEL") + BERT)
    assert names(found) == ["Anna", "Bert"]
    assert isinstance(found[0], Candidate)
    assert found[0].contact.phones == ("+44 7700 900001",)
    assert found[0].left_out == ("AGENT",)


def test_an_agent_written_as_one_escaped_value_is_left_out(read: Reader) -> None:
    line = "AGENT:BEGIN:VCARD\\nFN:Secretary\\nTEL:+44 7700 900999\\nEND:VCARD\\n\n"
    (found,) = read(ANNA.replace("TEL", line + "TEL"))
    assert isinstance(found, Candidate)
    assert found.contact.phones == ("+44 7700 900001",)
    assert found.left_out == ("AGENT",)


def test_an_agent_without_an_end_does_not_swallow_the_next_card(read: Reader) -> None:
    found = read("BEGIN:VCARD\nFN:Anna\nAGENT:\nBEGIN:VCARD\nFN:Secretary\nEND:VCARD\n" + BERT)
    assert names(found) == ["Anna", "Bert"]


def test_an_agent_does_not_leak_from_a_file_that_breaks_off(read: Reader) -> None:
    (found,) = read("BEGIN:VCARD\nFN:Anna\nAGENT:\nBEGIN:VCARD\nFN:Secretary\nTEL:+44 7700 900999\n")
    assert isinstance(found, Candidate)
    assert (found.contact.phones, found.left_out) == ((), ("AGENT",))
    assert found.repaired == ("END:VCARD is missing",)


def test_line_numbers_are_right_after_a_nested_card(read: Reader) -> None:
    nested = "AGENT:\nBEGIN:VCARD\nFN:Secretary\nEND:VCARD\n"
    (found,) = read(f"BEGIN:VCARD\nFN:Anna\n{nested}no colon\nEND:VCARD\n")
    assert isinstance(found, Candidate)
    assert found.repaired == ("line 7 is no vCard line and was left out: 'no colon'",)


def test_a_thousand_nested_beginnings_end_in_one_person_and_an_account_of_the_rest(read: Reader) -> None:
    found = read("BEGIN:VCARD\n" * 1000 + "FN:Deep\n" + "END:VCARD\n" * 1000)
    assert [name for name in names(found) if name == "Deep"] == ["Deep"]
    assert len([part for part in found if isinstance(part, Problem) and part.line < 1000]) == 999


def test_a_thousand_nested_agents_are_one_card(read: Reader) -> None:
    found = read("BEGIN:VCARD\nFN:Top\n" + "AGENT:\nBEGIN:VCARD\nTEL:1\n" * 1000 + "END:VCARD\n" * 1001)
    assert names(found) == ["Top"]
    assert isinstance(found[0], Candidate)
    assert found[0].contact.phones == ()


@pytest.mark.parametrize("empty", [b"", b"\n\n", b"\r\n \r\n", b"\xef\xbb\xbf", b"\x1a"])
def test_an_empty_file_is_one_problem(read: Reader, empty: bytes) -> None:
    assert names(read(empty)) == ["there is nothing in this file"]


def test_a_file_of_something_else_is_one_problem(read: Reader) -> None:
    (found,) = read("First Name,Last Name\nZoe,Example\n\nAnna,Example\n")
    assert found == Problem(line=1, reason="not a vCard", text="First Name,Last Name")


def test_text_between_cards_is_reported_once_a_place(read: Reader) -> None:
    found = read(ANNA + "stray one\nstray two\n\n" + BERT + "END:VCARD\n")
    assert names(found) == ["Anna", "text outside any vCard", "Bert", "text outside any vCard"]
    assert found[1] == Problem(line=6, reason="text outside any vCard", text="stray one")


def test_an_end_of_file_mark_of_old_is_no_text(read: Reader) -> None:
    assert names(read(ANNA + "\x1a")) == ["Anna"]


def test_an_overlong_line_costs_its_card_and_no_other(read: Reader) -> None:
    long = "PHOTO;ENCODING=b:" + "A" * (8 * 1024 * 1024 + 1)
    found = read(ANNA + BERT.replace("TEL", long + "\nTEL") + CARL)
    assert names(found) == ["Anna", "a line of more than 8 MB", "Carl"]
    assert [part.line for part in found] == [1, 6, 12]


def test_a_line_of_just_the_limit_is_read(read: Reader) -> None:
    long = "PHOTO:" + "A" * (8 * 1024 * 1024 - len("PHOTO:"))
    (found,) = read(ANNA.replace("TEL", long + "\nTEL"))
    assert isinstance(found, Candidate)
    assert found.left_out == ("PHOTO",)


def test_a_card_of_too_many_bytes_costs_no_other(read: Reader) -> None:
    photo = "PHOTO;ENCODING=b:\n" + (" " + "A" * 1_000_000 + "\n") * 17
    assert names(read(ANNA + BERT.replace("TEL", photo + "TEL") + CARL)) == [
        "Anna",
        "a card of more than 16 MB",
        "Carl",
    ]


def test_a_card_of_too_many_lines_costs_no_other(read: Reader) -> None:
    found = read(ANNA + BERT.replace("TEL", "X:\n" * 300_001 + "TEL") + CARL)
    assert names(found) == ["Anna", "a card of more than 300,000 lines", "Carl"]


def test_a_file_without_a_single_line_end_is_one_problem(read: Reader) -> None:
    assert names(read(b"\x01\xff" * (5 * 1024 * 1024))) == ["not a vCard"]


class Endless(io.RawIOBase):
    """A stream that counts how much of it was read."""

    def __init__(self, card: bytes, times: int) -> None:
        self.rest = card * times
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        part = self.rest[self.given : self.given + size]
        self.given += len(part)
        return part


def test_the_first_card_is_there_before_the_file_is_read() -> None:
    stream = Endless(ANNA.encode(), 100_000)
    first = next(iter(read_cards(stream)))  # type: ignore[arg-type]
    assert isinstance(first, Candidate)
    assert stream.given < 200_000
