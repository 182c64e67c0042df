"""A copy without names and texts: nothing of either is in it, and nothing that any format makes of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import redaction
from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.exporting import Export, Exporter
from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host
from crm_core.records import (
    CORE_KINDS,
    Application,
    Company,
    Contact,
    Interview,
    Letter,
    Mark,
    Move,
    Note,
    Part,
    Position,
    Record,
    Ref,
    Seat,
)
from crm_core.redaction import KEPT, LEFT_OUT, WORDS, redacted, redacted_steps
from crm_core.settings import Me, Section, Settings
from crm_core.steps import Agenda, Entry, all_times
from crm_core.store.base import Snapshot
from crm_core.store.still import StillStore
from tests.core.any_book import snapshots
from tests.core.making import BERLIN, NOW, book_in, open_book

HOST = Host([found for found in find_plugins(sys.path) if found.own])
KINDS = (*CORE_KINDS, *HOST.kinds())
MARK = "zqx"
secrets = st.integers(0, 10**6).map(lambda number: f"{MARK}{number} {MARK}@{MARK}.example")


def everything_in(value: Any) -> Iterator[str]:
    """Every text in a plain value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from (name, *everything_in(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from everything_in(item)


def texts_of(book: Book) -> set[str]:
    tables = book.snapshot().tables
    return {
        text for table in tables.values() for raw in table.values() for text in everything_in(msgspec.json.decode(raw))
    }


def with_secrets(snapshot: Snapshot) -> Book:
    book = book_in(StillStore(snapshot), kinds=HOST.kinds(), sections=HOST.sections())
    me = Me(name=MARK, email=f"{MARK}@x.example", phone=MARK, address=MARK, links=(MARK,), timezone="Europe/Berlin")
    book._settings._data = {"me": {name: getattr(me, name) for name in me.__struct_fields__}}  # as if the file said so
    return book


def exported(copy: Book, steps: list[Entry], exporter: Exporter, folder: Path) -> Iterator[str]:
    """All that a format makes of a copy, names of files included."""
    export = Export(book=copy, contacts=list(copy.contacts), agenda=lambda: steps)
    for options in ({}, *({option.name: True} for option in exporter.options if option.is_flag)):
        if exporter.write is not None:
            yield b"".join(exporter.write(replace(export, options=options))).decode("utf-8", "replace")
        if exporter.write_folder is not None:
            folder.mkdir(exist_ok=True)
            yield str(list(exporter.write_folder(replace(export, options=options), folder)))
            for path in folder.rglob("*"):
                yield path.name
                yield path.read_text("utf-8", "replace") if path.is_file() else ""


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(snapshot=snapshots(KINDS, secrets, whole=True))
def test_no_text_of_a_book_is_in_anything_that_any_format_writes(snapshot: Snapshot, tmp_path_factory):
    book = with_secrets(snapshot)
    assert any(MARK in text for text in texts_of(book))
    copy = redacted(book)
    steps = redacted_steps(
        Agenda(book, HOST, *all_times(BERLIN)).entries, Agenda(copy, HOST, *all_times(BERLIN)).entries, copy
    )

    assert not [text for text in texts_of(copy) if MARK in text]
    assert not [
        text for step in steps for text in everything_in(msgspec.to_builtins(step, enc_hook=str)) if MARK in text
    ]
    folder = tmp_path_factory.mktemp("redacted")
    exporters = HOST.exporters()
    for exporter in exporters:
        for text in exported(copy, steps, exporter, folder / exporter.name):
            assert MARK not in text, exporter.name
    assert {"json", "ics"} <= {exporter.name for exporter in exporters}
    assert MARK not in str(copy.me)
    assert MARK not in str(copy.templates)


@settings(max_examples=40, deadline=None)
@given(snapshots(KINDS))
def test_a_copy_is_made_of_any_book_and_holds_no_more_records(snapshot: Snapshot):
    book = book_in(StillStore(snapshot), kinds=HOST.kinds())
    copy = redacted(book)

    for kind in CORE_KINDS:
        ids = [record.id for record in book.table(kind.type)]
        assert [record.id for record in copy.table(kind.type) if record.id not in ids] == []
    for kind in HOST.kinds():
        assert len(copy.table(kind.type)) == 0


@settings(max_examples=30, deadline=None)
@given(snapshots(KINDS, whole=True))
def test_dates_stages_numbers_and_references_are_those_of_the_book(snapshot: Snapshot):
    book = book_in(StillStore(snapshot), kinds=HOST.kinds())
    copy = redacted(book)

    for kind in CORE_KINDS:
        records, copies = list(book.table(kind.type)), list(copy.table(kind.type))
        assert [record.id for record in copies] == [record.id for record in records]
        for record, other in zip(records, copies, strict=True):
            for name in KEPT[kind.type] - {"positions", "panel", "moves", "versions"}:
                assert getattr(other, name) == getattr(record, name)
    for one, other in zip(book.applications, copy.applications, strict=True):
        assert [(move.stage, move.on) for move in other.moves] == [(move.stage, move.on) for move in one.moves]


@pytest.fixture
def book(tmp_path) -> Book:
    book = open_book(tmp_path / "book.json")
    with book.change("a search"):
        acme = book.companies.add(Company(name="Acme", aliases=("ACME Labs",), website="https://acme.example"))
        at = (Position(organisation="Acme", company=acme.id, title="CTO"),)
        ana = book.contacts.add(Contact(name="Ana Silva", positions=at, emails=("ana@acme.example",), note="tall"))
        other = (Position(organisation="acme labs"), Position(organisation="Beta"), Position(organisation="BETA Inc."))
        ben = book.contacts.add(Contact(name="Ben", positions=other, knows=(ana.id,), photo="0" * 32))
        moves = (Move(id="m1", stage="applied", on=NOW.date()),)
        role = book.applications.add(Application(company=acme.id, role="Engineer", moves=moves, cv="cv.pdf"))
        book.applications.add(Application(company=acme.id, role="ENGINEER", posting="long"))
        book.applications.add(Application(company=acme.id, role="unknown"))
        at_ten = Moment(datetime(2026, 11, 20, 10), "Asia/Tokyo")  # noqa: DTZ001 (its zone stands beside it)
        panel = (Seat(contact=ana.id, role="boss", lead=True), Seat(contact=ben.id))
        talk = book.interviews.add(
            Interview(application=role.id, at=at_ten, kind="video", panel=panel, hear_how="phone")
        )
        book.interviews.add(Interview(application=role.id, at=at_ten, kind="in the sauna"))
        book.notes.add(Note(interview=talk.id, contact=ana.id, text="likes tea", topic="tea", kind="impression"))
        book.letters.add(Letter(contact=ana.id, kind="thank-you", family="thanks", channel="post"))
        book.marks.add(Mark(step="crm_quota/apply", state="skipped", marked=at_ten, because="ill"))
    return book


def test_people_companies_and_roles_keep_a_name_that_tells_nothing(book: Book):
    copy = redacted(book)

    assert [contact.name for contact in copy.contacts] == ["Person 1", "Person 2"]
    assert [company.name for company in copy.companies] == ["Company 1"]
    assert [application.role for application in copy.applications] == ["Role 1", "Role 1", "unknown"]
    assert [position.organisation for position in copy.contacts.get("c2").positions] == [
        "Company 1",
        "Organisation 1",
        "Organisation 1",
    ]
    assert copy.contacts.get("c1").positions[0].company == "co1"
    assert copy.contacts.get("c1") == Contact(
        id=Ref("c1"), name="Person 1", positions=(Position(organisation="Company 1", company=Ref("co1")),)
    )
    assert copy.contacts.get("c2").knows == ("c1",)


def test_words_of_the_programs_own_pass_and_others_do_not(book: Book):
    copy = redacted(book)

    assert [interview.kind for interview in copy.interviews] == ["video", ""]
    assert (copy.letters.get("l1").channel, copy.letters.get("l1").kind) == ("post", "letter")
    assert (copy.notes.get("n1").kind, copy.notes.get("n1").text) == ("impression", LEFT_OUT)
    assert copy.marks.get("k1") == replace(book.marks.get("k1"), step=LEFT_OUT, because="")
    assert copy.interviews.get("i1").panel == (Seat(contact=Ref("c1"), lead=True), Seat(contact=Ref("c2")))


def test_what_other_programs_know_it_by_is_another_but_the_same_each_time(book: Book):
    copy, again = redacted(book), redacted(book)

    assert copy.identity == again.identity
    assert len(copy.identity) == len(book.identity)
    assert book.identity not in copy.uid(copy.contacts.get("c1"))


def test_it_can_not_be_changed_and_has_no_files(book: Book):
    copy = redacted(book)

    with pytest.raises(Exception, match="copy"), copy.change("anything"):
        raise AssertionError
    assert copy.attachment("0" * 32) is None


def test_a_text_in_the_place_of_something_else_does_not_pass(tmp_path):
    raw = {
        "interviews": {
            "1": b'{"application":"a1","at":{"local":"2026-11-20T10:00:00","zone":"zqx"},"panel":[{"contact":"zqx"}]}'
        },
        "applications": {"1": b'{"company":"co1","role":"x","moves":[{"id":"zqx","stage":"offer","on":"2026-11-20"}]}'},
        "companies": {"1": b'{"name":"Acme"}'},
        "notes": {"1": b'{"interview":"zqx","text":"zqx"}'},
    }
    tables = {name: {key: msgspec.Raw(data) for key, data in table.items()} for name, table in raw.items()}
    copy = redacted(book_in(StillStore(Snapshot(tables=tables))))

    assert not [text for text in texts_of(copy) if MARK in text]
    assert (len(copy.notes), copy.interviews.get("i1").panel) == (0, ())
    assert copy.interviews.get("i1").at.zone == "UTC"


def test_every_type_of_the_core_is_decided_about():
    types = {kind.type for kind in CORE_KINDS}
    parts = {part for kind in types for part in parts_of(kind)}

    assert types <= set(KEPT)
    assert set(KEPT) <= types | parts
    assert all(name in kind.__struct_fields__ for kind, names in KEPT.items() for name in names)
    assert all(name in kind.__struct_fields__ for kind, name in WORDS)


def parts_of(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    named = str(get_type_hints(kind))
    yield from (part for part in Part.__subclasses__() if part.__name__ in named)


def test_no_field_that_passes_may_hold_free_text():
    for kind, names in KEPT.items():
        hints = get_type_hints(kind)
        for name in names:
            assert hints[name] is not str, f"{kind.__name__}.{name}"
            assert str not in getattr(hints[name], "__args__", ()), f"{kind.__name__}.{name}"


class Tomorrow(Company, frozen=True, kw_only=True):
    """What the type of companies may become."""

    founder: str = ""
    founded: int = 0
    staff: tuple[str, ...] = ()


class Needy(Record, frozen=True, kw_only=True):
    """A record that nobody has decided about."""

    text: str
    count: int


def test_a_new_field_is_left_out_until_somebody_lets_it_pass():
    copier = redaction._Copier(book_in(StillStore(Snapshot())))
    new = Tomorrow(id=Ref("co1"), name="Acme", founder="Ana", founded=1999, staff=("Ben",))

    assert copier._reduced(new) == Tomorrow(id=Ref(""), name="Company 1")


def test_a_new_field_without_which_nothing_is_leaves_out_the_record(monkeypatch):
    copier = redaction._Copier(book_in(StillStore(Snapshot())))

    with pytest.raises(redaction.Vanished):
        copier._reduced(Needy(text="zqx", count=7))
    monkeypatch.setattr(redaction, "KEPT", {Needy: frozenset({"count"})})
    assert copier._reduced(Needy(text="zqx", count=7)) == Needy(text=LEFT_OUT, count=7)


class Some(Section, frozen=True, kw_only=True):
    days: int = 3
    hours: tuple[int, ...] = (1,)
    on: bool = False
    names: tuple[str, ...] = ("none",)
    greeting: str = "hello"


class Picky(Section, frozen=True, kw_only=True):
    most: int = 3
    name: str = ""

    def check(self) -> None:
        if self.most > 3 and not self.name:
            raise ValueError("name: there must be one")


def test_settings_pass_where_they_are_numbers(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(
        '[me]\nname = "Ana"\ntimezone = "Asia/Tokyo"\nlanguage = "zqx"\n'
        '[some]\ndays = 5\nhours = [7]\non = true\nnames = ["Ana"]\ngreeting = "zqx"\n[picky]\nmost = 9\nname = "zqx"\n'
    )
    book = Book(StillStore(Snapshot()), now=NOW, settings=Settings(config, {"some": Some, "picky": Picky}))
    copy = redacted(book)

    assert copy.me == Me(timezone="Asia/Tokyo")
    assert copy.settings(Some) == Some(days=5, hours=(7,), on=True)
    assert copy.settings(Picky) == Picky()
    assert not copy.templates.exists()


def step(**values: Any) -> Entry:
    plain = dict.fromkeys(("handle", "key", "title", "why", "command", "waiting_for", "note"), "")
    none: dict[str, Any] = dict.fromkeys(("expires", "person", "about"))
    given = {"plugin": "crm_x", "starts": NOW, "due": NOW, "late": NOW, "state": "due", **values}
    return Entry(**{**plain, **none, **given})


def test_a_step_is_told_as_its_plugin_tells_it_of_the_copy_and_stands_as_in_the_book(book: Book):
    real = step(key="crm_x/thank/c1", title="Thank Ana", why="she is tall", note="skipped: ill", state="skipped")
    said = step(key="crm_x/thank/c1", title="Thank Person 1", why="met", command="crm thank", state="overdue")
    (shown,) = redacted_steps([real], [said], redacted(book))

    assert shown == replace(said, state="skipped")


def test_a_step_of_which_nothing_is_said_about_the_copy_is_named_by_its_plugin(book: Book):
    copy = redacted(book)
    steps = [
        step(key="zqx", title="Thank Ana", person=Ref("c1"), about=Ref("i1"), command="zqx"),
        step(key="zqx/2", title="Ask", about=Ref("i1")),
        step(key="zqx/3", title="Ask", about=Ref("zqx"), person=Ref("zqx")),
    ]
    shown = redacted_steps(steps, [], copy)

    assert [one.title for one in shown] == ["crm_x: Person 1", "crm_x: Role 1 at Company 1", "crm_x: the search"]
    assert not [text for one in shown for text in everything_in(msgspec.to_builtins(one, enc_hook=str)) if MARK in text]
    assert len({one.key for one in shown}) == 3
