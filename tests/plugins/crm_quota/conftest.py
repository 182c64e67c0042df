"""Books for the quota's tests, told as histories of applications."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_core import Application, Book, Company, Move
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_quota import crm_records
from crm_quota.records import Pause
from crm_quota.settings import QuotaSettings

BookWith = Callable[..., Book]


def _application(book: Book, history: str) -> Application:
    moves = [part.split() for part in history.split(",") if part.strip()]
    return Application(
        company=book.companies.add(Company(name="Bluewater Robotics")).id,
        role="Engineer",
        moves=tuple(Move(id=book.new_move_id(), stage=stage, on=date.fromisoformat(on)) for stage, on in moves),
    )


def _pause(text: str) -> Pause:
    first, _, last = text.partition(" to ")
    return Pause(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.fixture(scope="session")
def book_with(tmp_path_factory: pytest.TempPathFactory) -> BookWith:
    """`book_with(["wishlist 2026-11-01, applied 2026-11-23"], pauses=["2026-11-23 to 2026-11-27"])`."""

    def make(
        histories: Iterable[str] = (),
        *,
        pauses: Iterable[str] = (),
        quota: int = 5,
        now: str = "2026-11-25T12:00",
        zone: str = "Europe/Berlin",
    ) -> Book:
        home = tmp_path_factory.mktemp("quota")
        settings = Settings(home / "config.toml", {"crm_quota": QuotaSettings})
        settings.set("crm_quota", "applications", str(quota))
        moment = datetime.fromisoformat(now)
        present = moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
        book = Book(TinyStore(home / "book.json"), now=present, settings=settings, kinds=crm_records())
        with book.change("a job search"):
            for history in histories:
                book.applications.add(_application(book, history))
            for pause in pauses:
                book.table(Pause).add(_pause(pause))
        return book

    return make
