"""`crm quota`: how the week stands, and the pauses that excuse weeks."""

from __future__ import annotations

from datetime import date, timedelta

import click
from msgspec.structs import replace

from crm_core import (
    DATE,
    Book,
    Column,
    InputError,
    UnknownName,
    json_option,
    pass_book,
    say_day,
    show,
    show_one,
    talk,
    told,
)
from crm_quota.acts import Act, other_acts
from crm_quota.counting import EXCUSED_FROM, Standing, is_paused, pauses_by_date, standing
from crm_quota.records import Pause
from crm_quota.weeks import Week, weeks_between

SAID = {"people": "people reached", "letters": "letters sent"}


class Shown(Standing, frozen=True, kw_only=True):
    """The present week with the other acts beside applications, as `--json` gives it."""

    others: tuple[Act, ...]


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm quota
  crm quota pause 2026-12-24 2027-01-03 --note "at home"
  crm settings set crm_quota.applications 3
""",
)
@json_option
@click.pass_context
def quota(context: click.Context, *, as_json: bool) -> None:
    """Applications a week: how this week stands, and pauses."""
    if context.invoked_subcommand is None:
        _show_week(as_json=as_json)


@quota.command(epilog='Example: crm quota pause "next monday" "in 2 weeks" --note "at the sea"')
@click.argument("first", type=DATE)
@click.argument("last", type=DATE)
@click.option("--note", default="", metavar="TEXT", help="What for.")
@json_option
@pass_book
def pause(book: Book, *, first: date, last: date, note: str, as_json: bool) -> None:
    """Excuse the weeks from FIRST to LAST.

    A week is excused if four or more of its days from Monday to Friday are paused.
    """
    if last < first:
        raise InputError(f"The pause would end on {last}, before it begins on {first}", "Give the first day first.")
    same = next((p for p in book.table(Pause) if (p.first, p.last) == (first, last)), None)
    if same is not None:
        raise InputError(f"{same.id} is that pause already", "`crm quota pauses` lists them all.")
    with book.change(f"quota paused from {first} to {last}"):
        added = book.table(Pause).add(Pause(first=first, last=last, note=note.strip()))
    told(added, f"Added {added.id} pause {_label(added, book.today)}", as_json=as_json)
    if not as_json:
        talk(_effect(book, added))


@quota.command(epilog="Example: crm quota pauses --json")
@json_option
@pass_book
def pauses(book: Book, *, as_json: bool) -> None:
    """All pauses, the earliest first."""
    columns = (
        Column[Pause]("id", lambda row: row.id, 4),
        Column[Pause]("first", lambda row: say_day(row.first, book.today), 3, min=10),
        Column[Pause]("last", lambda row: say_day(row.last, book.today), 2, min=10),
        Column[Pause]("note", lambda row: row.note, 1),
    )
    show(pauses_by_date(book), columns, as_json=as_json, empty="No pauses.")


@quota.command(epilog="Example: crm quota resume pz1")
@click.argument("pause_id")
@pass_book
def resume(book: Book, *, pause_id: str) -> None:
    """End a pause that is running; remove one that is ahead or over."""
    known = book.table(Pause)
    found = known.find(pause_id.strip())
    if found is None:
        raise UnknownName(f"There is no pause {pause_id[:60]!r}", "`crm quota pauses` lists them with their ids.")
    running = found.first < book.today <= found.last
    with book.change(f"quota resumed: {found.id}"):
        if running:
            found = known.save(replace(found, last=book.today - timedelta(days=1)))
        else:
            known.drop(found)
    told(found, f"{'Ended' if running else 'Removed'} {found.id} pause {_label(found, book.today)}")


@pass_book
def _show_week(book: Book, *, as_json: bool) -> None:
    now = standing(book)
    today = book.today
    others = other_acts(book, Week.of(today))
    pairs = (
        ("week", f"{now.week}, {say_day(now.first, today)} to {say_day(now.last, today)}"),
        ("sent", f"{now.sent} of {now.quota}"),
        ("missing", _missing(now, today)),
        ("streak", f"{now.streak} {_plural(now.streak, 'week')}"),
        *((SAID[act.kind], _act(act)) for act in others if act.quota or act.done),
        ("pauses", "\n".join(f"{pause.id} {_label(pause, today)}" for pause in now.pauses)),
    )
    known = {name: getattr(now, name) for name in Standing.__struct_fields__}
    show_one(Shown(**known, others=others), pairs, as_json=as_json)


def _act(act: Act) -> str:
    return f"{act.done} of {act.quota}" if act.quota else str(act.done)


def _missing(now: Standing, today: date) -> str:
    if now.met is not None:
        return f"nothing, met {say_day(now.met, today)}"
    return f"nothing: {now.excuse}" if now.excuse else f"{now.missing} by {say_day(now.last, today)}"


def _label(shown: Pause, today: date) -> str:
    days = f"{say_day(shown.first, today)} to {say_day(shown.last, today)}"
    return f"{days}: {shown.note}" if shown.note else days


def _effect(book: Book, added: Pause) -> str:
    """Which weeks a pause excuses, together with the others."""
    known = list(book.table(Pause))
    excused = [week for week in weeks_between(added.first, added.last) if is_paused(week, known)]
    if not excused:
        return f"It excuses no week: that takes {EXCUSED_FROM} of the days from Monday to Friday."
    span = str(excused[0]) if len(excused) == 1 else f"{excused[0]} to {excused[-1]}"
    return f"Excused: {len(excused)} {_plural(len(excused), 'week')}, {span}."


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
