"""`crm settings`: every setting with its value, and how to change it."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show
from crm_core.cli.output import Column
from crm_core.errors import InputError


class Setting(msgspec.Struct, frozen=True):
    """One setting as it is listed."""

    name: str
    value: Any
    default: Any


@click.group(
    epilog="""\b
Examples:
  crm settings list
  crm settings set crm_quota.applications 8
"""
)
def settings() -> None:
    """Settings: list them, set one, or say where they are."""


@settings.command("list", epilog="Example: crm settings list")
@json_option
@pass_app
def list_(app: App, as_json: bool) -> None:
    """Every setting with its value and its default."""
    rows = [
        Setting(f"{section}.{name}", getattr(app.settings.section(kind), name), getattr(kind(), name))
        for section, kind in sorted(app.settings.sections.items())
        for name in kind.__struct_fields__
    ]
    columns: tuple[Column[Setting], ...] = (
        Column("setting", lambda row: row.name, priority=1, min=36),
        Column("value", lambda row: _said(row.value)),
        Column("default", lambda row: _said(row.default)),
    )
    show(rows, columns, as_json=as_json)


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


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
