"""Writes the generated pages from the program itself: `python -m tests.docs.reference`.

`test_reference.py` fails when a page is not what this would write.
"""

from __future__ import annotations

import inspect
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from crm_core import hookspecs
from crm_core.cli.app import App
from crm_core.cli.main import build
from crm_core.cli.output import Output
from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host
from crm_core.settings import Me, Section

ROOT = Path(__file__).parents[2]


def host() -> Host:
    """The first-party plugins alone, whatever else is installed."""
    return Host([found for found in find_plugins(sys.path) if found.own], strict=True)


def all_commands() -> Iterator[tuple[str, click.Context]]:
    """Every command by what a user types for it, groups before what is in them, each in a context of its own."""
    app = App([], {}, Output(io.StringIO(), io.StringIO()))
    app.host = host()
    yield from _walk("crm", build(), None, app)


def _walk(
    name: str, command: click.Command, parent: click.Context | None, app: App
) -> Iterator[tuple[str, click.Context]]:
    sizes = {"terminal_width": 100, "max_content_width": 100}
    context = click.Context(command, info_name=name, parent=parent, obj=app, **(sizes | command.context_settings))
    yield context.command_path, context
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from _walk(child, found, context, app)


def commands_page() -> str:
    """docs/reference/commands.md."""
    lines = ["# Commands", "", "Every command and option, as `--help` tells them. This page is generated.", ""]
    for path, context in all_commands():
        lines += [f"## {path}", "", "```text", context.command.get_help(context).rstrip(), "```", ""]
    return "\n".join(lines)


def settings_page() -> str:
    """docs/reference/settings.md."""
    lines = [
        "# Settings",
        "",
        "They are in one TOML file; `crm settings path` says where, `crm settings set SECTION.SETTING VALUE` sets one.",
        "This page is generated.",
        "",
    ]
    sections: dict[str, type[Section]] = {"me": Me, **host().sections()}
    for name, kind in sections.items():
        lines += [
            f"## [{name}]",
            "",
            inspect.getdoc(kind) or "",
            "",
            "| setting | type | default |",
            "| --- | --- | --- |",
        ]
        for field in msgspec.structs.fields(kind):
            lines.append(f"| `{field.encode_name}` | {_type(field.type)} | `{getattr(kind(), field.name)!r}` |")
        lines.append("")
    return "\n".join(lines)


def _type(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind).replace("|", "or")


def hooks_page() -> str:
    """docs/reference/hooks.md."""
    lines = [
        "# Hooks",
        "",
        inspect.getdoc(hookspecs) or "",
        "",
        "This page is generated from `crm_core/hookspecs.py`.",
        "",
    ]
    for name, function in vars(hookspecs).items():
        if name.startswith("crm_"):
            signature = str(inspect.signature(function)).replace("'", "")
            lines += [
                f"## {name}",
                "",
                f"`{name}{signature}`",
                "",
                "```text",
                inspect.getdoc(function) or "",
                "```",
                "",
            ]
    return "\n".join(lines)


def plugins_page() -> str:
    """plugins/README.md."""
    lines = [
        "# First-party plugins",
        "",
        "Each is written exactly as a third party would write it: it enters by an entry point of the group `crm_core`",
        "and imports nothing but `crm_core`'s public names. This table is generated.",
        "",
        "| plugin | what it does | hooks |",
        "| --- | --- | --- |",
    ]
    for plugin in host().plugins:
        module = sys.modules[plugin.found.target]
        summary = (inspect.getdoc(module) or "").split("\n")[0]
        hooks = ", ".join(f"`{hook}`" for hook in plugin.hooks)
        lines.append(f"| [{plugin.name}]({plugin.name}/README.md) | {summary} | {hooks} |")
    return "\n".join([*lines, ""])


PAGES = {
    "docs/reference/commands.md": commands_page,
    "docs/reference/settings.md": settings_page,
    "docs/reference/hooks.md": hooks_page,
    "plugins/README.md": plugins_page,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        (ROOT / path).write_text(page(), "utf-8")
