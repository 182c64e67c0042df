"""`crm import`: every entry is accounted for, the same file twice changes nothing, and it is one transaction."""

from __future__ import annotations

import pytest

from crm_core.errors import CrmError
from crm_core.host.host import Host
from crm_core.importing import Candidate, Importer, LeftAlone
from crm_core.records import Contact

ANA = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana Silva\nUID:ana-1\nEMAIL:ana@acme.example\nEND:VCARD\n"
TOM = "BEGIN:VCARD\nVERSION:3.0\nFN:Tom Okafor\nTEL:+44 7700 900102\nEND:VCARD\n"
NOBODY = "BEGIN:VCARD\nVERSION:3.0\nNOTE:Who was this?\nEND:VCARD\n"
NUMBER = "BEGIN:VCARD\nVERSION:3.0\nTEL:+44 7700 900199\nEND:VCARD\n"
NUMBER_BY_GOOGLE = (
    "First Name,Last Name,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value\n"
    ",,,* myContacts,,,+44 7700 900199\n"
)


@pytest.fixture
def card(tmp_path):
    """Writes a file of cards and gives its name."""

    def write(text: str, name: str = "cards.vcf") -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return write


def actions(result):
    return [(row["action"], row["name"]) for row in result.items]


def test_people_come_in_and_the_same_file_again_changes_nothing(crm, card):
    first = crm.ok("import", card(ANA + TOM), "--json")
    stored = (crm.home / "book.json").read_bytes()

    second = crm.ok("import", card(ANA + TOM), "--json")

    assert actions(first) == [("added", "Ana Silva"), ("added", "Tom Okafor")]
    assert actions(second) == [("same", "Ana Silva"), ("same", "Tom Okafor")]
    assert second.data["summary"] == {
        "added": 0,
        "updated": 0,
        "same": 2,
        "left": 0,
        "unsure": 0,
        "conflict": 0,
        "refused": 0,
    }
    assert (crm.home / "book.json").read_bytes() == stored


def test_a_changed_card_updates_and_keeps_what_the_user_wrote(crm, card):
    crm.ok("import", card(ANA))
    crm.ok("contact edit c1 --how 'met at the fair' --tag friend")

    changed = card(ANA.replace("END", "TEL:+44 7700 900101\nEND"))
    announced = crm.ok("import", "--dry-run", changed)
    result = crm.ok("import", changed, "--json", "--yes")

    assert "changed: phones" in announced.out
    assert actions(result) == [("updated", "Ana Silva")]
    assert result.items[0]["changed"] == ["phones"]
    ana = crm.book.contacts.get("c1")
    assert (ana.phones, ana.how, ana.tags) == (("+44 7700 900101",), "met at the fair", ("friend",))


def test_an_entry_that_names_nobody_is_refused_with_its_line_and_the_rest_comes_in(crm, card):
    result = crm("import", card(ANA + NOBODY + TOM))

    assert result.code == 3
    assert "cards.vcf:7" in result.out
    assert "Imported 3 entries: 2 added, 1 refused" in result.out
    assert "1 of 3 entries was refused" in result.err
    assert len(crm.book.contacts) == 2


@pytest.mark.parametrize("text", [NUMBER, NUMBER_BY_GOOGLE], ids=["vCard", "CSV"])
def test_a_number_without_a_name_is_taken_in_whatever_the_format(crm, card, text):
    added = crm.ok("import", card(text), "--json")
    again = crm.ok("import", card(text), "--json")

    assert actions(added) == [("added", "+44 7700 900199")]
    assert added.items[0]["repaired"][0] in {"no FN: name made from TEL", "no name: named after the phone number"}
    assert actions(again) == [("same", "+44 7700 900199")]
    assert crm.book.contacts.get("c1").phones == ("+44 7700 900199",)


@pytest.mark.parametrize("number", ["+44 7700 900199", "(0)7700-900199"])
def test_who_has_a_number_is_asked_about_where_their_name_comes_later(crm, card, number):
    crm.ok("import", card(NUMBER))
    crm.ok("import", card(ANA.replace("EMAIL:ana@acme.example", f"TEL:{number}")))
    (pair,) = crm.ok("contact", "duplicates", "--json").items
    assert (pair["into"], pair["other"]) == ("c1", "c2")
    assert "the same phone number, ending in 700900199" in pair["evidence"]
    crm.ok("contact", "merge", "c1", "c2", "--yes")

    assert crm.book.contacts.get("c1").name == "Ana Silva"
    assert actions(crm.ok("import", card(NUMBER), "--json")) == [("same", "+44 7700 900199")]


def test_a_number_of_somebody_who_is_known_adds_nobody(crm, card):
    crm.ok("contact", "add", "Ana Silva", "--phone", "+44 7700 900199")

    assert actions(crm.ok("import", card(NUMBER), "--json")) == [("same", "+44 7700 900199")]
    assert [person.name for person in crm.book.contacts] == ["Ana Silva"]


def test_a_dry_run_shows_a_row_each_and_changes_nothing(crm, card):
    result = crm("import", "--dry-run", card(ANA + NOBODY))

    assert result.code == 3
    assert [line.split()[0] for line in result.out.splitlines()[1:3]] == ["added", "refused"]
    assert not (crm.home / "book.json").exists()


def test_within_one_file_a_person_is_one_contact(crm, card):
    result = crm.ok("import", card(ANA + ANA), "--json")

    assert actions(result) == [("added", "Ana Silva"), ("same", "Ana Silva")]


def test_somebody_who_may_be_known_stays_apart_and_is_reported(crm, card):
    crm.ok("contact add 'Ana Silva' --company Acme")

    result = crm.ok("import", card(ANA.replace("EMAIL:ana@acme.example", "ORG:Acme")))

    assert "unsure" in result.out
    assert "crm contact duplicates" in result.err
    assert len(crm.book.contacts) == 2


def test_the_same_email_alone_joins_nobody(crm, card):
    crm.ok("contact add 'Ben Carter' --email ana@acme.example")

    result = crm.ok("import", card(ANA), "--json")

    assert actions(result) == [("added", "Ana Silva")]


def test_what_a_phone_has_twice_comes_in_once(crm, card):
    doubled = "TEL:+44 7700 900101\nTEL:+447700900101\nEMAIL:Ana@acme.example\nEND"
    crm.ok("import", card(ANA.replace("END", doubled)))

    ana = crm.book.contacts.get("c1")
    assert (ana.emails, ana.phones) == (("ana@acme.example",), ("+44 7700 900101",))


def test_a_folder_and_standard_input_are_read_too(crm, card, tmp_path):
    card(ANA, "a.vcf")
    card(TOM, "b.VCF")
    card("not for us", "c.txt")

    folder = crm.ok("import", str(tmp_path), "--json")
    piped = crm.ok("import", "-", "--json", stdin=ANA)

    assert actions(folder) == [("added", "Ana Silva"), ("added", "Tom Okafor")]
    assert [(row["file"], row["action"]) for row in piped.items] == [("standard input", "same")]


def read_shared(book, folder):
    """Entries of a folder that has a file named `shared`: one person each, and a remark about those in the book."""
    for path in sorted(folder.glob("*.person")):
        yield path.name, Candidate(contact=Contact(name=path.stem), line=1)
    for person in book.contacts:
        yield "shared", LeftAlone(contact=person, reason="their file is gone")


def test_a_format_may_have_folders_of_its_own(crm, card, tmp_path, monkeypatch):
    shared = Importer(
        name="shared",
        label="Shared folders",
        suffixes=(),
        sniff=lambda head: False,
        read=lambda stream: iter(()),
        sniff_folder=lambda folder: (folder / "shared").exists(),
        read_folder=read_shared,
    )
    importers = Host.importers
    monkeypatch.setattr(Host, "importers", lambda host: [*importers(host), shared])
    crm.ok("contact add 'Tom Okafor'")
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (own / "shared").touch()
    (own / "Ana Silva.person").touch()
    card(ANA.replace("Ana Silva", "Ben Carter"), "other/ben.vcf")

    result = crm.ok("import", str(own), str(other), "--json")
    shown = crm.ok("import", str(own))

    assert [(row["action"], row["file"].rpartition("/")[2], row["name"], row["id"]) for row in result.items] == [
        ("added", "Ana Silva.person", "Ana Silva", "c2"),
        ("left", "shared", "Tom Okafor", "c1"),
        ("added", "ben.vcf", "Ben Carter", "c3"),
    ]
    assert "their file is gone" in shown.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch.vcf"], "There is no file nosuch.vcf"),
        (["--format", "carrier-pigeon", "CARDS"], "There is no format 'carrier-pigeon'"),
        (["NOTES"], "is in no format that can be read"),
        (["EMPTY-FOLDER"], "holds no file to import"),
        (["-"], "Standard input is in no format that can be read"),
    ],
)
def test_what_can_not_be_imported_is_said_and_nothing_is_written(crm, card, tmp_path, words, said):
    (tmp_path / "empty").mkdir()
    named = {"CARDS": card(ANA), "NOTES": card("hello", "notes.txt"), "EMPTY-FOLDER": str(tmp_path / "empty")}

    result = crm("import", *[named.get(word, word) for word in words])

    assert result.code == 2
    assert said in result.err
    assert not (crm.home / "book.json").exists()


def test_one_bad_file_among_several_imports_nothing(crm, card):
    result = crm("import", card(ANA), card("hello", "notes.txt"))

    assert result.code == 2
    assert len(crm.book.contacts) == 0


def test_an_import_that_can_not_be_written_is_not_half_done(crm, card, monkeypatch):
    crm.ok("import", card(TOM))
    stored = (crm.home / "book.json").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise CrmError("no space left on device")

    monkeypatch.setattr("crm_core.store.storage.replace_file", full)
    result = crm("import", card(ANA))

    assert result.code == 1
    assert (crm.home / "book.json").read_bytes() == stored


def test_all_entries_are_shown_where_that_is_asked(crm, card):
    crm.ok("import", card(ANA))

    assert "Ana Silva" not in crm.ok("import", card(ANA)).out
    assert crm.ok("import", "--all", card(ANA + TOM)).out.splitlines()[1:3] == [
        "same   c1  Ana Silva   cards.vcf:1",
        "added  c2  Tom Okafor  cards.vcf:7",
    ]


def test_an_import_is_taken_back_as_one(crm, card):
    crm.ok("import", card(TOM))
    stored = crm.ok("contact list --json").items

    assert crm.ok("import", card(ANA + TOM.replace("END", "NOTE:x\nEND"))).err == "To take it all back: crm undo\n"
    crm.ok("undo")

    assert crm.ok("contact list --json").items == stored


EXPORTED = """
from crm_core import Candidate, Contact, Importer, hookimpl

def read(stream):
    here = Contact(name="Ana Silva", uid="ana-1", address=stream.read().decode())
    was = Candidate(contact=Contact(name="Ana Silva", uid="ana-1", address="Up"), line=1)
    yield Candidate(contact=here, line=1, base=was)

@hookimpl
def crm_importers():
    yield Importer(name="back", label="Cards that were ours", suffixes=(".back",), sniff=lambda head: False, read=read)
"""


@pytest.fixture
def changed_there(crm, install, card):
    """A file that was ours and has another address now, of somebody whose address has changed here, too."""
    install("crm_back", EXPORTED)
    crm.ok("import", card(ANA.replace("EMAIL:ana@acme.example", "ADR:;;Up")))
    crm.ok("contact edit c1 --address Down")
    return card("Left", "ana.back")


def test_what_was_changed_here_and_there_is_a_conflict_and_the_books_stays(crm, changed_there):
    stored = (crm.home / "book.json").read_bytes()
    result = crm("import", changed_there)

    assert result.code == 3
    assert "address: the book has Down, the file Left" in result.out
    assert "Imported 1 entry: 1 conflict" in result.out
    assert "1 entry was changed here and there" in result.err
    assert (crm.home / "book.json").read_bytes() == stored
    told = crm("import", changed_there, "--json").data
    assert told["summary"]["conflict"] == 1
    assert told["items"][0]["conflicts"] == [{"field": "address", "book": "Down", "file": "Left"}]


def test_a_conflict_is_settled_in_the_files_favour_by_an_option(crm, changed_there):
    result = crm.ok("import", changed_there, "--file-wins", "--json")

    assert actions(result) == [("updated", "Ana Silva")]
    assert crm.book.contacts.get("c1").address == "Left"
    assert crm.ok("import", changed_there).code == 0
