"""Books for the promises' tests: one person, one interview with her, and what is promised."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_core import Application, Book, Company, Contact, Interview, Moment, Promise, Seat
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_promises.settings import PromiseSettings

BookWith = Callable[..., Book]


@pytest.fixture(scope="session")
def book_with(tmp_path_factory: pytest.TempPathFactory) -> BookWith:
    """A book with Mara (c1), the interview with her (i1, Thu 19 November 2026), and those promises."""

    def make(*promises: Promise, now: str = "2026-11-23T12:00", zone: str = "Europe/Berlin", days: int = 7) -> Book:
        home = tmp_path_factory.mktemp("promises")
        settings = Settings(home / "config.toml", {"crm_promises": PromiseSettings})
        settings.set("crm_promises", "default_days", str(days))
        present = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
        book = Book(TinyStore(home / "book.json"), now=present, settings=settings)
        with book.change("an interview"):
            company = book.companies.add(Company(name="Bluewater Robotics"))
            mara = book.contacts.add(Contact(name="Mara Lindqvist"))
            application = book.applications.add(Application(company=company.id, role="Engineer"))
            at = Moment(datetime.fromisoformat("2026-11-19T14:00"), "Europe/Berlin")
            book.interviews.add(Interview(application=application.id, at=at, panel=(Seat(contact=mara.id),)))
            for promise in promises:
                book.promises.add(promise)
        return book

    return make


@pytest.fixture
def made() -> date:
    """The day of the interview."""
    return date(2026, 11, 19)
