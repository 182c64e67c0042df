"""`crm help`: short pages about what all commands have in common, and any command's own `--help`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import click

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app
from crm_core.cli.screen.output import Column, Output
from crm_core.cli.screen.terminal import USUAL_COLUMNS
from crm_core.cli.topics import Topic, find_topic, topics
from crm_core.cli.topics.layout import laid_out
from crm_core.errors import UnknownName

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

WIDEST: Final = 100  # cells: longer lines are hard to read
COLUMNS: Final = (Column[Topic]("topic", lambda topic: topic.name), Column[Topic]("about", lambda topic: topic.title))


def _completions(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    root = ctx.find_root()
    commands = root.command.list_commands(root) if isinstance(root.command, click.Group) else []
    names = sorted({*commands, *(topic.name for topic in topics())})
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command(
    "help",
    epilog="""\b
Examples:
  crm help
  crm help dates
  crm help interview log
""",
)
@click.argument("words", nargs=-1, metavar="[TOPIC | COMMAND...]", shell_complete=_completions)
@json_option
@pass_app
def help_(app: App, words: tuple[str, ...], as_json: bool) -> None:
    """Read a page about a topic, or the help of a command.

    Alone it lists the topics. Where a topic and a command have one name, both are shown.
    """
    topic = find_topic(" ".join(words))
    if not words:
        _show_list(app.output, topics(), as_json=as_json)
    elif as_json and topic is not None:
        app.output.json_item(topic)
    else:
        with app.output.paged():
            _show(app.output, words, topic)


def _show_list(output: Output, known: Sequence[Topic], *, as_json: bool) -> None:
    if as_json:
        output.json_items(known)
        return
    with output.paged():
        output.table(known, COLUMNS)
    output.talk("To read one: crm help TOPIC. For a command: crm help COMMAND; crm --help lists them.")


def _show(output: Output, words: Sequence[str], topic: Topic | None) -> None:
    help_text = _help_of(words, topic)
    if help_text:
        output.block(help_text)
    if help_text and topic is not None:
        output.line()
    if topic is not None:
        _print(output, topic)


def _print(output: Output, topic: Topic) -> None:
    """The page, on lines that fit; for a screen reader, on lines that go on as long as a sentence does."""
    room = None if output.plain else min(output.columns or USUAL_COLUMNS, WIDEST)
    for kind, line in laid_out(topic.text, room):
        output.line(line, "heading" if kind == "heading" else None)


def _help_of(words: Sequence[str], topic: Topic | None) -> str:
    """What the command of these words says of itself; empty if there is none but a topic."""
    ctx = click.get_current_context().find_root()
    for place, word in enumerate(words):
        group = ctx.command
        command = group.get_command(ctx, word) if isinstance(group, click.Group) else None
        if command is None and topic is None:
            raise _unknown(words, place, group.list_commands(ctx) if isinstance(group, click.Group) else [])
        if command is None:
            return ""
        ctx = click.Context(command, info_name=word, parent=ctx, **command.context_settings)
    return ctx.get_help()


def _unknown(words: Sequence[str], place: int, commands: Iterable[str]) -> UnknownName:
    """What to say of words of which the one at that place is none of the commands that could stand there."""
    from difflib import get_close_matches

    before, said = words[:place], " ".join(words)
    near = [" ".join([*before, name]) for name in get_close_matches(words[place], commands)]
    near += [name for name in get_close_matches(said, [topic.name for topic in topics()]) if name not in near]
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return UnknownName(
        f"There is no topic and no command {said[:60]!r}",
        f"{meant}`crm help` lists the topics, `crm --help` the commands.",
    )
