"""One process writes at a time: who waits is told for whom, and a lock never outlives its holder."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_core.errors import CrmError
from crm_core.store import lock, tiny
from crm_core.store.lock import FileLock, portable_lock
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import ANA, AT, BEN, commit, people

HOLD = """
import sys, time
from pathlib import Path
from crm_core.store.lock import FileLock, portable_lock
path = Path(sys.argv[2])
with FileLock(path, 5, print) if sys.argv[1] == "flock" else portable_lock(path, 5):
    print("held", flush=True)
    sys.stdin.read()
"""
Hold = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Starts another process that holds a lock until its input is closed."""
    started: list[subprocess.Popen[str]] = []

    def start(path: Path, kind: str = "flock") -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, kind, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()


def test_a_wait_that_runs_out_names_the_holder_and_changes_nothing(tmp_path: Path, hold: Hold):
    store = TinyStore(tmp_path / "book.json", wait=0)
    commit(store, put={"1": ANA})
    holder = hold(tmp_path / "book.lock")

    with pytest.raises(CrmError, match=f"in use by process {holder.pid}") as caught:
        commit(store, put={"1": BEN})

    assert (caught.value.exit_code, "Nothing was changed" in caught.value.hint) == (1, True)
    assert people(TinyStore(store.path)) == people(store) == {"1": ANA}


def test_who_waits_is_told_once_for_whom(tmp_path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch):
    assert lock.NOTICE_AFTER == 1.0
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.0)
    holder = hold(tmp_path / "book.lock")
    told: list[str] = []

    with pytest.raises(CrmError):
        commit(TinyStore(tmp_path / "book.json", wait=0.2, notice=told.append), put={"1": ANA})

    assert told == [f"Waiting for process {holder.pid}, which is writing to the book ..."]


def test_nobody_is_told_of_a_short_wait(tmp_path: Path, hold: Hold):
    hold(tmp_path / "book.lock")
    told: list[str] = []

    with pytest.raises(CrmError):
        commit(TinyStore(tmp_path / "book.json", wait=0.1, notice=told.append), put={"1": ANA})

    assert told == []


def test_a_waiting_command_goes_on_when_the_holder_ends(tmp_path: Path, hold: Hold, monkeypatch: pytest.MonkeyPatch):
    holder = hold(tmp_path / "book.lock")
    monkeypatch.setattr(lock, "NOTICE_AFTER", 0.0)

    def let_go(_: str) -> None:
        assert holder.stdin is not None
        holder.stdin.close()

    store = TinyStore(tmp_path / "book.json", notice=let_go)
    commit(store, put={"1": ANA})

    assert people(store) == {"1": ANA}


@pytest.mark.parametrize("kind", ["flock", "portable"])
def test_a_killed_holder_frees_the_lock(tmp_path: Path, hold: Hold, kind: str):
    path = tmp_path / "book.lock"
    holder = hold(path, kind)
    holder.send_signal(signal.SIGKILL)
    holder.wait()

    with FileLock(path, 0, pytest.fail) if kind == "flock" else portable_lock(path, 0):
        assert path.exists()


@pytest.mark.parametrize("kind", ["flock", "portable"])
def test_a_lock_can_be_had_again_after_use_and_after_an_exception(tmp_path: Path, kind: str):
    path = tmp_path / "new" / "book.lock"

    def locked():
        return FileLock(path, 0, pytest.fail) if kind == "flock" else portable_lock(path, 0)

    with locked():
        pass
    with pytest.raises(ZeroDivisionError), locked():
        raise ZeroDivisionError
    with locked(), pytest.raises(CrmError, match="in use"), locked():
        pytest.fail("held twice")
    with locked():
        pass


def test_the_portable_lock_waits_and_then_gives_up(tmp_path: Path, hold: Hold):
    path = tmp_path / "book.lock"
    holder = hold(path, "portable")

    with pytest.raises(CrmError, match="in use by another process"), portable_lock(path, 0.1):
        pytest.fail("held twice")
    holder.communicate(timeout=30)
    with portable_lock(path, 30):
        pass


def test_a_store_works_with_the_portable_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tiny, "book_lock", lambda path, wait, notice: portable_lock(path, wait))
    one, other = TinyStore(tmp_path / "book.json", wait=0), TinyStore(tmp_path / "book.json", wait=0)

    commit(one, put={"1": ANA})
    with one.begin("", "", AT), pytest.raises(CrmError, match="in use"):
        commit(other, put={"2": BEN})
    commit(other, put={"2": BEN})

    assert people(TinyStore(one.path)) == {"1": ANA, "2": BEN}


def test_the_lock_file_is_never_removed_or_replaced(tmp_path: Path):
    store = TinyStore(tmp_path / "book.json")
    commit(store, put={"1": ANA})
    inode = (tmp_path / "book.lock").stat().st_ino

    commit(store, put={"2": BEN})

    assert (tmp_path / "book.lock").stat().st_ino == inode


def test_a_disk_too_full_to_name_the_holder_does_not_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)

    path = tmp_path / "book.lock"
    with FileLock(path, 0, print), pytest.raises(CrmError, match="use by another process"), FileLock(path, 0, print):
        pytest.fail("held twice")


def test_a_lock_that_can_not_be_made_is_an_error_with_its_reason(tmp_path: Path):
    (tmp_path / "book.lock").mkdir()

    with pytest.raises(CrmError, match="can't be locked"):
        commit(TinyStore(tmp_path / "book.json"), put={"1": ANA})


def test_a_file_system_without_locks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import fcntl

    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", unsupported)

    with pytest.raises(CrmError, match="can't lock the book: operation not supported"):
        commit(TinyStore(tmp_path / "book.json"), put={"1": ANA})


def test_nothing_forks_while_the_lock_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a child would keep the lock when its parent is killed")

    for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp"):
        monkeypatch.setattr(os, name, refuse)
    monkeypatch.setattr(subprocess, "_fork_exec", refuse, raising=False)
    monkeypatch.setattr(subprocess.Popen, "_execute_child", refuse)
    store = TinyStore(tmp_path / "book.json")

    commit(store, put={str(number): ANA for number in range(1, 1_200)})
    commit(store, put={"1": BEN})

    assert people(store)["1"] == BEN
