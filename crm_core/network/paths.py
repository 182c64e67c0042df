"""Paths: through whom somebody gets to a company, and the proof of it in words.

People who work or worked there, have an e-mail address there, worked where an interviewer did, or know somebody there.
Nothing is guessed: organisations are compared whole, through `companies.py`. Whether a person should be asked, and
who has been, is for others to say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import Final, Literal, NamedTuple

import msgspec

from crm_core.dates import day_of
from crm_core.network.companies import CompanyIndex, organisation_key
from crm_core.network.domains import email_domain
from crm_core.network.keys import is_employer
from crm_core.network.names import fold
from crm_core.network.staff import Acquaintances
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


class Held(msgspec.Struct, frozen=True, gc=False):
    """Of a position, where it is or was."""

    organisation: str
    company: str | None = None


class Ties(msgspec.Struct, frozen=True, gc=False):
    """Of a contact, what may lead somewhere: all that is read of most people."""

    positions: tuple[Held, ...] = ()
    emails: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    introduced_by: str | None = None


class _Leg(NamedTuple):
    """That two people know one another: `words` say of the other how, and go before the name of the one."""

    other: str
    words: str


class PathFinder:
    """All that is needed of a network to find paths to any company: one pass over it, then a look-up each.

    Only the contacts that a path leads through are read in full.

    Args:
        companies: Those that have a record; others are known by their printed names.
        contacts: The people who may be asked.
        mine: The user's own e-mail address: nobody asks themselves.
        cards: Business cards, to say where a position stands printed.
        interactions: Exchanges, to say when a person was last spoken with.
    """

    def __init__(
        self,
        companies: Iterable[Company],
        contacts: Acquaintances,
        *,
        mine: str = "",
        cards: Iterable[BusinessCard] = (),
        interactions: Iterable[Interaction] = (),
    ) -> None:
        self._places = _Places(companies)
        self._contacts = contacts
        self._self: set[str] = set()
        self._jobs: defaultdict[str, list[str]] = defaultdict(list)
        self._addresses: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._legs: dict[str, list[_Leg]] = {}
        self._cards: dict[str, list[BusinessCard]] = {}
        self._last: dict[str, date] = {}
        self._look_through(mine.strip().casefold())
        for card in cards:
            self._cards.setdefault(card.contact, []).append(card)
        for exchange in interactions:
            day = day_of(exchange.on)
            self._last[exchange.contact] = max(day, self._last.get(exchange.contact, day))

    def paths(self, company: Company, interviewers: Collection[str] = ()) -> Iterator[Path]:
        """One path for each person who has any, the closest first.

        Kinds go before closeness, closeness before the last exchange, that before how long somebody is or was there.
        So each further kind is looked for only when somebody asks beyond the kinds before it.

        Args:
            company: Where to; one without an id is known by its name alone.
            interviewers: The ids of the people who interview there. They decide, so they are not asked; who worked
                or is acquainted with one of them has a path.
        """
        place = self._places.of_company(company)
        there = self._there(place, company)
        yield from _ranked(link for id_, link in there.items() if id_ not in interviewers)
        met = {*there, *interviewers}
        panel = [person for id_ in sorted(set(interviewers)) if (person := self._person(id_)) is not None]
        colleagues = list(self._colleagues(panel, place, met))
        yield from _ranked(colleagues)
        met.update(link.path.person.id for link in colleagues)
        yield from _ranked(self._acquainted(there, panel, met))

    def _look_through(self, mine: str) -> None:
        """Note who leads where, person by person; the user's own record leads nowhere."""
        jobs, of_text, of_ending = self._jobs, self._places.texts, self._places.endings
        for id_, ties in self._contacts.glimpses(Ties):
            if mine and mine in {email.strip().casefold() for email in ties.emails}:
                self._self.add(id_)
                continue
            for held in ties.positions:
                place = held.company or of_text[held.organisation]
                if place:
                    jobs[place].append(id_)
            for email in ties.emails:
                place = of_ending[email.rpartition("@")[2]]
                if place and email_domain(email):
                    self._addresses[place].setdefault(id_, email)
            if ties.knows or ties.introduced_by is not None:
                self._note_ties(id_, ties)

    def _note_ties(self, id_: str, ties: Ties) -> None:
        for other in ties.knows:
            self._join(id_, other, "knows", "is known to")
        if ties.introduced_by is not None:
            self._join(id_, ties.introduced_by, "was introduced to you by", "introduced you to")

    def _person(self, id_: str) -> Contact | None:
        """A contact, unless it is the user's own record, or a firm's own in an address book: it puts in no word."""
        found = None if id_ in self._self else self._contacts.find(id_)
        return None if found is not None and is_employer(found.name, found) else found

    def _employed_at(self, place: str) -> Iterator[tuple[Contact, Position]]:
        """Who works or worked at a place, with each position there."""
        for id_ in dict.fromkeys(self._jobs.get(place, ())):
            person = self._person(id_)
            if person is not None:
                yield from ((person, held) for held in person.positions if self._places.of_position(held) == place)

    def _join(self, one: str, other: str, words: str, back: str) -> None:
        if one != other:
            self._legs.setdefault(one, []).append(_Leg(other, back))
            self._legs.setdefault(other, []).append(_Leg(one, words))

    def _there(self, place: str, company: Company) -> dict[str, _Link]:
        """Who works or worked there or has an address there, by id."""
        found: dict[str, _Link] = {}
        for contact, position in self._employed_at(place):
            link = self._employed(contact, position, company)
            if contact.id not in found or link.rank < found[contact.id].rank:
                found[contact.id] = link
        for id_, email in self._addresses.get(place, {}).items():
            person = self._person(id_) if id_ not in found else None
            if person is not None:
                proof = f"has an e-mail address there: {email.strip()}"
                found[id_] = self._link(person, "address there", proof)
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
                for contact, position in self._employed_at(place):
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
            legs, via = self._legs.get(id_, ()), self._person(id_)
            for leg in legs:
                person = self._person(leg.other) if leg.other not in met else None
                # An old id may lead to somebody who was met under the present one.
                if person is None or via is None or person.id in met:
                    continue
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


def _ranked(links: Iterable[_Link]) -> Iterator[Path]:
    return (link.path for link in sorted(links, key=lambda link: link.rank))


class _Answers(dict[str, str]):
    """Answers to questions, each worked out when it is first asked: a network asks the same ones again and again."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, question: str) -> str:
        found = self[question] = self._answer(question)
        return found


class _Places:
    """Which organisation is meant: a company's id, else the key of a printed name.

    Attributes:
        texts: The place of each printed name; empty where it names no organisation.
        endings: What follows the @ of e-mail addresses: the id of the company whose domain it is, or nothing.
    """

    def __init__(self, companies: Iterable[Company]) -> None:
        known = list(companies)
        self._index = CompanyIndex(known)
        self._exact: dict[str, str] = {}
        for company in known:
            self._exact.setdefault(_whole(company.name), company.id)
        for company in known:
            for alias in company.aliases:
                self._exact.setdefault(_whole(alias), company.id)
        self.texts = _Answers(self._place)
        self.endings = _Answers(self._owner)

    def of_company(self, company: Company) -> str:
        return company.id or self.of_text(company.name)

    def of_position(self, position: Position) -> str:
        return position.company or self.of_text(position.organisation)

    def of_text(self, text: str) -> str:
        return self.texts[text]

    def _owner(self, ending: str) -> str:
        company = self._index.match("", email_domain(f"somebody@{ending}"))
        return company.id if company is not None else ""

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
