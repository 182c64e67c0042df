"""`crm settings`: every setting with its value, what it means, and how to change it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show
from crm_core.cli.screen.output import Column
from crm_core.errors import InputError, UnknownName

if TYPE_CHECKING:
    from crm_core.settings import Section


class Setting(msgspec.Struct, frozen=True):
    """One setting as it is listed."""

    name: str
    value: Any
    default: Any


class Manual(msgspec.Struct, frozen=True, kw_only=True):
    """A section as it is explained: by its type's docstring."""

    section: str
    about: str
    settings: tuple[Setting, ...]


COLUMNS: Final[tuple[Column[Setting], ...]] = (
    Column("setting", lambda row: row.name, priority=1, min=36),
    Column("value", lambda row: _said(row.value)),
    Column("default", lambda row: _said(row.default)),
)


@click.group(
    epilog="""\b
Examples:
  crm settings list
  crm settings show crm_quota
  crm settings set crm_quota.applications 8
"""
)
def settings() -> None:
    """Settings: list them, say what they mean, set one, or say where they are."""


@settings.command("list", epilog="Example: crm settings list")
@json_option
@pass_app
def list_(app: App, as_json: bool) -> None:
    """Every setting with its value and its default."""
    rows = [row for name, kind in sorted(app.settings.sections.items()) for row in _settings_of(app, name, kind)]
    show(rows, COLUMNS, as_json=as_json)


@settings.command("show", epilog="Example: crm settings show crm_quota")
@click.argument("section")
@json_option
@pass_app
def show_(app: App, section: str, as_json: bool) -> None:
    """What the settings of a SECTION mean: `me`, or a plugin's name."""
    sections = app.settings.sections
    name = next((name for name in (section, f"crm_{section}") if name in sections), None)
    if name is None:
        raise UnknownName(f"There is no settings section [{section[:40]}]", f"Sections: {', '.join(sorted(sections))}.")
    kind, output = sections[name], app.output
    manual = Manual(section=name, about=_manual(kind), settings=tuple(_settings_of(app, name, kind)))
    if as_json:
        output.json_item(manual)
        return
    with output.paged():
        output.line(f"[{name}]", "heading")
        output.block(output.wrap(manual.about))
        output.line()
        output.table(manual.settings, COLUMNS)


@settings.command("set", epilog="Example: crm settings set crm_quota.applications 8")
@click.argument("name", metavar="SECTION.SETTING")
@click.argument("value")
@pass_app
def set_(app: App, name: str, value: str) -> None:
    """Set one; a list is given separated by commas."""
    section, dot, key = name.rpartition(".")
    if not dot:
        raise InputError(f"{name[:40]!r} is not a setting's name", "Names are like me.timezone; see crm settings list.")
    app.settings.set(section, key, value)
    app.output.line(f"{name} is now: {value}")


@settings.command("path", epilog="Example: crm settings path")
@pass_app
def path(app: App) -> None:
    """Where the settings file is; it need not exist."""
    app.output.line(str(app.settings.path))


def _settings_of(app: App, section: str, kind: type[Section]) -> list[Setting]:
    present, usual = app.settings.section(kind), kind()
    names = kind.__struct_fields__
    return [Setting(f"{section}.{name}", getattr(present, name), getattr(usual, name)) for name in names]


def _manual(kind: type[Section]) -> str:
    """A docstring with each paragraph on one line, to be broken where the screen ends."""
    paragraphs = (inspect.getdoc(kind) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _said(value: object) -> str:
    """As it is typed for `crm settings set`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
