"""Damaged address books through `crm import`: whatever happened to their bytes, nothing hangs or is half imported.

Every damage is made from a number, so that one that is found can be made again.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
CORPUS = HERE.parent / "shared" / "corpus"
SECONDS = 5
"""Of a processor, for one import; what hangs would never end."""
NASTY = (
    b"\0", b"\r", b"\n", b"\n ", b'"', b",", b";", b":", b"\\", b"=", b"=\n", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80",
    b"\xed\xa0\x80", b"\x1b[2J", b"\xe2\x80\xae", b"BEGIN:VCARD\n", b"END:VCARD\n", b"AGENT:BEGIN:VCARD\n",
    b"ENCODING=BASE64:", b"CHARSET=", b";A=B" * 30, b"PHOTO;ENCODING=b:AAAA", b"X-CRM-KNOWS:x\n", b"UID:1\n",
    b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n",
)  # fmt: skip
CHARSETS = ("utf-16", "utf-16-be", "utf-32", "cp1252", "shift_jis", "utf-7", "cp037")


class TooLong(BaseException):
    """An import took more than its time; no handler may swallow it."""


@pytest.fixture
def hurried():
    """A clock that ends what takes too long."""
    if not hasattr(signal, "SIGVTALRM"):
        yield lambda seconds: None
        return

    def ended(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, ended)
    yield lambda seconds: signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.fixture
def whole(crm, tmp_path) -> list[Path]:
    """Address books to damage: the samples, what we write ourselves, and real ones where they are at hand."""
    crm.ok("import", str(HERE / "examples/data/phone.vcf"))
    found = sorted((HERE / "examples/data").glob("*.[cv][sc][vf]"))
    for number, words in enumerate(("csv", "vcard", "vcard --version 4.0", "json")):
        found.append(tmp_path / f"own{number}")
        found[-1].write_bytes(crm.ok(f"export {words}").out.encode())
    found += sorted(path for path in CORPUS.glob("vcard/vcf/**/*") if path.is_file() and path.stat().st_size < 30_000)
    return [*found, *sorted(CORPUS.glob("csv/*.csv"))]


def damaged(rng: random.Random, files: list[bytes]) -> bytes:
    """A file after one to three accidents."""
    data = rng.choice(files)
    for _ in range(rng.randint(1, 3)):
        data = rng.choice(ACCIDENTS)(rng, data, files)
    return data


def place(rng: random.Random, data: bytes) -> int:
    return rng.randint(0, len(data))


def turned(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    broken = bytearray(data)
    for _ in range(min(len(broken), rng.randint(1, 20))):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def cut_off(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    start, end = sorted((place(rng, data), place(rng, data)))
    return rng.choice((data[:start], data[start:], data[:start] + data[end:]))


def mixed(rng: random.Random, data: bytes, files: list[bytes]) -> bytes:
    other = rng.choice(files)
    return data[: place(rng, data)] + other[place(rng, other) :]


def repeated(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    start = place(rng, data)
    piece = data[start : start + rng.choice((1, 10, 100, 2_000))]
    return data[:start] + piece * min(rng.choice((2, 50, 3_000)), 200_000 // max(len(piece), 1)) + data[start:]


def filled(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    at = place(rng, data)
    return data[:at] + rng.choice(NASTY) + data[at:]


def recoded(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    return data.decode(errors="replace").encode(rng.choice(CHARSETS), errors="replace")


def shuffled(rng: random.Random, data: bytes, _: list[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


ACCIDENTS = (turned, turned, cut_off, mixed, repeated, filled, filled, recoded, shuffled)


def damages(files: list[bytes], numbers: range) -> Iterator[tuple[int, bytes]]:
    for number in numbers:
        yield number, damaged(random.Random(number), files)


def check(crm, path: Path, hurried, stored: bytes) -> None:
    """Import one file, and see that the book is as before or has all that is said of it."""
    book = crm.home / "book.json"
    hurried(SECONDS)
    result = crm("import", str(path), "--json")
    hurried(0)
    assert result.code in {0, 2, 3}, result.err
    assert "Traceback" not in result.err + result.out
    if result.code == 2:
        assert book.read_bytes() == stored
        return
    people = {contact.id: contact for contact in crm.book.contacts}
    rows = result.items
    assert all(row["id"] in people if row["action"] != "refused" else row["reason"] for row in rows)
    assert len(people) == 12 + sum(row["action"] in {"added", "unsure"} for row in rows)
    assert (book.read_bytes() == stored) == all(row["action"] in {"same", "refused"} for row in rows)
    again = crm("import", str(path), "--json")
    assert {row["action"] for row in again.items} <= {"same", "refused"}


def run(crm, whole, hurried, tmp_path, numbers: range) -> None:
    files = [path.read_bytes() for path in whole]
    book = crm.home / "book.json"
    stored = book.read_bytes()
    path = tmp_path / "damaged"
    for number, data in damages(files, numbers):
        path.write_bytes(data)
        try:
            check(crm, path, hurried, stored)
        except BaseException:
            print(f"damage {number}")  # noqa: T201 (shown where the test fails)
            raise
        book.write_bytes(stored)


def test_three_hundred_damages(crm, whole, hurried, tmp_path):
    run(crm, whole, hurried, tmp_path, range(300))


@pytest.mark.slow
@pytest.mark.parametrize("start", range(300, 5_000, 470))
def test_five_thousand_damages(crm, whole, hurried, tmp_path, start):
    run(crm, whole, hurried, tmp_path, range(start, start + 470))


def test_a_line_that_doubles_the_work_with_each_of_its_pieces_ends_at_once(crm, hurried, tmp_path):
    path = tmp_path / "line.vcf"
    path.write_bytes(b"BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nTEL" + b";A=B" * 4_000 + b"\nEND:VCARD\n")
    hurried(1)
    assert crm("import", str(path), "--json").items[0]["name"] == "Ana"
