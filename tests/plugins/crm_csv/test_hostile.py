"""Tables made to hurt, and sound ones with bytes changed: an account of each row, nothing raised, little held."""

from __future__ import annotations

import io
import random
import tracemalloc
from collections.abc import Iterator

import pytest

import crm_csv
from crm_core import Candidate, Problem
from crm_csv.own import COLUMNS

ROWS = 3_000

SEEDS = {
    "linkedin": b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    b'Mara,"Lind, q",https://www.linkedin.com/in/m,m@x.example,"A ""B"" C",CTO,08 Feb 2026\n,,,,,,7-Feb-22\n',
    "google": b"First Name,Last Name,Organization Name,Labels,Birthday,"
    b"E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\n"
    b'Mara,L,Acme ::: B,* myContacts ::: x,--03-22,* Work,a@x.example ::: b@x.example,"1\n2"\n',
    "outlook": b'"Title","First Name","Last Name","Job Title","E-mail Address","Birthday","Business Street"\r\n'
    b'"Dr.","Mara","L","CTO","/o=x","0/0/00","A\r\nB"\r\n',
    "own": ",".join(COLUMNS).encode() + b"\r\n"
    b'Ana,,,,Acme,CTO,2020-01-05,,yes,a@x.example,\'+1,b,c,l|x,n|h|u,,,,,,"a\nb",,,u,k\\\\\r\n',
    "any": "Name;Größe;Mail\nAna;1;a@x.example\n".encode("cp1252"),
    "utf-16": "First Name,Last Name,Connected On\nMara,L,\n".encode("utf-16"),
}
BITS = (b"", b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\\", b"|", b";\t", b'"\n"')


def read_by_all(data: bytes) -> Iterator[Candidate | Problem]:
    """What each importer makes of a file, whether it knows it or not."""
    for importer in crm_csv.crm_importers():
        importer.sniff(data[:4096])
        if importer.no_people is not None:
            importer.no_people(data[:4096])
        yield from importer.read(io.BytesIO(data))
        if importer.columns is not None and importer.read_mapped is not None:
            columns = importer.columns(io.BytesIO(data))
            yield from importer.read_mapped(
                io.BytesIO(data), {column.title: column.guess or "keep" for column in columns}
            )


@pytest.mark.parametrize("name", SEEDS)
def test_tables_with_bytes_changed_raise_nothing(name):
    chance = random.Random(name)
    for _ in range(100):
        data = bytearray(SEEDS[name])
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            data[place : place + chance.choice((0, 1, 1, 9))] = chance.choice(BITS)
        for entry in read_by_all(bytes(data)):
            assert entry.line > 0


def table(kind: str) -> Iterator[bytes]:
    yield b"First Name,Last Name,Email Address,Company,Position,Connected On\n"
    for number in range(ROWS):
        yield f'Ana {number},Silva,a{number}@x.example,"Acme, Inc.",CTO,08 Feb 2026\n'.encode()
        if kind == "torn" and number % 50 == 0:
            yield b'"torn,\n'


class Slow(io.RawIOBase):
    """A stream that never has more than it was asked for."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._rest = parts, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._rest = self._rest or next(self._parts, b"")
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


@pytest.mark.parametrize("kind", ["sound", "torn"])
def test_a_large_table_is_never_held(kind):
    linkedin = next(iter(crm_csv.crm_importers()))
    tracemalloc.start()
    count = sum(1 for _ in linkedin.read(io.BufferedReader(Slow(table(kind)))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == ROWS + (ROWS // 50 if kind == "torn" else 0)
    assert peak < 1_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"," * 200_000,
        b"a," * 100_000 + b"\n" + b"x," * 100_000,
        b'"' * 200_000,
        b"First Name,Last Name," + b"E-mail 1 - Value," * 20_000 + b"\nAna,Silva\n",
        b"First Name,Last Name\n" + b"\xcc\x81" * 100_000 + b",x\n",
        b"First Name,Last Name\n" + b"\n" * 200_000,
        b"Name,Mail\n" + b"@" * 100_000 + b",x\n",
        b"Name,Tel\nAna," + b"( " * 50_000 + b"\n",
    ],
    ids=range(8),
)
def test_absurd_files_are_read_in_a_moment(data):
    for entry in read_by_all(data):
        assert entry.line > 0
