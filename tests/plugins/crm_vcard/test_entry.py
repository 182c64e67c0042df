"""The plugin as the program sees it: its hook, and how it recognises a file."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

import crm_vcard
from crm_core import Candidate, Importer


@pytest.fixture
def importer() -> Importer:
    (only,) = crm_vcard.crm_importers()
    return only


def test_the_hook_gives_one_importer_that_reads_cards(importer: Importer) -> None:
    assert (importer.name, importer.label, importer.suffixes) == ("vcard", "vCard", (".vcf", ".vcard"))
    (found,) = importer.read(io.BytesIO(b"BEGIN:VCARD\nVERSION:3.0\nFN:Zoe Example\nEND:VCARD\n"))
    assert isinstance(found, Candidate)
    assert found.contact.name == "Zoe Example"


@pytest.mark.parametrize(
    "head",
    [
        b"BEGIN:VCARD\r\nVERSION:3.0",
        b"begin:vcard\nversion:2.1",
        b"\xef\xbb\xbfBEGIN:VCARD\r\n",
        b"\n\n  BEGIN : VCARD \n",
        b"# exported today\rBEGIN:VCARD\r",
        "BEGIN:VCARD\r\n".encode("utf-16"),
        "BEGIN:VCARD\r\n".encode("utf-16-be"),
        b"BEGIN:VCARD",
    ],
)
def test_a_card_is_recognised_by_its_first_line(importer: Importer, head: bytes) -> None:
    assert importer.sniff(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"First Name,Last Name,URL\nZoe,Example,\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n",
        b'Name,Note\nZoe,"wrote BEGIN:VCARD in a mail"\n',
        b"BEGIN:VCARDS\n",
        b"\x89PNG\r\n\x1a\n\0\0\0",
    ],
)
def test_another_file_is_not_taken_for_cards(importer: Importer, head: bytes) -> None:
    assert not importer.sniff(head)


def test_a_file_of_line_ends_is_sniffed_at_once(importer: Importer) -> None:
    assert not importer.sniff(b"\n" * 4096)


SHOW_MODULES = "; import sys; print('\\n'.join(sys.modules))"


def test_the_entry_module_imports_neither_vobject_nor_the_reader(apart: Callable[..., str]) -> None:
    modules = set(apart("import crm_vcard" + SHOW_MODULES).split())
    assert "crm_vcard" in modules
    assert modules.isdisjoint({"vobject", "crm_vcard.reader", "msgspec"})


def test_asking_for_importers_does_not_import_vobject(apart: Callable[..., str]) -> None:
    modules = set(apart("import crm_vcard; list(crm_vcard.crm_importers())" + SHOW_MODULES).split())
    assert "crm_vcard.reader" in modules
    assert "vobject" not in modules
