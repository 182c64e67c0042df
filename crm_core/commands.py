"""A command by name and place: what `--help` and completion need to know, without importing the command's body."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command that is imported when it runs.

    Args:
        name: What the user types.
        help: One line for the list of commands.
        target: Where the `click.Command` is: `package.module:attribute`.
    """

    name: str
    help: str
    target: str
