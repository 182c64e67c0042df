"""Who a person may be: people whose name is like one that was typed.

Whether two records are of one person is in `weighing.py`, what becomes of them then in `merging.py`.
"""

from __future__ import annotations

from collections.abc import Iterable

from crm_core.network.likeness import OTHER, best_likeness
from crm_core.network.names import Words, readings
from crm_core.records import Contact


def similar_contacts(name: str, contacts: Iterable[Contact]) -> list[Contact]:
    """The people that a new one of this name may be.

    Their words in another order, a short form, initials or a missing middle name, a slip or two, umlauts spelled out;
    a single word that begins or is one of theirs. Two full names that share one word are not similar.
    """
    wanted = readings(name)
    if not wanted[0]:
        return []
    return [contact for contact in contacts if any(_is_similar(wanted, known) for known in _names(contact))]


def _names(contact: Contact) -> tuple[str, ...]:
    return (contact.name, contact.nickname) if contact.nickname else (contact.name,)


def _is_similar(wanted: tuple[Words, ...], name: str) -> bool:
    known = readings(name)
    if len(wanted[0]) == 1 and len(wanted[0][0]) > 1 and any(word.startswith(wanted[0][0]) for word in known[0]):
        return True
    return best_likeness(wanted, known) is not OTHER
