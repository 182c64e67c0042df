"""People coming in: what an importer hands over, and what is said of each entry.

An importer reads a stream into `Candidate`s and `Problem`s and knows nothing of the book. What becomes of them is
decided in `people.py`; every entry of a file ends up in exactly one `Row`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

import msgspec

from crm_core.book import Book
from crm_core.network.reconciling import Clash
from crm_core.records import Contact

HEAD = 4096  # bytes that an importer sees to recognise its format

Action = Literal["added", "updated", "same", "left", "unsure", "conflict", "refused"]


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One person as a file has them.

    Whether they are somebody in the book is decided by the import: first by the contact's UID, be it one that the book
    gave out itself (`Book.uid`), then by evidence. A reader hands over what the file says and looks nothing up.

    Args:
        contact: Their facts, without an id, without references and without a photo; `uid` as the file has it.
        line: Where the entry begins in the file, from 1.
        repaired: What the reader had to mend, in words; empty when the entry was sound.
        left_out: Names of properties that were not taken over, such as `KEY`.
        photo: Their picture as bytes; empty if there is none.
        introduced_by: UID of who introduced them; that person may come later in the import, or be in the book.
        knows: UIDs of people whom they know, likewise. A UID that nobody has is kept with the contact as a line
            `X-CRM-KNOWS:...` or `X-CRM-INTRODUCED-BY:...`, which a reader of vCards reads as these fields again.
        base: The same entry as this program last wrote it out, read as this one was. With it, field by field, what
            has changed since on one side only is taken over, even if it went; what has changed on both sides to
            different values stays as the book has it and is reported as a conflict. None where the file is not one of
            ours, or nothing is known of how it was: then what the entry says is taken over, and what it does not say
            stays.
    """

    contact: Contact
    line: int
    repaired: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    photo: bytes = b""
    introduced_by: str = ""
    knows: tuple[str, ...] = ()
    base: Candidate | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that could not be read.

    Args:
        line: Where the entry begins in the file, from 1.
        reason: Why, in words for a person.
        text: The beginning of the offending line, at most 80 characters; may be empty.
    """

    line: int
    reason: str
    text: str = ""


class LeftAlone(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that changes nothing in the book, but should be known of: its person was taken out on one side.

    Args:
        contact: Whom it is about, as they are in the book or were in the entry.
        reason: What is the matter and what can be done, in words for a person.
    """

    contact: Contact
    reason: str


Entry: TypeAlias = Candidate | Problem | LeftAlone


class TableColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a table of which only the user knows what is in it.

    Args:
        title: What the table calls it; no other column is called so.
        samples: The first texts in it; none if it seems to be empty.
        guess: What it may be, one of the importer's fields; empty for no idea.
    """

    title: str
    samples: tuple[str, ...] = ()
    guess: str = ""


class Importer(msgspec.Struct, frozen=True, kw_only=True):
    """A way to read people from a file format.

    A format of tables may leave it to the user what is in the columns: it gives `fields`, `columns` and `read_mapped`,
    and is then never told by a file's name alone.

    Args:
        name: What `--format` calls it.
        label: Its name in words.
        suffixes: Endings of file names, with the dot, lower case.
        sniff: Whether the first 4,096 bytes of a file look like this format.
        read: The entries of a binary stream, in file order; streams, does not hold the file. Never raises for what
            a file holds: what it can't read is a `Problem`.
        sniff_folder: Whether a folder is one that this program wrote and others may have changed since.
        read_folder: The entries of such a folder with the names of their files. It is given the book, which it only
            looks at: a person whom it does not have any more was removed, and is not to come back.
        no_people: What a file that begins so holds, if it is of a known kind and not people, in words.
        fields: What a column may be, such as `name`; `phone:work` is a `phone`.
        columns: The columns of a stream that holds a table; none if it is no table.
        read_mapped: The entries of a table as `read` gives them, with a field for the title of each column.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    read: Callable[[BinaryIO], Iterator[Candidate | Problem]]
    sniff_folder: Callable[[Path], bool] | None = None
    read_folder: Callable[[Book, Path], Iterator[tuple[str, Entry]]] | None = None
    no_people: Callable[[bytes], str] | None = None
    fields: tuple[str, ...] = ()
    columns: Callable[[BinaryIO], Sequence[TableColumn]] | None = None
    read_mapped: Callable[[BinaryIO, Mapping[str, str]], Iterator[Candidate | Problem]] | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of one entry.

    Args:
        file: The file that it came from.
        line: Where the entry begins in it.
        action: `added`; `updated`; `same` (we knew all that); `left` (nothing was done, see `reason`); `unsure` (added,
            but may be somebody we know: see `crm contact duplicates`); `conflict` (book and file have both changed what
            `conflicts` lists: the book's stays, all else is taken over); `refused`.
        name: The person.
        id: The contact in the book; empty when refused, and for a new one in a dry run.
        reason: Why refused or left, whom an unsure one may be, or what else is to be said.
        changed: The names of the fields that were changed.
        conflicts: The fields that were not, and what either has.
        repaired: What was mended on reading.
        left_out: Properties that were not taken over.
        links_to: UIDs of people whom the entry knows or was introduced by, and whom nobody has; they are kept.
    """

    file: str
    line: int
    action: Action
    name: str = ""
    id: str = ""
    reason: str = ""
    changed: tuple[str, ...] = ()
    conflicts: tuple[Clash, ...] = ()
    repaired: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    links_to: tuple[str, ...] = ()


def chosen_importer(importers: Iterable[Importer], head: bytes, file_name: str) -> Importer | None:
    """The importer that recognises a file by its beginning, else by its name's ending."""
    importers = list(importers)
    by_content = (importer for importer in importers if importer.sniff(head))
    told_by_name = [importer for importer in importers if importer.columns is None]
    by_name = (importer for importer in told_by_name if file_name.lower().endswith(importer.suffixes))
    return next(by_content, None) or next(by_name, None)
