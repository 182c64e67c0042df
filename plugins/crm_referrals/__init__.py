"""Referrals: who in your network can put in a word for you, and whom you have asked.

Only the hooks are here, so that starting the program costs nothing: who can be asked and what became of it is in
`asking.py`, the steps are in `steps.py`, the letter in `letter.py` and `templates/`, the commands in `cli.py`. Finding
paths through a network is the core's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from crm_core import Book, Command, Entry, Hit, Interview, LetterKind, RecordKind, Row, Section, Step, When


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """Whom you asked for which application."""
    from crm_core import RecordKind
    from crm_referrals.records import Ask

    yield RecordKind(
        type=Ask,
        prefix="rq",
        label="referral request",
        plural="referral requests",
        table="crm_referrals.asks",
        unique=("application", "contact"),
    )


@hookimpl
def crm_settings() -> type[Section]:
    """How many people to ask, and when."""
    from crm_referrals.settings import ReferralSettings

    return ReferralSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """Whom to ask next, whom you have asked, and whose answer is awaited."""
    from crm_referrals.steps import referral_steps

    return referral_steps(book)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that the person was asked; an answer that did not come is no fact."""
    from crm_core import day_of
    from crm_referrals.asking import record

    application, contact = book.applications.find(step.refs[0]), book.contacts.find(step.refs[1])
    if step.kind != "ask" or application is None or contact is None:
        return False
    record(book, application, contact, "asked", day_of(on))
    return True


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether somebody was asked to put in a word."""
    from crm_core import check_row
    from crm_referrals.steps import missed, nobody_to_ask

    nothing = nobody_to_ask(book, interview)
    yield check_row(book, 8, "Ask somebody you know there", steps, nothing, missed=missed(book, interview))


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm referral`."""
    from crm_core import Command

    yield Command("referral", "Who can put in a word for you", target="crm_referrals.cli:referral")


@hookimpl
def crm_letters() -> Iterable[LetterKind]:
    """The request to put in a word."""
    from crm_referrals.letter import referral_request

    yield referral_request()


@hookimpl
def crm_search(book: Book, text: str) -> Iterable[Hit]:
    """Requests with a note that mentions it."""
    from crm_core import Hit, mentions
    from crm_referrals.records import Ask

    for ask in book.table(Ask):
        if mentions(ask.note, text):
            person = book.contacts.find(ask.contact)
            yield Hit(record=ask.id, label=person.name if person is not None else "", where="note", text=ask.note)
