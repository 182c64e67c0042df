"""A folder with a card a file, as vdirsyncer keeps it in step with an address book elsewhere: out, and in again.

Others may change, add and remove files there at any time. So what each card said when it was last written is remembered
in a hidden file beside them (`State`), which tells our changes from theirs. What others write is safe by one rule: a
file is written over only if importing it would change nothing in the book.
"""

from __future__ import annotations

import io
import re
import shlex
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from crm_core import Candidate, CrmError, ExportedFile, Exporter, InputError, LeftAlone, Problem, write_private_file
from crm_vcard.reader import read_cards
from crm_vcard.writer import card_of, sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from crm_core import Book, Contact, Export

STATE: Final = ".crm-vdir.json"
"""Hidden, so that vdirsyncer leaves it where it is."""
SUFFIX: Final = ".vcf"
VERSION: Final = 1
SAFE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
DIGITS: Final = 32
END: Final = b"END:VCARD"
HELP: Final = """\
One file a person, for vdirsyncer and what reads the same folders, such as khard. The folder is made to hold the people
who were asked for. What another program has changed there since is never written over: import it first."""


class Written(msgspec.Struct, frozen=True):
    """A card as it was last written here, and into which file."""

    file: str
    text: str

    @property
    def data(self) -> bytes:
        """What the file held."""
        return self.text.encode()


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a folder.

    Args:
        version: Of this layout.
        book: The identity of the book that it was written from.
        cards: What was written, by UID.
    """

    version: int = VERSION
    book: str
    cards: dict[str, Written]


class Found(NamedTuple):
    """A file of the folder that holds somebody's card; no entry if it is as it was written, or can't be read as one."""

    file: str
    data: bytes
    entry: Candidate | None = None


class Card(NamedTuple):
    """Somebody who was asked for, and the card that tells of them."""

    contact: Contact
    data: bytes


def exporter() -> Exporter:
    """The format `vdir` of `crm export`."""
    import click

    about = "Write over what another program has changed or removed."
    return Exporter(
        name="vdir",
        label="A folder of vCards, a file each",
        people=True,
        write_folder=write_folder,
        options=(click.Option(["--book-wins"], is_flag=True, help=about),),
        help=HELP,
    )


def is_ours(folder: Path) -> bool:
    """Whether a folder was written here."""
    return (folder / STATE).is_file()


def write_folder(export: Export, folder: Path) -> list[ExportedFile]:
    """Bring the folder up to date: cards first, what is remembered of them last.

    Raises:
        CrmError: It was written from another book, its state can't be read, or a file can't be written.
    """
    book = export.book
    state = _state_of(folder)
    if state is not None and state.book != book.identity:
        raise InputError(f"{folder} was written from another book", "Give another folder.")
    if not book.identity:
        return []  # nothing ever was in it
    update = _Update(export, folder, state.cards if state is not None else {})
    try:
        files = update.files()
    except BaseException:
        with suppress(CrmError):
            update.remember()
        raise
    update.remember()
    return files


def read_folder(book: Book, folder: Path) -> Iterator[tuple[str, Candidate | Problem | LeftAlone]]:
    """The entries of all files, with what was written there once, and the people whose files are gone.

    A folder that was written from another book tells what it holds, and no more.

    Raises:
        InputError: A file or the state can't be read.
    """
    state = _state_of(folder)
    written = state.cards if state is not None and state.book == book.identity else {}
    uids = {was.file: uid for uid, was in written.items()}
    seen: set[str] = set()
    for file in _card_files(folder):
        for entry in _entries(_data_of(folder / file), written):
            seen.add(entry.contact.uid if isinstance(entry, Candidate) else uids.get(file, ""))
            yield str(folder / file), entry
    people = {book.uid(person): person for person in book.contacts}
    for uid, was in written.items():
        person = people.get(uid)
        if uid not in seen and person is not None:
            reason = f"another program removed the card: crm contact remove {person.id}, or crm export vdir --book-wins"
            yield str(folder / was.file), LeftAlone(contact=person, reason=reason)


class _Update:
    """One export into a folder while it is under way."""

    def __init__(self, export: Export, folder: Path, written: Mapping[str, Written]) -> None:
        self._book = export.book
        self._folder = folder
        self._book_wins = bool(export.options.get("book_wins"))
        self._before = written
        self._after = dict(written)
        self._cards = _cards(export)
        self._found = _found_in(folder, written)
        self._names = {path.name.casefold() for path in folder.iterdir()}
        self._changed = self._changed_there()
        self._news = self._with_news()

    def files(self) -> list[ExportedFile]:
        """Write and remove what must be, and say what became of each file."""
        kept = [self._brought_up(uid, card) for uid, card in self._cards.items()]
        gone = [file for uid in self._before if uid not in self._cards for file in self._taken_out(uid)]
        return [*kept, *gone]

    def remember(self) -> None:
        """Write the state, if it is another than before."""
        path = self._folder / STATE
        data = msgspec.json.encode(State(book=self._book.identity, cards=self._after))
        if not path.exists() or path.read_bytes() != data:
            write_private_file(path, data)

    def _changed_there(self) -> dict[str, Found]:
        """The files that hold neither what was written there nor what would be now, by UID."""
        known = {uid: found for uid, found in self._found.items() if uid in self._before or uid in self._cards}
        return {
            uid: found
            for uid, found in known.items()
            if uid not in self._before or found.data != self._before[uid].data
            if uid not in self._cards or found.data != self._cards[uid].data
        }

    def _with_news(self) -> set[str]:
        """The UIDs of those from which an import would take something, or that can't be read."""
        from crm_core import import_people

        entries = {
            uid: _with_base(found.entry, found.data, self._before.get(uid))
            for uid, found in self._changed.items()
            if found.entry is not None
        }
        rows = import_people(self._book, entries.items(), dry_run=True) if entries else []
        known = {row.file for row in rows if row.action in {"same", "left"}}
        return self._changed.keys() - known

    def _brought_up(self, uid: str, card: Card) -> ExportedFile:
        found, was = self._found.get(uid), self._before.get(uid)
        if found is None:
            return self._new(uid, card, was)
        if found.data == card.data:
            return self._written(uid, found.file, card, "same")
        if uid in self._news and not self._book_wins:
            return self._conflict(found.file, card.contact.name)
        if uid in self._changed and uid not in self._news and was is not None and was.data == card.data:
            return ExportedFile(file=found.file, action="same", name=card.contact.name)  # in other words
        write_private_file(self._folder / found.file, card.data)
        return self._written(uid, found.file, card, "written")

    def _new(self, uid: str, card: Card, was: Written | None) -> ExportedFile:
        """A card that the folder does not hold, or not any more."""
        if was is not None and not self._book_wins:
            reason = f"removed by another program: crm contact remove {card.contact.id}, or --book-wins"
            return ExportedFile(file=was.file, action="conflict", name=card.contact.name, reason=reason)
        file = next((name for name in _names_for(uid) if name.casefold() not in self._names), None)
        if file is None:
            raise CrmError(f"There is no name left in {self._folder} for the card of {card.contact.name}")
        self._names.add(file.casefold())
        write_private_file(self._folder / file, card.data)
        return self._written(uid, file, card, "written")

    def _written(self, uid: str, file: str, card: Card, action: Literal["written", "same"]) -> ExportedFile:
        self._after[uid] = Written(file, card.data.decode())
        return ExportedFile(file=file, action=action, name=card.contact.name)

    def _taken_out(self, uid: str) -> Iterator[ExportedFile]:
        """What becomes of a card of somebody who is not among those who were asked for, or not in the book."""
        was, found = self._before[uid], self._found.get(uid)
        if found is not None:
            entry = _read(was)
            name = entry.contact.name if entry is not None else ""
            if uid in self._news and not self._book_wins:
                yield self._conflict(found.file, name)
                return
            _remove(self._folder / found.file)
            yield ExportedFile(file=found.file, action="removed", name=name)
        del self._after[uid]

    def _conflict(self, file: str, name: str) -> ExportedFile:
        folder = shlex.quote(str(self._folder))
        reason = f"changed by another program: crm import {folder} first, or --book-wins"
        return ExportedFile(file=file, action="conflict", name=name, reason=reason)


def _cards(export: Export) -> dict[str, Card]:
    """The cards of those who were asked for, by UID; one whose UID somebody else has goes by that of the book."""
    book, chosen = export.book, {contact.id for contact in export.contacts}
    cards: dict[str, Card] = {}
    for contact in book.contacts:
        if contact.id in chosen:
            sheet = sheet_of(book, contact)
            if sheet.uid in cards:
                sheet = sheet._replace(uid=book.uid(replace(contact, uid="")))
            cards[sheet.uid] = Card(contact, card_of(sheet))
    return cards


def _names_for(uid: str) -> Iterator[str]:
    """The names that a card's file may have, best first."""
    if SAFE_NAME.fullmatch(uid):
        yield uid + SUFFIX
    yield sha256(uid.encode(errors="replace")).hexdigest()[:DIGITS] + SUFFIX


def _found_in(folder: Path, written: Mapping[str, Written]) -> dict[str, Found]:
    """The files that hold one card, by its UID; where two have the same, ours counts.

    A file that was written here and can't be read any more still stands for the UID that it had.
    """
    uids = {was.file: uid for uid, was in written.items()}
    found: dict[str, Found] = {}
    for file in sorted(_card_files(folder), key=lambda file: file not in uids):
        data, uid = _data_of(folder / file), uids.get(file, "")
        if uid and data == written[uid].data:
            found.setdefault(uid, Found(file, data))
            continue
        entries = list(read_cards(io.BytesIO(data)))
        entry = entries[0] if len(entries) == 1 and isinstance(entries[0], Candidate) and _is_whole(data) else None
        uid = entry.contact.uid if entry is not None else uid
        if uid:
            found.setdefault(uid, Found(file, data, entry))
    return found


def _card_files(folder: Path) -> list[str]:
    """The names of the files that vdirsyncer would look at."""
    names = (path.name for path in folder.iterdir() if path.suffix.lower() == SUFFIX and path.is_file())
    return sorted(name for name in names if not name.startswith("."))


def _entries(data: bytes, written: Mapping[str, Written]) -> Iterator[Candidate | Problem]:
    """What is in a file, each card with what was written once."""
    for entry in read_cards(io.BytesIO(data)):
        was = written.get(entry.contact.uid) if isinstance(entry, Candidate) else None
        if was is None or isinstance(entry, Problem):
            yield entry
        elif _is_whole(data):
            yield _with_base(entry, data, was)
        else:
            yield Problem(line=entry.line, reason="the card is cut off, it says less than was written")


def _is_whole(data: bytes) -> bool:
    """Whether nothing is missing at the end: what is missing would be taken for removed."""
    return data.rstrip().upper().endswith(END)


def _with_base(entry: Candidate, data: bytes, was: Written | None) -> Candidate:
    """An entry with the same one as it was written."""
    if was is None:
        return entry
    return replace(entry, base=entry if data == was.data else _read(was))


def _read(was: Written) -> Candidate | None:
    """The entry as it was written; None if the state was tampered with, and nothing is known of it."""
    entries = list(read_cards(io.BytesIO(was.data)))
    return entries[0] if len(entries) == 1 and isinstance(entries[0], Candidate) else None


def _state_of(folder: Path) -> State | None:
    """What is remembered of the folder; None if it was not written here.

    Raises:
        InputError: It can't be read.
    """
    path = folder / STATE
    if not path.exists():
        return None
    try:
        state = msgspec.json.decode(_data_of(path), type=State)
    except msgspec.MsgspecError:
        raise _damaged(path) from None
    if state.version != VERSION:
        raise InputError(f"{path} was written by a newer crm", "Bring this one up to date.")
    if not all(_is_card_file(was.file) for was in state.cards.values()):
        raise _damaged(path)
    return state


def _damaged(path: Path) -> InputError:
    hint = "Move it away: what each side has changed is not known then, and what other programs wrote is left alone."
    return InputError(f"{path} is damaged", hint)


def _is_card_file(name: str) -> bool:
    """Whether it is the name of a card's file in the folder itself: one that leads elsewhere is an attack."""
    stem = name.removesuffix(SUFFIX)
    return stem != name and not name.startswith(".") and not any(mark in name for mark in "/\\\0")


def _data_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {(error.strerror or '').lower()}", "Nothing was changed.") from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise CrmError(f"{path} can't be removed: {(error.strerror or '').lower()}") from error
