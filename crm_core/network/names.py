"""Names as text: their folded form, their words, and finding records by them.

What makes two names alike is in `likeness.py`, what is a company's legal form in `companies.py`. Everything here runs
over a whole book at each command: a name in ASCII costs no look-up by character, any other character one in a dict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

Words: TypeAlias = tuple[str, ...]
"""A name's words, ready to be compared."""

_LETTERS: Final = {
    "æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ħ": "h", "\u0131": "i", "ł": "l", "ŋ": "n", "œ": "oe",
    "ŧ": "t",
    **dict.fromkeys("\u2018\u2019\u02bb\u02bc\u00b4\u2032", "'"),
    **dict.fromkeys("\u2010\u2012\u2013\u2014\u2212", "-"),
}  # fmt: skip
"""What Unicode does not take apart: letters with a stroke, ligatures, the dotless i, how typesetters write ' and -."""

_MAKE_ANOTHER_LETTER: Final = (7, 8, 9)
"""Combining classes (Unicode chapter 4.3) that are no accents: nukta, the voicing marks of kana, virama."""

_SPELLED_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa"}
)
_HONORIFICS: Final = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms", "herr", "frau", "phd", "mba"})
_GENERATIONS: Final = frozenset({"jr", "sr", "junior", "senior", "ii", "iii", "iv"})


class _Folding(dict[int, str]):
    """Each character's folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


class Spacing(dict[int, str]):
    """Which characters part words, for `str.translate`: a space for punctuation, nothing for those to be dropped."""

    def __init__(self, special: dict[str, str]) -> None:
        super().__init__({ord(character): text for character, text in special.items()})

    def __missing__(self, code: int) -> str:
        character = chr(code)
        spaced = self[code] = character if character.isalnum() or _is_mark(character) else " "
        return spaced


_FOLDING: Final = _Folding()
_SPACING: Final = Spacing({"'": ""})


def fold(text: str) -> str:
    """The text without regard to case, accents and width, with single spaces; folding it again changes nothing."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(text.translate(_FOLDING).split())


def find_by_name(text: str, entries: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The ids of those who go by a name, in the order of the entries.

    The first of these that finds anybody wins: the exact name; every word of the text begins a word of their names,
    in any order; the text is somewhere inside a name. Case and accents do not matter.

    Args:
        text: What the user typed; nothing is found by an empty one.
        entries: Ids, each with all names that its record goes by; empty names are ignored.
    """
    wanted = fold(text)
    if not wanted:
        return []
    starts = [f" {word}" for word in _parted(wanted).split()]
    exact: list[str] = []
    by_words: list[str] = []
    inside: list[str] = []
    for id_, names in entries:
        folded = [fold(name) for name in names if name]
        if wanted in folded:
            exact.append(id_)
        elif exact:
            continue
        elif starts and _has_all(f" {_parted(' '.join(folded))}", starts):
            by_words.append(id_)
        elif not by_words and any(wanted in name for name in folded):
            inside.append(id_)
    return exact or by_words or inside


def words_of(name: str) -> Words:
    """A person's name in words: folded, without punctuation and titles; of "Smith, John" the family name last."""
    folded = fold(name)
    if "," not in folded:
        return _without_titles(folded)
    parts = [words for part in folded.split(",") if (words := _without_titles(part)) and not set(words) <= _HONORIFICS]
    if len(parts) > 1 and not set(parts[1]) <= _GENERATIONS:
        parts.append(parts.pop(0))
    return tuple(word for words in parts for word in words)


def spelled_out(text: str) -> str:
    """The text with ae for ä, oe for ö or ø, ue for ü and aa for å, as where a keyboard lacks them."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text).translate(_SPELLED_OUT)


def readings(name: str) -> tuple[Words, ...]:
    """The words of a person's name, accents dropped; then, where that differs, with umlauts spelled out."""
    plain = words_of(name)
    if name.isascii():
        return (plain,)
    spelled = words_of(spelled_out(name))
    return (plain,) if spelled == plain else (plain, spelled)


def _without_titles(folded: str) -> Words:
    words = tuple(_parted(folded.replace("ph.d", "phd")).split())
    if _HONORIFICS.isdisjoint(words):
        return words
    return tuple(word for word in words if word not in _HONORIFICS) or words


def _parted(folded: str) -> str:
    """The folded text with spaces for punctuation; apostrophes just go."""
    return folded if folded.replace(" ", "").isalnum() else folded.translate(_SPACING)


def _has_all(spaced: str, starts: Sequence[str]) -> bool:
    return all(start in spaced for start in starts)


def _folded(character: str) -> str:
    from unicodedata import category, combining, normalize

    before, text = "", character
    while text != before:
        before = text
        letters = normalize("NFKD", _LETTERS.get(text, text).casefold())
        text = "".join(
            _LETTERS.get(letter, letter)
            for letter in letters
            if combining(letter) in (0, *_MAKE_ANOTHER_LETTER) and category(letter) != "Cf"
        )
    return text


def _is_mark(character: str) -> bool:
    from unicodedata import category

    return category(character).startswith("M")
