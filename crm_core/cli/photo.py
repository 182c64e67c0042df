"""People's photos on the command line: read from a file that the user names, described in words, written out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm_core.cli.context import output
from crm_core.cli.values import Checked
from crm_core.errors import InputError
from crm_core.files import refuse_existing, replace_file, said_size
from crm_core.pictures import LARGEST_PICTURE, picture_kind, picture_suffix

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.records import Contact

STDOUT: Final = "-"
KINDS: Final = "Give a JPEG, PNG, GIF or WebP file"


def read_photo(path: str) -> bytes:
    """The picture in a file.

    Raises:
        InputError: There is no such file, it can't be read, is too large, or no picture of a kind that others read.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_PICTURE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path[:200]} can't be read: {reason.lower()}", f"{KINDS}.") from error
    if not picture_kind(data):
        raise InputError(f"{path[:200]} is no picture that address books read", f"{KINDS}.")
    if len(data) > LARGEST_PICTURE:
        most = said_size(LARGEST_PICTURE)
        raise InputError(f"{path[:200]} is larger than {most}", "Make it smaller: a face takes some 20 kB.")
    return data


PHOTO: Final[Checked[bytes]] = Checked("file", read_photo)


def say_photo(book: Book, contact: Contact) -> str:
    """`a JPEG of 12 kB`; empty where there is none."""
    if not contact.photo:
        return ""
    data = book.attachment(contact.photo)
    if data is None:
        return "its file is missing or damaged: crm doctor"
    return f"a {picture_kind(data) or 'file of an unknown kind'} of {said_size(len(data))}"


def write_photo(book: Book, contact: Contact, target: str | None, *, force: bool) -> None:
    """Write somebody's photo to a file, or into a pipe.

    Raises:
        InputError: They have none, it is lost, there is such a file already, or no file is named on a terminal.
    """
    if not contact.photo:
        hint = f"To give them one: crm contact edit {contact.id} --photo FILE"
        raise InputError(f"The book has no photo of {contact.id} {contact.name}", hint)
    data = book.attachment(contact.photo)
    if data is None:
        raise InputError(f"The photo of {contact.id} {contact.name} is missing or damaged", "`crm doctor` tells more.")
    if target is not None and target != STDOUT:
        refuse_existing(Path(target), force=force)
        replace_file(Path(target), [data])
        output().line(f"Wrote {target}")
    elif output().columns is None:
        output().data(data)
    else:
        name = f"{contact.id}{picture_suffix(data)}"
        raise InputError("A terminal shows no pictures", f"crm contact photo {contact.id} -o {name}")
