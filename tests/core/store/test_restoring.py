"""Restoring a book from a file of it: what would change, what is kept, and that nobody takes it for the old one."""

from pathlib import Path

import pytest

from crm_core.errors import BookNewer, BookUnreadable, Conflict, CrmError
from crm_core.store.backups import Backup
from crm_core.store.format import Contents, parse, salvaged
from crm_core.store.restoring import LEAP, Difference, differences, restore
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import ANA, AT, BEN, CARA, commit, people
from tests.core.store.test_backups import no_space

MANY = {str(number): ANA for number in range(1, 1_200)}


@pytest.fixture
def store(tmp_path: Path) -> TinyStore:
    """Two people and a table of an absent plugin."""
    store = TinyStore(tmp_path / "home" / "book.json")
    commit(store, put={"1": ANA, "2": BEN})
    commit(store, put={"1": BEN}, table="crm_absent.things")
    return store


def contents(store: TinyStore) -> Contents:
    """The book as it is now, as a file of it would hold it."""
    return parse(store.path.read_bytes())


def put_back(store: TinyStore, wanted: Contents, *, seen: int | None = -1) -> Backup | None:
    seen = store.revision if seen == -1 else seen
    return restore(store, wanted, "restored b1", "crm restore b1", AT, seen=seen)


def test_what_would_change_is_told_table_by_table(store: TinyStore):
    wanted = contents(store)
    commit(store, put={"1": CARA, "3": CARA}, delete="2")
    commit(store, put={"1": CARA}, table="places")

    assert differences(store, wanted) == [
        Difference(table="people", added=1, changed=1, removed=1),
        Difference(table="places", removed=1),
    ]
    assert differences(None, wanted) == [
        Difference(table="people", added=2),
        Difference(table="crm_absent.things", added=1),
    ]
    assert differences(store, contents(store)) == []


def test_the_book_is_as_it_was_and_its_history_goes_on(store: TinyStore):
    wanted, before = contents(store), {name: people(store, name) for name in store.tables()}
    commit(store, put={"1": CARA, "3": CARA}, delete="2")
    present = store.path.read_bytes()

    kept = put_back(store, wanted)

    again = TinyStore(store.path)
    assert {name: people(again, name) for name in again.tables()} == before
    assert kept is not None
    assert (kept.reason, kept.path.read_bytes()) == ("restore", present)
    change = again.history()[-1]
    assert (change.id, change.title, change.command, change.backup) == (
        "h4", "restored b1", "crm restore b1", kept.id,
    )  # fmt: skip
    assert {(image.table, image.key) for image in change.images} == {("people", "1"), ("people", "2"), ("people", "3")}
    assert again.revision == 4


def test_a_restore_can_be_taken_back_by_restoring_what_was_kept(store: TinyStore):
    wanted = contents(store)
    commit(store, put=MANY, table="places")
    present = {name: people(store, name) for name in store.tables()}

    kept = put_back(store, wanted)
    assert kept is not None
    put_back(store, kept.contents())

    assert {name: people(store, name) for name in store.tables()} == present


def test_numbers_that_were_drawn_since_are_not_given_again(store: TinyStore):
    wanted = contents(store)
    with store.begin("", "", AT) as transaction:
        transaction.put("people", str([transaction.draw("c") for _ in range(9)][-1]), ANA)
    put_back(store, wanted)

    with store.begin("", "", AT) as transaction:
        assert transaction.draw("c") == 10
    with TinyStore(store.path).begin("", "", AT) as transaction:
        assert transaction.draw("c") == 10


def test_what_was_merged_since_is_two_again(store: TinyStore):
    with store.begin("merged", "", AT) as transaction:
        transaction.redirect("c9", "c8")
    wanted = contents(store)
    with store.begin("merged", "", AT) as transaction:
        transaction.delete("people", "2")
        transaction.redirect("c2", "c1")

    put_back(store, wanted)

    assert dict(TinyStore(store.path).redirects) == {"c9": "c8"}


def test_another_process_sees_that_the_book_is_another(store: TinyStore):
    wanted = contents(store)
    commit(store, put={"1": CARA})
    other = TinyStore(store.path)
    assert people(other)["1"] == CARA

    put_back(store, wanted)

    with other.begin("", "", AT) as transaction:
        assert transaction.moved
        assert bytes(transaction.documents("people")["1"]) == ANA


def test_a_book_that_changed_since_it_was_shown_is_a_conflict(store: TinyStore):
    wanted, seen = contents(store), store.revision
    commit(TinyStore(store.path), put={"1": CARA})

    with pytest.raises(Conflict):
        put_back(store, wanted, seen=seen)

    assert people(TinyStore(store.path))["1"] == CARA


def test_a_book_that_was_mended_since_it_was_shown_is_a_conflict(store: TinyStore):
    with pytest.raises(Conflict):
        put_back(store, contents(store), seen=None)


@pytest.mark.parametrize("rubbish", [b"", b"\0" * 900, b"{}", b"BEGIN:VCARD", b'{"_meta":{"1":{"app":"todo"}}}'])
def test_what_can_not_be_read_is_kept_aside_byte_for_byte(store: TinyStore, rubbish: bytes):
    wanted, before, history = contents(store), people(store), store.history()
    store.path.write_bytes(rubbish)
    fresh = TinyStore(store.path)

    kept = put_back(fresh, wanted, seen=None)

    assert kept is not None
    assert (kept.reason, kept.path.read_bytes()) == ("unreadable", rubbish)
    assert people(TinyStore(store.path)) == people(fresh) == before
    assert TinyStore(store.path).history() == history
    assert fresh.revision > wanted.meta.revision + LEAP


def test_a_damaged_book_still_tells_how_far_it_had_come(store: TinyStore):
    wanted = contents(store)
    with store.begin("", "", AT) as transaction:
        transaction.put("people", str([transaction.draw("c") for _ in range(9)][-1]), ANA)
    other = TinyStore(store.path)
    assert other.revision == 3
    store.path.write_bytes(store.path.read_bytes()[:-40])

    put_back(TinyStore(store.path), wanted, seen=None)

    with other.begin("", "", AT) as transaction:
        assert transaction.moved
        assert transaction.draw("c") == 10
    assert other.revision == 4


@pytest.mark.parametrize("data", [b"", b"{", b'{"_meta":', b'{"_meta":{"1":[' + b"[" * 9_000, b'{"_meta":{}}', b"\xff"])
def test_of_rubbish_nothing_is_known(data: bytes):
    assert salvaged(data).revision == 0


def test_a_book_of_another_layout_is_no_damaged_one(store: TinyStore):
    wanted = contents(store)
    store.path.write_bytes(store.path.read_bytes().replace(b'"format":1', b'"format":2'))
    before = store.path.read_bytes()

    with pytest.raises(BookNewer):
        put_back(TinyStore(store.path), wanted, seen=None)

    assert store.path.read_bytes() == before


def test_where_there_is_no_book_the_whole_file_is_taken_over(store: TinyStore, tmp_path: Path):
    fresh = TinyStore(tmp_path / "new" / "book.json")

    assert put_back(fresh, contents(store), seen=0) is None

    assert people(fresh) == people(store)
    assert [change.id for change in fresh.history()] == ["h1", "h2"]
    assert fresh.identity == store.identity
    commit(fresh, put={"1": CARA})
    assert [change.id for change in TinyStore(fresh.path).history()] == ["h1", "h2", "h3"]


def test_a_book_that_is_gone_comes_back_and_others_notice(store: TinyStore):
    store.back_up(AT)
    wanted, other = contents(store), TinyStore(store.path)
    assert people(other)
    store.path.unlink()

    assert put_back(TinyStore(store.path), wanted, seen=0) is None

    with other.begin("", "", AT) as transaction:
        assert transaction.moved
    assert people(other) == {"1": ANA, "2": BEN}


def test_in_the_place_of_an_empty_book_too_which_is_kept(store: TinyStore, tmp_path: Path):
    fresh = TinyStore(tmp_path / "new" / "book.json")
    commit(fresh, put={"1": ANA})
    commit(fresh, delete="1")

    kept = put_back(fresh, contents(store))

    assert kept is not None
    assert people(fresh) == people(store)
    assert (fresh.revision, fresh.identity) == (3, store.identity)


def test_changes_whose_images_are_elsewhere_are_left_out_of_the_history(store: TinyStore, tmp_path: Path):
    commit(store, put=MANY, table="places")
    commit(store, put={"1": CARA})
    fresh = TinyStore(tmp_path / "new" / "book.json")

    put_back(fresh, contents(store), seen=0)

    assert [change.id for change in fresh.history()] == ["h1", "h2", "h4"]
    assert len(people(fresh, "places")) == len(MANY)


def test_if_the_present_book_can_not_be_kept_nothing_is_done(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    wanted = contents(store)
    commit(store, put={"1": CARA})
    whole = store.path.read_bytes()
    for data, seen in ((whole, store.revision), (b"rubbish", None)):
        store.path.write_bytes(data)
        with monkeypatch.context() as patch:
            no_space(patch, "backups")
            with pytest.raises(CrmError, match="no space left"):
                put_back(TinyStore(store.path), wanted, seen=seen)
        assert store.path.read_bytes() == data


def test_a_book_that_can_not_be_kept_aside_is_left_alone(store: TinyStore):
    wanted = contents(store)
    store.path.unlink()
    store.path.mkdir()

    with pytest.raises(CrmError, match="kept aside"):
        put_back(TinyStore(store.path), wanted, seen=None)

    with pytest.raises(BookUnreadable):
        assert TinyStore(store.path).revision
