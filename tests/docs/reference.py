"""Writes the generated pages from the program itself: `python -m tests.docs.reference`.

`test_reference.py` fails when a page is not what this would write.
"""

from __future__ import annotations

import inspect
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from crm_core import hookspecs
from crm_core.cli.app import App
from crm_core.cli.main import build
from crm_core.cli.screen.output import Output
from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host
from crm_core.interchange import book_schema
from crm_core.records import CORE_KINDS
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
        "`crm settings show SECTION` says what is said here, of other people's plugins too. This page is generated.",
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
            lines.append(f"| `{field.encode_name}` | {_type(field.type)} | `{_toml(getattr(kind(), field.name))}` |")
        lines.append("")
    return "\n".join(lines)


def _type(kind: object) -> str:
    return kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind).replace("|", "or")


def _toml(value: object) -> str:
    """A default as the file would say it; what TOML has no word for stays empty."""
    return msgspec.json.encode(value).decode() if value is not None else ""


HOOKS = """# Hooks

{about}

This page is generated from `crm_core/hookspecs.py`; the examples are [walks.py](../../examples/walks.py), cut into
pieces (what it imports is at its top), and what is shown below each is what came of it when it was the only plugin.
`crm walk` is a command of its own.
"""


def hooks_page() -> str:
    """docs/reference/hooks.md."""
    from tests.docs.hook_examples import HOOKS as NAMES
    from tests.docs.hook_examples import run, sources

    about = (inspect.getdoc(hookspecs) or "").rpartition("\n\n")[0]  # without what it says of this page
    lines, code = [HOOKS.format(about=about)], sources()
    for name in NAMES:
        function = getattr(hookspecs, name)
        signature = str(inspect.signature(function)).replace("'", "")
        lines += [f"## {name}", "", f"`{name}{signature}`", "", *_fenced("text", inspect.getdoc(function) or "")]
        typed = (f"$ {line.command}\n{line.shown}" for line in run(name))
        lines += [*_fenced("python", code[name]), *_fenced("console", "\n".join(typed))]
    return "\n".join(lines)


def _fenced(kind: str, text: str) -> tuple[str, ...]:
    return f"```{kind}", text, "```", ""


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


BOOK_JSON = """# The whole book as JSON

`crm export json -o FILE` writes it, a record a line. It is for other programs, for reading, and for taking a book to
another place; what it leaves out is the history (which backups have) and the settings. Texts are UTF-8, dates are ISO
dates, a moment is local time and an IANA zone. What is not required may be missing; what a reader does not know it must
let be. [The JSON Schema](book.schema.json) says all this to programs, and `crm export json --schema` prints it with the
plugins of your own. This page is generated.

"""


def book_json_page() -> str:
    """docs/reference/book-json.md."""
    schema = _book_schema()
    lines = ["## The file", "", "| member | is |", "| --- | --- |"]
    for name, member in schema["properties"].items():
        lines.append(f"| `{name}` | {member.get('description') or json.dumps(member['const'])} |")
    lines += ["", "## Tables", "", "| table | its records | ids | whose |", "| --- | --- | --- | --- |"]
    types = {}
    for kind in (*CORE_KINDS, *host().kinds()):
        whose = kind.table.partition(".")[0] if "." in kind.table else "core"
        types[kind.type.__name__] = None
        anchor = f"[{kind.type.__name__}](#{kind.type.__name__.lower()})"
        lines.append(f"| `{kind.table}` | {anchor} | `{kind.prefix}1` | {whose} |")
    for name in (*types, *(name for name in schema["$defs"] if name not in types)):
        lines += ["", f"## {name}", "", *_fields_of(schema["$defs"][name])]
    return BOOK_JSON + "\n".join([*lines, ""])


def _fields_of(definition: dict[str, Any]) -> Iterator[str]:
    if "description" in definition:
        yield from (definition["description"], "")
    yield from ("| field | is | if it is missing |", "| --- | --- | --- |")
    for name, field in definition["properties"].items():
        missing = f"`{json.dumps(field['default'])}`" if "default" in field else "required"
        yield f"| `{name}` | {_said(field)} | {missing} |"


def _said(schema: dict[str, Any]) -> str:
    """A JSON type in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_said(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value or json.dumps(value)}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of: {_said(schema['items'])}"
    described = schema.get("description", "")
    return described[:1].lower() + described[1:] or schema.get("format") or schema["type"]


def _book_schema() -> dict[str, Any]:
    return book_schema((*CORE_KINDS, *host().kinds()))


def book_schema_file() -> str:
    """docs/reference/book.schema.json."""
    return json.dumps(_book_schema(), indent=2, ensure_ascii=False) + "\n"


def names_page() -> str:
    """docs/reference/api.md."""
    from tests.docs.api import api_page

    return api_page()


def plugin_tour_page() -> str:
    """docs/plugin-authors/how-our-own-are-written.md: words written by hand, and code that is kept as it is."""
    from tests.docs.quoting import requoted

    return requoted(QUOTING)


QUOTING = "docs/plugin-authors/how-our-own-are-written.md"
GENERATED = {
    "docs/reference/api.md": names_page,
    "docs/reference/book-json.md": book_json_page,
    "docs/reference/book.schema.json": book_schema_file,
    "docs/reference/commands.md": commands_page,
    "docs/reference/settings.md": settings_page,
    "docs/reference/hooks.md": hooks_page,
    "plugins/README.md": plugins_page,
    QUOTING: plugin_tour_page,
}

if __name__ == "__main__":
    for path, page in GENERATED.items():
        (ROOT / path).write_text(page(), "utf-8")
