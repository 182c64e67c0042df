"""`crm panel`: draft the letters to all the others at once, and say that nobody is forgotten."""

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
    draft_each,
    interview_label,
    json_option,
    pass_book,
    show_drafts,
    talk,
)
from crm_panel.letter import panel_letter
from crm_panel.steps import others


@click.command(
    epilog="""\b
Examples:
  crm panel
  crm panel Bluewater --by post
"""
)
@click.argument("interview", type=INTERVIEW, default="")
@by_option
@again_option
@json_option
@pass_book
def panel(book: Book, *, interview: Interview, channel: str | None, again: bool, as_json: bool) -> None:
    """Draft a letter of their own to each interviewer but the lead, from your notes.

    INTERVIEW is an id, a company or a role: the last that ended. Without it, your last interview. Letters that you
    are writing already stay as they are. At the end it says who has been thanked.
    """
    people = _others(book, interview)
    if not as_json:
        ahead = "; it has not begun yet" if interview.start > book.now else ""
        talk(f"Interview: {interview_label(book, interview)} ({interview.id}){ahead}")
    drafted = draft_each(book, panel_letter(), people, interview, channel=channel, again=again)
    show_drafts(book, drafted, interview, as_json=as_json)


def _others(book: Book, interview: Interview) -> list[Contact]:
    people = others(book, interview)
    if not people:
        add = f'crm interview edit {interview.id} --with "NAME"'
        if not interview.panel:
            raise InputError(f"Nobody is on the panel of {interview.id}", f"Say who it was: {add}")
        raise InputError(
            f"One person was on the panel of {interview.id}: there is nobody else to write to",
            f"crm thank {interview.id}; or say who else was there: {add}",
        )
    return people
