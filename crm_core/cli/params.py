"""Parameter types: what a user typed, as a record, a day, a moment or a length of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

from crm_core import lookup, words
from crm_core.book import Book
from crm_core.cli.app import current_app
from crm_core.dates import When

T = TypeVar("T")


class Named(click.ParamType[T]):
    """A value that is found by what the user typed, with the book at hand.

    Args:
        name: What the help calls it.
        read: From book and text to the value; raises a `CrmError` that says what is wrong.
    """

    def __init__(self, name: str, read: Callable[[Book, str], T]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:  # noqa: ARG002
        """What click asks for."""
        return self._read(current_app().book, value) if isinstance(value, str) else value


class Dated(click.ParamType[T]):
    """A date or time in words; needs no book.

    Args:
        name: What the help calls it.
        read: From text and the present to the value.
    """

    def __init__(self, name: str, read: Callable[[str, Any], T]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:  # noqa: ARG002
        """What click asks for."""
        return self._read(value, current_app().now) if isinstance(value, str) else value


class Minutes(click.ParamType[int]):
    """A length of time in minutes."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002
        """What click asks for."""
        return words.read_minutes(value) if isinstance(value, str) else value


def _day(text: str, now: Any) -> date:
    return words.read_date(text, now.date())


def _when(text: str, now: Any) -> When:
    return words.read_when(text, now)


CONTACT = Named("contact", lookup.contact_named)
COMPANY = Named("company", lookup.company_named)
APPLICATION = Named("application", lookup.application_named)
INTERVIEW = Named("interview", lookup.interview_named)
ONE_INTERVIEW = Named("interview", lambda book, text: lookup.interview_named(book, text, "only"))
NEXT_INTERVIEW = Named("interview", lambda book, text: lookup.interview_named(book, text, "ahead"))
LETTER = Named("letter", lookup.letter_named)
DATE = Dated("date", _day)
WHEN = Dated("when", _when)
LENGTH = Minutes()
