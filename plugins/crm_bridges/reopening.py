"""Whether a role is open again after a rejection: as the user was told, or as a company's feed says."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from crm_bridges.records import Reopening
from crm_core import UNKNOWN_ROLE, fold

if TYPE_CHECKING:
    from crm_core import Application, Book, Move

_WORD: Final = re.compile(r"[\w+#]+")
_GENDERS: Final = re.compile(r"\(?\b[mwfdxi](?:\s*[/|*]\s*[mwfdxi])+\b\)?")


class Sign(NamedTuple):
    """What says that a role is open again, and since when; `id` is the reopening's or the feed item's."""

    on: date
    source: str
    id: str


def newest_sign(book: Book, application: Application, no: Move) -> Sign | None:
    """The last sign since the rejection that its role is open again."""
    told = [Sign(r.on, r.source, r.id) for r in book.table(Reopening).where("application", application.id)]
    seen = [Sign(on, title, id_) for on, title, id_ in _in_feeds(book, application) if on > no.on]
    return max((*(sign for sign in told if sign.on >= no.on), *seen), default=None)


def role_words(role: str) -> frozenset[str]:
    """The words by which a role is recognised, without the letters for genders; none of one that nobody knows."""
    plain = fold(role)
    return frozenset() if plain == UNKNOWN_ROLE else frozenset(_WORD.findall(_GENDERS.sub(" ", plain)))


def _in_feeds(book: Book, application: Application) -> list[tuple[date, str, str]]:
    """News of the company that names the role; what was read and not kept was of no interest."""
    words = role_words(application.role)
    if not words:
        return []
    return [
        (item.published, item.title, item.id)
        for item in book.feed_items.where("company", application.company)
        if item.state != "read" and item.published is not None and words <= set(_WORD.findall(fold(item.title)))
    ]
