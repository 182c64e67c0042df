"""Who may write: one process at a time.

The lock is the operating system's, on a file that is never removed or renamed: the kernel frees it when its holder
dies. A child process that outlives the holder would keep it, so nothing may fork while it is held.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType

from crm_core.errors import CrmError
from crm_core.files import PRIVATE_FILE, make_private_folder

POLL = 0.02  # seconds between tries
NOTICE_AFTER = 1.0  # seconds until the holder is named


class FileLock:
    """An exclusive lock between processes; use it as a context manager.

    Args:
        path: The lock file, created if need be.
        wait: Seconds to wait at the most.
        notice: Told once, after a second, who holds it.
    """

    def __init__(self, path: Path, wait: float, notice: Callable[[str], None]) -> None:
        self._path = path
        self._wait = wait
        self._notice = notice
        self._descriptor: int | None = None

    def __enter__(self) -> None:
        make_private_folder(self._path.parent)
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        except OSError as error:
            raise CrmError(
                f"The book can't be locked for writing: {self._path}: {(error.strerror or '').lower()}",
                "Nothing was changed. Check who owns that folder and whether it may be written to.",
            ) from error
        try:
            self._acquire(descriptor)
            _sign(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _acquire(self, descriptor: int) -> None:
        start = time.monotonic()
        told = False
        while not _try_lock(descriptor):
            waited = time.monotonic() - start
            if waited >= self._wait:
                raise CrmError(
                    f"The book is in use by {_holder(descriptor)}; waited {self._wait:.0f} s",
                    "Nothing was changed. Try again when it has ended.",
                )
            if waited >= NOTICE_AFTER and not told:
                self._notice(f"Waiting for {_holder(descriptor)}, which is writing to the book ...")
                told = True
            time.sleep(POLL)


def _sign(descriptor: int) -> None:
    """Leave word who holds it, for others' notices; a full disk has no room for that, and it is no reason to fail."""
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}\n".encode(), 0)


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 100, 0).decode("ascii", "replace").strip() or "another process"


def _try_lock(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise CrmError(
            f"This file system can't lock the book: {(error.strerror or '').lower()}",
            "Keep the book on a local disk; CRM_BOOK names another file.",
        ) from error
    return True


@contextmanager
def portable_lock(path: Path, wait: float) -> Iterator[None]:
    """The same for systems without flock, by the filelock library; it can't say who holds the lock."""
    from filelock import FileLock as SystemLock
    from filelock import Timeout

    make_private_folder(path.parent)
    try:
        with SystemLock(path, timeout=wait):
            yield
    except Timeout:
        raise CrmError(
            f"The book is in use by another process; waited {wait:.0f} s",
            "Nothing was changed. Try again when it has ended.",
        ) from None


def book_lock(path: Path, wait: float, notice: Callable[[str], None]) -> AbstractContextManager[None]:
    """The lock that this system offers."""
    return portable_lock(path, wait) if sys.platform == "win32" else FileLock(path, wait, notice)
