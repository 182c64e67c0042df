"""In which format a source is, and its entries read by that: the part of an import before anybody is matched.

What the user named must be readable and in a known format, or nothing is imported. What was found in a folder or an
archive is passed over where no importer knows it, and an entry to be refused where it can't be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, TypeAlias, TypeVar

import msgspec

from crm_core.cli.intake.columns import ColumnMaps
from crm_core.cli.intake.sources import NOTHING_DONE, Source, Unreadable, opened
from crm_core.errors import CrmError, InputError
from crm_core.importing import HEAD, Candidate, Entry, Importer, Problem, chosen_importer

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.cli.screen.output import Output

T = TypeVar("T")
Reader: TypeAlias = Callable[[BinaryIO], Iterator[Candidate | Problem]]
MappedReader: TypeAlias = Callable[[BinaryIO, Mapping[str, str]], Iterator[Candidate | Problem]]

MOST_NAMED: Final = 5
LONGEST_NAME: Final = 24
EXCERPT: Final = 40
KNOWN_KINDS: Final = (
    (b"\xd0\xcf\x11\xe0", "an old Office file (save it as CSV)"),
    (b"!BDN", "an Outlook data file (export it as CSV)"),
    (b"\x1f\x8b", "compressed (unpack it first)"),
    (b"%PDF", "a PDF"),
    (b"{", "JSON"),
    (b"<", "a web page or XML"),
)
"""How files begin that people may take for an address book, and what they are."""


class Readable(NamedTuple):
    """A source with the name of its format and what reads its entries."""

    source: Source
    format: str
    read: Reader


class PassedOver(msgspec.Struct, frozen=True):
    """A file that was found and is not read, and what it holds if that is known."""

    file: str
    holds: str = ""


class Chosen(NamedTuple):
    """What an import will read, and what it passes over, by the words that led there."""

    readable: list[Readable]
    passed_over: list[tuple[Source, str]]

    def names(self, *, narrow: bool) -> dict[str, str]:
        """What the readable sources are called on a screen, by their names.

        Where there is little room, a long one goes by its last part unless another has the same.
        """
        sources = [readable.source for readable in self.readable]
        counted = Counter(map(_last_part, sources))
        return {
            source.name: _last_part(source)
            if narrow and len(source.short) > LONGEST_NAME and counted[_last_part(source)] == 1
            else source.short
            for source in sources
        }

    @property
    def left(self) -> list[PassedOver]:
        """What is passed over, for JSON."""
        return [PassedOver(source.name, holds) for source, holds in self.passed_over]


def choose(
    sources: Iterable[Source], importers: Sequence[Importer], format_name: str | None, maps: ColumnMaps
) -> Chosen:
    """A format for each source.

    Args:
        sources: Each is opened and looked into.
        importers: The formats there are.
        format_name: The format that the user named, if any.
        maps: What is in the columns of tables that no format knows.

    Raises:
        InputError: There is no format of that name, or a source that the user named is in none.
        Unreadable: A source that the user named can't be read.
    """
    usable = [importer for importer in importers if format_name in {None, importer.name}]
    if not usable and format_name:
        raise InputError(f"There is no format {format_name[:40]!r}", f"Formats: {_known(importers)}.")
    chosen = Chosen([], [])
    for source in sources:
        found = _format_of(source, usable, maps, forced=bool(format_name))
        if isinstance(found, Readable):
            chosen.readable.append(found)
        else:
            chosen.passed_over.append((source, found))
    _check_words(chosen, importers)
    maps.finish()
    return chosen


def _format_of(source: Source, importers: Sequence[Importer], maps: ColumnMaps, *, forced: bool) -> Readable | str:
    """How a source is read; else what it holds, as far as that is known.

    Raises:
        InputError: The user named it, and it can't be read or is in no known format.
    """
    if source.owner is not None:
        return Readable(source, source.owner.name, source.owner.read)
    try:
        with opened(source) as stream:
            head = stream.read(HEAD)
        readable = _by_head(source, head, importers, forced=forced)
        holds = "" if readable is not None else _known_kind(head, importers)
        if readable is None and not holds and maps.may_read(source):
            readable = _by_columns(source, importers, maps)
    except Unreadable as error:
        if source.named:
            raise
        return Readable(source, "", _refusing(error.reason))
    if readable is None and source.named:
        raise _no_format(source, head, holds, importers)
    return holds if readable is None else readable


def _by_head(source: Source, head: bytes, importers: Sequence[Importer], *, forced: bool) -> Readable | None:
    """A file whose format is told by its beginning or its name, or was said and needs no map."""
    importer = chosen_importer(importers, head, source.name)
    if importer is None and forced and source.named and importers[0].columns is None:
        importer = importers[0]
    return None if importer is None else Readable(source, importer.name, importer.read)


def _known_kind(head: bytes, importers: Iterable[Importer]) -> str:
    """What a file of a known kind holds that is not people; empty for any other file."""
    kinds = (importer.no_people(head) for importer in importers if importer.no_people is not None)
    return next(filter(None, kinds), "")


def _no_format(source: Source, head: bytes, holds: str, importers: Sequence[Importer]) -> InputError:
    if holds:
        return InputError(
            f"{_titled(source)} holds {holds}, no people",
            f"{NOTHING_DONE} Give the whole archive or folder, and the files with people in it are found.",
        )
    return InputError(
        f"{_titled(source)} is in no format that can be read: {_what(head)}",
        f"{NOTHING_DONE} Formats: {_known(importers)}.",
    )


def _by_columns(source: Source, importers: Sequence[Importer], maps: ColumnMaps) -> Readable | None:
    """A table read by what is said to be in its columns."""
    for importer in importers:
        if importer.columns is None or importer.read_mapped is None:
            continue
        with opened(source) as stream:
            columns = importer.columns(stream)
        mapping = maps.of(source, columns, importer) if columns else None
        if mapping is not None:
            return Readable(source, importer.name, partial(_read_mapped, importer.read_mapped, mapping))
    return None


def _read_mapped(read: MappedReader, mapping: Mapping[str, str], stream: BinaryIO) -> Iterator[Candidate | Problem]:
    return read(stream, mapping)


def entries_of(chosen: Chosen, book: Book) -> Iterator[tuple[str, Entry]]:
    """The entries of all readable sources with the sources' names.

    A source that was found in a folder or an archive and that can't be read to its end gives one entry to be refused,
    and none of those before: nobody knows what a damaged file says.

    Args:
        chosen: What to read.
        book: For importers that read folders of their own.

    Raises:
        Unreadable: A source that the user named can't be read.
        CrmError: A plugin failed.
    """
    for source, format_name, read in chosen.readable:
        if source.owner is not None and source.owner.read_folder is not None:
            yield from _blamed(source.owner.read_folder(book, Path(source.name)), source, format_name)
            continue
        entries = _read(source, format_name, read)
        if not source.named:
            try:
                entries = iter(list(entries))
            except Unreadable as error:
                entries = iter([Problem(line=1, reason=error.reason)])
        yield from ((source.name, entry) for entry in entries)


def tell_passed_over(output: Output, chosen: Chosen) -> None:
    """A line for each folder or archive about what was found in it and is not read, known kinds first."""
    by_word: dict[str, list[str]] = {}
    for source, holds in sorted(chosen.passed_over, key=lambda passed: not passed[1]):
        by_word.setdefault(source.word, []).append(f"{source.short} ({holds})" if holds else source.short)
    for files in by_word.values():
        output.talk(f"Passed over, as nobody was seen in them: {_listed(files)}")


def _read(source: Source, format_name: str, read: Reader) -> Iterator[Candidate | Problem]:
    with opened(source) as stream:
        yield from _blamed(read(stream), source, format_name)


def _blamed(entries: Iterator[T], source: Source, format_name: str) -> Iterator[T]:
    """The same entries; says whose fault it is when the next one can't be given.

    Raises:
        CrmError: It could not.
    """
    try:
        yield from entries
    except (CrmError, OSError):
        raise
    except Exception as error:
        raise CrmError(
            f"The format {format_name!r} failed on {source.name}: {type(error).__name__}: {error}",
            "`crm plugins` shows which plugin it belongs to; --debug before the command shows more.",
        ) from error


def _refusing(reason: str) -> Reader:
    return lambda _: iter([Problem(line=1, reason=reason)])


def _check_words(chosen: Chosen, importers: Sequence[Importer]) -> None:
    """Refuse a folder or an archive of which nothing can be read.

    Raises:
        InputError: There is one.
    """
    useful = {readable.source.word for readable in chosen.readable}
    useless = next((source.word for source, _ in chosen.passed_over if source.word not in useful), None)
    if useless is not None:
        files = [source.short for source, _ in chosen.passed_over if source.word == useless]
        raise InputError(
            f"Nothing in {useless} is in a format that can be read",
            f"It holds {_listed(files)}. Formats: {_known(importers)}.",
        )


def _listed(files: Sequence[str]) -> str:
    more = f" and {len(files) - MOST_NAMED:,} more" if len(files) > MOST_NAMED else ""
    return ", ".join(files[:MOST_NAMED]) + more


def _last_part(source: Source) -> str:
    return source.short.rpartition("/")[2]


def _titled(source: Source) -> str:
    return source.name[:1].upper() + source.name[1:] if source.word == "-" else source.name


def _known(importers: Iterable[Importer]) -> str:
    return ", ".join(f"{importer.name} ({importer.label})" for importer in importers) or "none; see crm plugins"


def _what(head: bytes) -> str:
    """What a file seems to be, by its beginning."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return "it is empty"
    kind = next((kind for magic, kind in KNOWN_KINDS if start.startswith(magic)), "")
    if kind:
        return f"it is {kind}"
    if b"\0" in head:
        return "it is no text"
    return f"it begins with {start.decode(errors='replace').splitlines()[0][:EXCERPT]!r}"
