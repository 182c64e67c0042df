"""`crm demo`: make the demo's book anew, show its agenda, and say what to type next.

What the sample job search consists of is `demo/`'s. Here are its files, which `--demo` leads every command to, and the
care that no other book is ever taken for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from crm_core.cli.agenda import seen, show_agenda, tell_failed
from crm_core.cli.app import App, system_zone
from crm_core.cli.context import pass_app
from crm_core.errors import CrmError, InputError
from crm_core.files import Places, make_private_folder, replace_file
from crm_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core.steps import Entry

MARKER: Final = "made-by-crm-demo.txt"
MARKER_TEXT: Final = "`crm demo` deletes the book in this folder and makes it anew. Keep nothing of your own here.\n"
SETTINGS: Final = """\
[me]
name = "Robin Vale"
email = "robin.vale@example.com"
phone = "+44 1632 960000"
address = "3 Ropewalk Lane, Saltmarsh"
links = ["https://robin-vale.example"]
timezone = "{zone}"
"""

SUGGESTED: Final = 5
# What to type and what it does; the first five whose command is there and whose blanks can be filled in are suggested.
SUGGESTIONS: Final = (
    ("checklist {interview}", "the ten things, and where each stands"),
    ("thank {interview}", "draft a letter, from the notes"),
    ("done {step}", "record that the first step is done"),
    ('contact show "{person}"', "who somebody is"),
    ("promise list", "what Robin promised"),
    ("interview show {interview}", "the last interview, and who was there"),
    ("application list", "where Robin applied"),
    ("letter list", "what Robin wrote"),
    ("card list", "business cards"),
)


@click.command(
    epilog="""\b
Examples:
  crm demo
  crm --demo contact list
"""
)
@pass_app
def demo(app: App) -> None:
    """Make a sample job search to try things on, in a book of its own; what was in the demo before is gone.

    Put --demo before any command to run it on the demo.
    """
    from crm_core.demo import make

    zone = Settings(Places.of(app.environ).config).me.timezone or system_zone(app.environ)
    folder = _own_folder(app)
    _clear(folder)
    replace_file(folder / "config.toml", [SETTINGS.format(zone=zone).encode()])
    options = [option for option in app.argv if option in {"--no-plugins", "--debug"}]
    sample = App([*options, "--demo", "demo"], app.environ, app.output)
    make(sample.book)
    app.output.talk(f"Made the demo in {folder}: Robin Vale looks for a job. Your own book was not touched.")
    view = seen(sample)
    show_agenda(sample, view)
    _suggest(sample, view.entries)
    tell_failed(sample)


def _own_folder(app: App) -> Path:
    """The demo's folder, marked as such.

    Raises:
        InputError: The user's book or settings are in it, or a book that the demo did not make.
    """
    real = Places.of(app.environ)
    folder = real.demo
    for own in (real.book, real.config):
        if _real(own).is_relative_to(_real(folder)):
            raise InputError(
                f"Your own file {own} is in the demo's folder, whose book `crm demo` would delete",
                "Move it elsewhere, or name another book by CRM_BOOK. Nothing was changed.",
            )
    if not (folder / MARKER).exists() and any(os.path.lexists(path) for path in _files(folder)):
        raise InputError(
            f"The folder {folder} holds a book that `crm demo` did not make",
            "It was left as it is. Move it elsewhere, or name another folder for all files by CRM_HOME.",
        )
    make_private_folder(folder)
    replace_file(folder / MARKER, [MARKER_TEXT.encode()])
    return folder


def _files(folder: Path) -> Iterator[Path]:
    """What the demo deletes. The lock stays: one that is removed while somebody holds it is no lock any more."""
    place = Places.under(folder)
    yield from (
        place.book,
        place.config,
        *(place.book.with_name(name) for name in ("history", "backups", "attachments")),
    )


def _clear(folder: Path) -> None:
    for path in _files(folder):
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise CrmError(f"{path} can't be deleted: {(error.strerror or '').lower()}") from error


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _suggest(sample: App, entries: Sequence[Entry]) -> None:
    """Say what to type next."""
    known = _commands(sample)
    blanks = _blanks(sample, entries)
    rows = [
        (f"{sample.prefix} {words.format(**blanks)}", what)
        for words, what in SUGGESTIONS
        if words.split(maxsplit=1)[0] in known and (entries or "{step}" not in words)
    ][:SUGGESTED]
    width = max(len(command) for command, _ in rows)
    sample.output.line()
    sample.output.line("What to type next", "heading")
    for command, what in rows:
        sample.output.line(f"  {command:<{width}}  {what}")


def _commands(sample: App) -> set[str]:
    from crm_core.cli.main import CORE_COMMANDS

    core = {command.name for command in CORE_COMMANDS}
    if not sample.host.plugins:
        core.discard("checklist")  # its rows are the plugins'
    return {*core, *sample.host.commands(core)}


def _blanks(sample: App, entries: Sequence[Entry]) -> dict[str, str]:
    from crm_core.lookup import interview_named

    interview = interview_named(sample.book, None)
    lead = sample.book.contacts.get(interview.panel[0].contact)
    first = next((entry for entry in entries if entry.state == "overdue"), entries[0] if entries else None)
    return {"interview": interview.id, "person": lead.name, "step": first.handle if first else ""}
