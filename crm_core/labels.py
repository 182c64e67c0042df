"""What an e-mail address or a phone number is for, in words that are the same whatever program wrote them.

`Mobile`, `CELL` and `cellular` are all `cell`; `Fax (work)` and `HomeFAX` say where first: `work, fax`, `home, fax`.
A label of somebody's own stays as it was typed. For importers and for what a user types.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

PLACES: Final = ("home", "work", "school", "other")
KINDS: Final = (
    "main", "cell", "iphone", "fax", "pager", "car", "video", "text", "textphone", "assistant", "callback", "radio",
    "telex", "isdn", "pcs", "modem", "bbs",
)  # fmt: skip
"""What kind of number it is; the words of RFC 2426 section 3.3.1 and RFC 6350 section 6.4.1, Apple's and Outlook's."""

USUAL_LABELS: Final = (*PLACES, *KINDS)
"""All usual words, in the order in which they stand in a label."""
_SAME: Final = {
    **{word: (word,) for word in USUAL_LABELS},
    **dict.fromkeys(("mobile", "cellular", "cellphone"), ("cell",)),
    **dict.fromkeys(("business", "office"), ("work",)),
    **dict.fromkeys(("private", "personal"), ("home",)),
    **{f"{place}fax": (place, "fax") for place in PLACES},
}
_SAYS_NOTHING: Final = frozenset({
    "phone", "telephone", "tel", "number", "voice", "msg", "pref", "preferred", "internet", "email", "e", "mail",
    "address",
})  # fmt: skip
_WORD: Final = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=1024)
def usual_label(text: str) -> str:
    """A label in its usual form: `work, fax` for `Fax (work)`; empty where it says nothing, as `Phone` or `INTERNET`.

    Usual words come first, places before kinds, then what else stands between commas, as it was typed.
    """
    usual: set[str] = set()
    own: dict[str, None] = {}
    for part in filter(None, (" ".join(piece.split()) for piece in text.split(","))):
        words = _WORD.findall(part.lower())
        if words and all(word in _SAME or word in _SAYS_NOTHING for word in words):
            usual.update(same for word in words for same in _SAME.get(word, ()))
        else:
            own[part] = None
    return ", ".join([word for word in USUAL_LABELS if word in usual] + list(own))
