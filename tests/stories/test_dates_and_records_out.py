"""A month of a search as others see it: in a calendar, on paper for the job centre, without names, on a new machine."""

from __future__ import annotations

import json

import icalendar

from crm_core.testing import Crm


def test_a_search_leaves_the_book_in_every_way_and_comes_back(crm: Crm, tmp_path):
    calendar, page, shared, whole = (tmp_path / name for name in ("jobs.ics", "month.html", "shared.json", "book.json"))
    crm.ok("me set name 'Robin Vale'")
    crm.ok("interview log 'Bluewater Robotics' --role Engineer --at 'tomorrow 10:00' --with 'Mara Lindqvist'")

    # Into the calendar that everything else is in.
    crm.ok(f"export ics -o {calendar}")
    tasks = {str(todo["SUMMARY"]): todo for todo in icalendar.Calendar.from_ical(calendar.read_bytes()).todos}
    assert tasks["Thank Mara Lindqvist"]["STATUS"] == "NEEDS-ACTION"

    # The interview is held, and she is thanked; the calendar hears of it.
    crm.today = "2026-11-24T18:00"
    crm.ok("letter draft thank-you Mara --interview i1")
    crm.ok("letter sent l1 --force")
    crm.ok(f"export ics -o {calendar}")
    tasks = {str(todo["SUMMARY"]): todo for todo in icalendar.Calendar.from_ical(calendar.read_bytes()).todos}
    assert (tasks["Thank Mara Lindqvist"]["STATUS"], tasks["Thank Mara Lindqvist"]["SEQUENCE"]) == ("COMPLETED", 1)

    # The job centre wants to know what was done in November.
    crm.ok(f"export report --since '1 nov' --until '30 nov' -o {page}")
    assert "Robin Vale" in page.read_text("utf-8")
    assert "Engineer, Bluewater Robotics" in page.read_text("utf-8")

    # A coach may see how it goes, but not who they are.
    crm.ok(f"export json --redact -o {shared}")
    assert "Person 1" in shared.read_text("utf-8")
    for private in ("Mara", "Bluewater", "Robin", "Engineer"):
        assert private not in shared.read_text("utf-8")

    # And all of it moves to a new machine, where the same calendar goes on.
    crm.ok(f"export json -o {whole}")
    new = Crm(tmp_path / "new", crm.today)
    new.ok(f"restore --yes {whole}")
    assert new.ok(f"export ics -o {calendar}").out == f"{calendar} is up to date\n"
    assert json.loads(new.ok("export json").out)["tables"] == json.loads(whole.read_text("utf-8"))["tables"]
