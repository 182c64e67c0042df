"""Which of many people may be one: pairs in a book, and a card's owner among those who are known.

Only those who have a telling fact in common are compared (their blocks), so the time grows with the number of people
and not with its square. How two are weighed is in `weighing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from msgspec.structs import replace

from crm_core.network.keys import uid_key
from crm_core.network.likeness import name_keys
from crm_core.network.merging import names_somebody, updated
from crm_core.network.weighing import (
    ANOTHER_NAME,
    ASK,
    SAME_UID,
    SURE,
    Evidence,
    Traits,
    traits_of,
    weigh,
)
from crm_core.records import Contact, Ref

PARTNERS: Final = 8
"""Members of one block that anybody is compared with: 650 people of one name would else be 200,000 pairs."""


class Match(NamedTuple):
    """Somebody who may be the person of a card.

    Args:
        contact: Who.
        evidence: What speaks for it.
        knows_all: Whether the card says nothing that they do not have already.
    """

    contact: Contact
    evidence: Evidence
    knows_all: bool


class PeopleIndex:
    """People by what tells them apart, to find the owner of a card among them."""

    def __init__(self, contacts: Iterable[Contact] = ()) -> None:
        self._people: list[Contact] = []
        self._traits: list[Traits] = []
        self._blocks: dict[int, tuple[int, ...]] = {}
        self._places: dict[str, int] = {}
        self._looked_up: tuple[Contact, Traits] | None = None
        for contact in contacts:
            self.add(contact)

    def __iter__(self) -> Iterator[Contact]:
        """All of them, as they were added last."""
        return iter(list(self._people))

    def get(self, id_: str) -> Contact:
        """The contact of that id, as it was added last."""
        return self._people[self._places[id_]]

    def add(self, contact: Contact) -> None:
        """Let later cards find this contact; one of an id that is known takes the place of its former self."""
        self._add(contact, self._traits_of(contact))

    def matches(self, card: Contact, bring: Callable[[Contact, Contact], Contact] = updated) -> list[Match]:
        """Those who may be the person of a card, at least worth asking about.

        Who has its UID comes first, then who surely is the person and knows all that the card says, then the likeliest,
        of equals who is called just so, then the oldest. A card that says nothing which a contact of that name does not
        have already counts as sure, and so does one without a name: else a list of bare names would grow each time that
        it is read.

        Args:
            card: Without an id.
            bring: What a contact and a card of theirs become.
        """
        traits = traits_of(card)
        self._looked_up = card, traits
        found = []
        for place in self._sharing(chain(self._keys(traits), self._as_written(card))):
            known = self._people[place]
            judged = weigh(traits, self._traits[place])
            namesake = judged.score < SURE and (card.name == known.name or not names_somebody(card))
            likely = (namesake or judged.score >= SURE) and _may_know_all(self._traits[place], traits)
            knows_all = likely and bring(known, card) == known
            if namesake and knows_all:
                judged = Evidence(SURE, (*judged.reasons, "nothing on the card that is not known"))
            if judged.score >= ASK:
                found.append((place, Match(known, judged, knows_all)))
        found.sort(key=lambda hit: (*_rank(hit[1], card), hit[0]))
        return [match for _, match in found]

    def with_uid(self, uid: str) -> Contact | None:
        """Whose a UID is; else the first contact that goes by it, too."""
        key = uid_key(uid)
        known = [self._people[place] for place in self._blocks.get(hash(f"uid {key}"), ())]
        return next((contact for contact in known if uid_key(contact.uid) == key), known[0] if known else None)

    def add_comparing(self, contact: Contact) -> list[tuple[Contact, Evidence]]:
        """Add a contact; whom of those added before it may duplicate, in the order in which they came."""
        traits = traits_of(contact)
        near = self._sharing(self._keys(traits))
        weighed = [(self._people[place], weigh(self._traits[place], traits)) for place in near]
        self._add(contact, traits)
        return [(known, judged) for known, judged in weighed if judged.score >= ASK]

    def _sharing(self, keys: Iterable[int]) -> list[int]:
        return sorted({place for key in keys for place in self._blocks.get(key, ())})

    def _add(self, contact: Contact, traits: Traits) -> None:
        place = self._places.get(contact.id)
        if place is None:
            place = len(self._people)
            self._people.append(contact)
            self._traits.append(traits)
            if contact.id:
                self._places[contact.id] = place
        else:
            self._people[place], self._traits[place] = contact, traits
        alone = (place,)  # most blocks have one member, and share its tuple
        for key in chain(self._keys(traits), self._as_written(contact)):
            block = self._blocks.setdefault(key, alone)
            if block is not alone and len(block) < PARTNERS and place not in block:
                self._blocks[key] = (*block, place)

    def _traits_of(self, contact: Contact) -> Traits:
        """Its traits; a card that was just looked up is most often added next, as it is."""
        if self._looked_up is not None and replace(contact, id=Ref("")) == self._looked_up[0]:
            return self._looked_up[1]
        return traits_of(contact)

    def _keys(self, traits: Traits) -> Iterator[int]:
        """The blocks in which a person is compared.

        Each pair of at least ASK shares one: so much takes an equal UID, e-mail, profile or phone, or beside the name
        an organisation or a birthday. Where many share a fact, such as a switchboard, the name is added to it.

        They go by hashes, which take half the memory and less time: two facts of one hash would only be one more
        block in which somebody is compared.
        """
        names = set().union(*map(name_keys, traits.names))
        for fact in _own_facts(traits):
            yield (key := hash(fact))
            if len(self._blocks.get(key, ())) >= PARTNERS:
                yield from [hash((fact, name)) for name in names]
        for fact in (*traits.organisations, traits.birthday.day):
            if fact:
                yield from [hash((fact, name)) for name in names]

    def _as_written(self, contact: Contact) -> Iterator[int]:
        """The blocks in which a card that says nothing new finds the contact; by more where many have the name."""
        name = f"name {contact.name}"
        yield (key := hash(name))
        if len(self._blocks.get(key, ())) >= PARTNERS:
            rest = (contact.address, contact.birthday, contact.nickname, contact.note, *contact.tags, *contact.kept)
            titles = (position.title for position in contact.positions)
            yield from (hash((name, text)) for text in (*rest, *titles) if text)


def said_to_differ(one: Contact, other: Contact) -> bool:
    """Whether the user said that two contacts are not one person."""
    return other.id in one.differs_from or one.id in other.differs_from


def duplicates(contacts: Iterable[Contact]) -> list[tuple[Contact, Contact, Evidence]]:
    """Pairs of contacts worth asking about, each once, the earlier first; the likeliest on top, then by their ids.

    Pairs of whom the user said that they are not one person are left out.
    """
    people = PeopleIndex()
    pairs = [
        (known, contact, judged)
        for contact in contacts
        for known, judged in people.add_comparing(contact)
        if not said_to_differ(known, contact)
    ]
    return sorted(pairs, key=lambda pair: (-pair[2].score, _in_order(pair[0].id), _in_order(pair[1].id)))


def _may_know_all(known: Traits, card: Traits) -> bool:
    """Whether nothing on a card is seen at once to be news: much cheaper than bringing somebody up to date."""
    facts = ((known.emails, card.emails), (known.phones, card.phones), (known.organisations, card.organisations))
    return all(set(there).issuperset(here) for there, here in facts if here)


def _rank(match: Match, card: Contact) -> tuple[bool, bool, bool, int, bool]:
    """What matches are sorted by, the best first."""
    reasons = match.evidence.reasons
    news, score, other_name = not match.knows_all, match.evidence.score, match.contact.name != card.name
    return SAME_UID not in reasons, ANOTHER_NAME in reasons, news, -score, other_name


def _own_facts(traits: Traits) -> list[str]:
    return [
        *[f"uid {uid}" for uid in traits.uids],
        *[f"email {email}" for email in traits.emails],
        *[f"profile {profile}" for profile in traits.profiles],
        *[f"phone {phone}" for phone in traits.phones],
    ]


def _in_order(id_: str) -> tuple[int, str]:
    # c2 comes before c10
    return len(id_), id_
