"""What a promise's dates say: open, late, kept, kept late or broken; and the record of them all."""

from datetime import date, datetime

import pytest

from crm_core import InputError, Moment, Promise
from crm_promises.keeping import due_of, give_up, keep, reliability, state_of


def on(text: str | None):
    """A date, or a moment in Berlin where a time is said."""
    if text is None:
        return None
    return Moment(datetime.fromisoformat(text), "Europe/Berlin") if "T" in text else date.fromisoformat(text)


@pytest.mark.parametrize(
    ("due", "kept", "broken", "now", "state"),
    [
        ("2026-11-24", None, None, "2026-11-23T12:00", "open"),
        ("2026-11-24", None, None, "2026-11-24T23:59", "open"),
        ("2026-11-24", None, None, "2026-11-25T00:01", "late"),
        ("2026-11-24T10:00", None, None, "2026-11-24T09:59", "open"),
        ("2026-11-24T10:00", None, None, "2026-11-24T10:01", "late"),
        (None, None, None, "2026-11-26T23:59", "open"),
        (None, None, None, "2026-11-27T00:01", "late"),
        ("2026-11-24", "2026-11-24", None, "2026-12-01T12:00", "kept"),
        ("2026-11-24", "2026-11-25", None, "2026-12-01T12:00", "kept late"),
        ("2026-11-24", "2026-11-24T23:59", None, "2026-12-01T12:00", "kept"),
        ("2026-11-24", "2026-11-25T00:00", None, "2026-12-01T12:00", "kept late"),
        ("2026-11-24T10:00", "2026-11-24", None, "2026-12-01T12:00", "kept"),
        ("2026-11-24T10:00", "2026-11-24T10:00", None, "2026-12-01T12:00", "kept"),
        ("2026-11-24T10:00", "2026-11-24T10:01", None, "2026-12-01T12:00", "kept late"),
        ("2026-11-24T10:00", "2026-11-25", None, "2026-12-01T12:00", "kept late"),
        (None, "2026-11-26", None, "2026-12-01T12:00", "kept"),
        (None, "2026-11-27", None, "2026-12-01T12:00", "kept late"),
        ("2026-11-24", None, "2026-11-23", "2026-12-01T12:00", "broken"),
    ],
)
def test_the_state_follows_from_the_dates(book_with, made, due, kept, broken, now, state):
    book = book_with(Promise(text="call", made=made, due=on(due), kept=on(kept), broken=on(broken)), now=now)
    assert state_of(book, book.promises.get("p1")) == state


def test_a_day_ends_in_the_users_zone(book_with, made):
    promise = Promise(text="call", made=made, due=date(2026, 11, 24))
    late_in_berlin = book_with(promise, now="2026-11-25T03:00")
    same_moment_in_new_york = book_with(promise, now="2026-11-24T21:00", zone="America/New_York")
    assert late_in_berlin.now == same_moment_in_new_york.now
    states = [state_of(book, book.promises.get("p1")) for book in (late_in_berlin, same_moment_in_new_york)]
    assert states == ["late", "open"]


@pytest.mark.parametrize(("days", "due"), [(7, date(2026, 11, 26)), (0, date(2026, 11, 19)), (14, date(2026, 12, 3))])
def test_without_an_agreed_day_a_promise_falls_due_some_days_after_it_was_made(book_with, made, days, due):
    book = book_with(Promise(text="call", made=made), days=days)
    assert due_of(book, book.promises.get("p1")) == due


def test_keeping_and_giving_up_replace_one_another(book_with, made):
    book = book_with(Promise(text="call", made=made))
    with book.change("given up"):
        given_up = give_up(book, book.promises.get("p1"), date(2026, 11, 20))
    assert (given_up.kept, given_up.broken) == (None, date(2026, 11, 20))
    with book.change("kept after all"):
        kept = keep(book, given_up, date(2026, 11, 21))
    assert (kept.kept, kept.broken) == (date(2026, 11, 21), None)
    assert book.promises.get("p1") == kept
    with book.change("not kept, as it turned out"):
        again = give_up(book, kept, date(2026, 11, 22))
    assert (again.kept, again.broken) == (None, date(2026, 11, 22))


@pytest.mark.parametrize("act", [keep, give_up])
def test_a_promise_can_be_kept_or_broken_on_the_day_it_was_made(book_with, made, act):
    book = book_with(Promise(text="call", made=made))
    with book.change("the same day"):
        assert not act(book, book.promises.get("p1"), made).open


@pytest.mark.parametrize("act", [keep, give_up])
@pytest.mark.parametrize("day", ["2026-11-18", "2026-11-24"])
def test_nothing_is_kept_or_broken_before_it_was_promised_or_in_days_to_come(book_with, made, act, day):
    book = book_with(Promise(text="call", made=made))
    with pytest.raises(InputError), book.change("refused"):
        act(book, book.promises.get("p1"), date.fromisoformat(day))
    assert book.promises.get("p1").open


def test_a_moment_later_today_is_still_ahead(book_with, made):
    book = book_with(Promise(text="call", made=made))
    with pytest.raises(InputError, match="is still ahead"), book.change("refused"):
        keep(book, book.promises.get("p1"), on("2026-11-23T12:01"))
    with book.change("kept"):
        assert keep(book, book.promises.get("p1"), on("2026-11-23T12:00")).kept == on("2026-11-23T12:00")


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], "0 kept; 0 broken; 0 open"),
        (["open", "late"], "0 kept; 0 broken; 2 open"),
        (["kept"] * 11 + ["kept late", "broken", "open", "late"], "12 kept, 1 of them late; 1 broken; 2 open"),
    ],
)
def test_the_record_counts_what_was_kept_late_among_what_was_kept(states, said):
    assert str(reliability(states)) == said
