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
    sent_thanks,
    show_draft,
    talk,
)
from crm_thankyou.letter import thank_you


@click.command(
    epilog="""\b
Examples:
  crm thank
  crm thank Bluewater --by post
"""
)
@click.argument("interview", type=INTERVIEW, default="")
@by_option
@again_option
@json_option
@pass_book
def thank(book: Book, *, interview: Interview, channel: str | None, again: bool, as_json: bool) -> None:
    """Draft a thank-you letter to the lead interviewer, from your notes.

    INTERVIEW is an id, a company or a role: the last that ended. Without it, your last interview. The letter that
    you are writing already is shown as it is.
    """
    lead = _lead(book, interview)
    if not as_json:
        ahead = "; it has not begun yet" if interview.start > book.now else ""
        talk(f"Interview: {interview_label(book, interview)} ({interview.id}){ahead}")
    drafted = draft_or_open(book, thank_you(), lead, interview, channel=channel, again=again)
    show_draft(book, drafted, as_json=as_json)
    if not as_json:
        _say_who_is_left(book, interview, lead)


def _lead(book: Book, interview: Interview) -> Contact:
    lead = book.contacts.find(interview.lead.contact) if interview.lead is not None else None
    if lead is None:
        raise InputError(
            f"Nobody is on the panel of {interview.id}, so there is nobody to thank",
            f'Say who it was: crm interview edit {interview.id} --with "NAME"',
        )
    return lead


def _say_who_is_left(book: Book, interview: Interview, lead: Contact) -> None:
    others = [book.contacts.find(seat.contact) for seat in interview.panel if seat.contact != lead.id]
    people = [person for person in others if person is not None]
    left = [person.name for person in people if sent_thanks(book, interview, person) is None]
    if left:
        talk(f"Not thanked yet, of the same panel: {', '.join(left)}")
    elif people:
        talk("Everybody else on the panel has been thanked.")
