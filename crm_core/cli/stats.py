"""`crm stats`: how the search goes, in figures. What is counted is the plugins' business; here it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click
from msgspec.structs import asdict

from crm_core.cli.agenda import tell_failed
from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app
from crm_core.cli.given import check_period
from crm_core.cli.params import DATE, FILE_NAME
from crm_core.cli.screen import plots
from crm_core.cli.screen.output import Output
from crm_core.errors import InputError
from crm_core.figures import Figure
from crm_core.files import refuse_existing, replace_file
from crm_core.texts import one_line
from crm_core.words import lasting_words, say_day

STDOUT: Final = "-"
NOTHING: Final = "There is nothing to count yet: crm application add COMPANY ROLE"
NOTHING_THEN: Final = "There is nothing to count in that time."


class Counted(Figure, frozen=True, kw_only=True):
    """A figure as `--json` has it: with the plugin that counted."""

    plugin: str


@click.command(
    epilog="""\b
Examples:
  crm stats
  crm stats --since "1 nov" --until yesterday
  crm stats --since 2026-11-01 --html november.html
"""
)
@click.option("--since", type=DATE, metavar="DATE", help="The first day; the beginning by default.")
@click.option("--until", type=DATE, metavar="DATE", help="The last day; today by default.")
@click.option(
    "--html", "target", type=FILE_NAME, metavar="FILE", help="Write a page with charts, to look at or to print."
)
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@json_option
@pass_app
def stats(app: App, since: date | None, until: date | None, target: str | None, force: bool, as_json: bool) -> None:
    """How the search goes: how far applications came, weeks, answers, sources, promises.

    Out of fewer than ten no rate is told: chance alone would move it. Under each figure stands what was counted. In a
    pipe, and with `crm --plain stats`, there are numbers in words and no bars.
    """
    last = until or app.book.today
    check_period(app.book, since, last)
    if target is not None and as_json:
        raise InputError("--html and --json are two ways to show the same", "Give one of them.")
    path = None if target in {None, STDOUT} else Path(str(target))
    if path is not None:
        refuse_existing(path, force=force)
    counted = [Counted(plugin=name, **asdict(figure)) for name, figure in app.host.summary(app.book, since, last)]
    if target is not None:
        _write_page(app, path, counted, since, last)
    elif as_json:
        app.output.json_items(counted, {"since": since, "until": last})
    elif counted:
        drawn = plots.DRAWN if app.output.shows(plots.DRAWN) else plots.DRAWN_IN_ASCII
        with app.output.paged():
            _show(app.output, counted, f"Your search {said_period(since, last, app.book.today)}", drawn)
    else:
        app.output.talk(_why_none(app, whole=since is None and until is None))
    tell_failed(app, "summary")


def _why_none(app: App, *, whole: bool) -> str:
    if not any("crm_summary" in plugin.hooks for plugin in app.host.plugins):
        return "No plugin has figures."
    return NOTHING if whole else NOTHING_THEN


def said_period(since: date | None, until: date, today: date) -> str:
    """`from 1 Nov to today`, or `until today`."""
    last = say_day(until, today)
    return f"until {last}" if since is None else f"from {say_day(since, today)} to {last}"


def _show(output: Output, figures: Sequence[Figure], title: str, drawn: str) -> None:
    """A heading, a line a number and what was counted, for each."""
    output.line(title)
    for figure in figures:
        output.line()
        for line in output.wrap(one_line(figure.title)).split("\n"):
            output.line(line, "heading")
        for line in plots.spoken(figure) if output.plain else plots.lines(figure, output.room, drawn):
            output.line(line)
        if figure.about:
            text = " " * plots.INDENT + output.wrap(one_line(figure.about), plots.INDENT)
            for line in text.split("\n"):
                output.line(line, "dim")


def _write_page(app: App, path: Path | None, figures: Sequence[Figure], since: date | None, until: date) -> None:
    from crm_core.cli.screen.charts import page

    today = app.book.today
    with lasting_words():
        title = f"Job search {said_period(since, until, today)}"
        text = page(title, figures, name=app.book.me.name, written=say_day(today, today))
    data = text.encode("utf-8", "replace")
    if path is None:
        app.output.data(data)
        return
    replace_file(path, [data])
    app.output.line(f"Wrote {path}")
