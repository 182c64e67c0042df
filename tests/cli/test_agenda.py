from __future__ import annotations

from datetime import datetime

import pytest

from crm_core.cli.agenda import FIRST_WORDS

SEARCH = """\
application add "Bluewater Robotics" "Field Data Analyst" --stage applied --on 2026-11-10
interview log "Bluewater Robotics" --at "2026-11-20 14:00" --with "Mara Lindqvist" --with "Tomas Vrba"
interview log "Bluewater Robotics" --at "2026-11-25 10:00" --with "Mara Lindqvist" --with "Tomas Vrba"
promise add "send the drawings of the winch" --to Tomas --by today --interview i1
promise add "call about the start date" --to Mara --by "2026-11-27 10:30" --made 2026-11-12
promise add "come back with cake" --to Mara --by 2027-01-15
application add Acme "Supply Planner" --stage applied --on today
"""
AT_60 = """\
Interviews ahead
  i2    Wed 25 Nov 10:00: Field Data Analyst at Bluewater
        Robotics, with Mara Lindqvist, Tomas Vrba

Overdue (1)
  dgnb  Thank Mara Lindqvist, due Sat 21 Nov 15:00,
        at the latest yesterday 15:00
        Field Data Analyst interview at Bluewater Robotics
        ended Fri 20 Nov 15:00
        crm thank i1

Today (1)
  xzcm  Keep your promise: send the drawings of the winch
        (to Tomas Vrba), due today
        You promised it on Fri 20 Nov, in the interview at
        Bluewater Robotics
        crm promise keep p1

Next 7 days (2)
  jzpc  Keep your promise: call about the start date (to
        Mara Lindqvist), due Fri 27 Nov 10:30
        You promised it on 12 Nov
        crm promise keep p2
  tflm  Apply for 4 more jobs, due Sun 29 Nov
        1 of 5 this week; no offer is accepted yet
        crm application add COMPANY ROLE

1 more later: crm agenda --until 2027-01-15
When a step is done: crm done STEP, with the letters before
it.
"""
AT_80 = """\
Interviews ahead
  i2    Wed 25 Nov 10:00: Field Data Analyst at Bluewater Robotics, with
        Mara Lindqvist, Tomas Vrba

Overdue (1)
  dgnb  Thank Mara Lindqvist, due Sat 21 Nov 15:00,
        at the latest yesterday 15:00
        Field Data Analyst interview at Bluewater Robotics ended Fri 20 Nov
        15:00
        crm thank i1

Today (1)
  xzcm  Keep your promise: send the drawings of the winch (to Tomas Vrba),
        due today
        You promised it on Fri 20 Nov, in the interview at Bluewater Robotics
        crm promise keep p1

Next 7 days (2)
  jzpc  Keep your promise: call about the start date (to Mara Lindqvist),
        due Fri 27 Nov 10:30
        You promised it on 12 Nov
        crm promise keep p2
  tflm  Apply for 4 more jobs, due Sun 29 Nov
        1 of 5 this week; no offer is accepted yet
        crm application add COMPANY ROLE

1 more later: crm agenda --until 2027-01-15
When a step is done: crm done STEP, with the letters before it.
"""
AT_120 = """\
Interviews ahead
  i2    Wed 25 Nov 10:00: Field Data Analyst at Bluewater Robotics, with Mara Lindqvist, Tomas Vrba

Overdue (1)
  dgnb  Thank Mara Lindqvist, due Sat 21 Nov 15:00, at the latest yesterday 15:00
        Field Data Analyst interview at Bluewater Robotics ended Fri 20 Nov 15:00
        crm thank i1

Today (1)
  xzcm  Keep your promise: send the drawings of the winch (to Tomas Vrba), due today
        You promised it on Fri 20 Nov, in the interview at Bluewater Robotics
        crm promise keep p1

Next 7 days (2)
  jzpc  Keep your promise: call about the start date (to Mara Lindqvist), due Fri 27 Nov 10:30
        You promised it on 12 Nov
        crm promise keep p2
  tflm  Apply for 4 more jobs, due Sun 29 Nov
        1 of 5 this week; no offer is accepted yet
        crm application add COMPANY ROLE

1 more later: crm agenda --until 2027-01-15
When a step is done: crm done STEP, with the letters before it.
"""
STEP_FIELDS = {
    "handle", "key", "plugin", "title", "why", "from", "due", "late", "expires", "for", "about", "command",
    "waiting_for", "state",
}  # fmt: skip
WAITING = """\
from datetime import date
from crm_core import Step, hookimpl

@hookimpl
def crm_steps(book):
    yield Step(kind="news", slot="1", title="Ask Bluewater for news", why="They said by Friday",
               starts=date(2026, 11, 28), due=date(2026, 11, 28), waiting_for="their decision, by telephone",
               command="crm log Mara")
"""
FAILING = """\
from crm_core import hookimpl

@hookimpl
def crm_steps(book):
    raise RuntimeError("the moon is in the way")
"""


@pytest.fixture
def search(crm):
    crm.only("crm_promises", "crm_quota", "crm_thankyou")
    for command in SEARCH.splitlines():
        crm.ok(command)
    return crm


def titles(items):
    return [item["title"] for item in items]


@pytest.mark.parametrize(("columns", "screen"), [(60, AT_60), (80, AT_80), (120, AT_120), (None, AT_120)])
def test_the_screen_at_each_width(search, columns, screen):
    assert search.ok("agenda", columns=columns).out == screen


def test_alone_the_program_shows_the_agenda(search):
    assert search.ok(columns=80).out == AT_80


def test_nothing_is_wider_than_a_narrow_terminal(search):
    assert max(map(len, search.ok("agenda", columns=40).out.splitlines())) <= 40


def test_a_step_as_json_has_the_fields_that_scripts_rely_on(search):
    data = search.ok("agenda --json").data
    assert set(data) == {"schema", "items", "interviews"}
    assert all(item.keys() >= STEP_FIELDS for item in data["items"])
    thank = next(item for item in data["items"] if item["about"] == "i1")
    assert {name: thank[name] for name in STEP_FIELDS - {"title", "why", "expires"}} == {
        "handle": "dgnb",
        "key": "crm_thankyou/thank/i1/c1",
        "plugin": "crm_thankyou",
        "from": "2026-11-20T15:00:00+01:00",
        "due": "2026-11-21T15:00:00+01:00",
        "late": "2026-11-22T15:00:00+01:00",
        "for": "c1",
        "about": "i1",
        "command": "crm thank i1",
        "waiting_for": "",
        "state": "overdue",
    }
    assert data["interviews"] == [
        {
            "id": "i2",
            "title": "Field Data Analyst at Bluewater Robotics",
            "start": "2026-11-25T10:00:00+01:00",
            "end": "2026-11-25T11:00:00+01:00",
            "panel": ["Mara Lindqvist", "Tomas Vrba"],
        }
    ]


def test_dates_without_an_hour_are_dates_in_json_and_others_have_a_zone(search):
    items = search.ok("agenda --json --all").items
    dates = [item[name] for item in items for name in ("from", "due", "late", "expires") if item[name]]
    days = [text for text in dates if len(text) == len("2026-11-23")]
    assert days
    assert all(datetime.fromisoformat(text).tzinfo for text in dates if text not in days)


def test_the_agenda_looks_ahead_as_far_as_one_asks(search):
    near = search.ok("agenda --until tomorrow").out
    assert "Interviews ahead" not in near
    assert "start date" not in near
    assert "3 more later" in near
    far = search.ok("agenda --until 2027-01-15").out
    assert "\nUntil 15 Jan 2027 (" in far
    assert "come back with cake" in far
    assert "more later" not in far
    assert "Thank Mara Lindqvist, due Thu 26 Nov 11:00" in far


def test_what_the_screen_says_is_later_is_shown_by_the_command_that_it_names(search):
    line = next(line for line in search.ok("agenda").out.splitlines() if "more later" in line)
    command = line.split(": crm ")[1]
    shown = search.ok(command).out
    assert "cake" in shown
    assert "more later" not in shown


def test_a_day_that_is_past_is_refused_as_the_end_of_the_agenda(search):
    refused = search("agenda --until yesterday")
    assert refused.code == 2
    assert "past" in refused.err


def test_what_was_finished_is_shown_on_demand_only(search):
    search.ok("promise keep p1 --on yesterday")
    search.ok("promise keep p2 --on 2026-11-13")
    assert "drawings" not in search.ok("agenda").out
    everything = search.ok("agenda --all").out.split("Done, snoozed, skipped (2)\n")[1]
    assert "drawings of the winch (to Tomas Vrba), done yesterday" in everything
    assert "done 13 Nov" in everything
    assert "crm promise keep" not in everything
    lately = search.ok("agenda --all --since yesterday").out
    assert "drawings" in lately
    assert "start date" not in lately
    assert search.ok("agenda --since yesterday").out == lately


def test_a_step_is_not_skipped_for_no_reason(search):
    handle = search.ok("agenda --json").items[0]["handle"]
    assert search("skip", handle, "--because", " ").code == 2
    assert len(search.book.marks) == 0


def test_what_was_snoozed_and_skipped_is_shown_on_demand_with_what_was_said(search):
    handles = {item["title"]: item["handle"] for item in search.ok("agenda --json").items}
    search.ok("snooze", handles["Thank Mara Lindqvist"], "in 2 days")
    search.ok("skip", handles["Apply for 4 more jobs"], "--because", "I have a cold")
    out = search.ok("agenda").out
    assert "Thank" not in out
    assert "Apply" not in out
    hidden = search.ok("agenda --all").out.split("Done, snoozed, skipped (2)\n")[1]
    assert "snoozed until Wed 25 Nov" in hidden
    assert "skipped: I have a cold" in hidden


def test_the_agenda_of_one_person_is_theirs_alone(search):
    items = search.ok("agenda --for Tomas --json").data
    assert titles(items["items"]) == ["Keep your promise: send the drawings of the winch (to Tomas Vrba)"]
    assert items["interviews"] == []
    assert search("agenda --for Nobody").code == 2


@pytest.mark.parametrize("name", ["quota", "crm_quota"])
def test_the_agenda_of_one_plugin_is_its_alone(search, name):
    assert titles(search.ok(f"agenda --plugin {name} --json").items) == ["Apply for 4 more jobs"]


def test_a_plugin_that_there_is_not_is_a_mistake(search):
    refused = search("agenda --plugin kwota")
    assert refused.code == 2
    assert "crm_quota" in refused.err


def test_where_a_filter_leaves_nothing_it_says_so(search):
    search.ok('contact add "Lucian Abbot"')
    assert search.ok("agenda --for Lucian").out == "Nothing to do.\n"


def test_what_others_owe_waits_in_its_own_section(search, install):
    install("waiting_for_news", WAITING)
    step, why, command = search.ok("agenda").out.split("Waiting on others (1)\n")[1].splitlines()[:3]
    assert step.endswith("  Ask Bluewater for news, not before Sat 28 Nov")
    assert why.strip() == "you wait for their decision, by telephone"
    assert command.strip() == "crm log Mara"
    search.today = "2026-11-29"
    later = search.ok("agenda").out
    assert "Waiting on others" not in later
    assert "They said by Friday" in later


def test_a_failing_plugin_costs_its_own_part_and_nothing_else(search, install):
    before = search.ok("agenda", columns=80).out
    install("moonstruck", FAILING)
    result = search("agenda", columns=80)
    assert result.code == 3
    assert result.out == before
    assert "moonstruck" in result.err
    assert "the moon is in the way" in result.err
    assert "Traceback" not in result.err


def test_a_failing_plugin_leaves_json_whole_and_the_error_beside_it(search, install):
    before = search.ok("agenda --json").data
    install("moonstruck", FAILING)
    result = search("agenda --json")
    assert result.code == 3
    assert result.data == before
    assert result.error["code"] == 3
    assert "moonstruck" in result.error["message"]


def test_a_plugin_that_can_not_be_imported_costs_its_own_part_too(search, install):
    before = search.ok("agenda").out
    install("unfinished", "import a_module_that_nobody_has\n")
    result = search("agenda")
    assert (result.code, result.out) == (3, before)


def test_without_plugins_the_facts_are_still_there(search):
    out = search.ok("--no-plugins agenda").out
    assert "i2" in out
    assert "Overdue" not in out


def test_an_empty_book_says_what_to_type(crm):
    assert crm.ok().out.splitlines() == list(FIRST_WORDS)
    assert crm.ok("agenda --json").data == {"schema": 1, "items": [], "interviews": []}


def test_every_command_that_an_empty_book_names_exists(crm):
    for line in FIRST_WORDS[1:]:
        words = line.split()[1:3]
        names = words if words[0] in {"application", "interview"} else words[:1]
        assert crm.ok(*names, "--help").out


def test_a_book_in_which_nothing_is_to_be_done_is_not_called_empty(crm):
    crm.ok('contact add "Ana Silva"')
    assert crm.ok().out == "Nothing to do.\n"


def test_an_interview_that_is_going_on_is_ahead_until_it_ends(search):
    search.today = "2026-11-25T10:59"
    assert "today 10:00: Field Data Analyst" in search.ok().out
    search.today = "2026-11-25T11:00"
    assert "Interviews ahead" not in search.ok().out


def test_names_can_not_steer_the_terminal(crm):
    name = "Eve \x1b[2J\x07Null\x00\nLine"
    crm.ok("interview", "log", "Acme", "--at", "tomorrow 9:00", "--with", name, "--new")
    crm.ok("promise", "add", "send \x1b]0;title\x07 this", "--by", "today")
    out = crm.ok("agenda", columns=80).out
    assert "send" in out
    assert not any(ord(char) < 32 and char != "\n" for char in out)


def test_far_away_dates_do_not_stop_the_agenda(crm):
    crm.ok("promise add 'see the comet' --by 2199-12-31")
    assert "see the comet" in crm.ok("agenda --until 2199-12-31").out
    assert crm.ok("agenda --all --since 1900-01-01").code == 0
