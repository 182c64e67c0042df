"""When the other interviewers are to be written to: a day after the interview, two at the latest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crm_core import Book, Contact, Interview, Step, long_over, thanks_missed, thanks_step, why_no_thanks
from crm_panel.settings import PanelSettings


def panel_steps(book: Book, until: datetime) -> Iterator[Step]:
    """A step for each of the others, of each interview that ends by then; done when they were sent any thanks."""
    settings = book.settings(PanelSettings)
    for interview in book.interviews:
        if long_over(book, interview, settings.expires_days) and not book.letters.where("interview", interview.id):
            continue
        if len(interview.panel) > 1 and interview.end <= until:
            for contact in others(book, interview):
                step = _step(book, interview, contact, settings)
                if not thanks_missed(book, step):
                    yield step


def others(book: Book, interview: Interview) -> list[Contact]:
    """Everybody on the panel but the lead, each once, in the order of their seats."""
    lead = interview.lead
    refs = dict.fromkeys(seat.contact for seat in interview.panel if lead is None or seat.contact != lead.contact)
    return [contact for contact in map(book.contacts.find, refs) if contact is not None]


def missed(book: Book, interview: Interview) -> bool:
    """Whether somebody was never written to and the time for it has run out."""
    settings = book.settings(PanelSettings)
    return any(thanks_missed(book, _step(book, interview, contact, settings)) for contact in others(book, interview))


def nobody_to_write_to(book: Book, interview: Interview) -> str:
    """Why there is no step for an interview."""
    nobody = ""
    if not others(book, interview):
        nobody = "there was one interviewer" if interview.panel else "nobody is on the panel"
    return why_no_thanks(book, interview, nobody)


def _step(book: Book, interview: Interview, contact: Contact, settings: PanelSettings) -> Step:
    return thanks_step(
        book,
        interview,
        contact,
        settings,
        kind="letter",
        title=f"Write to {contact.name}",
        command=f"crm panel {interview.id}",
    )
