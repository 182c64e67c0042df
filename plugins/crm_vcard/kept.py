"""Lines that say more than the fields of a contact: which they are on the way in, where they go on the way out.

`N:Example;Zoe;Anne;Dr.;` has a middle name and a title that no field has a place for; the line is kept as it is. On the
way out it stands in for the field's own value as long as it still reads as that very value. Once the field has changed,
the line no longer comes out. A property that no field is read from is kept as well, and always comes out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

from crm_vcard import facts
from crm_vcard.content import content_of
from crm_vcard.own import INTRODUCED_BY, KNOWS, NAMES
from crm_vcard.profiles import PROFILE_NAMES, profile_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crm_vcard.content import Property

Reading: TypeAlias = tuple[str, object]
"""What a field is read from and what it says: `("TITLE", "CTO")`, `("TEL", ("+44 7700 900123", "cell"))`."""

ORDER: Final = ("FN", "N", "NICKNAME", "ORG", "TITLE", "EMAIL", "TEL", "PROFILE", "ADR", "BDAY", "CATEGORIES", "NOTE")
"""The order in which fields are written, and so that of the lines which stand in for them."""
OFTEN: Final = frozenset({"ADR", "BDAY", "TITLE"})
"""What a card may have more of than a contact has fields for; what there is no field for is kept as well."""
NOT_WRITTEN: Final = NAMES.union({"AGENT", "BEGIN", "END", "PRODID", "PROFILE", "REV", "UID", "VERSION"})
"""What we write ourselves, or what would be no line of this card."""

APPLE: Final = "X-ABLABEL"
PLAIN_ADDRESS: Final = re.compile(r";;(?:[^;\\]|\\.)*+;;;;")
"""All of it in the place of the street, as we write it."""
TIMED: Final = re.compile(r"[0-9-]{6,10}[T ](?!00:?00(?::?00(?:\.0+)?)?Z?$).*")
LOOKED_AT: Final = frozenset({"ADR", "BDAY", "N", "ORG"})
"""What may say more by its value than its field has a place for; others can by their parameters alone."""

_SAYS: Final[dict[str, Callable[[Property], object]]] = {
    "FN": lambda entry: entry.words,
    "N": lambda entry: tuple(facts.name_parts(entry)[:2]),
    "NICKNAME": facts.nickname_of,
    "ORG": facts.organisation_of,
    "TITLE": lambda entry: entry.words,
    "ADR": facts.address_of,
    "BDAY": facts.birthday_of,
    "CATEGORIES": facts.tags_of,
    "NOTE": lambda entry: entry.text,
    **dict.fromkeys(PROFILE_NAMES, profile_of),
}


def reading(entry: Property, apple: Mapping[str, Property]) -> Reading | None:
    """What a property says to a field of a contact; None if it says nothing to any.

    Args:
        entry: The property.
        apple: The card's X-ABLABELs by group.
    """
    name = entry.name
    if name in facts.SCHEMES:
        return name, (facts.reached_at(entry), facts.label_of(entry, apple))
    says = _SAYS[name](entry) if name in _SAYS else None
    return ("PROFILE" if name in PROFILE_NAMES else name, says) if says else None


def says_more(entry: Property) -> bool:
    """Whether a property says more than the field that is read from it."""
    if entry.head.more or entry.name not in LOOKED_AT:
        return entry.head.more
    if entry.name == "ADR":
        return not PLAIN_ADDRESS.fullmatch(entry.value)
    if entry.name == "BDAY":
        return len(entry.value) > len("1990-05-04") and TIMED.fullmatch(entry.words) is not None
    if entry.name == "N":
        return not entry.value.endswith(";;;") and any(facts.name_parts(entry)[2:])
    return ";" in entry.value and any(entry.parts(";")[1:])


class Standing:
    """A contact's kept lines while its card is written.

    Args:
        kept: As the contact has them; what would be no line of a card is passed over.
    """

    def __init__(self, kept: Sequence[str]) -> None:
        found = (_as_property(text, number) for number, text in enumerate(kept))
        entries = [entry for entry in found if entry is not None and entry.name not in NOT_WRITTEN]
        self.groups = {entry.head.group for entry in entries} - {""}
        self._labels = [entry for entry in entries if entry.name == APPLE]
        apple = {entry.head.group: entry for entry in self._labels}
        self._left = [(entry, reading(entry, apple)) for entry in entries if entry.name != APPLE]
        self.dropped: set[str] = set()
        self._written: list[Property] = []
        self._lacking: Counter[str] = Counter()
        self._asked: set[str] = set()

    def line_for(self, field: str, says: object) -> Property | None:
        """The kept line that says just that, if there is one and it has not been asked for before."""
        self._asked.add(field)
        for place, (entry, read) in enumerate(self._left):
            if read == (field, says):
                del self._left[place]
                self._written.append(entry)
                return entry
        self._lacking[field] += 1
        return None

    def others(self) -> list[Property]:
        """The lines that no field asked for and that still hold, once all fields have asked; others are `dropped`.

        What says something else than its field was kept for what the field was before. Of an address, a birthday or a
        title there may be more than there are fields; of these the first is the one that has changed.
        """
        changed = Counter({field: self._lacking[field] if field in self._asked else 1 for field in OFTEN})
        gone = []
        for entry, read in self._left:
            field = read[0] if read is not None else ""
            if field and (field not in OFTEN or changed[field] > 0):
                gone.append(entry)
            changed[field] -= 1
        kept = [entry for entry, _ in self._left if entry not in gone]
        groups = {entry.head.group for entry in gone} - {entry.head.group for entry in self._written + kept}
        gone += [label for label in self._labels if label.head.group in groups]
        self.dropped = {entry.kept for entry in gone}
        return sorted(kept + [label for label in self._labels if label not in gone], key=lambda entry: entry.line)


def link_of(text: str) -> tuple[str, str] | None:
    """Our name and the UID in a line that names somebody whom nobody knows; None for any other."""
    entry = _as_property(text, 0)
    return (entry.name, entry.words) if entry is not None and entry.name in {INTRODUCED_BY, KNOWS} else None


def _as_property(text: str, number: int) -> Property | None:
    """A kept line as a property; None if it would not be read back as it is."""
    found = content_of([(number, text.encode(errors="replace"))]).properties
    return found[0] if len(found) == 1 and found[0].kept == text else None
