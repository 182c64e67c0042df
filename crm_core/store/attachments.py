"""Files that belong to a book, such as people's photos: kept beside it, each under a name made of its contents.

A file is on the disk before the change that names it is committed, and never changed. Two people with one picture share
one file; what nobody names any more stays until it is cleaned away.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from crm_core.errors import InputError
from crm_core.files import make_private_folder, paths_in, replace_file, sync_folder
from crm_core.pictures import picture_suffix

FOLDER: Final = "attachments"
_NAMES: Final = re.compile(rb'"([0-9a-f]{32}(?:\.[a-z]{3,4})?)\\?"')
_NAME: Final = re.compile(r"[0-9a-f]{32}(?:\.[a-z]{3,4})?")
_HALF: Final = re.compile(_NAME.pattern + r"(?:\.[0-9]+)?\.tmp")


def attachment_name(data: bytes) -> str:
    """The name under which these bytes are kept: their digest, and the ending of what they seem to be."""
    from hashlib import blake2b

    return blake2b(data, digest_size=16).hexdigest() + picture_suffix(data)


def named_in(document: bytes) -> list[str]:
    """What may be names of attachments in a document's bytes: texts that are one, and those in quotes inside a text."""
    return [match.decode() for match in _NAMES.findall(document)]


class Attachments:
    """The files beside one book.

    Args:
        folder: The book's folder.
        prefix: What their names begin with, where several books lie in one folder.
    """

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self.folder = folder / FOLDER
        self._prefix = prefix
        self._put = False

    def path(self, name: str) -> Path:
        """Where an attachment is; always in the folder, whatever a book that somebody else wrote may say.

        Raises:
            InputError: That is no name of an attachment.
        """
        if not _NAME.fullmatch(name):
            raise InputError(f"{name[:60]!r} is no name of an attachment", "The book was written by another program.")
        return self.folder / (self._prefix + name)

    def names(self) -> list[str]:
        """The names of all that are there."""
        return [name for name in self._own() if _NAME.fullmatch(name)]

    def leftovers(self) -> list[Path]:
        """Files that were never written to their end."""
        return [self.folder / (self._prefix + name) for name in self._own() if _HALF.fullmatch(name)]

    def _own(self) -> list[str]:
        """The names of this book's files, without what they begin with."""
        names = (path.name for path in paths_in(self.folder))
        return [name.removeprefix(self._prefix) for name in names if name.startswith(self._prefix)]

    def put(self, data: bytes) -> str:
        """Keep these bytes; returns the name to ask for them by. `confirm` waits until the disk has it.

        Raises:
            CrmError: They could not be written.
        """
        name = attachment_name(data)
        path = self.path(name)
        if self.get(name) is None:
            make_private_folder(self.folder)
            replace_file(path, [data], listed=False)
        self._put = True  # one that was there, too: its writer may have been killed before it was confirmed
        return name

    def confirm(self) -> None:
        """Wait until the disk has the names of all that was put, once for a thousand; before a book names them.

        Raises:
            CrmError: It did not confirm them.
        """
        if self._put:
            sync_folder(self.folder)
            self._put = False

    def get(self, name: str) -> bytes | None:
        """The bytes of that name; None if there are none, or none that can be read, or other ones."""
        try:
            data = self.path(name).read_bytes()
        except (OSError, InputError):
            return None
        return data if attachment_name(data) == name else None
