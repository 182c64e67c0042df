"""`crm me`: who the user is. The facts are settings; they sign letters."""

from __future__ import annotations

import click

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show_one
from crm_core.cli.values import read_email
from crm_core.settings import Me


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm me
  crm me set name "Ana Silva"
  crm me set timezone Europe/Lisbon
""",
)
@json_option
@click.pass_context
def me(context: click.Context, as_json: bool) -> None:
    """Who you are: it signs your letters, and your time zone says what "today" is."""
    if context.invoked_subcommand is None:
        _show(as_json=as_json)


@me.command("set", epilog="Example: crm me set email ana@example.com")
@click.argument("field", type=click.Choice(Me.__struct_fields__), metavar="FIELD")
@click.argument("value")
@pass_app
def set_(app: App, field: str, value: str) -> None:
    """Say one thing about yourself. It is one of: name, email, phone, address, links, timezone or language."""
    said = read_email(value.strip()) if field == "email" and value.strip() else value
    app.settings.set("me", field, said)
    verb = "are" if field == "links" else "is"
    app.output.line(f"Your {field} {verb} now: {said}" if said else f"Your {field} {verb} now empty")


@pass_app
def _show(app: App, *, as_json: bool) -> None:
    who = app.settings.me
    shown = [(name, ", ".join(who.links) if name == "links" else getattr(who, name)) for name in Me.__struct_fields__]
    empty = [name for name, value in shown if not value]
    show_one(who, shown, as_json=as_json)
    if empty and not as_json:
        app.output.talk(f"Not said yet: {', '.join(empty)}. For example: crm me set {empty[0]} VALUE")
