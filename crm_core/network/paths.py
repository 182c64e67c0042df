"""Paths: through whom somebody gets to a company, and the proof of it in words.

People who work or worked there, have an e-mail address there, worked where an interviewer did, or know somebody there.
Nothing is guessed: organisations are compared whole, through `companies.py`. Whether a person should be asked, and
who has been, is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

import msgspec

from crm_core.dates import day_of
from crm_core.network.companies import CompanyIndex, organisation_key
from crm_core.network.domains import email_domain
from crm_core.network.names import fold
from crm_core.records import BusinessCard, Company, Contact, Interaction, Position
from crm_core.words import MONTHS

PathKind = Literal["works there", "worked there", "address there", "shared employer", "knows somebody there"]
PATH_KINDS: Final[tuple[PathKind, ...]] = (
    "works there", "worked there", "address there", "shared employer", "knows somebody there",
)  # fmt: skip
"""The kinds of path, the shortest first."""

_SAID: Final[dict[PathKind, str]] = {
    "works there": "works there", "worked there": "worked there", "address there": "has an e-mail address there",
}  # fmt: skip

CLOSE: Final = 2
ACQUAINTED: Final = 1
STRANGER: Final = 0

CLOSE_WORDS: Final = frozenset(
    """
    boss brother classmate close colleague coworker cousin family father flatmate friend friends husband manager
    mentor mother neighbour neighbor partner reference roommate sister studied team teammate uncle aunt wife worked
    """.split()  # noqa: SIM905 - so many quotation marks would hide them
)
"""Words in a person's tags, or in how we know them, that say that they would do us a favour."""

NO_EMPLOYERS: Final = frozenset({
    "confidential", "consultant", "entrepreneur", "freelance", "freelancer", "freiberufler", "freiberuflich",
    "independent", "independent consultant", "n a", "na", "none", "privat", "private", "retired", "selbstaendig",
    "selbstandig", "selbststaendig", "selbststandig", "self", "self employed", "selfemployed", "stealth",
    "stealth startup", "student", "various", "unemployed",
})  # fmt: skip
"""What people write for an organisation when they have none: nobody is a colleague by it."""

_WORD: Final = re.compile(r"\w+")


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """A way to a company through a person.

    Args:
        person: Whom to ask.
        kind: What they have to do with the company.
        proof: What the book says of it, in words that can follow the person's name: `works there now: Engineer`.
        via: The interviewer or the person there through whom the path leads, if it has two legs.
        closeness: 2 for somebody who would do us a favour, 1 for an acquaintance, 0 where the book does not say.
        last: The day of the last exchange with the person.
    """

    person: Contact
    kind: PathKind
    proof: str
    via: Contact | None = None
    closeness: int = STRANGER
    last: date | None = None


class _Job(NamedTuple):
    """A position and whose it is."""

    contact: Contact
    position: Position


class _Leg(NamedTuple):
    """That two people know one another: `words` say of the other how, and go before the name of the one."""

    other: str
    words: str


class PathFinder:
    """All that is needed of a network to find paths to any company: one pass over it, then a look-up each.

    Args:
        companies: Those that have a record; others are known by their printed names.
        contacts: The people who may be asked; leave out the user's own record.
        cards: Business cards, to say where a position stands printed.
        interactions: Exchanges, to say when a person was last spoken with.
    """

    def __init__(
        self,
        companies: Iterable[Company],
        contacts: Iterable[Contact],
        *,
        cards: Iterable[BusinessCard] = (),
        interactions: Iterable[Interaction] = (),
    ) -> None:
        self._places = _Places(companies)
        self._people: dict[str, Contact] = {}
        self._jobs: dict[str, list[_Job]] = {}
        self._addresses: dict[str, dict[str, str]] = {}
        self._legs: dict[str, list[_Leg]] = {}
        self._cards: dict[str, list[BusinessCard]] = {}
        self._last: dict[str, date] = {}
        for contact in contacts:
            self._add(contact)
        for card in cards:
            self._cards.setdefault(card.contact, []).append(card)
        for exchange in interactions:
            day = day_of(exchange.on)
            self._last[exchange.contact] = max(day, self._last.get(exchange.contact, day))

    def paths(self, company: Company, interviewers: Collection[str] = ()) -> list[Path]:
        """One path for each person who has any, the closest first.

        Kinds go before closeness, closeness before the last exchange, that before how long somebody is or was there.

        Args:
            company: Where to; one without an id is known by its name alone.
            interviewers: The ids of the people who interview there. They decide, so they are not asked; who worked
                or is acquainted with one of them has a path.
        """
        place = self._places.of_company(company)
        there = self._there(place, company)
        known = [link for id_, link in there.items() if id_ not in interviewers]
        met = {link.path.person.id for link in known}.union(interviewers)
        panel = [self._people[id_] for id_ in sorted(set(interviewers)) if id_ in self._people]
        known += self._colleagues(panel, place, met)
        met.update(link.path.person.id for link in known)
        known += self._acquainted(there, panel, met)
        return [link.path for link in sorted(known, key=lambda link: link.rank)]

    def _add(self, contact: Contact) -> None:
        self._people[contact.id] = contact
        for position in contact.positions:
            place = self._places.of_position(position)
            if place:
                self._jobs.setdefault(place, []).append(_Job(contact, position))
        for email in contact.emails:
            place = self._places.of_email(email)
            if place:
                self._addresses.setdefault(place, {}).setdefault(contact.id, email)
        for other in contact.knows:
            self._join(contact.id, other, "knows", "is known to")
        if contact.introduced_by is not None:
            self._join(contact.id, contact.introduced_by, "was introduced to you by", "introduced you to")

    def _join(self, one: str, other: str, words: str, back: str) -> None:
        if one != other:
            self._legs.setdefault(one, []).append(_Leg(other, back))
            self._legs.setdefault(other, []).append(_Leg(one, words))

    def _there(self, place: str, company: Company) -> dict[str, _Link]:
        """Who works or worked there or has an address there, by id."""
        found: dict[str, _Link] = {}
        for contact, position in self._jobs.get(place, ()):
            link = self._employed(contact, position, company)
            if contact.id not in found or link.rank < found[contact.id].rank:
                found[contact.id] = link
        for id_, email in self._addresses.get(place, {}).items():
            if id_ not in found:
                proof = f"has an e-mail address there: {email.strip()}"
                found[id_] = self._link(self._people[id_], "address there", proof)
        return found

    def _employed(self, contact: Contact, position: Position, company: Company) -> _Link:
        kind: PathKind = "works there" if position.current else "worked there"
        printed = self._printed(position, contact)
        facts = (position.title.strip(), _other_name(position, company), _times(position), printed)
        words = ", ".join(fact for fact in facts if fact)
        start = "works there now" if position.current else "worked there before"
        return self._link(contact, kind, f"{start}: {words}" if words else start, standing=_standing(position))

    def _printed(self, position: Position, contact: Contact) -> str:
        """Where it stands printed: on the newest business card that names that organisation."""
        place = self._places.of_position(position)
        cards = [card for card in self._cards.get(contact.id, ()) if self._places.of_text(card.organisation) == place]
        if not place or not cards:
            return ""
        newest = max(cards, key=lambda card: (card.received or date.min, card.id))
        return f"as printed on the card{f' of {_day(newest.received)}' if newest.received else ''}"

    def _colleagues(self, panel: Iterable[Contact], target: str, met: Collection[str]) -> Iterator[_Link]:
        """Who has an employer in common with an interviewer, other than the company itself."""
        best: dict[str, _Link] = {}
        for interviewer in panel:
            for theirs in interviewer.positions:
                place = self._places.of_position(theirs)
                if not place or place == target:
                    continue
                for contact, position in self._jobs.get(place, ()):
                    if contact.id not in met:
                        link = self._colleague(contact, position, interviewer, theirs)
                        if contact.id not in best or link.rank < best[contact.id].rank:
                            best[contact.id] = link
        yield from best.values()

    def _colleague(self, contact: Contact, position: Position, interviewer: Contact, theirs: Position) -> _Link:
        where, name = position.organisation.strip() or theirs.organisation.strip(), interviewer.name
        verb, other = ("works" if held.current else "worked" for held in (position, theirs))
        proof = f"{verb} at {where} like {name}" if verb == other else f"{verb} at {where}, where {name} {other}"
        together = _together(position, theirs)
        when = {True: ", at the same time", False: ", at another time", None: ""}[together]
        nearness = {True: 0, None: 1, False: 2}[together]
        return self._link(contact, "shared employer", proof + when, via=interviewer, nearness=nearness)

    def _acquainted(self, there: dict[str, _Link], panel: Iterable[Contact], met: Collection[str]) -> Iterator[_Link]:
        """Who knows somebody there, or an interviewer."""
        words: dict[str, tuple[int, str]] = {}
        for id_, link in there.items():
            words[id_] = PATH_KINDS.index(link.path.kind) + 1, _SAID[link.path.kind]
        words.update((interviewer.id, (0, "interviews there")) for interviewer in panel)
        best: dict[str, _Link] = {}
        for id_, (nearness, says) in words.items():
            via = self._people[id_]
            for leg in self._legs.get(id_, ()):
                if leg.other in met or leg.other not in self._people:
                    continue
                person = self._people[leg.other]
                proof = f"{leg.words} {via.name}, who {says}"
                link = self._link(person, "knows somebody there", proof, via=via, nearness=nearness)
                if person.id not in best or link.rank < best[person.id].rank:
                    best[person.id] = link
        yield from best.values()

    def _link(
        self, person: Contact, kind: PathKind, proof: str, *, via: Contact | None = None, nearness: int = 0,
        standing: int = 0,
    ) -> _Link:  # fmt: skip
        last, close = self._last.get(person.id), closeness(person)
        path = Path(person=person, kind=kind, proof=proof, via=via, closeness=close, last=last)
        days = last.toordinal() if last else 0
        rank = (PATH_KINDS.index(kind), nearness, -close, -days, standing, fold(person.name), proof, person.id)
        return _Link(rank, path)


class _Link(NamedTuple):
    """A path and what it is ranked by."""

    rank: tuple[int, int, int, int, int, str, str, str]
    path: Path


class _Places:
    """Which organisation is meant, each question answered once: a company's id, else the key of a printed name."""

    def __init__(self, companies: Iterable[Company]) -> None:
        known = list(companies)
        self._index = CompanyIndex(known)
        self._exact: dict[str, str] = {}
        for company in known:
            self._exact.setdefault(_whole(company.name), company.id)
        for company in known:
            for alias in company.aliases:
                self._exact.setdefault(_whole(alias), company.id)
        self._of_text: dict[str, str] = {}
        self._of_domain: dict[str, str] = {}

    def of_company(self, company: Company) -> str:
        return company.id or self.of_text(company.name)

    def of_position(self, position: Position) -> str:
        return position.company or self.of_text(position.organisation)

    def of_text(self, text: str) -> str:
        """The place of a printed name; empty where it names no organisation."""
        place = self._of_text.get(text)
        if place is None:
            place = self._of_text[text] = self._place(text)
        return place

    def of_email(self, address: str) -> str:
        """The id of the company whose domain an address has; empty if it is nobody's that we know."""
        ending = address.rpartition("@")[2]
        place = self._of_domain.get(ending)
        if place is None:
            company = self._index.match("", email_domain(f"somebody@{ending}"))
            place = self._of_domain[ending] = company.id if company is not None else ""
        return place if place and email_domain(address) else ""

    def _place(self, text: str) -> str:
        # Two companies may differ in their legal forms alone: the printed one decides, however it is punctuated.
        whole = _whole(text)
        exact = self._exact.get(whole) if whole else None
        if exact:
            return exact
        company = self._index.match(text)
        if company is not None:
            return company.id
        key = organisation_key(text)
        return "" if key in NO_EMPLOYERS else key


def closeness(contact: Contact) -> int:
    """How well we know a person, by their tags and by how we know them: 2 close, 1 acquainted, 0 not said."""
    said = fold(" ".join((contact.how, *contact.tags)))
    if not CLOSE_WORDS.isdisjoint(_WORD.findall(said)):
        return CLOSE
    return ACQUAINTED if said.strip() else STRANGER


def _whole(name: str) -> str:
    """A name with its legal form, without punctuation."""
    return " ".join(_WORD.findall(fold(name).replace(".", "")))


def _other_name(position: Position, company: Company) -> str:
    """The organisation as printed, where that is not the company's name."""
    printed = position.organisation.strip()
    return f'as "{printed}"' if printed and fold(printed) != fold(company.name) else ""


def _times(position: Position) -> str:
    if position.until is not None:
        return f"until {_month(position.until)}"
    return f"since {_month(position.since)}" if position.since is not None and position.current else ""


def _standing(position: Position) -> int:
    """Whoever has been there longest is heard best; whoever left last is best remembered; lower is better."""
    if position.current:
        return (position.since or date.max).toordinal()
    left = position.until or position.since
    return -left.toordinal() if left is not None else 0


def _together(one: Position, other: Position) -> bool | None:
    """Whether two positions were held at the same time; None where the dates don't say."""
    if _ended_before(one, other) or _ended_before(other, one):
        return False
    known = all(position.since and (position.until or position.current) for position in (one, other))
    return True if known else None


def _ended_before(one: Position, other: Position) -> bool:
    return one.until is not None and other.since is not None and one.until < other.since


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def _day(day: date) -> str:
    return f"{day.day} {_month(day)}"
