"""From a phone's address book to today's agenda: Robin's first week with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

PHONE = Path(__file__).parents[2] / "examples/data/phone.vcf"

# Thursday's interview ended at 15:00; Robin sits down on Thursday evening.
THURSDAY_EVENING = "2026-11-19T20:30"


@pytest.fixture
def robin(crm):
    """Robin, who has imported the phone's address book and logged one interview."""
    crm.today = THURSDAY_EVENING
    crm.ok("me", "set", "name", "Robin Vale")
    crm.ok("me", "set", "email", "robin.vale@example.com")
    crm.ok("import", str(PHONE))
    crm.ok(
        "interview log 'Bluewater Robotics' --role 'Platform Engineer' --at 'today 14:00' --length 60m"
        " --with 'Mara Lindqvist' --with 'Tom Okafor'"
    )
    return crm


def thank_you(crm):
    """The thank-you step as scripts see it, whatever became of it."""
    steps = crm.ok("agenda --all --json --plugin thankyou").items
    assert len(steps) == 1
    return steps[0]


def pauses_as_stored(crm):
    """The bytes of the quota plugin's own table; each table has a line of its own in the file."""
    lines = (crm.home / "book.json").read_bytes().splitlines()
    return next(line.rstrip(b",}") for line in lines if line.startswith(b'"crm_quota.pauses"'))


def test_people_come_in_from_the_phone(crm):
    summary = crm.ok("import", str(PHONE))

    assert "12 added" in summary.out
    assert {person["name"] for person in crm.ok("contact list --json").items} >= {"Mara Lindqvist", "Tom Okafor"}


def test_the_same_file_again_changes_nothing(crm):
    crm.ok("import", str(PHONE))
    before = (crm.home / "book.json").read_bytes()

    again = crm.ok("import", str(PHONE))

    assert "12 same" in again.out
    assert (crm.home / "book.json").read_bytes() == before


def test_the_people_on_the_panel_are_those_from_the_phone(robin):
    panel = robin.ok("interview show i1 --json").item["panel"]

    names = [robin.ok("contact", "show", seat["contact"], "--json").item["name"] for seat in panel]
    assert names == ["Mara Lindqvist", "Tom Okafor"]
    assert len(robin.ok("contact list --json").items) == 12


def test_the_agenda_says_to_thank_the_lead_within_a_day(robin):
    step = thank_you(robin)

    assert step["title"] == "Thank Mara Lindqvist"
    assert step["from"] == "2026-11-19T15:00:00+01:00"
    assert step["due"] == "2026-11-20T15:00:00+01:00"
    assert step["late"] == "2026-11-21T15:00:00+01:00"
    assert step["state"] == "ahead"
    screen = robin.ok().out
    assert "Thank Mara Lindqvist" in screen
    assert step["handle"] in screen
    assert step["command"] in screen


def test_correcting_the_interviews_date_moves_the_thank_you(robin):
    robin.ok("interview edit i1 --at '2026-11-18 10:00'")

    step = thank_you(robin)

    assert step["due"] == "2026-11-19T11:00:00+01:00"
    assert step["state"] == "due"


def test_a_letter_is_drafted_completed_exported_and_recorded_as_sent(robin, tmp_path):
    robin.ok("note", "add", "Bluewater", "We talked about the failover of the docking service.", "--about", "Mara")
    robin.ok("thank i1")
    letter = robin.ok("letter list --json").items[0]
    robin.ok("letter", "edit", letter["id"], "--body", "Dear Mara,\n\nThank you for today.\n\nRobin")

    robin.ok("letter", "export", letter["id"], "--eml", "-o", str(tmp_path / "thanks.eml"))
    robin.ok("letter", "sent", letter["id"])

    mail = (tmp_path / "thanks.eml").read_bytes()
    assert b"X-Unsent: 1" in mail
    assert b"Thank you for today." in mail
    assert thank_you(robin)["state"] == "done"


def test_done_records_the_letter_as_sent_and_does_not_come_back(robin):
    handle = thank_you(robin)["handle"]

    robin.ok("done", handle)

    assert [letter["sent"] is not None for letter in robin.ok("letter list --json").items] == [True]
    assert "Thank Mara" not in robin.ok().out
    robin.today = "2026-11-20T09:00"
    assert "Thank Mara" not in robin.ok().out
    assert thank_you(robin)["state"] == "done"


def test_postponing_the_interview_after_that_opens_it_again_and_says_why(robin):
    robin.ok("done", thank_you(robin)["handle"])

    robin.ok("interview edit i1 --at '2026-11-24 14:00'")
    robin.today = "2026-11-24T18:00"

    step = thank_you(robin)
    assert step["state"] in {"due", "ahead"}
    assert step["due"] == "2026-11-25T15:00:00+01:00"
    assert "19 Nov" in step["why"]
    assert "Thank Mara Lindqvist" in robin.ok().out


def test_a_promise_is_due_on_its_own_day_and_kept_by_done(robin):
    robin.ok("promise", "add", "send the references", "--to", "Mara", "--by", "tomorrow", "--interview", "i1")

    step = robin.ok("agenda --json --plugin promises").items[0]
    assert step["due"] == "2026-11-20"
    robin.today = "2026-11-20T18:00"
    robin.ok("done", step["handle"], "--on", "today")

    assert robin.ok("agenda --json --plugin promises").items == []
    assert robin.ok("promise list --all --json").items[0]["kept"] == "2026-11-20"


def test_the_quota_asks_for_more_applications_this_week(robin):
    step = robin.ok("agenda --json --plugin quota").items[0]

    assert step["due"] == "2026-11-22"
    assert "1 of 5" in step["why"]


def test_a_plugin_that_is_away_leaves_its_records_untouched(robin):
    robin.ok("quota pause 2026-12-21 2027-01-03 --note Christmas")
    before = pauses_as_stored(robin)

    robin.ok("--no-plugins contact add 'Hugo Brandt'")

    assert pauses_as_stored(robin) == before
    assert robin.ok("quota pauses --json").items[0]["note"] == "Christmas"
