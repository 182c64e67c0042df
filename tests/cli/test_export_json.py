"""`crm export json` and what becomes of such a file: a book again, or people in another book."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from crm_core.interchange import book_from_json, book_to_json
from crm_core.records import CORE_KINDS, Contact
from crm_core.testing import Crm
from tests.core.any_book import PNG, snapshots
from tests.core.making import NOW


@pytest.fixture
def search(crm: Crm) -> Crm:
    """A book with people who know one another, an interview, and a photo."""
    crm.ok("contact add 'Ana Silva' --company Acme --title CTO --email ana@acme.example --tag friend")
    crm.ok("contact add 'Ben Carter' --knows Ana")
    crm.ok("interview log Acme --at 'yesterday 14:00' --role Engineer --with Ana")
    book = crm.book
    with book.change("a photo"):
        ana = book.contacts.get("c1")
        book.contacts.save(Contact(**{name: getattr(ana, name) for name in ana.__struct_fields__ if name != "photo"},
                                   photo=book.attach(PNG)))  # fmt: skip
    return crm


def exported(crm: Crm, path: Path) -> dict[str, object]:
    crm.ok(f"export json -o {path}")
    return json.loads(path.read_text("utf-8"))


def test_all_of_the_book_is_in_it(search: Crm, tmp_path):
    whole = exported(search, tmp_path / "book.json")
    schema = json.loads(search.ok("export json --schema").out)

    Draft202012Validator(schema).validate(whole)
    assert [contact["id"] for contact in whole["tables"]["contacts"]] == ["c1", "c2"]
    assert whole["exported"] == "2026-11-23T12:00:00+01:00"
    assert whole["counters"]["c"] == 2
    assert len(whole["attachments"]) == 1


def test_it_is_the_same_on_standard_output_and_without_plugins(search: Crm, tmp_path):
    path = tmp_path / "book.json"
    exported(search, path)
    plain = json.loads(search.ok("--no-plugins export json").out)

    assert search.ok("export json").out == path.read_text("utf-8")
    assert plain["tables"]["contacts"] == json.loads(path.read_text("utf-8"))["tables"]["contacts"]


def test_it_says_how_applications_stand_and_what_is_to_be_done(search: Crm):
    computed = json.loads(search.ok("export json").out)["computed"]
    (standing,) = computed["applications"]

    assert (standing["id"], standing["company"], standing["stage"]) == ("a1", "Acme", "interviewing")
    assert standing["next_step"]["title"] in [step["title"] for step in computed["steps"]]
    assert {step["state"] for step in computed["steps"]} <= {"overdue", "due", "ahead", "waiting"}


def test_what_is_said_of_a_step_is_right_on_any_day(search: Crm):
    steps = json.loads(search.ok("export json").out)["computed"]["steps"]

    assert any("22 Nov 2026" in step["why"] for step in steps)
    assert not any("yesterday" in step["why"] for step in steps)


def test_tables_of_a_plugin_that_is_away_come_along(search: Crm):
    search.ok("quota pause 2026-12-24 2027-01-03")
    with_plugin = json.loads(search.ok("export json").out)
    search.only("crm_vcard")
    without = search.ok("export json").out

    assert with_plugin["tables"]["crm_quota.pauses"][0]["id"] == "pz1"
    assert json.loads(without)["others"]["crm_quota.pauses"]["1"]["first"] == "2026-12-24"
    assert "crm_quota.pauses" in book_from_json(without.encode(), search.book.kinds).tables


def test_a_file_that_is_there_is_not_written_over(search: Crm, tmp_path):
    path = tmp_path / "book.json"
    path.write_text("mine")

    assert search(f"export json -o {path}").code == 2
    assert path.read_text() == "mine"


def test_an_empty_book_is_a_whole_book_too(crm: Crm):
    whole = json.loads(crm.ok("export json").out)

    assert (whole["tables"], whole["others"], whole["attachments"]) == ({}, {}, {})


def plain(path_or_text: str) -> dict[str, object]:
    """What a restored book has in common with the one that was exported: all but the time and the count of changes."""
    whole = json.loads(path_or_text)
    whole["counters"].pop("h", None)
    return {name: value for name, value in whole.items() if name not in {"exported", "computed"}}


def test_restored_into_an_empty_home_it_is_an_equal_book(search: Crm, tmp_path):
    search.ok("contact add 'Anna Silva' --new")
    search.ok("contact merge c1 c3 --yes")
    search.ok("contact add 'Gone Soon'")
    search.ok("contact remove c4 --yes")
    search.ok("quota pause 2026-12-24 2027-01-03")
    path = tmp_path / "book.json"
    exported(search, path)
    other = Crm(tmp_path / "other")
    other.ok(f"restore --yes {path}")

    assert plain(other.ok("export json").out) == plain(path.read_text("utf-8"))
    assert [list(other.book.table(k.type)) for k in other.book.kinds] == [
        list(search.book.table(k.type)) for k in search.book.kinds
    ]
    assert other.book.redirected("c3") == "c1"
    assert other.book.attachment(other.book.contacts.get("c1").photo) == PNG
    assert other.ok("agenda --json").items == search.ok("agenda --json").items
    assert "Added c5" in other.ok("contact add 'Never Before'").out


@settings(max_examples=15, deadline=None)
@given(book=snapshots(versions={"core": 1}).filter(lambda book: book.tables))
def test_whatever_book_was_written_restoring_it_gives_an_equal_one(book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("restored")
    path = folder / "book.json"
    path.write_bytes(b"".join(book_to_json(book, CORE_KINDS, exported=NOW, computed={})))
    crm = Crm(folder / "crm")
    crm.ok(f"--no-plugins restore --yes {path}")

    assert plain(crm.ok("--no-plugins export json").out) == plain(path.read_text("utf-8"))


def test_over_a_book_that_holds_something_it_asks_and_can_be_taken_back(search: Crm, tmp_path):
    path = tmp_path / "book.json"
    exported(search, path)
    search.ok("contact add 'Cleo Marsh'")
    asked = search(f"restore {path}", typed="n\n")
    assert len(search.book.contacts) == 3

    assert "contacts: 1 removed" in asked.err
    kept = search.ok(f"restore --yes --json {path}").item["kept"]
    assert len(search.book.contacts) == 2
    search.ok("restore", "--yes", kept)
    assert len(search.book.contacts) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"app":"crm-core"', "no whole book"),
        ('{"schema":2,"app":"crm-core","exported":"2026-11-23T12:00:00Z"}', "newer version"),
        ('{"schema":1,"app":"crm-core","exported":"2026-11-23T12:00:00Z","tables":{"contacts":[{"id":"c1"}]}}', "c1"),
    ],
)
def test_what_is_no_whole_book_is_not_restored(search: Crm, tmp_path, text, said):
    path = tmp_path / "book.json"
    path.write_text(text)
    before = search.ok("contact list --json").items
    refused = search(f"restore --yes {path}")

    assert refused.code == 2
    assert said in refused.err
    assert "Nothing was changed" in refused.err
    assert search.ok("contact list --json").items == before


@pytest.mark.parametrize("option", ["", "--format json"])
def test_its_people_come_into_another_book(search: Crm, tmp_path, option):
    path = tmp_path / "book.json"
    exported(search, path)
    other = Crm(tmp_path / "other")
    other.ok("contact add 'Cleo Marsh'")
    rows = other.ok(f"import --json {option} {path}").items

    assert [(row["action"], row["name"], row["id"]) for row in rows] == [
        ("added", "Ana Silva", "c2"),
        ("added", "Ben Carter", "c3"),
    ]
    lines = path.read_text("utf-8").splitlines()
    assert ["Ana Silva" in lines[rows[0]["line"] - 1], "Ben Carter" in lines[rows[1]["line"] - 1]] == [True, True]
    ana = other.book.contacts.get("c2")
    assert (ana.positions[0].organisation, ana.positions[0].company) == ("Acme", None)
    assert (ana.emails, ana.tags) == (("ana@acme.example",), ("friend",))
    assert len(other.book.companies) == 0
    assert [row["action"] for row in other.ok(f"import --json {path}").items] == ["same", "same"]


def test_a_broken_record_costs_that_record_alone(crm: Crm, tmp_path):
    path = tmp_path / "book.json"
    people = [{"id": "c1", "name": "Ana"}, {"id": "c2", "name": 7}, {"id": "c3", "name": "Ben"}]
    head = {"schema": 1, "app": "crm-core", "exported": "2026-11-23T12:00:00+01:00"}
    path.write_text(json.dumps({**head, "tables": {"contacts": people}}, indent=1))
    result = crm(f"import --json {path}")

    assert result.code == 3
    assert [row["action"] for row in result.items] == ["added", "refused", "added"]
    assert "c2" in result.items[1]["reason"]


@pytest.mark.parametrize(
    "text", ['{"schema":1,"app":"crm-core"', '{"schema":9,"app":"crm-core","exported":"2026-11-23T12:00:00Z"}']
)
def test_a_file_that_is_cut_or_newer_is_refused_as_one_entry(crm: Crm, tmp_path, text):
    path = tmp_path / "book.json"
    path.write_text(text)
    result = crm(f"import --json {path}")

    assert result.code == 3
    assert [row["action"] for row in result.items] == ["refused"]
    assert len(crm.book.contacts) == 0
