"""When the lead interviewer is to be thanked: a day after the interview, two at the latest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from crm_core import (
    UNKNOWN_ROLE,
    Book,
    Contact,
    Interview,
    Step,
    alive,
    day_end,
    day_of,
    deadline,
    evening_after,
    hours_after,
    open_letter,
    say_day,
    say_when,
    sent_thanks,
    stale_thanks,
)
from crm_thankyou.letter import THANK_YOU
from crm_thankyou.settings import ThankYouSettings


def thank_steps(book: Book, until: datetime) -> Iterator[Step]:
    """A step for each interview with a panel that ends by then; done when any letter of thanks to the lead was sent."""
    settings = book.settings(ThankYouSettings)
    for interview in book.interviews:
        lead = book.contacts.find(interview.lead.contact) if interview.lead is not None else None
        if lead is not None and interview.end <= until:
            step = _step(book, interview, lead, settings)
            if step.done is not None or step.expires is None or book.now <= day_end(step.expires, book.zone):
                yield step


def missed(book: Book, interview: Interview) -> bool:
    """Whether the lead was never thanked and the time for it has run out."""
    lead = book.contacts.find(interview.lead.contact) if interview.lead is not None else None
    if lead is None or sent_thanks(book, interview, lead) is not None:
        return False
    step = _step(book, interview, lead, book.settings(ThankYouSettings))
    return step.expires is not None and book.now > day_end(step.expires, book.zone)


def nobody_to_thank(book: Book, interview: Interview) -> str:
    """Why there is no step for an interview."""
    if interview.lead is None:
        return "nobody is on the panel"
    if not alive(book, interview):
        return "the application has ended"
    return "the interview has not ended yet" if interview.end > book.now else "there is nobody to thank"


def _step(book: Book, interview: Interview, lead: Contact, settings: ThankYouSettings) -> Step:
    end = interview.end
    sent = sent_thanks(book, interview, lead)
    due = _due(book, interview, lead, settings)
    return Step(
        kind="thank",
        about=interview.id,
        refs=(interview.id, lead.id),
        title=f"Thank {lead.name}",
        why=_ended(book, interview) if sent is not None else _why(book, interview, lead),
        starts=end,
        due=due,
        late=max(due, hours_after(end, settings.late_hours)),
        # Days are those of the calendar where the interview was.
        expires=end + timedelta(days=settings.expires_days),
        person=lead.id,
        command=f"crm thank {interview.id}",
        done=deadline(sent.sent) if sent is not None and sent.sent is not None else None,
    )


def _due(book: Book, interview: Interview, lead: Contact, settings: ThankYouSettings) -> datetime:
    """By post it must leave the same evening, to arrive while they remember the conversation."""
    draft = open_letter(book, THANK_YOU, lead, interview)
    if draft is not None and draft.channel == "post":
        return evening_after(interview.end) + timedelta(days=settings.post_days)
    return hours_after(interview.end, settings.due_hours)


def _why(book: Book, interview: Interview, lead: Contact) -> str:
    stale = stale_thanks(book, interview, lead)
    if stale is None or stale.sent is None:
        return _ended(book, interview)
    went, moved = say_day(day_of(stale.sent), book.today), say_day(day_of(interview.at), book.today)
    return f"your letter of {went} went out before the interview, which was moved to {moved}"


def _ended(book: Book, interview: Interview) -> str:
    application = book.applications.find(interview.application)
    company = book.companies.find(application.company) if application is not None else None
    role = application.role if application is not None and application.role.casefold() != UNKNOWN_ROLE else ""
    what = f"{role} interview" if role else "Interview"
    at = f" at {company.name}" if company is not None else ""
    return f"{what}{at} {'ended' if interview.end <= book.now else 'ends'} {say_when(interview.end, book.now)}"
