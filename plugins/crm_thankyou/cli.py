"""`crm thank`: draft the letter to the lead interviewer, and say who else is still to be thanked."""

from __future__ import annotations

import click

from crm_core import (
    INTERVIEW,
    Book,
    Contact,
    InputError,
    Interview,
    again_option,
    by_option,
    draft_or_open,
    interview_label,
    json_option,
    pass_book,
    show_coverage,
    show_draft,
    talk,
)
from crm_thankyou.letter import proposal, thank_you
from crm_thankyou.steps import lead_of


@click.command(
    epilog="""\b
Examples:
  crm thank
  crm thank Bluewater --by post
  crm thank --proposal
"""
)
@click.argument("interview", type=INTERVIEW, default="")
@click.option("--proposal", "as_proposal", is_flag=True, help="How you would solve their problem, instead of thanks.")
@by_option
@again_option
@json_option
@pass_book
def thank(
    book: Book, *, interview: Interview, as_proposal: bool, channel: str | None, again: bool, as_json: bool
) -> None:
    """Draft a thank-you letter to the lead interviewer, from your notes.

    INTERVIEW is an id, a company or a role: the last that ended. Without it, your last interview. The letter that
    you are writing already is shown as it is.
    """
    lead = _lead(book, interview)
    if not as_json:
        ahead = "; it has not begun yet" if interview.start > book.now else ""
        talk(f"Interview: {interview_label(book, interview)} ({interview.id}){ahead}")
    kind = proposal() if as_proposal else thank_you()
    drafted = draft_or_open(book, kind, lead, interview, channel=channel, again=again)
    show_draft(book, drafted, as_json=as_json)
    if not as_json:
        show_coverage(book, interview)


def _lead(book: Book, interview: Interview) -> Contact:
    lead = lead_of(book, interview)
    if lead is None:
        raise InputError(
            f"Nobody is on the panel of {interview.id}, so there is nobody to thank",
            f'Say who it was: crm interview edit {interview.id} --with "NAME"',
        )
    return lead
