"""The nouns: one type a kind of record, references between them, and what a kind of record is.

Records are frozen msgspec Structs: facts are replaced (`msgspec.structs.replace`), never changed in place. Nothing here
reads, writes or asks; rules that span records are in `book.py`, `pipeline.py` and `network/`.
A field's name here is its name in the book's file and in `--json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Final, Generic, Literal, Self, TypeVar

import msgspec
from msgspec.structs import replace

from crm_core.dates import Moment, When, minutes_after

R = TypeVar("R", bound="Record")


class Ref(str, Generic[R]):
    """The id of a record of type R, such as `c12`: text to the file, typed to a checker."""

    __slots__ = ()


class Owner:
    """Marks a reference whose record goes when the one it refers to is removed."""


OwnedBy = Annotated[Ref[R], Owner()]
"""`OwnedBy[Interview]`: a reference to the record without which this one has no meaning."""


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A structured value inside a record."""


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What every record has: its id, given by the book when it is added.

    Frozen facts never form a cycle, so the garbage collector need not look at them: there may be a hundred thousand.
    """

    id: Ref[Any] = Ref("")

    def tidied(self) -> Self:
        """The record as it should be after a merge rewrote its references: none doubled, none to itself."""
        return self


class Profile(Part, frozen=True, kw_only=True):
    """Somebody's page on a network: `linkedin`, `x`, `mastodon`, `github` ..., or `web` for any other."""

    network: str
    handle: str = ""
    url: str = ""


class Company(Record, frozen=True, kw_only=True):
    """An employer, agency or school."""

    name: str
    aliases: tuple[str, ...] = ()
    website: str = ""
    domains: tuple[str, ...] = ()
    profiles: tuple[Profile, ...] = ()
    feeds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""


class Position(Part, frozen=True, kw_only=True):
    """Where a person works or worked: the organisation as it was printed, and the company if we know which it is."""

    organisation: str
    company: Ref[Company] | None = None
    title: str = ""
    since: date | None = None
    until: date | None = None
    former: bool = False

    @property
    def current(self) -> bool:
        """Whether the person still holds it, as far as we know."""
        return not self.former and self.until is None


class Label(Part, frozen=True, kw_only=True):
    """What an e-mail address or a phone number of a person is for: `work`, `home, fax` (see `labels.py`).

    `of` is the address or number as it is written in the contact.
    """

    of: str
    label: str


class Contact(Record, frozen=True, kw_only=True):
    """A person.

    `uid` is the vCard's; `kept` are its lines that say more than our fields, unfolded, for the way out; of several
    addresses, birthdays or titles among them the first is the one that the field was read from. `labels` say what
    e-mail addresses and phone numbers are for. `photo` names a file that the book keeps. `differs_from` are people of
    whom the user said that they are somebody else.
    """

    name: str
    given: str = ""
    family: str = ""
    nickname: str = ""
    positions: tuple[Position, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    profiles: tuple[Profile, ...] = ()
    address: str = ""
    birthday: str = ""
    how: str = ""
    introduced_by: Ref[Contact] | None = None
    knows: tuple[Ref[Contact], ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    uid: str = ""
    kept: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    photo: str = ""
    differs_from: tuple[Ref[Contact], ...] = ()

    @property
    def position(self) -> Position | None:
        """The first position that the person still holds."""
        return next((position for position in self.positions if position.current), None)

    def label_of(self, text: str) -> str:
        """What one of their e-mail addresses or phone numbers is for; empty if nothing says so."""
        return next((label.label for label in self.labels if label.of == text), "")

    def tidied(self) -> Self:
        """Nobody knows, introduced or differs from themselves; a label goes with what it is of."""
        labelled = {*self.emails, *self.phones}
        return replace(
            self,
            knows=tuple(dict.fromkeys(ref for ref in self.knows if ref != self.id)),
            introduced_by=None if self.introduced_by == self.id else self.introduced_by,
            labels=tuple(label for label in self.labels if label.of in labelled),
            differs_from=tuple(dict.fromkeys(ref for ref in self.differs_from if ref != self.id)),
        )


class BusinessCard(Record, frozen=True, kw_only=True):
    """What a person handed over, as printed. `image` is the path of a picture of it."""

    contact: OwnedBy[Contact]
    interview: Ref[Interview] | None = None
    received: date | None = None
    name: str = ""
    title: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    website: str = ""
    image: str = ""


Stage = Literal["wishlist", "applied", "interviewing", "offer", "accepted", "rejected", "withdrawn", "ghosted"]
STAGES: Final[tuple[Stage, ...]] = (
    "wishlist", "applied", "interviewing", "offer", "accepted", "rejected", "withdrawn", "ghosted",
)  # fmt: skip
LIVE_STAGES: Final[frozenset[Stage]] = frozenset({"wishlist", "applied", "interviewing", "offer"})


class Move(Part, frozen=True, kw_only=True):
    """One dated step of an application from stage to stage; its id names the occasion in step keys."""

    id: str
    stage: Stage
    on: date


class Application(Record, frozen=True, kw_only=True):
    """One role at one company; its present stage is that of the last move."""

    company: OwnedBy[Company]
    role: str
    moves: tuple[Move, ...] = ()
    source: str = ""
    url: str = ""
    posting: str = ""
    closes: date | None = None
    respond_by: date | None = None
    cv: str = ""
    note: str = ""

    @property
    def stage(self) -> Stage:
        """The stage it is in now; `wishlist` before any move."""
        return self.moves[-1].stage if self.moves else "wishlist"

    @property
    def alive(self) -> bool:
        """Whether there is still something to hope for: wishlist, applied, interviewing or offer."""
        return self.stage in LIVE_STAGES


class Seat(Part, frozen=True, kw_only=True):
    """One person's place on an interview's panel."""

    contact: Ref[Contact]
    role: str = ""
    lead: bool = False


Outcome = Literal["next-round", "offer", "rejected"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("next-round", "offer", "rejected")


class Interview(Record, frozen=True, kw_only=True):
    """One meeting in an application. `length` is in minutes; `hear_by` and `hear_how` are what was said about news."""

    application: OwnedBy[Application]
    at: Moment
    length: int = 60
    kind: str = ""
    round: int | None = None
    panel: tuple[Seat, ...] = ()
    hear_by: date | None = None
    hear_how: str = ""
    outcome: Outcome | None = None
    outcome_on: date | None = None
    note: str = ""

    @property
    def start(self) -> datetime:
        """When it begins, in its own zone."""
        return self.at.at

    @property
    def end(self) -> datetime:
        """When it ends, in its own zone; `length` is elapsed time."""
        return minutes_after(self.at, self.length)

    @property
    def lead(self) -> Seat | None:
        """The flagged seat, else the first; nobody when the panel is empty."""
        return next((seat for seat in self.panel if seat.lead), self.panel[0] if self.panel else None)

    def tidied(self) -> Self:
        """One seat a person."""
        seats: dict[str, Seat] = {}
        for seat in self.panel:
            known = seats.get(seat.contact, seat)
            seats[seat.contact] = replace(known, role=known.role or seat.role, lead=known.lead or seat.lead)
        return replace(self, panel=tuple(seats.values()))


CHANNELS: Final = ("email", "phone", "chat", "meeting", "letter")


class Interaction(Record, frozen=True, kw_only=True):
    """One dated exchange with a person: which way it went, by which channel, what it was about."""

    contact: OwnedBy[Contact]
    on: When
    about: str
    channel: str = ""
    direction: Literal["in", "out", ""] = ""


NoteKind = Literal["talked", "learned", "impression", "problem"]
NOTE_KINDS: Final[tuple[NoteKind, ...]] = ("talked", "learned", "impression", "problem")


class Note(Record, frozen=True, kw_only=True):
    """About an interview, and in it about a person or a topic."""

    interview: OwnedBy[Interview]
    text: str
    contact: Ref[Contact] | None = None
    topic: str = ""
    kind: NoteKind = "talked"
    written: date | None = None


class Promise(Record, frozen=True, kw_only=True):
    """What the job-seeker said they would send or do. It outlives the interview that it was made in."""

    text: str
    contact: Ref[Contact] | None = None
    interview: Ref[Interview] | None = None
    made: date
    due: When | None = None
    kept: When | None = None
    broken: date | None = None

    @property
    def open(self) -> bool:
        """Whether it is neither kept nor broken."""
        return self.kept is None and self.broken is None


class Question(Record, frozen=True, kw_only=True):
    """Something to ask in the next round."""

    application: OwnedBy[Application]
    text: str
    interview: Ref[Interview] | None = None
    written: date | None = None
    asked: date | None = None
    answer: str = ""


class Version(Part, frozen=True, kw_only=True):
    """One state of a letter's text. `written` is when it was saved."""

    written: Moment
    subject: str = ""
    body: str = ""


class Letter(Record, frozen=True, kw_only=True):
    """A draft to one person about one interview or application; the last version is the present text.

    `sent` is when the user sent it; the program sends nothing. A letter sent without us has an empty text.
    """

    contact: OwnedBy[Contact]
    kind: str
    family: str = ""
    interview: Ref[Interview] | None = None
    application: Ref[Application] | None = None
    channel: str = "email"
    versions: tuple[Version, ...] = ()
    sent: When | None = None

    @property
    def subject(self) -> str:
        """The present subject."""
        return self.versions[-1].subject if self.versions else ""

    @property
    def body(self) -> str:
        """The present text."""
        return self.versions[-1].body if self.versions else ""


class FeedItem(Record, frozen=True, kw_only=True):
    """One news entry about a company."""

    company: OwnedBy[Company]
    feed: str
    key: str
    title: str
    link: str = ""
    summary: str = ""
    published: date | None = None
    state: Literal["unread", "read", "kept"] = "unread"


class Mark(Record, frozen=True, kw_only=True):
    """What became of a step that no fact closes.

    `marked` is when, `starts` and `due` are the step's own at that time, `until` ends a snooze.
    """

    step: str
    state: Literal["done", "snoozed", "skipped"]
    marked: Moment
    starts: When | None = None
    due: When | None = None
    until: date | None = None
    because: str = ""


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    """How documents of a kind get from one version of their owner's records to the next.

    Args:
        to: The version that it leads to: 2 or more. Records are of version 1 until their owner's first migration.
        name: What it does, in a few words for the history: `split the name`.
        change: From a document, without its id, to what it shall be; it may change the one that it is given.
        marks: From the key of a step of this owner to what it shall be, for one that renames a kind of step: what was
            done, snoozed or skipped then stays so.
    """

    to: int
    name: str
    change: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    marks: Callable[[str], str] | None = None


class RecordKind(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """A kind of record: what the book must know to keep it.

    Args:
        type: The record's type.
        prefix: Letters that begin its ids; nobody else's.
        label: Its name in words, singular: `business card`.
        plural: Its name in the plural.
        table: Its table in the file. A plugin's begins with the plugin's name: `crm_quota.pauses`.
        unique: Fields that no two records may share; when a merge makes two equal, the newer stays.
        migrations: What became of its documents from version to version, oldest first.
    """

    type: type[R]
    prefix: str
    label: str
    plural: str
    table: str
    unique: tuple[str, ...] = ()
    migrations: tuple[Migration, ...] = ()

    @property
    def owner(self) -> str:
        """Whose it is: a plugin's name, or `core`."""
        return owner_of(self.table)


CORE: Final = "core"


def owner_of(table: str) -> str:
    """Whose table it is, whether that plugin is there or not."""
    return table.rpartition(".")[0] or CORE


def versions_of(kinds: Iterable[RecordKind[Any]]) -> dict[str, int]:
    """The version of each owner's records, as these kinds have them: that of its newest migration."""
    versions: dict[str, int] = {}
    for kind in kinds:
        newest = max((migration.to for migration in kind.migrations), default=1)
        versions[kind.owner] = max(newest, versions.get(kind.owner, 1))
    return versions


MOVE_PREFIX: Final = "m"

CORE_KINDS: Final[tuple[RecordKind[Any], ...]] = (
    RecordKind(type=Company, prefix="co", label="company", plural="companies", table="companies"),
    RecordKind(type=Contact, prefix="c", label="contact", plural="contacts", table="contacts"),
    RecordKind(type=BusinessCard, prefix="bc", label="business card", plural="business cards", table="cards"),
    RecordKind(type=Application, prefix="a", label="application", plural="applications", table="applications"),
    RecordKind(type=Interview, prefix="i", label="interview", plural="interviews", table="interviews"),
    RecordKind(type=Interaction, prefix="x", label="interaction", plural="interactions", table="interactions"),
    RecordKind(type=Note, prefix="n", label="note", plural="notes", table="notes"),
    RecordKind(type=Promise, prefix="p", label="promise", plural="promises", table="promises"),
    RecordKind(type=Question, prefix="q", label="question", plural="questions", table="questions"),
    RecordKind(type=Letter, prefix="l", label="letter", plural="letters", table="letters"),
    RecordKind(type=FeedItem, prefix="f", label="feed item", plural="feed items", table="feed_items"),
    RecordKind(type=Mark, prefix="k", label="mark", plural="marks", table="marks", unique=("step",)),
)

CORE_VERSION: Final = versions_of(CORE_KINDS)[CORE]
"""The version of the core's records; a book whose are newer is refused."""
