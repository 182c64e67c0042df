"""A card's properties into a contact.

Each field is read by one function. What there is no field for is kept as a line; what is too long for that is named.
Nothing is dropped without a word but VERSION, PRODID, REV and the like, which tell of the card and not of the person.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_core import Contact, Position, Profile, clean_text, one_line
from crm_vcard.content import values
from crm_vcard.profiles import PROFILE_NAMES, profile_of

if TYPE_CHECKING:
    from crm_vcard.content import Property

LONGEST: Final = 2_000
LONGEST_NOTE: Final = 100_000
"""Characters of a value that is taken over; longer ones are pictures, keys, or not meant for a person."""

KINDS: Final = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
USED: Final = PROFILE_NAMES.union(
    KINDS,
    ("ADR", "BDAY", "CATEGORIES", "EMAIL", "FN", "N", "NICKNAME", "NOTE", "ORG", "ROLE", "TEL", "TITLE"),
    ("UID", "VERSION"),
)
UNUSED: Final = frozenset({"BEGIN", "END", "PRODID", "PROFILE", "REV"})
"""What tells of the card and not of the person; a card that we write has its own."""

ONLY_ONE: Final = ("FN", "N", "UID")

APPLE_LABEL: Final = re.compile(r"_?\$!<.*>!\$_?")
DATE: Final = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?:[T ].*)?")
YEARLESS: Final = re.compile(r"--([0-9]{2})-?([0-9]{2})(?:[T ].*)?")
EMPTY: Final = " ;,"
LEAP_YEAR: Final = 2000
CARET: Final = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}
IGNORED_TAGS: Final = frozenset({"mycontacts"})


class Person(NamedTuple):
    """A contact as read from a card, what had to be mended, and the names of the properties that were left out."""

    contact: Contact
    repaired: tuple[str, ...]
    left_out: tuple[str, ...]


class Entries(NamedTuple):
    """A card's properties, sorted out.

    Args:
        fields: Those that we have a use for, by name and with a value; the preferred first.
        others: The rest, in file order.
        left_out: Names of those that are too long, and AGENT, which tells of somebody else.
    """

    fields: dict[str, list[Property]]
    others: list[Property]
    left_out: list[str]

    def named(self, name: str) -> list[Property]:
        """The properties of that name, the preferred first."""
        return self.fields.get(name, [])

    def first(self, *names: str) -> str:
        """The first value of these names that is not blank, on one line."""
        for name in names:
            for entry in self.fields.get(name, ()):
                if words := entry.words:
                    return words
        return ""

    @property
    def kind(self) -> str:
        """What the card is about (RFC 6350 section 6.1.4), lower case: `individual`, `group`, `org` ... or nothing."""
        return self.first(*KINDS).lower()


def sorted_out(found: list[Property]) -> Entries:
    """The properties by what becomes of them."""
    fields: dict[str, list[Property]] = {}
    entries = Entries(fields, [], [])
    for entry in found:
        name, value = entry.name, entry.value
        if name == "AGENT" or len(value) > (LONGEST_NOTE if name == "NOTE" else LONGEST):
            entries.left_out.append(name)
        elif name in USED:
            if value.strip(EMPTY) or "LABEL" in entry.head.values:
                fields.setdefault(name, []).append(entry)
        elif name not in UNUSED and value.strip():
            entries.others.append(entry)
    for named in fields.values():
        if len(named) > 1:
            named.sort(key=lambda entry: entry.head.pref)
    return entries


def person(entries: Entries) -> Person | None:
    """The person whom a card describes; nothing if it names nobody."""
    positions, spare = _positions(entries)
    profiles, refused = _profiles(entries)
    emails = _values(entries, "EMAIL", "mailto:")
    nickname = ", ".join(part for entry in entries.named("NICKNAME") for part in entry.parts(",") if part)
    parts = _name_parts(entries)
    sources = {"FN": entries.first("FN"), "N": _spoken(parts), "NICKNAME": nickname}
    sources["ORG"] = positions[0].organisation if positions else ""
    sources["EMAIL"] = emails[0] if emails else ""
    source = next((source for source, name in sources.items() if name), "")
    if not source:
        return None
    if entries.kind not in {"", "individual"}:
        spare += [entry for name in KINDS for entry in entries.named(name)]
    spare += refused + entries.named("ADR")[1:] + entries.named("BDAY")[1:]
    kept, long = _kept(entries, spare, {profile.network for profile in profiles})
    contact = Contact(
        name=sources[source],
        given=parts[1],
        family=parts[0],
        nickname=nickname,
        positions=positions,
        emails=emails,
        phones=_values(entries, "TEL", "tel:"),
        profiles=profiles,
        address=_address(entries),
        birthday=_birthday(entries),
        tags=_tags(entries),
        note="\n".join(text for entry in entries.named("NOTE") if (text := entry.text)),
        uid=entries.first("UID"),
        kept=kept,
    )
    repaired = () if source == "FN" else (f"no FN: name made from {source}",)
    left_out = entries.left_out + long + [name for name in ONLY_ONE if _differs(entries.named(name))]
    return Person(contact, repaired, tuple(dict.fromkeys(left_out)))


def _differs(found: list[Property]) -> bool:
    """Whether a property that a person has once is there again, and says something else."""
    return len(found) > 1 and len({entry.words for entry in found}) > 1


def _values(entries: Entries, name: str, scheme: str) -> tuple[str, ...]:
    """All values of a property, the preferred first, without the scheme of an address."""
    found = (entry.words for entry in entries.named(name))
    bare = (value[len(scheme) :].strip() if value.lower().startswith(scheme) else value for value in found)
    return tuple(value for value in bare if value)


def _name_parts(entries: Entries) -> list[str]:
    """Family, given, additional names, prefixes, suffixes (RFC 2426 section 3.1.2) of the first N."""
    parts = next((entry.parts(";") for entry in entries.named("N")), [])
    return (parts + [""] * 5)[:5]


def _spoken(parts: list[str]) -> str:
    family, given, additional, prefixes, suffixes = parts
    names = [name for name in (given, additional, family) if name]
    return " ".join(names or [part for part in (prefixes, suffixes) if part])


def _positions(entries: Entries) -> tuple[tuple[Position, ...], list[Property]]:
    """Where the person works, and the titles and roles that found no place.

    A title belongs to the organisation of its group, else they are matched in their order. A role serves as title
    where there is none.
    """
    titles, roles = entries.named("TITLE"), entries.named("ROLE")
    jobs = list(titles or roles)
    positions = []
    for entry in entries.named("ORG"):
        organisation = entry.parts(";")[0]
        job = _job_for(entry, jobs)
        if organisation or job:
            positions.append(Position(organisation=organisation, title=job.words if job else ""))
    if not positions and jobs:
        positions.append(Position(organisation="", title=jobs.pop(0).words))
    return tuple(positions), jobs + (roles if titles else [])


def _job_for(organisation: Property, jobs: list[Property]) -> Property | None:
    """Take the title of that organisation out of those that are left."""
    group = organisation.head.group
    same = next((index for index, job in enumerate(jobs) if group and job.head.group == group), 0)
    return jobs.pop(same) if jobs else None


def _profiles(entries: Entries) -> tuple[tuple[Profile, ...], list[Property]]:
    """The profiles, web addresses first, and the properties that make none."""
    names = PROFILE_NAMES.intersection(entries.fields)
    others = [entry for name in names if name != "URL" for entry in entries.fields[name]]
    others.sort(key=lambda entry: entry.line)
    made = [(entry, profile_of(entry)) for entry in entries.named("URL") + others]
    return tuple(profile for _, profile in made if profile), [entry for entry, profile in made if not profile]


def _address(entries: Entries) -> str:
    """The preferred address on one line; its parts are, in order, those of RFC 2426 section 3.2.1.

    Where they are empty, version 4.0 may have the whole as a parameter, escaped after RFC 6868.
    """
    for entry in entries.named("ADR"):
        parts = values(entry.value, ";") if entry.value.strip(EMPTY) else [_label(entry)]
        lines = [one_line(line) for part in parts for line in clean_text(part).split("\n")]
        if address := ", ".join(line for line in lines if line):
            return address
    return ""


def _label(entry: Property) -> str:
    return re.sub(r"\^[nN'^]", lambda found: CARET[found[0]], entry.head.values["LABEL"])


def _birthday(entries: Entries) -> str:
    """`1990-05-04`, or `--05-04` without a year; another text as it is."""
    if not entries.named("BDAY"):
        return ""
    entry = entries.named("BDAY")[0]
    text = entry.words
    if (yearless := YEARLESS.fullmatch(text)) and _is_day(LEAP_YEAR, yearless[1], yearless[2]):
        return f"--{yearless[1]}-{yearless[2]}"
    found = DATE.fullmatch(text)
    if found is None or not _is_day(int(found[1]), found[3], found[4]):
        return text
    day = f"{found[3]}-{found[4]}"
    return f"--{day}" if entry.head.values.get("X-APPLE-OMIT-YEAR") == found[1] else f"{found[1]}-{day}"


def _is_day(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def _tags(entries: Entries) -> tuple[str, ...]:
    found = dict.fromkeys(part for entry in entries.named("CATEGORIES") for part in entry.parts(","))
    return tuple(tag for tag in found if tag and tag.lower() not in IGNORED_TAGS)


def _kept(entries: Entries, spare: list[Property], networks: set[str]) -> tuple[tuple[str, ...], list[str]]:
    """The lines that no field has a place for, in file order, and the names of what is too long even for that.

    An organisation's units come last; a position has no place for them. A label that says no more than the field that
    took its property goes with it: one of Apple's own, such as `home page`, or the name of a profile's network.
    """
    lost = sorted(entries.others + spare, key=lambda entry: entry.line) if spare else entries.others
    groups = {entry.head.group for entry in lost if entry.name != "X-ABLABEL"}
    kept: list[str] = []
    long: list[str] = []
    for entry in lost:
        if entry.name == "X-ABLABEL" and entry.head.group not in groups and _says_nothing(entry.words, networks):
            continue
        line = entry.kept
        if len(line) <= LONGEST:
            kept.append(line)
        else:
            long.append(entry.name)
    return tuple(kept + _departments(entries)), long


def _says_nothing(label: str, networks: set[str]) -> bool:
    return APPLE_LABEL.fullmatch(label) is not None or label.lower() in networks


def _departments(entries: Entries) -> list[str]:
    units = [[part for part in entry.parts(";")[1:] if part] for entry in entries.named("ORG") if ";" in entry.value]
    return ["X-DEPARTMENT:" + ";".join(map(_escaped, names)) for names in units if names]


def _escaped(text: str) -> str:
    from vobject.base import backslashEscape

    return str(backslashEscape(text))
