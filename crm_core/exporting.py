"""What goes out: what an exporter is given, what it hands back, and where that may be written.

Formats are plugins'. An exporter turns records into bytes, or into the files of a folder, and knows nothing of the
command line; `crm export` (`cli/export.py`) writes what it hands over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crm_core.book import Book
from crm_core.records import Contact

if TYPE_CHECKING:
    from crm_core.steps import Entry

FileAction = Literal["written", "same", "removed", "conflict"]


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be exported.

    While an exporter writes, `say_day` and its like say days by their dates: a file is read on another day.

    Args:
        book: Read-only; with `--redact` a copy without names and texts.
        contacts: The people who were asked for, by name.
        agenda: The steps, in the agenda's order, finished, snoozed and skipped ones too; computed when called.
        options: What was given for the exporter's own options, by parameter name.
        earlier: What the file that will be replaced holds; empty if there is none.
        file: The name of the file to be written; empty for standard output.
    """

    book: Book
    contacts: Sequence[Contact]
    agenda: Callable[[], Sequence[Entry]]
    options: Mapping[str, Any] = {}
    earlier: bytes = b""
    file: str = ""


class ExportedFile(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file of a folder.

    Args:
        file: Its name in the folder.
        action: `written`, `same` (it was so already), `removed`, or `conflict`: left alone, see `reason`.
        name: Whom it is about.
        reason: Why it was left alone.
    """

    file: str
    action: FileAction
    name: str = ""
    reason: str = ""


class Exporter(msgspec.Struct, frozen=True, kw_only=True):
    """A format that the book, or a part of it, can be written in: `crm export NAME`.

    Give `write` for one file or `write_folder` for a folder of files.

    Args:
        name: What `crm export` calls it.
        label: What it writes, in a line for the list of formats.
        suffix: The usual ending of the file's name, with the dot; empty for a folder.
        people: Whether it writes contacts, so that options can choose among them.
        write: The file's bytes, piece by piece.
        write_folder: Brings a folder up to date, and says what became of each file; the folder exists.
        updates: Whether an earlier file of its own is brought up to date (see `Export.earlier`): it is then written
            over without asking. A file that is none of its own it refuses by a `CrmError`.
        options: click's options for it, beside those that all have.
        help: More about it than the label says, for `--help`.
    """

    name: str
    label: str
    suffix: str = ""
    people: bool = False
    write: Callable[[Export], Iterable[bytes]] | None = None
    write_folder: Callable[[Export, Path], Iterable[ExportedFile]] | None = None
    updates: bool = False
    options: tuple[Any, ...] = ()
    help: str = ""
