"""Whatever texts a book holds, each alone in every field: files made of it are what they claim to be, and nothing more.

Each is read as strictly as the programs do that it is for: no text adds a line, a header, a person, a formula, a tag.
"""

from __future__ import annotations

import csv
import email.policy
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest

from crm_core.testing import Crm
from tests.hostile.filling import CODES, fill
from tests.hostile.words import ACTING, HUGE, IN_NO_FILE, STORABLE

TEXTS: Final = tuple(dict.fromkeys(text for texts in STORABLE.values() for text in texts))
FORMULA: Final = re.compile("[\\s'\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-]")
CONTENT_LINE: Final = re.compile(r"([A-Za-z0-9-]+\.)?([A-Za-z-]+)((;[A-Z-]+=[^:;\"]*)|(;[A-Z-]+=\"[^\"]*\"))*:.*")
ALARMS: Final = 4
"""An event may have so many."""
HEADERS: Final = frozenset({
    "Subject", "From", "To", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    "X-Unsent",
})  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Crm:
    """Two records of every kind for each text, one with it in every field, one with codes in some."""
    crm = Crm(tmp_path_factory.mktemp("files") / "crm")
    crm.environ["CRM_STRICT"] = "1"
    fill(crm.book, TEXTS)
    return crm


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Crm:
    """The same with names that mean no harm: what its files are made of may be in the others."""
    crm = Crm(tmp_path_factory.mktemp("harmless") / "crm")
    fill(crm.book, (f"Ana {number}" for number in range(12)))
    return crm


def exported(crm: Crm, tmp_path: Path, name: str, *words: str) -> str:
    path = tmp_path / name
    crm.ok("export", *words, "-o", str(path))
    return path.read_bytes().decode("utf-8-sig")


def unfolded(text: str) -> list[str]:
    """The content lines of a vCard or iCalendar file (RFC 6350 section 3.2, RFC 5545 section 3.1)."""
    assert text.endswith("\r\n")
    lines = text.removesuffix("\r\n").split("\r\n")
    for line in lines:
        assert len(line.encode()) <= 75
        assert not IN_NO_FILE.search(line)
        assert "\n" not in line
    return re.sub("\r\n[ \t]", "", "\r\n".join(lines)).split("\r\n")


def test_more_than_a_hundred_texts_are_in_fields_of_every_kind(written: Crm):
    book = written.book

    assert len(TEXTS) > 100
    assert {kind.label for kind in book.kinds if len(list(book.table(kind.type))) < len(TEXTS)} == set()
    names = {contact.name for contact in book.contacts}
    assert {text for text in TEXTS if text.strip()} <= names


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_cards_hold_one_person_each(written: Crm, tmp_path: Path, version: str):
    lines = unfolded(exported(written, tmp_path, "people.vcf", "vcard", "--version", version))

    people = len(written.ok("contact list --json").items)
    counted = Counter(line.upper() for line in lines if re.match("(BEGIN|END|VERSION):", line, re.IGNORECASE))
    assert counted == {"BEGIN:VCARD": people, "END:VCARD": people, f"VERSION:{version}": people}
    assert [line for line in lines if not CONTENT_LINE.fullmatch(line)] == []


def test_a_folder_of_cards_has_no_name_that_leads_elsewhere(written: Crm, tmp_path: Path):
    folder = tmp_path / "in" / "cards"
    folder.parent.mkdir()

    written.ok("export", "vdir", "-o", str(folder))

    assert [path.name for path in folder.parent.iterdir()] == ["cards"]
    assert {path.name for path in tmp_path.iterdir()} == {"in"}
    names = [path.name for path in folder.iterdir()]
    assert [name for name in names if not re.fullmatch(r"[\w-]+\.vcf|\.crm-vdir\.json", name)] == []
    assert len(names) == len(written.ok("contact list --json").items) + 1


def test_a_calendar_holds_only_its_own_events(written: Crm, tmp_path: Path):
    lines = unfolded(exported(written, tmp_path, "dates.ics", "ics"))

    assert [line for line in lines if not CONTENT_LINE.fullmatch(line)] == []
    opened: list[str] = []
    inside: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        if line.startswith("BEGIN:"):
            opened.append(line[6:])
            inside[tuple(opened)] += 1
        elif line.startswith("END:"):
            assert opened.pop() == line[4:]
    assert opened == []
    assert {path[0] for path in inside} == {"VCALENDAR"}
    events = inside["VCALENDAR", "VEVENT"] + inside["VCALENDAR", "VTODO"]
    assert len({line for line in lines if re.match("UID:(?!.*-(calendar|alarm-[0-9]+)$)", line)}) == events
    alarms = inside["VCALENDAR", "VEVENT", "VALARM"] + inside["VCALENDAR", "VTODO", "VALARM"]
    assert alarms <= events * ALARMS
    assert {line for line in lines if line.startswith("ACTION")} <= {"ACTION:DISPLAY"}


@pytest.mark.parametrize("words", [("csv",), ("report", "--as", "csv")], ids="-".join)
def test_tables_hold_no_formula_and_no_further_cell(written: Crm, tmp_path: Path, words: tuple[str, ...]):
    rows = list(csv.reader(io.StringIO(exported(written, tmp_path, "table.csv", *words), newline=""), strict=True))

    assert len(rows) > 100
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert not IN_NO_FILE.search(cell)
        assert not FORMULA.match(cell) or cell.startswith("'"), cell


class Page(HTMLParser):
    """What a page is made of: its elements, their attributes, and what is neither element nor text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.declarations: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.declarations.append(data)

    def handle_comment(self, data: str) -> None:
        self.declarations.append(data)

    def handle_pi(self, data: str) -> None:
        self.declarations.append(data)


@pytest.mark.parametrize("words", [("export", "report", "-o"), ("stats", "--html")], ids=" ".join)
def test_pages_hold_nothing_that_runs_or_loads(written: Crm, harmless: Crm, tmp_path: Path, words: tuple[str, ...]):
    written.ok(*words, str(tmp_path / "page.html"))
    harmless.ok(*words, str(tmp_path / "harmless.html"))
    text = (tmp_path / "page.html").read_text("utf-8")

    page, usual = Page(text), Page((tmp_path / "harmless.html").read_text("utf-8"))

    assert page.elements <= usual.elements
    assert {name for name, _ in page.attributes} <= {name for name, _ in usual.attributes} | {"href"}
    assert page.declarations == usual.declarations
    assert [name for name, _ in page.attributes if name.startswith("on") or name in {"src", "action"}] == []
    for name, value in page.attributes:
        assert name != "href" or re.match("https?://|mailto:|#", value), value
    assert "url(" not in text
    assert "@import" not in text
    assert not ACTING.search(text)


def test_the_whole_book_as_json_holds_every_text_as_it_is(written: Crm, tmp_path: Path):
    text = exported(written, tmp_path, "book.json", "json")

    found = set(_texts(json.loads(text)))

    assert {text for text in TEXTS if text.strip()} <= found
    assert not IN_NO_FILE.search(text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@pytest.mark.slow
def test_no_letter_has_a_header_or_an_address_more(written: Crm, tmp_path: Path):
    letters = written.ok("letter list --json").items
    exported = 0
    for letter in letters:
        path = tmp_path / f"{letter['id']}.eml"
        result = written("letter", "export", letter["id"], "--eml", "--force", "-o", str(path))
        assert result.code in {0, 1, 2}, result
        if result.code:
            continue
        exported += 1
        parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        assert set(parsed.keys()) <= HEADERS, parsed.keys()
        assert len(parsed.keys()) == len(set(parsed.keys()))
        assert parsed["To"] is None or len(parsed["To"].addresses) <= 1
        assert parsed.defects == []
        assert not parsed.is_multipart()
        assert parsed.get_content_type() == "text/plain"
    assert exported > len(TEXTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a megabyte of escapes", "a megabyte of wide characters", "very many marks"])
def test_a_huge_text_in_every_field_leaves_every_file_readable(crm: Crm, harmless: Crm, tmp_path: Path, name: str):
    """As another program may write it: ours takes none that is so long."""
    fill(crm.book, ["Ana"])
    fill(crm.book, [HUGE[name][:5_000]], {**CODES, "name": HUGE[name]})

    unfolded(exported(crm, tmp_path, "people.vcf", "vcard"))
    unfolded(exported(crm, tmp_path, "dates.ics", "ics"))
    csv.field_size_limit(10_000_000)
    for words in (("csv",), ("report", "--as", "csv")):
        assert len({len(row) for row in csv.reader(io.StringIO(exported(crm, tmp_path, words[0], *words)))}) == 1
    assert (
        Page(exported(crm, tmp_path, "page.html", "report")).elements
        <= Page(exported(harmless, tmp_path, "harmless.html", "report")).elements
    )
    assert HUGE[name] in set(_texts(json.loads(exported(crm, tmp_path, "book.json", "json"))))
    for words in ("history", "doctor", "find Ana", "undo", "redo", "contact list", "export report"):
        result = crm(*words.split(), columns=80)
        assert not ACTING.search(result.out)
        assert len(result.err) < 10_000
