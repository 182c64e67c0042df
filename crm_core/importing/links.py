"""Whom an entry links its person to: UIDs into references, once all of an import is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from msgspec.structs import replace

from crm_core.importing import Candidate
from crm_core.network.reconciling import Clash
from crm_core.network.uids import INTRODUCED_BY, KNOWS, kept_uids, uid_line
from crm_core.records import Contact, Ref

Person: TypeAlias = Callable[[str], "Ref[Contact] | None"]
"""Whom a UID names, or None."""


_WAITING: Final = (f"{KNOWS}:", f"{INTRODUCED_BY}:")


class Linked(NamedTuple):
    """What links made of a contact.

    Args:
        contact: With the links; UIDs that name nobody are among the lines that it keeps.
        missing: Those UIDs.
        conflicts: Where book and file have both changed who introduced them.
    """

    contact: Contact
    missing: tuple[str, ...]
    conflicts: tuple[Clash, ...]


def with_waiting_links(entry: Candidate) -> Candidate:
    """The entry with the links that its contact kept, since nobody had their UID, among its links."""
    contact = entry.contact
    if not _waits(contact):
        return entry
    knows, introducers = (kept_uids(contact.kept, name) for name in (KNOWS, INTRODUCED_BY))
    return replace(
        entry,
        contact=replace(contact, kept=tuple(line for line in contact.kept if not line.startswith(_WAITING))),
        knows=tuple(dict.fromkeys((*entry.knows, *knows))),
        introduced_by=entry.introduced_by or next(iter(introducers), ""),
    )


def settled(person: Person, present: Contact) -> Contact:
    """A contact with the links that waited for somebody who has come."""
    if not _waits(present):
        return present
    waiting = with_waiting_links(Candidate(contact=present, line=1))
    return linked(person, present, waiting, file_wins=False).contact


def _waits(contact: Contact) -> bool:
    """Whether a contact has kept links to people whom nobody had when they were read."""
    return any(line.startswith(_WAITING) for line in contact.kept)


def has_links(entry: Candidate) -> bool:
    """Whether an entry names people, or did when it was written."""
    return bool(entry.knows or entry.introduced_by or (entry.base is not None and has_links(entry.base)))


def linked(person: Person, present: Contact, entry: Candidate, *, file_wins: bool) -> Linked:
    """A contact with the links of an entry of theirs; without a base, links are only added.

    Args:
        person: Whom a UID names.
        present: The contact as it is.
        entry: Theirs.
        file_wins: Whether the file is right where both have changed.
    """
    introducer, conflicts = _introducer(person, present, entry, file_wins=file_wins)
    missing = [(name, uid) for name, uid in _named(entry) if person(uid) is None]
    lines = [uid_line(name, uid) for name, uid in missing]
    no_more = {uid_line(name, uid) for of in (entry, entry.base) for name, uid in _named(of)}.difference(lines)
    contact = replace(
        present,
        introduced_by=introducer,
        knows=_knows(person, present, entry),
        kept=tuple(dict.fromkeys([line for line in (*present.kept, *lines) if line not in no_more])),
    )
    return Linked(contact.tidied(), tuple(uid for _, uid in missing), conflicts)


def _named(entry: Candidate | None) -> Iterator[tuple[str, str]]:
    """The UIDs that an entry names, each with the line that keeps it where it names nobody."""
    if entry is not None:
        yield from ((KNOWS, uid) for uid in entry.knows)
        if entry.introduced_by:
            yield INTRODUCED_BY, entry.introduced_by


def _knows(person: Person, present: Contact, entry: Candidate) -> tuple[Ref[Contact], ...]:
    before = entry.base.knows if entry.base is not None else ()
    gone = {person(uid) for uid in before if uid not in entry.knows}
    came = [ref for uid in entry.knows if uid not in before and (ref := person(uid)) is not None]
    return (*(ref for ref in present.knows if ref not in gone), *came)


def _introducer(
    person: Person, present: Contact, entry: Candidate, *, file_wins: bool
) -> tuple[Ref[Contact] | None, tuple[Clash, ...]]:
    here, there = present.introduced_by, person(entry.introduced_by)
    if entry.base is None:
        return here or there, ()
    if entry.introduced_by == entry.base.introduced_by or here == there:
        return here, ()
    if file_wins or here == person(entry.base.introduced_by):
        return there, ()
    return here, (Clash(field="introduced_by", book=here or "", file=there or entry.introduced_by),)
