"""What other programs call a person beyond the one UID of a contact, as lines among those that are kept with it.

Somebody who is in two address books has two UIDs; both must find them when either book is imported again. And a card
may link to somebody by a UID that nobody has yet. The lines are those of a vCard (RFC 6350 section 3.4 says what is
escaped in one), so that they go out with the contact and come in again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crm_core.contentlines import escaped_value
from crm_core.network.keys import uid_key
from crm_core.records import Contact

ALSO: Final = "X-CRM-UID"
KNOWS: Final = "X-CRM-KNOWS"
INTRODUCED_BY: Final = "X-CRM-INTRODUCED-BY"

_OF_A_BOOK: Final = re.compile(r"(crm-[0-9a-f]+-)c[0-9]+")
"""A contact's UID that a book gave out (`book.uid_of`), in the form in which two are compared."""
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def uids_of(contact: Contact) -> tuple[str, ...]:
    """Every UID that a contact goes by, its own first, in the form in which two are compared."""
    others = kept_uids(contact.kept, ALSO) if contact.kept else ()
    return tuple(dict.fromkeys(key for uid in (contact.uid, *others) if (key := uid_key(uid))))


def of_one_book(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether some book gave UIDs out to both; they are in the form in which two are compared."""
    return not _books(one).isdisjoint(_books(other))


def kept_uids(kept: Iterable[str], name: str) -> list[str]:
    """The UIDs in the lines of that name."""
    start = f"{name}:"
    return [_ESCAPED.sub(r"\1", line.removeprefix(start)) for line in kept if line.startswith(start)]


def uid_line(name: str, uid: str) -> str:
    """The line that keeps a UID."""
    return f"{name}:{escaped_value(' '.join(uid.split()))}"


def _books(uids: Iterable[str]) -> set[str]:
    return {found[1] for uid in uids if (found := _OF_A_BOOK.fullmatch(uid))}
