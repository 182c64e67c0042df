"""What becomes of each entry of an import: whose it is, what they become by it, and whom it links them to.

Whose it is comes from `network`: the UID first, then evidence. What was the same before is the same after: an import of
the same files again changes nothing. Within one import the first entry of somebody is their card; further ones are
merged into it, since one book that has a person twice must not undo itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from crm_core.book import Book
from crm_core.importing import Action, Candidate, Entry, LeftAlone, Problem, Row
from crm_core.importing.links import has_links, linked, settled, with_waiting_links
from crm_core.network.keys import uid_key
from crm_core.network.matching import Match, PeopleIndex, said_to_differ
from crm_core.network.merging import merged, newcomer, updated
from crm_core.network.reconciling import Clash, reconciled
from crm_core.network.uids import ALSO, uid_line, uids_of
from crm_core.network.weighing import ANOTHER_NAME, SAME_UID, SURE
from crm_core.records import Contact, Ref
from crm_core.store.attachments import attachment_name

MOST_NAMED: Final = 3
"""People who are named where an entry may be any of several."""
MOST_ROUNDS: Final = 5
"""How often entries are looked at again whose owner a later one changed or resembles."""


def import_people(
    book: Book, entries: Iterable[tuple[str, Entry]], *, dry_run: bool, file_wins: bool = False
) -> list[Row]:
    """Match each entry with the people in the book, and add or update them.

    Args:
        book: Open for change, unless it is a dry run.
        entries: File names and what was read from them.
        dry_run: Only say what would be done.
        file_wins: Take the file's value where book and file were both changed.

    Returns:
        A row an entry, in their order.
    """
    run = _Import(book, dry_run=dry_run, file_wins=file_wins)
    for file, entry in entries:
        run.take(file, entry)
    run.take_again()
    run.link()
    return [replace(row, id="") if row.id in run.only_seen else row for row in run.rows]


class _Import:
    """One import while it is under way.

    Attributes:
        rows: What became of the entries so far.
        only_seen: Ids that a dry run gave to people who would be added.
    """

    def __init__(self, book: Book, *, dry_run: bool, file_wins: bool) -> None:
        self._book = book
        self._dry_run = dry_run
        self._file_wins = file_wins
        self._people = PeopleIndex(book.contacts)
        self._met: dict[str, str] = {}  # contacts that an entry was taken for, and the file of the first
        self._entries: list[Entry] = []
        self._unsettled: set[str] = set()  # contacts whose entries may not be theirs, or not all, by a later entry
        self._linking: list[tuple[int, Candidate]] = []
        self.rows: list[Row] = []
        self.only_seen: set[str] = set()

    def take(self, file: str, entry: Entry) -> None:
        """Decide on one entry."""
        self._entries.append(entry)
        if isinstance(entry, Problem):
            reason = f"{entry.reason}: {entry.text}" if entry.text else entry.reason
            self.rows.append(Row(file=file, line=entry.line, action="refused", reason=reason))
        elif isinstance(entry, LeftAlone):
            about = entry.contact
            self.rows.append(Row(file=file, line=1, action="left", name=about.name, id=about.id, reason=entry.reason))
        else:
            self._take_person(file, entry)

    def _take_person(self, file: str, entry: Candidate) -> None:
        row = Row(
            file=file,
            line=entry.line,
            action="added",
            name=entry.contact.name,
            repaired=entry.repaired,
            left_out=entry.left_out,
        )
        entry = _prepared(entry)
        row = self._taken(row, entry)
        if row.id and has_links(entry):
            self._linking.append((len(self.rows), entry))
        self.rows.append(row)

    def take_again(self) -> None:
        """Look again at the entries of those whom a further one changed or resembles, as the next import would.

        By who was added and what somebody became, an earlier entry may be another's, or say something new once more.
        """
        for _ in range(MOST_ROUNDS):
            unsettled, self._unsettled = self._unsettled, set()
            if not unsettled:
                return
            self._met = {id_: file for id_, file in self._met.items() if id_ not in unsettled}
            for number, (row, entry) in enumerate(zip(self.rows, self._entries, strict=True)):
                if row.id in unsettled and isinstance(entry, Candidate) and entry.base is None:
                    self.rows[number] = self._once_more(row, _prepared(entry))

    def _once_more(self, row: Row, entry: Candidate) -> Row:
        again = self._taken(row, entry)
        if again.action == "updated":
            self._unsettled |= {row.id, again.id}
        return row if again.action == "same" or row.action in {"added", "unsure"} else again

    def link(self) -> None:
        """Link people, now that all whom an entry may name are known."""
        for number, entry in self._linking:
            row = self.rows[number]
            present = self._people.get(row.id)
            links = linked(self._person, present, entry, file_wins=self._file_wins)
            row = replace(row, links_to=links.missing, conflicts=(*row.conflicts, *links.conflicts))
            self.rows[number] = self._changed(row, present, links.contact, entry)
        if any(row.action != "same" for row in self.rows):
            self._settle()

    def _settle(self) -> None:
        """Link those who waited for somebody who has come by now, and say so of the entry that brought them."""
        brought = {row.id: number for number, row in enumerate(self.rows) if row.id}
        for present in self._people:
            contact = settled(self._person, present)
            if contact == present:
                continue
            self._saved(contact)
            for ref in {*contact.knows, contact.introduced_by} - {*present.knows, present.introduced_by}:
                number = brought.get(ref or "")
                if number is not None:
                    row = self.rows[number]
                    said = f"{self._called(contact)} waited for them"
                    self.rows[number] = replace(row, reason="; ".join(filter(None, (row.reason, said))))

    def _taken(self, row: Row, entry: Candidate) -> Row:
        ours = self._by_our_uid(entry.contact.uid)
        if ours is not None:
            return self._brought(row, ours, replace(entry, contact=replace(entry.contact, uid="")))
        matches = self._people.matches(entry.contact, self._bring)
        if entry.base is not None:
            matches = [match for match in matches if SAME_UID in match.evidence.reasons]
        owner = next((match for match in matches if self._is_owner(match, row.file)), None)
        if entry.base is not None:
            return self._brought(row, owner.contact, entry) if owner else _removed_here(row, entry, entry.base)
        if owner is not None and owner.knows_all:
            self._met.setdefault(owner.contact.id, row.file)
            return replace(row, id=owner.contact.id, action="same")
        if owner is None or any(_are_rivals(match, owner) for match in matches):
            return self._added(row, self._with_uid_aside(entry), matches)
        return self._brought(row, owner.contact, self._with_uid_aside(entry, owner.contact))

    def _by_our_uid(self, uid: str) -> Contact | None:
        """The contact of a UID that this book gave out."""
        known = self._book.of_uid(uid)
        return self._people.get(known.id) if isinstance(known, Contact) else None

    def _is_owner(self, match: Match, file: str) -> bool:
        """Whether an entry is surely theirs. A file that has one UID for two names has it for two people."""
        if match.evidence.score < SURE:
            return False
        return ANOTHER_NAME not in match.evidence.reasons or self._met.get(match.contact.id) != file

    def _with_uid_aside(self, entry: Candidate, owner: Contact | None = None) -> Candidate:
        """The entry; a UID that is somebody else's stands beside those of their own, since no two have one."""
        card = entry.contact
        theirs = owner is not None and uid_key(card.uid) in uids_of(owner)
        if theirs or self._people.with_uid(card.uid) is None:
            return entry
        return replace(entry, contact=replace(card, uid="", kept=(*card.kept, uid_line(ALSO, card.uid))))

    def _added(self, row: Row, entry: Candidate, likely: list[Match]) -> Row:
        added = self._saved(newcomer(entry.contact), entry.photo)
        self._met[added.id] = row.file
        row = replace(row, id=added.id)
        if not likely:
            return row
        self._unsettled |= self._met.keys() & {match.contact.id for match in likely}
        names = " or ".join(self._called(match.contact) for match in likely[:MOST_NAMED])
        return replace(row, action="unsure", reason=f"may be {names}: {', '.join(likely[0].evidence.reasons)}")

    def _brought(self, row: Row, present: Contact, entry: Candidate) -> Row:
        conflicts: tuple[Clash, ...] = ()
        if entry.base is None:
            new = self._bring(present, entry.contact)
        else:
            new, conflicts = reconciled(present, entry.base.contact, entry.contact, file_wins=self._file_wins)
        if present.id in self._met and new != present:
            self._unsettled.add(present.id)
        self._met.setdefault(present.id, row.file)
        return self._changed(replace(row, id=present.id, action="same", conflicts=conflicts), present, new, entry)

    def _bring(self, present: Contact, card: Contact) -> Contact:
        """What a contact and an entry of theirs become."""
        return (merged if present.id in self._met else updated)(present, card)

    def _changed(self, row: Row, present: Contact, new: Contact, entry: Candidate) -> Row:
        """The row of an entry that made `new` of a contact."""
        fields = [name for name in new.__struct_fields__ if getattr(new, name) != getattr(present, name)]
        if fields:
            self._saved(new, entry.photo)
        if row.action in {"added", "unsure"}:
            return row
        action: Action = "conflict" if row.conflicts else "updated" if fields else row.action
        return replace(row, action=action, changed=tuple(dict.fromkeys((*row.changed, *fields))))

    def _saved(self, contact: Contact, photo: bytes = b"") -> Contact:
        """The contact as it is in the book now, or as it would be."""
        if not self._dry_run:
            if photo:
                self._book.attach(photo)
            contact = self._book.contacts.save(contact) if contact.id else self._book.contacts.add(contact)
        elif not contact.id:
            contact = replace(contact, id=Ref(f"new{len(self.only_seen) + 1}"))
            self.only_seen.add(contact.id)
        self._people.add(contact)
        return contact

    def _called(self, contact: Contact) -> str:
        return contact.name if contact.id in self.only_seen else f"{contact.id} {contact.name}"

    def _person(self, uid: str) -> Ref[Contact] | None:
        """Whom a UID names."""
        known = self._by_our_uid(uid) or self._people.with_uid(uid)
        return Ref(known.id) if known is not None else None


def _prepared(entry: Candidate) -> Candidate:
    """The entry with its picture's name in the contact, and with the links that waited; likewise as it was."""
    entry = with_waiting_links(entry)
    if not entry.photo and entry.base is None:
        return entry
    contact = replace(entry.contact, photo=attachment_name(entry.photo)) if entry.photo else entry.contact
    return replace(entry, contact=contact, base=_prepared(entry.base) if entry.base is not None else None)


def _are_rivals(one: Match, other: Match) -> bool:
    """Whether an entry may be of either just as well, though the user said that they are two people."""
    return one.evidence.score == other.evidence.score and said_to_differ(one.contact, other.contact)


def _removed_here(row: Row, entry: Candidate, base: Candidate) -> Row:
    """The row of somebody who was in the book when the file was written and is not any more."""
    here, before = entry.contact, base.contact
    fields = [name for name in here.__struct_fields__ if getattr(here, name) != getattr(before, name)]
    if not fields:
        return replace(row, action="left", reason="removed from the book since the file was written")
    reason = f"removed from the book, but changed in the file: {', '.join(fields)}"
    return replace(row, action="conflict", reason=reason)
