"""Changing many records by one command: what would change is shown, asked about, and done as one change.

Which are chosen is read in `where.py`; what becomes of each is the command's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

import click

from crm_core.cli.context import output, talk
from crm_core.cli.dialog.asking import confirm
from crm_core.cli.screen.output import Column
from crm_core.cli.values import changed_fields
from crm_core.errors import InputError, UnknownName
from crm_core.records import Position, Record

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.cli.lists.where import Values

T = TypeVar("T")
R = TypeVar("R", bound=Record)

FEW: Final = 20  # of those to be changed that are shown at a terminal before it is asked


class Many(NamedTuple):
    """Which records are to be changed; with `dry_run` it is only shown, with `yes` it is not asked."""

    where: tuple[str, ...]
    dry_run: bool
    yes: bool


class Change(NamedTuple, Generic[R]):
    """A record before and after."""

    before: R
    after: R

    def __str__(self) -> str:
        """What becomes of it: `tags: mentor → mentor, far`."""
        fields = changed_fields(self.before, self.after)
        return "; ".join(
            f"{field}: {_said(getattr(self.before, field))} → {_said(getattr(self.after, field))}" for field in fields
        )


def many_options(noun: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """`--where`, `--dry-run` and `--yes`; the command gets them as one argument, `many`.

    Args:
        noun: What is chosen, in the plural.
    """
    where = f"Instead of one, change all {noun} of which that is true, such as tag=old; repeatable, all must be."
    options = (
        click.option("--where", multiple=True, metavar="CONDITION", help=where),
        click.option("--dry-run", is_flag=True, help="With --where: only show what would change."),
        click.option("--yes", "-y", is_flag=True, help="With --where: do it without asking."),
    )

    def decorate(command: Callable[..., T]) -> Callable[..., T]:
        def with_many(*args: Any, where: tuple[str, ...], dry_run: bool, yes: bool, **kwargs: Any) -> T:
            if dry_run and not where:
                raise InputError("--dry-run is for many at once", "Say which with --where CONDITION.")
            return command(*args, many=Many(where, dry_run, yes), **kwargs)

        wished: Callable[..., T] = update_wrapper(with_many, command)
        for option in reversed(options):
            wished = option(wished)
        return wished

    return decorate


def check_one_or_many(one: Record | None, many: Many, name: str) -> None:
    """See that a command was given one record or conditions, and not both.

    Raises:
        InputError: It was given both.
        click.MissingParameter: It was given neither.
    """
    if one is not None and many.where:
        raise InputError(f"{one.id} and --where are two ways to say which", "Give one of them.")
    if one is None and not many.where:
        context = click.get_current_context()
        parameter = next(param for param in context.command.params if param.name == name)
        raise click.MissingParameter(ctx=context, param=parameter, param_hint=f"'{name.upper()}'")


def check_shared(options: Mapping[str, Any], shared: Iterable[str]) -> None:
    """Refuse options of which a value can't be that of many.

    Args:
        options: The command's, by name; None and an empty tuple stand for one that was not given.
        shared: The names of those that may be given for many.

    Raises:
        InputError: Another one was given.
    """
    given = [name for name, value in options.items() if value is not None and value != () and name not in shared]
    if given:
        flags = {param.name: param.opts[0] for param in click.get_current_context().command.params}
        known = ", ".join(flags[name] for name in shared)
        raise InputError(f"{flags[given[0]]} is for one at a time", f"Many can be given: {known}.")


class Among(NamedTuple, Generic[R]):
    """Among what is chosen.

    Args:
        noun: What one of them is.
        plural: What several are.
        fields: What can be chosen by.
        called: What one is called, beside its id.
    """

    noun: str
    plural: str
    fields: Mapping[str, Values[R]]
    called: Callable[[R], str]


def change_many(
    book: Book, records: Iterable[R], change: Callable[[R], R], among: Among[R], many: Many, *, as_json: bool
) -> None:
    """Change all records that are chosen, as one change: show what would change, ask, do it, say what was done.

    Args:
        book: The book, with no change open.
        records: Those among whom to choose.
        change: From a record to what shall become of it.
        among: What they are.
        many: Which are chosen, and how far to go.
        as_json: Whether JSON was asked for: the records as they are then.

    Raises:
        UnknownName: None is chosen.
        InputError: A condition is not usable, or nobody is there to be asked.
        Conflict: Another command changed one of them meanwhile; nothing was changed.
        click.Abort: The answer was no.
    """
    from crm_core.cli.lists.where import EXAMPLES, choosing

    holds = choosing(many.where, among.fields)
    chosen = [record for record in records if holds(record)]
    if not chosen:
        raise UnknownName(f"Nothing is found by {' and '.join(many.where)[:100]!r}", EXAMPLES)
    changes = [Change(record, after) for record in chosen if (after := change(record)) != record]
    counted = f"{len(changes):,} {among.noun if len(changes) == 1 else among.plural}"
    if not as_json:
        _show(changes, among.called, every=many.dry_run or many.yes)
        if so_already := len(chosen) - len(changes):
            talk(f"{so_already:,} {'is' if so_already == 1 else 'are'} so already.")
    if changes and not many.dry_run:
        if not many.yes and not confirm(f"Change {counted}?"):
            raise click.Abort
        _save(book, changes, f"changed {counted}: {', '.join(_fields(changes))}")
    if as_json:
        output().json_items([one.after for one in changes], {"dry_run": many.dry_run})
    elif not changes:
        output().line("Nothing was changed")
    elif many.dry_run:
        output().line(f"Would change {counted}")
    else:
        output().line(f"Changed {counted}")
        talk("To take it all back: crm undo")


def _save(book: Book, changes: Iterable[Change[R]], title: str) -> None:
    with book.change(title):
        for one in changes:
            book.table(type(one.after)).save(one.after)


def _fields(changes: Iterable[Change[R]]) -> Iterable[str]:
    """The names of all fields that change, each once."""
    return dict.fromkeys(field for one in changes for field in changed_fields(one.before, one.after))


def _show(changes: Sequence[Change[R]], called: Callable[[R], str], *, every: bool) -> None:
    columns: tuple[Column[Change[R]], ...] = (
        Column("id", lambda one: one.before.id, priority=3, min=4),
        Column("name", lambda one: called(one.before), priority=2, min=12),
        Column("change", str, priority=1, min=20),
    )
    shown = changes if every or output().room is None else changes[:FEW]
    output().table(shown, columns)
    if len(shown) < len(changes):
        talk(f"{len(shown):,} of {len(changes):,}; --dry-run shows them all")


def _said(value: Any) -> str:
    """What a field holds, in words."""
    if isinstance(value, tuple):
        return ", ".join(map(_said, value)) or "nothing"
    if isinstance(value, Position):
        return " at ".join(filter(None, (value.title, value.organisation))) + ("" if value.current else " (before)")
    return str(value or "nothing")
