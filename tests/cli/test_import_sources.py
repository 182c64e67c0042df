"""Where `crm import` reads from: several files, folders, pipes and archives, and what none of them may do."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from pathlib import Path

import pytest

from crm_core.cli.intake import archives, sources
from crm_core.host.host import Host
from crm_core.importing import Importer

ANA = "BEGIN:VCARD\nVERSION:3.0\nFN:Ana Silva\nEND:VCARD\n"
TOM = "BEGIN:VCARD\nVERSION:3.0\nFN:Tom Okafor\nEND:VCARD\n"
EVE = "BEGIN:VCARD\nVERSION:3.0\nFN:Eve Moreau\nEND:VCARD\n"


@pytest.fixture
def put(tmp_path):
    """Writes a file and gives its name."""

    def write(name: str, data: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    return write


def zipped(files: dict[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def come_in(result):
    return [(Path(row["file"]).name, row["action"], row["name"]) for row in result.items]


def test_several_files_come_in_together(crm, put):
    crm.ok("import", put("ana.vcf", ANA), put("tom.vcf", TOM))

    assert [person.name for person in crm.book.contacts] == ["Ana Silva", "Tom Okafor"]


def test_a_folder_is_read_with_those_in_it_but_nothing_hidden(crm, put, tmp_path):
    put("book/b/tom.vcf", TOM)
    put("book/ana.VCF", ANA)
    put("book/notes.txt", "not for us")
    put("book/.trash/eve.vcf", EVE)
    put("book/.eve.vcf", EVE)

    result = crm.ok("import", str(tmp_path / "book"), "--json")

    assert come_in(result) == [("ana.VCF", "added", "Ana Silva"), ("tom.vcf", "added", "Tom Okafor")]


def test_an_archive_is_read_whatever_its_name_and_passes_over_what_it_does_not_know(crm, put):
    name = put(
        "export",
        zipped(
            {
                "Takeout/Contacts/all.vcf": ANA,
                "Takeout/archive_browser.html": "<html>",
                "Takeout/more.zip": zipped({"eve.vcf": EVE}),
                "__MACOSX/Takeout/._all.vcf": TOM,
                "Takeout/.DS_Store": "x",
            }
        ),
    )

    result = crm.ok("import", name)

    assert result.out.endswith("Imported 1 entry: 1 added\n")
    assert (
        "Passed over, as nobody was seen in them: export/Takeout/archive_browser.html, export/Takeout/more.zip"
        in result.err
    )
    assert crm.ok("import", name, "--json").data["passed_over"] == [
        {"file": f"{name}/Takeout/archive_browser.html", "holds": ""},
        {"file": f"{name}/Takeout/more.zip", "holds": ""},
    ]


def test_an_archive_comes_through_a_pipe_and_from_a_folder_too(crm, put, tmp_path):
    put("downloads/takeout.zip", zipped({"tom.vcf": TOM}))
    archive = zipped({"ana.vcf": ANA, "nobody.vcf": NOBODY})

    folder = crm.ok("import", str(tmp_path / "downloads"), "--json")
    piped = crm_with_bytes(crm, archive)

    assert come_in(folder) == [("tom.vcf", "added", "Tom Okafor")]
    assert piped.code == 3
    assert "standard input/nobody.vcf:1" in piped.out


def crm_with_bytes(crm, data: bytes):
    """Run `crm import -` with bytes in the pipe, which a test's text can't be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "_standard_input", lambda: io.BytesIO(data))
        return crm("import", "-")


def test_a_named_pipe_is_read_once(crm, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if os.fork() == 0:
        pipe.write_text(ANA)
        os._exit(0)

    assert come_in(crm.ok("import", str(pipe), "--json")) == [("pipe", "added", "Ana Silva")]
    os.wait()


def test_a_pipe_without_end_is_given_up(crm, monkeypatch):
    monkeypatch.setattr(sources, "MOST_COPIED", 1000)
    monkeypatch.setattr(sources, "CHUNK", 100)

    result = crm_with_bytes(crm, ANA.encode() * 50)

    assert (result.code, len(crm.book.contacts)) == (2, 0)
    assert "standard input holds more than 1 GB" in result.err


def test_names_in_an_archive_are_no_paths_and_can_do_nothing_to_a_terminal(crm, put, tmp_path):
    name = put("a.zip", zipped({"../../evil\x1b[31m.vcf": NOBODY, "/etc/passwd.vcf": TOM}))

    wide, narrow = crm("import", name), crm("import", name, columns=80)

    assert (wide.code, "\x1b" in wide.out + narrow.out) == (3, False)
    assert "a.zip/../../evil\ufffd[31m.vcf:1" in wide.out
    assert " evil\ufffd[31m.vcf:1\n" in narrow.out
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.zip"]


NOBODY = ANA.replace("FN:Ana Silva", "NOTE:Who was this?")


def test_an_archive_of_nothing_known_is_refused_with_what_it_holds(crm, put):
    result = crm("import", put("x.zip", zipped({"a.txt": "hello", "b.jpg": b"\xff\xd8"})))

    assert result.code == 2
    assert "is in a format that can be read" in result.err
    assert "It holds x.zip/a.txt, x.zip/b.jpg" in result.err


def test_an_empty_archive_is_refused(crm, put):
    result = crm("import", put("x.zip", zipped({})))

    assert result.code == 2
    assert "x.zip can't be read: it is an empty archive" in result.err


def flagged(data: bytes, flag: int) -> bytes:
    """The archive with a bit set in the flags of each member, in both places."""
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(magic, start)) >= 0:
            bits = struct.unpack_from("<H", data, start + place)[0] | flag
            data = data[: start + place] + struct.pack("<H", bits) + data[start + place + 2 :]
            start += 4
    return data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (flagged(zipped({"ana.vcf": ANA}), archives.ENCRYPTED), "it is encrypted; unpack it with its password"),
        (zipped({"ana.vcf": ANA})[:-10], "it is a damaged archive"),
        (b"PK\x03\x04 and that was all", "it is a damaged archive"),
    ],
)
def test_an_archive_that_can_not_be_opened_says_why_and_imports_nothing(crm, put, data, reason):
    result = crm("import", put("x.zip", data), put("tom.vcf", TOM))

    assert (result.code, len(crm.book.contacts)) == (2, 0)
    assert f"x.zip can't be read: {reason}" in result.err


def test_in_a_folder_it_is_one_entry_refused_and_the_others_come_in(crm, put, tmp_path):
    put("all/a.zip", zipped({"ana.vcf": ANA})[:-10])
    put("all/tom.vcf", TOM)

    result = crm("import", str(tmp_path / "all"), "--json")

    assert result.code == 3
    assert come_in(result) == [("a.zip", "refused", ""), ("tom.vcf", "added", "Tom Okafor")]
    assert result.items[0]["reason"] == "can't be read: it is a damaged archive"


def test_of_a_damaged_member_nothing_comes_in(crm, put):
    # The checksum is at the very end: all cards have been read when it turns out to be wrong.
    data = zipped({"ana.vcf": ANA, "tom.vcf": TOM}, zipfile.ZIP_STORED).replace(b"FN:Ana", b"FN:Eva")

    result = crm("import", put("x.zip", data), "--json")

    assert result.code == 3
    assert come_in(result) == [("ana.vcf", "refused", ""), ("tom.vcf", "added", "Tom Okafor")]
    assert result.items[0]["reason"] == "can't be read: the archive is damaged there"


def test_a_member_that_is_packed_oddly_is_refused(crm, put):
    data = zipped({"ana.vcf": ANA}, zipfile.ZIP_BZIP2)

    result = crm("import", put("x.zip", data), "--json")

    assert result.items[0]["reason"] == "can't be read: it is packed in a way that can't be read"


def test_a_member_that_unpacks_to_an_absurd_size_is_given_up(crm, put, monkeypatch):
    monkeypatch.setattr(archives, "UNSUSPICIOUS", 100_000)
    bomb = ANA + "X-NOTHING:" + "0" * 3_000_000

    result = crm("import", put("x.zip", zipped({"bomb.vcf": bomb, "tom.vcf": TOM})), "--json")

    assert come_in(result) == [("bomb.vcf", "refused", ""), ("tom.vcf", "added", "Tom Okafor")]
    assert result.items[0]["reason"] == "can't be read: it unpacks to an absurd size"


def test_all_members_together_may_not_unpack_to_an_absurd_size(crm, put, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 200_000)
    large = ANA.replace("END", f"NOTE:{'0' * 50_000}\nEND")

    result = crm("import", put("x.zip", zipped({f"{number}.vcf": large for number in range(5)})), "--json")

    assert result.code == 3
    assert {row["reason"] for row in result.items} == {"", "can't be read: it unpacks to an absurd size"}


def test_an_archive_of_too_many_files_is_refused(crm, put, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)

    result = crm("import", put("x.zip", zipped({f"{number}.vcf": ANA for number in range(3)})))

    assert "x.zip can't be read: it holds more than 2 files" in result.err


def test_a_file_that_may_not_be_read_refuses_the_import_if_it_was_named(crm, put, tmp_path, monkeypatch):
    tom, ana = put("all/tom.vcf", TOM), put("all/ana.vcf", ANA)
    path_open = Path.open

    def closed(path: Path, *args, **kwargs):
        if str(path) == ana:
            raise PermissionError(13, "Permission denied", ana)
        return path_open(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", closed)
    named = crm("import", tom, ana)
    found = crm("import", str(tmp_path / "all"), "--json")

    assert (named.code, found.code) == (2, 3)
    assert "ana.vcf can't be read: permission denied" in named.err
    assert come_in(found) == [("ana.vcf", "refused", ""), ("tom.vcf", "added", "Tom Okafor")]
    assert found.items[0]["reason"] == "can't be read: permission denied"


def test_a_damaged_archive_is_an_archive_that_can_not_be_read_whatever_zipfile_makes_of_it(crm, put):
    chance = random.Random(4)
    sound = zipped({"ana.vcf": ANA, "d/é.vcf": TOM})
    for _ in range(150):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(4, len(data))
            data[place : place + chance.choice((0, 1, 2))] = chance.randbytes(chance.choice((0, 1, 2)))
        result = crm("import", put("x.zip", bytes(data)), "--dry-run")

        assert result.code in {0, 2, 3}
        assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf\n", "it is empty"),
        (zipped({"[Content_Types].xml": "x", "xl/workbook.xml": "x"}), "it is a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "it is an old Office file (save it as CSV)"),
        (b"<!DOCTYPE html>", "it is a web page or XML"),
        (b"\x00\x01\x02", "it is no text"),
        (b"Dear Ana\nhello", "it begins with 'Dear Ana'"),
    ],
)
def test_a_file_in_no_known_format_is_told_what_it_is(crm, put, data, what):
    result = crm("import", put("unknown", data))

    assert result.code == 2
    assert what in result.err


def test_a_format_that_breaks_is_named_and_nothing_is_imported(crm, put, monkeypatch):
    def broken(stream):
        raise ZeroDivisionError("oh")
        yield

    importer = Importer(name="odd", label="Odd", suffixes=(".odd",), sniff=lambda head: True, read=broken)
    monkeypatch.setattr(Host, "importers", lambda self: [importer])

    result = crm("import", put("x.odd", "x"))

    assert result.code == 1
    assert "The format 'odd' failed on" in result.err
    assert "ZeroDivisionError: oh" in result.err
