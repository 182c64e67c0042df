"""A card's properties into a contact.

What one property says is read in `facts.py`, positions, profiles and photos in modules of their own. What there is no
field for is kept as a line (`kept.py`); what is too long for that is named. Nothing is dropped without a word but
VERSION, PRODID, REV and the like, which tell of the card and not of the person.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_core import Contact, Label
from crm_vcard import own
from crm_vcard.exact import with_exact
from crm_vcard.facts import (
    APPLE_LABEL,
    EMPTY,
    NO_PARTS,
    SCHEMES,
    address_of,
    apple_label,
    birthday_of,
    label_of,
    name_parts,
    nickname_of,
    reached_at,
    tags_of,
)
from crm_vcard.kept import APPLE, LOOKED_AT, OFTEN, ORDER, says_more
from crm_vcard.photos import Picture, picture_of
from crm_vcard.positions import positions_of
from crm_vcard.profiles import PROFILE_NAMES, profile_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm_core import Profile
    from crm_vcard.content import Property

LONGEST: Final = 2_000
LONGEST_NOTE: Final = 100_000
"""Characters of a value that is taken over; longer ones are keys, or not meant for a person."""
LIMITS: Final = {"NOTE": LONGEST_NOTE, own.HOW: LONGEST_NOTE, "PHOTO": None, own.EXACT: None}

PLACES: Final = {field: place for place, field in enumerate(ORDER)}
KIND: Final = "KIND"
PHOTO: Final = "PHOTO"
PROFILE: Final = "PROFILE"
RELATED: Final = "RELATED"
FIELDS: Final = {
    # A property called PROFILE is no person's: it says that this is a vCard.
    **{name: name for name in (*ORDER, *own.NAMES, APPLE, KIND, PHOTO, RELATED, "UID", "VERSION") if name != PROFILE},
    **dict.fromkeys(PROFILE_NAMES, PROFILE),
    "X-ADDRESSBOOKSERVER-KIND": KIND,
}
"""The properties that we have a use for, by the name of what they are used for."""
UNUSED: Final = frozenset({"BEGIN", "END", "PRODID", "PROFILE", "REV"})
"""What tells of the card and not of the person; a card that we write has its own."""

LINKS: Final = frozenset({own.INTRODUCED_BY, own.KNOWS, RELATED})

ONLY_ONE: Final = ("FN", "N", "UID")


class Person(NamedTuple):
    """A contact as read from a card, their photo, what had to be mended, and the names of what was left out."""

    contact: Contact
    photo: bytes
    repaired: tuple[str, ...]
    left_out: tuple[str, ...]


class Entries(NamedTuple):
    """A card's properties, sorted out.

    Args:
        fields: Those that we have a use for and with a value, by what they are used for; the preferred first.
        more: Those of them that say more than their field, in file order.
        others: The rest, in file order.
        left_out: Names of those that are too long, and AGENT, which tells of somebody else.
    """

    fields: dict[str, list[Property]]
    more: list[Property]
    others: list[Property]
    left_out: list[str]

    def named(self, field: str) -> list[Property]:
        """The properties that are used for that, the preferred first."""
        return self.fields.get(field) or []

    def first(self, *fields: str) -> str:
        """The first value of these that is not blank, on one line."""
        for field in fields:
            for entry in self.fields.get(field, ()):
                if words := entry.words:
                    return words
        return ""

    @property
    def kind(self) -> str:
        """What the card is about (RFC 6350 section 6.1.4), lower case: `individual`, `group`, `org` ... or nothing."""
        return self.first(KIND).lower()


def sorted_out(found: list[Property]) -> Entries:
    """The properties by what becomes of them."""
    fields: defaultdict[str, list[Property]] = defaultdict(list)
    entries = Entries(fields, [], [], [])
    for entry in found:
        name, value = entry.name, entry.value
        field = FIELDS.get(name)
        if len(value) > LONGEST and is_too_long(name, value):
            entries.left_out.append(name)
        elif field is not None:
            if value.strip(EMPTY) or "LABEL" in entry.head.values:
                fields[field].append(entry)
                if (entry.head.more or name in LOOKED_AT) and field in PLACES and says_more(entry):
                    entries.more.append(entry)
        elif name == "AGENT":
            entries.left_out.append(name)
        elif name not in UNUSED and value.strip():
            entries.others.append(entry)
    for named in fields.values():
        if len(named) > 1:
            named.sort(key=_preference)
    return entries


def _preference(entry: Property) -> int:
    return entry.head.pref


def is_too_long(name: str, value: str) -> bool:
    """Whether a property of that name is left out for the length of its value."""
    limit = LIMITS.get(name, LONGEST)
    return limit is not None and len(value) > limit


def person(entries: Entries) -> Person | None:
    """The person whom a card describes; nothing if it names nobody."""
    found = entries.fields.get
    positions, spare = positions_of(found("ORG", ()), found("TITLE", ()), found(own.POSITION, ()))
    apple = {entry.head.group: entry for entry in found(APPLE, ())}
    emails, phones = _reached(found("EMAIL", ()), apple), _reached(found("TEL", ()), apple)
    nickname = ", ".join(filter(None, map(nickname_of, found("NICKNAME", ()))))
    parts = next(map(name_parts, found("N", ())), NO_PARTS)
    name, source = entries.first("FN"), "FN"
    if not name:
        organisation = positions[0].organisation if positions else ""
        email = emails[0][0] if emails else ""
        phone = phones[0][0] if phones else ""
        others = (
            ("N", _spoken(parts)), ("NICKNAME", nickname), ("ORG", organisation), ("EMAIL", email), ("TEL", phone),
        )  # fmt: skip
        source, name = next(((source, name) for source, name in others if name), ("", ""))
    if not name:
        return None
    profiles, refused = _profiles(found(PROFILE, ()), found(own.PROFILE, ()))
    picture, unread = _photo(found(PHOTO, ()))
    doubled = [name for name in ONLY_ONE if len(found(name, ())) > 1]
    kept, long = _kept(entries, [*spare, *refused, *unread, *_beside(entries)], doubled, profiles)
    contact = Contact(
        name=name,
        given=parts[1],
        family=parts[0],
        nickname=nickname,
        positions=positions,
        emails=tuple([address for address, _ in emails]),
        phones=tuple([number for number, _ in phones]),
        profiles=profiles,
        address=next(filter(None, map(address_of, found("ADR", ()))), ""),
        birthday=next(map(birthday_of, found("BDAY", ())), ""),
        how="\n".join([entry.text for entry in found(own.HOW, ())]),
        tags=tags_of(*found("CATEGORIES", ())),
        note="\n".join([text for entry in found("NOTE", ()) if (text := entry.text)]),
        uid=entries.first("UID"),
        kept=kept,
        labels=_labels(emails + phones),
    )
    if own.EXACT in entries.fields:
        contact = with_exact(contact, entries.named(own.EXACT))
    repaired = [] if source == "FN" else [f"no FN: name made from {source}"]
    if picture is not None and picture.cut:
        repaired.append("the photo is cut short")
    left_out = entries.left_out + long + [name for name in doubled if _differs(entries.named(name))]
    photo = picture.data if picture is not None else b""
    return Person(contact, photo, tuple(repaired), tuple(dict.fromkeys(left_out)) if left_out else ())


def _beside(entries: Entries) -> list[Property]:
    """What we have a use for, and does not go into a field all the same."""
    beside = entries.named("ADR")[1:] + entries.named("BDAY")[1:]
    if KIND in entries.fields and entries.kind not in {"", "individual"}:
        beside += entries.named(KIND)
    return beside + [entry for entry in entries.named(RELATED) if own.MARK not in entry.head.values]


def linked(entries: Entries) -> tuple[str, tuple[str, ...]]:
    """The UIDs of who introduced the person and of whom they know, as our own lines say."""
    if LINKS.isdisjoint(entries.fields):
        return "", ()
    introduced_by = _linked(entries, own.INTRODUCED_BY)
    return introduced_by[0] if introduced_by else "", _linked(entries, own.KNOWS)


def _linked(entries: Entries, name: str) -> tuple[str, ...]:
    mark = name.removeprefix(f"{own.MARK}-")
    related = [entry for entry in entries.named(RELATED) if entry.head.values.get(own.MARK) == mark]
    return tuple(dict.fromkeys(entry.words for entry in entries.named(name) + related))


def _spoken(parts: list[str]) -> str:
    family, given, additional, prefixes, suffixes = parts
    names = [name for name in (given, additional, family) if name]
    return " ".join(names or [part for part in (prefixes, suffixes) if part])


def _reached(found: Sequence[Property], apple: dict[str, Property]) -> list[tuple[str, str]]:
    """All addresses or numbers, the preferred first, each with what it is for."""
    return [
        (text, label_of(entry, apple) if apple else entry.head.label) for entry in found if (text := reached_at(entry))
    ]


def _labels(reached: list[tuple[str, str]]) -> tuple[Label, ...]:
    """What is said of each address and number first."""
    said: dict[str, Label] = {}
    for text, label in reached:
        if label and text not in said:
            said[text] = Label(of=text, label=label)
    return tuple(said.values())


def _profiles(found: Sequence[Property], ours: Sequence[Property]) -> tuple[tuple[Profile, ...], list[Property]]:
    """The profiles, and the properties that make none."""
    profiles, refused = [], []
    for entry in sorted([*found, *ours], key=lambda entry: entry.line) if ours else found:
        profile = profile_of(entry)
        if profile is not None:
            profiles.append(profile)
        else:
            refused.append(entry)
    return tuple(profiles), refused


def _photo(found: Sequence[Property]) -> tuple[Picture | None, Sequence[Property]]:
    """The first picture, and the properties that hold none or another one."""
    if not found:
        return None, ()
    made = [(picture_of(entry), entry) for entry in found]
    photo = next((picture for picture, _ in made if picture is not None), None)
    return photo, [entry for picture, entry in made if picture is None or (photo and picture.data != photo.data)]


def _differs(found: list[Property]) -> bool:
    """Whether a property that a person has once and that is there again says something else."""
    return len({entry.words for entry in found}) > 1


def _kept(
    entries: Entries, spare: list[Property], doubled: list[str], profiles: Iterable[Profile]
) -> tuple[tuple[str, ...], list[str]]:
    """The lines to keep, and the names of what is too long even for that.

    First those that stand for a field, in the order of the fields; then those that no field has a place for, in the
    order of the file. Where a property is there more often than its field, all are kept, so that the first stays known.

    Args:
        entries: The card.
        spare: What was read for a field and did not go into one.
        doubled: The properties of which only the first counts, and which are there again.
        profiles: What its addresses and messengers are read as.
    """
    standing, others = entries.more, entries.others + spare
    for field in OFTEN.intersection([entry.name for entry in spare]):
        standing = standing + entries.named(field)
    if APPLE in entries.fields:
        labels, labelled = _telling_labels(entries, standing + others, {profile.network for profile in profiles})
        others, standing = others + labels, standing + labelled
    if others or doubled:
        unplaced = {entry.line for entry in others}
        unplaced.update(entry.line for name in doubled for entry in entries.named(name)[1:])
        standing = [*{entry.line: entry for entry in standing if entry.line not in unplaced}.values()]
        others.sort(key=lambda entry: entry.line)
    standing = sorted(standing, key=_place)
    lines = [line for entry in standing + others if len(line := entry.kept) <= LONGEST]
    return tuple(lines), [entry.name for entry in others if len(entry.kept) > LONGEST]


def _place(entry: Property) -> tuple[int, int, int]:
    return PLACES[FIELDS[entry.name]], entry.head.pref, entry.line


def _telling_labels(
    entries: Entries, kept: list[Property], networks: set[str]
) -> tuple[list[Property], list[Property]]:
    """The X-ABLABELs that say what no field does, and the properties that they are the labels of.

    Those of addresses and numbers are a field of the contact. One of Apple's own, such as `home page`, or the name of
    a profile's network says nothing more.
    """
    groups = {entry.head.group for entry in kept}
    members = {entry.head.group: entry for field, found in entries.fields.items() for entry in found if field != APPLE}
    labels, labelled = [], []
    for label in entries.named(APPLE):
        entry = members.get(label.head.group)
        if entry is None or label.head.group in groups:
            labels.append(label)
        elif entry.head.label not in {"", apple_label(label)} if entry.name in SCHEMES else _tells(label, networks):
            labels.append(label)
            labelled.append(entry)
    return labels, labelled


def _tells(label: Property, networks: set[str]) -> bool:
    return not APPLE_LABEL.fullmatch(label.words) and label.words.lower() not in networks
