"""`--redact`: whatever is exported, names and texts stay at home."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crm_core.exporting import Export, ExportedFile, Exporter
from crm_core.host.host import Host
from crm_core.records import CORE_KINDS
from crm_core.testing import Crm


def everything_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in everything_in(item))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in everything_in(item))


def private_texts(crm: Crm) -> set[str]:
    """Names, addresses and texts of the demo: all that is no id, date, stage or other word of the program's."""
    book = Crm(crm.home / "demo").book
    private = ("name", "aliases", "website", "domains", "profiles", "note", "emails", "phones", "how", "role", "source",
               "hear_how", "text", "about", "answer", "subject", "body", "title", "organisation", "email", "phone",
               "summary", "because", "family", "given")  # fmt: skip
    texts = set()
    for kind in CORE_KINDS:
        for record in book.table(kind.type):
            plain = msgspec.to_builtins(record, enc_hook=str)
            fields = [plain, *plain.get("positions", ()), *plain.get("versions", ())]
            texts |= {text for one in fields for name in private for text in everything_in(one.get(name))}
    # These stand in every file as words of the program's own.
    return {text for text in texts if len(text) > 3} - {"thanks", "mastodon", "unknown"}


@pytest.fixture
def demo(crm: Crm) -> Crm:
    crm.ok("demo")
    return crm


def formats(crm: Crm) -> list[str]:
    """The formats that write a file."""
    shown = crm.ok("export --help").out.partition("Commands:")[2]
    names = re.findall(r"^  ([a-z]+)  ", shown, re.MULTILINE)
    return [name for name in names if "FOLDER" not in crm.ok(f"export {name} --help").out]


def test_nothing_of_the_demo_is_in_any_format(demo: Crm):
    private = private_texts(demo)
    assert {"Mara Lindqvist", "Bluewater Robotics", "Robots that count mussels"} & {
        text[:25].strip() for text in private
    }
    assert len(private) > 150
    found = formats(demo)
    assert {"ics", "json"} <= set(found)

    for name in found:
        written = demo.ok(f"--demo export {name} --redact").out
        leaked = [text for text in private if text in written]
        assert leaked == [], name
        assert "Robin Vale" not in written
        assert "Person 1" in written or "Company 1" in written, name


def test_people_are_chosen_by_their_real_names_and_told_in_the_order_of_their_numbers(crm: Crm, monkeypatch):
    monkeypatch.setattr(Host, "exporters", lambda self: [NAMES])
    for name in ("Zoe Adler", "Adam Zander", "Ben Carter"):
        crm.ok("contact", "add", name, "--company", "Beta" if name[0] == "B" else "Acme")

    assert crm.ok("export names").out == "Adam Zander\nBen Carter\nZoe Adler\n"
    assert crm.ok("export names --redact --company acme").out == "Person 1\nPerson 2\n"


def names(export: Export) -> Iterator[bytes]:
    yield from (f"{contact.name}\n".encode() for contact in export.contacts)


def seen(export: Export) -> Iterator[bytes]:
    yield export.earlier + b"."


def one_each(export: Export, folder: Path) -> Iterator[ExportedFile]:
    for contact in export.contacts:
        (folder / contact.id).write_text(contact.name)
        yield ExportedFile(file=contact.id, action="written", name=contact.name)


NAMES = Exporter(name="names", label="Names alone", suffix=".txt", people=True, write=names)


def test_nothing_is_brought_up_to_date_with_a_copy(crm: Crm, tmp_path, monkeypatch):
    updating = Exporter(name="seen", label="What was there", suffix=".txt", updates=True, write=seen)
    folders = Exporter(name="folder", label="A file each", people=True, write_folder=one_each)
    monkeypatch.setattr(Host, "exporters", lambda self: [updating, folders, NAMES])
    crm.ok("contact add 'Ana Silva'")
    path, folder = tmp_path / "seen.txt", tmp_path / "people"
    path.write_text("Ana Silva")
    (folder / "old").mkdir(parents=True)

    for refused in (crm(f"export seen --redact -o {path}"), crm(f"export folder --redact -o {folder}")):
        assert refused.code == 2
        assert "--redact" in refused.err
    assert path.read_text() == "Ana Silva"
    assert crm.ok(f"export folder --redact -o {tmp_path / 'new'}").out.count("1 written") == 1
    assert (tmp_path / "new" / "c1").read_text() == "Person 1"
    crm.ok(f"export names --redact --force -o {path}")
    assert path.read_text() == "Person 1\n"


def test_a_step_that_is_done_stays_done_though_the_copy_lacks_what_says_so(demo: Crm):
    """A copy holds no reflections, which are private to their plugin."""
    demo.ok("--demo reflect i3 --finish")
    calendar = demo.ok("--demo export ics --redact").out
    tasks = calendar.split("BEGIN:VTODO")
    (task,) = [task for task in tasks if "SUMMARY:Reflect on the interview at Company 3" in task]

    assert "STATUS:COMPLETED" in task


def test_two_copies_can_be_held_against_each_other(demo: Crm):
    one, other = (json.loads(demo.ok("--demo export json --redact").out) for _ in range(2))

    assert one == other
    assert one["identity"] != json.loads(demo.ok("--demo export json").out)["identity"]
