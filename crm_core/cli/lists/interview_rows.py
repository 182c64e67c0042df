"""Interviews as they are listed and shown: the record, and what follows from it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from crm_core.cli.lists.listing import Field
from crm_core.cli.screen.output import Column
from crm_core.records import Interview
from crm_core.words import say_day, say_when

if TYPE_CHECKING:
    from crm_core.book import Book


class InterviewRow(Interview, frozen=True, kw_only=True):
    """An interview as it is listed: its record, and what follows from it."""

    start: datetime
    end: datetime
    company_name: str
    role: str
    people: tuple[str, ...]


def row_of(book: Book, interview: Interview) -> InterviewRow:
    """An interview with what follows from it."""
    application = book.applications.find(interview.application)
    company = book.companies.find(application.company) if application else None
    people = (book.contacts.find(seat.contact) for seat in interview.panel)
    return InterviewRow(
        **asdict(interview),
        start=interview.start,
        end=interview.end,
        company_name=company.name if company else "",
        role=application.role if application else "",
        people=tuple(person.name for person in people if person is not None),
    )


def fields_of(book: Book) -> tuple[Field[InterviewRow], ...]:
    """What a list of interviews can show."""
    return (
        Field(Column("id", lambda row: row.id, priority=5, min=3)),
        Field(
            Column("when", lambda row: say_when(row.start.astimezone(book.zone), book.now), priority=5, min=17),
            lambda row: row.start,
        ),
        Field(Column("company", lambda row: row.company_name, priority=5, min=10)),
        Field(Column("role", lambda row: row.role, priority=3, min=8)),
        Field(Column("kind", lambda row: row.kind, priority=1)),
        Field(Column("with", lambda row: ", ".join(row.people), priority=2, min=10)),
        Field(Column("outcome", lambda row: row.outcome or "", priority=4)),
        Field(Column("round", lambda row: str(row.round or ""), right=True), lambda row: row.round, usual=False),
        Field(Column("minutes", lambda row: str(row.length), right=True), lambda row: row.length, usual=False),
        Field(
            Column("news by", lambda row: say_day(row.hear_by, book.today) if row.hear_by else "", min=10),
            lambda row: row.hear_by,
            usual=False,
        ),
        Field(Column("note", lambda row: row.note), usual=False),
    )
