"""A job search to look at from any moment, and a source of hand-made steps."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import When, moment_of
from crm_core.records import (
    Application,
    Company,
    Contact,
    Interview,
    Letter,
    Move,
    Note,
    Promise,
    Seat,
)
from crm_core.steps import Agenda, Entry, Step
from tests.core.making import BERLIN, NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf

EVER = datetime(1900, 1, 1, tzinfo=BERLIN)
NEVER = datetime(2200, 1, 1, tzinfo=BERLIN)
NEW_YORK, TOKYO = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
TODAY = NOW.date()


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def at(hour: int, minute: int = 0, days: int = 0, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.combine(day(days), datetime.min.time(), zone).replace(hour=hour, minute=minute)


def step(kind: str = "k", **values) -> Step:
    return Step(**({"kind": kind, "title": f"Do {kind}", "why": "", "starts": TODAY, "due": TODAY} | values))


class Source:
    """Yields these steps; `close` is asked what `crm_done` would be."""

    def __init__(self, *steps: Step, close: Callable[[Book, Step, When], bool] = lambda *_: False) -> None:
        self.yielded = [("crm_x", one) for one in steps]
        self._close = close

    def steps(self, book: Book, since: datetime, until: datetime) -> Iterable[tuple[str, Step]]:
        return iter(self.yielded)

    def done(self, book: Book, plugin: str, step: Step, on: When) -> bool:
        assert plugin == "crm_x"
        return self._close(book, step, on)


class Search:
    """A job search that can be looked at from any moment: one application with an interview, two people."""

    def __init__(self) -> None:
        self._store = MemoryStore(Shelf())
        book = self.book()
        with book.change("a search"):
            ana, ben = (book.contacts.add(Contact(name=name)) for name in ("Ana", "Ben"))
            acme = book.companies.add(Company(name="Acme"))
            role = book.applications.add(Application(company=acme.id, role="Engineer"))
            when = moment_of(at(14, days=-1))
            talk = book.interviews.add(Interview(application=role.id, at=when, panel=(Seat(contact=ana.id),)))
            book.notes.add(Note(interview=talk.id, text=""))
            book.promises.add(Promise(text="cv", made=TODAY, interview=talk.id))
            book.letters.add(Letter(contact=ben.id, kind="thanks", application=role.id))

    def book(self, now: datetime = NOW) -> Book:
        return book_in(self._store, now=now)

    def agenda(self, *steps: Step, now: datetime = NOW, since: datetime = EVER, until: datetime = NEVER, close=None):
        source = Source(*steps, close=close) if close else Source(*steps)
        return Agenda(self.book(now), source, since, until)

    def entry(self, one: Step, now: datetime = NOW, **options) -> Entry:
        """That step's entry."""
        (entry,) = self.agenda(one, now=now, **options).entries
        return entry

    def finish(self, one: Step, now: datetime = NOW, on: When | None = None, **options) -> str:
        agenda = self.agenda(one, now=now, **options)
        return agenda.finish(agenda.entries[0], on if on is not None else moment_of(now))

    def move(self, *stages: str) -> None:
        book = self.book()
        with book.change("moved"):
            moves = tuple(Move(id=book.new_move_id(), stage=stage, on=TODAY) for stage in stages)
            book.applications.save(replace(book.applications.get("a1"), moves=moves))

    @property
    def marks(self) -> list[tuple[str, str]]:
        return [(mark.step, mark.state) for mark in self.book().marks]
