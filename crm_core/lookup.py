"""From what a user typed to the record that is meant, or to a new one.

Records are named by id or by name, and tried in this order: id, exact name, words that begin so, any part of the name.
The first that has hits wins; several hits are the user's to choose from. Nothing here prints or asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec

from crm_core.book import Book
from crm_core.errors import AmbiguousName, InputError, SimilarName, UnknownName
from crm_core.network import company_of, find_by_name, fold, similar_companies, similar_contacts
from crm_core.pipeline import UNKNOWN_ROLE, interviews_of, last_ended, live_applications, next_ahead
from crm_core.records import Application, Company, Contact, Interview, Letter, Position, Record
from crm_core.table import Table
from crm_core.words import say_when

R = TypeVar("R", bound=Record)
Which = Literal["ended", "ahead", "only"]
Names: TypeAlias = Iterable[tuple[str, Sequence[str]]]
"""Ids, each with all names that its record goes by."""

LISTED: Final = 8
"""Candidates that are named in a message."""
NEAR: Final = 3
"""Records that somebody who mistyped a name is asked about."""
LONGEST_NAME: Final = 500
"""Characters of a name that is typed."""


class Called(msgspec.Struct, frozen=True, gc=False):
    """Of a contact, how they are called: all that a name is looked for in."""

    name: str
    nickname: str = ""


_ID_SHAPE = re.compile("([a-z]+)[0-9]+")


def contact_named(book: Book, text: str) -> Contact:
    """The contact of that id or name.

    Raises:
        UnknownName: Nobody goes by it.
        AmbiguousName: Several people do.
    """
    return _one(book.contacts, text, lambda: _contact_names(book), contact_label)


def company_named(book: Book, text: str) -> Company:
    """The company of that id, name or alias.

    Raises:
        UnknownName: None goes by it.
        AmbiguousName: Several do.
    """

    def names() -> Names:
        return ((company.id, (company.name, *company.aliases)) for company in book.companies)

    return _one(book.companies, text, names, lambda company: company.name)


def application_named(book: Book, text: str) -> Application:
    """The application of that id, role or company; where several were made, the only one that is alive.

    Raises:
        UnknownName: There is none.
        AmbiguousName: There are several.
    """
    meant = _applications_meant(book, text)
    live = [application for application in meant if application.alive]
    return _only(
        book.applications,
        text,
        live or meant,
        lambda application: application_label(book, application),
        lambda: _all_application_names(book),
    )


def live_application(book: Book, company: Company, role: str = "") -> Application | None:
    """The company's application that is alive, or None; of that role, if one is given.

    Raises:
        AmbiguousName: Several are.
    """
    found = live_applications(book, company, role)
    if len(found) > 1:
        several = _listed(found, lambda application: application_label(book, application))
        which = "by its id in the company's place" if role else "by --role, or by its id in the company's place"
        raise AmbiguousName(f"Several applications at {company.name} are alive", f"{several}. Say which {which}.")
    return found[0] if found else None


def interview_named(book: Book, text: str | None, which: Which = "ended") -> Interview:
    """The interview of that id, or the one meant by an application, a company or a role.

    Args:
        book: Where to look.
        text: An id, a company or a role; None or empty for any.
        which: `ended`: the last that ended; `ahead`: the next; `only`: it must be the only one.

    Raises:
        UnknownName: There is none.
        AmbiguousName: There are several, with `only`, or at several companies.
    """
    if text and (found := book.interviews.find(text.strip())):
        return found
    groups = _interviews_meant(book, text)
    meant = [interview for group in groups for interview in group]
    chosen = [interview for group in groups if (interview := _chosen(book, group, which))]
    if len(chosen) == 1 and (which != "only" or len(meant) == 1):
        return chosen[0]
    if chosen or (meant and which == "only"):
        several = meant if which == "only" else chosen
        raise AmbiguousName(f"{(text or 'that')[:60]!r} could be several interviews", _by_start(book, several))
    about = f" for {text[:60]!r}" if text else ""
    if not meant:
        label = partial(application_label, book)
        meant_perhaps = _perhaps(book.applications, text or "", _all_application_names(book), label)
        listed = "`crm interview list` shows them all with their ids."
        known = listed if any(book.interviews) else "`crm interview log COMPANY --at WHEN` logs one."
        hint = f"{meant_perhaps}{known}"
        raise UnknownName(f"There is no interview{about}", hint)
    what = "has ended yet" if which == "ended" else "is ahead"
    raise UnknownName(f"No interview{about} {what}", f"Known are: {_by_start(book, meant)}.")


def panelist_named(book: Book, interview: Interview, text: str) -> Contact:
    """The contact of that id or name who sits on the interview's panel.

    Raises:
        UnknownName: Nobody on it goes by that.
        AmbiguousName: Several do.
    """
    panel = _panel(book, interview)
    found = book.contacts.find(text.strip())
    names = ((person.id, (person.name, person.nickname)) for person in panel)
    hits = [found] if found else _hits(book.contacts, text, names)
    hits = [contact for contact in hits if contact in panel]
    if not hits:
        listed = _listed(panel, contact_label)
        raise UnknownName(f"{text[:60]!r} is not on the panel of {interview.id}", f"On it: {listed or 'nobody'}.")
    return _only(book.contacts, text, hits, contact_label)


def person_meant(book: Book, interview: Interview, text: str) -> Contact:
    """The contact of that id or name; of several, the one on the interview's panel.

    Raises:
        UnknownName: Nobody goes by it.
        AmbiguousName: Several people do.
    """
    found = book.contacts.find(text.strip())
    if found is not None:
        return found
    hits = _hits(book.contacts, text, _contact_names(book))
    panel = _panel(book, interview)
    meant = [hit for hit in hits if hit in panel] or hits
    return _only(book.contacts, text, meant, contact_label, lambda: _contact_names(book))


def letter_named(book: Book, text: str) -> Letter:
    """The letter of that id, or the newest to the person of that name.

    Raises:
        UnknownName: There is none.
        AmbiguousName: Several people go by that name.
    """
    found = book.letters.find(text)
    if found is not None:
        return found
    hint = "`crm letter list` shows them all with their ids."
    try:
        letters = book.letters.where("contact", contact_named(book, text).id)
    except UnknownName:
        hint = f"{_perhaps(book.contacts, text, _contact_names(book), contact_label)}{hint}"
        raise UnknownName(f"There is no letter {text[:60]!r}, nor anybody of that name", hint) from None
    if not letters:
        raise UnknownName(f"There is no letter to {text[:60]!r}", hint)
    return letters[-1]


def known_or_new_company(book: Book, name: str, *, new: bool = False) -> Company:
    """The company of that id or name; one without an id, to be added, if it is not known.

    Args:
        book: Where to look.
        name: What the user typed.
        new: Do not mind similar names.

    Raises:
        InputError: It is no name.
        SimilarName: Something looks similar; the hint lists it.
        UnknownName: It is written as an id that no company has.
    """
    known = book.companies.find(name.strip()) or company_of(book.companies, name)
    if known is not None:
        return known
    plain = _new_name(book, name, "company", new=new)
    similar = [] if new else similar_companies(name, book.companies)
    if similar:
        raise _looks_similar(name, similar, "company", lambda company: company.name)
    return Company(name=plain)


def known_or_new_contact(
    book: Book, name: str, company: Company | None = None, *, new: bool = False, near: Sequence[str] = ()
) -> Contact:
    """The contact of that id or name, or of those whole words of a name; one to be added if nobody is known.

    Args:
        book: Where to look.
        name: What the user typed.
        company: Where a new person works; of several of that name, the one who works there is meant.
        new: Do not mind similar names: only an id or the exact name is somebody known.
        near: Ids of people who are meant before others of that name.

    Raises:
        InputError: It is no name.
        SimilarName: Somebody looks similar; the hint lists them.
        UnknownName: It is written as an id that no contact has.
        AmbiguousName: Several people are meant.
    """
    known = book.contacts.find(name.strip())
    if known is not None:
        return known
    hits = _nearest(_people_called(book, name, exactly=new), near, company)
    if len(hits) > 1:
        raise AmbiguousName(f"{name[:60]!r} could be several people", _listed(hits, contact_label))
    if hits:
        return hits[0]
    plain = _new_name(book, name, "contact", new=new)
    similar = [] if new else similar_contacts(name, book.contacts)
    if similar:
        raise _looks_similar(name, similar, "person", contact_label)
    positions = (Position(organisation=company.name, company=company.id or None),) if company else ()
    return Contact(name=plain, positions=positions)


def contact_label(contact: Contact) -> str:
    """A contact in a list of candidates: the name and where they work."""
    position = contact.position
    return f"{contact.name} ({position.organisation})" if position and position.organisation else contact.name


def application_label(book: Book, application: Application) -> str:
    """An application in words: the role and the company."""
    company = book.companies.find(application.company)
    role = "unknown role" if application.role == UNKNOWN_ROLE else application.role
    return f"{role} at {company.name if company else 'an unknown company'}"


def employer_name(book: Book, application: Application) -> str:
    """The name of an application's company, or `the company` where it is not known."""
    company = book.companies.find(application.company)
    return company.name if company is not None else "the company"


def employer_of(book: Book, interview: Interview) -> Company | None:
    """The company that an interview was with."""
    application = book.applications.find(interview.application)
    return book.companies.find(application.company) if application is not None else None


def ended_label(book: Book, interview: Interview) -> str:
    """An interview and when it ended or ends, as a sentence: what a step after it says for a reason."""
    application, company = book.applications.find(interview.application), employer_of(book, interview)
    role = application.role if application is not None and application.role.casefold() != UNKNOWN_ROLE else ""
    what = f"{role} interview" if role else "Interview"
    at = f" at {company.name}" if company is not None else ""
    return f"{what}{at} {'ended' if interview.end <= book.now else 'ends'} {say_when(interview.end, book.now)}"


def interview_label(book: Book, interview: Interview) -> str:
    """An interview in words: the role, the company and when."""
    application = book.applications.find(interview.application)
    what = application_label(book, application) if application else "an unknown application"
    return f"{what}, {say_when(interview.at, book.now)}"


def _new_name(book: Book, name: str, noun: str, *, new: bool) -> str:
    """A name that a new record may bear, with single spaces."""
    plain = " ".join(name.split())
    if not any(character.isalnum() for character in plain):
        raise InputError(f"{name[:60]!r} is no name for a {noun}", "Give a name or an id.")
    if len(plain) > LONGEST_NAME:
        raise InputError(f"{name[:60]!r}... is too long a name", f"Give one of up to {LONGEST_NAME} characters.")
    shape = _ID_SHAPE.fullmatch(plain)
    kind = next((kind for kind in book.kinds if kind.prefix == shape[1]), None) if shape else None
    if kind is not None and (kind.label == noun or not new):
        really = "" if kind.label == noun else " If that is really a name: --new."
        raise UnknownName(f"There is no {noun} {plain!r}", f"`crm {noun} list` shows them all with their ids.{really}")
    return plain


def _people_called(book: Book, name: str, *, exactly: bool) -> list[Contact]:
    """Those of exactly that name, else (where that may be) those with all its words among theirs."""
    wanted = fold(name)
    words = set(wanted.split())
    names = [(id_, fold(called.name)) for id_, called in book.contacts.glimpses(Called)]
    exact = [id_ for id_, name in names if name == wanted]
    if exact or exactly or not words:
        return list(map(book.contacts.get, exact))
    return [book.contacts.get(id_) for id_, name in names if words <= set(name.split())]


def _nearest(hits: Sequence[Contact], near: Sequence[str], company: Company | None) -> Sequence[Contact]:
    """Of several people those near, else those who work at the company, else all."""
    close = [contact for contact in hits if contact.id in near]
    if close or company is None or not company.id:
        return close or hits
    return [c for c in hits if any(p.company == company.id and p.current for p in c.positions)] or hits


def _looks_similar(name: str, similar: Sequence[R], noun: str, label: Callable[[R], str]) -> SimilarName:
    listed = _listed(similar, label)
    return SimilarName(
        f"No {noun} is called {name[:60]!r}, but there is something similar",
        f"{listed}. Give its id, or --new for another {noun} of that name.",
        listed,
        [record.id for record in similar],
    )


def _contact_names(book: Book) -> Names:
    return ((id_, (called.name, called.nickname)) for id_, called in book.contacts.glimpses(Called))


def _panel(book: Book, interview: Interview) -> list[Contact]:
    return [contact for seat in interview.panel if (contact := book.contacts.find(seat.contact))]


def _hits(table: Table[R], text: str, names: Names) -> list[R]:
    return [table.get(id_) for id_ in find_by_name(text, names)]


def _one(table: Table[R], text: str, names: Callable[[], Names], label: Callable[[R], str]) -> R:
    found = table.find(text.strip())
    return found if found is not None else _only(table, text, _hits(table, text, names()), label, names)


def _only(
    table: Table[R],
    text: str,
    hits: Sequence[R],
    label: Callable[[R], str],
    names: Callable[[], Names] = lambda: (),
) -> R:
    noun, plural = table.kind.label, table.kind.plural
    if not hits:
        hint = f"{_perhaps(table, text, names(), label)}`crm {noun} list` shows them all with their ids."
        raise UnknownName(f"There is no {noun} {text[:60]!r}", hint)
    if len(hits) > 1:
        raise AmbiguousName(f"{text[:60]!r} could be several {plural}", _listed(hits, label))
    return hits[0]


def _perhaps(table: Table[R], text: str, names: Names, label: Callable[[R], str]) -> str:
    """The question whether some are meant whose names are nearly what was typed, with a space after it; or nothing."""
    from crm_core.network import near_names

    near = [table.get(id_) for id_ in near_names(text[:LONGEST_NAME], names)[:NEAR]]
    return f"Did you mean {' or '.join(f'{record.id} {label(record)}' for record in near)}? " if near else ""


def _listed(records: Sequence[R], label: Callable[[R], str]) -> str:
    more = f"; and {len(records) - LISTED} more" if len(records) > LISTED else ""
    return "; ".join(f"{record.id} {label(record)}" for record in records[:LISTED]) + more


def _by_start(book: Book, interviews: Iterable[Interview]) -> str:
    ordered = sorted(interviews, key=lambda interview: interview.start)
    return _listed(ordered, lambda interview: interview_label(book, interview))


def _applications_meant(book: Book, text: str) -> list[Application]:
    """Those of that id, else those at the company of that id, else those that go by that name."""
    found = book.applications.find(text.strip())
    if found is not None:
        return [found]
    company = book.companies.find(text.strip())
    if company is not None:
        return book.applications.where("company", company.id)
    return _hits(book.applications, text, _all_application_names(book))


def _all_application_names(book: Book) -> Names:
    return ((application.id, _application_names(book, application)) for application in book.applications)


def _application_names(book: Book, application: Application) -> tuple[str, ...]:
    company = book.companies.find(application.company)
    names = (company.name, *company.aliases) if company else ()
    return (application.role, *names, *(f"{name} {application.role}" for name in names))


def _interviews_meant(book: Book, text: str | None) -> list[list[Interview]]:
    """The interviews meant, those at one company together; where nothing was said, all together."""
    if not text or not text.strip():
        return [list(book.interviews)]
    groups: dict[str, list[Interview]] = {}
    for application in _applications_meant(book, text):
        groups.setdefault(application.company, []).extend(interviews_of(book, application))
    return list(groups.values())


def _chosen(book: Book, meant: Sequence[Interview], which: Which) -> Interview | None:
    if which == "ended":
        return last_ended(book, meant)
    if which == "ahead":
        return next_ahead(meant, book.now)
    return meant[0] if len(meant) == 1 else None
