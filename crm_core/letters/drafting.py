"""Drafting: from a kind's templates and the book's facts to a letter, and which letter is still being written.

Templates come from plugins and run in a sandbox; what goes wrong in one is an error that names it, never a traceback.
Facts are values in it, so nothing that stands in a name or a note is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import day_start, moment_of
from crm_core.errors import CrmError
from crm_core.letters.facts import facts_for, one_line
from crm_core.letters.kinds import LONGEST, THANKS, LetterKind
from crm_core.letters.sent import sent_thanks
from crm_core.records import Application, Contact, Interview, Letter, Version

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

_BLANK = re.compile(r"\[\[([^\[\]]*)\]\]")
_TEMPLATE_FILE: Final = "<template>"  # what Jinja2 calls a template that was given as text
_ENDED: Final = (".", "!", "?", "…", ":", ".)", '."', ".”", "!”", "?”")


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
        CrmError: The kind's template is at fault; the message names it and the line.
    """
    facts = {**facts_for(book, contact, interview, application), "channel": channel}
    version = Version(
        written=moment_of(book.now),
        subject=one_line(_rendered(kind, "subject", kind.subject, facts)),
        body=_tidy(_rendered(kind, "body", kind.body, facts)),
    )
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
    present = open_letter(book, kind.name, contact, interview, application)
    if present is None and not again:
        sent = _sent(book, kind, contact, interview, application)
        if sent is not None:
            return Drafted(sent, "sent")
    if present is not None and not again:
        return Drafted(_by(book, present, channel or present.channel), "open")
    by = channel or (present.channel if present is not None else "email")
    draft = draft_letter(book, kind, contact, interview, application, by)
    with book.change(f"drafted: {kind.label} to {contact.name}"):
        # Another command may have drafted it since this one looked.
        present = open_letter(book, kind.name, contact, interview, application)
        if present is None:
            return Drafted(book.letters.add(draft), "new")
        if not again:
            return Drafted(present, "open")
        versions = (*present.versions, *draft.versions)
        return Drafted(book.letters.save(replace(present, channel=draft.channel, versions=versions)), "again")


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


def blanks(text: str) -> list[str]:
    """What is still to be filled in: the texts between `[[` and `]]`, each once, in the order of the text."""
    return list(dict.fromkeys(" ".join(found.split()) for found in _BLANK.findall(text)))


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


def _by(book: Book, letter: Letter, channel: str) -> Letter:
    if letter.channel == channel:
        return letter
    with book.change(f"{letter.id} goes by {channel}"):
        return book.letters.save(replace(letter, channel=channel))


def _rendered(kind: LetterKind, part: str, source: str, facts: Mapping[str, Any]) -> str:
    try:
        return _capped(_environment().from_string(source).generate(facts))
    except Exception as error:
        reason = one_line(str(error))[:200] or type(error).__name__
        raise CrmError(
            f"The template of the {kind.label} ({kind.name}) fails in its {part}, line {_line(error)}: {reason}",
            "`crm plugins` shows the plugins; the one that brings this kind of letter is at fault.",
        ) from error


def _capped(pieces: Iterable[str]) -> str:
    """The pieces together; a template without an end is stopped before it fills the memory."""
    taken: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LONGEST:
            raise OverflowError(f"it makes more than {LONGEST:,} characters")
        taken.append(piece)
    return "".join(taken)


def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # a letter is plain text
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["blank"] = _blank
    environment.filters["sentence"] = _sentence
    return environment


def _line(error: BaseException) -> int:
    """The template's line that an error comes from."""
    line = getattr(error, "lineno", None) or 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TEMPLATE_FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _blank(what: str) -> str:
    return f"[[{re.sub(r'[][]', '', what)}]]"


def _sentence(text: str) -> str:
    text = text.rstrip()
    return text if not text or text.endswith(_ENDED) else f"{text}."


def _tidy(text: str) -> str:
    """The text without blanks at the ends of lines, and with one empty line at the most between paragraphs."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")
