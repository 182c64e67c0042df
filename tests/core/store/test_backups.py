"""Backups: when the store makes one, what it is called, how many stay, and what a failing one means."""

import errno
import os
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.errors import BookUnreadable, CrmError
from crm_core.store import tiny
from crm_core.store.backups import KEPT, Backups
from crm_core.store.format import Unusable
from crm_core.store.tiny import TinyStore
from tests.core.store.contract import ANA, AT, BEN, CARA, commit, people

MANY = {str(number): ANA for number in range(2, tiny.BULK + 3)}
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "book.json"


@pytest.fixture
def store(path: Path) -> TinyStore:
    """A store with one document, not backed up yet."""
    store = TinyStore(path)
    commit(store, put={"1": ANA})
    return store


def commit_at(store: TinyStore, at: datetime, **put: bytes) -> None:
    """A change set at that moment."""
    with store.begin("", "crm test", at) as transaction:
        for key, document in put.items():
            transaction.put("people", key.removeprefix("p"), document)


def made(store: TinyStore) -> list[tuple[str, str]]:
    """Every backup's id and reason, the oldest first."""
    return [(backup.id, backup.reason) for backup in store.backups.all()]


def test_the_first_change_of_a_day_copies_the_book_as_it_was(store: TinyStore):
    before = store.path.read_bytes()

    commit_at(store, AT, p2=BEN)
    commit_at(store, AT, p3=CARA)

    (daily,) = store.backups.all()
    assert daily.path.read_bytes() == before
    assert daily.path == store.path.parent / "backups" / "b00001-20261123T110000Z-daily.json"
    assert (daily.id, daily.reason, daily.at) == ("b1", "daily", AT)


def test_the_first_change_of_all_has_nothing_to_copy(store: TinyStore):
    assert made(store) == []
    assert not (store.path.parent / "backups").exists()


def test_a_day_is_one_of_the_users_own(store: TinyStore):
    tokyo = ZoneInfo("Asia/Tokyo")
    for hour in (1, 23, 25):  # in UTC all but the last are on the day before
        commit_at(store, datetime(2026, 11, 23, tzinfo=tokyo) + timedelta(hours=hour), **{f"p{hour}": BEN})

    assert [backup.at.astimezone(tokyo).date() for backup in store.backups.all()] == [
        date(2026, 11, 23),
        date(2026, 11, 24),
    ]


def test_seven_daily_backups_stay(store: TinyStore):
    for day in range(10):
        commit_at(store, AT + day * DAY, **{f"p{day}": b'{"day":%d}' % day})

    assert made(store) == [(f"b{number}", "daily") for number in range(4, 11)]
    assert KEPT["daily"] == 7


def test_a_clock_that_goes_back_costs_no_newer_copy(store: TinyStore):
    """Their order is that in which they were made, whatever the clock said."""
    for year in range(2040, 2025, -1):
        commit_at(store, AT.replace(year=year), **{f"p{year}": b'{"year":%d}' % year})

    assert [backup.at.year for backup in store.backups.all()] == [2032, 2031, 2030, 2029, 2028, 2027, 2026]


def test_a_change_of_many_records_is_backed_up_before_whoever_makes_it(store: TinyStore):
    store.backups.make_daily(store.path.read_bytes(), AT)
    before = store.path.read_bytes()

    commit(store, put=MANY)
    commit(store, put=dict.fromkeys(list(MANY)[: tiny.BULK], CARA))

    assert made(store) == [("b1", "daily"), ("b2", "bulk")]
    assert store.backups.all()[1].path.read_bytes() == before
    assert [change.backup for change in store.history()] == ["", "b2", ""]


def test_five_of_each_other_reason_stay_and_none_pushes_out_another(store: TinyStore):
    commit_at(store, AT, p2=BEN)
    for number in range(8):
        commit(store, put=dict.fromkeys(MANY, b'{"n":%d}' % number))
        store.back_up(AT)

    kept = made(store)
    assert kept[0] == ("b1", "daily")
    assert [reason for _, reason in kept].count("bulk") == KEPT["bulk"] == 5
    assert [reason for _, reason in kept].count("manual") == KEPT["manual"] == 5
    assert kept[-1] == ("b17", "manual")


def test_a_backup_that_is_made_by_hand_is_the_present_book(store: TinyStore):
    made = store.back_up(AT)

    assert made is not None
    assert made.path.read_bytes() == store.path.read_bytes()
    assert made.contents().records == 1


def test_a_book_that_has_not_changed_is_not_copied_again_by_hand(store: TinyStore):
    first = store.back_up(AT)
    assert store.back_up(AT + DAY) == first
    assert first is not None
    first.path.write_bytes(first.path.read_bytes().replace(b"Ana", b"Eva"))

    store.back_up(AT)

    assert made(store) == [("b1", "manual"), ("b2", "manual")]
    assert [backup.good for backup in store.backups.all()] == [False, True]


def test_there_is_no_backup_of_no_book(path: Path):
    assert TinyStore(path).back_up(AT) is None
    assert not (path.parent / "backups").exists()


def test_a_copy_is_no_link(store: TinyStore):
    """Whoever edits the book in place must not edit its backups."""
    made = store.back_up(AT)
    assert made is not None
    whole = made.path.read_bytes()

    with store.path.open("r+b") as file:
        file.write(b"oops")

    assert made.path.read_bytes() == whole
    assert made.good


@pytest.mark.parametrize("umask", [0, 0o022, 0o077])
def test_backups_are_private(store: TinyStore, umask: int):
    before = os.umask(umask)
    try:
        made = store.back_up(AT)
    finally:
        os.umask(before)

    assert made is not None
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-9], lambda data: data.replace(b"Ana", b"Eva"), lambda data: b"", lambda data: b"{}"],
    ids=["cut", "changed", "empty", "another program's"],
)
def test_a_damaged_book_never_gets_among_the_backups(store: TinyStore, damage: Callable[[bytes], bytes]):
    store.back_up(AT)
    store.path.write_bytes(damage(store.path.read_bytes()))

    for act in (
        lambda: TinyStore(store.path).back_up(AT),
        lambda: store.back_up(AT),
        lambda: commit(store, put=MANY),
        lambda: commit_at(store, AT + DAY, p2=BEN),
    ):
        with pytest.raises(BookUnreadable):
            act()
    with pytest.raises(Unusable):
        store.backups.make(store.path.read_bytes(), "manual", AT)

    assert made(store) == [("b1", "manual")]


def test_the_newest_good_backup_is_found_past_damaged_ones(store: TinyStore):
    store.back_up(AT)
    for _ in range(2):
        store.backups.make(store.path.read_bytes(), "manual", AT)
    backups = store.backups.all()
    backups[2].path.write_bytes(b"")
    backups[1].path.write_bytes(backups[1].path.read_bytes()[:-3])

    assert [backup.good for backup in backups] == [True, False, False]
    found = store.backups.newest_good()
    assert found is not None
    assert found.id == "b1"


def test_what_is_no_backup_of_this_book_is_left_alone_and_not_listed(store: TinyStore):
    folder = store.path.parent / "backups"
    folder.mkdir()
    others = (
        "notes.txt",
        "b1-20261123T110000Z-daily.json.tmp",
        "b1-20261199T110000Z-daily.json",
        "b1-20261123T110000Z-whim.json",
        "jobs.json-b00001-20261123T110000Z-daily.json",
        "xb00001-20261123T110000Z-daily.json",
    )
    for name in others:
        (folder / name).write_bytes(b"mine")
    for day in range(12):
        commit_at(store, AT + day * DAY, **{f"p{day}": b'{"day":%d}' % day})

    assert len(made(store)) == 7
    assert {name: (folder / name).read_bytes() for name in others} == dict.fromkeys(others, b"mine")


def test_books_in_one_folder_keep_their_backups_apart(tmp_path: Path):
    one, other = TinyStore(tmp_path / "book.json"), TinyStore(tmp_path / "jobs.json")
    commit(one, put={"1": ANA})
    commit(other, put={"1": BEN})

    for day in range(9):
        commit_at(one, AT + day * DAY, **{f"p{day}": CARA})
    commit_at(other, AT, p2=BEN)

    assert made(other) == [("b1", "daily")]
    assert len(made(one)) == 7
    assert b"Ben" in other.backups.all()[0].path.read_bytes()
    assert {name.name for name in (tmp_path / "backups").iterdir() if name.name.startswith("jobs.json-")} == {
        "jobs.json-b00001-20261123T110000Z-daily.json"
    }


def test_a_book_reached_by_a_link_has_the_same_backups(store: TinyStore, tmp_path: Path):
    (tmp_path / "link.json").symlink_to(store.path)

    commit_at(TinyStore(tmp_path / "link.json"), AT, p2=BEN)

    assert made(store) == [("b1", "daily")]
    assert not (tmp_path / "backups").exists()


def no_space(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Nothing can be written into folders of that name."""
    open_ = os.open

    def refuse(path: object, *args: object, **more: object) -> int:
        if Path(str(path)).parent.name == folder and str(path).endswith(".tmp"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return open_(path, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)


def test_a_change_that_calls_for_a_backup_fails_before_anything_is_written_if_there_is_none(
    store: TinyStore, monkeypatch: pytest.MonkeyPatch
):
    before = store.path.read_bytes()
    no_space(monkeypatch, "backups")

    with pytest.raises(CrmError, match=r"backups.*no space left"):
        commit(store, put=MANY)

    assert store.path.read_bytes() == before
    assert not (store.path.parent / "history").exists()
    assert people(store) == {"1": ANA}


def test_a_daily_backup_that_fails_is_said_each_time_but_keeps_nobody_from_working(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    store = TinyStore(path, notice=said.append)
    commit(store, put={"1": ANA})
    with monkeypatch.context() as patch:
        no_space(patch, "backups")
        commit_at(store, AT, p2=BEN)
        commit_at(store, AT, p3=CARA)

    assert len(said) == 2
    assert all("no backup of today" in line and "no space left" in line for line in said)
    assert people(TinyStore(path)) == {"1": ANA, "2": BEN, "3": CARA}
    commit_at(store, AT, p4=ANA)
    assert made(store) == [("b1", "daily")]


def test_a_folder_of_backups_that_is_no_folder_is_an_error_that_names_it(store: TinyStore):
    (store.path.parent / "backups").write_bytes(b"")

    with pytest.raises(CrmError, match="backups"):
        store.back_up(AT)
    with pytest.raises(CrmError, match="backups"):
        commit(store, put=MANY)
    assert people(TinyStore(store.path)) == {"1": ANA}


def test_what_is_kept_aside_is_never_removed(store: TinyStore):
    for number in range(9):
        store.backups.keep_aside(b"rubbish %d" % number, AT)
        store.back_up(AT)

    aside = [backup for backup in store.backups.all() if backup.reason == "unreadable"]
    assert [backup.path.read_bytes() for backup in aside] == [b"rubbish %d" % number for number in range(9)]
    assert not any(backup.good for backup in aside)


@settings(max_examples=30)
@given(
    events=st.lists(
        st.tuples(st.sampled_from(["day", "bulk", "manual", "small", "damage"]), st.integers(-3, 3)), max_size=20
    )
)
def test_whatever_happens_the_copies_are_bounded_and_the_last_good_book_is_among_them(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, int]]
):
    store = TinyStore(tmp_path_factory.mktemp("book") / "book.json")
    commit(store, put={"1": ANA})
    at, newest = AT, b""
    for number, (event, days) in enumerate(events):
        before = store.path.read_bytes()
        if event == "day":
            at += days * DAY
        elif event == "damage" and (copies := store.backups.all()):
            copies[days % len(copies)].path.write_bytes(b"damaged")
            newest = b""
            continue
        if event == "manual":
            store.back_up(at)
            newest = before
        elif event == "bulk":
            commit_at(store, at, **{f"p{key}": b'{"n":%d}' % number for key in MANY})
            newest = before
        else:
            had = len(store.backups.all())
            commit_at(store, at, p1=b'{"n":%d}' % number)
            newest = before if len(store.backups.all()) > had else newest
        good = store.backups.newest_good()
        assert newest == b"" or (good is not None and good.path.read_bytes() == newest)
    for reason, most in KEPT.items():
        assert sum(backup.reason == reason for backup in store.backups.all()) <= most


@pytest.mark.parametrize(
    "name", ["", "b", "b0", "b99", "1", "../book.json", "b00001-20261123T110000Z-daily", "book.json"]
)
def test_a_backup_is_found_by_its_id_or_file_name_and_by_nothing_else(store: TinyStore, name: str):
    commit_at(store, AT, p2=BEN)
    assert store.backups.find("b1") == store.backups.find("b00001-20261123T110000Z-daily.json") is not None

    assert store.backups.find(name) is None


def test_backups_say_what_time_it_was_in_utc(tmp_path: Path):
    made = Backups(tmp_path).keep_aside(b"", datetime(2026, 11, 23, 1, 2, 3, 4, ZoneInfo("Asia/Tokyo")))

    assert made.path.name == "b00001-20261122T160203Z-unreadable.json"
    assert made.at == datetime(2026, 11, 22, 16, 2, 3, tzinfo=UTC)
