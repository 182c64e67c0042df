from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm_core.book import Book
from crm_core.demo import TITLE, make
from crm_core.errors import InputError
from crm_core.records import STAGES, Company
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore

MONDAY = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Berlin"))
PRESENTS = [
    *[MONDAY.replace(hour=0, minute=1) + timedelta(days=days) for days in range(7)],
    *[MONDAY.replace(hour=23, minute=59) + timedelta(days=days) for days in range(7)],
    datetime(2026, 3, 29, 3, 30, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2026, 10, 25, 22, 0, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(2027, 1, 1, 0, 0, tzinfo=ZoneInfo("Pacific/Kiritimati")),
    datetime(2028, 2, 29, 6, 7, 8, 9, tzinfo=ZoneInfo("America/St_Johns")),
    datetime(2026, 4, 6, 9, 15, tzinfo=ZoneInfo("Australia/Lord_Howe")),
]


def empty(folder: Path, now: datetime = MONDAY) -> Book:
    return Book(TinyStore(folder / "book.json"), now=now, settings=Settings(folder / "config.toml"))


def made(folder: Path, now: datetime = MONDAY) -> Book:
    book = empty(folder, now)
    make(book)
    return empty(folder, now)


@pytest.fixture
def demo(tmp_path):
    return made(tmp_path)


def test_there_are_thirty_people_who_all_work_somewhere_and_have_an_address(demo):
    assert len(demo.contacts) == 30
    assert len({contact.name for contact in demo.contacts}) == 30
    for contact in demo.contacts:
        assert contact.position is not None
        assert contact.position.organisation
        assert contact.emails
        assert contact.how


def test_some_worked_elsewhere_before_and_some_know_each_other(demo):
    moved = [contact for contact in demo.contacts if any(not position.current for position in contact.positions)]
    linked = [
        position for contact in moved for position in contact.positions if not position.current and position.company
    ]
    knowing = [contact for contact in demo.contacts if contact.knows]
    assert len(moved) >= 10
    assert len(linked) >= 5
    assert len(knowing) >= 8
    assert all(demo.contacts.find(ref) and ref != contact.id for contact in knowing for ref in contact.knows)


def test_everybody_at_a_company_of_the_book_refers_to_it(demo):
    names = {company.name: company.id for company in demo.companies}
    assert 6 <= len(names) <= 7
    for contact in demo.contacts:
        for position in contact.positions:
            assert position.company == names.get(position.organisation)


def test_no_address_or_number_can_be_anybodys(demo):
    assert all(re.fullmatch(r"[a-z.]+@[a-z-]+\.example", email) for c in demo.contacts for email in c.emails)
    phones = [phone for contact in demo.contacts for phone in contact.phones]
    assert phones
    assert all(re.fullmatch(r"\+44 1632 960\d{3}", phone) for phone in phones)
    pages = [profile.url for record in (*demo.companies, *demo.contacts) for profile in record.profiles]
    assert all(url.startswith("https://social.example/") for url in pages)
    assert all(domain.endswith(".example") for company in demo.companies for domain in company.domains)
    assert all(company.website == f"https://{company.domains[0]}" for company in demo.companies)
    assert len({email for contact in demo.contacts for email in contact.emails}) == 30


def test_there_is_an_application_in_every_stage_but_accepted(demo):
    stages = Counter(application.stage for application in demo.applications)
    assert set(stages) == set(STAGES) - {"accepted"}
    assert stages["interviewing"] == 3
    assert stages.total() == 10


def test_it_is_one_change_set(demo):
    history = TinyStore(demo_path(demo)).history()
    assert [change.title for change in history] == [TITLE]


def demo_path(book):
    return book._session._store.path


def test_a_book_with_anything_in_it_is_refused_and_left_as_it_is(tmp_path):
    book = empty(tmp_path)
    with book.change("own"):
        book.companies.add(Company(name="Acme"))
    before = (tmp_path / "book.json").read_bytes()
    with pytest.raises(InputError, match="not"):
        make(empty(tmp_path))
    assert (tmp_path / "book.json").read_bytes() == before


def test_the_last_interview_has_a_panel_of_three_and_notes_on_each(demo):
    last = max((i for i in demo.interviews if i.end <= demo.now), key=lambda interview: interview.end)
    noted = {note.contact for note in demo.notes.where("interview", last.id)}
    assert len(last.panel) == 3
    assert noted == {seat.contact for seat in last.panel}
    assert [seat.lead for seat in last.panel] == [True, False, False]


def test_business_cards_are_of_people_at_the_interview_they_were_received_in(demo):
    received = [card for card in demo.cards if card.interview]
    assert len(received) >= 3
    for card in received:
        interview = demo.interviews.get(card.interview)
        assert card.contact in {seat.contact for seat in interview.panel}
        assert card.received == interview.at.local.date()
        assert card.name == demo.contacts.get(card.contact).name


def test_of_the_promises_one_is_late_one_due_today_one_kept_and_one_ahead(demo):
    promises = list(demo.promises)
    due = [promise.due - demo.today for promise in promises if promise.open]
    assert sorted(due) == [timedelta(days=-1), timedelta(), timedelta(days=5)]
    kept = [promise for promise in promises if promise.kept]
    assert [promise.kept <= promise.due for promise in kept] == [True]


@pytest.mark.parametrize("now", PRESENTS, ids=str)
def test_whenever_it_is_made_the_interviews_lie_as_far_away_as_the_story_says(tmp_path, now):
    book = made(tmp_path, now)
    days = [(interview.at.local.date() - book.today).days for interview in book.interviews]
    hours = [(now - interview.end).total_seconds() / 3600 for interview in book.interviews]
    assert (days[0], days[1], days[4], days[5]) == (-34, -3, 1, 5)
    assert 25 <= hours[2] <= 47
    # A moment is kept as wall-clock time, so a clock change may move it by its hour.
    assert 14 <= hours[3] < 24


@pytest.mark.parametrize("hour", range(24))
def test_interviews_are_held_by_day_where_that_is_possible(tmp_path, hour):
    ends = [interview.end.hour for interview in made(tmp_path, MONDAY.replace(hour=hour)).interviews]
    assert 10 <= ends[2] < 18
    assert (10 <= ends[3] < 18) is (1 <= hour <= 17)


@pytest.mark.parametrize("now", PRESENTS, ids=str)
def test_whenever_it_is_made_two_applications_are_this_weeks(tmp_path, now):
    book = made(tmp_path, now)
    monday = book.today - timedelta(days=book.today.weekday())
    sent = [move.on for a in book.applications for move in a.moves if move.stage == "applied"]
    assert len([day for day in sent if monday <= day <= book.today]) == 2


@pytest.mark.parametrize("now", PRESENTS, ids=str)
def test_whenever_it_is_made_no_fact_is_dated_after_the_present_and_stages_are_in_order(tmp_path, now):
    book = made(tmp_path, now)
    days = [exchange.on for exchange in book.interactions]
    days += [note.written for note in book.notes]
    days += [promise.made for promise in book.promises]
    days += [question.asked for question in book.questions if question.asked]
    days += [move.on for application in book.applications for move in application.moves]
    assert max(days) <= book.today
    assert all(letter.sent.at <= now for letter in book.letters)
    for application in book.applications:
        on = [move.on for move in application.moves]
        assert on == sorted(on)


def test_what_was_sent_is_one_letter_with_a_text_and_one_without(demo):
    assert [bool(letter.body) for letter in demo.letters] == [False, True]
    assert all(letter.sent and letter.family == "thanks" for letter in demo.letters)


def test_references_between_interviews_questions_and_letters_fit(demo):
    for question in demo.questions:
        assert demo.interviews.get(question.interview).application == question.application
    for letter in demo.letters:
        assert demo.interviews.get(letter.interview).application == letter.application
