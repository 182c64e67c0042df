"""What all lists have in common: what they are narrowed to, which columns, in which order, how many rows.

The options are read here, so that they mean the same on every list; a command hands over its rows and its `Field`s. How
a table is laid out is `screen/output.py`'s; when something last happened is `activity.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeAlias, TypeVar

import click
import msgspec

from crm_core.cli.context import output, show, talk
from crm_core.cli.params import COMPANY, COMPANY_NAME, DATE
from crm_core.cli.screen.output import Column
from crm_core.cli.values import repeatable, tagged
from crm_core.errors import UnknownName
from crm_core.network import fold
from crm_core.records import STAGES, Stage
from crm_core.words import say_day

if TYPE_CHECKING:
    from crm_core.book import Book

T = TypeVar("T")
Key: TypeAlias = str | int | date | None
"""What a row is sorted by; of one column all are of one kind, but for None."""

ALL: Final = "all"
_ID: Final = re.compile(r"([a-z]+)(\d+)")


class Field(NamedTuple, Generic[T]):
    """A column that a list can show and be sorted by.

    Args:
        column: What is shown.
        key: What it is sorted by, if not by what is shown. Rows without any come last.
        usual: Whether it is shown where no columns are asked for.
    """

    column: Column[T]
    key: Callable[[T], Key] | None = None
    usual: bool = True


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What the user wants of a list.

    Args:
        company: Only what has to do with that company.
        tags: Only what has all these tags.
        stages: Only what has to do with applications that are at one of these stages today.
        since: Only that with which something happened on that day or after.
        columns: The names of the columns to show; the usual ones if there are none.
        sort: The name of the column to sort by, after `-` for the other way round.
        limit: At most how many rows.
    """

    company: Any = None
    tags: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    since: date | None = None
    columns: tuple[str, ...] = ()
    sort: str = ""
    limit: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything may have been left out."""
        return bool(self.company is not None or self.tags or self.stages or self.since is not None)

    def at(self, stage: Stage) -> bool:
        """Whether that stage is wanted."""
        return not self.stages or stage in self.stages

    def tagged(self, tags: Iterable[str]) -> bool:
        """Whether those are all tags that are wanted."""
        return not self.tags or tagged(tags, self.tags)

    def lately(self, last: date | None) -> bool:
        """Whether something that last happened then is late enough."""
        return self.since is None or (last is not None and last >= self.since)


def list_options(
    *, company: str, tag: str, stage: str, since: str, known: bool = True
) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """The options of a list; the command gets them as one argument, `wish`.

    Args:
        company: Help of `--company`.
        tag: Help of `--tag`.
        stage: Help of `--stage`.
        since: Help of `--since`.
        known: Whether the company must be one in the book; else it is a text.
    """
    place: Any = COMPANY if known else COMPANY_NAME
    columns = f"The columns to show: id,name; {ALL} for every one."
    sort = "The column to sort by; -NAME for the other way round."
    limit = "At most so many rows; how many there are is said."
    options = (
        click.option("--company", type=place, metavar="COMPANY" if known else "TEXT", help=company),
        repeatable("--tag", "tags", f"{tag}; repeatable."),
        repeatable("--stage", "stages", f"{stage}; repeatable.", kind=click.Choice(STAGES), metavar="STAGE"),
        click.option("--since", type=DATE, metavar="DATE", help=since),
        click.option("--columns", default="", metavar="NAMES", help=columns),
        click.option("--sort", default="", metavar="NAME", help=sort),
        click.option("--limit", type=click.IntRange(1), metavar="N", help=limit),
    )

    def decorate(command: Callable[..., T]) -> Callable[..., T]:
        def with_wish(*args: Any, **kwargs: Any) -> T:
            given = {name: kwargs.pop(name) for name in Wish.__struct_fields__}
            given["columns"] = tuple(name.strip() for name in given["columns"].split(",") if name.strip())
            return command(*args, wish=Wish(**given), **kwargs)

        wished: Callable[..., T] = update_wrapper(with_wish, command)
        for option in reversed(options):
            wished = option(wished)
        return wished

    return decorate


def show_list(
    rows: Iterable[T],
    fields: Sequence[Field[T]],
    wish: Wish,
    *,
    as_json: bool,
    empty: str,
    record: Callable[[T], object] = lambda row: row,
) -> None:
    """Show a list as it is wished for; where rows are left out, say how many there are.

    Args:
        rows: In their usual order.
        fields: Every column that there is.
        wish: What the user asked for.
        as_json: Whether JSON was asked for; it has all fields of each record, whatever the columns.
        empty: What to say when there is none.
        record: From a row to what JSON has of it.

    Raises:
        UnknownName: There is no such column.
    """
    columns = _columns(fields, wish.columns)
    found = _sorted(rows, fields, wish.sort)
    shown = found[: wish.limit]
    if as_json:
        output().json_items(map(record, shown), {"total": len(found)} if wish.limit else None)
        return
    show(shown, columns, empty=empty)
    if len(shown) < len(found):
        talk(f"{len(shown):,} of {len(found):,}")


def last_field(title: str, book: Book, last: Callable[[T], date | None]) -> Field[T]:
    """The column that says when something last happened, shown where it is asked for."""

    def said(row: T) -> str:
        day = last(row)
        return say_day(day, book.today) if day is not None else ""

    return Field(Column(title, said, priority=2, min=10), last, usual=False)


def _columns(fields: Sequence[Field[T]], names: Sequence[str]) -> list[Column[T]]:
    if not names:
        return [field.column for field in fields if field.usual]
    if len(names) == 1 and _plain(names[0]) == ALL:
        return [field.column for field in fields]
    return [field.column for field in dict.fromkeys(_named(fields, name) for name in names)]


def _named(fields: Sequence[Field[T]], name: str) -> Field[T]:
    """The field of that name, or the only one whose name begins so; case, spaces and hyphens do not matter."""
    known = {_plain(field.column.title): field for field in fields}
    begun = [field for title, field in known.items() if _plain(name) and title.startswith(_plain(name))]
    found = known.get(_plain(name)) or (begun[0] if len(begun) == 1 else None)
    if found is None:
        raise UnknownName(
            f"There is no column {name[:60]!r}", f"There are: {', '.join(field.column.title for field in fields)}."
        )
    return found


def _plain(name: str) -> str:
    return "".join(character for character in fold(name) if character.isalnum())


def _sorted(rows: Iterable[T], fields: Sequence[Field[T]], name: str) -> list[T]:
    """The rows by a column, those without anything there at the end; in their usual order if no column is named."""
    if not name:
        return list(rows)
    field = _named(fields, name.removeprefix("-"))
    key = field.key or field.column.value
    ranked = [(_rank(key(row)), row) for row in rows]
    known = [(rank, row) for rank, row in ranked if rank is not None]
    known.sort(key=lambda pair: pair[0], reverse=name.startswith("-"))
    return [row for _, row in known] + [row for rank, row in ranked if rank is None]


def _rank(key: Key) -> Any:
    """What to compare: of an id its number as a number, of another text what it is without case and accents."""
    if not isinstance(key, str):
        return key
    found = _ID.fullmatch(key)
    return (found[1], int(found[2]), key) if found else (fold(key), 0, key) if key else None
