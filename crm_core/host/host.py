"""The plugin host: loads plugins and asks them, one by one, so that a bad one harms nobody.

Four gates: import, registration (wrong argument names, hook wrappers), misspelt hooks, and each call of a hook, whose
answer is taken whole inside the gate. What a plugin does wrong costs it its answer, and is said in one line.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import msgspec
import pluggy

from crm_core import hookspecs
from crm_core.errors import CrmError
from crm_core.host.discovery import Found

if TYPE_CHECKING:
    from datetime import datetime

    import click

    from crm_core.book import Book
    from crm_core.checklist import Row
    from crm_core.commands import Command
    from crm_core.dates import When
    from crm_core.exporting import Exporter
    from crm_core.importing import Importer
    from crm_core.letters import LetterKind
    from crm_core.records import Interview, RecordKind
    from crm_core.settings import Section
    from crm_core.steps import Entry, Step

T = TypeVar("T")
RESERVED_PREFIXES: Final = frozenset({"h", "m"})  # of changes and of an application's moves
PluginState = Literal["loaded", "off", "broken", "failing", "shadowed"]


class Plugin(msgspec.Struct, kw_only=True):
    """A plugin and what became of it; `hooks` are those it implements, `error` what went wrong first."""

    found: Found
    state: PluginState = "loaded"
    error: str = ""
    cure: str = ""
    hooks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its entry point's name."""
        return self.found.name


class Host:
    """The plugins of this run.

    Args:
        found: The installed plugins, in the order in which they are asked.
        off: Names of those that the user switched off.
        warn: Told what a plugin did wrong, in one line.
        strict: Raise a plugin's own exception instead.
        debug: Print its traceback too.
    """

    def __init__(
        self,
        found: Iterable[Found],
        *,
        off: AbstractSet[str] = frozenset(),
        warn: Callable[[str], None] = lambda _: None,
        strict: bool = False,
        debug: bool = False,
    ) -> None:
        self.plugins: list[Plugin] = []
        self._manager = pluggy.PluginManager(hookspecs.GROUP)
        self._manager.add_hookspecs(hookspecs)
        self._warn = warn
        self._strict = strict
        self._debug = debug
        self._told: set[str] = set()
        for one in found:
            self._load(one, off)

    @property
    def failed(self) -> list[Plugin]:
        """The plugins that did something wrong in this run."""
        return [plugin for plugin in self.plugins if plugin.state in {"broken", "failing"}]

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
        try:
            return _as_answer(_call(implementation, {"book": book, "step": step, "on": on}))
        except CrmError:
            raise
        except BaseException as error:
            failing = self._plugin(plugin)
            self._fault(failing, "crm_done", error)
            raise CrmError(f"{step.title}: {plugin} could not record that", "Nothing was changed.") from error

    def checklist(self, book: Book, interview: Interview, entries: Sequence[Entry]) -> Iterator[Row]:
        """Every plugin's rows for an interview; each plugin is shown its own entries."""
        for implementation in self._implementations("crm_checklist"):
            plugin = self._plugin(implementation.plugin_name)
            own = [entry for entry in entries if entry.plugin == plugin.name]
            arguments = {"book": book, "interview": interview, "steps": own}
            with book.read_only():
                rows = self._gate(plugin, implementation, arguments, _rows_of)
            yield from rows or ()

    def kinds(self) -> list[RecordKind[Any]]:
        """The plugins' kinds of record; one whose table, prefix or type is taken is refused."""
        from crm_core.records import CORE_KINDS, RecordKind

        kinds: list[RecordKind[Any]] = []
        for plugin, offered in self._ask("crm_records", RecordKind):
            for kind in offered:
                try:
                    _check_kind(plugin.name, kind, (*CORE_KINDS, *kinds))
                except Exception as error:  # noqa: BLE001 (a type can be wrong in many ways)
                    self._fault(plugin, "crm_records", error)
                else:
                    kinds.append(kind)
        return kinds

    def sections(self) -> dict[str, type[Section]]:
        """The plugins' settings sections by plugin name."""
        sections = {}
        for implementation in self._implementations("crm_settings"):
            plugin = self._plugin(implementation.plugin_name)
            section = self._gate(plugin, implementation, {}, _as_section)
            if section is not None:
                sections[plugin.name] = section
        return sections

    def commands(self, taken: Iterable[str]) -> dict[str, Command | click.Command]:
        """The plugins' commands by name, those of the core's names left out."""
        import click

        from crm_core.commands import Command

        owners = dict.fromkeys(taken, "the core")
        commands: dict[str, Command | click.Command] = {}
        asked: Iterator[tuple[Plugin, list[Any]]] = self._ask("crm_commands", Command, click.Command)
        for plugin, offered in asked:
            for command in offered:
                name = command.name
                about = command.help if isinstance(command, Command) else command.help or ""
                if not (name and isinstance(name, str) and isinstance(about, str)):
                    self._fault(plugin, "crm_commands", CrmError(f"a command has no usable name or help: {name!r}"))
                elif name in owners:
                    self._fault(plugin, "crm_commands", CrmError(f"the command {name!r} is {owners[name]}'s"))
                else:
                    owners[name], commands[name] = plugin.name, command
        return commands

    def letters(self) -> list[LetterKind]:
        """The kinds of letter; the first of a name stays."""
        from crm_core.letters import LetterKind

        kinds: dict[str, LetterKind] = {}
        for _, offered in self._ask("crm_letters", LetterKind):
            for kind in offered:
                kinds.setdefault(kind.name, kind)
        return list(kinds.values())

    def importers(self) -> list[Importer]:
        """The file formats that people can be read from, the core's own first."""
        from crm_core.importing import Importer
        from crm_core.whole_book import json_importer

        asked = self._ask("crm_importers", Importer)
        return [json_importer(), *(importer for _, offered in asked for importer in offered)]

    def exporters(self) -> list[Exporter]:
        """The formats that can be written, the core's own first; the first of a name stays."""
        from crm_core.exporting import Exporter
        from crm_core.whole_book import json_exporter

        own = json_exporter()
        exporters: dict[str, Exporter] = {own.name: own}
        for plugin, offered in self._ask("crm_exporters", Exporter):
            for exporter in offered:
                if (exporter.write is None) == (exporter.write_folder is None):
                    fault = CrmError(f"the exporter {exporter.name!r} needs write or write_folder, and not both")
                    self._fault(plugin, "crm_exporters", fault)
                else:
                    exporters.setdefault(exporter.name, exporter)
        return list(exporters.values())

    def ask_all(self, taken: Iterable[str]) -> None:
        """Ask everything that can be asked without a book, so that each plugin's state is known."""
        self.kinds(), self.sections(), self.commands(taken), self.letters(), self.importers(), self.exporters()

    def _load(self, found: Found, off: AbstractSet[str]) -> None:
        plugin = Plugin(found=found)
        first = next((other for other in self.plugins if other.name == found.name), None)
        self.plugins.append(plugin)
        if first is not None:
            plugin.state = "shadowed"
            plugin.error = f"{first.found.distribution} has a plugin of that name, which is taken"
            plugin.cure = f"pip uninstall {found.distribution}"
        elif found.name in off:
            plugin.state = "off"
        else:
            self._import(plugin)

    def _import(self, plugin: Plugin) -> None:
        module, _, attribute = plugin.found.target.partition(":")
        try:
            target = importlib.import_module(module)
            target = attrgetter(attribute)(target) if attribute else target
        except BaseException as error:  # noqa: BLE001 (SystemExit too: a plugin must not end the program)
            self._break(plugin, "import", error)
            return
        try:
            self._manager.register(target, plugin.name)
            self._check(plugin)
        except BaseException as error:  # noqa: BLE001
            if self._manager.has_plugin(plugin.name):
                self._manager.unregister(name=plugin.name)
            self._break(plugin, "registration", error)

    def _check(self, plugin: Plugin) -> None:
        """Hook wrappers would run around other plugins' hooks, outside the gates; unknown hooks are misspelt."""
        callers = self._manager.get_hookcallers(self._manager.get_plugin(plugin.name)) or []
        known = {name for name in vars(hookspecs) if name.startswith("crm_")}
        for caller in callers:
            for implementation in caller.get_hookimpls():
                if implementation.plugin_name != plugin.name:
                    continue
                if implementation.wrapper or implementation.hookwrapper:
                    raise CrmError(f"{caller.name} is a hook wrapper, which is not allowed")
                if caller.name not in known and not implementation.optionalhook:
                    raise CrmError(f"there is no hook {caller.name!r}{_nearest(caller.name, known)}")
        plugin.hooks = tuple(sorted(caller.name for caller in callers))

    def _break(self, plugin: Plugin, gate: str, error: BaseException) -> None:
        self._fault(plugin, gate, error)
        plugin.state = "broken"

    def _ask(self, hook: str, *expected: type[Any], **arguments: Any) -> Iterator[tuple[Plugin, list[Any]]]:
        """Each plugin's whole answer to a hook that returns several things."""
        for implementation in self._implementations(hook):
            plugin = self._plugin(implementation.plugin_name)
            answer = self._gate(plugin, implementation, arguments, lambda items: _list_of(items, expected))
            if answer is not None:
                yield plugin, answer

    def _gate(
        self, plugin: Plugin, implementation: pluggy.HookImpl, arguments: dict[str, Any], take: Callable[[Any], T]
    ) -> T | None:
        try:
            return take(_call(implementation, arguments))
        except BaseException as error:  # noqa: BLE001
            self._fault(plugin, implementation.function.__name__, error)
            return None

    def _fault(self, plugin: Plugin, where: str, error: BaseException) -> None:
        if isinstance(error, KeyboardInterrupt) or self._strict:
            raise error
        plugin.state = "failing"
        plugin.error = plugin.error or f"{where}: {_said(error)}"
        plugin.cure = plugin.cure or _cure(plugin)
        found = plugin.found
        line = (
            f"plugin {found.name} {found.version} failed in {where}: {_said(error)}; its part is left out. "
            f"Cure: {plugin.cure}"
        )
        if line in self._told:
            return
        self._told.add(line)
        self._warn(line)
        if self._debug:
            import traceback

            traceback.print_exception(error, file=sys.stderr)

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        """A hook's implementations in the order in which their plugins were found."""
        order = {plugin.name: place for place, plugin in enumerate(self.plugins)}
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        return sorted(implementations, key=lambda implementation: order[implementation.plugin_name])

    def _implementation(self, hook: str, plugin: str) -> pluggy.HookImpl | None:
        return next((i for i in self._implementations(hook) if i.plugin_name == plugin), None)

    def _plugin(self, name: str) -> Plugin:
        return next(plugin for plugin in self.plugins if plugin.name == name and plugin.state != "shadowed")


def _call(implementation: pluggy.HookImpl, arguments: dict[str, Any]) -> Any:
    return implementation.function(*(arguments[name] for name in implementation.argnames))


def _list_of(items: Iterable[Any] | None, expected: tuple[type[Any], ...]) -> list[Any]:
    if items is None:
        return []
    answer = list(items)
    for item in answer:
        if not isinstance(item, expected):
            names = " or ".join(kind.__name__ for kind in expected)
            raise TypeError(f"expected {names}, got {type(item).__name__}")
    return answer


def _rows_of(items: Iterable[Any] | None) -> list[Row]:
    from crm_core.checklist import Row

    return [msgspec.convert(msgspec.structs.asdict(row), Row) for row in _list_of(items, (Row,))]


def _as_answer(answer: Any) -> bool:
    if answer is not None and not isinstance(answer, bool):
        raise TypeError(f"expected True or False, got {type(answer).__name__}")
    return bool(answer)


def _as_section(section: Any) -> type[Section]:
    from crm_core.settings import Section

    if not (isinstance(section, type) and issubclass(section, Section)):
        raise TypeError("expected a subclass of Section")
    section()
    return section


def _check_kind(plugin: str, kind: RecordKind[Any], taken: Iterable[RecordKind[Any]]) -> None:
    """Refuse a kind that would get in another's way, or that the book could not read.

    Raises:
        CrmError: It would.
        Exception: Whatever msgspec says of a type that it has no JSON for.
    """
    from crm_core.codec import decoder
    from crm_core.records import Record

    if not kind.table.startswith(f"{plugin}."):
        raise CrmError(f"the table {kind.table!r} must begin with {plugin + '.'!r}")
    if not re.fullmatch("[a-z]+", kind.prefix) or kind.prefix in RESERVED_PREFIXES:
        raise CrmError(f"the prefix {kind.prefix!r} must be lower-case letters, and not {' or '.join(_reserved())}")
    if not issubclass(kind.type, Record):
        raise CrmError(f"the type {kind.type.__name__} must be a subclass of Record")
    unknown = set(kind.unique).difference(kind.type.__struct_fields__)
    if unknown:
        raise CrmError(f"{kind.type.__name__} has no field {min(unknown)!r} to be unique")
    for other in taken:
        for field in ("table", "prefix", "type"):
            if getattr(kind, field) == getattr(other, field):
                raise CrmError(f"its {field} {getattr(kind, field)!r} is that of {other.plural}")
    decoder(kind.type)


def _reserved() -> list[str]:
    return sorted(map(repr, RESERVED_PREFIXES))


def _said(error: BaseException) -> str:
    try:
        text = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())[:300]
    except Exception:  # noqa: BLE001 (an exception of a plugin's own making may fail at that too)
        text = ""
    return text if isinstance(error, CrmError) else f"{type(error).__name__}: {text}" if text else type(error).__name__


def _cure(plugin: Plugin) -> str:
    if plugin.found.own:
        return f"crm plugins off {plugin.name}, and reinstall {plugin.found.distribution}"
    return f"update {plugin.found.distribution}, or crm plugins off {plugin.name}"


def _nearest(name: str, known: AbstractSet[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
