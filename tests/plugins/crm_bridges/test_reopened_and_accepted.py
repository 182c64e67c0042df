"""A role that is open again, and telling the others that an offer is accepted."""

from __future__ import annotations

from datetime import date

import pytest

from crm_bridges.reopening import role_words
from crm_core import Company, InputError
from crm_core.steps import step_key


def test_a_role_that_somebody_said_is_open_again(rejected):
    rejected.reopened(rejected.application, "2026-11-22", "Mara told me")
    step = rejected.step("reopened")
    assert step_key("crm_bridges", step) == "crm_bridges/reopened/a1/ro1"
    assert step.title == "Ask for the role that is open again: Bluewater Robotics (Data Engineer)"
    assert step.why == "Mara told me (yesterday); they said no on Fri 20 Nov"
    assert (step.starts, step.due, step.expires) == (date(2026, 11, 22), date(2026, 11, 24), date(2027, 1, 23))
    assert step.person == "c1"


@pytest.mark.parametrize(
    "title", ["Data Engineer (m/w/d)", "We hire: ENGINEER for data!", "Senior Dáta Engineer, Berlin"]
)
@pytest.mark.parametrize("state", ["unread", "kept"])
def test_a_feed_that_names_the_role_says_so_too(rejected, title, state):
    rejected.news(title, state=state)
    step = rejected.step("reopened")
    assert (step.slot, step.due) == ("f1", date(2026, 11, 24))
    assert title in step.why


@pytest.mark.parametrize(
    "news",
    [
        {"title": "Data Engineer", "state": "read"},
        {"title": "Data Engineer", "published": "2026-11-20"},
        {"title": "Data Engineer", "published": None},
        {"title": "Database Engineering"},
        {"title": "Data Scientist"},
        {"title": ""},
    ],
)
def test_other_news_say_nothing(rejected, news):
    rejected.news(**news)
    assert rejected.steps("reopened") == []


def test_news_of_another_company_say_nothing(rejected):
    rejected.news("Data Engineer", company=rejected.add(Company(name="Acme")))
    assert rejected.steps("reopened") == []


def test_a_role_that_nobody_knows_is_in_every_title_and_in_none(search):
    search.interview(search.applied(role="unknown"), search.person())
    search.news("An unknown role")
    assert search.steps("reopened") == []


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("Data Engineer (m/w/d)", {"data", "engineer"}),
        ("C++ Developer m/f", {"c++", "developer"}),
        ("Ingénieur", {"ingenieur"}),
        ("Unknown", set()),
        ("  ", set()),
    ],
)
def test_the_words_of_a_role(role, words):
    assert role_words(role) == words


def test_the_last_sign_is_the_one_that_counts(rejected):
    rejected.reopened(rejected.application, "2026-11-22")
    rejected.news("Data Engineer", published="2026-11-23")
    rejected.reopened(rejected.application, "2026-11-21")
    assert rejected.step("reopened").slot == "f1"


def test_a_sign_from_before_the_last_no_is_over(rejected):
    rejected.reopened(rejected.application, "2026-11-20")
    rejected.moved(rejected.application, "interviewing", "2026-11-21")
    rejected.moved(rejected.application, "rejected", "2026-11-22")
    assert rejected.steps("reopened") == []


def test_a_word_to_them_or_a_new_application_is_the_answer(rejected):
    rejected.reopened(rejected.application, "2026-11-22")
    rejected.letter(rejected.mara, "gracious", "2026-11-23", application="a1")
    rejected.exchange(rejected.mara, "in", "2026-11-23")
    assert rejected.step("reopened").done is None
    rejected.applied("applied 2026-11-23")
    assert rejected.step("reopened").done == date(2026, 11, 23)
    rejected.exchange(rejected.mara, "out", "2026-11-22")
    assert rejected.step("reopened").done == date(2026, 11, 22)


def test_done_records_the_word(rejected):
    rejected.reopened(rejected.application, "2026-11-22")
    with pytest.raises(InputError, match="nothing to answer yet"):
        rejected.done("reopened", "2026-11-21")
    assert rejected.done("reopened", "2026-11-23")
    assert rejected.step("reopened").done == date(2026, 11, 23)


def test_with_nobody_known_the_role_is_still_worth_a_step(search):
    search.reopened(search.applied(), "2026-11-22")
    step = search.step("reopened")
    assert step.person is None
    assert not search.done("reopened", "2026-11-23")


def test_removing_the_application_takes_its_reopenings_along(rejected):
    rejected.reopened(rejected.application, "2026-11-22")
    with rejected.book.change("removed"):
        rejected.book.remove(rejected.book.removal(rejected.book.applications.get("a1")))
    assert rejected.steps() == []


def test_who_still_waits_is_told_kindly(search):
    other = search.applied("interviewing 2026-10-01", company="Acme")
    ana = search.person("Ana Silva")
    search.interview(other, ana)
    assert search.steps() == []
    search.applied("interviewing 2026-10-02, accepted 2026-11-20")
    step = search.step("tell")
    assert step_key("crm_bridges", step) == "crm_bridges/tell/a1/m3"
    assert step.title == "Tell Acme kindly that you have accepted another offer"
    assert (step.starts, step.due, step.person) == (date(2026, 11, 20), date(2026, 11, 22), ana.id)
    assert step.command == "crm bridges write a1"


@pytest.mark.parametrize("stage", ["wishlist", "rejected", "ghosted", "accepted"])
def test_who_does_not_wait_is_not_told(search, stage):
    search.applied(f"{stage} 2026-10-01", company="Acme")
    search.applied("accepted 2026-11-20")
    assert search.steps("tell") == []


def test_a_search_that_began_after_the_acceptance_is_another_one(search):
    search.applied("accepted 2026-11-20")
    search.applied("applied 2026-11-22", company="Acme")
    assert search.steps("tell") == []


def test_withdrawing_is_telling(search):
    other = search.applied("applied 2026-10-01", company="Acme")
    search.applied("accepted 2026-11-20")
    assert not search.done("tell", "2026-11-21")
    search.moved(other, "withdrawn", "2026-11-22")
    assert search.step("tell").done == date(2026, 11, 22)


def test_who_withdrew_before_needs_no_word(search):
    search.applied("applied 2026-10-01, withdrawn 2026-11-01", company="Acme")
    search.applied("accepted 2026-11-20")
    assert search.steps("tell") == []


def test_the_letter_is_telling_too(search):
    search.applied("applied 2026-10-01", company="Acme")
    search.applied("accepted 2026-11-20")
    search.letter(search.person(), "withdraw", "2026-11-21", application="a1")
    assert search.step("tell").done == date(2026, 11, 21)
