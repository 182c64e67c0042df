"""`crm bridges`: whom to come back to and when, the letters for it, and a look at their words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click
import msgspec

from crm_bridges.cadence import rejection
from crm_bridges.letters import GRACIOUS, REOPENED, RETURN, WITHDRAW, kind
from crm_bridges.people import People
from crm_bridges.records import Reopening
from crm_bridges.steps import bridge_steps
from crm_bridges.wording import Finding, findings
from crm_core import (
    APPLICATION,
    CONTACT,
    DATE,
    LETTER,
    Application,
    Book,
    Column,
    Contact,
    InputError,
    Letter,
    Step,
    accepted_offer,
    again_option,
    by_option,
    day_of,
    draft_or_open,
    json_option,
    open_letter,
    pass_book,
    say_day,
    show,
    show_draft,
    talk,
    told,
)

_LETTER_FOR = {"thank": GRACIOUS, "return": RETURN, "reopened": REOPENED, "tell": WITHDRAW}
_WHAT_FOR = {letter: step for step, letter in _LETTER_FOR.items()}
_WHAT = {"thank": "thank them", "return": "come back", "reopened": "role open again", "tell": "tell them"}
_ORDER = ("tell", "thank", "reopened", "return")


class Bridge(msgspec.Struct, frozen=True, kw_only=True):
    """What is next with a person, as the list and `--json` show it; `contact` is None where nobody is known."""

    contact: str | None
    name: str
    application: str
    company: str
    what: str
    due: date
    last: date | None


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm bridges
  crm bridges write a3
  crm bridges reopened a3 --source "Mara told me"
""",
)
@json_option
@click.pass_context
def bridges(context: click.Context, *, as_json: bool) -> None:
    """People to come back to after a no, and when."""
    if context.invoked_subcommand is None:
        _list(as_json=as_json)


@bridges.command(
    epilog="""\b
Examples:
  crm bridges write a3
  crm bridges write Bluewater --contact "Mara Lindqvist" --by message
"""
)
@click.argument("application", type=APPLICATION)
@click.option("--contact", type=CONTACT, metavar="CONTACT", help="To whom; the lead interviewer if you don't say.")
@click.option("--as", "wanted", type=click.Choice(list(_WHAT_FOR)), help="Which letter, if another than is called for.")
@by_option
@again_option
@json_option
@pass_book
def write(
    book: Book,
    *,
    application: Application,
    contact: Contact | None,
    wanted: str | None,
    channel: str | None,
    again: bool,
    as_json: bool,
) -> None:
    """Draft the letter that is called for. That is thanks for a decision, a word after months, or a kind no.

    APPLICATION is an id, a role or a company. The letter's words are checked; nothing is sent.
    """
    step = _next_with(book, application, contact, wanted)
    name = wanted or _letter_for(book, application, step)
    person = contact or _person(book, application, step)
    # A letter that was sent for an earlier occasion is not the one that is asked for now.
    anew = step is not None and open_letter(book, name, person, None, application) is None
    drafted = draft_or_open(book, kind(name), person, None, application, channel=channel, again=again or anew)
    show_draft(book, drafted, as_json=as_json)
    if not as_json:
        _warn(drafted.letter)
        if name == WITHDRAW:
            talk(f"When it is sent: crm application move {application.id} withdrawn")


@bridges.command(epilog="Example: crm bridges check l4")
@click.argument("letter", type=LETTER)
@json_option
def check(*, letter: Letter, as_json: bool) -> None:
    """Look for words in a letter that burn bridges. It warns, and changes nothing.

    LETTER is an id, or a person's name for the newest letter to them.
    """
    columns = (
        Column[Finding]("line", lambda row: str(row.line) if row.line else "subject", 2),
        Column[Finding]("words", lambda row: row.phrase, 3, min=10),
        Column[Finding]("instead", lambda row: row.instead, 3, min=20),
    )
    show(findings(letter), columns, as_json=as_json, empty=f"Nothing in {letter.id} burns a bridge.")


@bridges.command(
    epilog="""\b
Examples:
  crm bridges reopened a3
  crm bridges reopened Bluewater --on yesterday --source "Mara told me"
"""
)
@click.argument("application", type=APPLICATION)
@click.option("--on", type=DATE, metavar="DATE", help="Since when you know it; today by default.")
@click.option("--source", default="", metavar="TEXT", help="From whom or where you know it.")
@json_option
@pass_book
def reopened(book: Book, *, application: Application, on: date | None, source: str, as_json: bool) -> None:
    """Note that a role for which you were rejected is open again."""
    no = rejection(application)
    if no is None:
        raise InputError(
            f"{application.id} stands at {application.stage}: it was not rejected",
            f"If it goes on: crm application move {application.id} STAGE. `crm application list --all` shows them all.",
        )
    day = on or book.today
    if not no.on <= day <= book.today:
        raise InputError(
            f"{day} is {'ahead' if day > book.today else 'before the rejection'}",
            f"Give a day from {no.on}, when you were rejected, to today.",
        )
    new = Reopening(application=application.id, on=day, source=" ".join(source.split()))
    known = next((r for r in book.table(Reopening).where("application", application.id) if r.on == day), None)
    if known is not None:
        raise InputError(f"{known.id} says so already", f"Write to them: crm bridges write {application.id}")
    with book.change(f"the role of {application.id} is open again"):
        added = book.table(Reopening).add(new)
    company = book.companies.find(application.company)
    where = f"{application.role} at {company.name}" if company is not None else application.role
    told(added, f"Added {added.id} {where} is open again, {say_day(day, book.today)}", as_json=as_json)
    if not as_json:
        talk(f"Next: crm bridges write {application.id}")


@pass_book
def _list(book: Book, *, as_json: bool) -> None:
    columns = (
        Column[Bridge]("id", lambda row: row.contact or row.application, 4),
        Column[Bridge]("who", lambda row: row.name or "(nobody known)", 5, min=10),
        Column[Bridge]("company", lambda row: f"{row.company} ({row.application})", 3, min=10),
        Column[Bridge]("what", lambda row: row.what, 4),
        Column[Bridge]("due", lambda row: say_day(row.due, book.today), 5, min=9),
        Column[Bridge]("last in touch", lambda row: say_day(row.last, book.today) if row.last else "", 2),
    )
    rows = _bridges(book)
    show(rows, columns, as_json=as_json, empty="There is nobody to come back to.")
    if rows and not as_json:
        talk(f"Write: crm bridges write {rows[0].application}")


def _bridges(book: Book) -> list[Bridge]:
    """What is next with each person of each application, the earliest due first."""
    people = People(book)
    rows: dict[tuple[str | None, str | None], Bridge] = {}
    for step in sorted(_open(book), key=lambda step: (day_of(step.due), step.title)):
        rows.setdefault((step.about, step.person), _bridge(book, people, step))
    return list(rows.values())


def _bridge(book: Book, people: People, step: Step) -> Bridge:
    contact, application = book.contacts.find(step.person), book.applications.find(step.about)
    company = book.companies.find(application.company) if application is not None else None
    touches = people.touches(contact) if contact is not None else []
    return Bridge(
        contact=contact.id if contact is not None else None,
        name=contact.name if contact is not None else "",
        application=application.id if application is not None else "",
        company=company.name if company is not None else "",
        what=_WHAT[step.kind],
        due=day_of(step.due),
        last=day_of(touches[-1].on) if touches else None,
    )


def _open(book: Book) -> list[Step]:
    return [step for step in bridge_steps(book) if step.done is None]


def _next_with(book: Book, application: Application, contact: Contact | None, wanted: str | None) -> Step | None:
    """What is called for now: thanks before all else, a role that is open again before a return that has begun."""
    about = [step for step in _open(book) if step.about == application.id and day_of(step.starts) <= book.today]
    if wanted is not None:
        about = [step for step in about if _LETTER_FOR[step.kind] == wanted]
    mine = [step for step in about if contact is None or step.person in {contact.id, None} or step.kind == "tell"]
    return min(mine, key=_rank, default=None)


def _rank(step: Step) -> tuple[int, date]:
    return _ORDER.index(step.kind), day_of(step.due)


def _letter_for(book: Book, application: Application, step: Step | None) -> str:
    """The letter for a step; without one, a word to somebody who was thanked already, or who would wait for a no."""
    if step is not None:
        return _LETTER_FOR[step.kind]
    if rejection(application) is not None:
        return RETURN
    if application.alive and accepted_offer(book) is not None:
        return WITHDRAW
    raise InputError(
        f"{application.id} stands at {application.stage}: there is no bridge to keep",
        "Letters are for after a rejection, and for those to tell when you accepted an offer.",
    )


def _person(book: Book, application: Application, step: Step | None) -> Contact:
    found = book.contacts.find(step.person) if step is not None else None
    contact = found or People(book).first(application)
    if contact is None:
        raise InputError(
            f"You know nobody behind {application.id}",
            f'Say to whom: crm bridges write {application.id} --contact NAME; crm contact add "NAME" adds somebody.',
        )
    return contact


def _warn(letter: Letter) -> None:
    found: Sequence[Finding] = findings(letter)
    for finding in found:
        where = f"line {finding.line}" if finding.line else "the subject"
        talk(f'"{finding.phrase}" in {where}: {finding.instead}')
