"""A person's positions: those of two records joined, and those of a contact brought up to date by a card.

What else of a contact is merged or updated is in `merging.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from crm_core.network.keys import position_key
from crm_core.network.names import fold
from crm_core.records import Position


def joined_positions(positions: Iterable[Position]) -> tuple[Position, ...]:
    """The positions without doubles; a present one without a title goes into one with a title at the same place.

    The same position at another time is another one.
    """
    found: list[Position] = []
    for position in positions:
        place = _partner(found, position, _same_key)
        if place is None:
            found.append(position)
        else:
            found[place] = _filled(found[place], position)
    for position in [known for known in found if known.current and not known.title.strip()]:
        place = _partner(found, position, _is_titled)
        if place is not None:
            found[place] = _filled(found[place], position)
            found.remove(position)
    return tuple(found)


def _partner(found: Sequence[Position], position: Position, same: Callable[[Position, Position], bool]) -> int | None:
    """The place of the position that a further record is of: one that says all of it already, else one that may be."""
    near = [place for place, known in enumerate(found) if same(known, position) and _may_be_one(known, position)]
    said = (place for place in near if _filled(found[place], position) == found[place])
    return next(said, near[0] if near else None)


def _same_key(known: Position, position: Position) -> bool:
    return position_key(known) == position_key(position)


def _is_titled(known: Position, position: Position) -> bool:
    """Whether a known position is a present one at the same place, with a title."""
    organisation, title = position_key(known)
    return known.current and title != "" and organisation == position_key(position)[0]


def _may_be_one(one: Position, other: Position) -> bool:
    """Whether nothing that is known of both speaks against their being one."""
    facts = ((one.since, other.since), (one.until, other.until), (one.company, other.company))
    return all(None in pair or pair[0] == pair[1] for pair in facts)


def _filled(position: Position, other: Position) -> Position:
    """The position with what it lacks from another record of it; once left, it stays left."""
    return replace(
        position,
        company=position.company or other.company,
        since=position.since or other.since,
        until=position.until or other.until,
        former=position.former or other.former,
    )


def updated_positions(present: Iterable[Position], card: Iterable[Position]) -> tuple[Position, ...]:
    """The positions with the card's news; new ones come first, so that a new job is the present one.

    What says nothing new is left out, and the position that it speaks of is not given to another. What is left renews
    the position of its organisation and title, else one at its organisation, which gets its title.
    """
    update, news = _Update(present), list(dict.fromkeys(card))
    for known in (_as_it_says, _nothing_new):
        news = [position for position in news if not update.knows(position, known)]
    for belongs in (_not_back, _same_place):
        news = [position for position in news if not update.takes(position, belongs)]
    return (*news, *update.positions)


class _Update:
    """A contact's positions while those of a card are gone through; each is given to one of the card's at most."""

    def __init__(self, present: Iterable[Position]) -> None:
        self.positions = list(present)
        self._free = set(range(len(self.positions)))
        self._at: dict[str, list[int]] = {}
        self._as: dict[str, list[int]] = {}
        for place, position in enumerate(self.positions):
            organisation, title = position_key(position)
            self._at.setdefault(organisation, []).append(place)
            self._as.setdefault(title, []).append(place)

    def knows(self, card: Position, known: Callable[[Position, Position], bool]) -> bool:
        """Whether the card says what is known; the position that it most likely speaks of is then given to it."""
        places = [place for place in self._near(card) if known(self.positions[place], card)]
        left = [place for place in places if place in self._free]
        if left:
            self._free.remove(min(left, key=lambda place: self.positions[place].current != card.current))
        return bool(places)

    def takes(self, card: Position, belongs: Callable[[Position, Position], bool]) -> bool:
        """Whether a position could be given to the card's and was renewed."""
        for place in self._near(card):
            if place in self._free and belongs(self.positions[place], card):
                self._free.remove(place)
                self.positions[place] = _renewed(self.positions[place], card)
                return True
        return False

    def _near(self, card: Position) -> list[int]:
        """The places of positions at the card's organisation; where it has none, also of those of its title."""
        organisation, title = position_key(card)
        at = self._at.get(organisation, [])
        return at if organisation else sorted({*at, *self._as.get(title, [])})


def _as_it_says(present: Position, card: Position) -> bool:
    times = (card.since, card.until, card.former)
    return (present.since, present.until, present.former) == times and _nothing_new(present, card)


def _nothing_new(present: Position, card: Position) -> bool:
    return _renewed(present, card) == present


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
