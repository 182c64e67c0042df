"""`crm quota` and its pauses, as they are typed. The present is Monday 23 November 2026, 12:00, in Berlin."""

import pytest

from crm_core import Application, Company, Move


def applied(crm, *days):
    """An application sent on each of those days."""
    book = crm.book
    with book.change("applied"):
        company = book.companies.add(Company(name="Bluewater Robotics"))
        for day in days:
            move = Move(id=book.new_move_id(), stage="applied", on=day)
            book.applications.add(Application(company=company.id, role="Engineer", moves=(move,)))


@pytest.fixture
def monday(crm):
    """The present day of the tests."""
    return crm.book.today


def test_the_week_is_shown_with_what_is_missing(crm, monday):
    applied(crm, monday, monday)
    assert crm.ok("quota").out.splitlines() == [
        "week     2026-W48, today to Sun 29 Nov",
        "sent     2 of 5",
        "missing  3 by Sun 29 Nov",
        "streak   0 weeks",
    ]


def test_a_met_week_says_when_it_was_met(crm, monday):
    crm.ok("settings set crm_quota.applications 1")
    applied(crm, monday)
    out = crm.ok("quota").out
    assert "missing  nothing, met today" in out
    assert "streak   1 week\n" in out


def test_an_excused_week_says_why(crm, monday):
    assert "nothing: there is no application yet" in crm.ok("quota").out
    applied(crm, monday)
    crm.ok("quota pause 2026-11-23 2026-11-27")
    assert "nothing: the week is paused" in crm.ok("quota").out


def test_the_week_as_json(crm, monday):
    applied(crm, monday)
    crm.ok("quota pause 2026-12-24 2027-01-03 --note 'at home'")
    assert crm.ok("quota --json").item == {
        "week": "2026-W48",
        "first": "2026-11-23",
        "last": "2026-11-29",
        "quota": 5,
        "sent": 1,
        "missing": 4,
        "met": None,
        "streak": 0,
        "excuse": "",
        "others": [
            {"kind": "people", "quota": 0, "done": 0, "met": None},
            {"kind": "letters", "quota": 0, "done": 0, "met": None},
        ],
        "pauses": [{"id": "pz1", "first": "2026-12-24", "last": "2027-01-03", "note": "at home"}],
    }


def test_a_pause_says_which_weeks_it_excuses(crm):
    result = crm.ok("quota pause 2026-12-24 2027-01-08 --note 'at home'")
    assert result.out == "Added pz1 pause 24 Dec to 8 Jan 2027: at home\n"
    assert result.err == "Excused: 2 weeks, 2026-W53 to 2027-W01.\n"
    assert crm.ok("quota pause 2026-12-21 2026-12-23").err == "Excused: 1 week, 2026-W52.\n"


def test_a_short_pause_says_that_it_excuses_nothing(crm):
    assert crm.ok("quota pause tomorrow friday --json").item["last"] == "2026-11-27"
    assert "It excuses no week" in crm.ok("quota pause 2026-12-08 2026-12-10").err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("quota pause 2026-12-10 2026-12-08", "before it begins"),
        ("quota pause 2026-12-10", "Missing argument 'LAST'"),
        ("quota pause someday friday", "Can't read 'someday' as a date"),
        ("quota pause 03/04/2026 friday", "ambiguous"),
        ("quota resume pz1", "There is no pause 'pz1'"),
        ("quota resume c1", "There is no pause 'c1'"),
        ("quota resume ''", "There is no pause ''"),
        ("quota stop", "No such command 'stop'"),
    ],
)
def test_what_can_not_be_used_is_refused_and_nothing_is_written(crm, command, said):
    result = crm(command)
    assert result.code == 2
    assert said in result.err
    assert crm.ok("quota pauses --json").items == []


def test_the_same_pause_twice_is_refused(crm):
    crm.ok("quota pause 2026-12-24 2027-01-03")
    again = crm("quota pause 2026-12-24 2027-01-03 --json")
    assert again.code == 2
    assert again.error["message"] == "pz1 is that pause already"
    assert len(crm.ok("quota pauses --json").items) == 1


def test_pauses_are_listed_the_earliest_first(crm):
    assert crm.ok("quota pauses").err == "No pauses.\n"
    crm.ok("quota pause 2026-12-24 2027-01-03")
    crm.ok("quota", "pause", "2026-11-25", "2026-11-26", "--note", "a\x1b[2Jcold")
    result = crm.ok("quota pauses")
    assert [line.split()[0] for line in result.out.splitlines()] == ["id", "pz2", "pz1"]
    assert "\x1b" not in result.out
    crm.ok("quota pause 2026-12-01 2027-03-01")
    assert [row["id"] for row in crm.ok("quota pauses --json").items] == ["pz2", "pz3", "pz1"]


def test_a_pause_ahead_is_removed_by_resuming(crm):
    crm.ok("quota pause 2026-12-24 2027-01-03")
    assert crm.ok("quota resume pz1").out == "Removed pz1 pause 24 Dec to 3 Jan 2027\n"
    assert crm.ok("quota pauses --json").items == []


def test_a_running_pause_ends_yesterday_so_that_the_weeks_behind_stay_excused(crm):
    crm.ok("quota pause 2026-11-09 2026-12-04")
    crm.today = "2026-11-27"
    assert crm.ok("quota resume pz1").out.startswith("Ended pz1 pause ")
    assert crm.ok("quota pauses --json").items == [
        {"id": "pz1", "first": "2026-11-09", "last": "2026-11-26", "note": ""}
    ]
    assert crm.ok("quota resume pz1").out.startswith("Removed pz1 ")


def test_on_its_last_day_a_pause_is_still_running(crm):
    crm.ok("quota pause 2026-11-20 today")
    assert crm.ok("quota resume pz1").out == "Ended pz1 pause Fri 20 Nov to yesterday\n"


def test_a_pause_may_be_of_one_day(crm):
    assert crm.ok("quota pause friday friday --json").item["first"] == "2026-11-27"


def test_a_pause_that_begins_today_is_removed_by_resuming(crm):
    crm.ok("quota pause today 2026-12-04")
    assert crm.ok("quota resume pz1").out.startswith("Removed pz1 ")
    assert crm.ok("quota pauses --json").items == []


def test_the_agenda_has_the_step_until_the_week_is_over(crm, monday):
    applied(crm, monday)
    crm.today = "2026-11-29T23:59"
    (step,) = crm.ok("agenda --plugin quota --json").items
    assert (step["key"], step["state"], step["title"]) == ("crm_quota/apply/2026-W48", "due", "Apply for 4 more jobs")
    crm.today = "2026-11-30T00:01"
    (step,) = crm.ok("agenda --plugin quota --json").items
    assert (step["key"], step["due"]) == ("crm_quota/apply/2026-W49", "2026-12-06")


def test_done_marks_this_weeks_step_and_no_other(crm, monday):
    applied(crm, monday)
    (step,) = crm.ok("agenda --plugin quota --json").items
    crm.ok(f"done {step['handle']}")
    assert crm.ok("agenda --plugin quota --json").items == []
    assert len(crm.book.marks) == 1
    crm.today = "2026-11-30"
    (step,) = crm.ok("agenda --plugin quota --json").items
    assert step["key"].endswith("2026-W49")


def test_an_empty_book_is_told_how_to_begin_and_nothing_else(crm):
    result = crm.ok("agenda")
    assert "Your book is empty" in result.out
    assert "Apply for" not in result.out


def test_a_quota_below_zero_is_refused_and_stays_what_it_was(crm):
    result = crm("settings", "set", "crm_quota.applications", "-1")
    assert result.code == 2
    assert crm.ok("quota --json").item["quota"] == 5


def test_an_unusable_setting_in_the_file_is_the_users_to_mend(crm):
    crm.home.mkdir(parents=True, exist_ok=True)
    crm.ok("settings set crm_quota.applications 3")
    path = crm.ok("settings path").out.strip()
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("[crm_quota]\napplications = -3\n")
    result = crm("quota")
    assert result.code == 2
    assert "applications: -3 is less than 0" in result.err


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("application move a1 accepted", "an offer is accepted"),
        ("quota pause 2026-11-23 2026-11-29", "the week is paused"),
        ("settings set crm_quota.applications 0", "no quota is set"),
    ],
)
def test_the_checklist_says_why_nothing_is_called_for(crm, command, why):
    crm.only("crm_quota")
    crm.ok("interview log Acme --at 'yesterday 14:00'")
    crm.ok(command)
    (row,) = crm.ok("checklist --json").items
    assert (row["state"], row["why"]) == ("not called for", why)
