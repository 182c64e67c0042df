"""Walks: a plugin that answers every hook, each with as little as there is to it, to copy from.

It asks you to take a walk after an interview. What a hook needs stands above it, and the hooks stand in the order of
docs/reference/hooks.md, which shows each of them with what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, BinaryIO

import click

from crm_core import (
    INTERVIEW,
    Book,
    Candidate,
    Contact,
    Count,
    Entry,
    Export,
    Exporter,
    Figure,
    Hit,
    Importer,
    Interview,
    LetterKind,
    OwnedBy,
    Problem,
    Record,
    RecordKind,
    Row,
    Section,
    Spread,
    Step,
    When,
    check_row,
    day_of,
    ended_label,
    hookimpl,
    interview_label,
    mentions,
    one_line,
    pass_book,
    talk,
    told,
)


class Walk(Record, frozen=True, kw_only=True):
    """A walk after an interview, in metres; it goes when the interview is removed."""

    interview: OwnedBy[Interview]
    on: date
    length: int = 0
    note: str = ""


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """Walks, in a table of our own."""
    yield RecordKind(type=Walk, prefix="wk", label="walk", plural="walks", table="walks.walks")


class WalkSettings(Section, frozen=True, kw_only=True):
    """`days`: how many days after an interview the walk is due."""

    days: int = 1

    def check(self) -> None:
        """Refuse what the type can't, by the key."""
        if not 0 <= self.days <= 14:
            raise ValueError(f"days: {self.days} is not from 0 to 14")


@hookimpl
def crm_settings() -> type[Section]:
    """When a walk is due."""
    return WalkSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """A walk after each interview; one that was taken stays, as done."""
    for interview in book.interviews:
        due = interview.end.date() + timedelta(days=book.settings(WalkSettings).days)
        walks = book.table(Walk).where("interview", interview.id)
        yield Step(
            kind="go",
            about=interview.id,
            title="Take a walk",
            why=ended_label(book, interview),
            starts=interview.end,
            due=due,
            expires=due + timedelta(days=7),
            command="" if walks else f"crm walk {interview.id}",
            done=min((walk.on for walk in walks), default=None),
        )


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """A walk is a record, so nothing need be marked."""
    interview = book.interviews.find(step.about)
    if interview is None:
        return False
    book.table(Walk).add(Walk(interview=interview.id, on=day_of(on)))
    return True


@hookimpl
def crm_checklist(book: Book, steps: Sequence[Entry]) -> Iterable[Row]:
    """Below the ten things."""
    yield check_row(book, 11, "Take a walk", steps, nothing="the interview is still ahead")


@click.command(epilog="Example: crm walk Acme --length 3000")
@click.argument("interview", type=INTERVIEW)
@click.option("--length", type=click.IntRange(0), default=0, help="In metres.")
@click.option("--note", default="", help="What you thought of on the way.")
@pass_book
def walk(book: Book, interview: Interview, length: int, note: str) -> None:
    """Record a walk after INTERVIEW."""
    with book.change(f"a walk after {interview.id}"):
        added = book.table(Walk).add(Walk(interview=interview.id, on=book.today, length=length, note=note))
    told(added, f"Added {added.id} walk after {interview_label(book, interview)}")


@hookimpl
def crm_commands() -> Iterable[click.Command]:
    """`crm walk`; in a package rather `Command("walk", "Record a walk", target="crm_walks.cli:walk")`."""
    yield walk


INVITATION = """\
Dear {{ contact.first }},

would you come for a walk{% if company %} and tell me about {{ company }}{% endif %}? I would show you \
{{ blank("where you would go") }}.

{{ signature | join("\\n") }}
"""


@hookimpl
def crm_letters() -> Iterable[LetterKind]:
    """An invitation."""
    yield LetterKind(name="walk", label="invitation to a walk", subject="A walk?", body=INVITATION)


HEAD = b"# walkers"


def read_walkers(stream: BinaryIO) -> Iterator[Candidate | Problem]:
    """Somebody on each line below the first; what can't be read is a problem and never an exception."""
    for number, raw in enumerate(stream, start=1):
        name = raw.decode("utf-8", "replace").strip()
        if "\ufffd" in name:
            yield Problem(line=number, reason="it is no UTF-8", text=name[:80])
        elif name and not name.startswith("#"):
            yield Candidate(contact=Contact(name=name), line=number)


@hookimpl
def crm_importers() -> Iterable[Importer]:
    """People from a list of names."""
    yield Importer(
        name="walkers",
        label="Walkers, one a line",
        suffixes=(".walkers",),
        sniff=lambda head: head.startswith(HEAD),
        read=read_walkers,
    )


def write_walkers(export: Export) -> Iterator[bytes]:
    """The file, piece by piece."""
    yield HEAD + b"\n"
    for contact in export.contacts:
        yield f"{one_line(contact.name)}\n".encode()


@hookimpl
def crm_exporters() -> Iterable[Exporter]:
    """People into such a list."""
    yield Exporter(name="walkers", label="Walkers, one a line", suffix=".walkers", people=True, write=write_walkers)


@hookimpl
def crm_search(book: Book, text: str) -> Iterable[Hit]:
    """Walks on which it was thought of."""
    for found in book.table(Walk):
        if mentions(found.note, text):
            yield Hit(record=found.id, label="walk", where="note", text=found.note)


@hookimpl
def crm_summary(book: Book, since: date | None, until: date) -> Iterable[Figure]:
    """How many walks in the period, and how long."""
    lengths = [walk.length for walk in book.table(Walk) if (since or date.min) <= walk.on <= until]
    if lengths:
        long = Spread.over("length", lengths, unit="metre")
        yield Figure(title="Walks", rows=(Count(label="walks", value=len(lengths)), long))


@hookimpl
def crm_changed(book: Book) -> None:
    """How many walks there are by now: a plugin that keeps a file of them would write it here."""
    if number := len(book.table(Walk)):
        talk(f"Walks so far: {number}.")
