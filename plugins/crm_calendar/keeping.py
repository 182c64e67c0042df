"""The calendar's file, brought up to date after each change of the book, where the settings name one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from crm_calendar.exporter import calendar_of
from crm_core import Book, CrmError, Entry, Export, write_private_file


def keep_up(book: Book, file: str, agenda: Callable[[], Sequence[Entry]]) -> None:
    """Bring the file up to date.

    Args:
        book: As it is now.
        file: The path, `~` for the user's home; checked by the settings.
        agenda: Gives the steps; raises a `CrmError` where some are lacking.

    Raises:
        CrmError: The file is as it was, and why.
    """
    path = Path(file).expanduser()
    try:
        earlier = path.read_bytes() if path.exists() else b""
        export = Export(book=book, contacts=(), agenda=agenda, earlier=earlier, file=path.name)
        data = b"".join(calendar_of(export))
        if data != earlier:
            write_private_file(path, data)
    except OSError as error:
        raise _behind(path, (error.strerror or "it can't be read").lower()) from error
    except CrmError as error:
        raise _behind(path, error.message) from error


def _behind(path: Path, why: str) -> CrmError:
    return CrmError(
        f"Your change is made, but the calendar {path} is as it was before: {why}",
        "Another file, or none: crm settings set crm_calendar.file PATH",
    )
