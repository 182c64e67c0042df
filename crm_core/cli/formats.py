"""In which format a source is, and its entries read by that: the part of an import before anybody is matched.

What the user named must be readable and in a known format, or nothing is imported. What was found in a folder or an
archive is passed over where no importer knows it, and an entry to be refused where it can't be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, TypeAlias, TypeVar

from crm_core.cli.sources import NOTHING_DONE, Source, Unreadable, opened
from crm_core.errors import CrmError, InputError
from crm_core.importing import HEAD, Candidate, Entry, Importer, Problem, chosen_importer

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.cli.output import Output

T = TypeVar("T")
Reader: TypeAlias = Callable[[BinaryIO], Iterator[Candidate | Problem]]

MOST_NAMED: Final = 5
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


class Chosen(NamedTuple):
    """What an import will read, and the sources that it passes over."""

    readable: list[Readable]
    passed_over: list[Source]

    @property
    def short_names(self) -> dict[str, str]:
        """What the readable sources are called on a screen, by their names."""
        return {readable.source.name: readable.source.short for readable in self.readable}


def choose(sources: Iterable[Source], importers: Sequence[Importer], format_name: str | None) -> Chosen:
    """A format for each source.

    Args:
        sources: Each is opened and looked into.
        importers: The formats there are.
        format_name: The format that the user named, if any.

    Raises:
        InputError: There is no format of that name, or a source that the user named is in none.
        Unreadable: A source that the user named can't be read.
    """
    if format_name and not any(importer.name == format_name for importer in importers):
        raise InputError(f"There is no format {format_name[:40]!r}", f"Formats: {_known(importers)}.")
    chosen = Chosen([], [])
    for source in sources:
        if source.owner is not None:
            chosen.readable.append(Readable(source, source.owner.name, source.owner.read))
            continue
        try:
            with opened(source) as stream:
                head = stream.read(HEAD)
        except Unreadable as error:
            if source.named:
                raise
            chosen.readable.append(Readable(source, "", _refusing(error.reason)))
            continue
        importer = _importer_of(source, head, importers, format_name)
        if importer is not None:
            chosen.readable.append(Readable(source, importer.name, importer.read))
        elif source.named:
            raise InputError(
                f"{_titled(source)} is in no format that can be read: {_what(head)}",
                f"{NOTHING_DONE} Formats: {_known(importers)}.",
            )
        else:
            chosen.passed_over.append(source)
    _check_words(chosen, importers)
    return chosen


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
    """One line about what was found and is in no known format."""
    by_word: dict[str, list[Source]] = {}
    for source in chosen.passed_over:
        by_word.setdefault(source.word, []).append(source)
    for sources in by_word.values():
        named = ", ".join(source.short for source in sources[:MOST_NAMED])
        more = f" and {len(sources) - MOST_NAMED:,} more" if len(sources) > MOST_NAMED else ""
        output.talk(f"Passed over, in no known format: {named}{more}")


def _importer_of(
    source: Source, head: bytes, importers: Sequence[Importer], format_name: str | None
) -> Importer | None:
    if format_name:
        importers = [importer for importer in importers if importer.name == format_name]
        if source.named:
            return importers[0]
    return chosen_importer(importers, head, source.name)


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
    useless = next((source.word for source in chosen.passed_over if source.word not in useful), None)
    if useless is not None:
        files = ", ".join(source.short for source in chosen.passed_over[:MOST_NAMED] if source.word == useless)
        raise InputError(
            f"Nothing in {useless} is in a format that can be read", f"It holds {files}. Formats: {_known(importers)}."
        )


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
