"""`crm interview`: interviews as they are set, held and decided. The rules they keep are `pipeline.py`'s."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import click
from msgspec.structs import replace

from crm_core import lookup, pipeline, words
from crm_core.book import Book
from crm_core.cli.application import letter_columns, section, tags_of
from crm_core.cli.context import json_option, new_option, pass_book, show_one, talk, told, yes_option
from crm_core.cli.dialog.guided import guided
from crm_core.cli.dialog.guides import interview_questions
from crm_core.cli.given import DATE_OR_NOTHING, Newcomers, has_come
from crm_core.cli.lists.interview_rows import fields_of, row_of
from crm_core.cli.lists.listing import Wish, list_options, show_list
from crm_core.cli.note import note_columns
from crm_core.cli.params import COMPANY_NAME, CONTACT_NAME, DATE, INTERVIEW, LENGTH, ONE_INTERVIEW
from crm_core.cli.screen.output import Column
from crm_core.dates import Moment, zone_named
from crm_core.errors import InputError
from crm_core.records import OUTCOMES, Application, Company, Interview, Outcome, Promise, Question, Ref, Seat
from crm_core.words import say_day, say_when

FAR: Final = timedelta(days=366)
"""An interview further away than this is more likely to be a slip in the year."""

_CLOCK_ONLY: Final = re.compile(r"(?:at )?\d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?", re.IGNORECASE | re.ASCII)


@click.group(
    epilog="""\b
Examples:
  crm interview log Acme --at "yesterday 14:00" --with Mara
  crm interview outcome Acme next-round
"""
)
def interview() -> None:
    """Interviews: log, correct, record the outcome."""


@interview.command(
    epilog="""\b
Examples:
  crm interview log
  crm interview log Bluewater --at "yesterday 14:00" --with "Mara Lindqvist"
  crm interview log Acme --at "friday 9:30" --role Analyst --kind video
  crm interview log a3 --at "2026-12-01 16:00" --hear-by 2026-12-08
"""
)
@click.argument("company", required=False, type=COMPANY_NAME)
@click.option("--at", metavar="WHEN", help="Day and time, as in: friday 14:00.")
@click.option("--role", default="", help="For which role, where there are several.")
@click.option("--length", type=LENGTH, default="60m", show_default=True, metavar="LENGTH", help="How long.")
@click.option("--tz", metavar="ZONE", help="The time zone that --at is meant in; yours by default.")
@click.option("--kind", default="", metavar="TEXT", help="Phone, video, on site, or as you call it.")
@click.option("--round", type=click.IntRange(1, 99), metavar="N", help="The first, second ... interview.")
@click.option(
    "--with", "people", type=CONTACT_NAME, multiple=True, metavar="NAME", help="Who interviews you; once for each."
)
@click.option("--lead", type=CONTACT_NAME, metavar="NAME", help="Who leads it; the first by default.")
@click.option("--hear-by", type=DATE, metavar="DATE", help="By when they said you will hear.")
@click.option("--hear-how", default="", metavar="TEXT", help="How they said you will hear.")
@click.option("--note", default="", metavar="TEXT", help="Anything else.")
@new_option
@json_option
@pass_book
@guided("company", "at", questions=interview_questions)
def log(
    book: Book,
    /,
    company: str,
    at: str,
    role: str,
    tz: str | None,
    people: Sequence[str],
    lead: str | None,
    new: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Log an interview, ahead or held. COMPANY may be an application's id; what is not known is added.

    COMPANY and --at are needed. At a terminal you are asked for what you leave out if one of them is missing; Tab
    completes companies and people that are known.
    """
    moment = words.read_moment(at, book.now, zone_named(tz) if tz else None)
    fields: dict[str, Any] = _stripped(given)
    with book.change(f"logged an interview: {company[:60]}"):
        newcomers = Newcomers(book, new=new)
        application = _application(book, newcomers, company, role, moment)
        employer = book.companies.get(application.company)
        panel = _with_people(newcomers, employer, (), people, lead)
        wanted = Interview(application=Ref(application.id), at=moment, panel=panel, **fields)
        added = pipeline.log_interview(book, application, wanted)
    told(added, f"Added {added.id} {lookup.interview_label(book, added)}{_with(book, added)}", as_json=as_json)
    for remark in _remarks(book, added):
        talk(remark)
    newcomers.tell()
    stage = book.applications.get(application.id).stage
    if stage != application.stage and not as_json:
        talk(f"{application.id} went from {application.stage} to {stage}")
    if added.end <= book.now and not as_json:
        talk("`crm` shows what to do next.")


@interview.command(
    "list",
    epilog="""\b
Examples:
  crm interview list --ahead
  crm interview list --company Bluewater
""",
)
@list_options(
    company="Only those there.",
    tag="Only those at companies with that tag",
    stage="Only those in applications at that stage",
    since="Only those on that day or after.",
)
@click.option("--ahead", is_flag=True, help="Only those that have not ended.")
@click.option("--past", is_flag=True, help="Only those that have ended.")
@json_option
@pass_book
def list_(book: Book, wish: Wish, ahead: bool, past: bool, as_json: bool) -> None:
    """List interviews, the earliest first."""
    wanted = {
        application.id
        for application in book.applications
        if (wish.company is None or application.company == wish.company.id)
        and wish.at(application.stage)
        and wish.tagged(tags_of(book, application))
    }
    found = [i for i in book.interviews if i.application in wanted and wish.lately(i.at.local.date())]
    rows = sorted((row_of(book, interview) for interview in found), key=lambda row: row.start)
    if ahead != past:
        rows = [row for row in rows if (row.end > book.now) == ahead]
    narrowed = wish.narrowed or ahead != past
    empty = "No interview is found by that." if narrowed else "No interview: crm interview log COMPANY --at WHEN"
    show_list(rows, fields_of(book), wish, as_json=as_json, empty=empty)


@interview.command("show", epilog="Example: crm interview show i3")
@click.argument("interview", type=ONE_INTERVIEW)
@json_option
@pass_book
def show_(book: Book, interview: Interview, as_json: bool) -> None:
    """Show an interview and all that hangs on it."""
    row = row_of(book, interview)
    application = book.applications.get(interview.application)
    pairs = (
        ("interview", row.id),
        ("application", f"{application.id} {row.role}, {application.stage}"),
        ("company", f"{application.company} {row.company_name}"),
        ("begins", say_when(row.start, book.now)),
        ("ends", f"{say_when(row.end, book.now)}, after {row.length} minutes"),
        ("kind", row.kind),
        ("round", str(row.round or "")),
        ("with", "\n".join(_panel(book, interview))),
        ("news by", _day(book, row.hear_by)),
        ("news comes", row.hear_how),
        ("outcome", f"{row.outcome}, {_day(book, row.outcome_on)}" if row.outcome else ""),
        ("note", row.note),
    )
    show_one(row, pairs, as_json=as_json)
    if not as_json:
        _show_what_hangs_on(book, interview)


@interview.command(
    epilog="""\b
Examples:
  crm interview edit i3 --at "friday 15:00"
  crm interview edit i3 --with "Jon Abara" --without "Mara Lindqvist"
"""
)
@click.argument("interview", type=ONE_INTERVIEW)
@click.option("--at", metavar="WHEN", help="Day and time; a day alone keeps the time, a time alone the day.")
@click.option("--tz", metavar="ZONE", help="The time zone that it is meant in.")
@click.option("--length", type=LENGTH, metavar="LENGTH", help="How long.")
@click.option("--kind", metavar="TEXT", help="Phone, video, on site, or as you call it.")
@click.option("--round", type=click.IntRange(0, 99), metavar="N", help="The first, second ...; 0 takes it away.")
@click.option(
    "--with", "people", type=CONTACT_NAME, multiple=True, metavar="NAME", help="Who interviews you, too; once for each."
)
@click.option("--without", type=CONTACT_NAME, multiple=True, metavar="NAME", help="Who does not; once for each.")
@click.option("--lead", type=CONTACT_NAME, metavar="NAME", help="Who leads it.")
@click.option("--hear-by", type=DATE_OR_NOTHING, metavar="DATE", help="By when they said you will hear.")
@click.option("--hear-how", metavar="TEXT", help="How they said you will hear.")
@click.option("--note", metavar="TEXT", help="Anything else.")
@new_option
@json_option
@pass_book
def edit(
    book: Book,
    /,
    interview: Interview,
    at: str | None,
    tz: str | None,
    people: Sequence[str],
    without: Sequence[str],
    lead: str | None,
    new: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Correct an interview. An empty text or date takes away what is there."""
    fields: dict[str, Any] = _stripped({name: value for name, value in given.items() if value is not None})
    fields |= {name: fields[name] or None for name in ("hear_by", "round") if name in fields}
    if not (fields or at or tz or people or without or lead):
        raise InputError("There is nothing to change", "Say what, for example --at; --help lists all of it.")
    moment, kept = _moment(book, interview, at, tz)
    with book.change(f"edited {interview.id}"):
        newcomers = Newcomers(book, new=new)
        gone = {lookup.panelist_named(book, interview, name).id for name in without}
        staying = tuple(seat for seat in interview.panel if seat.contact not in gone)
        employer = book.companies.find(book.applications.get(interview.application).company)
        panel = _with_people(newcomers, employer, staying, people, lead)
        changed = book.interviews.save(replace(interview, at=moment, panel=panel, **fields))
    told(
        changed, f"Changed {changed.id} {lookup.interview_label(book, changed)}{_with(book, changed)}", as_json=as_json
    )
    for remark in (kept, *_remarks(book, changed)):
        if remark:
            talk(remark)
    newcomers.tell()


@interview.command(epilog="Example: crm interview remove i3")
@click.argument("interview", type=ONE_INTERVIEW)
@yes_option
@pass_book
def remove(book: Book, interview: Interview, yes: bool) -> None:
    """Remove an interview with its notes. Promises and letters stay."""
    from crm_core.cli.removal import removed

    removed(book, interview, lookup.interview_label(book, interview), yes=yes)


@interview.command(
    epilog="""\b
Examples:
  crm interview outcome Bluewater next-round
  crm interview outcome i3 rejected --on yesterday
"""
)
@click.argument("interview", type=INTERVIEW)
@click.argument("outcome", type=click.Choice(OUTCOMES))
@click.option("--on", type=DATE, metavar="DATE", help="When you were told; today by default.")
@json_option
@pass_book
def outcome(book: Book, interview: Interview, outcome: Outcome, on: date | None, as_json: bool) -> None:
    """Record what came of an interview, the last one at a company. Its application moves along."""
    day = on or _decided(book, interview, outcome)
    has_come(book, day)
    with book.change(f"outcome of {interview.id}: {outcome}"):
        decided = pipeline.record_outcome(book, interview, outcome, day)
    application = book.applications.get(decided.application)
    label = f"{decided.id} {lookup.interview_label(book, decided)}"
    told(
        decided,
        f"{label}: {outcome}, {_day(book, day)}; application {application.id} stands at {application.stage}",
        as_json=as_json,
    )
    if decided.start > book.now:
        talk(f"{decided.id} has not begun yet; `crm interview list` shows all of them.")
    if not as_json:
        talk(_next(outcome, application))


def _stripped(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}


def _application(book: Book, newcomers: Newcomers, company: str, role: str, at: Moment) -> Application:
    """The application that an interview belongs to; one is made where the company has none that is alive."""
    role = " ".join(role.split())
    named = book.applications.find(company.strip())
    if named is not None:
        if role and role.casefold() != named.role.casefold():
            raise InputError(
                f"{named.id} is for the role {named.role[:60]!r}", "Leave --role out, or give the company."
            )
        return named
    employer = newcomers.company(company)
    known = lookup.live_application(book, employer, role)
    if known is not None:
        return known
    wanted = Application(company=Ref(employer.id), role=role or pipeline.UNKNOWN_ROLE)
    added = pipeline.apply(book, wanted, "interviewing", pipeline.known_by(book, at))
    newcomers.lines.append(f"Added application {added.id} {lookup.application_label(book, added)}")
    others = [other for other in book.applications.where("company", employer.id) if other.id != added.id]
    if others:
        listed = ", ".join(f"{other.id} {other.role} ({other.stage})" for other in others[: lookup.LISTED])
        newcomers.lines.append(f"Also at {employer.name}: {listed}. To log an interview for one of them, give its id.")
    return added


def _with_people(
    newcomers: Newcomers, employer: Company | None, panel: tuple[Seat, ...], people: Sequence[str], lead: str | None
) -> tuple[Seat, ...]:
    """The panel with those people added; a lead who is not among them comes first."""
    seats = panel
    for name in people:
        seats = pipeline.seated(seats, newcomers.contact(name, employer).id)
    if lead is None:
        return seats
    leader = newcomers.contact(lead, employer, [seat.contact for seat in seats])
    if all(seat.contact != leader.id for seat in seats):
        seats = (Seat(contact=Ref(leader.id)), *seats)
    return pipeline.seated(seats, leader.id, lead=True)


def _moment(book: Book, interview: Interview, at: str | None, tz: str | None) -> tuple[Moment, str]:
    """When an edited interview is, and a remark on what was kept of the old time."""
    if not at:
        return pipeline.interview_moment(interview.at, tz) if tz else interview.at, ""
    zone = zone_named(tz or interview.at.zone)
    old = interview.at.local
    if _CLOCK_ONLY.fullmatch(at.strip()):
        return words.read_moment(f"{old:%Y-%m-%d} {at}", book.now, zone), f"The day stays {old:%Y-%m-%d}."
    when = words.read_when(at, book.now, zone)
    if isinstance(when, Moment):
        return when, ""
    return words.read_moment(f"{when} {old:%H:%M}", book.now, zone), f"The time stays {old:%H:%M}."


def _remarks(book: Book, interview: Interview) -> Iterator[str]:
    """What may be wrong with an interview, or needs a word."""
    day = interview.at.local.date()
    application = book.applications.get(interview.application)
    if abs(interview.start - book.now) > FAR:
        yield f"{interview.at.local:%Y-%m-%d} is {words.say_distance(day, book.today)}: is the year right?"
    if interview.hear_by is not None and interview.hear_by < day:
        yield f"News by {interview.hear_by} would come before the interview on {day}."
    for other in pipeline.interviews_of(book, application):
        if other.start == interview.start and other.id != interview.id:
            yield f"{other.id} is at the same time; if it is the same: crm interview remove {interview.id}"
    if not application.alive and interview.end > book.now:
        yield (
            f"{application.id} is {application.stage}, so its interviews call for nothing. If it goes on: "
            f"crm application move {application.id} interviewing"
        )


def _decided(book: Book, interview: Interview, outcome: Outcome) -> date:
    """The day of an outcome where none is given: the one recorded, that of the stage it is at already, else today."""
    if interview.outcome == outcome and interview.outcome_on is not None:
        return interview.outcome_on
    application = book.applications.get(interview.application)
    if outcome != "next-round" and application.moves and application.stage == pipeline.STAGE_AFTER[outcome]:
        return application.moves[-1].on
    return book.today


def _next(outcome: Outcome, application: Application) -> str:
    if outcome == "next-round":
        return f"When it is set: crm interview log {application.id} --at WHEN"
    if outcome == "offer" and application.respond_by is None:
        return f"If it is to be answered by a day: crm application move {application.id} offer --respond-by DATE"
    return "`crm` shows what to do next."


def _panel(book: Book, interview: Interview) -> Iterator[str]:
    """Everybody on the panel, the lead marked if there are others."""
    lead = interview.lead
    for seat in interview.panel:
        marks = [seat.role, "lead" if seat == lead and len(interview.panel) > 1 else ""]
        remark = ", ".join(filter(None, marks))
        yield f"{seat.contact} {book.contacts.get(seat.contact).name}{f' ({remark})' if remark else ''}"


def _with(book: Book, interview: Interview) -> str:
    return f", with {', '.join(_panel(book, interview))}" if interview.panel else ""


def _day(book: Book, day: date | None) -> str:
    return say_day(day, book.today) if day else ""


def _show_what_hangs_on(book: Book, interview: Interview) -> None:
    promises: tuple[Column[Promise], ...] = (
        Column("id", lambda row: row.id, priority=3, min=3),
        Column("what", lambda row: row.text, priority=3, min=16),
        Column("due", lambda row: say_when(row.due, book.now) if row.due else "", priority=2),
        Column("", lambda row: "open" if row.open else "kept" if row.kept else "broken", priority=1),
    )
    questions: tuple[Column[Question], ...] = (
        Column("id", lambda row: row.id, priority=2, min=3),
        Column("what", lambda row: row.text, priority=2, min=16),
        Column("answer", lambda row: row.answer, priority=1),
    )
    section("Notes", book.notes.where("interview", interview.id), note_columns(book))
    section("Promises", book.promises.where("interview", interview.id), promises)
    section("Questions", book.questions.where("interview", interview.id), questions)
    section("Letters", book.letters.where("interview", interview.id), letter_columns(book))
