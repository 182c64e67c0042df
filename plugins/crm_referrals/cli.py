"""`crm referral`: who can put in a word, the letter that asks them, and what became of it."""

from __future__ import annotations

import shlex
from datetime import date
from typing import Any

import click
import msgspec
from msgspec.structs import asdict

from crm_core import (
    APPLICATION,
    COMPANY,
    CONTACT,
    DATE,
    Application,
    Book,
    Column,
    Company,
    Contact,
    InputError,
    UnknownName,
    again_option,
    application_label,
    by_option,
    draft_or_open,
    json_option,
    pass_book,
    say_day,
    show,
    show_draft,
    talk,
    told,
)
from crm_referrals.asking import Network, asked_before, asks_of, interviewers, record
from crm_referrals.letter import referral_request
from crm_referrals.records import Ask, State


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A path as a list and `--json` show it; `asked` is how it stands with the person, empty if nobody asked."""

    contact: str
    name: str
    kind: str
    proof: str
    via: str | None
    via_name: str
    closeness: int
    last: date | None
    asked: str


class Listed(Ask, frozen=True, kw_only=True):
    """A request with the names in it, as a list and `--json` show it."""

    name: str
    what: str


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm referral
  crm referral paths Acme
  crm referral ask Acme "Ana Silva"
""",
)
@json_option
@click.pass_context
def referral(context: click.Context, *, as_json: bool) -> None:
    """Who in your network can put in a word for you, and whom you asked; alone it lists those."""
    if context.invoked_subcommand is None:
        context.invoke(list_, as_json=as_json)


@referral.command(
    epilog="""\b
Examples:
  crm referral paths "Bluewater Robotics"
  crm referral paths a3 --json
"""
)
@click.argument("where", metavar="COMPANY|APPLICATION")
@json_option
@pass_book
def paths(book: Book, where: str, *, as_json: bool) -> None:
    """Everybody through whom you get to a company. The closest come first, each with how you know."""
    company, applications = _meant(book, where)
    rows = _found(book, company, applications)
    columns = (
        Column[Found]("id", lambda row: row.contact, 5),
        Column[Found]("name", lambda row: row.name, 4, min=12),
        Column[Found]("how", lambda row: row.proof, 4, min=24),
        Column[Found]("last contact", lambda row: say_day(row.last, book.today) if row.last else "", 1),
        Column[Found]("state", lambda row: row.asked, 2),
    )
    nobody = (
        f"Nobody in your book works or worked at {company.name}, worked with an interviewer, or knows somebody there."
    )
    show(rows, columns, as_json=as_json, empty=nobody)
    free = next((row for row in rows if not row.asked), None)
    if as_json or free is None:
        return
    live = next((application for application in applications if application.alive), None)
    if live is not None:
        talk(f"Next:  crm referral ask {live.id} {free.contact}")
    elif not company.id:
        said = shlex.quote(company.name)  # it is to be pasted into a shell
        talk(f"{company.name} has no record yet. When you apply: crm application add {said} ROLE")


@referral.command(
    epilog="""\b
Examples:
  crm referral ask Bluewater "Ana Silva"
  crm referral ask a3 c12 --by message
"""
)
@click.argument("application", type=APPLICATION)
@click.argument("contact", type=CONTACT)
@by_option
@again_option
@json_option
@pass_book
def ask(
    book: Book, *, application: Application, contact: Contact, channel: str | None, again: bool, as_json: bool
) -> None:
    """Draft the letter that asks for a word. CONTACT is to put it in for APPLICATION."""
    company = book.companies.get(application.company)
    if contact.id in interviewers(book, company):
        raise InputError(
            f"{contact.name} interviews you at {company.name}: they decide, and are not asked to put in a word",
            f"`crm referral paths {company.id}` shows who else there is.",
        )
    drafted = draft_or_open(book, referral_request(), contact, application=application, channel=channel, again=again)
    show_draft(book, drafted, as_json=as_json)
    if as_json:
        return
    for line in _remarks(book, application, contact, company):
        talk(line)
    if drafted.state != "sent":
        talk(f"Asked by other means: crm referral asked {application.id} {contact.id}")


def _recording(state: State, help_: str) -> None:
    """Make the command that records a state; the four are alike."""

    @referral.command(state, help=help_, epilog=f'Example: crm referral {state} Bluewater "Ana Silva" --on yesterday')
    @click.argument("application", type=APPLICATION)
    @click.argument("contact", type=CONTACT)
    @click.option("--on", type=DATE, metavar="DATE", help="When; today by default.")
    @click.option("--note", default="", metavar="TEXT", help="What they said.")
    @json_option
    @pass_book
    def _(book: Book, *, application: Application, contact: Contact, on: date | None, note: str, as_json: bool) -> None:
        before = asked_before(book, application, contact)
        what = f"{contact.name}, {application_label(book, application)}"
        with book.change(f"{state}: {what}"):
            made = record(book, application, contact, state, on or book.today, " ".join(note.split()))
        told(
            made,
            f"{state.capitalize()} {say_day(made.on, book.today)}: {made.id} {what}{_instead(book, before, made)}",
            as_json=as_json,
        )
        if not as_json:
            _say_next(made)


_recording("asked", "Record that you asked somebody to put in a word.")
_recording("agreed", "Record that they will put in a word.")
_recording("spoke", "Record that they did put in a word.")
_recording("declined", "Record that they would rather not. The next best is proposed then.")


@referral.command("list", epilog="Example: crm referral list --json")
@json_option
@pass_book
def list_(book: Book, *, as_json: bool) -> None:
    """Whom you asked for which application, and how it stands."""
    rows = [
        _listed(book, made, application) for application in book.applications for made in asks_of(book, application)
    ]
    columns = (
        Column[Listed]("id", lambda row: row.id, 3),
        Column[Listed]("state", lambda row: row.state, 5, min=8),
        Column[Listed]("on", lambda row: say_day(row.on, book.today), 4),
        Column[Listed]("who", lambda row: row.name, 5, min=12),
        Column[Listed]("for", lambda row: row.what, 4, min=16),
        Column[Listed]("note", lambda row: row.note, 1),
    )
    ordered = sorted(rows, key=lambda row: (row.on, row.name), reverse=True)
    show(
        ordered, columns, as_json=as_json, empty="Nobody was asked yet: `crm referral paths COMPANY` says who could be."
    )


def _meant(book: Book, text: str) -> tuple[Company, list[Application]]:
    """The company of that name, or that of that application; a name that is only printed on people's cards will do."""
    application = book.applications.find(text.strip())
    if application is not None:
        return book.companies.get(application.company), [application]
    company = _converted(COMPANY, text)
    if company is None:
        application = _converted(APPLICATION, text)
        if application is not None:
            return book.companies.get(application.company), [application]
        company = Company(name=" ".join(text.split()))
        if next(Network(book).paths(company), None) is None:
            raise UnknownName(
                f"There is no company or application {text[:60]!r}, and nobody in your book works there",
                "`crm company list` shows the companies that have a record.",
            )
        return company, []
    return company, book.applications.where("company", company.id)


def _converted(kind: Any, text: str) -> Any:
    """The record that is meant, or None where nothing goes by that name; several are the user's to choose from."""
    try:
        return kind.convert(text, None, None)
    except UnknownName:
        return None


def _found(book: Book, company: Company, applications: list[Application]) -> list[Found]:
    asked = {made.contact: made.state for application in applications for made in asks_of(book, application)}
    return [
        Found(
            contact=path.person.id,
            name=path.person.name,
            kind=path.kind,
            proof=path.proof,
            via=path.via.id if path.via is not None else None,
            via_name=path.via.name if path.via is not None else "",
            closeness=path.closeness,
            last=path.last,
            asked=asked.get(path.person.id, ""),
        )
        for path in Network(book).paths(company)
    ]


def _remarks(book: Book, application: Application, contact: Contact, company: Company) -> list[str]:
    """What is to be known before the letter goes out."""
    known = next((path for path in Network(book).paths(company) if path.person.id == contact.id), None)
    if known is None:
        said = [f"Your book does not say what {contact.name} has to do with {company.name}."]
    else:
        said = [f"{contact.name} {known.proof}"]
    before = asked_before(book, application, contact)
    if before is not None:
        said.append(
            f"{contact.name} was asked {say_day(before.asked, book.today)} already, and it stands: {before.state}."
        )
    if not application.alive:
        said.append(f"The application has ended: {application.stage}.")
    return said


def _instead(book: Book, before: Ask | None, made: Ask) -> str:
    """What was recorded until now, if that was something else."""
    if before is None or (before.state, before.on) == (made.state, made.on):
        return ""
    return f"; until now: {before.state} {say_day(before.on, book.today)}"


def _say_next(made: Ask) -> None:
    if made.state == "asked":
        talk(f"When they answer: crm referral agreed {made.application} {made.contact}   (or declined)")
    elif made.state == "agreed":
        talk(f"When they have spoken: crm referral spoke {made.application} {made.contact}")
    elif made.state == "declined":
        talk(f"Who else: crm referral paths {made.application}")


def _listed(book: Book, made: Ask, application: Application) -> Listed:
    contact = book.contacts.find(made.contact)
    name = contact.name if contact is not None else ""
    return Listed(**asdict(made), name=name, what=application_label(book, application))
