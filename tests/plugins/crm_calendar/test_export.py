"""`crm export ics`: what other programs read in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_calendar.exporter import exporter
from crm_calendar.settings import CalendarSettings
from crm_core import Entry, Export, clean_text
from crm_core.store.base import Snapshot
from crm_core.store.still import StillStore
from crm_core.testing import Crm
from tests.core.any_book import moments
from tests.core.making import BERLIN, book_in
from tests.plugins.crm_calendar.conftest import at, of_id, read, titled, triggers

SOON = datetime(2026, 11, 26, 10, tzinfo=BERLIN)


def exported(crm: Crm, *options: str):
    return read(crm.ok("export", "ics", *options).out)


def test_an_interview_is_an_event_on_its_own_clock(search: Crm):
    search.ok("interview log Beta --at 'in 5 days 9:00' --tz America/New_York --length 45 --role Editor")
    calendar = exported(search)
    here, there = of_id(calendar, "i2"), of_id(calendar, "i3")
    morning = datetime(2026, 11, 28, 9, tzinfo=ZoneInfo("America/New_York"))

    assert (str(here["SUMMARY"]), str(there["SUMMARY"])) == ("Interview: Engineer at Acme", "Interview: Editor at Beta")
    assert at(here, "DTSTART", "DTEND") == (SOON, SOON + timedelta(hours=1))
    assert at(there, "DTSTART", "DTEND") == (morning, morning + timedelta(minutes=45))
    assert {str(zone["TZID"]) for zone in calendar.timezones} == {"Europe/Berlin", "America/New_York"}
    assert (here["STATUS"], here["CLASS"], here["SEQUENCE"]) == ("CONFIRMED", "PRIVATE", 0)


def test_an_interview_says_whom_one_meets(search: Crm):
    search.ok("interview edit i2 --with Ana --hear-by 'in 10 days' --hear-how 'by telephone'")
    search.ok("application edit a1 --url https://acme.example/jobs?a=1,2;b")
    event = of_id(exported(search), "i2")

    assert str(event["DESCRIPTION"]) == (
        "With Ben Carter, Ana Silva\nRound 2\nvideo\nNews was promised by 3 Dec 2026, by telephone"
    )
    assert str(event["URL"]) == "https://acme.example/jobs?a=1,2;b"


def test_a_step_is_a_task_with_its_reason_and_its_command(search: Crm):
    calendar = exported(search)
    thanks = titled(calendar, "Thank Ana Silva")

    held = datetime(2026, 11, 22, 15, tzinfo=BERLIN)
    assert at(thanks, "DTSTART", "DUE") == (held, held + timedelta(days=1))
    assert "DURATION" not in thanks
    assert (thanks["STATUS"], thanks["CATEGORIES"].to_ical()) == ("NEEDS-ACTION", b"thankyou")
    assert "Engineer interview at Acme ended 22 Nov 2026" in str(thanks["DESCRIPTION"])
    assert "At the latest 24 Nov 2026 15:00\ncrm thank i1" in str(thanks["DESCRIPTION"])


def test_a_step_that_is_due_on_a_day_has_no_hour(search: Crm):
    promise = titled(exported(search), "Keep your promise: send the references (to Ana Silva)")

    assert at(promise, "DTSTART", "DUE") == (date(2026, 11, 22), date(2026, 11, 25))
    assert promise["DUE"].params["VALUE"] == "DATE"


def test_alarms_ring_as_the_settings_say(search: Crm):
    search.ok("settings set crm_calendar.interview_minutes 2880,30")
    search.ok("settings set crm_calendar.day_hours 8")
    calendar = exported(search)
    event = of_id(calendar, "i2")
    promise = titled(calendar, "Keep your promise: send the references (to Ana Silva)")
    thanks = titled(calendar, "Thank Ana Silva")

    assert triggers(event) == [-timedelta(days=2), -timedelta(minutes=30)]
    assert triggers(promise) == [datetime(2026, 11, 25, 7, tzinfo=UTC)]
    assert triggers(thanks) == [-timedelta(hours=1)]
    assert thanks.walk("VALARM")[0]["TRIGGER"].params["RELATED"] == "END"
    uids = [str(alarm["UID"]) for alarm in calendar.walk("VALARM")]
    assert len(set(uids)) == len(uids)


def test_an_alarm_that_is_past_need_not_ring(search: Crm):
    search.today = "2026-11-23T14:30"
    thanks = titled(exported(search), "Thank Ana Silva")

    assert [alarm["ACKNOWLEDGED"].dt for alarm in thanks.walk("VALARM")] == [datetime(2026, 11, 23, 13, 30, tzinfo=UTC)]


@pytest.mark.parametrize("setting", ["interview_minutes", "step_minutes", "day_hours"])
def test_reminders_can_be_switched_off(search: Crm, setting):
    before = len(exported(search).walk("VALARM"))
    search.ok("settings", "set", f"crm_calendar.{setting}", "")

    assert len(exported(search).walk("VALARM")) < before


@pytest.mark.parametrize(
    ("setting", "value"),
    [("interview_minutes", "-1"), ("day_hours", "9,24"), ("step_minutes", "99999999"), ("kept_days", "-1")],
)
def test_settings_that_no_calendar_can_follow_are_refused(search: Crm, setting, value):
    refused = search("settings", "set", "--", f"crm_calendar.{setting}", value)

    assert refused.code == 2
    assert setting in refused.err


def test_what_is_done_is_completed_in_utc_and_does_not_ring(search: Crm):
    search.ok("promise keep p1 --on yesterday")
    promise = titled(exported(search), "Keep your promise: send the references (to Ana Silva)")

    assert promise["STATUS"] == "COMPLETED"
    assert promise["COMPLETED"].dt == datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert not promise.walk("VALARM")


def handle(crm: Crm, title: str) -> str:
    return next(step["handle"] for step in crm.ok("agenda --all --json").items if step["title"] == title)


def test_what_was_snoozed_does_not_ring_and_what_was_skipped_is_left_out(search: Crm):
    search.ok(f"snooze {handle(search, 'Thank Ana Silva')} 'in 2 days'")
    search.ok("promise add 'call back' --to Ana --by friday")
    search.ok("skip", handle(search, "Keep your promise: send the references (to Ana Silva)"), "--because", "no need")
    calendar = exported(search)
    thanks = titled(calendar, "Thank Ana Silva")

    assert not thanks.walk("VALARM")
    assert "snoozed until 25 Nov 2026" in str(thanks["DESCRIPTION"])
    assert not [todo for todo in calendar.todos if "references" in str(todo["SUMMARY"])]


def test_what_others_owe_says_so(crm: Crm):
    crm.only("crm_calendar", "crm_hearback")
    crm.ok("interview log Acme --at 'yesterday 14:00' --hear-by 'in 3 days' --hear-how 'by telephone'")
    news = titled(exported(crm), "Ask Acme for news")

    assert "Waiting for news from Acme, by telephone" in str(news["DESCRIPTION"])


def test_steps_are_events_too_for_calendars_without_tasks(search: Crm):
    def events(*options: str) -> dict[str, object]:
        calendar = exported(search, *options)
        return {str(event["SUMMARY"]): event for event in calendar.events if str(event["UID"]).endswith("-event")}

    assert events() == {}
    found = events("--events")
    thanks, promise = found["Thank Ana Silva"], found["Keep your promise: send the references (to Ana Silva)"]
    due = datetime(2026, 11, 23, 15, tzinfo=BERLIN)
    assert at(thanks, "DTSTART", "DTEND") == (due - timedelta(minutes=30), due)
    assert at(promise, "DTSTART") == (date(2026, 11, 25),)
    assert ("DTEND" in promise, promise["TRANSP"]) == (False, "TRANSPARENT")
    assert len(thanks.walk("VALARM")) == 1
    assert not [alarm for todo in exported(search, "--events").todos for alarm in todo.walk("VALARM")]

    search.ok("promise keep p1")
    search.ok("settings set crm_calendar.events true")
    assert "Done: Keep your promise: send the references (to Ana Silva)" in events()
    assert events("--no-events") == {}


def test_uids_name_neither_host_nor_user_and_stay(search: Crm):
    uids = [str(part["UID"]) for part in exported(search).walk() if "UID" in part]
    again = [str(part["UID"]) for part in exported(search).walk() if "UID" in part]

    assert uids == again
    assert all(uid.startswith(f"crm-{search.book.identity}-") for uid in uids)


def test_the_calendar_of_an_empty_book_is_empty_and_whole(crm: Crm):
    calendar = exported(crm)

    assert calendar.subcomponents == []


def test_the_commands_are_those_for_the_demo(crm: Crm):
    crm.ok("demo")

    assert "crm --demo " in crm.ok("--demo export ics").out


texts = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\\;,:\n\r\t\x00\x1b\u2028\u202e\U0001f600"), max_size=90
)
deadlines = st.one_of(st.dates(date(2020, 1, 1), date(2035, 1, 1)), moments.map(lambda moment: moment.at))
entries = st.builds(
    Entry,
    handle=st.just("bcdf"),
    key=texts,
    plugin=st.one_of(st.just("crm_thankyou"), texts),
    title=texts,
    why=texts,
    starts=deadlines,
    due=deadlines,
    late=deadlines,
    expires=st.none(),
    person=st.none(),
    about=st.none(),
    command=texts,
    waiting_for=texts,
    state=st.sampled_from(("overdue", "due", "ahead", "waiting", "done", "snoozed")),
    done=st.none() | deadlines,
    note=texts,
)


BOOK = book_in(StillStore(Snapshot(identity="0123456789abcdef")), sections={"crm_calendar": CalendarSettings})


def written(found: list[Entry], **options: object) -> bytes:
    """The calendar of a book that has these steps and nothing else."""
    write = exporter().write
    assert write is not None
    earlier = options.pop("earlier", b"")
    return b"".join(write(Export(book=BOOK, contacts=[], agenda=lambda: found, options=options, earlier=earlier)))


def same_time(read: date, meant: date) -> bool:
    """To the second: iCalendar knows no parts of one."""
    if not isinstance(meant, datetime):
        return read == meant and not isinstance(read, datetime)
    return isinstance(read, datetime) and read == meant.astimezone(read.tzinfo).replace(microsecond=0, fold=read.fold)


def lately(done: date | None) -> bool:
    """Whether what was done then is still told."""
    if done is None or not isinstance(done, datetime):
        return done is None or done >= date(2026, 10, 24)
    return done >= BOOK.now.astimezone(UTC) - timedelta(days=30)


@settings(max_examples=150, deadline=None)
@given(found=st.lists(entries, max_size=4, unique_by=lambda entry: entry.key), events=st.booleans())
def test_whatever_a_step_says_another_program_reads_just_that(found: list[Entry], events: bool):
    data = written(found, events=events)
    calendar = read(data)
    shown = [one for one in found if lately(one.done)]

    assert [str(todo["SUMMARY"]) for todo in calendar.todos] == [clean_text(one.title) for one in shown]
    for todo, entry in zip(calendar.todos, shown, strict=True):
        (due,) = at(todo, "DUE")
        assert same_time(due, entry.due)
        if "DTSTART" in todo:
            (start,) = at(todo, "DTSTART")
            assert type(start) is type(due)
            assert start < due
        assert clean_text(entry.why) in str(todo.get("DESCRIPTION", ""))
    assert written(found, events=events, earlier=data) == data
