"""`crm application`: what one has applied for, and how far it has come. The rules of stages are `pipeline.py`'s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import click
from msgspec.structs import asdict, replace

from crm_core import pipeline
from crm_core.book import Book
from crm_core.cli.context import json_option, new_option, output, pass_book, show_one, talk, told, yes_option
from crm_core.cli.dialog.guided import guided
from crm_core.cli.dialog.guides import application_questions
from crm_core.cli.given import DATE_OR_NOTHING, Newcomers, has_come, text_of_file
from crm_core.cli.lists.activity import Activity
from crm_core.cli.lists.listing import Field, Wish, last_field, list_options, show_list
from crm_core.cli.params import APPLICATION, COMPANY_NAME, DATE, FILE_NAME
from crm_core.cli.screen.output import Column
from crm_core.cli.values import WEB_ADDRESS
from crm_core.errors import InputError
from crm_core.lookup import application_label
from crm_core.records import STAGES, Application, Company, Interview, Letter, Move, Ref, Stage
from crm_core.words import say_day, say_when

T = TypeVar("T")


class ApplicationRow(Application, frozen=True, kw_only=True):
    """An application as it is listed: its record, and what follows from it and from its interviews."""

    stage: Stage = "wishlist"
    since: date | None = None
    company_name: str = ""
    next_interview: datetime | None = None
    interviews: tuple[Ref[Interview], ...] = ()
    letters: tuple[Ref[Letter], ...] = ()


@click.group(
    epilog="""\b
Examples:
  crm application add "Bluewater Robotics" "Data Engineer"
  crm application move a3 offer
"""
)
def application() -> None:
    """Applications and their stages."""


@application.command(
    epilog="""\b
Examples:
  crm application add
  crm application add "Bluewater Robotics" "Data Engineer" --source "job fair"
  crm application add Acme Analyst --stage wishlist --closes 2026-12-15
"""
)
@click.argument("company", required=False, type=COMPANY_NAME)
@click.argument("role", required=False)
@click.option("--stage", type=click.Choice(STAGES), default="applied", show_default=True, help="How far it is.")
@click.option("--on", type=DATE, metavar="DATE", help="Since when; today by default.")
@click.option("--url", type=WEB_ADDRESS, default="", metavar="ADDRESS", help="Where the posting is.")
@click.option("--source", default="", metavar="TEXT", help="How you came to know of it.")
@click.option("--closes", type=DATE, metavar="DATE", help="Until when one can apply.")
@click.option("--respond-by", type=DATE, metavar="DATE", help="Until when an offer is to be answered.")
@click.option("--cv", default="", metavar="TEXT", help="Which CV went out.")
@click.option(
    "--posting-file", type=FILE_NAME, metavar="FILE", help="A file with the posting's text; - for standard input."
)
@click.option("--note", default="", metavar="TEXT", help="Anything else.")
@click.option("--again", is_flag=True, help="Add it even if that role there is in the book and alive.")
@new_option
@json_option
@pass_book
@guided("company", "role", questions=application_questions)
def add(
    book: Book,
    /,
    company: str,
    role: str,
    stage: Stage,
    on: date | None,
    posting_file: str | None,
    again: bool,
    new: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Add an application; the company too, if it is not known.

    COMPANY and ROLE are needed. At a terminal you are asked for what you leave out if one of them is missing; Tab
    completes companies that are known.
    """
    day = on or book.today
    has_come(book, day)
    fields: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    posting = text_of_file(posting_file) if posting_file else ""
    title = _role(role)
    with book.change(f"added an application: {title[:60]} at {company[:60]}"):
        newcomers = Newcomers(book, new=new)
        employer = newcomers.company(company)
        if not again:
            _refuse_second(book, employer, title)
        wanted = Application(company=Ref(employer.id), role=title, posting=posting, **fields)
        added = pipeline.apply(book, wanted, stage, day)
    told(added, f"Added {added.id} {application_label(book, added)}: {stage} {_since(book, added)}", as_json=as_json)
    newcomers.tell()


@application.command(epilog="Example: crm application move a3 offer --respond-by friday")
@click.argument("application", type=APPLICATION)
@click.argument("stage", type=click.Choice(STAGES))
@click.option("--on", type=DATE, metavar="DATE", help="Since when; today by default.")
@click.option("--respond-by", type=DATE, metavar="DATE", help="Until when the offer is to be answered.")
@json_option
@pass_book
def move(
    book: Book, application: Application, stage: Stage, on: date | None, respond_by: date | None, as_json: bool
) -> None:
    """Record that an application came to a stage."""
    if respond_by is not None and stage != "offer":
        raise InputError("Only an offer is to be answered by a day", "Leave --respond-by out.")
    day = on or book.today
    has_come(book, day)
    with book.change(f"moved {application.id} to {stage}"):
        moved = pipeline.move(book, application, stage, day)
        if respond_by is not None:
            moved = book.applications.save(replace(moved, respond_by=respond_by))
    label = f"{moved.id} {application_label(book, moved)}"
    if moved.moves == application.moves:
        told(moved, f"{label}: {stage} {_since(book, moved)}, as before", as_json=as_json)
        if on is not None and on != moved.moves[-1].on:
            talk(f"To correct that day: crm application edit {moved.id} --move-date {moved.moves[-1].id} {on}")
        return
    told(moved, f"{label}: from {application.stage} to {stage}, {say_day(day, book.today)}", as_json=as_json)
    if as_json:
        return
    if stage == "offer" and moved.respond_by is None:
        talk(f"If it is to be answered by a day: crm application move {moved.id} offer --respond-by DATE")
    elif not moved.alive:
        talk("`crm` shows what to do next.")


@application.command(
    "list",
    epilog="""\b
Examples:
  crm application list
  crm application list --stage rejected --stage ghosted
  crm application list --since "1 nov" --sort company --columns company,cv
""",
)
@list_options(
    company="Only those there.",
    tag="Only those at companies with that tag",
    stage="Only those at that stage",
    since="Only those that moved, or had an interview, on that day or after.",
)
@click.option("--all", "everything", is_flag=True, help="Those that have ended, too.")
@json_option
@pass_book
def list_(book: Book, wish: Wish, everything: bool, as_json: bool) -> None:
    """List the applications that are alive, the latest move first."""
    activity = Activity(book)
    found = [a for a in book.applications if wish.company is None or a.company == wish.company.id]
    found = [a for a in found if wish.tagged(tags_of(book, a)) and wish.lately(activity.of_application(a))]
    chosen = [a for a in found if (a.stage in wish.stages if wish.stages else everything or a.alive)]
    rows = sorted((_row(book, a) for a in chosen), key=lambda row: row.since or date.min, reverse=True)
    last: Field[ApplicationRow] = last_field("last news", book, activity.of_application)
    empty = "No application is found by that." if wish.narrowed else "No application: crm application add COMPANY ROLE"
    show_list(rows, (*_fields(book), last), wish, as_json=as_json, empty=empty)
    hidden = len(found) - len(chosen)
    if hidden and not wish.stages:
        talk(f"{hidden:,} more {'has' if hidden == 1 else 'have'} ended: crm application list --all")


@application.command("show", epilog="Example: crm application show Bluewater")
@click.argument("application", type=APPLICATION)
@json_option
@pass_book
def show_(book: Book, application: Application, as_json: bool) -> None:
    """Show an application: its stages, interviews and letters."""
    row = _row(book, application)
    pairs = (
        ("application", f"{row.id} {row.role}"),
        ("company", f"{row.company} {row.company_name}"),
        ("stage", f"{row.stage}{f' since {_day(book, row.since)}' if row.since else ''}"),
        ("posting", row.url),
        ("source", row.source),
        ("closes", _day(book, row.closes)),
        ("answer by", _day(book, row.respond_by)),
        ("CV", row.cv),
        ("note", row.note),
    )
    show_one(row, pairs, as_json=as_json)
    if not as_json:
        _show_history(book, row)


@application.command(
    epilog="""\b
Examples:
  crm application edit a3 --role "Senior Data Engineer"
  crm application edit a3 --move-date m5 2026-11-20
"""
)
@click.argument("application", type=APPLICATION)
@click.option("--role", help="What the role is called.")
@click.option("--url", type=WEB_ADDRESS, metavar="ADDRESS", help="Where the posting is.")
@click.option("--source", metavar="TEXT", help="How you came to know of it.")
@click.option("--closes", type=DATE_OR_NOTHING, metavar="DATE", help="Until when one can apply.")
@click.option("--respond-by", type=DATE_OR_NOTHING, metavar="DATE", help="Until when an offer is to be answered.")
@click.option("--cv", metavar="TEXT", help="Which CV went out.")
@click.option(
    "--posting-file", type=FILE_NAME, metavar="FILE", help="A file with the posting's text; - for standard input."
)
@click.option("--note", metavar="TEXT", help="Anything else.")
@click.option(
    "--move-date",
    "days",
    type=(str, DATE),
    multiple=True,
    metavar="MOVE DATE",
    help="When it really came to a stage; crm application show lists the moves.",
)
@json_option
@pass_book
def edit(
    book: Book,
    /,
    application: Application,
    posting_file: str | None,
    days: Sequence[tuple[str, date]],
    as_json: bool,
    **given: Any,
) -> None:
    """Correct an application. An empty text or date takes away what is there."""
    fields: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in given.items() if value is not None
    }
    for name in ("closes", "respond_by"):
        if name in fields:
            fields[name] = fields[name] or None
    if "role" in fields:
        fields["role"] = _role(fields["role"])
    if posting_file is not None:
        fields["posting"] = text_of_file(posting_file) if posting_file else ""
    if not fields and not days:
        raise InputError("There is nothing to change", "Say what, for example --role; --help lists all of it.")
    for _, day in days:
        has_come(book, day)
    with book.change(f"edited {application.id}"):
        changed = book.applications.save(replace(application, **fields))
        changed = pipeline.redate(book, changed, dict(days))
    told(changed, f"Changed {changed.id} {application_label(book, changed)}", as_json=as_json)


@application.command(epilog="Example: crm application remove a3")
@click.argument("application", type=APPLICATION)
@yes_option
@pass_book
def remove(book: Book, application: Application, yes: bool) -> None:
    """Remove an application with its interviews. One that has ended is moved to how it ended instead."""
    from crm_core.cli.removal import removed

    removed(book, application, application_label(book, application), yes=yes)


def _role(text: str) -> str:
    role = " ".join(text.split())
    if not role:
        raise InputError("The role is empty", f"If you don't know it yet, call it {pipeline.UNKNOWN_ROLE}.")
    return role


def _refuse_second(book: Book, company: Company, role: str) -> None:
    known = pipeline.live_applications(book, company, role)
    if known:
        first = known[0]
        raise InputError(
            f"{first.id} {application_label(book, first)} is in the book already, {first.stage} {_since(book, first)}",
            f"To record how far it is: `crm application move {first.id} STAGE`. For another of that name: --again.",
        )


def tags_of(book: Book, application: Application) -> tuple[str, ...]:
    """The tags of its company."""
    company = book.companies.find(application.company)
    return company.tags if company is not None else ()


def _row(book: Book, application: Application) -> ApplicationRow:
    company = book.companies.find(application.company)
    interviews = pipeline.interviews_of(book, application)
    ahead = pipeline.next_ahead(interviews, book.now)
    letters = dict.fromkeys(letter.id for letter in letters_of(book, application, interviews))
    return ApplicationRow(
        **asdict(application),
        stage=application.stage,
        since=application.moves[-1].on if application.moves else None,
        company_name=company.name if company else "",
        next_interview=ahead.start if ahead else None,
        interviews=tuple(interview.id for interview in interviews),
        letters=tuple(letters),
    )


def letters_of(book: Book, application: Application, interviews: Sequence[Interview]) -> Iterator[Letter]:
    """The letters about an application and about these interviews in it; one about both comes twice."""
    yield from book.letters.where("application", application.id)
    for interview in interviews:
        yield from book.letters.where("interview", interview.id)


def _fields(book: Book) -> tuple[Field[ApplicationRow], ...]:
    """What a list of applications can show."""
    return (
        Field(Column("id", lambda row: row.id, priority=4, min=3)),
        Field(Column("company", lambda row: row.company_name, priority=4, min=10)),
        Field(Column("role", lambda row: row.role, priority=4, min=10)),
        Field(Column("stage", lambda row: row.stage, priority=3, min=12), lambda row: STAGES.index(row.stage)),
        Field(Column("since", lambda row: _day(book, row.since), priority=2, min=10), lambda row: row.since),
        Field(
            Column("next interview", lambda row: _on_my_clock(book, row.next_interview), priority=3, min=17),
            lambda row: row.next_interview,
        ),
        Field(Column("source", lambda row: row.source, priority=1)),
        Field(
            Column("applied", lambda row: _day(book, pipeline.sent_on(row)), priority=2, min=10),
            pipeline.sent_on,
            usual=False,
        ),
        Field(Column("closes", lambda row: _day(book, row.closes), min=10), lambda row: row.closes, usual=False),
        Field(
            Column("answer by", lambda row: _day(book, row.respond_by), min=10), lambda row: row.respond_by, usual=False
        ),
        Field(
            Column("interviews", lambda row: str(len(row.interviews)), right=True),
            lambda row: len(row.interviews),
            usual=False,
        ),
        Field(Column("CV", lambda row: row.cv), usual=False),
        Field(Column("posting", lambda row: row.url), usual=False),
        Field(Column("note", lambda row: row.note), usual=False),
    )


def _day(book: Book, day: date | None) -> str:
    return say_day(day, book.today) if day else ""


def _on_my_clock(book: Book, start: datetime | None) -> str:
    return say_when(start.astimezone(book.zone), book.now) if start else ""


def _since(book: Book, application: Application) -> str:
    since = application.moves[-1].on
    return "since today" if since == book.today else f"since {say_day(since, book.today)}"


def section(title: str, rows: Sequence[T], columns: Sequence[Column[T]]) -> None:
    """A heading with a table under it; nothing where there is no row."""
    if rows:
        output().line()
        output().line(title, "heading")
        output().table(rows, columns)


def letter_columns(book: Book) -> tuple[Column[Letter], ...]:
    """How letters are listed under what they are about."""
    return (
        Column("id", lambda letter: letter.id, priority=2, min=3),
        Column("kind", lambda letter: letter.kind, priority=2),
        Column("to", lambda letter: book.contacts.get(letter.contact).name, priority=1),
        Column("sent", lambda letter: say_when(letter.sent, book.now) if letter.sent else "not yet", priority=1),
    )


def _show_history(book: Book, row: ApplicationRow) -> None:
    moves: tuple[Column[Move], ...] = (
        Column("id", lambda move: move.id, priority=1, min=3),
        Column("stage", lambda move: move.stage, priority=1),
        Column("on", lambda move: say_day(move.on, book.today)),
    )
    interviews: tuple[Column[Interview], ...] = (
        Column("id", lambda interview: interview.id, priority=2, min=3),
        Column("when", lambda interview: say_when(interview.at, book.now), priority=2, min=17),
        Column("kind", lambda interview: interview.kind),
        Column("outcome", lambda interview: interview.outcome or "", priority=1),
    )
    section("Stages", row.moves, moves)
    section("Interviews", [book.interviews.get(id_) for id_ in row.interviews], interviews)
    section("Letters", [book.letters.get(id_) for id_ in row.letters], letter_columns(book))
    if row.posting:
        output().line()
        output().line("Posting", "heading")
        output().block(output().wrap(row.posting))
