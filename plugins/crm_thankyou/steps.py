"""When the lead interviewer is to be thanked: a day after the interview, two at the latest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crm_core import (
    Book,
    Contact,
    Interview,
    Step,
    evening_after,
    hours_after,
    long_over,
    open_thanks,
    thanks_missed,
    thanks_step,
    why_no_thanks,
)
from crm_thankyou.letter import THANK_YOU
from crm_thankyou.settings import ThankYouSettings


def thank_steps(book: Book, until: datetime) -> Iterator[Step]:
    """A step for each interview with a panel that ends by then; done when any letter of thanks to the lead was sent."""
    settings = book.settings(ThankYouSettings)
    for interview in book.interviews:
        if long_over(book, interview, settings.expires_days) and not book.letters.where("interview", interview.id):
            continue
        lead = lead_of(book, interview)
        if lead is not None and interview.end <= until:
            step = _step(book, interview, lead, settings)
            if not thanks_missed(book, step):
                yield step


def lead_of(book: Book, interview: Interview) -> Contact | None:
    """Who led the interview; nobody when the panel is empty."""
    return book.contacts.find(interview.lead.contact) if interview.lead is not None else None


def missed(book: Book, interview: Interview) -> bool:
    """Whether the lead was never thanked and the time for it has run out."""
    lead = lead_of(book, interview)
    return lead is not None and thanks_missed(book, _step(book, interview, lead, book.settings(ThankYouSettings)))


def nobody_to_thank(book: Book, interview: Interview) -> str:
    """Why there is no step for an interview."""
    return why_no_thanks(book, interview, "nobody is on the panel" if interview.lead is None else "")


def _step(book: Book, interview: Interview, lead: Contact, settings: ThankYouSettings) -> Step:
    return thanks_step(
        book,
        interview,
        lead,
        settings,
        kind="thank",
        title=f"Thank {lead.name}",
        command=f"crm thank {interview.id}",
        due=_due(book, interview, lead, settings),
    )


def _due(book: Book, interview: Interview, lead: Contact, settings: ThankYouSettings) -> datetime:
    """By post it must leave the same evening, to arrive while they remember the conversation."""
    draft = open_thanks(book, interview, lead, THANK_YOU)
    if draft is not None and draft.channel == "post":
        return evening_after(interview.end) + timedelta(days=settings.post_days)
    return hours_after(interview.end, settings.due_hours)
