"""`crm doctor`: what is wrong is found, and the command that it names mends it."""

from __future__ import annotations

import json
import shlex
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from crm_core.store.format import chunks, parse, sealed
from crm_core.testing import Crm, Result

Break = Callable[[Crm], object]


@pytest.fixture
def healthy(crm: Crm) -> Crm:
    """A book with people, an interview and what hangs on it, and two backups."""
    crm.ok("contact add 'Ana Silva' --company Bluewater")
    crm.ok("contact add 'Ben Okoro' --knows Ana")
    crm.ok("interview log Bluewater --at 'yesterday 14:00' --role Engineer --with Ana --with Ben")
    crm.ok("note add Bluewater 'likes tests' --about Ana")
    crm.ok("social followed Ana linkedin")
    crm.ok("backup")
    return crm


def edit(crm: Crm, change: Callable[[dict[str, Any]], object], *, seal: bool = True) -> None:
    """Change the book's file by hand; with `seal`, its checksum too, as a fault in the program would."""
    path = crm.home / "book.json"
    data = json.loads(path.read_bytes())
    change(data)
    path.write_bytes(json.dumps(data).encode())
    if seal:
        tables, meta = parse(path.read_bytes(), checked=False)
        path.write_bytes(b"".join(chunks(tables, sealed(tables, meta))))


def findings(crm: Crm) -> list[Any]:
    return crm("doctor --json").items


def wrong(crm: Crm) -> list[Any]:
    return [finding for finding in findings(crm) if not finding["note"]]


def run(crm: Crm, command: str) -> Result | None:
    """Type what a finding says."""
    program, *words = shlex.split(command)
    if program == "rm":
        for word in words:
            Path(word).unlink()
        return None
    if program == "mv":
        Path(words[0]).rename(words[1])
        return None
    if program.startswith("${EDITOR"):
        Path(words[-1]).unlink()
        return None
    assert program == "crm"
    return crm(*words, *(["--yes"] if words[0] == "restore" else []))


def drop(table: str, key: str) -> Break:
    return lambda crm: edit(crm, lambda data: data[table].pop(key))


def set_(table: str, key: str, **fields: object) -> Break:
    return lambda crm: edit(crm, lambda data: data[table].setdefault(key, {}).update(fields))


def meta(**fields: object) -> Break:
    def change(data: dict[str, Any]) -> None:
        for name, value in fields.items():
            present = data["_meta"]["1"][name]
            data["_meta"]["1"][name] = {**present, **value} if isinstance(present, dict) else value  # type: ignore[dict-item]

    return lambda crm: edit(crm, change)


def write(name: str, content: bytes = b"half") -> Break:
    def act(crm: Crm) -> None:
        path = crm.home / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)

    return act


def mode(name: str, bits: int) -> Break:
    return lambda crm: (crm.home / name).chmod(bits)


def others_may_read_the_numbers(crm: Crm) -> None:
    crm("agenda", "--brief")
    (crm.home / "brief.json").chmod(0o644)


BROKEN: dict[str, tuple[Break, str]] = {
    "a record that others refer to is gone": (drop("contacts", "1"), "c2, i1, n1, fo1 refer to c1, which is not there"),
    "an owner is gone": (drop("interviews", "1"), "n1 refers to i1, which is not there"),
    "two of which there can be one": (
        set_("crm_social.follows", "9", contact="c1", network="linkedin", state="asked", on="2026-11-23"),
        "have the same contact and network",
    ),
    "a counter is behind": (meta(counters={"c": 1}), "the next id of c2 and its like would be one that is there"),
    "a counter of moves is behind": (meta(counters={"m": 0}), "the next id of m1"),
    "redirects in a circle": (meta(redirects={"c8": "c9", "c9": "c8"}), "c8 is redirected in a circle"),
    "a redirect away from a record": (meta(redirects={"c2": "c1"}), "c2 is redirected away from a record"),
    "a record of the core is none": (set_("contacts", "2", name=7), "the contact c2 can't be read: Expected `str`"),
    "a record of a plugin is none": (
        set_("crm_social.follows", "1", contact=7), "the follow fo1 can't be read",
    ),
    "the book is cut off": (
        lambda crm: (crm.home / "book.json").write_bytes((crm.home / "book.json").read_bytes()[:-30]), "is damaged",
    ),
    "the book is empty": (write("book.json", b""), "is empty"),
    "the book is another program's": (write("book.json", b'{"_default":{}}'), "another program's file"),
    "the book is gone": (lambda crm: (crm.home / "book.json").unlink(), "is not there any more, but backups of it are"),
    "the book does not fit its checksum": (
        lambda crm: edit(crm, lambda data: data["contacts"]["1"].update(name="Eva"), seal=False), "checksum",
    ),
    "a backup is damaged": (write("backups/b00001-20261123T110000Z-daily.json"), "daily.json is damaged"),
    "others may read the book": (mode("book.json", 0o644), "can be read by others (644)"),
    "others may read the numbers of a prompt": (others_may_read_the_numbers, "can be read by others (644)"),
    "others may enter the backups": (mode("backups", 0o750), "can be entered by others (750)"),
    "others may enter the home": (mode(".", 0o755), "can be entered by others (755)"),
    "others may read a backup": (mode("backups/b00002-20261123T110000Z-manual.json", 0o604), "can be read by others"),
    "a killed writer left something": (write("book.json.tmp"), "book.json.tmp was never written to its end"),
    "a killed backup left something": (write("backups/b00003-20261123T110000Z-daily.json.tmp"), "never written"),
    "images of no change": (write("history/h77.json", b"[]"), "h77.json belongs to no change"),
    "the settings are no TOML": (write("config.toml", b"[me\n"), "not valid TOML"),
    "a setting can't be that": (
        write("config.toml", b"[crm_quota]\napplications = 'many'\n"), "[crm_quota] are not usable",
    ),
    "what plugins are off can't be read": (write("plugins.json", b"{"), "plugins are switched off can't be read"),
}  # fmt: skip


def test_a_healthy_book_is_told_to_be_one(healthy: Crm):
    result = healthy.ok("doctor")

    assert findings(healthy) == []
    assert result.out.startswith("Nothing is wrong with")
    assert "2 backups" in result.out


def test_where_there_is_no_book_nothing_is_wrong_and_nothing_is_made(crm: Crm):
    assert "There is no book yet" in crm.ok("doctor").out
    assert not crm.home.exists()
    crm.ok("doctor --fix")
    assert not crm.home.exists()


@pytest.mark.parametrize(("broken", "said"), BROKEN.values(), ids=BROKEN)
def test_each_finding_names_the_command_that_mends_it(healthy: Crm, broken: Break, said: str):
    broken(healthy)

    found = wrong(healthy)
    result = healthy("doctor")

    assert result.code == 1
    assert any(said in finding["what"] for finding in found), found
    assert said in result.out
    for finding in found:
        assert finding["commands"], finding
        assert finding["commands"][0] in result.out
    for _ in range(3):
        if not (found := wrong(healthy)):
            break
        run(healthy, found[0]["commands"][0])
    assert wrong(healthy) == []
    assert healthy("doctor").code == 0
    healthy.ok("agenda")
    assert any(row["state"] == "good" for row in healthy.ok("backup --list --json").items)


def test_looking_changes_nothing(healthy: Crm):
    for label, (broken, _) in BROKEN.items():
        if not label.startswith("the book"):
            broken(healthy)
    before = {path: (path.read_bytes(), path.stat().st_mode) for path in healthy.home.rglob("*") if path.is_file()}

    assert healthy("doctor").code == 1

    assert before == {
        path: (path.read_bytes(), path.stat().st_mode) for path in healthy.home.rglob("*") if path.is_file()
    }


def test_what_it_mends_in_records_can_be_taken_back(healthy: Crm):
    drop("contacts", "1")(healthy)
    before = json.loads((healthy.home / "book.json").read_bytes())

    healthy.ok("doctor --fix")
    (interview,) = healthy.ok("interview list --json").items
    assert [seat["contact"] for seat in interview["panel"]] == ["c2"]
    assert healthy.ok("note list --json").items[0]["contact"] is None

    healthy.ok("undo")
    after = json.loads((healthy.home / "book.json").read_bytes())
    assert {table: after[table] for table in ("interviews", "notes", "contacts")} == {
        table: before[table] for table in ("interviews", "notes", "contacts")
    }


def test_what_hung_on_a_record_that_is_gone_goes_with_it(healthy: Crm):
    drop("interviews", "1")(healthy)

    healthy.ok("doctor --fix")

    assert healthy.ok("note list --json").items == []
    assert len(healthy.ok("contact list --json").items) == 2


def test_ids_that_are_there_are_not_given_again(healthy: Crm):
    meta(counters={"c": 0, "m": 0})(healthy)

    healthy.ok("doctor --fix")

    assert healthy.ok("contact add 'Cara Lund' --json").item["id"] == "c3"


def test_a_book_that_was_changed_by_hand_can_be_accepted(healthy: Crm):
    edit(healthy, lambda data: data["contacts"].update({"7": {"name": "Cara Lund"}}), seal=False)
    by_hand = (healthy.home / "book.json").read_bytes()
    refused = healthy("contact list")
    assert (refused.code, "crm doctor" in refused.err) == (4, True)

    result = healthy.ok("doctor --accept")

    assert "Nothing is wrong" in result.out
    assert [person["id"] for person in healthy.ok("contact list --json").items] == ["c1", "c2", "c7"]
    assert healthy.ok("contact add 'Dora Pym' --json").item["id"] == "c8"
    (aside,) = (healthy.home / "backups").glob("*unreadable*")
    assert aside.read_bytes() == by_hand
    assert str(aside) in result.err


def test_a_book_that_is_formatted_by_another_program_can_be_accepted(healthy: Crm):
    path = healthy.home / "book.json"
    path.write_bytes(json.dumps(json.loads(path.read_bytes()), indent=4).encode())

    healthy.ok("doctor --accept")

    assert len(healthy.ok("contact list --json").items) == 2


def test_another_process_notices_an_accepted_book(healthy: Crm):
    other = healthy.book
    assert len(other.contacts) == 2
    edit(healthy, lambda data: data["contacts"].pop("2"), seal=False)
    healthy("doctor --accept")

    with other.change("an edit"):
        assert [person.id for person in other.contacts] == ["c1"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda crm: None, "fits its checksum"),
        (write("book.json", b'{"_meta":\n{"1":{"app":"crm-core",]}}'), "line 2"),
        (write("book.json", b""), "is empty"),
        (
            lambda crm: edit(crm, lambda data: data["contacts"]["1"].update(name=[]), seal=False),
            "contacts 1 can't be read",
        ),
        (lambda crm: edit(crm, lambda data: data.update(contacts={"one": {}}), seal=False), "a table 'contacts'"),
    ],
    ids=["nothing to accept", "no JSON", "empty", "no contact", "no number"],
)
def test_what_could_not_be_read_afterwards_is_not_accepted(healthy: Crm, change: Break, said: str):
    change(healthy)
    before = (healthy.home / "book.json").read_bytes()

    result = healthy("doctor --accept")

    assert result.code == 1
    assert said in result.err
    assert (healthy.home / "book.json").read_bytes() == before


def test_fixing_a_book_that_can_not_be_opened_mends_its_files_and_says_the_way_out(healthy: Crm):
    (healthy.home / "book.json").write_bytes(b"")
    (healthy.home / "backups").chmod(0o755)

    result = healthy("doctor --fix")

    assert result.code == 4
    assert "crm restore b2" in result.err
    assert stat.S_IMODE((healthy.home / "backups").stat().st_mode) == 0o700


def test_a_new_book_can_be_begun_without_the_backups_of_the_old(healthy: Crm):
    (healthy.home / "book.json").unlink()
    (found,) = wrong(healthy)

    run(healthy, found["commands"][1])

    healthy.ok("contact add 'Ana Silva'")
    assert wrong(healthy) == []


def test_settings_that_can_not_be_read_do_not_keep_it_from_mending(healthy: Crm):
    (healthy.home / "config.toml").write_bytes(b"[me\n")
    drop("contacts", "1")(healthy)

    result = healthy("doctor --fix")

    assert "Mended" in result.err
    assert {finding["check"] for finding in wrong(healthy)} == {"settings"}


def test_records_of_a_plugin_that_is_off_are_worth_a_note_and_no_more(healthy: Crm):
    healthy.ok("plugins off crm_social")

    result = healthy.ok("doctor")

    (note,) = findings(healthy)
    assert note["note"] is True
    assert "crm_social.follows has 1 record" in note["what"]
    assert note["commands"] == ["crm plugins on crm_social"]
    assert "Nothing is wrong" in result.out
    run(healthy, note["commands"][0])
    assert findings(healthy) == []


def test_records_of_a_plugin_that_was_uninstalled_are_kept(healthy: Crm):
    edit(healthy, lambda data: data.update({"crm_gone.things": {"1": {}, "2": {}}}))

    (note,) = findings(healthy)

    assert "crm_gone.things has 2 records that no plugin of this run knows" in note["what"]
    assert note["commands"] == []
    healthy.ok("doctor --fix")
    assert len(json.loads((healthy.home / "book.json").read_bytes())["crm_gone.things"]) == 2


def test_photos_that_nobody_names_are_told_with_how_to_remove_them(healthy: Crm):
    def photograph(data: bytes, **more: Any) -> str:
        book = healthy.book
        with book.change("a photo"):
            name = book.attach(data)
            book.contacts.save(replace(book.contacts.get("c1"), photo=name))
        return name

    first, second = photograph(b"\xff\xd8\xff first"), photograph(b"\xff\xd8\xff second")
    assert findings(healthy) == []  # the history names the first
    stray = healthy.home / "attachments" / f"{'0' * 32}.jpg"
    stray.write_bytes(b"")
    stray.chmod(0o600)
    (healthy.home / "attachments" / second).unlink()

    lost, unnamed = findings(healthy)

    assert f"{second} is not there, and a record names it" in lost["what"]
    assert f"{stray} is named by no record" in unnamed["what"]
    assert healthy("doctor").code == 0
    run(healthy, unnamed["commands"][0])
    assert not stray.exists()
    assert (healthy.home / "attachments" / first).exists()


def test_a_damaged_file_that_was_kept_aside_is_worth_a_note(healthy: Crm):
    (healthy.home / "book.json").write_bytes(b"rubbish")
    healthy.ok("restore b2 --yes")

    (note,) = findings(healthy)

    assert "was kept aside" in note["what"]
    run(healthy, note["commands"][0])
    assert findings(healthy) == []


def test_images_that_are_lost_are_worth_a_note(healthy: Crm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("crm_core.store.tiny.IMAGES_INLINE", 0)
    healthy.ok("contact add 'Cara Lund'")
    assert findings(healthy) == []
    next((healthy.home / "history").iterdir()).unlink()

    (note,) = findings(healthy)

    assert "can't be taken back any more" in note["what"]


def test_backups_that_can_not_be_looked_at_keep_it_from_nothing(healthy: Crm):
    folder = healthy.home / "backups"
    folder.rename(healthy.home / "elsewhere")
    folder.write_bytes(b"")
    folder.chmod(0o600)
    drop("contacts", "1")(healthy)

    assert [finding["check"] for finding in wrong(healthy)] == ["records", "backups"]
    found = wrong(healthy)[1]
    assert "backups can't be read: not a directory" in found["what"]
    run(healthy, found["commands"][0])
    healthy.ok("backup")


def test_a_folder_in_the_place_of_the_book_is_named(healthy: Crm):
    (healthy.home / "book.json").unlink()
    (healthy.home / "book.json").mkdir()

    assert any("can't be read: is a directory" in finding["what"] for finding in wrong(healthy))


def test_a_plugin_that_fails_is_a_finding(healthy: Crm, install):
    install("crm_bad", "1 / 0")

    (found,) = wrong(healthy)

    assert (found["check"], "crm_bad: import: ZeroDivisionError" in found["what"]) == ("plugins", True)
    run(healthy, found["commands"][0])
    assert wrong(healthy) == []


def test_it_runs_without_plugins(healthy: Crm):
    result = healthy.ok("--no-plugins doctor")

    assert "crm_social.follows" in result.out


def test_many_findings_of_one_sort_are_counted(healthy: Crm):
    many = {str(number): {"name": f"P{number}", "introduced_by": f"c{number + 1_000}"} for number in range(3, 53)}
    edit(healthy, lambda data: (data["contacts"].update(many), data["_meta"]["1"]["counters"].update(c=5_000)))

    result = healthy("doctor")

    assert "and 30 more like that (records): crm doctor --fix" in result.out
    assert "50 things need mending" in result.err
    assert len(wrong(healthy)) == 50


def test_in_the_demo_its_commands_are_for_the_demo(crm: Crm):
    crm.ok("demo")
    (crm.home / "demo" / "book.json").chmod(0o644)

    assert "crm --demo doctor --fix" in crm("--demo doctor").out
    crm.ok("--demo doctor --fix")


def test_a_folder_that_the_user_chose_is_theirs(healthy: Crm, tmp_path: Path):
    folder = tmp_path / "documents"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    healthy.environ["CRM_BOOK"] = str(folder / "jobs.json")
    healthy.ok("contact add 'Ana Silva'")

    assert findings(healthy) == []
