"""Our own layout: what goes out comes in again, whatever it is, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import Book, Candidate, Contact, Export, Label, Position, Problem, Profile
from crm_csv.own import COLUMNS, is_own, read_own, write_own

CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")
TEXT = st.text(CHARACTERS, max_size=8) | st.text(st.sampled_from("=+-@' |\\\ne\"n,;p"), max_size=6)
DAYS = st.none() | st.dates(date(1, 1, 1))
POSITIONS = st.builds(Position, organisation=TEXT, title=TEXT, since=DAYS, until=DAYS, former=st.booleans())
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXT.filter(lambda name: name.strip()),
    **dict.fromkeys(("given", "family", "nickname", "address", "birthday", "how", "note"), TEXT),
    **dict.fromkeys(("emails", "phones", "tags", "kept"), st.lists(TEXT, max_size=3).map(tuple)),
    "uid": TEXT.filter(bool),
    "positions": st.lists(POSITIONS, max_size=3).map(tuple),
    "profiles": st.lists(st.builds(Profile, network=TEXT, handle=TEXT, url=TEXT), max_size=3).map(tuple),
    "labels": st.lists(st.builds(Label, of=TEXT, label=TEXT), max_size=3).map(tuple),
}
REFERENCES = {"introduced_by", "knows"}
STAY_IN_THE_BOOK = {"id", "photo", "differs_from"}


def written(book: Book, *contacts: Contact, **options: Any) -> bytes:
    return b"".join(write_own(Export(book=book, contacts=contacts, agenda=list, options=options)))


def read(data: bytes) -> list[Candidate | Problem]:
    assert is_own(data[:4096])
    return list(read_own(io.BytesIO(data)))


def contact_of(data: bytes) -> Contact:
    (found,) = read(data)
    assert isinstance(found, Candidate), found
    return found.contact


def test_every_field_is_written_or_stays_in_the_book_on_purpose():
    """A new field must be thought of here too."""
    assert {field.name for field in msgspec.structs.fields(Contact)} == FIELDS.keys() | REFERENCES | STAY_IN_THE_BOOK


@pytest.mark.parametrize("options", [{}, {"excel": True}], ids=str)
def test_any_contact_comes_back_as_it_was(book, options):
    @given(st.builds(Contact, **FIELDS))
    def comes_back(contact: Contact) -> None:
        assert contact_of(written(book, contact, **options)) == contact

    comes_back()


def test_no_cell_is_a_formula(book):
    formulas = ("=1+1", " =1", "+44 1632 960001", "-1", "@x", "\n=1")
    people = [Contact(name=f, emails=(f, f), note=f, tags=(f, "x"), address=f, uid=f) for f in formulas]

    rows = list(csv.reader(io.StringIO(written(book, *people).decode(), newline="")))
    assert len(rows) == 1 + len(formulas)
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_the_columns_stand_in_the_order_that_is_promised(book):
    assert written(book).decode() == ",".join(COLUMNS) + "\r\n"
    assert COLUMNS[:11] == (
        *("name", "given", "family", "nickname", "organisation", "title", "since", "until", "former", "email", "phone"),
    )


def test_a_row_is_fit_for_a_person_to_read(book):
    works, worked = Position(organisation="Acme", title="CTO", since=date(2020, 1, 5)), Position(organisation="A, Inc.")
    contact = Contact(
        name="Ana Silva",
        positions=(works, replace(worked, former=True)),
        emails=("ana@x.example", "a@x.example"),
        phones=("+44 1632 960001",),
        labels=(Label(of="+44 1632 960001", label="work"),),
        tags=("friend", "fair"),
        uid="u1",
        kept=("X-CSV-NOTE:a\\nb",),
    )

    _, row = written(book, contact).decode().split("\r\n", 1)
    assert row == (
        "Ana Silva,,,,Acme,CTO,2020-01-05,,,ana@x.example,'+44 1632 960001,a@x.example,,work|+44 1632 960001,,,,,,,"
        '"friend\nfair",,"A, Inc.||||yes",u1,X-CSV-NOTE:a\\\\nb\r\n'
    )


def test_excel_gets_what_it_opens_by_a_double_click(book):
    data = written(book, Contact(name="Zoë", uid="u"), excel=True)

    assert data.startswith(b"\xff\xfe")
    assert data.decode("utf-16").splitlines()[1].split("\t")[:2] == ["Zoë", ""]


def test_guards_may_be_left_out(book):
    data = written(book, Contact(name="Ana", phones=("+441632960001",), uid="u"), unguarded=True)

    assert b",+441632960001," in data
    assert contact_of(data).phones == ("+441632960001",)


def test_people_are_referred_to_by_their_uids(book):
    with book.change("x"):
        eve = book.contacts.add(Contact(name="Eve", uid="urn:eve"))
        tom = book.contacts.add(Contact(name="Tom"))
        ana = book.contacts.add(Contact(name="Ana", introduced_by=eve.id, knows=(eve.id, tom.id)))

    (found,) = read(written(book, ana))
    assert isinstance(found, Candidate)
    assert (found.introduced_by, found.knows) == ("urn:eve", ("urn:eve", book.uid(tom)))
    assert found.contact == replace(ana, id="", introduced_by=None, knows=(), uid=book.uid(ana))


def test_links_to_people_who_are_not_there_yet_are_links_again(book):
    contact = Contact(name="Ana", uid="u", kept=("X-CRM-KNOWS:a\\,b", "X-OTHER:1", "X-CRM-INTRODUCED-BY:urn:eve"))

    (found,) = read(written(book, contact))
    assert isinstance(found, Candidate)
    assert (found.knows, found.introduced_by, found.contact.kept) == (("a,b",), "urn:eve", ("X-OTHER:1",))


def test_it_may_be_edited_in_a_spreadsheet(book):
    data = written(book, Contact(name="Ana", uid="u1"))
    edited = data.decode().replace("\r\n", ";;\r\n").replace(",", ";").replace("kept;;", "kept;Seat;")
    edited = edited.replace("Ana;", "Ana Silva;").replace("u1;;;", "u1;;7;")

    found = read(("\ufeff" + edited).encode())
    assert [part.contact.name for part in found if isinstance(part, Candidate)] == ["Ana Silva"]
    assert contact_of(edited.encode()).kept == ("X-CSV-SEAT:7",)


def test_days_that_a_spreadsheet_rewrote_are_read_and_others_named():
    (found, nobody) = read(
        b"name,title,since,until,kept,how known,other phones\nAna,CTO,05.01.2020,soon,,,\n,CTO,,,,,\n"
    )

    assert isinstance(found, Candidate)
    assert found.contact.positions == (Position(organisation="", title="CTO", since=date(2020, 1, 5)),)
    assert found.repaired == ("until: 'soon' is no day and was left out",)
    assert nobody == Problem(line=3, reason="it names nobody")


def test_what_a_person_may_type_into_a_cell_for_several_is_understood():
    data = b'name,tags,profiles,other emails,kept,how known\nAna,"a\\b\nc","linkedin|ana\nx",a@x.example,,fair\n'

    contact = contact_of(data)
    assert (contact.tags, contact.emails, contact.how) == (("a\\b", "c"), ("a@x.example",), "fair")
    assert contact.profiles == (Profile(network="linkedin", handle="ana"), Profile(network="x"))


def test_control_characters_do_not_come_in():
    assert contact_of(b"name,kept,how known,tags,other phones\nA\x1b[31m\x00na,,x\x7f\x9by,,\n").name == "A[31mna"


def test_control_characters_do_not_go_out(book):
    """Nor hide a formula: `\x1b=1+1`."""
    data = written(book, Contact(name="\x1b]0;owned\x07Zo\x9bë", note="\x1b=1+1"))
    assert not [code for code in data if code < 32 and chr(code) not in "\r\n"]
    assert contact_of(data).name == "]0;ownedZoë"
    assert contact_of(data).note == "=1+1"
    assert b",'=1+1," in data


def test_another_table_is_not_taken_for_ours():
    assert not is_own(b"name,email,phone,tags,note\n")
    assert not is_own(b"")


def test_the_same_book_reads_its_own_table_without_a_change(crm, tmp_path):
    crm.ok("contact add 'Ana Silva' --company Acme --email ana@x.example --phone '+44 1632 960001' --tag friend")
    crm.ok("contact add 'Tom Okafor' --how 'met at the fair' --note '=1+1' --knows Ana")
    crm.ok(f"export csv -o {tmp_path}/people.csv")
    before = (crm.home / "book.json").read_bytes()

    again = crm.ok(f"import {tmp_path}/people.csv --json")

    assert {row["action"] for row in again.items} == {"same"}
    assert (crm.home / "book.json").read_bytes() == before


def test_a_table_of_some_people_links_them_once_the_others_are_there(crm, tmp_path):
    crm.ok("contact add 'Ana Silva' --company Acme --email ana@x.example")
    crm.ok("contact add 'Tom Okafor' --tag friend --knows Ana")
    crm.ok(f"export csv --tag friend -o {tmp_path}/tom.csv")
    crm.ok(f"export csv -o {tmp_path}/all.csv")
    crm.environ["CRM_HOME"] = str(tmp_path / "other")

    crm.ok(f"import {tmp_path}/tom.csv")
    before = crm.ok("contact show tom --json").item
    crm.ok(f"export csv -o {tmp_path}/tom2.csv")
    crm.ok(f"import {tmp_path}/all.csv")
    after = crm.ok("contact show tom --json").item

    assert (before["knows"], len(before["kept"])) == ([], 1)
    assert (after["knows"], after["kept"]) == (["c2"], [])
    assert {row["action"] for row in crm.ok(f"import {tmp_path}/tom2.csv --json").items} == {"same"}


def test_another_book_gets_the_people_and_whom_they_know(crm, tmp_path):
    crm.ok("contact add 'Ana Silva' --company Acme --email ana@x.example")
    crm.ok("contact add 'Tom Okafor' --how 'met at the fair' --note '=1+1' --knows Ana")
    crm.ok(f"export csv --excel -o {tmp_path}/people.csv")
    crm.environ["CRM_HOME"] = str(tmp_path / "other")

    crm.ok(f"import {tmp_path}/people.csv")

    tom = crm.ok("contact show tom --json").item
    assert (tom["how"], tom["note"], tom["knows"]) == ("met at the fair", "=1+1", ["c1"])
