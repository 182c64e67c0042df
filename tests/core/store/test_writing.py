"""How the book gets to the disk: the order of the calls, what a failure leaves, who may read it."""

import errno
import io
import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crm_core.errors import CrmError
from crm_core.files import make_private_folder, replace_file
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import ANA, AT, BEN, CARA, commit, people, state

PHOTOS = (b"\xff\xd8\xff one picture", b"\xff\xd8\xff another one")
MANY = {str(number): ANA for number in range(1, 1_200)}  # enough for images in a file of their own


@pytest.fixture
def store(tmp_path: Path) -> TinyStore:
    """A store with one document, backed up today."""
    store = TinyStore(tmp_path / "home" / "book.json")
    commit(store, put={"1": ANA})
    store.backups.make_daily(store.path.read_bytes(), AT)
    return store


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The calls that make a write last, with the names of their files and the bytes that were there by then."""
    made: list[tuple[str, ...]] = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        made.append(("fsync", path.name, "" if path.is_dir() else str(path.stat().st_size)))
        fsync(descriptor)

    def watched_replace(source: Path, target: Path) -> None:
        made.append(("replace", Path(source).name, Path(target).name))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    return made


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to name descriptors")


@needs_proc
def test_a_commit_syncs_the_whole_new_file_then_renames_it_then_syncs_the_folder(
    store: TinyStore, calls: list[tuple[str, ...]]
):
    commit(store, put={"2": BEN})

    size = str(store.path.stat().st_size)
    assert calls == [
        ("fsync", "book.json.tmp", size),
        ("replace", "book.json.tmp", "book.json"),
        ("fsync", "home", ""),
    ]


@needs_proc
def test_the_backup_and_the_images_of_a_large_change_are_on_the_disk_before_the_commit(
    store: TinyStore, calls: list[tuple[str, ...]]
):
    size_before = str(store.path.stat().st_size)
    commit(store, put=MANY)

    backup, images = "b00002-20261123T110000Z-bulk.json", store.path.parent / "history/h2.json"
    assert calls[:3] == [
        ("fsync", f"{backup}.tmp", size_before),
        ("replace", f"{backup}.tmp", backup),
        ("fsync", "backups", ""),
    ]
    assert calls[3:6] == [
        ("fsync", calls[3][1], str(images.stat().st_size)),
        ("replace", calls[3][1], "h2.json"),
        ("fsync", "history", ""),
    ]
    assert [call[0] for call in calls[6:]] == ["fsync", "replace", "fsync"]
    assert calls[7] == ("replace", "book.json.tmp", "book.json")


@needs_proc
def test_attachments_are_on_the_disk_before_the_commit_and_their_folder_waits_once(
    store: TinyStore, calls: list[tuple[str, ...]]
):
    with store.begin("", "", AT) as transaction:
        one, other = (store.attach(data) for data in PHOTOS)
        assert [call[0] for call in calls] == ["fsync", "replace"] * 2
        assert [call[-1] for call in calls[1::2]] == [one, other]
        transaction.put("people", "2", BEN)

    assert [call[:2] for call in calls[4:6]] == [("fsync", "attachments"), ("fsync", "book.json.tmp")]


@needs_proc
def test_an_attachment_that_is_there_is_not_written_again_but_waited_for(
    store: TinyStore, calls: list[tuple[str, ...]]
):
    """Its writer may have been killed before the disk had its name."""
    name = TinyStore(store.path).attach(PHOTOS[0])
    calls.clear()
    with store.begin("", "", AT) as transaction:
        assert store.attach(PHOTOS[0]) == name
        transaction.put("people", "2", BEN)

    assert [call[:2] for call in calls[:2]] == [("fsync", "attachments"), ("fsync", "book.json.tmp")]


@pytest.mark.parametrize("damaged", [b"", PHOTOS[0][:5], bytes(len(PHOTOS[0]))])
def test_an_attachment_that_is_damaged_is_written_again(store: TinyStore, damaged: bytes):
    name = store.attach(PHOTOS[0])
    store.attachments.path(name).write_bytes(damaged)
    assert store.attachment(name) is None
    assert store.attach(PHOTOS[0]) == name
    assert store.attachment(name) == PHOTOS[0]


class FullDisk(io.FileIO):
    """A file on a disk that is full after a few bytes."""

    def write(self, data: bytes) -> int:
        if self.tell() >= 100:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(bytes(data)[:100])


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", lambda descriptor, mode: io.BufferedWriter(FullDisk(descriptor, mode), 64))
        yield


@contextmanager
def limited_file_size(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The kernel itself refuses: EFBIG instead of ENOSPC."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def failing(name: str) -> Callable[[pytest.MonkeyPatch], object]:
    """The first call of that function of `os` fails."""

    @contextmanager
    def failure(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        def refuse(*_: object) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        with monkeypatch.context() as patch:
            patch.setattr(os, name, refuse)
            yield

    return failure


@pytest.mark.parametrize(
    "failure",
    [full_disk, limited_file_size, failing("fsync"), failing("replace"), failing("fdopen"), failing("fchmod")],
    ids=["full-disk", "file-size-limit", "fsync", "replace", "fdopen", "fchmod"],
)
def test_a_write_that_fails_leaves_the_old_book_and_no_litter_and_the_next_works(
    store: TinyStore, failure, monkeypatch: pytest.MonkeyPatch
):
    before, seen = store.path.read_bytes(), state(store)

    with pytest.raises(CrmError) as caught, failure(monkeypatch):
        commit(store, put={"2": BEN})

    assert (caught.value.exit_code, caught.value.hint) == (1, "Nothing was changed.")
    assert store.path.read_bytes() == before
    assert sorted(path.name for path in store.path.parent.iterdir()) == ["backups", "book.json", "book.lock"]
    assert state(store) == state(TinyStore(store.path)) == seen
    commit(store, put={"3": CARA})
    assert people(TinyStore(store.path)) == {"1": ANA, "3": CARA}


@pytest.mark.parametrize("failure", [full_disk, failing("fsync"), failing("replace")])
def test_images_that_can_not_be_written_stop_the_commit(store: TinyStore, failure, monkeypatch: pytest.MonkeyPatch):
    before = store.path.read_bytes()

    with monkeypatch.context() as patch:
        patch.setattr("crm_core.store.tiny.BULK", len(MANY))  # no backup, which would fail before them
        with pytest.raises(CrmError), failure(patch):
            commit(store, put=MANY)

    assert store.path.read_bytes() == before
    assert list((store.path.parent / "history").iterdir()) == []
    commit(store, put=MANY)
    assert len(people(TinyStore(store.path))) == len(MANY)


@pytest.mark.parametrize("failure", [full_disk, failing("fsync"), failing("replace")])
def test_attachments_that_can_not_be_written_stop_the_commit(
    store: TinyStore, failure, monkeypatch: pytest.MonkeyPatch
):
    before = store.path.read_bytes()

    def attach() -> None:
        with failure(monkeypatch), store.begin("", "", AT) as transaction:
            store.attach(PHOTOS[0])
            transaction.put("people", "2", BEN)

    with pytest.raises(CrmError) as caught:
        attach()

    assert (caught.value.hint, store.path.read_bytes()) == ("Nothing was changed.", before)
    assert store.attachments.leftovers() == []


def test_images_of_a_commit_that_failed_are_gone_after_the_next(store: TinyStore, monkeypatch: pytest.MonkeyPatch):
    replace = os.replace

    def refuse_the_book(source: Path, target: Path) -> None:
        if Path(target).name == "book.json":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse_the_book)
        with pytest.raises(CrmError):
            commit(store, put=MANY)
    commit(store, put={"2": BEN})

    assert list((store.path.parent / "history").iterdir()) == []
    assert [change.id for change in TinyStore(store.path).history()] == ["h1", "h2"]


def test_a_folder_that_can_not_be_synced_is_told_and_the_next_commit_builds_on_what_is_there(
    store: TinyStore, monkeypatch: pytest.MonkeyPatch
):
    fsync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse_folders)
        with pytest.raises(CrmError, match="did not confirm it"):
            commit(store, put={"2": BEN})

    commit(store, put={"3": CARA})
    assert people(TinyStore(store.path)) == {"1": ANA, "2": BEN, "3": CARA}


def test_text_that_no_file_can_hold_leaves_no_litter(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_bytes(b"old")

    with pytest.raises(UnicodeEncodeError):
        replace_file(path, (text.encode() for text in ("fine", "\ud800")))

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"notes.txt": b"old"}


def test_a_folder_in_the_place_of_the_temporary_file_is_an_error_with_a_hint(store: TinyStore):
    (store.path.parent / "book.json.tmp").mkdir()

    with pytest.raises(CrmError):
        commit(store, put={"2": BEN})

    assert people(TinyStore(store.path)) == {"1": ANA}


def test_a_link_in_the_place_of_the_temporary_file_is_not_followed(store: TinyStore, tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (store.path.parent / "book.json.tmp").symlink_to(victim)

    with pytest.raises(CrmError):
        commit(store, put={"2": BEN})
    commit(store, put={"2": BEN})

    assert victim.read_bytes() == b"precious"
    assert people(TinyStore(store.path)) == {"1": ANA, "2": BEN}


def test_what_a_killed_writer_left_is_taken_over(store: TinyStore):
    (store.path.parent / "book.json.tmp").write_bytes(b"half a bo")

    commit(store, put={"2": BEN})

    assert sorted(path.name for path in store.path.parent.iterdir()) == ["backups", "book.json", "book.lock"]


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path, umask: int):
    before = os.umask(umask)
    try:
        store = TinyStore(tmp_path / "new" / "home" / "book.json")
        commit(store, put=MANY)
    finally:
        os.umask(before)

    modes = {
        str(path.relative_to(tmp_path)): stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").rglob("*")
    }
    assert modes == {
        "new/home": 0o700,
        "new/home/history": 0o700,
        "new/home/history/h1.json": 0o600,
        "new/home/book.json": 0o600,
        "new/home/book.lock": 0o600,
    }
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_book_that_others_could_read_is_private_after_the_next_commit(store: TinyStore):
    store.path.chmod(0o644)

    commit(store, put={"2": BEN})

    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_folder_that_exists_is_left_as_it_is(tmp_path: Path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)

    make_private_folder(folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_file_where_a_folder_should_be_is_an_error_with_its_name(tmp_path: Path):
    (tmp_path / "home").write_bytes(b"")

    with pytest.raises(CrmError, match="home"):
        commit(TinyStore(tmp_path / "home" / "crm" / "book.json"), put={"1": ANA})


@pytest.fixture
def linked(store: TinyStore, tmp_path: Path) -> Path:
    """Another way to the same book."""
    link = tmp_path / "elsewhere" / "jobs.json"
    link.parent.mkdir()
    link.symlink_to(store.path)
    return link


def test_a_book_that_is_a_link_stays_one(store: TinyStore, linked: Path):
    commit(TinyStore(linked), put={"2": BEN})

    assert linked.is_symlink()
    assert people(TinyStore(store.path)) == {"1": ANA, "2": BEN}
    assert [path.name for path in linked.parent.iterdir()] == ["jobs.json"]


def test_the_lock_is_the_same_by_whatever_way_the_book_is_reached(store: TinyStore, linked: Path):
    with (
        store.begin("", "", AT) as transaction,
        pytest.raises(CrmError, match="in use"),
        TinyStore(linked, wait=0).begin("", "", AT),
    ):
        pytest.fail("both hold the lock")
    assert not transaction.moved


def test_the_history_is_the_same_by_whatever_way_the_book_is_reached(store: TinyStore, linked: Path):
    commit(TinyStore(linked), put=MANY)

    (_, change) = history = TinyStore(store.path).history()
    assert TinyStore(linked).history() == history
    assert TinyStore(linked).images(change) == store.images(change)
    assert len(store.images(change)) == len(MANY) - 1
