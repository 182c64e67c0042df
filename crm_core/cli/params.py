"""Parameter types: what a user typed, as a record, a day, a moment or a length of time; what a shell may offer for it.

While a shell asks for that, nothing that was typed before is looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from crm_core import lookup, words
from crm_core.book import Book
from crm_core.cli.app import App, current_app
from crm_core.dates import When

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

T = TypeVar("T")

DAYS: Final = (
    "today",
    "tomorrow",
    "yesterday",
    *(f"{day.lower()}" for day in words.WEEKDAYS),
    "next week",
    "in 3 days",
)
"""What a shell offers for a date."""


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
        if not isinstance(value, str) or (ctx is not None and ctx.resilient_parsing):
            return value  # type: ignore[no-any-return]  # while a shell asks, nobody uses it
        return self._read(current_app().book, value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Names of such records, or their ids."""
        return _offered(ctx, self.name, incomplete)


class Naming(click.ParamType[str]):
    """A text that may name a record, or one that is to be made; it stays as it was typed.

    Args:
        noun: The kind of record, such as `company`.
    """

    name = "text"

    def __init__(self, noun: str) -> None:
        self._noun = noun

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Names of such records, or their ids."""
        return _offered(ctx, self._noun, incomplete)


class FileName(click.ParamType[str]):
    """The name of a file or folder, which the command itself looks at."""

    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Files: the shell knows them."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


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
        if not isinstance(value, str) or (ctx is not None and ctx.resilient_parsing):
            return value  # type: ignore[no-any-return]  # while a shell asks, nobody uses it
        return self._read(value, current_app().now)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Days in words."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(day) for day in DAYS if day.startswith(incomplete.lower())]


class Minutes(click.ParamType[int]):
    """A length of time in minutes."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002
        """What click asks for."""
        return words.read_minutes(value) if isinstance(value, str) else value


def _offered(ctx: click.Context, noun: str, incomplete: str) -> list[CompletionItem]:
    from crm_core.cli.shell.names import offered

    app = ctx.find_object(App)
    return offered(app.places.book, noun, incomplete) if app is not None else []


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
COMPANY_NAME = Naming("company")
CONTACT_NAME = Naming("contact")
FILE_NAME = FileName()
