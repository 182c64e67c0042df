"""`crm export report`: which form, which period, which applications."""

from __future__ import annotations

from collections.abc import Iterable

import click

from crm_core import DATE, STAGES, Export, Exporter, check_period
from crm_report.facts import report_on
from crm_report.page import as_page
from crm_report.plain import as_text
from crm_report.saying import Words
from crm_report.table import as_table

FORMS = ("text", "csv", "html")
ENDINGS = {".csv": "csv", ".html": "html", ".htm": "html"}
HELP = """What you did about each application in the period, with its dates, and how it stands: for the job centre, a
coach, or yourself. An application is in it if it moved, an interview was held or a letter sent; what was never sent is
left out unless you ask for its stage."""


def exporter() -> Exporter:
    """The format."""
    form = "The form; else what FILE's ending says, else text."
    return Exporter(
        name="report",
        label="What was done about applications, and how they stand",
        suffix=".html",
        write=_write,
        options=(
            click.Option(["--as", "form"], type=click.Choice(FORMS), help=form),
            click.Option(["--since"], type=DATE, metavar="DATE", help="The first day; the beginning by default."),
            click.Option(["--until"], type=DATE, metavar="DATE", help="The last day; today by default."),
            click.Option(
                ["--stage", "stages"],
                type=click.Choice(STAGES),
                multiple=True,
                help="Only applications that are at that stage today; repeatable.",
            ),
        ),
        help=HELP,
    )


def _write(export: Export) -> Iterable[bytes]:
    book, options = export.book, export.options
    since, until = options.get("since"), options.get("until") or book.today
    check_period(book, since, until)
    report, words = report_on(book, export.agenda(), since, until, options.get("stages") or ()), Words(book)
    form = options.get("form") or _form_of(export.file)
    if form == "csv":
        return [as_table(report)]
    text = as_page(report, words) if form == "html" else as_text(report, words)
    return [text.encode("utf-8", "replace")]


def _form_of(file: str) -> str:
    """What a file's name says."""
    return next((form for ending, form in ENDINGS.items() if file.lower().endswith(ending)), "text")
