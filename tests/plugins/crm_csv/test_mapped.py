"""Tables of which only the user knows what is in them: guessing and reading."""

from __future__ import annotations

import io

import pytest

from crm_core import Candidate, Problem
from crm_csv.mapped import FIELDS, columns_of, read_mapped


def guesses(text: str) -> dict[str, str]:
    return {column.title: column.guess for column in columns_of(io.BytesIO(text.encode()))}


def read(text: str, mapping: dict[str, str]):
    return list(read_mapped(io.BytesIO(text.encode()), mapping))


@pytest.mark.parametrize(
    ("titles", "fields"),
    [
        ("Full name,Mail,Mobile,Office phone,LinkedIn", ["name", "email", "phone:cell", "phone:work", "profile"]),
        (
            "Vorname;Nachname;Firma;Telefon geschäftlich;PLZ",
            ["given", "family", "organisation", "phone:work", "postcode"],
        ),
        ("Prénom\tNom de famille\tSociété\tFonction", ["given", "family", "organisation", "title"]),
        ("first_name|LAST NAME|Job Title|Tags|Date of birth", ["given", "family", "title", "tag", "birthday"]),
        ("Name,Title,How we met,Comments", ["name", "title", "how", "note"]),
    ],
)
def test_titles_are_guessed_in_several_languages(titles, fields):
    assert list(guesses(titles + "\n").values()) == fields


def test_what_titles_do_not_say_cells_do():
    table = (
        "Who;Reach;Ring;See;When;Note it\n"
        "Ana Silva;ana@x.example;+44 1632 960001;https://x.example/ana;2026-02-08;12\n"
        "Tom;tom@x.example;(01632) 960-002;www.x.example/tom;8.2.2026;13\n"
    )

    assert guesses(table) == {"Who": "", "Reach": "email", "Ring": "phone", "See": "profile", "When": "", "Note it": ""}


def test_two_samples_are_shown_of_each_column():
    (name, mail, empty) = columns_of(io.BytesIO(b"Name,Mail,Nothing\nAna,a@x.example,\nAna,b@x.example,\nTom,,\n"))

    assert (name.samples, mail.samples, empty.samples) == (("Ana", "Tom"), ("a@x.example", "b@x.example"), ())


def test_a_table_without_titles_has_numbered_columns():
    assert guesses("Ana,ana@x.example\nTom,tom@x.example\n") == {"column 1": "", "column 2": "email"}
    found = read("Ana,ana@x.example\nTom,tom@x.example\n", {"column 1": "name", "column 2": "email"})
    assert [(part.line, part.contact.name) for part in found] == [(1, "Ana"), (2, "Tom")]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Dear Ana,\nhow are you?\nI am well, thanks, and you?\n", "hello", "\0\1\2"]
)
def test_what_is_no_table_has_no_columns(text):
    assert guesses(text) == {}


def test_a_list_of_addresses_is_a_table():
    assert guesses("a@x.example\nb@x.example\n") == {"column 1": "email"}
    assert guesses("Mail\na@x.example\n") == {"Mail": "email"}


def test_cells_may_hold_several_and_labels_are_taken_from_the_map():
    text = 'N,E,P,U,T\nAna,"a@x.example; b@x.example","1\n2",x.example www.y.example,"friend, fair"\n'
    (found,) = read(text, {"N": "name", "E": "email:home", "P": "phone:cell", "U": "profile", "T": "tag"})

    ana = found.contact
    assert (ana.emails, ana.phones, ana.tags) == (("a@x.example", "b@x.example"), ("1", "2"), ("friend", "fair"))
    assert [profile.url for profile in ana.profiles] == ["https://x.example", "https://www.y.example"]
    assert [label.label for label in ana.labels] == ["home", "home", "cell", "cell"]


def test_a_name_beside_an_address_is_no_part_of_it():
    text = 'Mail\n"Silva, Ana <ana@x.example>"\n<tom@x.example>\nmailto:eve@x.example\n'
    found = read(text, {"Mail": "email"})

    assert [(part.contact.name, part.contact.emails) for part in found] == [
        ("Silva, Ana", ("ana@x.example",)),
        ("tom@x.example", ("tom@x.example",)),
        ("eve@x.example", ("eve@x.example",)),
    ]
    assert found[0].contact.kept == ()


def test_an_address_may_be_whole_or_in_parts():
    (whole,) = read("N,A\nAna,Pier 1 Faro\n", {"N": "name", "A": "address"})
    (parts,) = read("N,S,C\nAna,Pier 1,Faro\n", {"N": "name", "S": "street", "C": "city"})

    assert (whole.contact.address, parts.contact.address) == ("Pier 1 Faro", "Pier 1, Faro")


def test_what_is_not_mapped_is_kept_and_what_is_skipped_is_not():
    (found,) = read("Name,Größe (cm),役職,Secret\nAna,170,CTO,x\n", {"Name": "name", "Secret": "skip"})

    assert found.contact.kept == ("X-CSV-GROE-CM:170", "X-CSV-COLUMN:CTO")


def test_every_field_has_a_place():
    cells = {field: f"{field} x" for field in FIELDS if field not in {"keep", "skip", "address"}}
    cells |= {"email": "a@x.example", "profile": "https://x.example", "birthday": "1980-03-22"}
    (found,) = read("\t".join(cells) + "\n" + "\t".join(cells.values()), {field: field for field in cells})

    assert isinstance(found, Candidate)
    ana = found.contact
    assert ana.address == "street x, city x, region x, postcode x, country x"
    assert ana.kept == (
        "ADR:;;street x;city x;region x;postcode x;country x",
        "X-DEPARTMENT:department x",
        *("X-CSV-NAME-PREFIX:prefix x", "X-CSV-NAME-MIDDLE:middle x", "X-CSV-NAME-SUFFIX:suffix x"),
    )
    for field in ("name", "given", "family", "nickname", "how", "note", "uid"):
        assert getattr(ana, field) == f"{field} x"
    assert (ana.positions[0].organisation, ana.positions[0].title) == ("organisation x", "title x")
    assert (ana.emails, ana.phones, ana.tags, ana.birthday) == (
        *(("a@x.example",), ("phone x",), ("tag x",)),
        "1980-03-22",
    )


def test_a_row_that_names_nobody_is_refused_with_its_line():
    found = read("Name,Town\nAna,Faro\n,Porto\n", {"Name": "name"})

    assert found[1] == Problem(line=3, reason="it names nobody", text="Porto")
