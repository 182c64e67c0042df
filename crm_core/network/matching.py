"""Which of many people may be one: pairs in a book, and a card's owner among those who are known.

Only those who have a telling fact in common are compared (their blocks), so the time grows with the number of people
and not with its square. How two are weighed is in `weighing.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from crm_core.network.likeness import name_keys
from crm_core.network.merging import updated
from crm_core.network.weighing import ASK, SURE, Evidence, Traits, traits_of, weigh
from crm_core.records import Contact

PARTNERS: Final = 8
"""Members of one block that anybody is compared with: 650 people of one name would else be 200,000 pairs."""


class PeopleIndex:
    """People by what tells them apart, to find the owner of a card among them."""

    def __init__(self, contacts: Iterable[Contact] = ()) -> None:
        self._people: list[Contact] = []
        self._traits: list[Traits] = []
        self._blocks: dict[str, list[int]] = {}
        self._places: dict[str, int] = {}
        for contact in contacts:
            self.add(contact)

    def add(self, contact: Contact) -> None:
        """Let later cards find this contact; one of an id that is known takes the place of its former self."""
        self._add(contact, traits_of(contact))

    def matches(self, card: Contact) -> list[tuple[Contact, Evidence]]:
        """Those who may be the person of a card, at least worth asking about: the likeliest first, then the oldest.

        A card that says nothing which a contact of that name does not have already counts as sure: else a list of
        bare names would grow by itself each time that it is read.
        """
        traits = traits_of(card)
        found = []
        for place in self._sharing(chain(self._keys(traits), _as_written(card))):
            known = self._people[place]
            judged = weigh(traits, self._traits[place])
            if judged.score < SURE and card.name == known.name and updated(known, card) == known:
                judged = Evidence(SURE, (*judged.reasons, "nothing on the card that is not known"))
            if judged.score >= ASK:
                found.append((place, judged))
        found.sort(key=lambda hit: (-hit[1].score, hit[0]))
        return [(self._people[place], judged) for place, judged in found]

    def add_comparing(self, contact: Contact) -> list[tuple[Contact, Evidence]]:
        """Add a contact; whom of those added before it may duplicate, in the order in which they came."""
        traits = traits_of(contact)
        near = self._sharing(self._keys(traits))
        weighed = [(self._people[place], weigh(self._traits[place], traits)) for place in near]
        self._add(contact, traits)
        return [(known, judged) for known, judged in weighed if judged.score >= ASK]

    def _sharing(self, keys: Iterable[str]) -> list[int]:
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
        for key in chain(self._keys(traits), _as_written(contact)):
            block = self._blocks.get(key)
            if block is None:
                self._blocks[key] = [place]
            elif len(block) < PARTNERS and place not in block:
                block.append(place)

    def _keys(self, traits: Traits) -> Iterator[str]:
        """The blocks in which a person is compared.

        Each pair of at least ASK shares one: so much takes an equal UID, e-mail, profile or phone, or beside the name
        an organisation or a birthday. Where many share a fact, such as a switchboard, the name is added to it.
        """
        names = {key for words in traits.names for key in name_keys(words)}
        for fact in _own_facts(traits):
            yield fact
            if len(self._blocks.get(fact, ())) >= PARTNERS:
                yield from (f"{fact}\n{name}" for name in names)
        for fact in (*traits.organisations, traits.birthday.day):
            if fact:
                yield from (f"{fact}\n{name}" for name in names)


def duplicates(contacts: Iterable[Contact]) -> list[tuple[Contact, Contact, Evidence]]:
    """Pairs of contacts worth asking about, each once, the earlier first; the likeliest on top, then by their ids."""
    people = PeopleIndex()
    pairs = [(known, contact, judged) for contact in contacts for known, judged in people.add_comparing(contact)]
    return sorted(pairs, key=lambda pair: (-pair[2].score, _in_order(pair[0].id), _in_order(pair[1].id)))


def _own_facts(traits: Traits) -> Iterator[str]:
    if traits.uid:
        yield f"uid {traits.uid}"
    for email in traits.emails:
        yield f"email {email}"
    for profile in traits.profiles:
        yield f"profile {profile}"
    for phone in traits.phones:
        yield f"phone {phone}"


def _as_written(contact: Contact) -> Iterator[str]:
    """The blocks in which a card that says nothing new finds the contact."""
    yield f"name {contact.name}"
    if contact.address:
        yield f"name {contact.name}\n{contact.address}"


def _in_order(id_: str) -> tuple[int, str]:
    # c2 comes before c10
    return len(id_), id_
