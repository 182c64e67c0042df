"""Is this the same person? What two records have in common, weighed and said in words.

Which pairs of a whole book are worth weighing is in `matching.py`. Nothing is decided here: an import acts on SURE,
a person is asked from ASK on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from crm_core.network.domains import email_domain
from crm_core.network.keys import (
    Birthday,
    birthday_of,
    email_key,
    is_address,
    phone_ending,
    position_key,
    profile_keys,
    same_birthday,
)
from crm_core.network.leftovers import other_names
from crm_core.network.likeness import MIDDLE_NAME, OTHER, Likeness, best_likeness
from crm_core.network.names import Words, readings
from crm_core.network.uids import of_one_book, uids_of
from crm_core.records import Contact

EMAIL: Final = 30
PROFILE: Final = 30
PHONE: Final = 20
ORGANISATION: Final = 15
BIRTHDAY: Final = 10
UID: Final = 100

SURE: Final = 58
"""From here on an import takes two for one: the name, perhaps written otherwise, with e-mail, profile or phone."""

ASK: Final = 45
"""From here on a person is asked. No fact alone, not even the full name, weighs so much."""

NAMES_UNLIKE: Final = 40
"""At most this for two different names, whatever else agrees: families and departments share mailbox and telephone."""

NAMES_UNCLEAR: Final = 50
"""At most this for a part of a name, initials, or a slip: A. Silva may be Ana, or her brother."""

SHORT_UID: Final = 20
"""Characters below which a UID may be another program's running number, and so two people's."""

SAME_UID: Final = "the same UID"
ANOTHER_NAME: Final = "but another name"
TWO_THERE: Final = "but two people in the book that they come from"

_NO_NAME: Final = Likeness(25, "one has no name but an address or a number")
"""With the same phone number it is worth a question."""
_MOST_NAMES: Final = 5
"""Nicknames that are looked at, and other names in the note."""


class Evidence(msgspec.Struct, frozen=True):
    """How much speaks for two records being of one person, 0 to 100, and what does, in words."""

    score: int
    reasons: tuple[str, ...]


class Traits(NamedTuple):
    """What of a contact is compared. `names` are readings, the name itself first; none where it has none."""

    names: tuple[Words, ...]
    uids: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    profiles: tuple[str, ...]
    organisations: tuple[str, ...]
    birthday: Birthday


def evidence(a: Contact, b: Contact) -> Evidence:
    """What speaks for two records being of one person; the same whichever comes first.

    Weights: name 40 (slightly less where it is written in another way), e-mail 30, profile 30, phone 20,
    organisation 15, birthday 10, the same UID all 100. The organisation counts only beside the same name: a common name
    at one firm is worth a question, a colleague is not. A short UID such as `contact1` of two different names, with
    nothing else in common, is worth no more than a question either; nor are two whom one other book has as two.
    """
    return weigh(traits_of(a), traits_of(b))


def weigh(a: Traits, b: Traits) -> Evidence:
    """As `evidence`, of what was taken from the contacts before."""
    facts = _weigh_facts(a, b)
    uid = _shared(a.uids, b.uids)
    if not uid:
        return _kept_apart(facts) if facts.score > NAMES_UNCLEAR and of_one_book(a.uids, b.uids) else facts
    renamed = ANOTHER_NAME in facts.reasons
    score = ASK if renamed and not facts.score and len(uid) < SHORT_UID else UID
    return Evidence(score, (SAME_UID, ANOTHER_NAME) if renamed else (SAME_UID,))


def _kept_apart(facts: Evidence) -> Evidence:
    """What speaks for two being one whom another book has as two: no more than a question, whatever agrees."""
    return Evidence(NAMES_UNCLEAR, (*facts.reasons, TWO_THERE))


def _weigh_facts(a: Traits, b: Traits) -> Evidence:
    name = _name_likeness(a, b)
    agrees = name.weight >= MIDDLE_NAME.weight
    found = [(name.weight, name.reason)] if name.weight else []
    for weight, words, one, other in (
        (EMAIL, "the same e-mail", a.emails, b.emails),
        (PROFILE, "the same profile", a.profiles, b.profiles),
        (PHONE, "the same phone number, ending in", a.phones, b.phones),
    ):
        if shared := _shared(one, other):
            found.append((weight, f"{words} {shared}"))
    if agrees and (shared := _shared(_beside_email(a, b), b.organisations)):
        found.append((ORGANISATION, f"the same organisation {shared}"))
    if same_birthday(a.birthday, b.birthday):
        found.append((BIRTHDAY, "the same birthday"))
    elif a.birthday.day and b.birthday.day:
        # Father and son may have one name and one telephone.
        found.append((-BIRTHDAY, "but another birthday"))
    score = max(0, min(sum(weight for weight, _ in found), _most(name), UID))
    return Evidence(score, tuple(reason for _, reason in found) + ((ANOTHER_NAME,) if name is OTHER else ()))


def _beside_email(a: Traits, b: Traits) -> tuple[str, ...]:
    """The organisations that are known by more than an address which both have: that counts already."""
    domain = email_domain(_shared(a.emails, b.emails)) if a.organisations else ""
    return tuple(key for key in a.organisations if key != f"@{domain}") if domain else a.organisations


def traits_of(contact: Contact) -> Traits:
    """What of a contact is compared, in the form in which it is."""
    emails = [key for email in contact.emails if "@" in (key := email_key(email))]
    organisations = [position_key(position)[0] for position in contact.positions]
    domains = [f"@{domain}" for email in emails if (domain := email_domain(email))]
    return Traits(
        names=_names(contact),
        uids=uids_of(contact),
        emails=_distinct(emails),
        phones=_distinct([phone_ending(phone) for phone in contact.phones]),
        profiles=_distinct([key for profile in contact.profiles for key in profile_keys(profile)]),
        organisations=_distinct(organisations + domains),
        birthday=birthday_of(contact.birthday),
    )


def _names(contact: Contact) -> tuple[Words, ...]:
    """Every way in which a contact's name may stand on a card: as it is, by its parts, with a nickname, another one."""
    name = "" if is_address(contact.name) else contact.name
    names = [*readings(name)] if name else []
    parts = f"{contact.given} {contact.family}" if contact.given and contact.family else ""
    if parts and parts != name:
        names += readings(parts)
    if contact.nickname:
        family = contact.family or (names[0][-1] if names and len(names[0]) > 1 else "")
        for nickname in contact.nickname.split(",")[:_MOST_NAMES]:
            alone = len(nickname.split()) > 1
            names += readings(nickname if alone else f"{nickname} {family}")
    for other in other_names(contact)[:_MOST_NAMES]:
        names += readings(other)
    return tuple(dict.fromkeys(filter(None, names)))


def _name_likeness(a: Traits, b: Traits) -> Likeness:
    return best_likeness(a.names, b.names) if a.names and b.names else _NO_NAME


def _most(name: Likeness) -> int:
    """The highest score that a name allows."""
    if name is OTHER:
        return NAMES_UNLIKE
    return UID if name.weight >= MIDDLE_NAME.weight else NAMES_UNCLEAR


def _shared(one: Sequence[str], other: Sequence[str]) -> str:
    return min((text for text in one if text in other), default="")


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))
