"""Whether a letter speaks of its reader as of somebody else, as notes do that stand in it word for word.

What is only a suspicion is said to the user and refuses nothing.
"""

from __future__ import annotations

import re
from typing import Final

from crm_core.letters.likeness import prepared
from crm_core.records import Contact

TITLES: Final = frozenset({"Dr", "Prof", "Mr", "Mrs", "Ms", "Herr", "Frau"})
OTHERS: Final = frozenset({"He", "She"})
SHORTEST: Final = 3
"""Characters of a part of a name: fewer are an initial, or a word like many others."""

_WORD = re.compile(r"\w+")


def of_the_reader(body: str, reader: Contact) -> str:
    """The first sentence below the greeting that has the reader's name in it, or a note that begins with he or she.

    Capitals count: a letter to Will may say what its writer will do. Empty if there is none.
    """
    called = " ".join((reader.name, reader.given, reader.family, reader.nickname))
    names = {word for word in _WORD.findall(called) if len(word) >= SHORTEST} - TITLES
    for sentence in prepared(body, ()).sentences:
        if not (names | OTHERS).isdisjoint(_WORD.findall(sentence)):
            return sentence
    return ""
