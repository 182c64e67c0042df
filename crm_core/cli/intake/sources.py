"""Where an import reads from: the streams behind the words on its command line.

A word is a file, a folder, an archive or `-` for standard input. Each stream behind it becomes a `Source`, which can be
opened as often as need be: once to see what it is, once to read it. What it holds is known to importers alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, cast

from crm_core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crm_core.importing import Importer

STDIN: Final = "-"
NOTHING_DONE: Final = "Nothing was imported."

MOST_COPIED: Final = 1024 * 1024 * 1024
"""Bytes of a pipe that are taken in; they are copied since a pipe can be read only once."""
HELD_IN_MEMORY: Final = 16 * 1024 * 1024
CHUNK: Final = 1024 * 1024


class Unreadable(InputError):
    """A stream can't be opened, or not be read to its end.

    Args:
        name: What it is called.
        error: What opening or reading it gave.
    """

    def __init__(self, name: str, error: OSError) -> None:
        self.reason = f"can't be read: {error.strerror.lower() if error.strerror else error}"
        super().__init__(f"{name} {self.reason}", NOTHING_DONE)


class Source(NamedTuple):
    """One stream to read people from.

    Args:
        word: The word that led to it.
        name: What it is called: the word, or the way to it through a folder or an archive.
        open: Opens it at its beginning.
        named: Whether the user named this very stream. Else it was found where much else may lie: what nobody can read
            is then passed over.
        owner: The importer that reads it as a whole, where it is a folder written for that; it has no stream then.
    """

    word: str
    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    named: bool = True
    owner: Importer | None = None

    @property
    def short(self) -> str:
        """The name without the folders that lead to the word."""
        start = len(os.path.dirname(self.word.rstrip("/")))  # noqa: PTH120 (a name may be no path)
        return self.name[start:].lstrip("/") if self.name.startswith(self.word.rstrip("/")) else self.name


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The stream of a source, at its beginning.

    Raises:
        Unreadable: It can't be opened, or reading it failed.
    """
    try:
        with source.open() as stream:
            yield stream
    except OSError as error:
        raise Unreadable(source.name, error) from error


def sources_of(words: Iterable[str], importers: Sequence[Importer], stack: ExitStack) -> Iterator[Source]:
    """The sources that words stand for, in the words' order.

    Args:
        words: Files, folders, archives, or `-`.
        importers: They say which folders are theirs, and by which endings files are looked for in others.
        stack: Closes, in the end, what must stay open meanwhile.

    Raises:
        InputError: There is no such file, or a folder holds nothing of these endings.
        Unreadable: A file can't be opened, or an archive is none.
    """
    for word in words:
        if word == STDIN:
            yield from _unpacked(_copied(word, "standard input", _standard_input(), stack), stack)
            continue
        path = Path(word)
        if path.is_dir():
            owner = next((found for found in importers if found.sniff_folder and found.sniff_folder(path)), None)
            if owner is not None:
                yield Source(word, word, partial(_file, path), owner=owner)
            else:
                yield from _in_folder(word, {suffix for found in importers for suffix in found.suffixes}, stack)
        elif path.is_file():
            yield from _unpacked(Source(word, word, partial(_file, path)), stack)
        elif path.exists():
            with opened(Source(word, word, partial(_file, path))) as pipe:
                copy = _copied(word, word, pipe, stack)
            yield from _unpacked(copy, stack)
        else:
            raise InputError(f"There is no file {word}", NOTHING_DONE)


def _file(path: Path) -> BinaryIO:
    return path.open("rb")


def _in_folder(word: str, suffixes: Collection[str], stack: ExitStack) -> Iterator[Source]:
    """The files of a folder and of those in it, by name; hidden ones are nobody's address book."""
    wanted = (*sorted(suffixes), ".zip")
    found = False
    for folder, below, names in os.walk(word, onerror=_no_folder):
        below[:] = sorted(name for name in below if not name.startswith((".", "__MACOSX")))
        for name in sorted(names):
            path = Path(folder, name)
            if name.lower().endswith(wanted) and not name.startswith(".") and path.is_file():
                found = True
                source = Source(word, str(path), partial(_file, path), named=False)
                yield from _unpacked(source, stack)
    if not found:
        raise InputError(f"The folder {word} holds no file to import", f"Looked for: {', '.join(wanted)}.")


def _no_folder(error: OSError) -> None:
    raise Unreadable(f"The folder {error.filename}", error)


def _unpacked(source: Source, stack: ExitStack) -> Iterator[Source]:
    """The members of an archive; any other source as it is, also one that can't be read and that nobody named."""
    from crm_core.cli.intake.archives import ArchiveFault, is_archive, members

    try:
        with opened(source) as stream:
            packed = is_archive(stream)
        found = list(members(stack.enter_context(source.open()), stack)) if packed else None
    except ArchiveFault as fault:
        if source.named:
            raise Unreadable(source.name, fault) from fault
        yield source._replace(open=partial(_fails, fault))
    except Unreadable:
        if source.named:
            raise
        yield source
    else:
        if found is None:
            yield source
        for name, member in found or ():
            yield Source(source.word, f"{source.name}/{name}", member, named=False)


def _fails(fault: OSError) -> AbstractContextManager[BinaryIO]:
    raise fault


def _standard_input() -> BinaryIO:
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("Standard input is closed", "Give a file, or pipe one in.")
    return cast("BinaryIO", sys.stdin.buffer)


def _copied(word: str, name: str, pipe: BinaryIO, stack: ExitStack) -> Source:
    """What comes through a pipe, in a file without a name that goes with the program."""
    from tempfile import SpooledTemporaryFile

    copy = SpooledTemporaryFile(HELD_IN_MEMORY)  # noqa: SIM115 (the stack closes it)
    stack.enter_context(copy)
    size = 0
    while chunk := pipe.read(CHUNK):
        size += len(chunk)
        if size > MOST_COPIED:
            raise InputError(f"{name} holds more than 1 GB", NOTHING_DONE)
        copy.write(chunk)

    @contextmanager
    def again() -> Iterator[BinaryIO]:
        copy.seek(0)
        yield cast("BinaryIO", copy)

    return Source(word, name, again)
