"""The rules of steps, for all first-party plugins together: scenarios through the command line, read by their keys.

What one plugin does by itself is in its own tests; what holds for any random search is in `test_every_plugin.py`.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_core.host.discovery import find_plugins
from crm_core.host.host import Host
from crm_core.steps import step_key

BERLIN = ZoneInfo("Europe/Berlin")
HOST = Host([found for found in find_plugins(sys.path) if found.own], strict=True)
AFTER = {"crm_hearback", "crm_notes", "crm_panel", "crm_reflection", "crm_social", "crm_thankyou"}


def agenda(crm, *, everything=True):
    """The entries of the agenda by their keys."""
    found = crm.ok(f"agenda --json --until 2028-01-01{' --all' if everything else ''}").items
    assert len({entry["key"] for entry in found}) == len(found)
    return {entry["key"]: entry for entry in found}


def states(crm):
    """The state of every step, done and skipped ones too, but for the week's quota."""
    return {key: entry["state"] for key, entry in agenda(crm).items() if not key.startswith("crm_quota/")}


def still_open(crm):
    """The keys of what the agenda shows by itself now, but for the week's quota."""
    found = crm.ok("agenda --json").items
    return {entry["key"] for entry in found if entry["plugin"] != "crm_quota"}


def yielded(crm):
    """All that plugins yield, before the agenda drops anything."""
    book, ever = crm.book, [datetime(year, 1, 1, tzinfo=BERLIN) for year in (1900, 2200)]
    return [(step_key(plugin, step), step) for plugin, step in HOST.steps(book, *ever)]


def finish(crm, key, *more):
    """`crm done` for the step of that key."""
    crm.ok("done", agenda(crm)[key]["handle"], *more)


def over(crm, step):
    """Whether the step has expired."""
    end = step.expires
    if end is None or step.done is not None:
        return False
    return end < (crm.book.now if isinstance(end, datetime) else crm.book.today)


def rows(crm, interview="i1"):
    """The checklist: state and reason by the number of the row."""
    return {row["number"]: (row["state"], row["why"]) for row in crm.ok(f"checklist {interview} --json").items}


@pytest.fixture
def held(crm):
    """On Saturday two people of Bluewater had Robin to an interview; both can be followed."""
    crm.ok("company add Bluewater --profile https://www.linkedin.com/company/bluewater")
    crm.ok("contact add 'Mara Lindqvist' --company Bluewater --profile https://www.linkedin.com/in/mara")
    crm.ok("contact add 'Tom Vega' --company Bluewater --profile https://github.com/tomvega")
    crm.ok("interview log Bluewater --role Engineer --at '2026-11-21 14:00' --with Mara --with Tom")
    return crm


THANK, PANEL = "crm_thankyou/thank/i1/c1", "crm_panel/letter/i1/c2"
NOTES, REFLECT = "crm_notes/write/i1", "crm_reflection/reflect/i1"
FOLLOW_MARA, FOLLOW_THEM = "crm_social/person/c1/linkedin", "crm_social/company/co1/linkedin"
TOLD, SILENCE = "crm_hearback/told/i1", "crm_hearback/silence/a1/i1"
ALL_AFTER = {THANK, PANEL, NOTES, REFLECT, FOLLOW_MARA, FOLLOW_THEM, TOLD, SILENCE, "crm_social/person/c2/github"}


def test_an_interview_asks_for_everything_that_follows_one(held):
    assert set(states(held)) == ALL_AFTER
    assert {key.split("/")[0] for key in ALL_AFTER} == AFTER
    assert "done" not in states(held).values()


def test_of_a_postponed_interview_all_that_was_said_about_it_opens_again_and_says_why(held):
    for key in (THANK, PANEL, NOTES, REFLECT, TOLD, FOLLOW_MARA, FOLLOW_THEM):
        finish(held, key, "--on", "2026-11-22")
    held.ok("interview edit i1 --at '2026-11-27 14:00'")
    held.today = "2026-11-28T12:00"
    after = agenda(held)

    assert still_open(held) >= {THANK, PANEL, NOTES, REFLECT, TOLD}
    for key in (THANK, PANEL):
        assert "is from before the interview" in after[key]["why"]
    assert "is from before the interview" in after[REFLECT]["why"]
    for key in (NOTES, TOLD):
        assert after[key]["note"].startswith("open again: done on 2026-11-22")
    # Whoever is followed stays followed.
    assert {after[key]["state"] for key in (FOLLOW_MARA, FOLLOW_THEM)} == {"done"}


def test_an_interview_that_is_only_corrected_to_an_earlier_hour_keeps_what_is_done(held):
    for key in (THANK, PANEL, NOTES, REFLECT, TOLD):
        finish(held, key, "--on", "2026-11-22")
    held.ok("interview edit i1 --at '2026-11-21 10:00'")

    assert {states(held)[key] for key in (THANK, PANEL, NOTES, REFLECT, TOLD)} == {"done"}


def test_when_another_one_turns_out_to_have_led_nobody_is_asked_for_twice(held):
    finish(held, THANK)
    held.ok("interview edit i1 --lead Tom")
    after = states(held)

    assert {"crm_thankyou/thank/i1/c2", "crm_panel/letter/i1/c1"} <= after.keys()
    assert after["crm_panel/letter/i1/c1"] == "done"
    assert after["crm_thankyou/thank/i1/c2"] != "done"
    assert not {THANK, PANEL} & after.keys()

    finish(held, "crm_thankyou/thank/i1/c2")
    assert rows(held)[4][0] == rows(held)[5][0] == "done"


def test_a_lead_who_was_not_there_at_all_is_asked_for_no_more(held):
    held.ok("interview edit i1 --without Mara")

    # Who works there and does not interview may be asked for a word.
    assert {key for key in states(held) if "c1" in key.split("/")} == {"crm_referrals/ask/a1/c1"}
    assert "crm_thankyou/thank/i1/c2" in states(held)
    assert not any(key.startswith("crm_panel/") for key in states(held))


def test_after_a_second_no_the_first_ones_steps_and_marks_are_gone(held):
    held.ok("interview outcome i1 rejected --on 2026-11-22")
    first = {key for key in states(held) if key.startswith("crm_bridges/")}
    assert len(first) == 1 + 2 * 3
    for key in first:
        held.ok("skip", agenda(held)[key]["handle"], "--because", "they were rude")

    held.ok("application move a1 interviewing --on 2026-11-23")
    assert not any(key.startswith("crm_bridges/") for key in states(held))
    assert THANK in still_open(held)

    held.ok("application move a1 rejected --on 2026-11-23")
    second = {key: state for key, state in states(held).items() if key.startswith("crm_bridges/")}
    assert not first & second.keys()
    assert len(second) == len(first)
    assert set(second.values()) <= {"ahead", "due"}


def test_thanks_for_the_first_no_are_no_thanks_for_the_second(held):
    held.ok("interview outcome i1 rejected --on 2026-11-22")
    thank = next(key for key in states(held) if key.startswith("crm_bridges/thank/"))
    finish(held, thank, "--on", "2026-11-22")
    held.ok("application move a1 interviewing --on 2026-11-23")
    held.today = "2026-11-25T12:00"
    held.ok("application move a1 rejected --on 2026-11-25")

    new = [state for key, state in states(held).items() if key.startswith("crm_bridges/thank/")]
    assert new in (["ahead"], ["due"])


def test_a_no_leaves_only_what_outlives_it(held):
    held.ok("promise add 'send the references' --to Mara --interview i1 --by friday")
    held.ok("interview outcome i1 rejected --on 2026-11-23")

    assert {key.split("/")[0] for key in still_open(held)} == {
        "crm_reflection", "crm_notes", "crm_promises", "crm_bridges",
    }  # fmt: skip
    assert {number for number, (state, _) in rows(held).items() if state in {"due", "late"}} >= {1, 2, 3, 9}
    assert {number: rows(held)[number] for number in (4, 5)} == dict.fromkeys(
        (4, 5), ("not called for", "the application has ended")
    )


def test_a_withdrawn_application_closes_but_reflection_notes_and_promises_go_on(held):
    held.ok("promise add 'send the references' --to Mara --interview i1 --by friday")
    held.ok("application move a1 withdrawn")

    assert still_open(held) == {REFLECT, NOTES, "crm_promises/keep/p1"}
    finish(held, NOTES)
    held.ok("note add i1 'about boats' --about Mara")
    assert still_open(held) == {REFLECT, "crm_notes/person/i1/c2", "crm_promises/keep/p1"}


def test_thirty_old_interviews_logged_at_once_leave_the_agenda_short(crm):
    for number in range(30):
        day = date(2026, 9, 1) + timedelta(days=number)
        crm.ok("company", "add", f"Company {number}", "--profile", f"https://github.com/company{number}", "--new")
        crm.ok("contact", "add", f"Friend {number}", "--was-at", f"Company {number}", "--new")
        crm.ok("interview", "log", f"Company {number}", "--at", f"{day} 14:00", "--with", f"Person {number} One",
               "--with", f"Person {number} Two", "--new")  # fmt: skip

    assert len(crm.book.interviews) == 30
    assert [key for key, step in yielded(crm) if over(crm, step)] == []
    # Of each nothing but the week's quota could be left to do.
    assert [entry["plugin"] for entry in crm.ok("agenda --json").items] == ["crm_quota"]
    checked = rows(crm)
    for number in (1, 2, 4, 5, 6, 8):
        assert checked[number] == ("late", "late, never done"), number


def test_of_a_merged_person_everything_follows_and_no_step_comes_twice(held):
    held.ok("contact add 'M. Lindqvist' --company Bluewater --profile https://www.linkedin.com/in/mara2 --new")
    held.ok("contact add 'Lena Fuchs' --was-at Bluewater")
    held.ok("contact add 'L. Fuchs' --was-at Bluewater --new")
    held.ok("interview edit i1 --with c3")
    held.ok("note add i1 'about boats' --about c3")
    held.ok("promise add 'send the references' --to c3 --interview i1 --by friday")
    finish(held, "crm_panel/letter/i1/c3")
    finish(held, "crm_social/person/c3/linkedin")
    held.ok("skip", agenda(held)["crm_notes/person/i1/c1"]["handle"], "--because", "she said nothing")
    held.ok("referral asked a1 c5 --on 2026-11-22")
    before = len(yielded(held))

    held.ok("contact merge c1 c3 --yes")
    held.ok("contact merge c4 c5 --yes")
    after, keys = states(held), [key for key, _ in yielded(held)]

    assert len(keys) == len(set(keys)) < before
    assert not any(gone in key.split("/") for key in keys for gone in ("c3", "c5"))
    assert after[THANK] == "done"  # by the letter that went to her other self
    assert after[FOLLOW_MARA] == "done"
    assert after["crm_notes/person/i1/c1"] == "done"
    assert after["crm_referrals/ask/a1/c4"] == "done"
    assert agenda(held)["crm_promises/keep/p1"]["for"] == "c1"
    assert [seat.contact for seat in held.book.interviews.get("i1").panel] == ["c1", "c2"]


def test_the_mark_of_a_merged_person_follows(held):
    held.ok("contact add 'M. Lindqvist' --company Bluewater --new")
    held.ok("interview edit i1 --without c1 --with c3 --lead c3")
    held.ok("skip", agenda(held)["crm_thankyou/thank/i1/c3"]["handle"], "--because", "she asked not to")

    held.ok("contact merge c1 c3 --yes")

    assert states(held)[THANK] == "skipped"


def test_a_removed_interview_takes_notes_and_reflection_along_and_leaves_the_promise(held):
    held.ok("promise add 'send the references' --to Mara --interview i1 --by friday")
    held.ok("note add i1 'about boats'")
    finish(held, REFLECT)
    held.ok("interview remove i1 --yes")
    after = states(held)

    assert {key for key in after if "i1" in key.split("/")} == set()
    assert after["crm_promises/keep/p1"] == "ahead"
    assert held.book.promises.get("p1").interview is None
    assert not list(held.book.notes)
    assert not [record for kind in HOST.kinds() if "reflection" in kind.table for record in held.book.table(kind.type)]
    finish(held, "crm_promises/keep/p1")
    assert held.book.promises.get("p1").kept is not None


def test_nothing_is_asked_of_an_empty_network(crm):
    crm.ok("application add Bluewater Engineer --on 2026-11-20")

    assert {entry["plugin"] for entry in agenda(crm).values()} <= {"crm_quota", "crm_hearback"}
    assert "crm_referrals" not in {key.split("/")[0] for key, _ in yielded(crm)}


def test_an_empty_book_asks_for_nothing(crm):
    assert yielded(crm) == []
    assert crm.ok("agenda --json --all").items == []


def test_of_an_interview_without_a_panel_nobody_is_to_be_thanked(crm):
    crm.ok("interview log Bluewater --at '2026-11-22 14:00'")

    assert set(states(crm)) == {NOTES, REFLECT, TOLD, SILENCE}
    assert rows(crm)[4] == rows(crm)[5] == ("not called for", "nobody is on the panel")


def test_of_a_panel_of_nine_each_is_written_to_once(crm):
    names = [f"Person {letter}" for letter in "ABCDEFGHI"]
    crm.ok("interview", "log", "Bluewater", "--at", "2026-11-22 14:00", "--new",
           *[word for name in names for word in ("--with", name)])  # fmt: skip
    letters = [key for key in states(crm) if key.startswith(("crm_thankyou/", "crm_panel/"))]

    assert len(letters) == 9
    assert {key.split("/")[-1] for key in letters} == {f"c{number}" for number in range(1, 10)}
    for key in letters:
        finish(crm, key)
    assert rows(crm)[4][0] == rows(crm)[5][0] == "done"


def test_a_person_in_two_interviews_of_a_week_is_thanked_for_each_and_followed_once(held):
    held.ok("interview log a1 --at '2026-11-22 10:00' --with Mara")
    after = states(held)

    assert {THANK, "crm_thankyou/thank/i2/c1"} <= after.keys()
    assert [key for key in after if key.startswith("crm_social/person/c1")] == [FOLLOW_MARA]
    finish(held, "crm_thankyou/thank/i2/c1")
    finish(held, FOLLOW_MARA)
    assert states(held)[THANK] != "done"
    assert rows(held, "i1")[6][0] != "done"  # Tom is left


def test_what_follows_an_interview_elsewhere_is_due_by_its_own_clock(crm):
    crm.ok("contact add 'Mara Lindqvist' --profile https://www.linkedin.com/in/mara")
    crm.ok("interview log Bluewater --at '2026-11-22 21:00' --tz America/Los_Angeles --with Mara --length 30m")
    due = {key: entry["due"] for key, entry in agenda(crm).items()}

    # In Berlin it is Monday morning by then; there it is still Sunday night.
    assert due[THANK].startswith("2026-11-23T21:30")
    assert due[REFLECT].startswith("2026-11-22T22:30")
    assert due[NOTES] == due[REFLECT]
    assert due[FOLLOW_MARA] == "2026-11-25"


def test_a_day_across_the_clock_change_has_its_twenty_four_hours(crm):
    crm.today = "2026-10-25T20:00"
    crm.ok("interview log Bluewater --at '2026-10-24 14:00' --with Mara --with Tom --new")
    found = dict(yielded(crm))
    end = datetime(2026, 10, 24, 15, tzinfo=BERLIN)

    for key in (THANK, PANEL):
        assert found[key].due.timestamp() - end.timestamp() == 24 * 3600
        assert found[key].due.astimezone(BERLIN).hour == 14
        assert found[key].late.timestamp() - end.timestamp() == 48 * 3600
    for key in (NOTES, REFLECT):
        assert found[key].late.timestamp() - end.timestamp() == 24 * 3600
        assert found[key].due == datetime(2026, 10, 24, 20, tzinfo=BERLIN)
        assert states(crm)[key] == "overdue"
    # Whole days are days of the calendar, whatever the clocks did.
    assert found[THANK].expires == datetime(2026, 11, 7, 15, tzinfo=BERLIN)


def test_before_an_interview_only_what_comes_before_it_is_called_for(held):
    held.ok("interview log a1 --at '2026-12-07 14:00' --with Mara --round 2")
    begins = {key: entry["from"] for key, entry in agenda(held).items() if entry["about"] == "i2" or "i2" in key}

    assert {key for key in still_open(held) if "i2" in key.split("/")} == {"crm_research/prepare/i2"}
    assert {key for key, begin in begins.items() if begin < "2026-12-07"} == {
        "crm_hearback/ask/i2", "crm_research/prepare/i2", "crm_social/company/co1/linkedin",
    }  # fmt: skip
    assert {rows(held, "i2")[number][0] for number in (1, 2, 3, 4, 5)} == {"not called for"}


def test_done_before_it_happened_is_refused_where_it_would_be_a_fact(held):
    held.ok("interview log a1 --at '2026-12-07 14:00' --with Mara")
    ahead = agenda(held)["crm_thankyou/thank/i2/c1"]

    assert held("done", ahead["handle"]).code == 2
    assert states(held)["crm_thankyou/thank/i2/c1"] == "ahead"
