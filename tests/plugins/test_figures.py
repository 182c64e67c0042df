"""The figures of `crm stats` against a second count: day by day, over plain facts, without the plugins' own code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.figures import Count, Figure, Spread
from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host
from crm_core.records import Application, Company, Contact, Interaction, Interview, Move, Position, Promise
from crm_quota.records import Pause
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf

HOST = Host([found for found in find_plugins(sys.path) if found.own], strict=True)
TODAY = NOW.date()
DAY = timedelta(days=1)
QUOTA = 5
NO_FILE = Path("/nowhere/config.toml")
SOURCES = ("", "job fair", "Job Fair", "Ana", "  job  fair ")
STAGES = ("wishlist", "applied", "interviewing", "offer", "accepted", "rejected", "withdrawn", "ghosted")

days = st.integers(-60, 0).map(lambda away: TODAY + away * DAY)
ahead = st.integers(-60, 9).map(lambda away: TODAY + away * DAY)


class Meeting(NamedTuple):
    """An interview: its day, at ten; the day of its outcome, if it had one."""

    on: date
    decided: date | None


class Sought(NamedTuple):
    """An application: stages with their days in order, its interviews, the days on which its company wrote."""

    moves: tuple[tuple[str, date], ...]
    source: str
    meetings: tuple[Meeting, ...]
    heard: tuple[date, ...]


class Promised(NamedTuple):
    """A promise: when it was made, when it is due, when it was kept or broken, if it was."""

    made: date
    due: date
    kept: date | None
    broken: date | None


class Search(NamedTuple):
    """A job search as plain facts."""

    sought: tuple[Sought, ...]
    promised: tuple[Promised, ...]
    paused: tuple[tuple[date, date], ...]


@st.composite
def moves(draw: st.DrawFn) -> tuple[tuple[str, date], ...]:
    stages = draw(st.lists(st.sampled_from(STAGES), max_size=4))
    return tuple(zip(stages, sorted(draw(st.lists(days, min_size=len(stages), max_size=len(stages)))), strict=True))


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    on = draw(ahead)
    return Meeting(on, draw(st.none() | st.integers(-3, 9).map(lambda later: min(on + later * DAY, TODAY))))


def spans(first: date) -> st.SearchStrategy[tuple[date, date]]:
    return st.integers(0, 20).map(lambda length: (first, first + length * DAY))


sought = st.builds(
    Sought,
    moves=moves(),
    source=st.sampled_from(SOURCES),
    meetings=st.lists(meetings(), max_size=2).map(tuple),
    heard=st.lists(days, max_size=2).map(tuple),
)
promised = st.builds(Promised, made=days, due=ahead, kept=st.none() | days, broken=st.none() | days)
searches = st.builds(
    Search,
    sought=st.lists(sought, max_size=8).map(tuple),
    promised=st.lists(promised, max_size=5).map(tuple),
    paused=st.lists(days.flatmap(spans), max_size=2).map(tuple),
)
periods = st.tuples(st.none() | days, ahead).filter(lambda period: period[0] is None or period[0] <= period[1])


def book_of(search: Search, config: Path = NO_FILE) -> Book:
    book = book_in(MemoryStore(Shelf()), kinds=HOST.kinds(), config=config, sections=HOST.sections())
    with book.change("a search"):
        for number, one in enumerate(search.sought):
            _add(book, number, one)
        for made in search.promised:
            book.promises.add(Promise(text="t", made=made.made, due=made.due, kept=made.kept, broken=made.broken))
        for first, last in search.paused:
            book.table(Pause).add(Pause(first=first, last=last))
    return book


def _add(book: Book, number: int, one: Sought) -> None:
    company = book.companies.add(Company(name=f"Company {number}"))
    position = Position(organisation=company.name, company=company.id)
    contact = book.contacts.add(Contact(name=f"Person {number}", positions=(position,)))
    made: list[Any] = [Move(id=book.new_move_id(), stage=stage, on=on) for stage, on in one.moves]  # type: ignore[arg-type]
    application = book.applications.add(Application(company=company.id, role="r", moves=tuple(made), source=one.source))
    for on in one.heard:
        book.interactions.add(Interaction(contact=contact.id, on=on, about="a", direction="in"))
    for meeting in one.meetings:
        at = Moment(datetime(meeting.on.year, meeting.on.month, meeting.on.day, 10), "Europe/Berlin")  # noqa: DTZ001
        outcome = {"outcome": "next-round", "outcome_on": meeting.decided} if meeting.decided else {}
        book.interviews.add(Interview(application=application.id, at=at, **outcome))  # type: ignore[arg-type]


def figures(search: Search, since: date | None, until: date) -> dict[str, Figure]:
    return {figure.title: figure for _, figure in HOST.summary(book_of(search), since, until)}


def counts(figure: Figure | None) -> dict[str, tuple[int, int | None]]:
    rows = figure.rows if figure is not None else ()
    return {row.label: (row.value, row.of) for row in rows if isinstance(row, Count)}


def spread(figure: Figure | None, label: str) -> tuple[float, float, float, int] | None:
    rows = figure.rows if figure is not None else ()
    found = [(row.low, row.median, row.high, row.n) for row in rows if isinstance(row, Spread) and row.label == label]
    return found[0] if found else None


def by_hand(amounts: list[int]) -> tuple[float, float, float, int] | None:
    """Lowest, middle, highest and number, by taking away both ends until one or two are left."""
    middle = sorted(amounts)
    while len(middle) > 2:
        middle = middle[1:-1]
    return (min(amounts), sum(middle) / len(middle), max(amounts), len(amounts)) if amounts else None


def sent(one: Sought) -> date | None:
    """The first day on which it was at `applied`; else on which it was where only who applied can be."""
    at: dict[str, date] = {}
    for stage, on in one.moves:
        at.setdefault(stage, on)
    others = [on for stage, on in at.items() if stage not in {"wishlist", "withdrawn"}]
    return at.get("applied", min(others, default=None))


def in_period(search: Search, since: date | None, until: date) -> list[tuple[Sought, date]]:
    """The applications sent in it, each with its day."""
    known = [(one, day) for one in search.sought if (day := sent(one)) is not None]
    return [(one, day) for one, day in known if (since or date.min) <= day <= until and day <= TODAY]


def reached(one: Sought, stages: set[str], until: date) -> bool:
    return any(stage in stages and on <= until for stage, on in one.moves)


def invited(one: Sought, until: date) -> bool:
    met = any(meeting.on <= until for meeting in one.meetings)
    return met or reached(one, {"interviewing", "offer", "accepted"}, until)


@settings(max_examples=150)
@given(searches, periods)
def test_the_funnel(search: Search, period: tuple[date | None, date]):
    since, until = period
    among = [one for one, _ in in_period(search, since, until)]
    met = [one for one in among if invited(one, until)]
    offered = [one for one in among if reached(one, {"offer", "accepted"}, until)]

    assert counts(figures(search, since, until).get("How far applications came")) == (
        {"applied": (len(among), None), "interviewing": (len(met), len(among)), "offer": (len(offered), len(met))}
        if among
        else {}
    )


@settings(max_examples=150)
@given(searches, periods)
def test_the_sources(search: Search, period: tuple[date | None, date]):
    since, until = period
    among = [one for one, _ in in_period(search, since, until)]
    expected = {}
    for source in ("", "job fair", "ana"):
        of = [one for one in among if " ".join(one.source.split()).lower() == source]
        if of:
            expected[source] = (sum(invited(one, until) for one in of), len(of))
    found = counts(figures(search, since, until).get("Sources that led to interviews"))

    named = {label.lower().replace("no source noted", ""): pair for label, pair in found.items()}
    assert named == (expected if set(expected) - {""} else {})


def weeks(since: date | None, until: date, search: Search) -> Iterator[list[date]]:
    """The days of each week that is to be shown, from the first application on."""
    first = min((day for one in search.sought if (day := sent(one))), default=None)
    last = min(until, TODAY)
    if first is None or first > until:
        return
    day = max(first, since or last - 77 * DAY)
    while day.isoweekday() > 1:
        day -= DAY
    while day <= last:
        yield [day + number * DAY for number in range(7)]
        day += 7 * DAY


def excused(week: list[date], search: Search) -> bool:
    paused = sum(any(first <= day <= last for first, last in search.paused) for day in week[:5])
    at_its_end = [[stage for stage, on in one.moves if on <= week[6]][-1:] for one in search.sought]
    return paused >= 4 or ["accepted"] in at_its_end


@settings(max_examples=150)
@given(searches, periods)
def test_the_weeks(search: Search, period: tuple[date | None, date]):
    since, until = period
    expected = []
    for week in weeks(since, until, search):
        number = sum(sent(one) == day for one in search.sought for day in week)
        name = f"{week[3].year}-W{week[0].isocalendar().week:02}"
        expected.append((name, number, None if excused(week, search) else QUOTA))
    figure = figures(search, since, until).get("Applications a week")

    rows = figure.rows if figure is not None else ()
    assert [(row.label.partition(",")[0], row.value, row.target) for row in rows if isinstance(row, Count)] == expected


@pytest.fixture(scope="module")
def one_a_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings by which one application a week is enough."""
    config = tmp_path_factory.mktemp("quota") / "config.toml"
    config.write_text("[crm_quota]\napplications = 1\n")
    return config


@settings(max_examples=300)
@given(searches)
def test_the_streak(one_a_week: Path, search: Search):
    """From the first week on: one more where something was sent, back to none where not, unless it was excused."""
    row = 0
    for week in weeks(date.min + 99 * DAY, TODAY, search):
        if any(sent(one) in week for one in search.sought):
            row += 1
        elif TODAY not in week and not excused(week, search):
            row = 0
    found = {figure.title: figure for _, figure in HOST.summary(book_of(search, one_a_week), None, TODAY)}.get("Streak")

    assert (found.rows[0] if found is not None else None) == (
        Count(label="quota met in a row", value=row, unit="week") if any(map(sent, search.sought)) else None
    )


@settings(max_examples=150)
@given(searches, periods)
def test_the_promises(search: Search, period: tuple[date | None, date]):
    since, until = period
    seen = {"kept in time": 0, "kept late": 0, "late, not kept yet": 0, "broken": 0, "not due yet": 0}
    for promise in search.promised:
        if not (since or date.min) <= promise.made <= until:
            continue
        if promise.broken:
            seen["broken"] += 1
        elif promise.kept:
            seen["kept in time" if promise.kept <= promise.due else "kept late"] += 1
        else:
            seen["not due yet" if promise.due >= TODAY else "late, not kept yet"] += 1
    settled = sum(seen.values()) - seen["not due yet"]
    expected: dict[str, tuple[int, int | None]] = {
        label: (number, None if label == "not due yet" else settled)
        for label, number in seen.items()
        if number or (label == "kept in time" and settled)
    }

    assert counts(figures(search, since, until).get("Promises")) == expected


@settings(max_examples=200)
@given(searches, periods)
def test_the_answers(search: Search, period: tuple[date | None, date]):
    since, until = period
    answered, waits = 0, []
    among = in_period(search, since, until)
    for one, day in among:
        stages = [stage for stage, _ in one.moves]
        if "applied" not in stages:
            answered += reached(one, {"interviewing", "offer", "accepted", "rejected"}, until)
            continue
        after = one.moves[stages.index("applied") + 1 :]
        signs = [on for stage, on in after if stage not in {"wishlist", "applied", "withdrawn", "ghosted"}]
        came = [on for on in (*signs, *one.heard) if day <= on <= until]
        if came:
            answered += 1
            waits.append((min(came) - day).days)
    figure = figures(search, since, until).get("How soon others answer")

    assert counts(figure).get("applications answered") == ((answered, len(among)) if among else None)
    assert spread(figure, "application to answer") == by_hand(waits)


@settings(max_examples=200)
@given(searches, periods)
def test_news_after_interviews(search: Search, period: tuple[date | None, date]):
    since, until = period
    held, came, waits = 0, 0, []
    for one in search.sought:
        rounds = sorted(one.meetings, key=lambda meeting: meeting.on)
        for number, meeting in enumerate(rounds):
            if not (since or date.min) <= meeting.on <= until or meeting.on > TODAY:
                continue
            held += 1
            later = rounds[number + 1 :]
            decisions = [on for stage, on in one.moves if stage in {"offer", "accepted", "rejected"}]
            decisions = [on for on in decisions if meeting.on <= on <= until]
            if meeting.decided is not None:
                came += meeting.decided <= until
                if meeting.on <= meeting.decided <= until:
                    waits.append((meeting.decided - meeting.on).days)
            elif later:
                came += min(later[0].on, TODAY) <= until
            elif decisions:
                came += 1
                waits.append((min(decisions) - meeting.on).days)
    figure = figures(search, since, until).get("How soon others answer")

    assert counts(figure).get("interviews with news") == ((came, held) if held else None)
    assert spread(figure, "interview to news") == by_hand(waits)


def test_many_sources_are_shown_as_the_first_and_the_others():
    many = tuple(Sought((("applied", TODAY),), f"source {number}", (), ()) for number in range(30))
    rows = figures(Search(many, (), ()), None, TODAY)["Sources that led to interviews"].rows

    assert len(rows) == 12
    assert rows[-1] == Count(label="19 others", value=0, of=19)


@pytest.mark.parametrize(("quota", "target"), [(5, 5), (0, None)])
def test_without_a_quota_there_is_no_number_to_reach_and_no_streak(crm, quota, target):
    crm.only("crm_quota")
    crm.ok(f"settings set crm_quota.applications {quota}")
    crm.ok("application add Acme Engineer")
    items = crm.ok("stats --json").items

    assert [one["title"] for one in items] == ["Applications a week", *(["Streak"] if quota else [])]
    assert [row["target"] for row in items[0]["rows"]] == [target]


def test_a_thousand_applications_are_counted_at_once():
    """In about 0.05 s here; the bound is for slow machines, and for what would take the square of it."""
    one = Sought((("applied", TODAY - 50 * DAY), ("rejected", TODAY)), "Ana", (Meeting(TODAY - DAY, None),), (TODAY,))
    book = book_of(Search((one,) * 1_000, (), ()))
    began = perf_counter()
    found = HOST.summary(book, None, TODAY)

    assert perf_counter() - began < 3
    assert found[0][1].rows[1] == Count(label="interviewing", value=1_000, of=1_000)
