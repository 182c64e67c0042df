"""What can go wrong, said in one line with a hint.

Every error that a user may meet is a `CrmError`; `cli/main.py` is the one place that catches it, prints it
and ends with its exit code. Nothing else belongs here.
"""

from __future__ import annotations

from collections.abc import Sequence


class CrmError(Exception):
    """Something the user should be told about: one line, and a hint where one helps.

    Args:
        message: What is wrong, as one sentence without a full stop.
        hint: What to do about it; may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Conflict(CrmError):
    """A record is no longer what the command saw when it started; nothing was written (exit 1)."""


class InputError(CrmError):
    """The words of a command, a setting or an answer are not usable (exit 2)."""

    exit_code = 2


class UnknownName(InputError):
    """No record goes by that id or name (exit 2)."""


class AmbiguousName(InputError):
    """Several records go by that name; the hint lists them with their ids (exit 2)."""


class SimilarName(InputError):
    """No record goes by that name, but some by one like it (exit 2).

    Args:
        message: What is wrong.
        hint: Which they are, and what to do about it.
        similar: Which they are, and no more.
        ids: Their ids.
    """

    def __init__(self, message: str, hint: str, similar: str, ids: Sequence[str]) -> None:
        super().__init__(message, hint)
        self.similar = similar
        self.ids = tuple(ids)


class PartlyDone(CrmError):
    """The command did what it could, and has said what it could not do (exit 3)."""

    exit_code = 3


class BookUnreadable(CrmError):
    """The book's file is damaged, newer than this program or not a book; it was left as it is (exit 4)."""

    exit_code = 4


class BookNewer(BookUnreadable):
    """The book was written by a newer version of the program; nothing is wrong with it (exit 4)."""


class BookGone(BookUnreadable):
    """There is no book where one was: backups of it are still there (exit 4)."""
