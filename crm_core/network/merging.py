"""Two records into one, and a newer card into a contact: what wins, what is kept beside it, what is never lost.

Whether they should be made one is decided elsewhere (`weighing.py`, and the user); what refers to them is the book's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from msgspec.structs import replace

from crm_core.network.domains import site_domain
from crm_core.network.keys import (
    address_key,
    birthday_of,
    email_key,
    handle_key,
    phone_key,
    position_key,
    same_birthday,
)
from crm_core.network.names import fold
from crm_core.records import Company, Contact, Position, Profile

T = TypeVar("T")
ALSO_KNOWN_AS: Final = "Also known as"


def merged(into: Contact, other: Contact) -> Contact:
    """Both contacts as one: all that either has; where only one value can stand, `into`'s unless it is empty.

    Another name of `other` is kept as a line of the note. Merging the same one again changes nothing.
    """
    selves = {into.id, other.id}
    introducers = (into.introduced_by, other.introduced_by)
    return replace(
        into,
        name=into.name or other.name,
        given=into.given or other.given,
        family=into.family or other.family,
        nickname=", ".join(_added(_parts(into.nickname), _parts(other.nickname), fold)),
        positions=_positions((*into.positions, *other.positions)),
        emails=_added(into.emails, other.emails, email_key),
        phones=_added(into.phones, other.phones, phone_key),
        profiles=_with_profiles(into.profiles, other.profiles),
        address=into.address or other.address,
        birthday=into.birthday or other.birthday,
        how=into.how or other.how,
        introduced_by=next((ref for ref in introducers if ref is not None and ref not in selves), None),
        knows=tuple(ref for ref in _added(into.knows, other.knows, str) if ref not in selves),
        tags=_added(into.tags, other.tags, fold),
        note=_with_paragraph(_with_paragraph(into.note, _also_known_as(into, other)), other.note),
        uid=into.uid or other.uid,
        kept=_added(into.kept, other.kept, str),
    )


def merged_company(into: Company, other: Company) -> Company:
    """Both companies as one; the other's name becomes an alias, its website's domain, if another, a domain."""
    aliases = [name for name in (other.name, *other.aliases) if fold(name) not in {"", fold(into.name)}]
    others_site = site_domain(other.website)
    more_domains = [others_site] if into.website and others_site and others_site != site_domain(into.website) else []
    return replace(
        into,
        name=into.name or other.name,
        aliases=_added(into.aliases, aliases, fold),
        website=into.website or other.website,
        domains=_added(into.domains, (*other.domains, *more_domains), _domain_key),
        profiles=_with_profiles(into.profiles, other.profiles),
        feeds=_added(into.feeds, other.feeds, str.strip),
        tags=_added(into.tags, other.tags, fold),
        note=_with_paragraph(into.note, other.note),
    )


def updated(present: Contact, card: Contact) -> Contact:
    """A contact brought up to date by a card of theirs; equal to `present` if the card says nothing new.

    What the card has wins for the name and its parts, nickname, birthday, address and UID. Its e-mails and phones come
    first, the others stay. The user's own words stay: how, introduced by, knows, tags and note are only added to.
    """
    return replace(
        present,
        name=card.name if _names_somebody(card) or not present.name else present.name,
        given=card.given or present.given,
        family=card.family or present.family,
        nickname=card.nickname or present.nickname,
        positions=_updated_positions(present.positions, card.positions),
        emails=_card_first(present.emails, card.emails, email_key),
        phones=_card_first(present.phones, card.phones, phone_key),
        profiles=_with_profiles(present.profiles, card.profiles),
        address=card.address or present.address,
        birthday=_updated_birthday(present.birthday, card.birthday),
        how=present.how or card.how,
        introduced_by=present.introduced_by or card.introduced_by,
        knows=_added(present.knows, card.knows, str),
        tags=_added(present.tags, card.tags, fold),
        note=_with_paragraph(present.note, card.note),
        uid=card.uid or present.uid,
        kept=_added(present.kept, card.kept, str),
    )


def _added(first: Sequence[T], more: Sequence[T], key: Callable[[T], str]) -> tuple[T, ...]:
    """All of the first, then what more there is in the second."""
    known = {key(item) for item in first}
    new = {key(item): item for item in reversed(more)}
    return (*first, *(new[item_key] for item_key in dict.fromkeys(map(key, more)) if item_key not in known))


def _card_first(present: tuple[str, ...], card: Sequence[str], key: Callable[[str], str]) -> tuple[str, ...]:
    """What the card has, in its order but as it is written already; then what else there is."""
    written = {key(text): text for text in reversed((*present, *card))}
    order = dict.fromkeys(map(key, (*card, *present)))
    # A card may have a line twice, and so may a contact that was made of it.
    if list(order) == list(dict.fromkeys(map(key, present))):
        return present
    return tuple(written[item] for item in order)


def _parts(listed: str) -> list[str]:
    return [part for piece in listed.split(",") if (part := piece.strip())]


def _domain_key(domain: str) -> str:
    return site_domain(domain) or domain.strip().lower()


def _positions(positions: Iterable[Position]) -> tuple[Position, ...]:
    """The positions without doubles; a present one without a title goes into one with a title at the same place."""
    found: dict[tuple[str, str], Position] = {}
    for position in positions:
        key = position_key(position)
        found[key] = _filled(found[key], position) if key in found else position
    titled: dict[str, tuple[str, str]] = {}
    for (organisation, title), position in found.items():
        if organisation and title and position.current:
            titled.setdefault(organisation, (organisation, title))
    for key, position in list(found.items()):
        if not key[1] and position.current and key[0] in titled:
            better = titled[key[0]]
            found[better] = _filled(found[better], found.pop(key))
    return tuple(found.values())


def _filled(position: Position, other: Position) -> Position:
    """The position with what it lacks from another record of it; once left, it stays left."""
    return replace(
        position,
        company=position.company or other.company,
        since=position.since or other.since,
        until=position.until or other.until,
        former=position.former or other.former,
    )


def _updated_positions(present: Sequence[Position], card: Sequence[Position]) -> tuple[Position, ...]:
    """The positions with the card's news; new ones come first, so that a new job is the present one.

    What says nothing new is left out, and the position that it speaks of is not given to another. What is left renews
    the position of its organisation and title, else one at its organisation, which gets its title.
    """
    positions, free, news = list(present), list(range(len(present))), list(dict.fromkeys(card))
    for known in (_as_it_says, _nothing_new):
        news = [position for position in news if not _set_aside(present, free, position, known)]
    for belongs in (_not_back, _same_place):
        unmatched = []
        for position in news:
            place = next((place for place in free if belongs(positions[place], position)), None)
            if place is None:
                unmatched.append(position)
            else:
                free.remove(place)
                positions[place] = _renewed(positions[place], position)
        news = unmatched
    return (*news, *positions)


def _set_aside(
    present: Sequence[Position], free: list[int], card: Position, known: Callable[[Position, Position], bool]
) -> bool:
    """Whether a card's position is known; the one that it speaks of is taken from the free ones."""
    places = [place for place, position in enumerate(present) if known(position, card)]
    left = sorted(set(places) & set(free), key=lambda place: (present[place].current != card.current, place))
    if left:
        free.remove(left[0])
    return bool(places)


def _as_it_says(present: Position, card: Position) -> bool:
    times = (card.since, card.until, card.former)
    return (present.since, present.until, present.former) == times and _nothing_new(present, card)


def _nothing_new(present: Position, card: Position) -> bool:
    return (_same_position(present, card) or _same_place(present, card)) and _renewed(present, card) == present


def _same_position(present: Position, card: Position) -> bool:
    known, given = position_key(present), position_key(card)
    # A title without an organisation is that of the present position which has it.
    return known == given or (not given[0] and known[1] == given[1] != "" and present.current and card.current)


def _same_place(present: Position, card: Position) -> bool:
    # A title that the person has now is none for what they left.
    alike = present.current == card.current or not card.title.strip()
    return alike and position_key(present)[0] == position_key(card)[0]


def _not_back(present: Position, card: Position) -> bool:
    """The same position, and not a new time in one that the person had left."""
    return _same_position(present, card) and (present.current or not card.current)


def _renewed(present: Position, card: Position) -> Position:
    return replace(
        present,
        title=card.title if fold(card.title) not in {"", fold(present.title)} else present.title,
        company=present.company or card.company,
        since=card.since or present.since,
        until=card.until or present.until,
        former=present.former or card.former,
    )


def _with_profiles(present: Sequence[Profile], more: Iterable[Profile]) -> tuple[Profile, ...]:
    """The profiles and those that are new; one that is known gets the handle or the address that it lacks."""
    found = list(present)
    for profile in more:
        if profile in found:
            continue
        place = next((place for place, known in enumerate(found) if _same_profile(known, profile)), None)
        if place is None:
            found.append(profile)
            continue
        known = found[place]
        if not known.handle and profile.handle:
            known = replace(known, network=profile.network, handle=profile.handle)
        found[place] = replace(known, url=known.url or profile.url)
    return tuple(found)


def _same_profile(one: Profile, other: Profile) -> bool:
    handles = handle_key(one), handle_key(other)
    if all(handles):
        return handles[0] == handles[1]
    return bool(address_key(one.url)) and address_key(one.url) == address_key(other.url)


def _updated_birthday(present: str, card: str) -> str:
    """The card's birthday, unless it is the same one and says no more."""
    known, given = birthday_of(present), birthday_of(card)
    if not given.day or (same_birthday(known, given) and (known.year or not given.year)):
        return present
    return card


def _names_somebody(card: Contact) -> bool:
    """Whether a card has a person's name: one without is named by its address or organisation."""
    organisations = {fold(position.organisation) for position in card.positions}
    return bool(card.name.strip()) and "@" not in card.name and fold(card.name) not in organisations


def _also_known_as(into: Contact, other: Contact) -> str:
    name = " ".join(other.name.split())
    return f"{ALSO_KNOWN_AS} {name}" if name and into.name and _cased(into.name) != _cased(name) else ""


def _cased(name: str) -> str:
    return " ".join(name.casefold().split())


def _with_paragraph(note: str, more: str) -> str:
    """The note with another below it, unless that is empty or stands in it already, line by line."""
    if not more.strip() or any(f"\n{text}\n" in f"\n{note}\n" for text in (more, more.strip())):
        return note
    return f"{note}\n\n{more}" if note.strip() else more
