"""`crm done`, `snooze`, `skip` and `reopen`: what becomes of one step."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from crm_core.cli.app import App
from crm_core.cli.context import pass_app
from crm_core.cli.given import given_text
from crm_core.cli.params import DATE, WHEN
from crm_core.dates import When, moment_of
from crm_core.words import say_day

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.steps import Agenda


@click.command(epilog="Example: crm done bcdf --on yesterday")
@click.argument("step")
@click.option("--on", type=WHEN, metavar="DATE", help="When it was done; now by default.")
@pass_app
def done(app: App, step: str, on: When | None) -> None:
    """Record that a step was done: the fact that closes it, or a mark where no fact can."""
    agenda = all_steps(app)
    entry = agenda.find(step)
    agenda.finish(entry, on if on is not None else moment_of(app.book.now))
    app.output.line(f"Done: {entry.title}")


@click.command(epilog='Example: crm snooze bcdf "in 3 days"')
@click.argument("step")
@click.argument("until", type=DATE, metavar="DATE")
@pass_app
def snooze(app: App, step: str, until: date) -> None:
    """Hide a step until a day, or until its own dates change."""
    agenda = all_steps(app)
    entry = agenda.find(step)
    agenda.snooze(entry, until)
    app.output.line(f"Snoozed until {say_day(until, app.book.today)}: {entry.title}")


@click.command(epilog='Example: crm skip bcdf --because "we spoke on the phone"')
@click.argument("step")
@click.option("--because", required=True, metavar="TEXT", help="Why; the agenda remembers it.")
@pass_app
def skip(app: App, step: str, because: str) -> None:
    """Drop a step for good."""
    reason = given_text(because)
    agenda = all_steps(app)
    entry = agenda.find(step)
    agenda.skip(entry, reason)
    app.output.line(f"Skipped: {entry.title}")


@click.command(epilog="Example: crm reopen bcdf")
@click.argument("step")
@pass_app
def reopen(app: App, step: str) -> None:
    """Take back done, snooze or skip."""
    agenda = all_steps(app)
    entry = agenda.find(step)
    agenda.reopen(entry)
    app.output.line(f"Open again: {entry.title}")


def all_steps(app: App, book: Book | None = None) -> Agenda:
    """Every step there is, since one may be named that the agenda doesn't show now; of a copy of the book, if given."""
    from crm_core.steps import Agenda, all_times

    return Agenda(book or app.book, app.host, *all_times(app.book.zone))
