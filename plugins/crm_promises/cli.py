"""`crm promise`: note what you promised, see what is open, record what became of it."""

from __future__ import annotations

from datetime import date

import click
from msgspec.structs import asdict

from crm_core import (
    CONTACT,
    DATE,
    INTERVIEW,
    WHEN,
    Book,
    Column,
    Contact,
    InputError,
    Interview,
    Promise,
    UnknownName,
    When,
    day_end,
    day_of,
    interview_label,
    json_option,
    moment_of,
    pass_book,
    say_day,
    say_when,
    show,
    show_one,
    talk,
    told,
)
from crm_promises.keeping import State, due_of, give_up, keep, reliability, state_of


class Listed(Promise, frozen=True, kw_only=True):
    """A promise with how it stands, as lists and `--json` show it."""

    state: State


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm promise
  crm promise add "send the references" --to Mara --by friday
  crm promise keep p3
""",
)
@json_option
@click.pass_context
def promise(context: click.Context, *, as_json: bool) -> None:
    """What you said you would send or do, and whether you kept it; alone it lists what is open."""
    if context.invoked_subcommand is None:
        context.invoke(list_, as_json=as_json)


@promise.command(
    epilog="""\b
Examples:
  crm promise add "send the references" --to Mara --by friday
  crm promise add "call back" --interview Bluewater --by "tomorrow 10:00"
"""
)
@click.argument("text")
@click.option("--to", "contact", type=CONTACT, metavar="CONTACT", help="Whom you promised it.")
@click.option("--by", "due", type=WHEN, metavar="WHEN", help="When it is due, if a day was agreed.")
@click.option("--interview", type=INTERVIEW, metavar="INTERVIEW", help="The interview it was said in.")
@click.option("--made", type=DATE, metavar="DATE", help="When you said it; the interview's day or today by default.")
@json_option
@pass_book
def add(
    book: Book,
    *,
    text: str,
    contact: Contact | None,
    due: When | None,
    interview: Interview | None,
    made: date | None,
    as_json: bool,
) -> None:
    """Note a promise."""
    words = " ".join(text.split())
    if not words:
        raise InputError("The promise is empty", 'Say what you promised: crm promise add "send the references"')
    new = Promise(
        text=words,
        contact=contact.id if contact is not None else None,
        interview=interview.id if interview is not None else None,
        made=_made(book, made, interview),
        due=due,
    )
    _check_due(new)
    with book.change(f"promised: {words}"):
        added = book.promises.add(new)
    told(added, f"Added {added.id} {_label(book, added)}, due {_due(book, added)}", as_json=as_json)
    if not as_json:
        talk(f"When it is done: crm promise keep {added.id}")


@promise.command("list", epilog="Example: crm promise list --all --to Mara")
@click.option("--all", "everything", is_flag=True, help="Kept and broken ones too.")
@click.option("--to", "contact", type=CONTACT, metavar="CONTACT", help="Only what you promised that person.")
@json_option
@pass_book
def list_(book: Book, *, everything: bool, contact: Contact | None, as_json: bool) -> None:
    """Open promises by due date, and your record so far."""
    mine = [_listed(book, p) for p in book.promises if contact is None or p.contact == contact.id]
    shown = sorted((row for row in mine if everything or row.open), key=lambda row: _rank(book, row))
    columns = (
        Column[Listed]("id", lambda row: row.id, 5),
        Column[Listed]("state", lambda row: row.state, 3, min=9),
        Column[Listed]("due", lambda row: _due(book, row), 4, min=10),
        Column[Listed]("promise", lambda row: row.text, 5, min=16),
        Column[Listed]("to", lambda row: _name(book, row), 2),
    )
    show(shown, columns, as_json=as_json, empty="No promise is open." if mine else "No promises yet.")
    if mine and not as_json:
        talk(str(reliability(row.state for row in mine)))


@promise.command("show", epilog="Example: crm promise show p3")
@click.argument("promise_id")
@json_option
@pass_book
def show_(book: Book, *, promise_id: str, as_json: bool) -> None:
    """Show one promise."""
    row = _listed(book, _promise(book, promise_id))
    interview = book.interviews.find(row.interview)
    pairs = (
        ("id", row.id),
        ("promise", row.text),
        ("to", _name(book, row)),
        ("interview", interview_label(book, interview) if interview is not None else ""),
        ("made", say_day(row.made, book.today)),
        ("due", _due(book, row) + ("" if row.due is not None else " (no day was agreed)")),
        ("state", row.state),
        ("kept", say_when(row.kept, book.now) if row.kept is not None else ""),
        ("broken", say_day(row.broken, book.today) if row.broken is not None else ""),
    )
    show_one(row, pairs, as_json=as_json)


@promise.command("keep", epilog="Example: crm promise keep p3 --on yesterday")
@click.argument("promise_id")
@click.option("--on", type=WHEN, metavar="WHEN", help="When you kept it; now by default.")
@pass_book
def keep_(book: Book, promise_id: str, on: When | None) -> None:
    """Record that you kept a promise."""
    before = _promise(book, promise_id)
    with book.change(f"kept: {before.text}"):
        after = keep(book, before, on if on is not None else moment_of(book.now))
    late = ", late" if state_of(book, after) == "kept late" else ""
    told(after, f"Kept{late}: {after.id} {_label(book, after)}{_instead(book, before)}")


@promise.command("break", epilog="Example: crm promise break p3")
@click.argument("promise_id")
@click.option("--on", type=DATE, metavar="DATE", help="When you gave it up; today by default.")
@pass_book
def break_(book: Book, promise_id: str, on: date | None) -> None:
    """Record that you did not keep a promise, and will not."""
    before = _promise(book, promise_id)
    with book.change(f"not kept: {before.text}"):
        after = give_up(book, before, on or book.today)
    told(after, f"Not kept: {after.id} {_label(book, after)}{_instead(book, before)}")


def _promise(book: Book, text: str) -> Promise:
    found = book.promises.find(text.strip())
    if found is None:
        raise UnknownName(f"There is no promise {text[:60]!r}", "`crm promise list --all` shows them with their ids.")
    return found


def _made(book: Book, made: date | None, interview: Interview | None) -> date:
    """The day it was said: as given, else the interview's, unless that is still ahead."""
    if made is None:
        return min(book.today, day_of(interview.at)) if interview is not None else book.today
    if made > book.today:
        raise InputError(f"{made} is ahead: nothing can have been promised then", "--made is the day you said it.")
    return made


def _check_due(new: Promise) -> None:
    if new.due is not None and day_of(new.due) < new.made:
        raise InputError(
            f"The promise would be due on {day_of(new.due)}, before it was made on {new.made}",
            "Give --by a later day, or say with --made when you promised it.",
        )


def _listed(book: Book, record: Promise) -> Listed:
    return Listed(**asdict(record), state=state_of(book, record))


def _rank(book: Book, row: Listed) -> tuple[bool, float]:
    return not row.open, day_end(due_of(book, row), book.zone).timestamp()


def _label(book: Book, record: Promise) -> str:
    name = _name(book, record)
    return f"{record.text} (to {name})" if name else record.text


def _name(book: Book, record: Promise) -> str:
    contact = book.contacts.find(record.contact)
    return contact.name if contact is not None else ""


def _due(book: Book, record: Promise) -> str:
    return say_when(due_of(book, record), book.now)


def _instead(book: Book, before: Promise) -> str:
    """What the book said until now, if it said anything."""
    if before.kept is not None:
        return f"; until now it was kept {say_when(before.kept, book.now)}"
    if before.broken is not None:
        return f"; until now it was broken {say_day(before.broken, book.today)}"
    return ""
