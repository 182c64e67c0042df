"""`crm export`: what all formats have in common, with formats of the test's own."""

import stat
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crm_core import CrmError, Export, ExportedFile, Exporter
from crm_core.host.discovery import Found
from crm_core.host.host import Host
from crm_core.host.plugin import Plugin
from crm_core.testing import Crm


def names(export: Export) -> Iterator[bytes]:
    for contact in export.contacts:
        yield f"{export.options.get('greeting') or ''}{contact.name}\n".encode()


def counting(export: Export) -> Iterator[bytes]:
    if export.earlier and not export.earlier.startswith(b"count"):
        raise CrmError("That is no list of counts", "Name another file.")
    yield b"count " + str(len(export.earlier)).encode()


def steps(export: Export) -> Iterator[bytes]:
    yield from (f"{entry.title}\n".encode() for entry in export.agenda())


def one_each(export: Export, folder: Path) -> Iterator[ExportedFile]:
    for contact in export.contacts:
        if (folder / contact.id).exists():
            yield ExportedFile(file=contact.id, action="conflict", name=contact.name, reason="it was changed")
        else:
            (folder / contact.id).write_text(contact.name)
            yield ExportedFile(file=contact.id, action="written", name=contact.name)


def broken(export: Export) -> Iterator[bytes]:
    yield b"half"
    raise ZeroDivisionError("oh")


EXPORTERS = [
    Exporter(
        name="names",
        label="Names alone",
        suffix=".txt",
        people=True,
        write=names,
        options=(click.Option(["--greeting"]),),
    ),
    Exporter(name="counts", label="Counts", suffix=".txt", updates=True, write=counting),
    Exporter(name="steps", label="Steps", suffix=".txt", write=steps),
    Exporter(name="files", label="A file each", people=True, write_folder=one_each),
    Exporter(name="broken", label="Broken", suffix=".txt", write=broken),
]


@pytest.fixture(autouse=True)
def formats(monkeypatch):
    monkeypatch.setattr(Host, "exporters", lambda self: EXPORTERS)


@pytest.fixture
def crm(crm: Crm) -> Crm:
    crm.ok("contact add 'Tom Berg' --company Acme")
    crm.ok("contact add 'Ana Silva' --tag friend")
    return crm


def test_a_format_goes_to_standard_output_by_name(crm: Crm):
    assert crm.ok("export names").out == "Ana Silva\nTom Berg\n"
    assert crm.ok("export names -o -").out == "Ana Silva\nTom Berg\n"


def test_options_choose_people_and_reach_the_format(crm: Crm):
    assert crm.ok("export names --tag FRIEND --greeting 'Hello '").out == "Hello Ana Silva\n"
    assert crm.ok("export names --company acme").out == "Tom Berg\n"
    assert "--tag" not in crm.ok("export steps --help").out


def test_a_file_is_private_and_never_written_over_by_accident(crm: Crm, tmp_path):
    path = tmp_path / "names.txt"

    assert crm.ok(f"export names -o {path}").out == f"Wrote {path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("mine")
    refused = crm(f"export names -o {path}")

    assert (refused.code, path.read_text()) == (2, "mine")
    assert "is there already" in refused.err
    crm.ok(f"export names --force -o {path}")
    assert path.read_text() == "Ana Silva\nTom Berg\n"


def test_a_format_that_updates_is_shown_the_earlier_file(crm: Crm, tmp_path):
    path = tmp_path / "counts.txt"
    crm.ok(f"export counts -o {path}")
    crm.ok(f"export counts -o {path}")
    assert path.read_text() == "count 7"

    path.write_text("mine")
    assert crm(f"export counts -o {path}").code == 1
    assert path.read_text() == "mine"


def test_what_a_plugin_wrote_earlier_is_not_lost_when_it_fails(crm: Crm, tmp_path, monkeypatch):
    path = tmp_path / "counts.txt"
    crm.ok(f"export counts -o {path}")
    failing = Plugin(found=Found(name="crm_x", target="x", distribution="x", version="1"), state="failing")
    monkeypatch.setattr(Host, "failed", [failing])

    refused = crm(f"export counts -o {path}")
    assert (refused.code, path.read_text()) == (1, "count 0")
    assert "counts.txt is as it was: it would lack the part of: crm_x" in refused.err
    assert crm(f"export counts -o {tmp_path / 'new.txt'}").code == 3
    assert (tmp_path / "new.txt").exists()


def test_a_format_may_write_the_steps(crm: Crm):
    crm.ok("interview log Acme --at 'yesterday 14:00' --with Tom")

    assert "Reflect on the interview at Acme" in crm.ok("export steps").out


def test_a_folder_tells_of_each_file_that_was_left_alone(crm: Crm, tmp_path):
    folder = tmp_path / "new" / "people"

    done = crm.ok(f"export files -o {folder}")
    assert done.out == f"Brought {folder} up to date: 2 written\n"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    partly = crm(f"export files -o {folder}")

    assert partly.code == 3
    assert "Ana Silva" in partly.out
    assert "it was changed" in partly.out
    assert "2 of 2 files are as they were" in partly.err
    assert crm(f"export files --json -o {folder}").data["summary"] == {
        "written": 0,
        "same": 0,
        "removed": 0,
        "conflict": 2,
    }


def test_a_format_that_breaks_is_named_and_writes_nothing(crm: Crm, tmp_path):
    failed = crm(f"export broken -o {tmp_path}/out.txt")

    assert failed.code == 1
    assert "The format 'broken' failed: ZeroDivisionError: oh" in failed.err
    assert not (tmp_path / "out.txt").exists()


def test_an_unknown_format_lists_the_known_ones(crm: Crm):
    unknown = crm("export name")

    assert unknown.code == 2
    assert "names" in unknown.err


def test_on_a_terminal_a_file_can_do_nothing(crm: Crm):
    crm.ok("contact", "add", "Eve \x1b[31mred")

    assert "\x1b" not in crm.ok("export names", columns=80).out
