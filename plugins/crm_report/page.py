"""The report as one page for a browser and for paper: nothing in it is run, nothing is loaded from anywhere."""

from __future__ import annotations

from pathlib import Path

from crm_report.facts import Report
from crm_report.saying import Words

TEMPLATE = Path(__file__).with_name("templates") / "report.html"


def as_page(report: Report, words: Words) -> str:
    """The page; all that stands in the book is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    return template.render(report=report, words=words)
