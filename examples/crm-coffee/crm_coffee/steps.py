"""When a coffee is called for: while an application is alive, from its first move on."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from crm_coffee.meeting import Circle, chats_with
from crm_coffee.records import Chat
from crm_coffee.settings import CoffeeSettings
from crm_core import Step, employer_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm_core import Application, Book, Contact


def coffee_steps(book: Book) -> Iterator[Step]:
    """For each application the people to meet next, and those who were met since it began."""
    settings, circle = book.settings(CoffeeSettings), Circle(book)
    for application in book.applications:
        if not application.moves:
            continue
        met = _met(book, circle, application)
        for person, on in met:
            yield _step(book, application, person, "you met", on)
        if application.alive:
            for path in islice(circle.people(application), max(settings.people - len(met), 0)):
                yield _step(book, application, path.person, path.proof, None)


def _met(book: Book, circle: Circle, application: Application) -> list[tuple[Contact, date]]:
    """Whom of those who lead to its company we had a coffee with since it began, and when."""
    if all(chat.on < application.moves[0].on for chat in book.table(Chat)):
        return []  # nobody was met since, so nobody need be looked for
    found = []
    for path in circle.leading_to(application):
        days = [chat.on for chat in chats_with(book, path.person) if chat.on >= application.moves[0].on]
        found += [(path.person, min(days))] if days else []
    return found


def _step(book: Book, application: Application, person: Contact, why: str, done: date | None) -> Step:
    began = application.moves[0].on
    due = began + timedelta(days=book.settings(CoffeeSettings).due_days)
    return Step(
        kind="meet",
        about=application.id,
        refs=(application.id, person.id),
        title=f"Have a coffee with {person.name} about {employer_name(book, application)}",
        why=why,
        starts=began,
        due=due,
        expires=due + timedelta(days=30),
        person=person.id,
        command="" if done else f"crm coffee log {person.id}",
        done=done,
    )
