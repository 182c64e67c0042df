"""`crm contact duplicates`: who may be in the book twice, asked about pair by pair, or listed with what to type.

How much speaks for a pair is weighed in `network`. An answer is one change set, and final: nobody asks again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec.structs import replace

from crm_core import network
from crm_core.cli import merging
from crm_core.cli.app import current_app
from crm_core.cli.context import output, talk
from crm_core.cli.dialog.asking import choose
from crm_core.cli.person import fields, view_of
from crm_core.cli.screen.output import Column
from crm_core.errors import InputError
from crm_core.lookup import contact_label
from crm_core.network.matching import said_to_differ
from crm_core.records import Contact, Ref

if TYPE_CHECKING:
    from crm_core.book import Book

LISTED: Final = 50
"""Pairs that are listed unless all are asked for."""

Answer = Literal["merged", "not the same", "left for later"]


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two contacts who may be one person.

    Args:
        into: The one who has been in the book for longer.
        other: The other one.
        names: Their names.
        score: How much speaks for it, 0 to 100.
        evidence: What does, in words.
        command: What makes them one.
        not_same: What says that they are two.
    """

    into: Ref[Contact]
    other: Ref[Contact]
    names: tuple[str, str]
    score: int
    evidence: tuple[str, ...]
    command: str
    not_same: str


def pairs_of(book: Book) -> list[Pair]:
    """All pairs that are worth asking about, the likeliest first."""
    return [_pair(one, other, judged) for one, other, judged in network.duplicates(book.contacts)]


def list_pairs(pairs: Sequence[Pair], *, every: bool) -> None:
    """Show each pair in a few lines: evidence is too long for a column, and what matters most."""
    screen = output()
    for pair in pairs if every else pairs[:LISTED]:
        screen.block(screen.wrap(f"{pair.into} {pair.names[0]} / {pair.other} {pair.names[1]}"))
        for line in ("; ".join(pair.evidence), pair.command, pair.not_same):
            screen.block(f"    {screen.wrap(line, 4)}")
    if len(pairs) > LISTED and not every:
        screen.line(f"{LISTED} of {len(pairs):,} pairs; --all lists every one")


def ask_about(book: Book, pairs: Sequence[Pair]) -> None:
    """Ask about one pair after the other, and do at once what is answered.

    Raises:
        Conflict: Another command changed one of the two while the user thought about it.
        click.Abort: Ctrl-C or the end of input.
    """
    talk("Type the id that stays, and the other is merged into it; n: not the same; l: later; s: stop.")
    answers: Counter[Answer] = Counter()
    asked: set[frozenset[str]] = set()
    for number, pair in enumerate(pairs, 1):
        present = _still_open(book, pair)
        if present is None or frozenset({present.into, present.other}) in asked:
            continue
        asked.add(frozenset({present.into, present.other}))
        answer = _asked(book, present, f"{number} of {len(pairs):,}")
        if answer is None:
            talk(f"Stopped at {number:,} of {len(pairs):,}; the rest is asked about the next time")
            break
        answers[answer] += 1
    if answers:
        talk(", ".join(f"{count:,} {answer}" for answer, count in answers.items()))


def say_not_same(book: Book, one: Contact, other: Contact) -> None:
    """Remember for good that two contacts are two people.

    Raises:
        InputError: Both are the same record.
        Conflict: Another command changed one of the two meanwhile.
    """
    if one.id == other.id:
        raise InputError(f"{one.id} is the same as itself", "Both names mean the same record.")
    pair = f"{one.id} {contact_label(one)} and {other.id} {contact_label(other)}"
    with book.change(f"said that {one.id} {one.name} and {other.id} {other.name} are not the same"):
        for contact, another in ((one, other), (other, one)):
            if another.id not in contact.differs_from:
                book.contacts.save(replace(contact, differs_from=(*contact.differs_from, Ref(another.id))))
    output().line(f"{pair} are two people; nobody asks again")


def _pair(one: Contact, other: Contact, judged: network.Evidence) -> Pair:
    prefix = current_app().prefix
    return Pair(
        into=Ref(one.id),
        other=Ref(other.id),
        names=(one.name, other.name),
        score=judged.score,
        evidence=judged.reasons,
        command=f"{prefix} contact merge {one.id} {other.id}",
        not_same=f"{prefix} contact duplicates --not-same {one.id} {other.id}",
    )


def _still_open(book: Book, pair: Pair) -> Pair | None:
    """The pair as it is after the answers so far; None where they have settled it."""
    one, other = book.contacts.find(pair.into), book.contacts.find(pair.other)
    if one is None or other is None or one.id == other.id or said_to_differ(one, other):
        return None
    judged = network.evidence(one, other)
    return _pair(one, other, judged) if judged.score >= network.ASK else None


def _asked(book: Book, pair: Pair, place: str) -> Answer | None:
    """Show a pair, ask, and do what is answered; None to stop."""
    one, other = book.contacts.get(pair.into), book.contacts.get(pair.other)
    screen = output()
    screen.line(f"{place}: {pair.score} of 100 speak for one person", "heading")
    screen.block(f"  {screen.wrap('; '.join(pair.evidence), 2)}")
    screen.table(list(_side_by_side(book, one, other)), _columns(one, other))
    answers = (one.id, other.id, "n", "l", "s")
    answer = choose(f"One person? {', '.join(answers)}", answers, default="l", option="--not-same")
    if answer == "s":
        return None
    if answer == "l":
        return "left for later"
    if answer == "n":
        say_not_same(book, one, other)
        return "not the same"
    into, gone = (one, other) if answer == one.id else (other, one)
    merging.merged(book, into, gone, network.merged, yes=True)
    return "merged"


def _side_by_side(book: Book, one: Contact, other: Contact) -> Iterator[tuple[str, str, str]]:
    """What is known of either, by label."""
    left, right = (dict(fields(book, view_of(book, contact))[1:]) for contact in (one, other))
    yield "name", one.name, other.name
    for label in dict.fromkeys((*left, *right)):
        values = [" | ".join(side.get(label, "").splitlines()) for side in (left, right)]
        if any(values):
            yield label, values[0], values[1]


def _columns(one: Contact, other: Contact) -> tuple[Column[tuple[str, str, str]], ...]:
    return (
        Column("", lambda row: row[0], min=4),
        Column(one.id, lambda row: row[1], priority=2, min=12),
        Column(other.id, lambda row: row[2], priority=2, min=12),
    )
