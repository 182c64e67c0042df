"""Thanking people for an interview: when that is due, what closes it, and who on the panel has been written to.

For the plugins that bring letters of the family `thanks`, so that they count alike. What such letters say is theirs;
recording that one was sent is in `letters/sent.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from crm_core.book import Book
from crm_core.dates import When, day_end, day_of, deadline, hours_after
from crm_core.errors import InputError
from crm_core.letters.drafting import open_thanks
from crm_core.letters.kinds import THANKS
from crm_core.letters.sent import mark_sent, sent_thanks, since_start, stale_thanks
from crm_core.lookup import ended_label
from crm_core.pipeline import alive
from crm_core.records import Contact, Interview, Letter, Ref
from crm_core.settings import Section
from crm_core.steps import Step
from crm_core.words import say_day, say_when

MOST_HOURS: Final = 24 * 90
MOST_DAYS: Final = 365


class ThanksTimes(Section, frozen=True, kw_only=True):
    """When a letter of thanks is due.

    `due_hours` and `late_hours` are elapsed hours after the interview's end; `expires_days` is how long after the
    interview it is still asked for.
    """

    due_hours: int = 24
    late_hours: int = 48
    expires_days: int = 14

    def check(self) -> None:
        """Refuse times before the interview's end, that contradict one another, or that no calendar can add."""
        for name in self.__struct_fields__:
            most = MOST_HOURS if name.endswith("_hours") else MOST_DAYS
            if not 0 <= getattr(self, name) <= most:
                raise ValueError(f"{name}: {getattr(self, name)} is not from 0 to {most}")
        if self.late_hours < self.due_hours:
            raise ValueError(f"late_hours: {self.late_hours} is less than due_hours, {self.due_hours}")


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a panel, and whether they have been written to.

    Args:
        contact: Who.
        name: Their name.
        role: What they were in the interview, else their title; may be empty.
        lead: Whether they led it.
        state: `thanked`, `drafted` or `nothing`.
        letter: The letter that thanked them, else the one being written.
        sent: When it went out.
    """

    contact: Ref[Contact]
    name: str
    role: str = ""
    lead: bool = False
    state: Literal["thanked", "drafted", "nothing"] = "nothing"
    letter: Ref[Letter] | None = None
    sent: When | None = None


def coverage(book: Book, interview: Interview) -> list[Covered]:
    """Everybody on the panel, the lead first, and where the thanks to each stand."""
    lead = interview.lead
    seats = sorted(interview.panel, key=lambda seat: lead is None or seat.contact != lead.contact)
    covered: dict[str, Covered] = {}
    for seat in seats:
        contact = book.contacts.find(seat.contact)
        if contact is not None:
            position = contact.position
            role = seat.role or (position.title if position is not None else "")
            leads = lead is not None and seat.contact == lead.contact
            covered.setdefault(contact.id, _covered(book, interview, contact, role, leads=leads))
    return list(covered.values())


def thanks_step(
    book: Book,
    interview: Interview,
    contact: Contact,
    times: ThanksTimes,
    *,
    kind: str,
    title: str,
    command: str,
    due: datetime | None = None,
) -> Step:
    """The step to thank that person for that interview; done when any letter of family `thanks` has been sent.

    Args:
        book: The facts.
        interview: What for.
        contact: Whom.
        times: When.
        kind: The step's kind.
        title: What to do.
        command: What to type.
        due: By when, if that is not so many hours after the interview's end.
    """
    end = interview.end
    sent = sent_thanks(book, interview, contact)
    due = due or hours_after(end, times.due_hours)
    return Step(
        kind=kind,
        about=interview.id,
        refs=(interview.id, contact.id),
        title=title,
        why=ended_label(book, interview) if sent is not None else _why(book, interview, contact),
        starts=end,
        due=due,
        late=max(due, hours_after(end, times.late_hours)),
        # Days are those of the calendar where the interview was.
        expires=end + timedelta(days=times.expires_days),
        person=contact.id,
        command=command,
        done=deadline(sent.sent) if sent is not None and sent.sent is not None else None,
    )


def thanks_missed(book: Book, step: Step) -> bool:
    """Whether nobody was thanked, and the time for it has run out."""
    return step.done is None and step.expires is not None and book.now > day_end(step.expires, book.zone)


def why_no_thanks(book: Book, interview: Interview, nobody: str) -> str:
    """Why an interview asks for no thanks.

    Args:
        book: The facts.
        interview: The interview.
        nobody: Why there is nobody to thank, if it is that.
    """
    if nobody:
        return nobody
    if not alive(book, interview):
        return "the application has ended"
    return "the interview has not ended yet" if interview.end > book.now else "there is nobody to thank"


def record_thanks(book: Book, step: Step, on: When, kind_name: str) -> bool:
    """Record that a person was thanked: the letter being written was sent, or one that this program has not seen.

    Args:
        book: Its change is open.
        step: One of `thanks_step`.
        on: When the letter went out.
        kind_name: The kind of letter that the step asks for.

    Returns:
        Whether it could be; the interview or the person may be gone.

    Raises:
        InputError: That was before the interview began, or is ahead, or the letter says the same as another one.
    """
    interview, contact = book.interviews.find(step.refs[0]), book.contacts.find(step.refs[1])
    if interview is None or contact is None:
        return False
    if not since_start(on, interview):
        raise InputError(
            f"{say_when(on, book.now)} is before the interview, {say_when(interview.at, book.now)}",
            "Nobody can be thanked for it before. Say with --on when your letter went out.",
        )
    draft = open_thanks(book, interview, contact, kind_name)
    if draft is not None:
        from crm_core.letters.likeness import refuse_alike

        refuse_alike(book, draft, f"crm letter edit {draft.id}; or crm letter sent {draft.id} --force")
    outside = Letter(
        contact=Ref(contact.id),
        kind=kind_name,
        family=THANKS,
        interview=Ref(interview.id),
        application=interview.application,
    )
    mark_sent(book, draft or outside, on)
    return True


def _covered(book: Book, interview: Interview, contact: Contact, role: str, *, leads: bool) -> Covered:
    known = Covered(contact=Ref(contact.id), name=contact.name, role=role, lead=leads)
    sent = sent_thanks(book, interview, contact)
    if sent is not None:
        return msgspec.structs.replace(known, state="thanked", letter=Ref(sent.id), sent=sent.sent)
    draft = open_thanks(book, interview, contact)
    return msgspec.structs.replace(known, state="drafted", letter=Ref(draft.id)) if draft is not None else known


def _why(book: Book, interview: Interview, contact: Contact) -> str:
    stale = stale_thanks(book, interview, contact)
    if stale is None or stale.sent is None:
        return ended_label(book, interview)
    went, held = say_day(day_of(stale.sent), book.today), say_day(day_of(interview.at), book.today)
    return f"your letter ({went}) is from before the interview ({held})"
