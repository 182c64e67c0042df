"""`crm history`, `crm undo` and `crm redo`: what happened to the book, and how to take it back.

What a change did and whether it can be taken back is known to `crm_core/history`; here it is laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

import click
from msgspec.structs import asdict, replace

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show
from crm_core.cli.differences import in_words
from crm_core.cli.params import DATE
from crm_core.cli.screen.output import Column
from crm_core.errors import BookUnreadable, InputError
from crm_core.history import Past, name_change, newest_changes, newest_undo, reverse
from crm_core.history.past import WHATS, Touched, What
from crm_core.records import Part
from crm_core.words import say_when

if TYPE_CHECKING:
    from crm_core.history.undoing import Choice
    from crm_core.store.base import Change

CHANGES_SHOWN: Final = 20
RECORDS_SHOWN: Final = 50
NAMED: Final = 5  # records of a kind that are named after an undo; the rest is counted
UNDONE: Final = {"added": "back", "changed": "as before", "removed": "gone"}
REDONE: Final = {"added": "back", "changed": "changed", "removed": "gone"}


class ChangeRow(Part, frozen=True, kw_only=True):
    """A change as it is listed; the three numbers are of records, None where what it did is lost."""

    id: str
    at: datetime
    who: str
    title: str
    command: str
    added: int | None = None
    changed: int | None = None
    removed: int | None = None
    undoes: tuple[str, ...] = ()
    redoes: tuple[str, ...] = ()
    undone_by: str | None = None


class ChangeView(ChangeRow, frozen=True, kw_only=True):
    """A change in full; `backup` is the id of the copy that was made of the book before it, if one was."""

    backup: str = ""
    records: tuple[Touched, ...] = ()


@click.command(
    epilog="""\b
Examples:
  crm history
  crm history --since "last monday" -n 100
  crm history h12
"""
)
@click.argument("change", required=False)
@click.option(
    "--limit",
    "-n",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help=f"Show so many; by default {CHANGES_SHOWN} changes, or {RECORDS_SHOWN} records of one; JSON has all.",
)
@click.option("--since", type=DATE, metavar="DATE", help="Only changes since that day.")
@json_option
@pass_app
def history(app: App, change: str | None, limit: int | None, since: date | None, as_json: bool) -> None:
    """What happened to your book, the newest first; with CHANGE, all that one did, record by record.

    Under records, + counts those that were added, ~ those changed, - those removed.
    """
    past = Past(app.store, app.host.kinds())
    if change is not None:
        if since is not None:
            raise InputError("One change has no --since", "Leave out the change or the day.")
        _show_one(app, past, past.find(change), limit, as_json=as_json)
        return
    found = [found for found in reversed(past.changes) if since is None or _at(app, found).date() >= since]
    shown = found[: limit or (len(found) if as_json else CHANGES_SHOWN)]
    rows = [_row(app, past, found) for found in shown]
    empty = f"Nothing was changed since {since}." if since else "Nothing was changed yet."
    show(rows, _columns(app), as_json=as_json, empty=empty)
    if len(shown) < len(found) and not as_json:
        same = f" --since {since}" if since else ""
        app.output.talk(f"{len(shown):,} of {len(found):,} changes. For more: crm history{same} --limit {len(found)}")


@click.command(
    epilog="""\b
Examples:
  crm undo
  crm undo --last 3
  crm undo h12
"""
)
@click.argument("change", required=False)
@click.option("--last", type=click.IntRange(min=1), metavar="NUMBER", help="Take back so many changes, in one.")
@json_option
@pass_app
def undo(app: App, change: str | None, last: int | None, as_json: bool) -> None:
    """Take back the newest change, or CHANGE; again, the one before it.

    Refused where a later change would be lost. crm redo does it again.
    """
    if change is not None and last is not None:
        raise InputError("CHANGE and --last can't both be given", "Name a change by its id, or say how many.")
    choose = partial(newest_changes, count=last or 1) if change is None else partial(name_change, id_=change)
    _reverse(app, choose, as_json=as_json)


@click.command(epilog="Example: crm redo")
@json_option
@pass_app
def redo(app: App, as_json: bool) -> None:
    """Do again what the newest undo took back; again, what the one before it did."""
    _reverse(app, newest_undo, as_json=as_json)


def _reverse(app: App, choose: Choice, *, as_json: bool) -> None:
    """Take changes back, and say what became of it."""
    kinds = app.host.kinds()
    change = reverse(app.store, kinds, choose, command=app.command_line, now=app.now)
    past = Past(app.store, kinds)
    if as_json:
        app.output.json_item(_view(app, past, change))
        return
    app.output.line(f"{change.title[:1].upper()}{change.title[1:]}")
    words = REDONE if change.redoes else UNDONE
    touched = past.touched(change)
    for what in WHATS:
        if found := [record for record in touched if record.what == what]:
            head = f"{words[what]}: "
            app.output.block(head + app.output.wrap(_counted(past, found), len(head)))
    app.output.talk(f"To take it back: crm undo {change.id}" if change.redoes else "To do it again: crm redo")


def _counted(past: Past, touched: Iterable[Touched]) -> str:
    """Records counted and named, a kind at a time: `2 contacts (c1 Ana Silva, c2 Ben), 1 note (n4 likes tests)`."""
    tables: dict[str, list[Touched]] = {}
    for record in touched:
        tables.setdefault(record.table, []).append(record)
    return ", ".join(
        f"{len(found):,} {past.kinds.label(table, len(found))} ({_named(found)})" for table, found in tables.items()
    )


def _named(touched: Sequence[Touched]) -> str:
    more = f" and {len(touched) - NAMED:,} more" if len(touched) > NAMED else ""
    return ", ".join(_short(f"{record.id} {record.name}") for record in touched[:NAMED]) + more


def _short(text: str) -> str:
    return f"{text[:59]}…" if len(text) > 60 else text.rstrip()


def _at(app: App, change: Change) -> datetime:
    return change.at.astimezone(app.now.tzinfo)


def _row(app: App, past: Past, change: Change) -> ChangeRow:
    by = past.overruled_by(change)
    row = ChangeRow(
        id=change.id,
        at=_at(app, change),
        who=change.who,
        title=change.title,
        command=change.command,
        undoes=change.undoes,
        redoes=change.redoes,
        undone_by=by.id if by else None,
    )
    try:
        counts = past.counts(change)
    except BookUnreadable:
        return row
    return replace(row, added=counts["added"], changed=counts["changed"], removed=counts["removed"])


def _columns(app: App) -> tuple[Column[ChangeRow], ...]:
    return (
        Column("id", lambda row: row.id, priority=5, min=4),
        Column("when", lambda row: say_when(row.at, app.now), priority=4, min=12),
        Column("what", lambda row: row.title, priority=5, min=24),
        Column("records", _signs, priority=3, min=10),
        Column("undone by", lambda row: row.undone_by or "", priority=3, min=9),
        Column("command", lambda row: row.command, priority=1, min=28),
        Column("who", lambda row: row.who, priority=0),
    )


def _signs(row: ChangeRow) -> str:
    """`+3 ~1`: short enough for a table."""
    numbers = {"+": row.added, "~": row.changed, "-": row.removed}
    return "lost" if row.added is None else " ".join(f"{sign}{number:,}" for sign, number in numbers.items() if number)


def _numbers(row: ChangeRow) -> str:
    numbers: dict[What, int | None] = {"added": row.added, "changed": row.changed, "removed": row.removed}
    if row.added is None:
        return "lost"
    return ", ".join(f"{number:,} {what}" for what, number in numbers.items() if number)


def _view(app: App, past: Past, change: Change) -> ChangeView:
    row = asdict(_row(app, past, change))
    return ChangeView(**row, backup=change.backup, records=tuple(past.touched(change)))


def _show_one(app: App, past: Past, change: Change, limit: int | None, *, as_json: bool) -> None:
    view = _view(app, past, change)
    shown = view.records[: limit or (len(view.records) if as_json else RECORDS_SHOWN)]
    if as_json:
        app.output.json_item(replace(view, records=shown))
        return
    app.output.fields(
        [
            ("change", view.id),
            ("when", say_when(view.at, app.now)),
            ("who", view.who),
            ("what", view.title),
            ("command", view.command),
            ("took back", ", ".join(view.undoes)),
            ("did again", ", ".join(view.redoes)),
            ("undone by", view.undone_by or ""),
            ("copied before", view.backup),
            ("records", _numbers(view)),
            ("merged", "\n".join(f"{old} into {new}" for old, new in change.redirects.items())),
            ("separated", "\n".join(f"{old} from {new}" for old, new in change.separated.items())),
        ]
    )
    app.output.line()
    for record in shown:
        _show_record(app, past, record)
    if len(shown) < len(view.records):
        total = len(view.records)
        app.output.talk(f"{len(shown):,} of {total:,} records. For more: crm history {change.id} --limit {total}")


def _show_record(app: App, past: Past, record: Touched) -> None:
    words = " ".join(filter(None, (record.what, record.kind if record.kind != record.table else "", record.id)))
    app.output.block(app.output.wrap(f"{words} {record.name}".rstrip()))
    if record.differences is None:
        app.output.line("  what it became is not remembered")
        return
    for difference in record.differences:
        app.output.block("    " + app.output.wrap(in_words(difference, past.called), 4))
