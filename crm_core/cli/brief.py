"""`crm agenda --brief`: how much is to be done in a few words, for a shell's prompt.

A prompt asks after every command. So the numbers are kept in a file of the program's own, without a word of the book in
it, and hold until something they hang on has changed: the book, the settings, the plugins, or the hour. Whoever needs
them only to the quarter of an hour need not wait for the agenda each time.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from crm_core.dates import day_end, day_start
from crm_core.errors import CrmError
from crm_core.files import BACKUPS
from crm_core.version import __version__

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.cli.agenda import View
    from crm_core.cli.app import App

LONGEST: Final = timedelta(minutes=15)
"""How long numbers hold at most: a plugin may look at the clock in ways that only it knows."""


class Brief(msgspec.Struct, frozen=True):
    """How many steps there are of those that call for something now."""

    overdue: int = 0
    today: int = 0

    @property
    def words(self) -> str:
        """`2 overdue, 3 today`; nothing where nothing is to be done."""
        return ", ".join(
            f"{number} {what}" for number, what in ((self.overdue, "overdue"), (self.today, "today")) if number
        )


class _Kept(msgspec.Struct, frozen=True):
    """Numbers as the file has them: of what they were made, and from when until when (in seconds) they hold."""

    made_of: str
    since: float
    until: float
    brief: Brief


def brief(app: App) -> Brief:
    """The numbers: those that are kept, or else of the agenda, which are kept then."""
    if not _begun(app.places.book):
        return Brief()
    made_of = _made_of(app)
    path = app.places.brief
    kept = _read(path)
    if kept is not None and kept.made_of == made_of and kept.since <= time.time() < kept.until:
        return kept.brief
    from crm_core.cli.agenda import seen

    view = seen(app)
    found = brief_of(view)
    if not app.host.failed:
        now = time.time()
        _keep(path, _Kept(made_of, now, now + _holds(app.book, view).total_seconds(), found))
    return found


def brief_of(view: View) -> Brief:
    """The numbers of an agenda."""
    states = [entry.state for entry in view.entries]
    return Brief(states.count("overdue"), states.count("due"))


def _begun(book: Path) -> bool:
    """Whether there is a book, or was one."""
    return book.exists() or book.with_name(BACKUPS).exists()


def _read(path: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, ValueError):
        return None


def _keep(path: Path, kept: _Kept) -> None:
    """Where that can't be done, the numbers are made anew each time."""
    from crm_core.files import make_private_folder, replace_file

    with suppress(CrmError):
        make_private_folder(path.parent)
        replace_file(path, [msgspec.json.encode(kept)])


def _made_of(app: App) -> str:
    """What the numbers hang on but for the hour; another text where any of it has changed."""
    places, environ = app.places, app.environ
    files = (places.book, places.config, places.switches, places.plugins, *map(Path, sys.path))
    given = [environ.get(name, "") for name in ("CRM_TODAY", "TZ")]
    return " ".join([__version__, str(app.flags), *given, *map(_signature, files)])


def _signature(path: Path) -> str:
    """What a file, or the names in a folder, can be told by without reading it."""
    try:
        found = os.stat(path)  # noqa: PTH116 (Path.stat is a layer above it)
    except OSError:
        return "-"
    return f"{found.st_ino}:{found.st_mtime_ns}:{found.st_size}"


def _holds(book: Book, view: View) -> timedelta:
    """How long the numbers hold: until the next moment at which a step begins or is late, or an interview ends."""
    moments = [day_end(book.today, book.zone), *(interview.end for interview in book.interviews)]
    for entry in view.entries:
        for when in (entry.starts, entry.due, entry.late):
            moments += [day_start(when, book.zone), day_end(when, book.zone)]
    return min([LONGEST, *(moment - book.now for moment in moments if moment > book.now)])
