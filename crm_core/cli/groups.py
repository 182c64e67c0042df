"""Groups whose commands are imported when they run: `--help` and completion know them by name and one line."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from crm_core.commands import Command
from crm_core.errors import CrmError

HELP_GAP = 2


class LazyGroup(click.Group):
    """A click group over `Command`s.

    Args:
        lazy: The commands by name.
        **attributes: What `click.Group` takes.
    """

    def __init__(self, *, lazy: Mapping[str, Command | click.Command], **attributes: Any) -> None:
        super().__init__(**attributes)
        self.lazy = dict(lazy)

    def lazy_commands(self, ctx: click.Context) -> Mapping[str, Command | click.Command]:  # noqa: ARG002
        """The commands by name; a subclass may know more when it runs."""
        return self.lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in alphabetical order."""
        return sorted(self.lazy_commands(ctx))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        command = self.lazy_commands(ctx).get(cmd_name)
        return imported(command) if isinstance(command, Command) else command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, which can't guess what was meant among commands that it has not imported."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=self.list_commands(ctx), ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        commands = self.lazy_commands(ctx)
        rows = [
            (name, _one_line(command, formatter.width - len(max(commands, key=len))))
            for name, command in sorted(commands.items())
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def imported(command: Command) -> click.Command:
    """A command's body.

    Raises:
        CrmError: It can't be imported: the plugin that named it is broken.
    """
    module, _, attribute = command.target.partition(":")
    try:
        body = getattr(import_module(module), attribute)
    except Exception as error:
        raise CrmError(
            f"The command {command.name!r} can't be loaded: {type(error).__name__}: {error}",
            "`crm plugins` shows which plugin it belongs to; --debug before the command shows more.",
        ) from error
    if not isinstance(body, click.Command):
        raise CrmError(f"The command {command.name!r} can't be loaded: {command.target} is no command")
    return body


def _one_line(command: Command | click.Command, limit: int) -> str:
    return command.help if isinstance(command, Command) else command.get_short_help_str(limit)
