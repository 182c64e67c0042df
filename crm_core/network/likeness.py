"""How alike two names are, in degrees: the same, written otherwise, a short form, a part, a slip of the pen, other.

Works on words as `names.py` makes them and knows no records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from crm_core.network.names import Words, fold
from crm_core.network.nicknames import name_family, same_given_name

LONGEST_COMPARED: Final = 12
"""Words of a name, and LONGEST_WORD letters of a word, up to which it may be like another without being equal to it."""
LONGEST_WORD: Final = 64


class Likeness(NamedTuple):
    """A degree of likeness: its weight as evidence, 0 to 40, and what it is in words."""

    weight: int
    reason: str


SAME: Final = Likeness(40, "the same name")
REORDERED: Final = Likeness(38, "the same name in another order")
RESPELLED: Final = Likeness(38, "the same name in another spelling")
SHORT_FORM: Final = Likeness(35, "the same name with a short form")
MIDDLE_NAME: Final = Likeness(35, "the same name but for a middle name")
PART: Final = Likeness(20, "one name is a part or has initials of the other")
SLIP: Final = Likeness(20, "names that differ by a letter or two")
OTHER: Final = Likeness(0, "another name")


def best_likeness(one: Sequence[Words], other: Sequence[Words]) -> Likeness:
    """How alike two people's names are, each given by its readings, the plain one first."""
    best = likeness(one[0], other[0])
    if best is SAME or len(one) == len(other) == 1:
        return best
    for left, right in product(one, other):
        found = likeness(left, right)
        best = max(best, RESPELLED if found is SAME else found, key=lambda degree: degree.weight)
    return best


def likeness(one: Words, other: Words) -> Likeness:
    """How alike two names are; the same whichever comes first."""
    if one == other:
        return SAME if one else OTHER
    if not one or not other or len(one) > LONGEST_COMPARED or len(other) > LONGEST_COMPARED:
        return OTHER
    # Words are paired one after the other: the answer must not hang on which name came first.
    if (len(other), other) < (len(one), one):
        one, other = other, one
    if len(one) == len(other) and sorted(one) == sorted(other):
        return REORDERED
    if "".join(one) == "".join(other):
        return RESPELLED
    shared = {word for word in one if word in other and not _is_initial(word)}
    if shared or (len(one) == 1 and not _is_initial(one[0])):
        found = _related(one, other)
        if found is not OTHER:
            return found
    return SLIP if _is_slip(one, other) else OTHER


def edits(one: str, other: str, limit: int) -> int:
    """How many slips make one word the other: a letter more, less, or another, or two in the wrong order.

    Counts no further than one past the limit. That is also the answer for words over LONGEST_WORD, and for any slip
    in a word with a digit: 51 is not a misspelt 52.
    """
    if one == other:
        return 0
    if abs(len(one) - len(other)) > limit or max(len(one), len(other)) > LONGEST_WORD:
        return limit + 1
    if not one.isalpha() or not other.isalpha():
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return min(last[-1], limit + 1)


def near_names(text: str, entries: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The ids of those whose name a text may be a slip of, the nearest first: for asking whether they are meant.

    Each of its words begins one of theirs or differs from it by a slip, or two if it is long; short words by none.

    Args:
        text: What was typed, and nobody goes by.
        entries: Ids, each with all names that its record goes by.
    """
    wanted = fold(text).split()
    if not wanted or len(wanted) > LONGEST_COMPARED:
        return []
    found: list[tuple[int, int, str]] = []
    for place, (id_, names) in enumerate(entries):
        words = {word for name in names for word in fold(name).split()}
        slips = 0
        for word in wanted:
            allowed = _slips_in(word)
            fewest = min((_slips(word, known, allowed) for known in words), default=allowed + 1)
            if fewest > allowed:
                break
            slips += fewest
        else:
            found.append((slips, place, id_))
    return [id_ for _, _, id_ in sorted(found)]


@lru_cache(maxsize=256)  # a card's are asked for when its owner is looked for, and again when it is added
def name_keys(words: Words) -> frozenset[str]:
    """What to group people by so that all whose names are the same but for what is above PART share a key.

    Sorted letters know neither order nor hyphens; a short form stands with its long ones; then without middle names.
    """
    families = tuple(name_family(word) for word in words)
    outer = (families[0], families[-1])
    forms = {words, families, outer if len(words) > 2 else families}
    return frozenset(["".join(sorted("".join(some))) for some in forms])


def _slips_in(word: str) -> int:
    """How many slips a word may have that somebody typed."""
    return 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0


def _slips(word: str, known: str, limit: int) -> int:
    """How many slips make a typed word the known one; none if it begins it. Counts no further than past the limit."""
    if known.startswith(word):
        return 0
    if len({*word} ^ {*known}) > 2 * limit:
        return limit + 1
    return edits(word, known, limit)


def _related(one: Words, other: Words) -> Likeness:
    """How two names with a word in common go together, the shorter first."""
    left, right = _apart(one, other)
    if len(one) == len(other) and _all_pair(left, right, same_given_name):
        return SHORT_FORM
    if _but_for_middle_names(one, other):
        return MIDDLE_NAME
    return PART if _all_pair(left, right, _may_stand_for) else OTHER


def _apart(one: Words, other: Words) -> tuple[list[str], list[str]]:
    """The words of each that the other lacks."""
    left, right = [], list(other)
    for word in one:
        if word in right:
            right.remove(word)
        else:
            left.append(word)
    return left, right


def _all_pair(words: Sequence[str], others: Sequence[str], same: Callable[[str, str], bool]) -> bool:
    """Whether each of the words has a partner of its own among the others."""
    rest = list(others)
    for word in words:
        partner = next((candidate for candidate in rest if same(word, candidate)), None)
        if partner is None:
            return False
        rest.remove(partner)
    return True


def _but_for_middle_names(one: Words, other: Words) -> bool:
    """Whether first and last word agree and the middle ones are missing in the shorter, or its initials for them."""
    ends = (one[0], one[-1], other[0], other[-1])
    if len(one) < 2 or any(map(_is_initial, ends)):
        return False
    if one[-1] != other[-1] or not same_given_name(one[0], other[0]):
        return False
    middle, middles = one[1:-1], other[1:-1]
    return not middle or (len(middle) == len(middles) and all(map(_may_stand_for, middle, middles)))


def _may_stand_for(one: str, other: str) -> bool:
    if _is_initial(one) or _is_initial(other):
        return one[0] == other[0]
    return same_given_name(one, other)


def _is_initial(word: str) -> bool:
    # A single character of a script without case is a whole name.
    return len(word) == 1 and word.islower()


def _is_slip(one: Words, other: Words) -> bool:
    """Whether as many words differ by one slip of five letters or more in all, or two of ten or more.

    Less than half of any word: Li is not a misspelt Wu.
    """
    letters = min(sum(map(len, one)), sum(map(len, other)))
    allowed = 2 if letters >= 10 else 1 if letters >= 5 else 0
    if len(one) != len(other) or len(set("".join(one)) ^ set("".join(other))) > 2 * allowed:
        return False
    return _few_edits(one, other, allowed) or _few_edits(sorted(one), sorted(other), allowed)


def _few_edits(one: Sequence[str], other: Sequence[str], allowed: int) -> bool:
    if any(abs(len(left) - len(right)) > allowed for left, right in zip(one, other, strict=True)):
        return False
    left_over = allowed
    for left, right in zip(one, other, strict=True):
        found = edits(left, right, left_over)
        left_over -= found
        if left_over < 0 or (found and 2 * found >= max(len(left), len(right))):
            return False
    return True
