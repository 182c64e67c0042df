"""Steps: what to do next, computed from facts each time it is asked for.

Plugins yield `Step`s; here they get keys and handles, marks are held against them, and they become the agenda's
entries. Nothing here is stored but marks, and no plugin is known by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final, Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec

from crm_core.book import Book
from crm_core.dates import Deadline, When, day_end, day_of, day_start, deadline, moment_of
from crm_core.errors import AmbiguousName, InputError, UnknownName
from crm_core.records import Application, Contact, Interview, Mark, Record, Ref
from crm_core.words import say_day

State = Literal["overdue", "due", "ahead", "waiting", "done", "snoozed", "skipped"]
OPEN_STATES: Final[frozenset[State]] = frozenset({"overdue", "due", "ahead", "waiting"})

_TEXTS: Final = ("kind", "title", "why", "slot", "command", "waiting_for")
_DATES: Final = ("starts", "due", "late", "expires", "done")
_OPTIONAL: Final = frozenset({"late", "expires", "done"})
_LETTERS: Final = "bcdfghjklmnpqrstvwxz"
SHORTEST: Final = 4
LONGEST: Final = 12


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do next, as a plugin yields it.

    Its key is made of the plugin's name, `kind`, `refs` and `slot`: they say *which* step it is and must not change
    when a date is corrected.

    Args:
        kind: What sort of step of this plugin it is: `thank`.
        title: What to do, in the imperative: `Thank Mara Lindqvist`.
        why: Because of what, one line.
        about: The record that it hangs on: an interview, an application, a promise ...; None for the search as a whole.
        refs: Ids that name it; by default `about` alone.
        slot: Which occurrence, by identity: a stage move's id, `6m`, an ISO week.
        starts: When it is called for.
        due: When it is to be done; never depends on today.
        late: After what it is late; `due` if None. A day is over when it has ended in the user's zone.
        expires: After what it is not asked for any more.
        person: Whom it concerns.
        command: What to type to do it.
        waiting_for: What others owe; it is "waiting" until `starts`, an ordinary step after.
        outlives: Whether it is still called for when its application has ended.
        done: When facts say it was finished.
    """

    kind: str
    title: str
    why: str
    starts: Deadline
    due: Deadline
    about: Ref[Any] | None = None
    refs: tuple[str, ...] = ()
    slot: str = ""
    late: Deadline | None = None
    expires: Deadline | None = None
    person: Ref[Contact] | None = None
    command: str = ""
    waiting_for: str = ""
    outlives: bool = False
    done: Deadline | None = None

    def __post_init__(self) -> None:
        """Refuse here, where it is plain whose step it is, what the agenda could not work with.

        Raises:
            TypeError: A value is of the wrong type.
            ValueError: A datetime is naive, or its zone has no IANA name.
        """
        for name in _TEXTS:
            _check(name, getattr(self, name), str)
        for name in _DATES:
            _check(name, getattr(self, name), date)
        _check("refs", self.refs, tuple)
        for ref in (*self.refs, self.about or "", self.person or ""):
            _check("a reference", ref, str)


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename={"starts": "from", "person": "for"}):
    """A step as the agenda shows it, and as `--json` gives it.

    `note` says what a mark did: until when it is snoozed, why it was skipped, why it is open again.
    """

    handle: str
    key: str
    plugin: str
    title: str
    why: str
    starts: Deadline
    due: Deadline
    late: Deadline
    expires: Deadline | None
    person: Ref[Contact] | None
    about: Ref[Any] | None
    command: str
    waiting_for: str
    state: State
    done: Deadline | None = None
    note: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still to be done: not finished, snoozed or skipped."""
        return self.state in OPEN_STATES


class StepSource(Protocol):
    """Where steps come from and how a fact closes one: the plugin host, or a test's own."""

    def steps(self, book: Book, since: datetime, until: datetime) -> Iterable[tuple[str, Step]]:
        """Every plugin's steps with the plugin's name."""

    def done(self, book: Book, plugin: str, step: Step, on: When) -> bool:
        """Ask the plugin to record the fact that closes its step; False if none can."""


def all_times(zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A span in which every step there may be begins, and was finished."""
    return datetime(1900, 1, 1, tzinfo=zone), datetime(2200, 1, 1, tzinfo=zone)


def step_key(plugin: str, step: Step) -> str:
    """What identifies a step for as long as it exists: `plugin/kind/ref.../slot`."""
    refs = step.refs or ((step.about,) if step.about else ())
    return "/".join((plugin, step.kind, *refs, *((step.slot,) if step.slot else ())))


class Agenda:
    """All steps of a book at its present moment, marks applied, under their handles.

    Args:
        book: The facts.
        source: Who yields the steps.
        since: Steps finished earlier are left out.
        until: Steps that begin later are left out, unless others are waited for.
    """

    def __init__(self, book: Book, source: StepSource, since: datetime, until: datetime) -> None:
        self._book = book
        self._source = source
        self._steps: dict[str, tuple[str, Step]] = {}
        marks = self._marks()
        entries = []
        for plugin, step in source.steps(book, since, until):
            key = step_key(plugin, step)
            if key in self._steps:
                continue
            self._steps[key] = (plugin, step)
            entry = self._entry(key, plugin, step, marks.get(key))
            if self._called_for(step, entry, since, until):
                entries.append(entry)
        self.entries: list[Entry] = sorted(_with_handles(entries), key=self._order)

    def find(self, handle: str) -> Entry:
        """The entry whose handle begins so.

        Raises:
            UnknownName: There is none.
            AmbiguousName: There are several.
        """
        text = handle.strip().lower()
        found = [e for e in self.entries if _handle(e.key).startswith(text)] if len(text) >= SHORTEST else []
        if not found:
            raise UnknownName(
                f"There is no step {handle[:40]!r}", "`crm agenda --all` lists every step with its handle."
            )
        if len(found) > 1:
            listed = "; ".join(f"{_handle(e.key)} {e.title}" for e in found)
            raise AmbiguousName(f"{handle!r} could be several steps", listed)
        return found[0]

    def finish(self, entry: Entry, on: When) -> str:
        """Record that a step was done: the fact that closes it, or a mark where no fact can.

        Returns:
            `fact` or `mark`.

        Raises:
            InputError: It is done already.
        """
        _refuse_done(entry)
        plugin, step = self._steps[entry.key]
        with self._book.change(f"done: {entry.title}"):
            if self._source.done(self._book, plugin, step, on):
                return "fact"
            self._mark(entry, Mark(step=entry.key, state="done", marked=moment_of(day_start(on, self._book.zone))))
        return "mark"

    def snooze(self, entry: Entry, until: date) -> None:
        """Hide a step until that day, or until its own dates change.

        Raises:
            InputError: The day is not ahead, or the step is done already.
        """
        _refuse_done(entry)
        if until <= self._book.today:
            raise InputError(f"{until} is not ahead", "Give a day after today, such as `in 3 days`.")
        with self._book.change(f"snoozed: {entry.title}"):
            self._mark(entry, Mark(step=entry.key, state="snoozed", marked=moment_of(self._book.now), until=until))

    def skip(self, entry: Entry, because: str) -> None:
        """Drop a step for good.

        Raises:
            InputError: It is done already.
        """
        _refuse_done(entry)
        with self._book.change(f"skipped: {entry.title}"):
            self._mark(entry, Mark(step=entry.key, state="skipped", marked=moment_of(self._book.now), because=because))

    def reopen(self, entry: Entry) -> None:
        """Take a mark back.

        Raises:
            InputError: There is no mark: the step is open, or a fact has closed it.
        """
        if entry.key not in self._marks():
            what = "closed by what the book says" if entry.state == "done" else "open already"
            raise InputError(f"{entry.title}: that is {what}", _undo_hint(entry) if entry.state == "done" else "")
        with self._book.change(f"reopened: {entry.title}"):
            self._drop_marks(entry.key)

    def _marks(self) -> dict[str, Mark]:
        """The newest mark of each step, by the step's present key."""
        return {self._present_key(mark): mark for mark in self._book.marks}

    def _present_key(self, mark: Mark) -> str:
        """The key that the marked step has now: merged people's marks follow them."""
        return "/".join(str(self._book.redirected(word)) for word in mark.step.split("/"))

    def _drop_marks(self, key: str) -> None:
        """All of them: people who were merged may both have had one, and the older must not come back."""
        for mark in self._book.marks:
            if self._present_key(mark) == key:
                self._book.marks.drop(mark)

    def _mark(self, entry: Entry, mark: Mark) -> None:
        self._drop_marks(entry.key)
        self._book.marks.add(msgspec.structs.replace(mark, starts=_as_when(entry.starts), due=_as_when(entry.due)))

    def _entry(self, key: str, plugin: str, step: Step, mark: Mark | None) -> Entry:
        state, done, note = self._settled(step, mark)
        return Entry(
            handle="",
            key=key,
            plugin=plugin,
            title=step.title,
            why=step.why,
            starts=step.starts,
            due=step.due,
            late=step.late or step.due,
            expires=step.expires,
            person=step.person,
            about=step.about,
            command=step.command,
            waiting_for=step.waiting_for,
            state=state,
            done=done,
            note=note,
        )

    def _settled(self, step: Step, mark: Mark | None) -> tuple[State, Deadline | None, str]:
        if step.done is not None:
            return "done", step.done, ""
        state = self._open_state(step)
        if mark is None:
            return state, None, ""
        if mark.state == "skipped":
            return "skipped", None, f"skipped: {mark.because}"
        if mark.state == "snoozed":
            if mark.until is not None and self._book.today < mark.until and mark.due == _as_when(step.due):
                return "snoozed", None, f"snoozed until {say_day(mark.until, self._book.today)}"
            return state, None, ""
        zone = self._book.zone
        known = max(mark.marked.at, day_start(mark.starts or mark.marked, zone))
        if day_start(step.starts, zone) <= known:
            return "done", deadline(mark.marked), ""
        return state, None, f"open again: done on {day_of(mark.marked)}, but it is now called for later"

    def _open_state(self, step: Step) -> State:
        now, zone = self._book.now, self._book.zone
        if step.waiting_for and now < day_start(step.starts, zone):
            return "waiting"
        if self._over(step.late or step.due):
            return "overdue"
        return "due" if day_start(step.due, zone).astimezone(zone).date() <= self._book.today else "ahead"

    def _over(self, when: Deadline) -> bool:
        """Whether it lies behind: a moment that has passed, a day that has ended in the user's zone."""
        now, end = self._book.now, day_end(when, self._book.zone)
        return now > end if isinstance(when, datetime) else now >= end

    def _called_for(self, step: Step, entry: Entry, since: datetime, until: datetime) -> bool:
        zone = self._book.zone
        if entry.done is not None:
            return day_end(entry.done, zone) >= since
        if step.expires is not None and self._over(step.expires):
            return False
        if entry.state != "waiting" and day_start(step.starts, zone) > until:
            return False
        return step.outlives or self._alive(step.about)

    def _alive(self, about: Ref[Any] | None) -> bool:
        application = application_of(self._book, self._book.find(about))
        return application is None or application.alive

    def _order(self, entry: Entry) -> tuple[datetime, datetime, str]:
        zone = self._book.zone
        return day_end(entry.due, zone), day_start(entry.starts, zone), entry.key


def application_of(book: Book, record: Record | None) -> Application | None:
    """The application that a record belongs to: itself, its interview's, or the one it names."""
    if record is None or isinstance(record, Application):
        return record
    if isinstance(record, Interview):
        return book.applications.find(record.application)
    interview = book.interviews.find(getattr(record, "interview", None))
    if interview is not None:
        return book.applications.find(interview.application)
    return book.applications.find(getattr(record, "application", None))


def _as_when(value: Deadline) -> When:
    return moment_of(value) if isinstance(value, datetime) else value


def _check(name: str, value: object, kind: type[object]) -> None:
    if isinstance(value, datetime) and kind is date:
        moment_of(value)
    elif not isinstance(value, kind) and not (value is None and name in _OPTIONAL):
        raise TypeError(f"{name} of a step must be a {kind.__name__}, not {value!r}")


def _refuse_done(entry: Entry) -> None:
    if entry.state == "done":
        raise InputError(f"{entry.title}: that is done already", _undo_hint(entry))


def _undo_hint(entry: Entry) -> str:
    return f"See `crm agenda --all`; what it is about: {entry.about}." if entry.about else ""


def _handle(key: str) -> str:
    """Letters without vowels, so that no handle is a word or looks like an id."""
    from hashlib import blake2b

    number = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")
    letters = []
    for _ in range(LONGEST):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "".join(letters)


def _with_handles(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Each under the shortest beginning of its handle that no other has."""
    handles = [_handle(entry.key) for entry in entries]
    lengths = dict.fromkeys(handles, SHORTEST)
    for first, second in pairwise(sorted(handles)):
        common = next((i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b), LONGEST)
        lengths[first] = max(lengths[first], min(common + 1, LONGEST))
        lengths[second] = max(lengths[second], min(common + 1, LONGEST))
    for entry, handle in zip(entries, handles, strict=True):
        yield msgspec.structs.replace(entry, handle=handle[: lengths[handle]])
