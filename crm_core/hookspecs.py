"""Every hook: what a plugin may answer, when it is asked, and since which version.

A plugin is a module (or any object) whose functions carry `@hookimpl` and the names below. Arguments that it does not
need may be left out. A hook returns its answer; nothing is handed in to be changed. A hook that raises costs its
plugin that answer, never the user the command.

docs/reference/hooks.md shows an example of each; all of them together are one plugin, examples/walks.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Any

    import click

    from crm_core.book import Book
    from crm_core.checklist import Row
    from crm_core.commands import Command
    from crm_core.dates import When
    from crm_core.exporting import Exporter
    from crm_core.figures import Figure
    from crm_core.importing import Importer
    from crm_core.letters import LetterKind
    from crm_core.records import Interview, RecordKind
    from crm_core.search import Hit
    from crm_core.settings import Section
    from crm_core.steps import Entry, Step

GROUP: Final = "crm_core"

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def crm_records() -> Iterable[RecordKind[Any]]:
    """The plugin's own kinds of record.

    Asked once, when the book is opened. A table's name begins with the plugin's name and a full stop; its records
    stay in the book while the plugin is away, and come to a new layout by the kind's migrations. Since 0.1.
    """


@hookspec
def crm_settings() -> type[Section]:
    """The type of the plugin's section in the settings file; the section has the plugin's name.

    Asked once, when settings are read. Every field has a default. Since 0.1.
    """


@hookspec
def crm_steps(book: Book, since: datetime, until: datetime) -> Iterable[Step]:
    """What to do next, and what was finished lately.

    Asked each time the agenda is shown. Pure: it reads the book and changes nothing, and `due` depends on facts,
    never on today. A finished step goes on being yielded with `done` set. Since 0.1.

    Args:
        book: Read-only.
        since: Finished steps matter if they were finished then or later.
        until: Steps that begin after that moment will not be shown.
    """


@hookspec
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record the fact that closes one of the plugin's own steps.

    Asked by `crm done`, inside an open change set. False: no fact can close it, just mark it. Since 0.1.

    Args:
        book: To be changed; the change set is open.
        step: One that this plugin yielded.
        on: When it was done.
    """


@hookspec
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """The plugin's row in the checklist of an interview: which of the ten things it is, and where that stands.

    A thing that is none of the ten has a number above 10. Asked by `crm checklist`. Pure. Since 0.1.

    Args:
        book: Read-only.
        interview: The interview.
        steps: The plugin's own steps about it, about its application, about a record made in it and about the search
            as a whole, finished ones included; those of an application that has ended are left out.
    """


@hookspec
def crm_commands() -> Iterable[click.Command | Command]:
    """The plugin's commands.

    Asked at every start, `--help` included: give a `Command` with the place of its body, so that nothing is imported
    until it runs. A name that the core or another plugin has is refused. Since 0.1.
    """


@hookspec
def crm_letters() -> Iterable[LetterKind]:
    """Kinds of letter that the plugin can draft.

    Asked when a letter is drafted. Since 0.1.
    """


@hookspec
def crm_importers() -> Iterable[Importer]:
    """File formats that the plugin can read people from.

    Asked by `crm import`. Since 0.1.
    """


@hookspec
def crm_exporters() -> Iterable[Exporter]:
    """Formats that the plugin can write the book, or a part of it, in.

    Asked by `crm export`. Since 0.1.
    """


@hookspec
def crm_search(book: Book, text: str) -> Iterable[Hit]:
    """The plugin's own records that mention what the user looks for; those of the core are found without it.

    Asked by `crm find`. Pure. `mentions` says whether a text has what is sought in it, as it is for the core's own.
    Since 0.1.

    Args:
        book: Read-only.
        text: What the user typed.
    """


@hookspec
def crm_summary(book: Book, since: date | None, until: date) -> Iterable[Figure]:
    """Figures of what the plugin keeps an eye on, each a subject with a row a number.

    Asked by `crm stats`. Pure. A subject of which there is nothing to count is left out. Since 0.1.

    Args:
        book: Read-only.
        since: The first day of the period asked for; None for the beginning.
        until: Its last day.
    """


@hookspec
def crm_changed(book: Book, agenda: Callable[[], Sequence[Entry]]) -> None:
    """Told that a command has changed the book, for what the plugin keeps outside of it, such as a file.

    Told after each command that did, once, when the change is made: nothing that goes wrong here undoes it or makes the
    command fail, but a `CrmError` is shown as a warning. Be quick, and do nothing unless a setting asks for it. Days
    are said by their dates, as in an export. Since 0.1.

    Args:
        book: Read-only, as it is now.
        agenda: The steps as an exporter is given them, finished, snoozed and skipped ones too; computed when called.
            Raises a `CrmError` where a plugin failed, whose steps are lacking.
    """
