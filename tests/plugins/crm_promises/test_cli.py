"""`crm promise`, as it is typed. The present is Monday 23 November 2026, 12:00, in Berlin."""

from datetime import date

import pytest

from crm_core import Application, Company, Contact, Interview, Promise, Seat
from tests.plugins.facts import berlin


@pytest.fixture
def met(crm):
    """A book with two people and two interviews at Bluewater Robotics: i1 last Thursday with Mara, i2 next Friday."""
    book = crm.book
    with book.change("an interview"):
        company = book.companies.add(Company(name="Bluewater Robotics"))
        mara = book.contacts.add(Contact(name="Mara Lindqvist"))
        book.contacts.add(Contact(name="Tom Okafor"))
        application = book.applications.add(Application(company=company.id, role="Engineer"))
        for at in ("2026-11-19T14:00", "2026-11-27T10:00"):
            book.interviews.add(Interview(application=application.id, at=berlin(at), panel=(Seat(contact=mara.id),)))
    return crm


def promised(crm, **facts):
    """One more promise, put straight into the book."""
    book = crm.book
    with book.change("promised"):
        return book.promises.add(Promise(**{"text": "call back", "made": date(2026, 11, 19), **facts}))


def test_a_promise_is_added_and_what_to_type_when_it_is_done_is_said(met):
    result = met.ok("promise add 'send the references' --to mara --by friday")
    assert result.out == "Added p1 send the references (to Mara Lindqvist), due Fri 27 Nov\n"
    assert result.err == "When it is done: crm promise keep p1\n"
    (found,) = met.book.promises
    assert (found.contact, found.made, found.due) == ("c1", date(2026, 11, 23), date(2026, 11, 27))


def test_a_promise_alone_is_made_today_and_due_in_a_week(met):
    assert met.ok("promise add call").out == "Added p1 call, due 30 Nov\n"
    assert met.book.promises.get("p1").due is None


def test_the_first_letter_and_the_words_stay_as_they_were_typed(met):
    item = met.ok("promise", "add", "  Send\n the\tCV of Ünal  ", "--json").item
    assert item == {
        "id": "p1",
        "text": "Send the CV of Ünal",
        "contact": None,
        "interview": None,
        "made": "2026-11-23",
        "due": None,
        "kept": None,
        "broken": None,
    }


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ("--interview Bluewater", "2026-11-19"),
        ("--interview i1", "2026-11-19"),
        ("--interview i1 --made 2026-11-20", "2026-11-20"),
        ("--interview i2", "2026-11-23"),
        ("--made yesterday", "2026-11-22"),
        ("", "2026-11-23"),
    ],
)
def test_it_was_made_in_the_interview_unless_that_is_ahead_or_a_day_is_given(met, options, made):
    assert met.ok(f"promise add call {options} --json").item["made"] == made


def test_it_may_be_due_on_the_day_it_is_made(met):
    assert met.ok("promise add call --by today").out == "Added p1 call, due today\n"


def test_a_time_of_day_is_kept(met):
    item = met.ok("promise add call --by 'tomorrow 10:00' --json").item
    assert item["due"] == {"local": "2026-11-24T10:00:00", "zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("promise add", "Missing argument 'TEXT'"),
        ("promise add ''", "The promise is empty"),
        ("promise add ' \t '", "The promise is empty"),
        ("promise add call --to Nobody", "There is no contact 'Nobody'"),
        ("promise add call --by someday", "Can't read 'someday' as a date"),
        ("promise add call --by 2026-11-22", "before it was made on 2026-11-23"),
        ("promise add call --by '2026-11-18 10:00' --interview i1", "before it was made on 2026-11-19"),
        ("promise add call --made tomorrow", "2026-11-24 is ahead"),
        ("promise add call --interview i9", "There is no interview for 'i9'"),
        ("promise show p1", "There is no promise 'p1'"),
        ("promise keep c1", "There is no promise 'c1'"),
        ("promise break ''", "There is no promise ''"),
        ("promise keep p0", "There is no promise 'p0'"),
        ("promise mend p1", "No such command 'mend'"),
    ],
)
def test_what_can_not_be_used_is_refused_and_nothing_is_written(met, command, said):
    result = met(command)
    assert result.code == 2
    assert said in result.err
    assert len(met.book.promises) == 0


def test_the_error_is_json_where_json_was_asked_for(met):
    error = met("promise show p7 --json").error
    assert (error["message"], error["code"]) == ("There is no promise 'p7'", 2)
    assert "crm promise list --all" in error["hint"]


@pytest.fixture
def mixed(met):
    """One promise of each state, and one that is due earlier than those entered before it."""
    promised(met, text="open", due=date(2026, 12, 1), contact="c1")
    promised(met, text="late", due=date(2026, 11, 20))
    promised(met, text="kept", due=date(2026, 11, 20), kept=date(2026, 11, 20), contact="c1")
    promised(met, text="kept late", due=date(2026, 11, 20), kept=berlin("2026-11-21T09:00"))
    promised(met, text="broken", broken=date(2026, 11, 20))
    promised(met, text="today", due=berlin("2026-11-23T18:00"), contact="c2")
    return met


def test_the_list_has_the_open_ones_by_the_day_they_are_due(mixed):
    result = mixed.ok("promise list")
    assert [line.split() for line in result.out.splitlines()] == [
        ["id", "state", "due", "promise", "to"],
        ["p2", "late", "Fri", "20", "Nov", "late"],
        ["p6", "open", "today", "18:00", "today", "Tom", "Okafor"],
        ["p1", "open", "1", "Dec", "open", "Mara", "Lindqvist"],
    ]
    assert result.err == "2 kept, 1 of them late; 1 broken; 3 open\n"


def test_the_whole_list_has_the_closed_ones_after_the_open(mixed):
    items = mixed.ok("promise list --all --json").items
    assert [(item["id"], item["state"]) for item in items] == [
        ("p2", "late"),
        ("p6", "open"),
        ("p1", "open"),
        ("p3", "kept"),
        ("p4", "kept late"),
        ("p5", "broken"),
    ]
    assert set(items[0]) == {"id", "text", "contact", "interview", "made", "due", "kept", "broken", "state"}


def test_the_list_for_one_person_counts_theirs_alone(mixed):
    result = mixed.ok("promise list --to mara")
    assert len(result.out.splitlines()) == 2
    assert result.err == "1 kept; 0 broken; 1 open\n"
    assert [item["id"] for item in mixed.ok("promise list --all --to c1 --json").items] == ["p1", "p3"]


def test_the_list_says_when_there_is_nothing(met):
    assert met.ok("promise list").err == "No promises yet.\n"
    promised(met, kept=date(2026, 11, 20))
    assert met.ok("promise list").err == "No promise is open.\n1 kept; 0 broken; 0 open\n"
    assert met.ok("promise list --json").items == []


def test_one_promise_is_shown_with_all_that_is_known(met):
    promised(met, contact="c1", interview="i1", kept=date(2026, 11, 30))
    met.today = "2026-12-01"
    assert met.ok("promise show p1").out.splitlines() == [
        "id         p1",
        "promise    call back",
        "to         Mara Lindqvist",
        "interview  Engineer at Bluewater Robotics, 19 Nov 14:00",
        "made       19 Nov",
        "due        Thu 26 Nov (no day was agreed)",
        "state      kept late",
        "kept       yesterday",
    ]
    assert met.ok("promise show p1 --json").item["state"] == "kept late"


def test_keeping_takes_now_or_the_day_that_is_given(met):
    promised(met, contact="c1")
    assert met.ok("promise keep p1").out == "Kept: p1 call back (to Mara Lindqvist)\n"
    assert met.book.promises.get("p1").kept == berlin("2026-11-23T12:00")
    corrected = met.ok("promise keep p1 --on 'yesterday 16:00'").out
    assert corrected == "Kept: p1 call back (to Mara Lindqvist); until now it was kept today 12:00\n"
    assert met.book.promises.get("p1").kept == berlin("2026-11-22T16:00")


def test_keeping_late_says_so(met):
    promised(met, due=date(2026, 11, 20))
    assert met.ok("promise keep p1").out == "Kept, late: p1 call back\n"


def test_breaking_records_that_it_was_not_kept(met):
    promised(met)
    assert met.ok("promise break p1 --on 2026-11-20").out == "Not kept: p1 call back\n"
    assert met.book.promises.get("p1").broken == date(2026, 11, 20)
    assert met.ok("promise keep p1").out == "Kept: p1 call back; until now it was broken Fri 20 Nov\n"
    assert met.book.promises.get("p1").broken is None


def test_the_help_of_break_says_honestly_what_it_does(met):
    assert "Record that you did not keep a promise" in met.ok("promise --help").out


@pytest.mark.parametrize("act", ["keep", "break"])
@pytest.mark.parametrize("day", ["2026-11-18", "tomorrow"])
def test_a_day_before_the_promise_or_ahead_is_refused(met, act, day):
    promised(met)
    assert met("promise", act, "p1", "--on", day).code == 2
    assert met.book.promises.get("p1").open


def test_done_on_the_agenda_keeps_the_promise(met):
    promised(met, due=date(2026, 11, 25), contact="c1")
    (step,) = met.ok("agenda --plugin promises --json").items
    assert (step["key"], step["for"], step["command"]) == ("crm_promises/keep/p1", "c1", "crm promise keep p1")
    met.ok("done", step["handle"], "--on", "yesterday")
    assert met.book.promises.get("p1").kept == date(2026, 11, 22)
    assert len(met.book.marks) == 0
    assert met.ok("agenda --plugin promises --json").items == []
    (step,) = met.ok("agenda --plugin promises --all --json").items
    assert (step["state"], step["done"]) == ("done", "2026-11-22")


def test_done_before_the_promise_was_made_is_refused(met):
    promised(met)
    (step,) = met.ok("agenda --plugin promises --json").items
    result = met("done", step["handle"], "--on", "2026-11-01")
    assert result.code == 2
    assert "p1 was made on 2026-11-19" in result.err
    assert met.book.promises.get("p1").open
    assert len(met.book.marks) == 0


def test_the_days_of_a_promise_without_a_date_are_a_setting(met):
    promised(met)
    met.ok("settings set crm_promises.default_days 30")
    (step,) = met.ok("agenda --plugin promises --json --until 2027-01-01").items
    assert step["due"] == "2026-12-19"
    for value in ("-1", "366", "soon"):
        assert met("settings", "set", "crm_promises.default_days", value).code == 2


def test_hostile_words_do_nothing_to_the_screen(met):
    met.ok("promise", "add", "send \x1b]0;owned\x07 the \u202etfel", "--to", "c1")
    for command in ("promise list", "promise show p1", "agenda --plugin promises"):
        out = met.ok(command, columns=80).out
        assert not set(out) & {"\x1b", "\x07", "\u202e"}


def test_half_a_character_is_refused(met):
    result = met("promise", "add", "send \ud83d")
    assert result.code == 2
    assert len(met.book.promises) == 0
