"""`crm plugins`: what is installed, how it fares, and switching plugins off and on. Works whatever is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import msgspec

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show, show_one
from crm_core.cli.output import Column
from crm_core.errors import UnknownName

if TYPE_CHECKING:
    from crm_core.host.host import Plugin


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """An installed plugin as it is listed."""

    name: str
    version: str
    distribution: str
    own: bool
    state: str
    hooks: tuple[str, ...]
    error: str
    cure: str


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
    """Every installed plugin with its state."""
    _list(as_json=as_json)


@plugins.command("show", epilog="Example: crm plugins show crm_quota")
@click.argument("name")
@json_option
@pass_app
def show_(app: App, name: str, as_json: bool) -> None:
    """One plugin: where it comes from, what it does, what went wrong and the cure."""
    plugin = _installed(_named(app, name))
    pairs = [
        ("name", plugin.name),
        ("version", plugin.version),
        ("distribution", plugin.distribution),
        ("state", plugin.state),
        ("hooks", ", ".join(plugin.hooks)),
        ("error", plugin.error),
        ("cure", plugin.cure),
    ]
    show_one(plugin, pairs, as_json=as_json)


@plugins.command("off", epilog="Example: crm plugins off crm_quota")
@click.argument("name")
@pass_app
def off(app: App, name: str) -> None:
    """Switch a plugin off; its records stay in the book."""
    _switch(app, name, on=False)


@plugins.command("on", epilog="Example: crm plugins on crm_quota")
@click.argument("name")
@pass_app
def on(app: App, name: str) -> None:
    """Switch a plugin on again."""
    _switch(app, name, on=True)


@pass_app
def _list(app: App, *, as_json: bool) -> None:
    from crm_core.cli.main import CORE_COMMANDS

    app.host.ask_all(command.name for command in CORE_COMMANDS)
    columns: tuple[Column[Installed], ...] = (
        Column("plugin", lambda row: row.name, priority=3),
        Column("version", lambda row: row.version, priority=1),
        Column("from", lambda row: "own" if row.own else row.distribution, priority=1),
        Column("state", lambda row: row.state, priority=3),
        Column("hooks", lambda row: ", ".join(hook.removeprefix("crm_") for hook in row.hooks)),
        Column("error", lambda row: row.error, priority=2),
    )
    empty = "Plugins are off for this run." if app.flags.no_plugins else "No plugins are installed."
    show([_installed(plugin) for plugin in app.host.plugins], columns, as_json=as_json, empty=empty)


def _installed(plugin: Plugin) -> Installed:
    found = plugin.found
    return Installed(
        name=found.name,
        version=found.version,
        distribution=found.distribution,
        own=found.own,
        state=plugin.state,
        hooks=plugin.hooks,
        error=plugin.error,
        cure=plugin.cure,
    )


def _named(app: App, name: str) -> Plugin:
    wanted = {name, f"crm_{name}"}
    found = next((plugin for plugin in app.host.plugins if plugin.name in wanted), None)
    if found is None:
        raise UnknownName(f"There is no plugin {name[:40]!r}", "`crm plugins` lists those that are installed.")
    return found


def _switch(app: App, name: str, *, on: bool) -> None:
    from crm_core.host.switches import switch

    plugin = _named(app, name)
    switch(app.places.state, plugin.name, on=on)
    app.output.line(f"{plugin.name} is {'on' if on else 'off; its records stay in the book'}")
