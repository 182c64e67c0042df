"""Taking a person out of what one file holds: its documents and its history."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

import msgspec

from crm_core import codec
from crm_core.book import Removal, removal_among
from crm_core.forgetting.person import Person, texts_in
from crm_core.history.documents import Kinds
from crm_core.migrating import MARKS, brought_up
from crm_core.records import CORE, CORE_KINDS, Contact, Record, RecordKind, Ref
from crm_core.references import relinked
from crm_core.store.attachments import named_in
from crm_core.store.base import Change, Image, Place
from crm_core.store.format import Unusable
from crm_core.store.sweeping import Page

GONE: Final = "(forgotten)"
PEOPLE: Final = next(kind for kind in CORE_KINDS if kind.type is Contact)


class Cleaned(msgspec.Struct, kw_only=True):
    """What was taken out of one file.

    Args:
        where: `book`, or a backup's id.
        records: How many records went, by table.
        cleared: How many lost a reference.
        changes: How many changes of the history lost something.
        named: Records that stay and whose text still names them.
        left: Documents that refer to them and could not be understood: those of plugins that are away.
    """

    where: str
    records: dict[str, int] = {}
    cleared: int = 0
    changes: int = 0
    named: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class Cleaner:
    """Takes a person out of one file's page.

    Args:
        page: What the file holds.
        kinds: The kinds of record, the core's included.
        person: Who is to be forgotten.
        where: What the file is called.
        gone: Documents of theirs that went earlier, as other files tell.

    Raises:
        Unusable: The core's records can't be brought to the present version, and so not be understood.
    """

    def __init__(
        self,
        page: Page,
        kinds: Sequence[RecordKind[Any]],
        person: Person,
        where: str,
        gone: AbstractSet[Place] = frozenset(),
    ) -> None:
        self.page = page
        self.cleaned = Cleaned(where=where)
        self.kept: set[Place] = set()
        self.attachments: set[str] = set()
        self.gone = {place for place in gone if place[1] not in page.documents(place[0])}
        self.person = person
        self._kinds = self._bring_up(list(kinds))

    def clean_documents(self) -> None:
        """Take out their records and what hangs on them, and clear references to them."""
        removal = self._removal()
        ids = {record.id for record in removal.gone}
        for record in removal.cleared:
            place = self._place(record)
            whole = relinked(record, lambda ref: None if ref in ids else ref)
            self.page.put(place, codec.document(whole, self.page.documents(place[0])[place[1]]))
            self.kept.add(place)
        for place in (*map(self._place, removal.gone), *self._marks_about(ids)):
            self._take_out(place)
        for old, new in list(self.page.redirects.items()):
            if old in self.person.ids or new in self.person.ids:
                self.page.separate(old)
        self.cleaned.cleared = len(self.kept)
        self.cleaned.named = tuple(self._naming())

    def note_gone(self, images: tuple[Image, ...]) -> None:
        """Remember which records of theirs went earlier, as a change tells; what is there now is somebody else's."""
        for place in self._theirs(images):
            if place[1] not in self.page.documents(place[0]):
                self.gone.add(place)

    def clean_history(self, taken_from: Collection[str]) -> None:
        """Take out what the history remembers of them.

        Args:
            taken_from: The names of the files of images out of which something is taken.
        """
        for key, change in self.page.history():
            images = self.kept_images(change.images)
            touched = len(images) < len(change.images) or change.images_in.rpartition("/")[2] in taken_from
            cleaned = self._without_names(msgspec.structs.replace(change, images=images), touched=touched)
            if cleaned != change:
                self.page.put_change(key, cleaned)
                self.cleaned.changes += 1

    def kept_images(self, images: tuple[Image, ...]) -> tuple[Image, ...]:
        """Those of a change that are of other records and did not name them then."""
        theirs = self._theirs(images)
        return tuple(i for i in images if (i.table, i.key) not in theirs and not self._named(i.before))

    def _theirs(self, images: tuple[Image, ...]) -> set[Place]:
        """The documents among those of a change that are theirs.

        What was removed together with them hung on them, so it is looked on until no more is found.
        """
        gone, ids = set(self.gone), set(self.person.ids)
        while found := {(i.table, i.key) for i in images if (i.table, i.key) not in gone and self._of_them(i, ids)}:
            gone |= found
            ids |= set(map(self._kinds.id, found))
        return gone

    def _named(self, before: msgspec.Raw | msgspec.UnsetType) -> bool:
        if not isinstance(before, msgspec.Raw):
            return False
        return any(self.person.whole_name.search(text) for text in texts_in(msgspec.json.decode(before)))

    def _of_them(self, image: Image, ids: set[str]) -> bool:
        """Whether an image is of a record of theirs."""
        if contact_id(image.table, image.key) in ids:
            return True
        if not isinstance(image.before, msgspec.Raw):
            return False
        fields = msgspec.json.decode(image.before)
        if image.table == MARKS:
            return _about(fields, ids)
        if not ids.intersection(texts_in(fields)):
            return False
        record = self._kinds.record((image.table, image.key), image.before)
        hanging = removal_among([record], people_of(ids)).gone if record else ()
        return record is None or record in hanging

    def _bring_up(self, kinds: Sequence[RecordKind[Any]]) -> Kinds:
        """Make an older file's records those of today, which it will hold when it is written; how to read them."""
        snapshot = self.page.snapshot()
        present, refused = brought_up(snapshot, kinds)
        if any(one.owner == CORE for one in refused):
            raise Unusable("is of a version that can't be understood")
        for table, documents in present.tables.items():
            for key, raw in documents.items():
                if raw is not snapshot.tables[table][key]:
                    self.page.put((table, key), bytes(raw))
        for owner, version in present.versions.items():
            self.page.set_version(owner, version)
        return Kinds(kinds, present.versions)

    def _removal(self) -> Removal:
        """What hangs on them and what refers to them; only documents in which their ids stand are looked into."""
        people = people_of(sorted(self.person.ids))
        ids: set[str] = set()
        removal = Removal(tuple(people), ())
        while (found := {str(record.id) for record in removal.gone}) != ids:
            ids = found
            removal = removal_among(list(self._records_with(ids)), people)
        return removal

    def _records_with(self, ids: set[str]) -> Iterator[Record]:
        """The records in which one of those ids stands; what can't be understood is noted."""
        needle = mention_of(ids)
        left = set(self.cleaned.left)
        for table in self.page.tables:
            for key, raw in self.page.documents(table).items():
                if needle.search(raw):
                    record = self._kinds.record((table, key), raw)
                    if record is not None:
                        yield record
                    elif table != MARKS:
                        left.add(self._kinds.id((table, key)))
        self.cleaned.left = tuple(sorted(left))

    def _place(self, record: Record) -> Place:
        place = self._kinds.place(record.id)
        assert place is not None  # noqa: S101 (it was read from there)
        return place

    def _marks_about(self, ids: set[Ref[Any]]) -> list[Place]:
        marks = self.page.documents(MARKS).items()
        return [(MARKS, key) for key, raw in marks if _about(msgspec.json.decode(raw), ids)]

    def _take_out(self, place: Place) -> None:
        self.gone.add(place)
        raw = self.page.documents(place[0]).get(place[1])
        if raw is not None:
            self.attachments |= set(named_in(bytes(raw)))
            self.page.delete(place)
            self.cleaned.records[place[0]] = self.cleaned.records.get(place[0], 0) + 1

    def _naming(self) -> Iterator[str]:
        """The ids of records that stay and name them."""
        for table in self.page.tables:
            for key, raw in self.page.documents(table).items():
                if any(self.person.name.search(text) for text in texts_in(msgspec.json.decode(raw))):
                    yield self._kinds.id((table, key))

    def _without_names(self, change: Change, *, touched: bool) -> Change:
        """The change without their name, and without the command line if it may say who was meant."""
        person = self.person
        pattern = person.any_name if touched else person.name
        said = touched or person.any_name.search(change.command)
        return msgspec.structs.replace(
            change,
            title=pattern.sub(GONE, change.title),
            command="" if said else change.command,
            redirects=self._without_ids(change.redirects),
            separated=self._without_ids(change.separated),
            forgotten=change.forgotten or touched,
        )

    def _without_ids(self, redirects: dict[str, str]) -> dict[str, str]:
        ids = self.person.ids
        return {old: new for old, new in redirects.items() if old not in ids and new not in ids}


def mention_of(ids: Iterable[str]) -> re.Pattern[bytes]:
    """Finds one of those ids in a document, wherever it stands."""
    return re.compile(b"|".join(b'"%b"' % re.escape(ref.encode()) for ref in ids))


def people_of(ids: Iterable[str]) -> list[Contact]:
    """Contacts of those ids, to ask what hangs on them; whether they are there does not matter."""
    return [Contact(id=Ref(ref), name="") for ref in ids]


def contact_id(table: str, key: str) -> str:
    """The id of a document that is a contact's; empty for any other."""
    return f"{PEOPLE.prefix}{key}" if table == PEOPLE.table else ""


def _about(mark: Any, ids: set[Any]) -> bool:
    """Whether a mark is of a step about one of those."""
    step = mark.get("step") if isinstance(mark, dict) else None
    return isinstance(step, str) and bool(ids.intersection(step.split("/")))
