"""A video's script: which of its lines are cues, and how long it takes to say the rest."""

from __future__ import annotations

import re
from typing import Final

from crm_core.letters.rendering import without_blanks

WORDS_A_MINUTE: Final = 140
"""How fast people speak into a camera, roughly; reading aloud is faster, and sounds like it."""

_CUE = re.compile(r"[ \t]*\[[^\[\]\n]*\][ \t]*")


def without_cues(text: str) -> str:
    """The text without the lines that say what to do: `[smile]`."""
    return "\n".join(line for line in text.split("\n") if not _CUE.fullmatch(line))


def spoken_seconds(text: str) -> int:
    """How long a script takes to say; cues and what is still to be filled in don't count."""
    words = [word for word in without_blanks(without_cues(text)).split() if any(map(str.isalnum, word))]
    return round(len(words) * 60 / WORDS_A_MINUTE)


def spoken_words(text: str) -> str:
    """The same in words: `about 1 min 10 s when spoken`."""
    tens = max(round(spoken_seconds(text), -1), 10)
    minutes, seconds = divmod(tens, 60)
    parts = [f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else ""]
    return f"about {' '.join(filter(None, parts))} when spoken"
