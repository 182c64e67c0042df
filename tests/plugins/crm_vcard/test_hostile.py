"""Files made to hurt: the reader gives an account of them, raises nothing, hangs nowhere and holds little."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_core import Candidate
from crm_vcard.reader import looks_like_cards, read_cards

Apart = Callable[..., str]

SAMPLES = Path(__file__).parents[3] / "examples" / "data"

EVERYTHING = b"""BEGIN:VCARD
VERSION:2.1
N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=83e=83g;=91=BE;;;
FN;CHARSET=UTF-8:Zo\xc3\xab \xf0\x9f\x9a\x80
item1.ADR;TYPE="a:b;c",pref;LABEL=x^ny:;;1 Main\\, St\\n2;Town;;;
item1.X-ABLabel:_$!<HomePage>!$_
BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29
ORG:A\\;B;C,D;
TITLE:x
URL:https\\://www.linkedin.com/in/z%C3%AB
X-SOCIALPROFILE;type=mastodon:https://s.example/@z
IMPP:im:slack:z
AGENT:BEGIN:VCARD
 TEL:1
 END:VCARD
PHOTO;BASE64:
/9j/4AAQSkZJRgABAQEA
AAAA==

NOTE;QUOTED-PRINTABLE:=
a=C3=
=AB
EMAIL;PREF=1:z@example.com
CATEGORIES:a,b\\,c
END:VCARD
"""


READ_ONE = """
import io, sys
from crm_vcard.reader import read_cards
body = b"BEGIN:VCARD\\nFN:Zoe\\n" + sys.stdin.buffer.read() + b"\\nTEL:1\\nEND:VCARD\\n"
print([(c.contact.name, c.contact.phones[-1:], len(c.repaired)) for c in read_cards(io.BytesIO(body))])
"""


@pytest.mark.parametrize(
    ("lines", "bad"),
    [
        ("TEL" + ";A=B" * 40, 1),
        ("TEL" + ";A=B" * 2_000, 1),
        ("TEL" + ";A=B" * 40 + '"', 1),
        ('TEL;A=,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x"q":v', 0),
        ('TEL;A="' * 1_000, 1),
        ("TEL;" + "," * 9_000 + ":v", 0),
        ("TEL" + ";" * 9_000 + ":v", 0),
        ("TEL;A=" + '"",' * 3_000 + ":v", 0),
        ("A" * 9_000 + "." * 900 + ":v", 1),
        ("X" * 5_000_000, 1),
        ("NOTE:" + "\\" * 99_999, 0),
        ("ORG:" + "\\;" * 999, 0),
        (("NOTE:a" + "\u0301\u0323" * 49_000 + "\n") * 20, 0),
        ("URL:" + "a@" * 990, 0),
        ("URL:" + "https://" * 240, 0),
        ("BDAY:" + "1" * 1_999, 0),
        ("ADR;LABEL=" + "^" * 9_000 + ":;", 0),
        ("X-ABLabel:" + "$!<" * 600, 0),
        ("NOTE;QUOTED-PRINTABLE:" + "a" * 4_000_000 + "=\n" + "=\n" * 200_000, 0),
        ("PHOTO;BASE64:" + "A" * 4_000_000 + "\n" + "AAAA\n" * 200_000, 0),
        ("".join(f"NOTE;CHARSET=x{number}:v\n" for number in range(100_000)), 0),
    ],
)
def test_lines_that_could_take_for_ever_are_read_in_a_process_that_ends(apart: Apart, lines: str, bad: int) -> None:
    assert apart(READ_ONE, lines.encode()) == f"[('Zoe', ('1',), {bad})]"


def test_undecodable_lines_without_number_are_read_in_a_process_that_ends(apart: Apart) -> None:
    assert apart(READ_ONE, b"X:\xff\n" * 200_000) == "[('Zoe', ('1',), 1)]"


def check(data: bytes) -> None:
    """Read a file whole and check what is promised of every entry."""
    looks_like_cards(data[:4096])
    lines = data.count(b"\n") + data.count(b"\r") + 1
    found = list(read_cards(io.BytesIO(data)))
    for part in found:
        assert 1 <= part.line <= lines
        if isinstance(part, Candidate):
            contact = part.contact
            assert contact.name
            assert all(len(line) <= 2000 and "\n" not in line and "\r" not in line for line in contact.kept)
            "".join((contact.name, contact.note, *contact.kept)).encode()
        else:
            assert part.reason
            assert len(part.text) <= 80
    assert found


def mutations(data: bytes, seed: int, number: int) -> list[bytes]:
    """Copies of a file with some bytes changed, cut, doubled or swapped; always the same for a seed."""
    chance = random.Random(seed)
    spice = [
        b"\r",
        b"\n",
        b"\n ",
        b"=\n",
        b":",
        b";",
        b",",
        b"\\",
        b'"',
        b"=",
        b"\0",
        b"\xff",
        b"\xe2\x80\xae",
        b"\x1b[",
    ]
    spice += [b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:\n", b"QUOTED-PRINTABLE", b"BASE64", b"CHARSET=utf-16;"]
    made = []
    for _ in range(number):
        copy = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at, length = chance.randrange(len(copy)), chance.randint(0, 12)
            kind = chance.randrange(4)
            if kind == 0:
                copy[at : at + length] = chance.choice(spice)
            elif kind == 1:
                copy[at] = chance.randrange(256)
            elif kind == 2:
                copy[at:at] = copy[at : at + length * 8]
            elif len(copy) > 100:
                del copy[at : at + length]
        made.append(bytes(copy))
    return made


def test_five_thousand_spoiled_files_raise_nothing() -> None:
    samples = [EVERYTHING, (SAMPLES / "broken.vcf").read_bytes(), (SAMPLES / "phone.vcf").read_bytes()[:1500]]
    samples.append(EVERYTHING.decode("utf-8").encode("utf-16"))
    for seed, sample in enumerate(samples):
        for data in mutations(sample, seed, 1_250):
            check(data)


def test_every_beginning_of_a_file_raises_nothing() -> None:
    for end in range(len(EVERYTHING)):
        check(EVERYTHING[:end])


def test_noise_raises_nothing() -> None:
    chance = random.Random(7)
    for size in (1, 2, 3, 10, 1_000, 200_000):
        check(chance.randbytes(size))
        check(b"BEGIN:VCARD\n" + chance.randbytes(size) + b"\nFN:x\nEND:VCARD")


PEAK = """
import io
from crm_vcard.reader import read_cards

CARD = (
    b"BEGIN:VCARD\\r\\nVERSION:3.0\\r\\nN:Example;Zoe;;;\\r\\nFN:Zoe Example %d\\r\\nORG:Acme;Sales\\r\\n"
    b"EMAIL;TYPE=work:zoe%d@example.com\\r\\nTEL:+1 555 0100\\r\\n"
    b"NOTE:" + "Zoë 🚀 ".encode() * 40 + b"\\r\\nEND:VCARD\\r\\n"
)

class Many(io.RawIOBase):
    def __init__(self, number):
        self.cards = (CARD % (i, i) for i in range(number))
        self.size = 0

    def read(self, size=-1):
        part = b"".join(card for card, _ in zip(self.cards, range(50)))
        self.size += len(part)
        return part

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))

list(read_cards(Many(100)))
before = peak()
many = Many(30_000)
number = sum(1 for _ in read_cards(many))
print(number, many.size // 1024, peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_thirty_thousand_cards_take_hardly_more_memory_than_a_hundred(apart: Apart) -> None:
    number, file_kilobytes, grown_kilobytes = map(int, apart(PEAK).split())
    assert number > 29_000
    assert file_kilobytes > 10_000
    assert grown_kilobytes < file_kilobytes / 4


ENDLESS = """
import io
from crm_vcard.reader import read_cards

class Endless(io.RawIOBase):
    rest = [b"BEGIN:VCARD\\nNOTE:", *([b"x" * 65_536] * 2_000)]

    def read(self, size=-1):
        return self.rest.pop(0) if self.rest else b""

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))

before = peak()
found = list(read_cards(Endless()))
print(len(found), found[0].reason, peak() - before < 60_000, sep=", ")
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_line_that_does_not_end_is_not_held_in_memory(apart: Apart) -> None:
    assert apart(ENDLESS) == "1, a line of more than 8 MB, True"
