"""Text as cards write it: folding, escapes, charsets, quoted-printable, characters that are not wanted."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from crm_core import Candidate, Problem
from crm_vcard.content import unescape, values

Person = Callable[..., Candidate]


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("NOTE:Met in Paris, likes tea, talks fast", "Met in Paris, likes tea, talks fast"),
        (r"NOTE:Met in Paris\, likes tea", "Met in Paris, likes tea"),
        (r"NOTE:one\ntwo\Nthree", "one\ntwo\nthree"),
        (r"NOTE:a\;b;c", "a;b;c"),
        (r"NOTE:C:\\new folder", r"C:\new folder"),
        (r"NOTE:http\://example.com", "http://example.com"),
        (r"NOTE:he said \"so\"", 'he said "so"'),
        ("NOTE:a lone backslash \\", "a lone backslash \\"),
        ("NOTE:three \\\\\\", "three \\\\"),
        (r"NOTE:unknown \q stays", r"unknown \q stays"),
        (r"NOTE:\\n is no newline", r"\n is no newline"),
        ("NOTE: spaces round it  ", "spaces round it"),
        ("NOTE:comma at the end,", "comma at the end,"),
        ("NOTE:", ""),
    ],
)
def test_a_note_is_read_whole_and_unescaped(person: Person, line: str, note: str) -> None:
    assert person(line).contact.note == note


@pytest.mark.parametrize("name", ["FN", "TITLE", "NICKNAME"])
def test_a_bare_comma_cuts_no_single_text(person: Person, name: str) -> None:
    contact = person(f"{name}:Ready, steady, go", name="" if name == "FN" else "FN:Zoe Example").contact
    texts = {"FN": contact.name, "TITLE": contact.positions[0].title if contact.positions else ""}
    assert {**texts, "NICKNAME": contact.nickname}[name] == "Ready, steady, go"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a;b;c", ["a", "b", "c"]),
        (r"a\;b;c", ["a;b", "c"]),
        (r"a\\;b", ["a\\", "b"]),
        (r"a\\\;b", ["a\\;b"]),
        (r"a\,b;c,d", ["a,b", "c,d"]),
        ("a;;", ["a", "", ""]),
        (r"a\;;", ["a;", ""]),
        (r"\;;;", [";", "", ""]),
        ("a\\;b\\", ["a;b\\"]),
        ("", [""]),
        (";", ["", ""]),
        (r"one\ntwo;\:", ["one\ntwo", ":"]),
        ("eof;a\\;eof", ["eof", "a;eof"]),
    ],
)
def test_values_are_split_at_bare_separators_only(text: str, parts: list[str]) -> None:
    assert values(text, ";") == parts


@pytest.mark.parametrize("text", ["", "\\", "\\\\", "a\\", "\\;", "a;b\\;c;\\", "\\\\;\\n;", ";;\\;"])
def test_splitting_and_unescaping_agree(text: str) -> None:
    assert ";".join(values(text, ";")) == unescape(text)


def test_folded_lines_are_joined(person: Person) -> None:
    contact = person(
        "NOTE:This is a lo", " ng note", "\t that goes", "  on", "TEL;type=", " cell:+44 7700 900123"
    ).contact
    assert contact.note == "This is a long note that goes on"
    assert contact.phones == ("+44 7700 900123",)


def test_a_fold_inside_a_character_does_not_spoil_it(person: Person) -> None:
    whole = "NOTE:Zoë mag 花子 🚀".encode()
    for cut in range(6, len(whole)):
        assert person(whole[:cut], b" " + whole[cut:]).contact.note == "Zoë mag 花子 🚀", cut


def test_a_blank_line_inside_a_card_is_nothing(person: Person) -> None:
    found = person("NOTE:one", "", "  and two", "", "TEL:1")
    assert (found.contact.note, found.contact.phones, found.repaired) == ("one and two", ("1",), ())


def test_text_that_is_not_utf_8_is_read_as_windows_1252_and_said_so(person: Person) -> None:
    found = person("TITLE:Geschäftsführer Süd, 10 €".encode("cp1252"), "NOTE:später, in UTF-8")
    assert found.contact.positions[0].title == "Geschäftsführer Süd, 10 €"
    assert found.contact.note == "später, in UTF-8"
    assert found.repaired == ("text in an undeclared charset, read as Windows-1252",)


def test_bytes_that_are_in_no_charset_do_not_stop_the_reading(person: Person) -> None:
    assert person(b"NOTE:\x81 and \xff").contact.note == "� and ÿ"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("SHIFT_JIS", "安藤ロイド 表示"),
        ("windows-1251", "Анна Примерова"),
        ("windows-1253", "Ελένη"),
        ("ISO-8859-1", "Zoë"),
        ("iso-8859-15", "10 €"),
        ("gb2312", "孔磊"),
        ("EUC-KR", "김철수"),
        ("KOI8-R", "Анна"),
        ("utf-8", "Zoë"),
        ("ISO-2022-JP", "花子"),
    ],
)
def test_a_line_may_name_its_charset(person: Person, charset: str, text: str) -> None:
    raw = f"NOTE;CHARSET={charset}:".encode() + text.encode(charset)
    found = person(raw, version="2.1")
    assert found.contact.note == text
    assert found.repaired == ()


def test_a_charset_named_once_helps_with_lines_that_name_none(person: Person) -> None:
    found = person(
        "TITLE:Διευθύντρια".encode("cp1253"), "LABEL;CHARSET=Windows-1253;QUOTED-PRINTABLE:=C1", version="2.1"
    )
    assert found.contact.positions[0].title == "Διευθύντρια"
    assert found.repaired == ("text in an undeclared charset, read as Windows-1253",)


@pytest.mark.parametrize(
    "charset", ["Murks", "idna", "unicode_escape", "rot13", "zlib", "utf-7", "\x00", "..", "a" * 150]
)
def test_a_charset_that_is_none_is_not_tried(person: Person, charset: str) -> None:
    assert person(f"NOTE;CHARSET={charset}:Zo".encode() + b"\xeb \\n+ABC-").contact.note == "Zoë \n+ABC-"


@pytest.mark.parametrize(
    "head", ["NOTE;ENCODING=QUOTED-PRINTABLE", "NOTE;QUOTED-PRINTABLE", "NOTE;encoding=quoted-printable"]
)
def test_quoted_printable_is_read_over_its_soft_breaks(person: Person, head: str) -> None:
    found = person(f"{head};CHARSET=UTF-8:Zo=C3=AB=0D=0A=", "mag =E8=8A=", "=B1=E5=AD=90, 1=3D1=", "", version="2.1")
    assert found.contact.note == "Zoë\nmag 花子, 1=1"
    assert found.repaired == ()


def test_a_soft_break_before_a_blank_line_swallows_no_property(person: Person) -> None:
    found = person("NOTE;QUOTED-PRINTABLE:a=C3=", "", "=AB=", "", "TEL:1", version="2.1")
    assert (found.contact.note, found.contact.phones) == ("aë", ("1",))


def test_a_line_after_the_one_that_a_soft_break_tore_is_judged_anew(person: Person) -> None:
    found = person("NOTE;QUOTED-PRINTABLE:a=", "", "b", "TEL:1", "no colon", version="2.1")
    assert (found.contact.note, found.contact.phones) == ("ab", ("1",))
    assert found.repaired == ("line 8 is no vCard line and was left out: 'no colon'",)


def test_what_is_no_base64_is_not_taken_for_more_of_a_picture(person: Person) -> None:
    found = person("PHOTO;ENCODING=b:AAAA", "AAAA==", "no picture!", "TEL:1")
    assert found.photo == bytes(6)
    assert found.repaired == ("line 6 is no vCard line and was left out: 'no picture!'",)


def test_a_soft_break_before_the_end_swallows_no_card(read: Callable[[str], list[Candidate | Problem]]) -> None:
    card = "BEGIN:VCARD\nFN:Zoe\nNOTE;QUOTED-PRINTABLE:a=\nEND:VCARD\n"
    assert [part.repaired for part in read(card * 2) if isinstance(part, Candidate)] == [(), ()]


def test_quoted_printable_cut_in_a_character_loses_no_more_than_that(person: Person) -> None:
    found = person("NOTE;CHARSET=utf-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB und =C3=", version="2.1")
    assert found.contact.note == "Zoë und"


def test_quoted_printable_without_a_charset_is_guessed(person: Person) -> None:
    found = person("TITLE;ENCODING=QUOTED-PRINTABLE:Zo=EB", "NOTE;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB", version="2.1")
    assert (found.contact.positions[0].title, found.contact.note) == ("Zoë", "Zoë")
    assert found.repaired == ("text in an undeclared charset, read as Windows-1252",)


def test_an_equals_sign_at_the_end_of_a_plain_line_is_text(person: Person) -> None:
    found = person("NOTE:1+1=", "TEL:1")
    assert (found.contact.note, found.contact.phones) == ("1+1=", ("1",))


@pytest.mark.parametrize("head", ["PHOTO;BASE64", "PHOTO;ENCODING=BASE64;TYPE=JPEG", "PHOTO;ENCODING=b"])
def test_a_picture_need_be_neither_indented_nor_sound(person: Person, head: str) -> None:
    lines = ["/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAMCAgICAgMCAgID" * 2] * 30
    found = person(f"{head}:", *lines, "not/whole==", "", "TEL:1", version="2.1")
    assert found.contact.phones == ("1",)
    assert (found.left_out, found.contact.kept, found.repaired) == ((), (), ("the photo is cut short",))
    assert found.photo.startswith(b"\xff\xd8\xff")


def test_parameters_may_hold_colons_semicolons_and_commas_in_quotes(person: Person) -> None:
    contact = person('TEL;TYPE="a:b;c,d",PREF:1', 'ADR;LABEL="Main St: 1; Town":;;Main St;Town;;;').contact
    assert contact.phones == ("1",)
    assert contact.address == "Main St, Town"


@pytest.mark.parametrize(
    "line", ["TEL;:1", "TEL;;TYPE=:1", "TEL;TYPE=WORK,:1", 'TEL;X="open:1', "tel:1", "TEL :1", "item1.TEL:1"]
)
def test_a_crooked_head_does_not_cost_the_value(person: Person, line: str) -> None:
    found = person(line)
    assert found.contact.phones == ("1",)
    assert found.repaired == ()


@pytest.mark.parametrize(
    "line", ["no colon", "X/Y:1", "a.b.TEL:1", "# a comment: here", ":1", ";TYPE=x:1", "X" * 10_001 + ":1"]
)
def test_a_line_that_is_none_is_set_aside_and_named(person: Person, line: str) -> None:
    found = person("TEL:1", line, "EMAIL:zoe@example.com")
    assert found.repaired == (f"line 5 is no vCard line and was left out: {line[:80]!r}",)
    assert (found.contact.phones, found.contact.emails) == (("1",), ("zoe@example.com",))


def test_many_bad_lines_are_counted(person: Person) -> None:
    found = person(*["no colon"] * 8)
    assert len(found.repaired) == 6
    assert found.repaired[-1] == "3 more lines left out"


def test_what_would_move_a_terminal_is_taken_out_everywhere(person: Person) -> None:
    evil = "A\x1b[31mB\x07C\x00D\x7fE\x9bF\u202eG\u2066H\x85I"
    names = ("ORG", "TITLE", "EMAIL", "TEL", "NOTE", "CATEGORIES", "UID", "BDAY", "NICKNAME", "X-TWITTER", "X-OTHER")
    lines = [
        f"URL:https://example.com/{evil}",
        f"ADR:;;{evil};;;;",
        f"bad {evil}",
        *(f"{name}:{evil}" for name in names),
    ]
    found = person(*lines, name=f"FN:{evil}")
    assert found.contact.name == "A[31mBCDEFGH I"
    assert found.contact.note == "A[31mBCDEFGH\nI"
    shown = repr([found.contact.name, found.contact, found.repaired, found.left_out])
    assert not [letter for letter in shown if unicodedata.category(letter) == "Cc"]
    assert all(escape not in shown for escape in ("\\x1b", "\\x07", "\\x00", "\\x9b", "\\u202e", "\\u2066", "\\x85"))


def test_joiners_and_letters_from_right_to_left_stay(person: Person) -> None:
    text = "👩‍💻 ليلى می‌خواهم\u200f x"
    assert person(f"NOTE:{text}").contact.note == text


def test_text_is_in_normal_form_c(person: Person) -> None:
    assert person(name="FN:Zoe\u0308 E\u0301xample").contact.name == "Zoë Éxample"


def test_a_mark_that_becomes_a_semicolon_splits_nothing(person: Person) -> None:
    assert person("ORG:Acme\u037e Athens;Sales").contact.positions[0].organisation == "Acme; Athens"


def test_the_reason_shown_for_a_file_is_fit_for_a_terminal(read: Callable[[bytes], list[Candidate | Problem]]) -> None:
    (found,) = read(b"\x1b]0;evil\x07" + b"x" * 500)
    assert isinstance(found, Problem)
    assert found.text == "]0;evil" + "x" * 73
