"""The history is bounded, and the images of a very large change lie in a file of their own."""

from pathlib import Path

import msgspec
import pytest

from crm_core.errors import BookUnreadable
from crm_core.store import transaction
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import ANA, AT, BEN, CARA, commit, people

LARGE = 1_001
MANY = {str(number): ANA for number in range(1, LARGE + 1)}


@pytest.fixture
def store(tmp_path: Path) -> TinyStore:
    return TinyStore(tmp_path / "book.json")


def ids(store: TinyStore) -> list[str]:
    """What another store, opened now, remembers."""
    return [change.id for change in TinyStore(store.path).history()]


def spilled(store: TinyStore) -> list[str]:
    """The files of images."""
    return sorted(path.name for path in (store.path.parent / "history").glob("*"))


def test_only_the_newest_changes_are_remembered(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    assert transaction.HISTORY_CHANGES == 200
    monkeypatch.setattr(transaction, "HISTORY_CHANGES", 3)
    for number in range(5):
        commit(store, put={"1": b'{"n":%d}' % number})

    assert ids(store) == ["h3", "h4", "h5"]
    commit(store, delete="1")
    assert ids(store) == ["h4", "h5", "h6"]


def test_the_history_is_bounded_in_bytes_but_keeps_the_newest_change(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    assert transaction.HISTORY_BYTES == 4_000_000
    monkeypatch.setattr(transaction, "HISTORY_BYTES", 3_000)
    text = b'{"text":"%b%d"}'
    for number in range(8):
        commit(store, put={"1": text % (b"x" * 700, number)})
    assert ids(store) == ["h6", "h7", "h8"]

    commit(store, put={"1": text % (b"x" * 9_000, 0)})
    commit(store, put={"1": ANA})
    assert ids(store) == ["h10"]

    commit(store, put={"1": BEN})
    assert ids(store) == ["h11"]


def test_the_size_of_the_file_stays_bounded(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transaction, "HISTORY_BYTES", 3_000)
    sizes = []
    for number in range(30):
        commit(store, put={"1": b'{"text":"%b%02d"}' % (b"x" * 500, number)})
        sizes.append(store.path.stat().st_size)

    assert max(sizes[15:]) < 3_000 + 1_000


def test_a_thousand_images_stay_in_the_book(store: TinyStore):
    commit(store, put=dict.fromkeys(list(MANY)[: LARGE - 1], ANA))

    assert spilled(store) == []
    assert len(store.history()[0].images) == LARGE - 1


def test_the_images_of_a_larger_change_lie_beside_it(store: TinyStore):
    commit(store, put=MANY)
    commit(store, put=dict.fromkeys(MANY, BEN))
    commit(store, put={"1": CARA})

    later = TinyStore(store.path)
    added, changed, small = later.history()

    assert spilled(store) == ["h1.json", "h2.json"]
    assert (added.images_in, changed.images_in, small.images_in) == ("history/h1.json", "history/h2.json", "")
    assert (added.images, changed.images, len(small.images)) == ((), (), 1)
    assert {image.before for image in later.images(added)} == {msgspec.UNSET}
    assert {bytes(image.before) for image in later.images(changed)} == {ANA}
    assert [image.key for image in later.images(changed)] == list(MANY)
    assert later.images(small) == small.images
    assert b'"before"' not in bytes(store.documents(transaction.HISTORY)["2"])


def test_images_go_when_their_change_is_forgotten(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transaction, "HISTORY_CHANGES", 2)
    commit(store, put=MANY)
    commit(store, put={"1": BEN})
    assert spilled(store) == ["h1.json"]

    commit(store, put={"1": CARA})

    assert spilled(store) == []
    assert ids(store) == ["h2", "h3"]


def test_two_books_in_one_folder_keep_their_images_apart(tmp_path: Path):
    one, other = TinyStore(tmp_path / "book.json"), TinyStore(tmp_path / "old.json")
    commit(one, put=MANY)
    commit(other, put=dict.fromkeys(MANY, BEN))
    commit(other, put=dict.fromkeys(MANY, CARA))
    commit(one, put=dict.fromkeys(MANY, CARA))

    assert {bytes(image.before) for image in one.images(TinyStore(one.path).history()[1])} == {ANA}
    assert {bytes(image.before) for image in other.images(TinyStore(other.path).history()[1])} == {BEN}


@pytest.mark.parametrize("content", [None, b"", b"[7]", b'[{"table":"people"'])
def test_images_that_are_lost_are_named_and_all_else_still_works(store: TinyStore, content: bytes | None):
    commit(store, put=MANY)
    images = store.path.parent / "history/h1.json"
    if content is None:
        images.unlink()
    else:
        images.write_bytes(content)
    fresh = TinyStore(store.path)

    (change,) = fresh.history()
    with pytest.raises(BookUnreadable, match="h1") as caught:
        fresh.images(change)

    assert str(images) in caught.value.message
    commit(fresh, put={"1": BEN})
    assert people(fresh)["1"] == BEN


def test_a_change_that_no_reader_understands_is_named(store: TinyStore):
    with store.begin("", "", AT) as begun:
        begun.put("people", "1", ANA)
        begun.remember("7", b'{"id":7}')

    with pytest.raises(BookUnreadable, match="The history of h7 can't be read"):
        store.history()


def test_a_book_from_elsewhere_can_not_have_other_files_removed_or_read(
    store: TinyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    victim = tmp_path.parent / f"{tmp_path.name}-victim.json"
    victim.write_bytes(b"[]")
    with store.begin("", "", AT) as begun:
        begun.put("people", "1", ANA)
        begun.remember(
            "0",
            b'{"id":"h0","at":"2026-11-23T11:00:00Z","who":"","title":"","images_in":"../%b"}' % victim.name.encode(),
        )
    with pytest.raises(BookUnreadable):
        store.images(store.history()[0])

    monkeypatch.setattr(transaction, "HISTORY_CHANGES", 1)
    commit(store, put={"1": BEN})
    commit(store, put={"1": CARA})

    assert victim.exists()
    assert ids(store) == ["h3"]
