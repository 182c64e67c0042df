"""A disk that fails: the calls by which the program gets something onto it, counted, and some of them refused.

They are those of `os`, and the writes and closing of files that it opens by `os.fdopen`. At any of them the process may
end, or the power fail: then the disk has nothing of what was not flushed.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

BUFFER: Final = 2_000
"""Bytes that are written at once: so few that most files take several writes."""
TAKES_ROOM: Final = frozenset({"open", "mkdir", "write", "fsync", "replace", "pwrite"})
"""What fails from some moment on when there is no more room."""
FUNCTIONS: Final = ("mkdir", "replace", "rename", "link", "symlink", "unlink", "rmdir", "fsync", "chmod", "fchmod",
                    "truncate", "ftruncate", "pwrite", "write", "utime")  # fmt: skip
ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EDQUOT)

END: Final = -1

Refusal = Callable[[int, str], int]
"""Given a call's number, from 1 on, and its name, the error that it fails with; 0 for none, `END` to end there."""


class Ended(BaseException):
    """The process is no more: whatever else it would do is not done."""


class Disk:
    """The calls that were made, and what becomes of them.

    Attributes:
        calls: Their names and what they were made on.
    """

    def __init__(self, refusal: Refusal = lambda number, name: 0, *, short: bool = False) -> None:
        self.calls: list[str] = []
        self._refusal = refusal
        self._short = short
        self._paths: dict[int, Path] = {}
        self._unflushed: set[Path] = set()
        self._replaced: dict[Path, bytes | None] = {}

    def call(self, name: str, about: object = "") -> None:
        """Count a call; raise what it fails with."""
        self.calls.append(f"{name} {about}")
        error = self._refusal(len(self.calls), name)
        if error == END:
            raise Ended
        if error:
            raise OSError(error, os.strerror(error))

    def written(self, descriptor: int) -> None:
        """Remember that something was written which is not flushed yet."""
        self._unflushed.add(self._paths[descriptor])

    def lose_power(self, *, renames: bool) -> None:
        """Let the files be without what was not flushed, and, if they are lost, too, without renames that were not."""
        for path in self._unflushed:
            if path.exists():
                os.truncate(path, 0)
        for path, before in self._replaced.items() if renames else ():
            if before is None:
                path.unlink()
            else:
                path.write_bytes(before)

    def taken(self, size: int) -> int:
        """Of so many bytes to be written, how many are."""
        return (size + 1) // 2 if self._short else size

    @contextmanager
    def inserted(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """While this is the disk. What is asked to be flushed is not really: there are thousands of such calls here."""
        with monkeypatch.context() as patch:
            for name in FUNCTIONS:
                patch.setattr(os, name, self._counted(name, getattr(os, name)))
            patch.setattr(os, "open", self._opened(os.open))
            patch.setattr(os, "fdopen", self._file)
            yield

    def _counted(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.call(name, args[0])
            if name == "fsync":
                return self._flush(self._paths[args[0]])
            if name == "replace":
                self._remember(*map(Path, args))
            return function(*args, **kwargs)

        return counted

    def _flush(self, path: Path) -> None:
        self._unflushed.discard(path)
        self._replaced = {new: before for new, before in self._replaced.items() if new.parent != path}

    def _remember(self, source: Path, target: Path) -> None:
        """Before a rename: what the target was as far as that is flushed."""
        self._replaced.setdefault(target, target.read_bytes() if target.exists() else None)
        if source in self._unflushed:
            self._unflushed |= {target}

    def _opened(self, function: Callable[..., int]) -> Callable[..., int]:
        """Opening to write counts, and so does opening a folder, which is done to flush it; reading takes no room."""

        def opened(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self.call("open", path)
            elif isinstance(path, Path) and path.is_dir():
                self.call("open folder", path)
            descriptor = function(path, flags, *args, **kwargs)
            self._paths[descriptor] = Path(path)
            return descriptor

        return opened

    def _file(self, descriptor: int, mode: str) -> io.BufferedWriter:
        self.call("fdopen", descriptor)
        return io.BufferedWriter(_File(self, descriptor, mode), BUFFER)


class _File(io.FileIO):
    """A file on such a disk."""

    def __init__(self, disk: Disk, descriptor: int, mode: str) -> None:
        self._disk = disk
        super().__init__(descriptor, mode)

    def write(self, data: Any) -> int:
        self._disk.call("write", len(data))
        self._disk.written(self.fileno())
        return super().write(bytes(data)[: self._disk.taken(len(data))])

    def close(self) -> None:
        try:
            if not self.closed:
                self._disk.call("close")
        finally:
            super().close()


def once(number: int) -> Refusal:
    """The call of that number fails, and no other."""
    return lambda found, name: ERRORS[number % len(ERRORS)] if found == number else 0


def full_from(number: int) -> Refusal:
    """From that call on nothing that takes room succeeds."""
    return lambda found, name: errno.ENOSPC if found >= number and name in TAKES_ROOM else 0


def ending_at(number: int) -> Refusal:
    """The process ends before the call of that number."""
    return lambda found, name: END if found >= number else 0
