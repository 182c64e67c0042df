"""`crm plugins`: what is installed, how it fares, and switching plugins off and on. Works whatever is broken."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
import msgspec

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show, show_one
from crm_core.cli.new_plugin import new
from crm_core.cli.screen.output import Column, Output
from crm_core.errors import CrmError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_core.host.discovery import Found
    from crm_core.host.plugin import Offers, Plugin
    from crm_core.settings import Section


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin as it is listed; `path` is a one-file plugin's, `import_ms` in milliseconds."""

    name: str
    version: str
    distribution: str
    path: str
    origin: Literal["own", "foreign", "file"]
    own: bool
    state: str
    hooks: tuple[str, ...]
    deprecated: tuple[str, ...]
    import_ms: float
    error: str
    cure: str


class Shown(Installed, frozen=True, kw_only=True):
    """A plugin with all that it brings; settings with their defaults."""

    commands: tuple[dict[str, str], ...] = ()
    records: tuple[dict[str, Any], ...] = ()
    settings: dict[str, Any] = {}
    letters: tuple[dict[str, str], ...] = ()
    importers: tuple[dict[str, Any], ...] = ()
    exporters: tuple[dict[str, str], ...] = ()


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm plugins
  crm plugins show crm_quota
  crm plugins off crm_quota
""",
)
@json_option
@click.pass_context
def plugins(context: click.Context, as_json: bool) -> None:
    """What is installed, and how it fares."""
    if context.invoked_subcommand is None:
        _list(as_json=as_json)


@plugins.command("list", epilog="Example: crm plugins list --json")
@json_option
def list_(as_json: bool) -> None:
    """Every plugin with its state, and the cure for what is wrong."""
    _list(as_json=as_json)


@plugins.command("show", epilog="Example: crm plugins show crm_quota")
@click.argument("name")
@json_option
@pass_app
def show_(app: App, name: str, as_json: bool) -> None:
    """One plugin, whole. Where it comes from, all that it brings, what went wrong and the cure."""
    found = _named(app, name)
    loaded, offers = _loaded(app)
    plugin = next(plugin for plugin in loaded if plugin.found == found)
    one = _with_offers(_installed(plugin), offers.get(plugin.name) if plugin.state != "shadowed" else None)
    show_one(one, [(label, app.output.typed(text)) for label, text in _pairs(one)], as_json=as_json)


@plugins.command("off", epilog="Example: crm plugins off crm_quota")
@click.argument("name")
@pass_app
def off(app: App, name: str) -> None:
    """Switch a plugin off; its records stay in the book."""
    from crm_core.host.switches import switch

    found = _named(app, name)
    switch(app.places.switches, found.name, on=False)
    app.output.line(f"{found.name} is off; its records stay in the book")


@plugins.command("on", epilog="Example: crm plugins on crm_quota")
@click.argument("name")
@pass_app
def on(app: App, name: str) -> None:
    """Switch a plugin on, again or for the first time.

    What is installed is on until you switch it off. A file in the plugins folder is off until you switch it on: it is
    code, which can do whatever you can, so look into it before.
    """
    from crm_core.host.switches import switch

    found = _named(app, name)
    if found.path:
        from crm_core.host.one_file import checked_source

        checked_source(found)
    switch(app.places.switches, found.name, on=True)
    app.output.line(f"{found.name} is on")
    if not app.flags.no_plugins:
        (plugin,) = app.load([found], app.output.warn).plugins
        if plugin.hooks:
            app.output.talk(f"It answers {', '.join(plugin.hooks)}.")


plugins.add_command(new)


@plugins.command("path", epilog="Example: crm plugins path")
@pass_app
def path(app: App) -> None:
    """The folder for plugins that are one file; it need not exist."""
    app.output.line(str(app.places.plugins))


@pass_app
def _list(app: App, *, as_json: bool) -> None:
    loaded, _ = _loaded(app)
    rows = [_installed(plugin) for plugin in loaded]
    columns: tuple[Column[Installed], ...] = (
        Column("plugin", lambda row: row.name, priority=4),
        Column("version", lambda row: row.version, priority=2),
        Column("from", _origin, priority=2),
        Column("state", lambda row: row.state, priority=3),
        Column("import", _import_time, priority=1, right=True),
        Column("hooks", lambda row: ", ".join(_short(row.hooks))),
    )
    show(rows, columns, as_json=as_json, empty="No plugins are installed.")
    if not as_json:
        _tell_what_is_wrong(app.output, rows)


def _tell_what_is_wrong(output: Output, rows: Iterable[Installed]) -> None:
    for row in rows:
        what = "To switch it on" if row.state == "new" else "Cure"
        lines = [line for line in (row.error, *row.deprecated, f"{what}: {row.cure}" if row.cure else "") if line]
        if lines:
            output.line()
            output.line(row.name, "heading")
        for line in lines:
            output.block("  " + output.wrap(output.typed(line), 2))


def _loaded(app: App) -> tuple[list[Plugin], dict[str, Offers]]:
    """All plugins with what they offer; what is wrong with them is shown and not warned of."""
    from crm_core.cli.main import CORE_COMMANDS

    if app.flags.no_plugins:
        from crm_core.host.plugin import Plugin

        app.output.talk("Plugins are off for this run: this is what is installed.")
        return [Plugin(found=found, state="off") for found in app.found], {}
    host = app.load_quietly()
    offers = host.ask_all(command.name for command in CORE_COMMANDS)
    with suppress(CrmError):  # whatever is wrong with the book or the settings, plugins can be listed
        host.try_all(app.book)
    return host.plugins, offers


def _named(app: App, name: str) -> Found:
    """The plugin of that name, which is not loaded for that."""
    wanted = {name, f"crm_{name}"}
    found = next((found for found in app.found if found.name in wanted), None)
    if found is None:
        raise UnknownName(f"There is no plugin {name[:40]!r}", "`crm plugins` lists those that are there.")
    return found


def _installed(plugin: Plugin) -> Installed:
    found = plugin.found
    return Installed(
        name=found.name,
        version=found.version,
        distribution=found.distribution,
        path=found.path,
        origin="file" if found.path else "own" if found.own else "foreign",
        own=found.own,
        state=plugin.state,
        hooks=plugin.hooks,
        deprecated=plugin.deprecated,
        import_ms=round(plugin.import_ms, 2),
        error=plugin.error,
        cure=plugin.cure,
    )


def _with_offers(row: Installed, offers: Offers | None) -> Shown:
    known = msgspec.structs.asdict(row)
    if offers is None:
        return Shown(**known)
    return Shown(
        **known,
        commands=tuple({"name": str(command.name), "help": _about(command)} for command in offers.commands),
        records=tuple(
            {"label": kind.label, "prefix": kind.prefix, "table": kind.table, "unique": kind.unique}
            for kind in offers.kinds
        ),
        settings=_defaults(offers.section) if offers.section is not None else {},
        letters=tuple({"name": kind.name, "label": kind.label, "family": kind.family} for kind in offers.letters),
        importers=tuple({"name": i.name, "label": i.label, "suffixes": i.suffixes} for i in offers.importers),
        exporters=tuple({"name": e.name, "label": e.label, "suffix": e.suffix} for e in offers.exporters),
    )


def _about(command: Any) -> str:
    """A command's line in `crm --help`."""
    return str(command.get_short_help_str(120) if isinstance(command, click.Command) else command.help)


def _defaults(section: type[Section]) -> dict[str, Any]:
    return msgspec.structs.asdict(section())


def _pairs(row: Shown) -> Iterator[tuple[str, str]]:
    """What `crm plugins show` tells a person."""
    yield "name", row.name
    yield "version", row.version
    yield "from", row.path or f"{row.distribution}, {row.origin}"
    yield "state", f"{row.state}, imported in {_import_time(row)}" if row.import_ms else row.state
    yield "hooks", "\n".join(row.hooks)
    yield "commands", "\n".join(f"crm {command['name']}: {command['help']}" for command in row.commands)
    yield "records", "\n".join(f"{kind['label']} ({kind['prefix']}1) in {kind['table']}" for kind in row.records)
    yield "settings", "\n".join(f"{row.name}.{name} = {value!r}" for name, value in row.settings.items())
    yield "letters", "\n".join(f"{kind['name']}: {kind['label']}" for kind in row.letters)
    yield "importers", "\n".join(f"{i['name']}: {i['label']} ({', '.join(i['suffixes'])})" for i in row.importers)
    yield "exporters", "\n".join(f"{exporter['name']}: {exporter['label']}" for exporter in row.exporters)
    yield "deprecated", "\n".join(row.deprecated)
    yield "error", row.error
    yield "cure", row.cure


def _origin(row: Installed) -> str:
    return f"file {Path(row.path).name}" if row.path else "own" if row.own else row.distribution


def _import_time(row: Installed) -> str:
    return f"{row.import_ms:.1f} ms" if row.import_ms else ""


def _short(hooks: Iterable[str]) -> Iterator[str]:
    return (hook.removeprefix("crm_") for hook in hooks)
