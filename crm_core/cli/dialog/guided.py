"""Guided entry: at a terminal a command asks step by step for what it was not given.

Here are the ways of asking; what `interview log` and `application add` ask is in `guides.py`. An answer is read by what
reads the option, so that both mean the same, and one that can't be used is asked for again. Nothing is written while
questions are open: the command gets the answers as if they had been options, and records them as one change.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

import click
from click.core import ParameterSource

from crm_core.cli.context import talk
from crm_core.cli.dialog.asking import ask, someone_there
from crm_core.errors import InputError, SimilarName
from crm_core.lookup import LISTED, Called, contact_label, known_or_new_company, known_or_new_contact
from crm_core.records import Contact
from crm_core.words import say_when

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.dates import When
    from crm_core.records import Company

P = ParamSpec("P")
T = TypeVar("T")

NEW: Final = "new"
OPENING: Final = "Enter takes what is in brackets. Ctrl-C ends it, and nothing is recorded."

Offered = Callable[[], Iterable[str]]
"""Gives the answers that Tab completes."""


class Questions:
    """What a command was given, and the questions for the rest.

    Args:
        book: Where names are looked up. Nothing is written to it here.
        given: The command's values by parameter; answers are put in.
        missing: The parameters of which the command line said nothing.
    """

    def __init__(self, book: Book, given: dict[str, Any], missing: Collection[str]) -> None:
        self.book = book
        self.given = given
        self._missing = missing

    def lacks(self, name: str) -> bool:
        """Whether the command line said nothing of a parameter."""
        return name in self._missing

    def need(
        self, name: str, label: str, read: Callable[[str], Any], default: str, offered: Offered | None = None
    ) -> None:
        """Ask for a value that the command has a default for, unless it was given."""
        if self.lacks(name):
            self.given[name] = self.asked(label, read, default, offered)

    def may(self, name: str, label: str, read: Callable[[str], Any] = str, offered: Offered | None = None) -> None:
        """Ask for a value that may be left out, unless it was given."""
        if self.lacks(name):
            answer = self.asked(f"{label} (Enter: not said)", lambda text: read(text) if text else None, "", offered)
            self.given[name] = self.given[name] if answer is None else answer

    def asked(
        self, label: str, read: Callable[[str], T], default: str | None = None, offered: Offered | None = None
    ) -> T:
        """The first answer that can be read; of others it is said what is wrong with them.

        Args:
            label: The question.
            read: From an answer to its value; raises an `InputError`. Any other error is none of the answer's.
            default: What Enter alone means; None asks again.
            offered: Answers that Tab completes.
        """
        while True:
            try:
                return read(ask(label, "an option", default, offered=offered))
            except InputError as error:
                self.say(f"{error.message}. {error.hint}".rstrip())

    def company(self, text: str) -> Company:
        """The company that is meant; one without an id if it is new, which is asked where another looks similar."""
        return self._known_or_new(text, partial(known_or_new_company, self.book))

    def person(self, text: str, company: Company) -> Contact:
        """The person who is meant, likewise; a new one works at the company."""
        return self._known_or_new(text, partial(known_or_new_contact, self.book, company=company))

    def companies(self) -> Iterable[str]:
        """Names to offer: every company's."""
        return (called.name for _, called in self.book.companies.glimpses(Called))

    def people(self) -> Iterable[str]:
        """Names to offer: everybody's."""
        return (called.name for _, called in self.book.contacts.glimpses(Called))

    def say_when(self, when: When) -> None:
        """How a date was understood."""
        self.say(say_when(when, self.book.now))

    def say(self, text: str) -> None:
        """What an answer means, under it."""
        talk(f"  {text}")

    def _known_or_new(self, text: str, find: Callable[..., T]) -> T:
        try:
            return find(text, new=self.given["new"])
        except SimilarName as error:
            self.say(f"{error.message}: {error.similar}")
            answers = [*error.ids, NEW]
            only = error.ids[0] if len(error.ids) == 1 else None
            chosen = self.asked("  Its id, or: new", lambda answer: one_of(answers, answer, "one of them"), only)
            return find(text, new=True) if chosen == NEW else find(chosen)


def one_of(answers: Sequence[str], text: str, what: str) -> str:
    """The answer that is typed, in any case.

    Raises:
        InputError: It is none of them.
    """
    if text.lower() not in answers:
        more = ", ..." if len(answers) > LISTED else ""
        raise InputError(f"{text[:60]!r} is not {what}", f"Give one of: {', '.join(answers[:LISTED])}{more}.")
    return text.lower()


def said_new(record: Company | Contact) -> str:
    """Who or what an answer names."""
    label = contact_label(record) if isinstance(record, Contact) else record.name
    return f"{record.id} {label}" if record.id else f"{label} is new and will be added"


def guided(
    *needed: str, questions: Callable[[Questions], None]
) -> Callable[[Callable[Concatenate[Book, P], T]], Callable[Concatenate[Book, P], T]]:
    """Let a command ask for what it was not given, if it lacks what it needs and somebody is there to answer.

    Elsewhere, and where JSON is wanted, what is missing is a mistake in the command line.

    Args:
        needed: The parameters that it can't do without, which click must not require.
        questions: Asks, and leaves names in the values that say who is meant beyond doubt: ids, or names that are new.
    """

    def decorated(command: Callable[Concatenate[Book, P], T]) -> Callable[Concatenate[Book, P], T]:
        def with_answers(book: Book, /, *args: P.args, **given: P.kwargs) -> T:
            lacking = [name for name in needed if given[name] is None]
            if lacking:
                _ask(book, given, lacking[0], questions)
            return command(book, *args, **given)

        return update_wrapper(with_answers, command)

    return decorated


def _ask(book: Book, given: dict[str, Any], lacking: str, questions: Callable[[Questions], None]) -> None:
    context = click.get_current_context()
    if given["as_json"] or not someone_there():
        parameter = next(one for one in context.command.params if one.name == lacking)
        word = parameter.opts[0]
        called = word.upper() if isinstance(parameter, click.Argument) else word
        raise click.MissingParameter(ctx=context, param=parameter, param_hint=f"'{called}'")
    talk(OPENING)
    missing = [name for name in given if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE]
    questions(Questions(book, given, missing))
    given["new"] = True
