"""Where the coffee stands among the things to do after an interview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_coffee.meeting import Circle
from crm_coffee.settings import CoffeeSettings
from crm_core import check_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Application, Book, Entry, Interview, Row

NUMBER = 11  # below the ten that everybody has


def coffee_row(book: Book, interview: Interview, steps: Sequence[Entry]) -> Row:
    """The row of an interview: steps are its application's."""
    application = book.applications.find(interview.application)
    excuse = _excuse(book, application)
    nothing, missed = excuse or "it is too late for one", not excuse
    return check_row(book, NUMBER, "Have a coffee with somebody from there", steps, nothing, missed=missed)


def _excuse(book: Book, application: Application | None) -> str:
    """Why nobody need be met; empty if somebody was to be."""
    if application is None or not application.alive:
        return "the application has ended"
    if not book.settings(CoffeeSettings).people:
        return "people is set to 0"
    return "" if any(Circle(book).people(application)) else "nobody who leads there is left to meet"
