"""The plugin host: what the program asks of plugins, so that a bad one harms nobody.

Each plugin is asked by itself; what it does wrong costs it its answer, and no other plugin's (see `gates.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from crm_core.errors import CrmError
from crm_core.host.answers import (
    check_command,
    check_exporter,
    check_hit,
    check_kind,
    figures_of,
    nothing,
    rows_of,
    section_of,
    truth_of,
)
from crm_core.host.gates import Gates
from crm_core.host.plugin import Offers, Plugin

if TYPE_CHECKING:
    from datetime import date, datetime

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

T = TypeVar("T")
CORE: Final = "the core"


class Host(Gates):
    """The plugins of this run, and what they answer; made as `Gates` are."""

    def steps(self, book: Book, since: datetime, until: datetime) -> Iterator[tuple[str, Step]]:
        """Every plugin's steps; see `hookspecs.crm_steps`."""
        from crm_core.steps import Step

        with book.read_only():
            asked = list(self._ask("crm_steps", Step, book=book, since=since, until=until))
        return ((plugin.name, step) for plugin, steps in asked for step in steps)

    def done(self, book: Book, plugin: str, step: Step, on: When) -> bool:
        """Ask one plugin to record the fact that closes its step; what it refuses, the user is told.

        Raises:
            CrmError: It refused or failed; the open change set must not be committed.
        """
        implementation = self._implementation("crm_done", plugin)
        if implementation is None:
            return False
        asked = self._plugin(plugin)
        try:
            return self._call(asked, implementation, {"book": book, "step": step, "on": on}, truth_of)
        except CrmError:
            raise
        except BaseException as error:
            self._fault(asked, "crm_done", error)
            raise CrmError(f"{step.title}: {plugin} could not record that", "Nothing was changed.") from error

    def checklist(self, book: Book, interview: Interview, entries: Sequence[Entry]) -> Iterator[Row]:
        """Every plugin's rows for an interview; each plugin is shown its own entries."""
        for implementation in self._implementations("crm_checklist"):
            plugin = self._plugin(implementation.plugin_name)
            own = [entry for entry in entries if entry.plugin == plugin.name]
            arguments = {"book": book, "interview": interview, "steps": own}
            with book.read_only():
                rows = self._gate(plugin, implementation, arguments, rows_of)
            yield from rows or ()

    def search(self, book: Book, text: str) -> list[Hit]:
        """What plugins found in records of their own."""
        from crm_core.search import Hit

        def check(_: str, hit: Hit) -> None:
            check_hit(book, hit)

        with book.read_only():
            return [hit for _, hit in self._each("crm_search", Hit, check=check, book=book, text=text)]

    def summary(self, book: Book, since: date | None, until: date) -> list[tuple[str, Figure]]:
        """Every plugin's figures of a period, in their order, with the plugin's name; see `hookspecs.crm_summary`."""
        arguments = {"book": book, "since": since, "until": until}
        found = []
        for implementation in self._implementations("crm_summary"):
            plugin = self._plugin(implementation.plugin_name)
            with book.read_only():
                figures = self._gate(plugin, implementation, arguments, figures_of)
            found += [(plugin.name, figure) for figure in figures or ()]
        return sorted(found, key=lambda one: one[1].place)

    def changed(self, book: Book, agenda: Callable[[], Sequence[Entry]]) -> Iterator[CrmError]:
        """Tell plugins that the book was changed; gives what they have to say of it. See `hookspecs.crm_changed`."""
        for implementation in self._implementations("crm_changed"):
            plugin = self._plugin(implementation.plugin_name)
            try:
                with book.read_only():
                    self._call(plugin, implementation, {"book": book, "agenda": agenda}, nothing)
            except CrmError as error:
                yield error
            except BaseException as error:  # noqa: BLE001 (it can be wrong in many ways)
                self._fault(plugin, "crm_changed", error)

    def kinds(self) -> list[RecordKind[Any]]:
        """The plugins' kinds of record; one whose table, prefix or type is taken is refused."""
        return [kind for _, kind in self._kinds()]

    def sections(self) -> dict[str, type[Section]]:
        """The plugins' settings sections by plugin name."""
        sections = {}
        for implementation in self._implementations("crm_settings"):
            plugin = self._plugin(implementation.plugin_name)
            section = self._gate(plugin, implementation, {}, section_of)
            if section is not None:
                sections[plugin.name] = section
        return sections

    def commands(self, taken: Iterable[str]) -> dict[str, Command | click.Command]:
        """The plugins' commands by name; one of a taken name is refused."""
        return {command.name: command for _, command in self._commands(taken)}

    def letters(self) -> list[LetterKind]:
        """The kinds of letter; one of a taken name is refused."""
        return [kind for _, kind in self._letters()]

    def importers(self) -> list[Importer]:
        """The file formats that people can be read from, the core's own first; one of a taken name is refused."""
        from crm_core.whole_book import json_importer

        return [json_importer(), *(importer for _, importer in self._importers())]

    def exporters(self) -> list[Exporter]:
        """The formats that can be written, the core's own first; one of a taken name is refused."""
        from crm_core.whole_book import json_exporter

        return [json_exporter(), *(exporter for _, exporter in self._exporters())]

    def ask_all(self, taken: Iterable[str]) -> dict[str, Offers]:
        """All that can be asked without a book, by plugin.

        Args:
            taken: The names of the core's commands.
        """
        kinds, commands = list(self._kinds()), list(self._commands(taken))
        letters, importers, exporters = list(self._letters()), list(self._importers()), list(self._exporters())
        sections = self.sections()
        return {
            plugin.name: Offers(
                commands=_of(plugin, commands),
                kinds=_of(plugin, kinds),
                section=sections.get(plugin.name),
                letters=_of(plugin, letters),
                importers=_of(plugin, importers),
                exporters=_of(plugin, exporters),
            )
            for plugin in self.plugins
            if plugin.state != "shadowed"
        }

    def try_all(self, book: Book) -> None:
        """Ask what is asked of a book that changes nothing, so that each plugin's state is known."""
        from crm_core.steps import all_times

        list(self.steps(book, *all_times(book.zone)))
        self.search(book, "a")
        self.summary(book, None, book.today)
        for interview in list(book.interviews)[-1:]:
            list(self.checklist(book, interview, ()))

    def _kinds(self) -> Iterator[tuple[Plugin, RecordKind[Any]]]:
        from crm_core.records import CORE_KINDS, RecordKind

        kinds: list[RecordKind[Any]] = list(CORE_KINDS)
        for plugin, kind in self._each("crm_records", RecordKind, check=lambda p, kind: check_kind(p, kind, kinds)):
            kinds.append(kind)
            yield plugin, kind

    def _commands(self, taken: Iterable[str]) -> Iterator[tuple[Plugin, Any]]:
        import click

        from crm_core.commands import Command

        owners = dict.fromkeys(taken, CORE)
        return self._each("crm_commands", Command, click.Command, check=_free("command", owners, check_command))

    def _letters(self) -> Iterator[tuple[Plugin, LetterKind]]:
        from crm_core.letters import LetterKind

        return self._each("crm_letters", LetterKind, check=_free("kind of letter", {}))

    def _importers(self) -> Iterator[tuple[Plugin, Importer]]:
        from crm_core.importing import Importer
        from crm_core.whole_book import json_importer

        owners = {json_importer().name: CORE}
        return self._each("crm_importers", Importer, check=_free("importer", owners))

    def _exporters(self) -> Iterator[tuple[Plugin, Exporter]]:
        from crm_core.exporting import Exporter
        from crm_core.whole_book import json_exporter

        owners = {json_exporter().name: CORE}
        return self._each("crm_exporters", Exporter, check=_free("exporter", owners, check_exporter))


def _free(what: str, owners: dict[str, str], check: Callable[[Any], None] | None = None) -> Callable[[str, Any], None]:
    """A check that a thing's name is not taken, after a check of its own."""

    def checked(plugin: str, item: Any) -> None:
        if check is not None:
            check(item)
        if item.name in owners:
            raise CrmError(f"the {what} {item.name!r} is {owners[item.name]}'s")
        owners[item.name] = plugin

    return checked


def _of(plugin: Plugin, offered: Iterable[tuple[Plugin, T]]) -> tuple[T, ...]:
    return tuple(item for owner, item in offered if owner is plugin)
