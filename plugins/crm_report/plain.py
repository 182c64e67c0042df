"""The report as text: for reading and for an e-mail, no line longer than 80 cells."""

from __future__ import annotations

from collections.abc import Iterator

from crm_core import fold_line
from crm_report.facts import Report
from crm_report.saying import GLUE, Words

COLUMNS = 80
INDENT = 4
LABEL = 12


def as_text(report: Report, words: Words) -> str:
    """The text, with a newline at its end."""
    return "\n".join([*_lines(report, words), ""]).replace(GLUE, " ")


def _lines(report: Report, words: Words) -> Iterator[str]:
    title = words.title(report)
    yield from (title, "=" * len(title), "")
    for line in (*words.who(report), f"Written on {words.day(report.today)}"):
        yield from fold_line(line, COLUMNS)
    yield ""
    for line in words.sums(report.totals):
        yield from fold_line(line, COLUMNS)
    for number, one in enumerate(report.applications, 1):
        first, *more = fold_line(words.heading(one), COLUMNS - INDENT)
        yield from ("", f"{number:>2}. {first}", *(" " * INDENT + line for line in more))
        for label, lines in words.facts(one):
            yield from _fact(label, lines)


def _fact(label: str, lines: list[str]) -> Iterator[str]:
    """A label with its lines beside it."""
    start = " " * INDENT + f"{label:<{LABEL}}"
    for line in lines:
        for part in fold_line(line, COLUMNS - INDENT - LABEL):
            yield start + part
            start = " " * (INDENT + LABEL)
