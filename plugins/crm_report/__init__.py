"""The report: what was done about each application in a period, and how it ended, to read, to count or to print.

Only the hooks are here, so that starting the program costs nothing: what is reported is in `facts.py`, its words are in
`saying.py`, the three forms in `plain.py`, `table.py` and `page.py`; how far applications came is in `figures.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from crm_core import Book, Exporter, Figure


@hookimpl
def crm_exporters() -> Iterable[Exporter]:
    """The report as a format."""
    from crm_report.exporter import exporter

    yield exporter()


@hookimpl
def crm_summary(book: Book, since: date | None, until: date) -> Iterable[Figure]:
    """How far applications came, and by which sources those that led to interviews."""
    from crm_report.figures import figures

    return figures(book, since, until)
