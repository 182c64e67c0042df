"""`crm hearback`: what is waited for, writing down when news will come, and asking for it."""

from __future__ import annotations

from datetime import date

import click
from msgspec.structs import replace

from crm_core import (
    DATE,
    INTERVIEW,
    Book,
    Column,
    Contact,
    InputError,
    Interview,
    again_option,
    by_option,
    draft_or_open,
    interview_label,
    json_option,
    open_letter,
    pass_book,
    say_day,
    show,
    show_draft,
    talk,
    told,
)
from crm_hearback.letter import ASKING, agreed_channel, asking, by_phone
from crm_hearback.waiting import Awaited, Words, awaited


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm hearback
  crm hearback told Bluewater --by "next friday" --how "by e-mail"
  crm hearback ask
""",
)
@json_option
@click.pass_context
def hearback(context: click.Context, *, as_json: bool) -> None:
    """What you wait for: from whom, since when, by when."""
    if context.invoked_subcommand is None:
        _list(as_json=as_json)


@hearback.command(
    "told",
    epilog="""\b
Examples:
  crm hearback told i3 --by 2026-12-04 --how "by e-mail"
  crm hearback told Bluewater --by friday
""",
)
@click.argument("interview", type=INTERVIEW)
@click.option("--by", "day", type=DATE, metavar="DATE", help="By when they said you will hear.")
@click.option("--how", metavar="TEXT", help="How they said you will hear.")
@json_option
@pass_book
def told_(book: Book, *, interview: Interview, day: date | None, how: str | None, as_json: bool) -> None:
    """Write down when, and how, you will hear.

    INTERVIEW is an id, a company or a role: the last that ended.
    """
    said = " ".join(how.split()) if how is not None else None
    if day is None and not said:
        raise InputError("Nothing to write down", 'Say when or how: --by DATE, --how "by e-mail".')
    held = interview.at.local.date()
    if day is not None and day < held:
        raise InputError(
            f"{day} is before the interview, {say_day(held, book.today)}", "Give the day by which news was promised."
        )
    changed = replace(
        interview,
        hear_by=day if day is not None else interview.hear_by,
        hear_how=said if said is not None else interview.hear_how,
    )
    with book.change(f"news of {interview.id} is expected"):
        saved = book.interviews.save(changed)
    when = f" by {say_day(saved.hear_by, book.today)}" if saved.hear_by is not None else ""
    by = f" ({saved.hear_how})" if saved.hear_how else ""
    told(saved, f"Changed {saved.id} {interview_label(book, saved)}: you will hear{when}{by}", as_json=as_json)
    if not as_json:
        talk("If you don't, the agenda says so the day after." if saved.hear_by else _missing_day(saved))


@hearback.command(
    epilog="""\b
Examples:
  crm hearback ask
  crm hearback ask Bluewater --by message
"""
)
@click.argument("interview", type=INTERVIEW, required=False)
@by_option
@again_option
@json_option
@pass_book
def ask(book: Book, *, interview: Interview | None, channel: str | None, again: bool, as_json: bool) -> None:
    """Draft a letter that asks for news. It goes to the lead interviewer, in the agreed way.

    INTERVIEW is an id, a company or a role: the last that ended. Without it, the one whose news is longest overdue.
    """
    meant = interview or _most_overdue(book)
    whom = _whom(book, meant)
    how = meant.hear_how
    if not as_json:
        talk(f"Interview: {interview_label(book, meant)} ({meant.id})")
        if meant.end > book.now:
            talk("It has not ended yet.")
        elif meant.hear_by is not None and meant.hear_by >= book.today:
            talk(f"You will hear by {say_day(meant.hear_by, book.today)}: it is early to ask.")
        if by_phone(how):
            talk(f'They said "{how}": if you call them, crm log {whom.id} "asked for news" --by phone --out')
    if channel is None and open_letter(book, ASKING, whom, meant) is None:
        channel = agreed_channel(how)
    drafted = draft_or_open(book, asking(), whom, meant, channel=channel, again=again)
    show_draft(book, drafted, as_json=as_json)


@pass_book
def _list(book: Book, *, as_json: bool) -> None:
    columns = (
        Column[Awaited]("id", lambda row: row.id, 5),
        Column[Awaited]("from", lambda row: row.company, 5, min=10),
        Column[Awaited]("what", lambda row: row.what, 3),
        Column[Awaited]("since", lambda row: say_day(row.since, book.today), 3, min=8),
        Column[Awaited]("by", lambda row: say_day(row.by, book.today) if row.by else "", 5, min=8),
        Column[Awaited]("how", lambda row: row.how, 2),
        Column[Awaited]("asked", lambda row: say_day(row.asked, book.today) if row.asked else "", 1),
    )
    rows = awaited(book)
    show(rows, columns, as_json=as_json, empty="You wait for nobody.")
    if as_json:
        return
    unknown = next((row for row in rows if row.what == "news" and row.by is None), None)
    if unknown is not None:
        talk(f"No day is known for {unknown.id}: crm hearback told {unknown.id} --by DATE")
    overdue = next((row for row in rows if row.by is not None and row.by < book.today and row.asked is None), None)
    if overdue is not None:
        talk(f"Overdue: crm hearback ask {overdue.id}")


def _most_overdue(book: Book) -> Interview:
    """The interview whose news is longest overdue and was not asked for; else the next to be."""
    news = [row for row in awaited(book) if row.what == "news"]
    open_ = [row for row in news if row.asked is None] or news
    if not open_:
        raise InputError("You wait for news of no interview", "Name one: crm hearback ask INTERVIEW")
    return book.interviews.get(open_[0].id)


def _whom(book: Book, interview: Interview) -> Contact:
    lead = book.contacts.find(interview.lead.contact) if interview.lead is not None else None
    known = lead or Words(book).somebody_at(book.applications.get(interview.application))
    if known is None:
        raise InputError(
            f"Nobody is on the panel of {interview.id}, and you know nobody there",
            f'Say who it was: crm interview edit {interview.id} --with "NAME"',
        )
    return known


def _missing_day(interview: Interview) -> str:
    return f"And by when? crm hearback told {interview.id} --by DATE"
