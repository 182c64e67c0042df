"""Two records into one, and a newer card into a contact: what wins, what is kept beside it, what is never lost.

Whether they should be made one is decided elsewhere (`weighing.py`, and the user); what refers to them is the book's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from crm_core.network.domains import site_domain
from crm_core.network.keys import (
    address_key,
    birthday_of,
    email_key,
    handle_key,
    is_address,
    is_employer,
    phone_key,
    same_birthday,
    uid_key,
)
from crm_core.network.leftovers import leftovers
from crm_core.network.names import fold, words_of
from crm_core.network.positions import joined_positions, updated_positions
from crm_core.network.uids import ALSO, uid_line, uids_of
from crm_core.records import Company, Contact, Label, Profile, Ref

T = TypeVar("T")


def merged(into: Contact, other: Contact) -> Contact:
    """Both contacts as one: all that either has; where only one value can stand, `into`'s unless it is empty.

    The name is `other`'s where `into` is named by an address, a number or an organisation. What finds no place in
    a field becomes a line of the note, another UID a line of those kept, so that nothing is lost. Merging the same one
    again changes nothing.
    """
    selves = {into.id, other.id}
    introducers = (into.introduced_by, other.introduced_by)
    named, less = (other, into) if names_somebody(other) and not names_somebody(into) else (into, other)
    emails = _added(into.emails, other.emails, email_key)
    phones = _added(into.phones, other.phones, phone_key)
    one = replace(
        into,
        **_name_of(named, less),
        nickname=_joint(into.nickname, other.nickname),
        positions=joined_positions((*into.positions, *other.positions)),
        emails=emails,
        phones=phones,
        profiles=_with_profiles(into.profiles, other.profiles),
        address=into.address or other.address,
        birthday=_fuller_birthday(into.birthday, other.birthday),
        how=into.how or other.how,
        introduced_by=next((ref for ref in introducers if ref is not None and ref not in selves), None),
        knows=tuple(ref for ref in _added(into.knows, other.knows, str) if ref not in selves),
        tags=_added(into.tags, other.tags, fold),
        uid=_own_uid(into, other),
        kept=_with_uid(into, other),
        labels=_labels(emails, phones, (into, other), joined=True),
        photo=into.photo or other.photo,
        differs_from=tuple(ref for ref in _added(into.differs_from, other.differs_from, str) if ref not in selves),
    )
    lines = "\n".join(leftovers(replace(one, note=f"{into.note}\n{other.note}"), (into, other)))
    return replace(one, note=_with_paragraph(_with_paragraph(into.note, lines), other.note))


def merged_company(into: Company, other: Company) -> Company:
    """Both companies as one; the other's name becomes an alias, its website's domain, if another, a domain."""
    name = into.name or other.name
    aliases = [alias for alias in (other.name, *other.aliases) if fold(alias) not in {"", fold(name)}]
    others_site = site_domain(other.website)
    more_domains = [others_site] if into.website and others_site and others_site != site_domain(into.website) else []
    return replace(
        into,
        name=name,
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

    What the card has wins for the name and its parts, nickname, birthday, address, labels and photo. Its e-mails and
    phones come first, the others stay. The user's own words stay: how, introduced by, knows, tags and note are only
    added to. So does the UID; another one that the card has is kept beside it.
    """
    named, less = (card, present) if names_somebody(card) or not present.name else (present, card)
    emails = _card_first(present.emails, card.emails, email_key)
    phones = _card_first(present.phones, card.phones, phone_key)
    return replace(
        present,
        **_name_of(named, less),
        nickname=_renewed(present.nickname, card.nickname),
        positions=updated_positions(present.positions, card.positions),
        emails=emails,
        phones=phones,
        profiles=_with_profiles(present.profiles, card.profiles),
        address=card.address or present.address,
        birthday=_updated_birthday(present.birthday, card.birthday),
        how=present.how or card.how,
        introduced_by=present.introduced_by or card.introduced_by,
        knows=_added(present.knows, card.knows, str),
        tags=_added(present.tags, card.tags, fold),
        note=_with_paragraph(present.note, card.note),
        uid=_own_uid(present, card),
        kept=_with_uid(present, card),
        labels=_labels(emails, phones, (card, present)),
        photo=card.photo or present.photo,
        differs_from=_added(present.differs_from, card.differs_from, str),
    )


def newcomer(card: Contact) -> Contact:
    """Who a card tells of, if nobody knows them yet: what it says, each thing once, and no id.

    The same as an empty contact brought up to date by it (`updated`), but an import is mostly this, and this takes a
    fifth of the time.
    """
    emails, phones = _once(card.emails, email_key), _once(card.phones, phone_key)
    return replace(
        card,
        id=Ref(""),
        nickname=_renewed("", card.nickname),
        positions=_distinct(card.positions),
        emails=emails,
        phones=phones,
        profiles=_with_profiles((), card.profiles) if len(card.profiles) > 1 else card.profiles,
        birthday=_updated_birthday("", card.birthday) if card.birthday else "",
        knows=_distinct(card.knows),
        tags=_once(card.tags, fold),
        note=_with_paragraph("", card.note),
        kept=_distinct(card.kept),
        labels=_labels(emails, phones, (card,)),
        differs_from=_distinct(card.differs_from),
    )


def _once(items: tuple[T, ...], key: Callable[[T], str]) -> tuple[T, ...]:
    """The items without doubles, each as it stands first."""
    if len(items) < 2:
        return items
    found: dict[str, T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return tuple(found.values()) if len(found) < len(items) else items


def _distinct(items: tuple[T, ...]) -> tuple[T, ...]:
    return items if len(items) < 2 or len(set(items)) == len(items) else tuple(dict.fromkeys(items))


def _added(first: Sequence[T], more: Sequence[T], key: Callable[[T], str]) -> tuple[T, ...]:
    """All of the first, then what more there is in the second."""
    if not more:
        return tuple(first)
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


def _labels(
    emails: Iterable[str], phones: Iterable[str], sources: Sequence[Contact], *, joined: bool = False
) -> tuple[Label, ...]:
    """What the addresses and numbers are for, by the way in which they are written here.

    Args:
        emails: Those that there are now.
        phones: Likewise.
        sources: Who says what for; the first wins, unless another says that and more.
        joined: Whether all that is said is taken.
    """
    if not any(source.labels for source in sources):
        return ()
    found: list[Label] = []
    for texts, key in ((emails, email_key), (phones, phone_key)):
        said = _said(sources[0].labels, key)
        for source in sources[1:]:
            for of, label in _said(source.labels, key).items():
                known = said.get(of, "")
                said[of] = _joint(known, label) if joined else _renewed(label, known) if known else label
        found += [Label(of=text, label=said[of]) for text in texts if (of := key(text)) in said]
    return tuple(found)


def _said(labels: Iterable[Label], key: Callable[[str], str]) -> dict[str, str]:
    """What one record says that its addresses or numbers are for; one may stand in it twice."""
    said: dict[str, str] = {}
    for label in labels:
        of = key(label.of)
        said[of] = _joint(said.get(of, ""), label.label)
    return said


def _joint(listed: str, more: str) -> str:
    if not listed and "," not in more:
        return more.strip()
    return ", ".join(_added(_parts(listed), _parts(more), fold))


def _renewed(present: str, new: str) -> str:
    """A list in one text brought up to date: the new one, unless the present one has all of it."""
    known = set(map(fold, _parts(present)))
    return present if known.issuperset(map(fold, _parts(new))) else new


def _parts(listed: str) -> list[str]:
    return [part for piece in listed.split(",") if (part := piece.strip())]


def _domain_key(domain: str) -> str:
    return site_domain(domain) or domain.strip().lower()


def _with_profiles(present: Iterable[Profile], more: Iterable[Profile]) -> tuple[Profile, ...]:
    """The profiles and those that are new; one that is known gets the handle or the address that it lacks.

    Known is a handle on its network; where one of two has none, the address.
    """
    found: list[Profile] = []
    places: dict[str, int] = {}
    for profile in present:
        _note_place(places, profile, len(found))
        found.append(profile)
    as_it_is = set(found)
    for profile in more:
        if profile in as_it_is:
            continue
        known = _place_of(places, profile)
        if known is None:
            _note_place(places, profile, len(found))
            found.append(profile)
        else:
            found[known] = _filled(found[known], profile)
            _note_place(places, found[known], known)
    return tuple(found)


def _place_of(places: dict[str, int], profile: Profile) -> int | None:
    handle, address = handle_key(profile), address_key(profile.url)
    if handle:
        return places.get(f"handle {handle}", places.get(f"bare {address}"))
    return places.get(f"address {address}" if address else f"network {profile.network}")


def _note_place(places: dict[str, int], profile: Profile, place: int) -> None:
    """Let a profile be found by its handle and its address; one that got a handle no more as if it had none."""
    handle, address = handle_key(profile), address_key(profile.url)
    places.setdefault(
        f"handle {handle}" if handle else f"bare {address}" if address else f"network {profile.network}", place
    )
    if address:
        places.setdefault(f"address {address}", place)
    if handle and places.get(f"bare {address}") == place:
        del places[f"bare {address}"]


def _filled(known: Profile, other: Profile) -> Profile:
    if not known.handle and other.handle:
        known = replace(known, network=other.network, handle=other.handle)
    return replace(known, url=known.url or other.url)


def _updated_birthday(present: str, card: str) -> str:
    """The card's birthday, unless it is the same one and says no more."""
    known, given = birthday_of(present), birthday_of(card)
    if not given.day or (same_birthday(known, given) and (known.year or not given.year)):
        return present
    return card


def _fuller_birthday(birthday: str, other: str) -> str:
    """The first, unless it is empty or the other one is the same with its year."""
    if not same_birthday(birthday_of(birthday), birthday_of(other)):
        return birthday or other
    return _updated_birthday(birthday, other)


def _own_uid(one: Contact, other: Contact) -> str:
    """The first one's UID; the other's where there is none, unless it is known to be one beside it."""
    return one.uid or ("" if uid_key(other.uid) in uids_of(one) else other.uid)


def _with_uid(one: Contact, other: Contact) -> tuple[str, ...]:
    """The lines that both have kept, and one for the other's UID if it is another than those that are known."""
    kept = _added(one.kept, other.kept, str)
    known = uids_of(replace(one, uid=_own_uid(one, other), kept=kept))
    return kept if uid_key(other.uid) in {"", *known} else (*kept, uid_line(ALSO, other.uid))


def _name_of(named: Contact, other: Contact) -> dict[str, str]:
    """The first one's name and its parts; those that it lacks from the other, if they are of that name."""
    name = named.name or other.name
    same = words_of(name) == words_of(other.name)
    given, family = (part if same or _is_part(part, name) else "" for part in (other.given, other.family))
    return {"name": name, "given": named.given or given, "family": named.family or family}


def _is_part(part: str, name: str) -> bool:
    return set(words_of(part)) <= set(words_of(name))


def names_somebody(card: Contact) -> bool:
    """Whether a card has a person's name: one without is named by its address, number or organisation."""
    return bool(card.name.strip()) and not is_address(card.name) and not is_employer(card.name, card)


def _with_paragraph(note: str, more: str) -> str:
    """The note with another below it, unless that is empty or stands in it already, line by line."""
    if not more.strip() or any(f"\n{text}\n" in f"\n{note}\n" for text in (more, more.strip())):
        return note
    return f"{note}\n\n{more}" if note.strip() else more
