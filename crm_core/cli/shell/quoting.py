"""Words as bash takes them from a line and puts them into one. Nothing is expanded: `$(...)` is four characters.

zsh and fish part and quote words themselves.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

BREAKS: Final = " \t\n\"'><=;|&(:"
"""Where bash begins a word anew by default (`COMP_WORDBREAKS`), though to the shell it goes on."""

_END: Final = ";|&()"
_IN_DOUBLE: Final = '"$`\\\n'
_SPECIAL: Final = re.compile(r"[^\w./+,@%-]")


class Typed(NamedTuple):
    """A command line up to the cursor.

    Args:
        words: Without quotes; the last is the one that is being typed, and may be empty.
        quote: The quotation mark that is open, if one is.
        fixed: How many characters of the last word stand before what bash will replace.
    """

    words: list[str]
    quote: str
    fixed: int


def typed(line: str, breaks: str = BREAKS) -> Typed:
    """What a line means to bash; of several commands in it the last."""
    words: list[str] = [""]
    begun, quote, fixed = False, "", 0
    characters = iter(line)
    for character in characters:
        if quote == "'" and character != "'":
            words[-1] += character
        elif character == "\\":
            following = next(characters, "")
            words[-1] += following if not quote or following in _IN_DOUBLE else character + following
            begun = True
        elif quote:
            if character == quote:
                quote, fixed = "", len(words[-1])
            else:
                words[-1] += character
        elif character in "'\"":
            quote, begun, fixed = character, True, len(words[-1])
        elif character in _END:
            words, begun, fixed = [""], False, 0
        elif character.isspace():
            words, begun, fixed = ([*words, ""] if begun else words), False, 0
        else:
            words[-1], begun = words[-1] + character, True
            fixed = len(words[-1]) if character in breaks else fixed
    return Typed(words, quote, fixed)


def quoted(text: str, quote: str = "") -> str:
    """A text as it must stand in a line to mean itself, after the quotation mark that is open.

    An exclamation mark would call up an earlier line between double quotation marks, so it stands outside of them.
    """
    if quote == "'":
        return text.replace("'", r"'\''")
    if quote == '"':
        return re.sub(r'["$`\\]', r"\\\g<0>", text).replace("!", "\"'!'\"")
    return _SPECIAL.sub(r"\\\g<0>", text)
