"""Archives as LinkedIn and Google hand them out: the members of a .zip as streams, none of them ever written to disk.

An archive may be somebody's joke: names are never used as paths, and what may come out of one is limited. What can't
be read is an `ArchiveFault`, an `OSError` as reading any file may give.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final, TypeAlias, cast

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""How a .zip begins, and an empty one."""

MOST_MEMBERS: Final = 20_000
MOST_UNPACKED: Final = 1024 * 1024 * 1024
"""Bytes that may come out of one archive."""
HIGHEST_RATIO: Final = 250
UNSUSPICIOUS: Final = 16 * 1024 * 1024
"""How many times its packed size a member may have, and the bytes up to which that does not matter.

Tables of mostly empty cells are packed to a fortieth, nothing but zeros to a thousandth.
"""

ENCRYPTED: Final = 0x1
"""The bit that says so (APPNOTE.TXT 4.4.4)."""
PACKINGS: Final = (0, 8)
"""Stored and deflated (APPNOTE.TXT 4.4.5): what every program writes."""

DOCUMENT: Final = ("[Content_Types].xml", "mimetype")
"""What is in the archives that Excel and LibreOffice write."""

DAMAGED: Final = "the archive is damaged there"

Opener: TypeAlias = Callable[[], AbstractContextManager[BinaryIO]]


class ArchiveFault(OSError):
    """Why an archive, or a member of one, can't be read."""


def is_archive(stream: BinaryIO) -> bool:
    """Whether a stream, at its beginning, is a .zip."""
    return stream.read(4) in MAGIC


def members(stream: BinaryIO, stack: ExitStack) -> Iterator[tuple[str, Opener]]:
    """The files in an archive by name, each to be opened while the stack is open; folders and clutter left out.

    Raises:
        ArchiveFault: It is damaged or encrypted, or has too many members.
    """
    from zipfile import ZipFile

    with _told("it is a damaged archive"):
        archive = stack.enter_context(ZipFile(stream))
    files = [info for info in archive.infolist() if not _is_clutter(info.filename)]
    if not files:
        raise ArchiveFault("it is an empty archive")
    if any(info.filename in DOCUMENT for info in files):
        raise ArchiveFault("it is a spreadsheet or another document; save it as CSV")
    if len(files) > MOST_MEMBERS:
        raise ArchiveFault(f"it holds more than {MOST_MEMBERS:,} files")
    if all(info.flag_bits & ENCRYPTED for info in files):
        raise ArchiveFault("it is encrypted; unpack it with its password, and import what comes out")
    allowance = _Allowance(MOST_UNPACKED)
    for info in files:
        yield info.filename, partial(_opened, archive, info, allowance)


def _is_clutter(name: str) -> bool:
    """Whether a name is a folder's, or of what a system adds for itself, such as `__MACOSX/._Connections.csv`."""
    parts = name.replace("\\", "/").split("/")
    return not parts[-1] or parts[-1].startswith(".") or "__MACOSX" in parts


@contextmanager
def _opened(archive: ZipFile, info: ZipInfo, allowance: _Allowance) -> Iterator[BinaryIO]:
    if info.flag_bits & ENCRYPTED:
        raise ArchiveFault("it is encrypted")
    if info.compress_type not in PACKINGS:
        raise ArchiveFault("it is packed in a way that can't be read")
    with _told(DAMAGED):
        packed = archive.open(info)
    with packed:
        yield cast("BinaryIO", io.BufferedReader(_Member(cast("BinaryIO", packed), info, allowance)))


@contextmanager
def _told(reason: str) -> Iterator[None]:
    """Say in our words that zipfile failed; on a damaged archive it raises nearly anything, found by damaging some."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise ArchiveFault(reason) from error


class _Allowance:
    """How many bytes may still come out of an archive."""

    def __init__(self, left: int) -> None:
        self.left = left


class _Member(io.RawIOBase):
    """A member's contents, as far as they are allowed to come out."""

    def __init__(self, packed: BinaryIO, info: ZipInfo, allowance: _Allowance) -> None:
        self._packed = packed
        self._most = max(UNSUSPICIOUS, info.compress_size * HIGHEST_RATIO)
        self._allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _told(DAMAGED):
            data = self._packed.read(len(buffer))
        self._most -= len(data)
        self._allowance.left -= len(data)
        if self._most < 0 or self._allowance.left < 0:
            raise ArchiveFault("it unpacks to an absurd size")
        buffer[: len(data)] = data
        return len(data)
