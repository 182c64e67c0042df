"""What a command is written with: the book handed to it, `--json`, and ways to show what it found.

These are the public names for plugin authors' commands too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from crm_core.book import Book
from crm_core.cli.app import App, current_app
from crm_core.cli.screen.output import Column, Output

P = ParamSpec("P")
T = TypeVar("T")
Row = TypeVar("Row")

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
yes_option = click.option("--yes", "-y", is_flag=True, help="Do it without asking.")
new_option = click.option("--new", is_flag=True, help="Create what is not known, similar names or not.")


def pass_book(command: Callable[Concatenate[Book, P], T]) -> Callable[P, T]:
    """Hand the book to a command as its first argument."""

    def with_book(*args: P.args, **kwargs: P.kwargs) -> T:
        return command(current_app().book, *args, **kwargs)

    return update_wrapper(with_book, command)


def pass_app(command: Callable[Concatenate[App, P], T]) -> Callable[P, T]:
    """Hand the run to a command as its first argument."""

    def with_app(*args: P.args, **kwargs: P.kwargs) -> T:
        return command(current_app(), *args, **kwargs)

    return update_wrapper(with_app, command)


def output() -> Output:
    """The screen of this run."""
    return current_app().output


def show(
    rows: Iterable[Row],
    columns: Sequence[Column[Row]],
    *,
    as_json: bool = False,
    empty: str = "Nothing there yet.",
    extra: Mapping[str, object] | None = None,
) -> None:
    """Show a list: as a table, or as one JSON envelope.

    Args:
        rows: Structs; JSON has all their fields.
        columns: What the table shows of them.
        as_json: Whether JSON was asked for.
        empty: What to say when there are none.
        extra: More members of the JSON envelope.
    """
    if as_json:
        output().json_items(rows, extra)
    else:
        with output().paged():
            output().table(rows, columns, empty)


def show_one(record: Any, pairs: Sequence[tuple[str, str]], *, as_json: bool) -> None:
    """Show one record: its labelled values, or one JSON envelope with all its fields."""
    if as_json:
        output().json_item(record)
    else:
        with output().paged():
            output().fields(pairs)


def talk(text: str) -> None:
    """Say something that is not the result: what was added, what to type next. It goes to stderr."""
    output().talk(text)


def told(record: Any, text: str, *, as_json: bool = False) -> None:
    """End a command that changed one record: say what happened, or give the record as JSON."""
    if as_json:
        output().json_item(record)
    else:
        output().line(text)
