"""What crm_coffee does, through the command line; it is always Monday 23 November 2026, 12:00 in Berlin."""

from __future__ import annotations

import pytest
from crm_coffee.records import Chat

from crm_core.testing import HEAVY_FOR_HELP, Crm, PluginContract


class TestContract(PluginContract):
    plugin = "crm_coffee"
    heavy = HEAVY_FOR_HELP


@pytest.fixture(autouse=True)
def plugged(with_plugin):
    """Also where it is not installed, such as in the core's own tests."""
    with_plugin("crm_coffee")


@pytest.fixture
def applied(crm: Crm) -> Crm:
    """Ana works at Acme, where we applied last Friday; Ben worked there."""
    crm.ok("contact add 'Ana Silva' --company Acme")
    crm.ok("contact add 'Ben Carter' --was-at Acme")
    crm.ok("application add Acme Engineer --on 2026-11-20")
    return crm


def coffees(crm: Crm, state: str = "") -> list[dict]:
    found = [step for step in crm.ok("agenda --all --json").items if step["plugin"] == "crm_coffee"]
    return [step for step in found if not state or step["state"] == state]


def test_who_works_there_is_suggested(applied):
    (step,) = coffees(applied)
    assert step["title"] == "Have a coffee with Ana Silva about Acme"
    assert (step["from"], step["due"], step["command"]) == ("2026-11-20", "2026-11-27", "crm coffee log c1")


def test_nobody_is_suggested_for_what_is_over(applied):
    applied.ok("application move a1 withdrawn")
    assert coffees(applied) == []


def test_who_interviews_us_is_not_suggested(applied):
    applied.ok("interview log Acme --at 'tomorrow 14:00' --with Ana")
    assert [step["for"] for step in coffees(applied)] == ["c2"]


def test_a_coffee_closes_the_step_and_is_an_exchange(applied):
    applied.ok("coffee log Ana 'how the night shift works'")
    assert [step["for"] for step in coffees(applied, "done")] == ["c1"]
    assert coffees(applied, "ahead") == []
    (spoken,) = applied.book.interactions
    assert spoken.about == "Coffee: how the night shift works"


def test_done_records_the_coffee(applied):
    (step,) = coffees(applied)
    applied.ok(f"done {step['handle']} --on 2026-11-22")
    (chat,) = applied.book.table(Chat)
    assert (chat.contact, str(chat.on)) == ("c1", "2026-11-22")
    applied.ok("undo")
    assert not list(applied.book.table(Chat))


def test_whom_we_met_lately_is_not_suggested_again(applied):
    applied.ok("coffee log Ana --on 2026-11-01")
    assert [step["for"] for step in coffees(applied)] == ["c2"]
    applied.ok("settings set crm_coffee.again_days 10")
    assert [step["for"] for step in coffees(applied)] == ["c1"]


def test_a_coffee_that_is_still_ahead_is_refused(applied):
    assert applied("coffee log Ana --on 2026-12-01").code == 2
    assert not list(applied.book.table(Chat))


def test_how_many_are_suggested_can_be_set(applied):
    applied.ok("settings set crm_coffee.people 2")
    assert [step["for"] for step in coffees(applied)] == ["c1", "c2"]
    refused = applied("settings", "set", "crm_coffee.people", "--", "-1")
    assert (refused.code, "-1 is not from 0 to 20" in refused.err) == (2, True)


def test_people_and_chats_are_listed(applied):
    assert [row["contact"] for row in applied.ok("coffee who Acme --json").items] == ["c1", "c2"]
    assert "No coffee yet" in applied.ok("coffee list").err + applied.ok("coffee list").out
    applied.ok("coffee log Ana 'boats'")
    (row,) = applied.ok("coffee list --json").items
    assert (row["id"], row["name"], row["about"]) == ("cf1", "Ana Silva", "boats")
    assert "Ana Silva" in applied.ok("coffee list", columns=80).out


def test_chats_are_found_and_go_with_the_person(applied):
    applied.ok("coffee log Ana 'boats'")
    assert "cf1" in [found["id"] for found in applied.ok("find boats --json").items]
    applied.ok("contact remove c1 --yes")
    assert not list(applied.book.table(Chat))


def test_of_merged_people_the_chats_are_one_persons(applied):
    applied.ok("contact add 'A. Silva' --company Acme --new")
    applied.ok("coffee log c3 'boats'")
    applied.ok("contact merge c1 c3 --yes")
    assert [chat.contact for chat in applied.book.table(Chat)] == ["c1"]


def test_the_invitation_leaves_blank_what_only_you_know(applied):
    applied.ok("letter draft coffee Ana")
    body = applied.ok("letter show l1 --json").item["versions"][-1]["body"]
    assert body.startswith("Dear Ana")
    assert "[[what only this person can tell you]]" in body


def test_coffees_are_counted_in_their_period(applied):
    applied.ok("coffee log Ana --on 2026-10-30")
    applied.ok("coffee log Ana --on 2026-11-20")
    applied.ok("coffee log Ben --on 2026-11-21")

    def counted(line: str) -> list[int]:
        return [row["value"] for one in applied.ok(line).items if one["plugin"] == "crm_coffee" for row in one["rows"]]

    assert counted("stats --json") == [3, 2]
    assert counted("stats --json --since 2026-11-21") == [1, 1]
    assert counted("stats --json --until 2026-10-29") == []


def row_of(crm: Crm) -> tuple[str, str]:
    (row,) = [row for row in crm.ok("checklist Acme --json").items if row["number"] == 11]
    return row["state"], row["why"]


@pytest.fixture
def interviewed(applied: Crm) -> Crm:
    """Carla of Acme asked us yesterday, and is nobody to have a coffee with."""
    applied.ok("interview log Acme --at 'yesterday 14:00' --with 'Carla Diaz'")
    return applied


def test_the_checklist_says_where_the_coffee_stands(interviewed):
    assert row_of(interviewed) == ("due", "Have a coffee with Ana Silva about Acme, due Fri 27 Nov")
    interviewed.ok("coffee log Ana")
    assert row_of(interviewed) == ("done", "done today: Have a coffee with Ana Silva about Acme")


def test_the_checklist_says_why_there_is_none(interviewed, freeze):
    interviewed.ok("settings set crm_coffee.people 0")
    assert row_of(interviewed) == ("not called for", "people is set to 0")
    interviewed.ok("settings set crm_coffee.people 1")
    freeze.travel(days=60)
    assert row_of(interviewed) == ("late", "late, never done")
    interviewed.ok("contact remove c1 --yes")
    interviewed.ok("contact remove c2 --yes")
    assert row_of(interviewed) == ("not called for", "nobody who leads there is left to meet")
    interviewed.ok("application move a1 withdrawn")
    assert row_of(interviewed) == ("not called for", "the application has ended")
