"""People reached and letters sent a week. The present is Monday 23 November 2026, 12:00, in Berlin."""

from __future__ import annotations

import pytest


@pytest.fixture
def begun(crm):
    """A search with one application, somebody spoken to, and a letter sent."""
    crm.ok("application add Acme Engineer --on today")
    crm.ok("log 'Ana Silva' 'Asked about the team' --out --by phone --on today --new")
    crm.ok("log 'Ana Silva' 'And once more' --out --by email --on today")
    crm.ok("log 'Ana Silva' 'She answered' --in --by email --on today")
    return crm


def acts(crm):
    return {act["kind"]: (act["done"], act["quota"]) for act in crm.ok("quota --json").item["others"]}


def steps(crm):
    found = crm.ok("agenda --all --json --plugin quota").items
    return {step["key"]: (step["title"], step["state"]) for step in found if "apply" not in step["key"]}


def test_without_a_number_they_are_counted_and_not_asked_for(begun):
    assert acts(begun) == {"people": (1, 0), "letters": (0, 0)}
    assert steps(begun) == {}
    assert "people reached  1\n" in begun.ok("quota").out


def test_a_number_makes_a_step_that_is_done_when_it_is_reached(begun):
    begun.ok("settings set crm_quota.people 2")
    assert steps(begun) == {"crm_quota/people/2026-W48": ("Write or speak to 1 more person", "ahead")}

    begun.ok("log 'Ben Carter' 'Coffee' --out --by meeting --on today --new")

    assert steps(begun) == {"crm_quota/people/2026-W48": ("Write or speak to 2 people", "done")}
    assert "people reached  2 of 2\n" in begun.ok("quota").out


def test_letters_count_for_both_when_they_are_sent(begun):
    begun.ok("settings set crm_quota.letters 1")
    begun.ok("interview log Acme --at 'today 08:00' --with 'Mara Lindqvist'")
    begun.ok("thank i1")
    assert acts(begun) == {"people": (1, 0), "letters": (0, 1)}

    begun.ok("letter sent l1 --force")

    assert acts(begun) == {"people": (2, 0), "letters": (1, 1)}
    assert steps(begun) == {"crm_quota/letters/2026-W48": ("Send 1 letter", "done")}


def test_an_accepted_offer_ends_them_too(begun):
    begun.ok("settings set crm_quota.people 9")
    begun.ok("application move Acme accepted")

    assert steps(begun) == {}


def test_last_weeks_do_not_count(begun):
    begun.today = "2026-11-30T12:00"

    assert acts(begun) == {"people": (0, 0), "letters": (0, 0)}


def test_a_negative_number_is_refused(begun):
    result = begun("settings set crm_quota.people -- -1")

    assert result.code == 2
    assert "people can't be '-1'\n     hint: -1 is less than 0" in result.err
