"""The report as CSV: a row an application, for counting and sorting in a spreadsheet.

Dates are ISO dates. No cell is a formula. The mark at the beginning tells spreadsheets that it is UTF-8.
"""

from __future__ import annotations

import io

from crm_core import Deadline, guard_cell, one_line
from crm_report.facts import Meeting, Report, Reported, Sent

COLUMNS = (
    "company", "role", "applied", "stage", "since", "answer by", "source", "posting", "CV", "stages", "interviews",
    "people met", "letters", "next interview", "next step", "due", "id",
)  # fmt: skip
BETWEEN = "; "


def as_table(report: Report) -> bytes:
    """The file's bytes (RFC 4180)."""
    import csv

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([guard_cell(one_line(cell)) for cell in _cells(one)] for one in report.applications)
    return text.getvalue().encode("utf-8-sig", "replace")


def _cells(one: Reported) -> tuple[str, ...]:
    return (
        one.company,
        one.role,
        _iso(one.applied),
        one.stage,
        _iso(one.since),
        _iso(one.answer_by),
        one.source,
        one.url,
        one.cv,
        BETWEEN.join(f"{move.on} {move.stage}" for move in one.moves),
        BETWEEN.join(map(_meeting, one.meetings)),
        BETWEEN.join(one.people),
        BETWEEN.join(map(_letter, one.letters)),
        _iso(one.next_interview),
        one.next_step,
        _iso(one.next_due),
        one.id,
    )


def _meeting(meeting: Meeting) -> str:
    number = f"round {meeting.round}" if meeting.round else ""
    return " ".join(filter(None, (_iso(meeting.at), number, meeting.kind)))


def _letter(letter: Sent) -> str:
    return f"{letter.on} {letter.kind} to {letter.to}"


def _iso(when: Deadline | None) -> str:
    """A day, or a day and time on the clock that it was meant on."""
    if when is None:
        return ""
    return f"{when:%Y-%m-%d %H:%M}" if hasattr(when, "hour") else when.isoformat()
