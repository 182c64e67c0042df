"""A file that can't be read is never treated as empty and never written over."""

from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from crm_core.errors import BookGone, BookUnreadable
from crm_core.store.base import Store
from crm_core.store.format import Meta
from crm_core.store.storage import BookStorage, Table
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import ANA, AT, BEN, commit, people

ASKED: tuple[Callable[[Store], object], ...] = (
    lambda store: store.revision,
    lambda store: store.redirects,
    lambda store: store.documents("people"),
    lambda store: store.tables(),
    lambda store: store.history(),
    lambda store: store.begin("", "", AT).__enter__(),
    lambda store: commit(store, put={"1": BEN}),
    lambda store: store.db.table("people").insert({}),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small sound book."""
    path = tmp_path / "book.json"
    commit(TinyStore(path), put={"1": ANA, "2": BEN})
    return path


def refuse(path: Path, asked=ASKED) -> BookUnreadable:
    """Every question is refused, and asked again refused again; the file stays as it is. Gives the last refusal."""
    before = path.read_bytes()
    store = TinyStore(path)
    for ask in (*asked, *asked):
        with pytest.raises(BookUnreadable) as caught:
            ask(store)
    assert path.read_bytes() == before
    assert sorted(file.name for file in path.parent.iterdir()) == ["book.json", "book.lock"]
    return caught.value


def sealed(path: Path, meta: bytes, tables: bytes = b"") -> None:
    """Write a file whose checksum is right, whatever it says of itself."""
    crc = crc32(b"_meta" + meta.replace(b"CRC", b"0"))
    path.write_bytes(b'{"_meta":' + meta.replace(b"CRC", str(crc).encode()) + tables + b"}\n")


def test_a_book_that_was_cut_off_is_unreadable(path: Path):
    whole = path.read_bytes()
    lengths = sorted({len(whole) * percent // 100 for percent in range(100)} | {len(whole) - 1 - 1})

    for length in lengths:
        path.write_bytes(whole[:length])
        refuse(path, ASKED[2:3] if length % 5 else ASKED)


def test_a_book_with_any_bit_flipped_is_unreadable(path: Path, monkeypatch: pytest.MonkeyPatch):
    whole = path.read_bytes()
    damaged = bytearray(whole)
    monkeypatch.setattr(Path, "read_bytes", lambda _: bytes(damaged))  # thousands of writes would take their time

    for place in range(len(whole)):
        for bit in range(8):
            damaged[place] ^= 1 << bit
            with pytest.raises(BookUnreadable):
                TinyStore(path).documents("people")
            damaged[place] ^= 1 << bit
    assert people(TinyStore(path)) == {"1": ANA, "2": BEN}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 500,
        b" \n",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b'{"_default":{"1":{"name":"Ana"}}}',
        b'{"_meta":{}}',
        b'{"_meta":{"1":{}}}',
        b'{"_meta":{"1":null}}',
        b'{"_meta":[]}',
        b'{"_meta":{"1":{"app":"crm-core","counters":7}}}',
        b'{"\xff":{}}',
        b'\xef\xbb\xbf{"_meta":{}}',
        b'{"a":' + b"[" * 200_000,
        b"[" * 200_000,
        b"BEGIN:VCARD\r\n",
        b"\x1f\x8b\x08\0",
    ],
    ids=lambda content: repr(content[:24]),
)
def test_whatever_is_not_a_book_is_unreadable_and_left_alone(path: Path, content: bytes):
    path.write_bytes(content)

    refusal = refuse(path)

    assert refusal.exit_code == 4
    assert str(path) in refusal.message
    assert refusal.hint


def test_another_programs_file_is_named(path: Path):
    sealed(path, b'{"1":{"app":"todo\\u001b[2J","format":1,"crc":CRC}}')

    assert "todo" in refuse(path).message


@pytest.mark.parametrize("newer", [b'"format":2', b'"format":1,"schema":{"core":2}'])
def test_a_newer_programs_book_is_refused_with_the_cure(path: Path, newer: bytes):
    sealed(path, b'{"1":{"app":"crm-core",%b,"revision":9,"crc":CRC}}' % newer)

    refusal = refuse(path)

    assert "newer version" in refusal.message
    assert "Update" in refusal.hint


def test_the_files_of_these_tests_are_sealed_as_books_are(path: Path):
    sealed(path, b'{"1":{"app":"crm-core","format":1,"revision":9,"crc":CRC}}')

    assert TinyStore(path).revision == 9


def test_a_book_that_was_mended_by_hand_does_not_fit_its_checksum(path: Path):
    path.write_bytes(path.read_bytes().replace(b"Ana", b"Eva"))

    assert "checksum" in refuse(path).message


def test_a_folder_in_the_place_of_the_book_is_unreadable(tmp_path: Path):
    (tmp_path / "book.json").mkdir()

    with pytest.raises(BookUnreadable):
        TinyStore(tmp_path / "book.json").documents("people")


def test_a_link_that_leads_to_itself_is_unreadable(tmp_path: Path):
    (tmp_path / "book.json").symlink_to(tmp_path / "book.json")

    with pytest.raises(BookUnreadable):
        TinyStore(tmp_path / "book.json").documents("people")


def test_a_book_that_is_damaged_while_it_is_open_is_not_written_over(path: Path):
    store = TinyStore(path)
    assert people(store) == {"1": ANA, "2": BEN}
    path.write_bytes(b"{}")

    for _ in range(2):
        with pytest.raises(BookUnreadable):
            commit(store, put={"1": BEN})

    assert path.read_bytes() == b"{}"


def test_a_book_that_is_mended_can_be_used_by_the_same_store(path: Path):
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    store = TinyStore(path)
    with pytest.raises(BookUnreadable):
        commit(store, put={"3": ANA})

    path.write_bytes(whole)
    commit(store, put={"3": ANA})

    assert people(TinyStore(path)) == {"1": ANA, "2": BEN, "3": ANA}


def test_white_space_between_tables_is_no_damage(path: Path):
    path.write_bytes(b" \n " + path.read_bytes().replace(b"}},\n", b"}}\t,\r\n\n") + b"\n")

    assert people(TinyStore(path)) == {"1": ANA, "2": BEN}


def test_a_storage_writes_a_meta_that_fits_what_it_wrote(path: Path):
    storage = BookStorage(path)
    storage.commit({"people": Table(raws={})}, Meta(revision=40, counters={"c": 7}))

    again = BookStorage(path).meta
    assert (again.revision, again.counters) == (2, {"c": 7})


def test_a_book_that_is_gone_while_its_backups_are_there_is_not_begun_anew(path: Path):
    """Somebody, or a program that keeps folders alike, removed it: a new one would push the backups out day by day."""
    store = TinyStore(path)
    store.back_up(AT)
    path.unlink()

    for ask in ASKED:
        with pytest.raises(BookGone) as caught:
            ask(TinyStore(path))
    with pytest.raises(BookGone):
        commit(store, put={"3": ANA})

    assert caught.value.exit_code == 4
    assert "not there any more" in caught.value.message
    assert "crm restore b1" in caught.value.hint
    assert not path.exists()
    store.backups.all()[0].path.unlink()
    commit(TinyStore(path), put={"3": ANA})
    assert people(TinyStore(path)) == {"3": ANA}
