"""Words that burn bridges: what nobody should read who may be met again, and what to say instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from crm_core import fold

if TYPE_CHECKING:
    from crm_core import Letter

FEELING: Final = "say what you had hoped for, not what they did to you"
BLAME: Final = "they decided for reasons that you do not know: leave the blame out"
THREAT: Final = "a threat ends every conversation: leave it out"
DOOR: Final = "leave the door open: you may want to come back"
BITTER: Final = "it reads bitter: thank them for what was good, or say nothing"
PRESSURE: Final = "ask, and leave them the choice"

PHRASES: Final = {
    "unfair": FEELING,
    "not fair": FEELING,
    "disappointed in you": FEELING,
    "disappointed with you": FEELING,
    "very disappointed": FEELING,
    "disappointing": FEELING,
    "insulted": FEELING,
    "insulting": FEELING,
    "offended": FEELING,
    "disrespectful": FEELING,
    "waste of time": BITTER,
    "waste of my time": BITTER,
    "wasted my time": BITTER,
    "ridiculous": BITTER,
    "shame on": BITTER,
    "good luck without me": BITTER,
    "your loss": BITTER,
    "your mistake": BLAME,
    "big mistake": BLAME,
    "you will regret": BLAME,
    "you'll regret": BLAME,
    "wrong decision": BLAME,
    "bad decision": BLAME,
    "your fault": BLAME,
    "incompetent": BLAME,
    "unprofessional": BLAME,
    "liar": BLAME,
    "lied to me": BLAME,
    "misled": BLAME,
    "discriminated": "if that is what happened, take advice before you write about it",
    "sue you": THREAT,
    "will sue": THREAT,
    "my lawyer": THREAT,
    "legal action": THREAT,
    "bad review": THREAT,
    "glassdoor": THREAT,
    "never again": DOOR,
    "never apply": DOOR,
    "do not contact me": DOOR,
    "don't contact me": DOOR,
    "hate": DOOR,
    "you owe me": PRESSURE,
    "i demand": PRESSURE,
    "i deserve": PRESSURE,
    "reconsider your decision": PRESSURE,
}
"""Phrases, folded, and what to do instead."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase that burns bridges: the line of the letter that it begins on (0 is the subject), and what to do."""

    line: int
    phrase: str
    instead: str


def findings(letter: Letter) -> list[Finding]:
    """What in a letter's present text may burn bridges, in the order of the text; each phrase of a line once."""
    return [
        *_in_text(letter.subject, 0),
        *(found for at, line in enumerate(letter.body.split("\n"), 1) for found in _in_text(line, at)),
    ]


def _in_text(text: str, line: int) -> Iterator[Finding]:
    found = dict.fromkeys(match[0] for match in _pattern().finditer(fold(text)))
    return (Finding(line=line, phrase=phrase, instead=PHRASES[phrase]) for phrase in found)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """All phrases as whole words, the longest first, so that the one that says most is found."""
    phrases = sorted(PHRASES, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")
