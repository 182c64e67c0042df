"""Coffee chats: whom to meet for one, and what came of it.

Only the hooks are here, so that starting `crm` costs nothing: the record is in `records.py`, whom to meet in
`meeting.py`, the steps in `steps.py`, the row of the checklist in `checklist.py`, the letter in `letter.py`, the
figures in `figures.py`, the commands in `cli.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from typing import Any

    from crm_core import (
        Book,
        Command,
        Entry,
        Figure,
        Hit,
        Interview,
        LetterKind,
        RecordKind,
        Row,
        Section,
        Step,
        When,
    )


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """Chats, kept in a table of our own."""
    from crm_coffee.records import Chat
    from crm_core import RecordKind

    yield RecordKind(type=Chat, prefix="cf", label="coffee chat", plural="coffee chats", table="crm_coffee.chats")


@hookimpl
def crm_settings() -> type[Section]:
    """How many people to suggest, and how often."""
    from crm_coffee.settings import CoffeeSettings

    return CoffeeSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """Whom to ask for a coffee."""
    from crm_coffee.steps import coffee_steps

    return coffee_steps(book)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that there was a coffee."""
    from crm_coffee.meeting import log
    from crm_core import day_of

    contact = book.contacts.find(step.person)
    if contact is None:
        return False
    log(book, contact, day_of(on))
    return True


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Below the ten things: somebody who knows the place."""
    from crm_coffee.checklist import coffee_row

    yield coffee_row(book, interview, steps)


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm coffee`."""
    from crm_core import Command

    yield Command("coffee", "Coffee chats: whom to meet, and what came of it", target="crm_coffee.cli:coffee")


@hookimpl
def crm_letters() -> Iterable[LetterKind]:
    """The invitation."""
    from crm_coffee.letter import invitation

    yield invitation()


@hookimpl
def crm_search(book: Book, text: str) -> Iterable[Hit]:
    """Chats in which it was talked about."""
    from crm_coffee.meeting import name_of
    from crm_coffee.records import Chat
    from crm_core import Hit, mentions

    for chat in book.table(Chat):
        if mentions(chat.about, text):
            yield Hit(record=chat.id, label=name_of(book, chat), where="about", text=chat.about)


@hookimpl
def crm_summary(book: Book, since: date | None, until: date) -> Iterable[Figure]:
    """How many coffees there were."""
    from crm_coffee.figures import figures

    return figures(book, since, until)
