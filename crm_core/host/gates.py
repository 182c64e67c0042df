"""The four gates: import, registration (wrong argument names, hook wrappers), misspelt hooks, and each call of a hook.

What a plugin does wrong at one of them costs it its answer, and is said in one line with the cure. What is asked of
plugins is `host.py`'s, what an answer must be `answers.py`'s, what happens while their code runs `watching.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from importlib import import_module
from operator import attrgetter
from time import perf_counter
from types import ModuleType
from typing import Any, TypeVar

import pluggy

from crm_core import hookspecs
from crm_core.errors import CrmError
from crm_core.host.answers import list_of
from crm_core.host.discovery import Found
from crm_core.host.plugin import Plugin, Refused, cure, renewal, said
from crm_core.host.watching import PATIENCE, Watch
from crm_core.version import __version__

T = TypeVar("T")


def _silent(_: str) -> None:
    pass


class Manager(pluggy.PluginManager):
    """pluggy's, which spends most of the time that plugins take at a start on names that can be no hooks."""

    def parse_hookimpl_opts(self, plugin: object, name: str) -> pluggy.HookimplOpts | None:
        """As pluggy's; of a module only what is marked as a hook is looked at."""
        if isinstance(plugin, ModuleType) and not hasattr(vars(plugin).get(name), f"{self.project_name}_impl"):
            return None
        return super().parse_hookimpl_opts(plugin, name)


class Gates:
    """The plugins of this run, loaded, and called one by one.

    Args:
        found: The plugins, in the order in which they are asked.
        off: Names of those that the user switched off.
        on: Names of the one-file plugins that the user switched on.
        warn: Told what a plugin did wrong, in one line.
        notice: Told which plugin takes long.
        trace: Told each import and each call of a hook, in one line.
        patience: Seconds after which a plugin takes long.
        strict: Raise a plugin's own exception instead.
        fault: Told each exception itself, for who looks for the fault.
        specs: The module of hook specifications.
    """

    def __init__(
        self,
        found: Iterable[Found],
        *,
        off: AbstractSet[str] = frozenset(),
        on: AbstractSet[str] = frozenset(),
        warn: Callable[[str], None] = _silent,
        notice: Callable[[str], None] = _silent,
        trace: Callable[[str], None] | None = None,
        patience: float = PATIENCE,
        strict: bool = False,
        fault: Callable[[BaseException], None] | None = None,
        specs: ModuleType = hookspecs,
    ) -> None:
        self.plugins: list[Plugin] = []
        self._manager = Manager(hookspecs.GROUP)
        self._manager.add_hookspecs(specs)
        self._hooks = {name for name in vars(specs) if name.startswith("crm_")}
        self._warn = warn
        self._notice = notice
        self._trace = trace
        self._watch = Watch(self._late, patience)
        self._strict = strict
        self._show_fault = fault
        self._told: set[str] = set()
        for one in found:
            self._load(one, off, on)

    @property
    def failed(self) -> list[Plugin]:
        """The plugins that did something wrong in this run."""
        return [plugin for plugin in self.plugins if plugin.state in {"broken", "failing"}]

    def turn_off(self, name: str, where: str, error: BaseException) -> None:
        """Ask a plugin nothing more in this run: what it did wrong leaves it without its records."""
        self._manager.unregister(name=name)
        self._break(self._plugin(name), where, error)

    def _load(self, found: Found, off: AbstractSet[str], on: AbstractSet[str]) -> None:
        plugin = Plugin(found=found)
        first = next((other for other in self.plugins if other.name == found.name), None)
        self.plugins.append(plugin)
        if first is not None:
            plugin.state = "shadowed"
            plugin.error = f"{first.found.origin} has a plugin of that name, which is taken"
            plugin.cure = f"rename {found.path}" if found.path else f"pip uninstall {found.distribution}"
        elif found.name in off:
            plugin.state = "off"
        elif found.path and found.name not in on:
            plugin.state = "new"
            plugin.error = "it is code, and runs once you have switched it on"
            plugin.cure = f"crm plugins on {found.name}"
        else:
            self._import(plugin)

    def _import(self, plugin: Plugin) -> None:
        began = perf_counter()
        try:
            with self._watched(plugin, "import"):
                target = _imported(plugin.found)
        except BaseException as error:  # noqa: BLE001 (SystemExit too: a plugin must not end the program)
            plugin.import_ms = (perf_counter() - began) * 1000
            self._break(plugin, "import", error)
            return
        plugin.import_ms = (perf_counter() - began) * 1000
        if self._trace is not None:
            self._trace(
                f"{plugin.name}: imported {plugin.found.path or plugin.found.target}; {plugin.import_ms:.2f} ms"
            )
        self._register(plugin, target)

    def _register(self, plugin: Plugin, target: Any) -> None:
        try:
            with self._watched(plugin, "registration"):
                self._manager.register(target, plugin.name)
            self._check(plugin)
        except BaseException as error:  # noqa: BLE001
            if self._manager.has_plugin(plugin.name):
                self._manager.unregister(name=plugin.name)
            self._break(plugin, "registration", error)

    def _check(self, plugin: Plugin) -> None:
        """Hook wrappers would run around other plugins' hooks, outside the gates; unknown hooks are misspelt."""
        callers = self._manager.get_hookcallers(self._manager.get_plugin(plugin.name)) or []
        deprecated: list[str] = []
        for caller in callers:
            for implementation in caller.get_hookimpls():
                if implementation.plugin_name != plugin.name:
                    continue
                if implementation.wrapper or implementation.hookwrapper:
                    raise CrmError(f"{caller.name} is a hook wrapper, which is not allowed")
                if caller.name not in self._hooks and not implementation.optionalhook:
                    raise CrmError(f"there is no hook {caller.name!r}{_nearest(caller.name, self._hooks)}")
                deprecated += _deprecated(caller, implementation)
        plugin.hooks = tuple(sorted(caller.name for caller in callers))
        plugin.deprecated = tuple(sorted(deprecated))
        if deprecated:
            plugin.cure = plugin.cure or renewal(plugin.found)

    def _break(self, plugin: Plugin, gate: str, error: BaseException) -> None:
        self._fault(plugin, gate, error)
        plugin.state = "broken"

    def _each(
        self, hook: str, *expected: type[Any], check: Callable[[str, Any], None], **arguments: Any
    ) -> Iterator[tuple[Plugin, Any]]:
        """Each thing that a plugin offers, those that don't pass the check left out."""
        for plugin, offered in self._ask(hook, *expected, **arguments):
            for item in offered:
                try:
                    check(plugin.name, item)
                except Exception as error:  # noqa: BLE001 (it can be wrong in many ways)
                    self._fault(plugin, hook, error)
                else:
                    yield plugin, item

    def _ask(self, hook: str, *expected: type[Any], **arguments: Any) -> Iterator[tuple[Plugin, list[Any]]]:
        """Each plugin's whole answer to a hook that returns several things."""
        for implementation in self._implementations(hook):
            plugin = self._plugin(implementation.plugin_name)
            answer = self._gate(plugin, implementation, arguments, lambda items: list_of(items, expected))
            if answer is not None:
                yield plugin, answer

    def _gate(
        self, plugin: Plugin, implementation: pluggy.HookImpl, arguments: dict[str, Any], take: Callable[[Any], T]
    ) -> T | None:
        try:
            return self._call(plugin, implementation, arguments, take)
        except BaseException as error:  # noqa: BLE001
            self._fault(plugin, _hook_of(implementation), error)
            return None

    def _call(
        self, plugin: Plugin, implementation: pluggy.HookImpl, arguments: dict[str, Any], take: Callable[[Any], T]
    ) -> T:
        """One plugin's answer, taken whole.

        Raises:
            BaseException: Whatever it raises, and what `take` says of its answer.
        """
        given = {name: arguments[name] for name in implementation.argnames}
        hook = _hook_of(implementation)
        with self._watched(plugin, hook):
            if self._trace is None:
                return take(implementation.function(*given.values()))
            from crm_core.host.tracing import traced

            return traced(
                lambda: take(implementation.function(*given.values())),
                f"{plugin.name}: {hook}",
                given,
                self._trace,
            )

    @contextmanager
    def _watched(self, plugin: Plugin, where: str) -> Iterator[None]:
        """Inside, what the plugin prints goes to stderr; if it takes long, the user is told who it is."""
        with self._watch.over((plugin, where), impatient=not plugin.found.own) as aside:
            yield
        if aside.said:
            self._tell(plugin, f"{where}: printed {aside.said!r}", f"printed in {where}: {aside.said!r}")

    def _late(self, running: tuple[Plugin, str]) -> None:
        plugin, where = running
        self._notice(
            f"plugin {plugin.found.label} is taking long in {where}. Ctrl-C ends the program, "
            "crm --no-plugins runs without plugins."
        )

    def _fault(self, plugin: Plugin, where: str, error: BaseException) -> None:
        if isinstance(error, KeyboardInterrupt) or self._strict:
            raise error
        if plugin.state == "loaded":
            plugin.error = plugin.cure = ""  # what it may have been reproached with did less harm
        plugin.state = "failing"
        told = self._tell(
            plugin, f"{where}: {said(error)}", f"failed in {where}: {said(error)}; its part is left out", error
        )
        if told and self._show_fault is not None:
            self._show_fault(error)

    def _tell(self, plugin: Plugin, short: str, what: str, error: BaseException | None = None) -> bool:
        """Note what a plugin did wrong, and say so; the same thing is said once."""
        plugin.error = plugin.error or short
        plugin.cure = plugin.cure or cure(plugin.found, error)
        line = f"plugin {plugin.found.label} {what}. Cure: {plugin.cure}"
        if line in self._told:
            return False
        self._told.add(line)
        self._warn(line)
        return True

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        """A hook's implementations in the order in which their plugins were found."""
        order = {plugin.name: place for place, plugin in enumerate(self.plugins)}
        implementations = getattr(self._manager.hook, hook).get_hookimpls()
        return sorted(implementations, key=lambda implementation: order[implementation.plugin_name])

    def _implementation(self, hook: str, plugin: str) -> pluggy.HookImpl | None:
        return next((i for i in self._implementations(hook) if i.plugin_name == plugin), None)

    def _plugin(self, name: str) -> Plugin:
        return next(plugin for plugin in self.plugins if plugin.name == name and plugin.state != "shadowed")


def _imported(found: Found) -> Any:
    """What a plugin's hooks are looked for in.

    Raises:
        Refused: It may not run, or could not.
        BaseException: Whatever its code raises.
    """
    if found.path:
        from crm_core.host.one_file import load_file

        return load_file(found)
    if found.requires:
        from crm_core.host.requires import too_old

        if too_old(__version__, found.requires):
            raise Refused(
                f"it needs crm-core {found.requires}, and this is {__version__}",
                f"update crm-core, or crm plugins off {found.name}",
            )
    module, _, attribute = found.target.partition(":")
    target = import_module(module)
    return attrgetter(attribute)(target) if attribute else target


def _hook_of(implementation: pluggy.HookImpl) -> str:
    return implementation.opts.get("specname") or implementation.function.__name__


def _deprecated(caller: pluggy.HookCaller, implementation: pluggy.HookImpl) -> Iterator[str]:
    """The hook, and those of its arguments that the plugin takes, if they are on their way out."""
    spec = caller.spec
    if spec is None:
        return
    if spec.warn_on_impl:
        yield f"{caller.name}: {spec.warn_on_impl}"
    for argument, warning in (spec.warn_on_impl_args or {}).items():
        if argument in implementation.argnames:
            yield f"{caller.name}, {argument}: {warning}"


def _nearest(name: str, known: AbstractSet[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
