"""Tables that no format knows: said by `--map`, asked column by column, or refused with the command to type."""

from __future__ import annotations

import io
import shlex
import zipfile

import pytest

TABLE = "Full name,Mail,Where we met,Badge\nAna Silva,ana@x.example,Lisbon,12\nTom Okafor,tom@x.example,,13\n"
OTHER = "Person;Nummer\nEve Moreau;7\n"
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana Silva\nEND:VCARD\n"
MAP = ("--map", "Full name=name", "--map", "mail=email:work", "--map", "3=how")


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Writes a file into the current folder and gives its name."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, data: str | bytes = TABLE) -> str:
        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return name

    return write


def test_a_map_says_what_is_in_the_columns_by_title_or_number(crm, put):
    crm.ok("import", put("people.csv"), *MAP)

    ana, tom = crm.book.contacts
    assert (ana.name, ana.emails, ana.label_of("ana@x.example"), ana.how) == (
        "Ana Silva",
        ("ana@x.example",),
        "work",
        "Lisbon",
    )
    assert (tom.how, tom.kept) == ("", ("X-CSV-BADGE:13",))
    assert crm.ok("import", "people.csv", *MAP, "--json").data["summary"]["same"] == 2


def test_without_a_terminal_the_columns_and_the_whole_command_are_told(crm, put):
    result = crm("import", put("my people.csv"))

    assert (result.code, result.out) == (2, "")
    assert "its columns: Full name, Mail, Where we met, Badge" in result.err
    (line,) = [line for line in result.err.splitlines() if "crm import" in line]
    command = line[line.index("crm import") :]
    assert shlex.split(command)[2:4] == ["my people.csv", "--map"]

    crm.ok(*shlex.split(command)[1:])
    assert [(person.name, person.how) for person in crm.book.contacts] == [("Ana Silva", "Lisbon"), ("Tom Okafor", "")]


def test_of_a_very_wide_table_the_command_leaves_out_what_is_kept_anyway(crm, put):
    titles = ["Name", *(f"An unknown column, number {number}" for number in range(90)), "Mail"]
    wide = "\t".join(titles) + "\nAna Silva" + "\tx" * 90 + "\tana@x.example\n"

    result = crm("import", put("wide.tsv", wide))

    command = result.err[result.err.index("crm import") :].splitlines()[0]
    assert shlex.split(command)[2:] == ["wide.tsv", "--map", "Name=name", "--map", "Mail=email"]
    crm.ok(*shlex.split(command)[1:])
    assert len(next(iter(crm.book.contacts)).kept) == 90


def test_on_a_terminal_each_column_is_asked_with_two_samples_and_a_guess(crm, put):
    result = crm.ok("import", put("people.csv"), typed="\n\nnonsense\nskip\nkeep\n")

    assert "  Mail: ana@x.example | tom@x.example" in result.err
    assert "Mail [email]:" in result.err
    assert "Badge [keep]:" in result.err
    assert "A column can't be 'nonsense'. Fields: name, given, family" in result.err
    assert (
        "The same again without questions: crm import people.csv --map 'Full name=name' --map Mail=email "
        "--map 'Where we met=skip' --map Badge=keep" in result.err
    )
    assert [person.how for person in crm.book.contacts] == ["", ""]


def test_tables_of_the_same_titles_are_asked_about_once(crm, put):
    one, two = put("one.csv"), put("two.csv", TABLE.replace("Tom", "Eve"))

    result = crm.ok("import", one, two, typed="\n\n\n\n", columns=80)

    assert result.err.count("What is in its columns?") == 1
    assert len(crm.book.contacts) == 3


def test_the_end_of_input_at_a_question_imports_nothing(crm, put):
    result = crm("import", put("people.csv"), typed="\n")

    assert (result.code, len(crm.book.contacts)) == (1, 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--map", "Name=name"], "people.csv has no column 'Name'"),
        (["--map", "5=name"], "people.csv has no column '5'"),
        (["--map", "Mail=mail"], "A column can't be 'mail'"),
        (["--map", "Mail"], "--map 'Mail' is no column and field"),
        (["--map", "=name"], "--map '=name' is no column and field"),
    ],
)
def test_a_map_that_can_not_be_meant_is_refused(crm, put, words, said):
    result = crm("import", put("people.csv"), *words)

    assert (result.code, len(crm.book.contacts)) == (2, 0)
    assert said in result.err


def test_a_map_for_files_that_are_known_is_refused_unless_the_format_is_named(crm, put):
    known = put("outlook.csv", "First Name,Last Name,E-mail Address\nAna,Silva,ana@x.example\n")

    refused = crm("import", known, "--map", "First Name=name")
    crm.ok("import", known, "--format", "csv", "--map", "First Name=name", "--map", "2=skip", "--map", "3=skip")

    assert refused.code == 2
    assert "--map was given, but there is no table to read by it" in refused.err
    assert [(person.name, person.kept) for person in crm.book.contacts] == [("Ana", ())]


def test_a_map_that_fits_no_table_of_a_folder_is_refused(crm, put, tmp_path):
    put("other.csv", OTHER)
    put("ana.vcf", CARD)

    result = crm("import", str(tmp_path), *MAP)

    assert (result.code, len(crm.book.contacts)) == (2, 0)
    assert "--map was given, but there is no table to read by it" in result.err


def test_known_files_come_in_beside_mapped_ones(crm, put):
    crm.ok("import", put("people.csv"), put("ana.vcf", CARD.replace("Ana", "Eve")), *MAP)

    assert [person.name for person in crm.book.contacts] == ["Ana Silva", "Tom Okafor", "Eve Silva"]


def test_what_was_found_is_never_asked_about_but_a_map_that_fits_is_used(crm, put, tmp_path):
    put("people.csv")
    put("other.csv", OTHER)
    put("ana.vcf", CARD)

    passed = crm.ok("import", str(tmp_path), typed="")
    mapped = crm.ok("import", str(tmp_path), *MAP, "--json")

    assert "other.csv" in passed.err
    assert "people.csv" in passed.err
    assert [row["file"].rpartition("/")[2] for row in mapped.items] == ["ana.vcf", "people.csv", "people.csv"]
    assert [passed["file"].rpartition("/")[2] for passed in mapped.data["passed_over"]] == ["other.csv"]


def test_the_files_of_an_export_that_hold_no_people_are_named_by_what_they_hold(crm, put):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Connections.csv", "First Name,Last Name,Connected On\nAna,Silva,08 Feb 2026\n")
        archive.writestr("Invitations.csv", "From,To,Sent At,Message,Direction\nA,B,x,,OUTGOING\n")
        archive.writestr("Skills.csv", "Name\nPython\n")

    result = crm.ok("import", put("export.zip", buffer.getvalue()))

    assert result.out == "Imported 1 entry: 1 added\n"
    assert "export.zip/Invitations.csv (LinkedIn invitations), export.zip/Skills.csv" in result.err
    assert crm.ok("import", "export.zip", "--json").data["passed_over"] == [
        {"file": "export.zip/Invitations.csv", "holds": "LinkedIn invitations"},
        {"file": "export.zip/Skills.csv", "holds": ""},
    ]


def test_a_damaged_table_in_an_archive_is_refused_alone(crm, put):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("people.csv", TABLE + "Somebody,,,\n" * 20_000)
        archive.writestr("ana.vcf", CARD)
    damaged = buffer.getvalue().replace(b"Somebody", b"Sumebody", 1)

    result = crm("import", put("x.zip", damaged), *MAP, "--json")

    assert [(row["action"], row["reason"]) for row in result.items] == [
        ("refused", "can't be read: the archive is damaged there"),
        ("added", ""),
    ]


def test_titles_can_do_nothing_to_a_terminal(crm, put):
    hostile = "Na\x1b[31mme,Mail\nAna,a\x1b[2J@x.example\n"

    for result in (crm("import", put("x.csv", hostile)), crm("import", "x.csv", typed="")):
        assert "\x1b" not in result.err
