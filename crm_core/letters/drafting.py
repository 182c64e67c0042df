"""Drafting: from a kind's templates and the book's facts to a letter, and which letter is still being written.

What a template makes of the facts is in `rendering.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import day_start, moment_of
from crm_core.letters.kinds import THANKS, LetterKind
from crm_core.letters.sent import sent_thanks
from crm_core.records import Application, Contact, Interview, Letter, Version


class Drafted(msgspec.Struct, frozen=True):
    """A letter that a draft was asked for.

    Args:
        letter: As it is in the book.
        state: `new`: it was drafted now; `again`: a new version of the open one was; `open`: it is the open one, as it
            was; `sent`: it went out already, and no other was drafted.
    """

    letter: Letter
    state: Literal["new", "again", "open", "sent"]


def draft_letter(
    book: Book,
    kind: LetterKind,
    contact: Contact,
    interview: Interview | None = None,
    application: Application | None = None,
    channel: str = "email",
) -> Letter:
    """A letter of that kind to that person, not yet in the book.

    Raises:
        CrmError: The template is at fault, the kind's or the user's own; the message names it and the line.
    """
    # Here, since the agenda asks this module which letters are open, and drafts none.
    from crm_core.letters.facts import facts_for
    from crm_core.letters.rendering import rendered

    subject, body = rendered(kind, book.templates, facts_for(book, contact, interview, application), channel)
    version = Version(written=moment_of(book.now), subject=subject, body=body)
    about = application.id if application else interview.application if interview else None
    return Letter(
        contact=contact.id,
        kind=kind.name,
        family=kind.family,
        interview=interview.id if interview else None,
        application=about,
        channel=channel,
        versions=(version,),
    )


def draft_or_open(
    book: Book,
    kind: LetterKind,
    contact: Contact,
    interview: Interview | None = None,
    application: Application | None = None,
    *,
    channel: str | None = None,
    again: bool = False,
) -> Drafted:
    """Draft a letter into the book, unless one of that kind, person and interview is being written or was sent.

    One change set where something changes, none elsewhere.

    Args:
        book: No change may be open.
        kind: The kind.
        contact: Whom it is to.
        interview: What it is about.
        application: What it is about.
        channel: One of `kinds.CHANNELS`; None leaves an open letter's as it is, and means `email` for a new one.
        again: Draft even so: a new version of the open letter, or another letter after one that was sent.

    Raises:
        CrmError: The kind's template is at fault.
    """
    settled = None if again else _settled(book, kind, contact, interview, application)
    if settled is not None:
        return _by(book, settled, channel)
    by = channel or _channel(_being_written(book, kind, contact, interview, application))
    draft = draft_letter(book, kind, contact, interview, application, by)
    with book.change(f"drafted: {kind.label} to {contact.name}"):
        return _put(book, kind, draft, contact, interview, application, again=again)


def draft_each(
    book: Book,
    kind: LetterKind,
    contacts: Sequence[Contact],
    interview: Interview,
    *,
    channel: str | None = None,
    again: bool = False,
) -> list[Drafted]:
    """The same for each of several people at an interview, in one change set: all of them, or none.

    Each letter is drafted when those before it are in the book, so that it can leave out what they say.
    """
    drafted = []
    with book.change(f"drafted: {kind.label} to {', '.join(contact.name for contact in contacts)}"):
        for contact in contacts:
            settled = None if again else _settled(book, kind, contact, interview, None)
            if settled is not None:
                drafted.append(_redirected(book, settled, channel))
                continue
            by = channel or _channel(_being_written(book, kind, contact, interview, None))
            draft = draft_letter(book, kind, contact, interview, None, by)
            drafted.append(_put(book, kind, draft, contact, interview, None, again=again))
    return drafted


def open_letter(
    book: Book,
    kind_name: str,
    contact: Contact,
    interview: Interview | None = None,
    application: Application | None = None,
) -> Letter | None:
    """The newest letter of that kind to that person about that interview (else application) that was not sent."""
    found = _about(book, kind_name, contact, interview, application)
    return next((letter for letter in reversed(found) if letter.sent is None), None)


def open_thanks(book: Book, interview: Interview, contact: Contact, kind_name: str = "") -> Letter | None:
    """The newest letter of family `thanks` to that person for that interview that was not sent; of that kind, if any.

    A letter drafted for the lead is the one to send, too, when somebody else turns out to have led.
    """
    found = [
        letter
        for letter in book.letters.where("interview", interview.id)
        if letter.contact == contact.id and letter.family == THANKS and letter.sent is None
    ]
    # Of equal ones the one that was added later.
    return max(reversed(found), key=lambda letter: letter.kind == kind_name, default=None)


def _about(
    book: Book, kind_name: str, contact: Contact, interview: Interview | None, application: Application | None
) -> list[Letter]:
    same = [letter for letter in book.letters.where("contact", contact.id) if letter.kind == kind_name]
    if interview is not None:
        return [letter for letter in same if letter.interview == interview.id]
    about = application.id if application else None
    return [letter for letter in same if letter.interview is None and letter.application == about]


def _sent(
    book: Book, kind: LetterKind, contact: Contact, interview: Interview | None, application: Application | None
) -> Letter | None:
    """The letter that makes another one needless."""
    if kind.family == THANKS and interview is not None:
        return sent_thanks(book, interview, contact)
    sent = [letter for letter in _about(book, kind.name, contact, interview, application) if letter.sent is not None]
    return max(sent, key=lambda letter: day_start(letter.sent or book.today, book.zone), default=None)


def _being_written(
    book: Book, kind: LetterKind, contact: Contact, interview: Interview | None, application: Application | None
) -> Letter | None:
    """The open letter of that kind; one that thanks for the same interview is as good."""
    present = open_letter(book, kind.name, contact, interview, application)
    if present is None and kind.family == THANKS and interview is not None:
        return open_thanks(book, interview, contact)
    return present


def _settled(
    book: Book, kind: LetterKind, contact: Contact, interview: Interview | None, application: Application | None
) -> Drafted | None:
    """The letter that is there already and makes a draft needless."""
    present = _being_written(book, kind, contact, interview, application)
    if present is not None:
        return Drafted(present, "open")
    sent = _sent(book, kind, contact, interview, application)
    return Drafted(sent, "sent") if sent is not None else None


def _put(
    book: Book,
    kind: LetterKind,
    draft: Letter,
    contact: Contact,
    interview: Interview | None,
    application: Application | None,
    *,
    again: bool,
) -> Drafted:
    """Add a draft, or the version that it is of the open letter. Needs an open change."""
    # Another command may have drafted it since this one looked.
    present = _being_written(book, kind, contact, interview, application)
    if present is None:
        return Drafted(book.letters.add(draft), "new")
    if not again:
        return Drafted(present, "open")
    versions = (*present.versions, *draft.versions)
    changed = replace(present, kind=draft.kind, channel=draft.channel, versions=versions)
    return Drafted(book.letters.save(changed), "again")


def _channel(letter: Letter | None) -> str:
    return letter.channel if letter is not None else "email"


def _by(book: Book, drafted: Drafted, channel: str | None) -> Drafted:
    if channel in (None, drafted.letter.channel) or drafted.state == "sent":
        return drafted
    with book.change(f"{drafted.letter.id} goes by {channel}"):
        return _redirected(book, drafted, channel)


def _redirected(book: Book, drafted: Drafted, channel: str | None) -> Drafted:
    """An open letter with another way to go out. Needs an open change."""
    if channel is None or drafted.state == "sent":
        return drafted
    return Drafted(book.letters.save(replace(drafted.letter, channel=channel)), drafted.state)
