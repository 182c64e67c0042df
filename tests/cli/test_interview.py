from __future__ import annotations

import pytest

from crm_core.files import Places
from crm_core.store.tiny import TinyStore

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202eRed\x00"
NINE = ("Ana", "Ben", "Cem", "Dee", "Eli", "Fay", "Gus", "Hal", "Ivy")


@pytest.fixture
def held(crm):
    """One interview, i1, yesterday at Bluewater (co1, a1), with Mara (c1) and Jon (c2)."""
    crm.ok(
        'interview log "Bluewater Robotics" --role Engineer --at "yesterday 14:00" --with "Mara Lindqvist" --with Jon'
    )
    return crm


def interview(crm, id_="i1"):
    return crm.book.interviews.get(id_)


def panel(crm, id_="i1"):
    """The panel's names, the lead's with a star."""
    found = interview(crm, id_)
    return [crm.book.contacts.get(seat.contact).name + ("*" if seat.lead else "") for seat in found.panel]


def stages(crm, id_="a1"):
    return [(move.stage, str(move.on)) for move in crm.book.applications.get(id_).moves]


def history(crm):
    return TinyStore(Places.of(crm.environ).book).history()


def test_the_first_interview_at_an_unknown_company_creates_all_that_it_needs_in_one_change(crm):
    result = crm.ok('interview log "Bluewater Robotics" --at "yesterday 14:00" --with "Mara Lindqvist"')
    assert result.out == ("Added i1 unknown role at Bluewater Robotics, yesterday 14:00, with c1 Mara Lindqvist\n")
    assert result.err.splitlines() == [
        "Added company co1 Bluewater Robotics",
        "Added application a1 unknown role at Bluewater Robotics",
        "Added contact c1 Mara Lindqvist (Bluewater Robotics)",
        "To take it all back: crm undo",
        "`crm` shows what to do next.",
    ]
    assert stages(crm) == [("interviewing", "2026-11-22")]
    assert crm.book.contacts.get("c1").positions[0].company == "co1"
    assert len(history(crm)) == 1
    assert crm.ok('interview log Beta --at "yesterday 9:00" --json').err.splitlines() == [
        "Added company co2 Beta",
        "Added application a2 unknown role at Beta",
        "To take it all back: crm undo",
    ]


def test_everything_that_is_said_of_an_interview_is_kept(crm):
    item = crm.ok(
        "interview", "log", "Acme", "--at", "2026-11-27 9:30", "--role", "Cook", "--length", "1h30", "--kind", "video",
        "--round", "2", "--with", "Ana Silva", "--lead", "Jon Abara", "--hear-by", "in 2 weeks",
        "--hear-how", "by phone", "--note", "bring knives", "--json",
    ).item  # fmt: skip
    assert item == {
        "id": "i1", "application": "a1", "at": {"local": "2026-11-27T09:30:00", "zone": "Europe/Berlin"}, "length": 90,
        "kind": "video", "round": 2, "hear_by": "2026-12-07", "hear_how": "by phone", "outcome": None,
        "outcome_on": None, "note": "bring knives",
        "panel": [{"contact": "c2", "role": "", "lead": True}, {"contact": "c1", "role": "", "lead": False}],
    }  # fmt: skip


def test_an_interview_ahead_says_nothing_of_what_to_do_next(crm):
    assert "next" not in crm.ok('interview log Acme --at "friday 14:00"').err


class TestWhichApplication:
    def test_the_only_live_application_is_meant(self, crm):
        crm.ok("application add Acme Cook --stage rejected")
        crm.ok("application add Acme Baker --on 2026-11-01")
        result = crm.ok('interview log Acme --at "yesterday 10:00"')
        assert result.out == "Added i1 Baker at Acme, yesterday 10:00\n"
        assert stages(crm, "a2") == [("applied", "2026-11-01"), ("interviewing", "2026-11-22")]
        assert "a2 went from applied to interviewing\n" in result.err
        assert "went from" not in crm.ok('interview log Acme --at "yesterday 12:00"').err

    def test_several_live_ones_are_listed_and_a_role_or_an_id_decides(self, crm):
        crm.ok("application add Acme Cook")
        crm.ok("application add Acme Baker")
        result = crm('interview log Acme --at "friday 10:00" --with "Ana Silva"')
        assert result.code == 2
        assert "a1 Cook at Acme; a2 Baker at Acme" in result.err
        assert "--role" in result.err
        assert len(crm.book.contacts) == len(crm.book.interviews) == 0
        crm.ok('interview log Acme --at "friday 10:00" --role " bAKER "')
        crm.ok('interview log a1 --at "friday 11:00"')
        assert [found.application for found in crm.book.interviews] == ["a2", "a1"]

    def test_a_role_that_is_new_there_makes_an_application_and_names_the_others(self, crm):
        crm.ok("application add Acme Cook")
        result = crm.ok('interview log Acme --at "friday 10:00" --role Baker')
        assert "Added application a2 Baker at Acme" in result.err
        assert "a1 Cook (applied)" in result.err
        assert stages(crm, "a2") == [("interviewing", "2026-11-23")]

    def test_one_that_has_ended_is_left_alone_unless_its_id_is_given(self, crm):
        crm.ok("application add Acme Cook --stage ghosted")
        crm.ok('interview log Acme --at "yesterday 10:00"')
        result = crm.ok('interview log a1 --at "friday 10:00"')
        assert [found.application for found in crm.book.interviews] == ["a2", "a1"]
        assert "crm application move a1 interviewing" in result.err
        assert stages(crm, "a1") == [("ghosted", "2026-11-23")]
        assert "crm application move" not in crm.ok('interview log a1 --at "2 weeks ago 10:00"').err

    def test_an_id_and_another_role_contradict(self, crm):
        crm.ok("application add Acme Cook")
        assert crm('interview log a1 --at "friday 10:00" --role Baker').code == 2
        crm.ok('interview log a1 --at "friday 10:00" --role COOK')

    @pytest.mark.parametrize("company", ["a9", "co9", "c1", "", " ", "Bluewater"])
    def test_what_is_no_company_creates_nothing(self, crm, company):
        crm.ok("company add 'Bluewater Robotics'")
        assert crm("interview", "log", company, "--at", "friday 10:00", "--with", "Ana").code == 2
        assert len(crm.book.companies) == 1
        assert len(crm.book.contacts) == 0

    def test_new_creates_a_company_of_a_similar_name(self, crm):
        crm.ok("company add 'Bluewater Robotics'")
        crm.ok('interview log Bluewater --at "friday 10:00" --new')
        assert [company.name for company in crm.book.companies] == ["Bluewater Robotics", "Bluewater"]


class TestWhen:
    @pytest.mark.parametrize(
        ("at", "said"),
        [
            ("2026-02-30 14:00", "no such day"),
            ("2026-11-27 25:00", "no such time"),
            ("friday", "Add one: 2026-11-27 14:00"),
            ("soon", "soon"),
            ("", "''"),
            ("03/04/2026 14:00", "ambiguous"),
            ("2026-03-29 02:30", "does not exist"),
            ("\x1b[31m", "Can't read"),
        ],
    )
    def test_what_is_no_time_is_refused_and_nothing_is_added(self, crm, at, said):
        result = crm("interview", "log", "Acme", "--at", at)
        assert result.code == 2
        assert said in result.err
        assert "\x1b" not in result.err
        assert len(crm.book.companies) == 0

    def test_the_time_is_needed(self, crm):
        result = crm("interview log Acme")
        assert result.code == 2
        assert "--at" in result.err

    @pytest.mark.parametrize(
        "words", ['--tz America/New_York --at "friday 9:30"', '--at "friday 9:30" --tz America/New_York']
    )
    def test_a_zone_may_stand_before_or_after_the_time(self, crm, words):
        result = crm.ok(f"interview log Acme {words}")
        assert "Fri 27 Nov 15:30 (09:30 America/New_York)" in result.out
        assert interview(crm).at.zone == "America/New_York"

    def test_today_is_the_day_in_the_zone_of_the_interview(self, crm):
        crm.today = "2026-11-23T18:00"
        crm.ok('interview log Acme --at "today 9:00" --tz Asia/Tokyo')
        assert str(interview(crm).at.local) == "2026-11-24 09:00:00"
        assert stages(crm) == [("interviewing", "2026-11-23")]

    def test_an_unknown_zone_is_refused(self, crm):
        assert "Europe/Atlantis" in crm('interview log Acme --at "friday 9:30" --tz Europe/Atlantis').err
        assert len(crm.book.companies) == 0

    def test_an_interview_while_the_clocks_go_back_takes_the_hours_that_it_takes(self, crm):
        crm.today = "2026-10-26"
        crm.ok('interview log Acme --at "2026-10-25 01:30" --length 3h')
        (item,) = crm.ok("interview list --json").items
        assert item["start"] == "2026-10-25T01:30:00+02:00"
        assert item["end"] == "2026-10-25T03:30:00+01:00"
        assert "ends         yesterday 03:30, after 180 minutes" in crm.ok("interview show i1").out

    def test_a_day_on_which_only_one_of_two_zones_changed_its_clocks(self, crm):
        crm.ok('interview log Acme --at "2026-10-26 14:00" --tz America/New_York')
        (item,) = crm.ok("interview list --json").items
        assert item["start"] == "2026-10-26T14:00:00-04:00"
        assert "26 Oct 19:00 (14:00 America/New_York)" in crm.ok("interview show i1").out

    def test_of_an_hour_that_comes_twice_the_first_is_meant(self, crm):
        crm.ok('interview log Acme --at "2026-10-25 02:30" --length 30m')
        (item,) = crm.ok("interview list --json").items
        assert item["start"] == "2026-10-25T02:30:00+02:00"

    @pytest.mark.parametrize("at", ["2028-11-23 14:00", "2024-11-23 14:00"])
    def test_a_year_that_may_be_a_slip_is_asked_about_not_refused(self, crm, at):
        assert "is the year right?" in crm.ok("interview", "log", "Acme", "--at", at).err

    def test_next_year_is_no_slip(self, crm):
        assert "year" not in crm.ok('interview log Acme --at "2027-01-15 14:00"').err

    @pytest.mark.parametrize("length", ["0", "25h", "long", "-5", "1e3"])
    def test_a_length_that_can_not_be_is_refused(self, crm, length):
        assert crm("interview", "log", "Acme", "--at", "friday 9:30", "--length", length).code == 2

    @pytest.mark.parametrize("number", ["0", "-1", "two", "100"])
    def test_a_round_is_a_small_number(self, crm, number):
        assert crm("interview", "log", "Acme", "--at", "friday 9:30", "--round", number).code == 2

    def test_news_before_the_interview_and_two_interviews_at_once_are_remarked(self, crm):
        assert "before the interview" in crm.ok('interview log Acme --at "friday 9:30" --hear-by today').err
        assert "i1 is at the same time" in crm.ok('interview log Acme --at "friday 3:30" --tz America/New_York').err


class TestPanel:
    def test_nine_people_all_new_come_in_the_order_in_which_they_are_named(self, crm):
        people = [word for name in NINE for word in ("--with", f"{name} Smithson")]
        result = crm.ok("interview", "log", "Acme", "--at", "yesterday 14:00", *people, "--lead", "Eli Smithson")
        assert panel(crm) == [f"{name} Smithson{'*' if name == 'Eli' else ''}" for name in NINE]
        assert result.err.count("Added contact") == 9
        assert "c5 Eli Smithson (lead)" in result.out
        assert len(history(crm)) == 1

    def test_a_person_named_twice_or_also_as_lead_has_one_seat(self, crm):
        crm.ok('interview log Acme --at "yesterday 14:00" --with "Ana Silva" --with ana --with c1 --lead "ana silva"')
        assert panel(crm) == ["Ana Silva*"]
        assert len(crm.book.contacts) == 1

    def test_a_lead_who_is_not_among_the_others_comes_first(self, crm):
        crm.ok('interview log Acme --at "yesterday 14:00" --with "Ana Silva" --lead "Jon Abara"')
        assert panel(crm) == ["Jon Abara*", "Ana Silva"]

    def test_somebody_known_is_meant_by_a_part_of_the_name(self, crm):
        crm.ok('log "Mara Lindqvist" "met at a fair" --new')
        result = crm.ok('interview log Acme --at "yesterday 14:00" --with mara')
        assert "with c1 Mara Lindqvist" in result.out
        assert len(crm.book.contacts) == 1

    def test_of_two_of_one_name_the_one_at_the_company_is_meant(self, crm):
        crm.ok('interview log Acme --at "2026-11-10 14:00" --with "Mara Ito"')
        crm.ok('interview log Beta --at "2026-11-11 14:00" --with "Mara Reed" --new')
        crm.ok('interview log Beta --at "2026-11-12 14:00" --with mara')
        assert panel(crm, "i3") == ["Mara Reed"]

    def test_several_who_may_be_meant_are_listed_and_nothing_is_written(self, crm):
        crm.ok('log "Mara Ito" hello --new')
        crm.ok('log "Mara Reed" hello --new')
        before = len(history(crm))
        result = crm('interview log Acme --at "yesterday 14:00" --with "Ana Silva" --with mara --json')
        assert result.code == 2
        assert result.error["hint"] == "c1 Mara Ito; c2 Mara Reed"
        assert len(history(crm)) == before
        assert len(crm.book.companies) == 0

    def test_somebody_similar_stops_and_new_goes_on(self, crm):
        crm.ok('log "Mara Lindqvist" hello --new')
        result = crm('interview log Acme --at "yesterday 14:00" --with "Mara Lindquist"')
        assert (result.code, "c1 Mara Lindqvist" in result.err, "--new" in result.err) == (2, True, True)
        crm.ok('interview log Acme --at "yesterday 14:00" --with "Mara Lindquist" --new')
        assert panel(crm) == ["Mara Lindquist"]

    @pytest.mark.parametrize("name", ["", "   ", "\x00", "c77"])
    def test_what_is_no_name_is_refused(self, crm, name):
        for option in ("--with", "--lead"):
            assert crm("interview", "log", "Acme", "--at", "yesterday 14:00", option, name).code == 2
        assert len(crm.book.companies) == 0


class TestList:
    @pytest.fixture
    def several(self, held):
        held.ok('interview log Acme --at "friday 9:30" --tz America/New_York --kind video')
        held.ok('interview log Acme --at "2026-11-23 11:30"')
        return held

    def ids(self, crm, words=""):
        return [item["id"] for item in crm.ok(f"interview list {words} --json").items]

    def test_all_are_listed_the_earliest_first(self, several):
        assert self.ids(several) == ["i1", "i3", "i2"]
        assert self.ids(several, "--ahead") == ["i3", "i2"]
        assert self.ids(several, "--past") == ["i1"]
        assert self.ids(several, "--ahead --past") == ["i1", "i3", "i2"]
        assert self.ids(several, "--company acme --ahead") == ["i3", "i2"]
        assert several("interview list --company Nobody").code == 2

    def test_a_row_as_json_has_the_record_and_what_follows_from_it(self, several):
        item = several.ok("interview list --past --json").items[0]
        assert (item["company_name"], item["role"], item["people"]) == (
            "Bluewater Robotics", "Engineer", ["Mara Lindqvist", "Jon"],
        )  # fmt: skip
        assert (item["application"], item["end"]) == ("a1", "2026-11-22T15:00:00+01:00")

    def test_the_table_fits_a_terminal_and_keeps_what_matters(self, several):
        lines = several.ok("interview list", columns=80).out.splitlines()
        assert max(map(len, lines)) <= 80
        assert [line.split()[0] for line in lines] == ["id", "i1", "i3", "i2"]
        assert "yesterday 14:00" in lines[1]
        assert "Fri 27 Nov 15:30" in lines[3]

    def test_an_empty_list_says_what_to_type(self, crm):
        result = crm.ok("interview list")
        assert (result.out, "crm interview log" in result.err) == ("", True)


class TestShow:
    def test_everything_that_hangs_on_it_is_shown(self, held):
        held.ok('note add i1 "They move to Porto" --about mara --kind learned')
        held.ok("interview edit i1 --hear-by friday --hear-how 'by phone' --lead jon --round 2")
        out = held.ok("interview show bluewater").out
        for part in ("a1 Engineer, interviewing", "co1 Bluewater Robotics", "yesterday 14:00",
                     "yesterday 15:00, after 60 minutes", "c1 Mara Lindqvist\n", "c2 Jon (lead)", "Fri 27 Nov",
                     "by phone", "They move to Porto"):  # fmt: skip
            assert part in out
        assert held.ok("interview show i1 --json").item["hear_how"] == "by phone"

    @pytest.mark.parametrize("command", ["show {}", "edit {} --note x", "remove {} --yes"])
    def test_a_company_with_several_is_ambiguous_and_all_are_listed(self, held, command):
        held.ok('interview log Bluewater\\ Robotics --at "friday 14:00"')
        result = held(f"interview {command.format('bluewater')}")
        assert result.code == 2
        assert "i1 Engineer at Bluewater Robotics, yesterday 14:00; i2 Engineer" in result.err
        assert len(held.book.interviews) == 2

    @pytest.mark.parametrize("command", ["show i9", "edit Nobody --note x", "remove x --yes", "outcome Nobody offer"])
    def test_an_unknown_one_is_said_so(self, held, command):
        result = held(f"interview {command}")
        assert (result.code, "no interview" in result.err) == (2, True)


class TestEdit:
    def test_a_day_alone_keeps_the_time_and_says_so(self, held):
        result = held.ok("interview edit i1 --at friday")
        assert str(interview(held).at.local) == "2026-11-27 14:00:00"
        assert "The time stays 14:00." in result.err

    @pytest.mark.parametrize(("at", "clock"), [("15:30", "15:30"), ("9 am", "09:00"), ("at 16:00", "16:00")])
    def test_a_time_alone_keeps_the_day_and_says_so(self, held, at, clock):
        result = held.ok("interview", "edit", "i1", "--at", at)
        assert str(interview(held).at.local) == f"2026-11-22 {clock}:00"
        assert "The day stays 2026-11-22." in result.err

    def test_a_day_and_a_time_need_no_word(self, held):
        assert "stays" not in held.ok('interview edit i1 --at "friday 15:00"').err
        assert str(interview(held).at.local) == "2026-11-27 15:00:00"

    def test_a_new_time_is_meant_in_the_zone_of_the_interview(self, crm):
        crm.ok('interview log Acme --at "friday 9:30" --tz America/New_York')
        crm.ok('interview edit i1 --at "2026-11-26 10:00"')
        assert interview(crm).at.zone == "America/New_York"
        crm.ok("interview edit i1 --tz Europe/Lisbon")
        assert (str(interview(crm).at.local), interview(crm).at.zone) == ("2026-11-26 10:00:00", "Europe/Lisbon")
        crm.ok("interview edit i1 --at 11:00 --tz Europe/Berlin")
        assert (str(interview(crm).at.local), interview(crm).at.zone) == ("2026-11-26 11:00:00", "Europe/Berlin")

    @pytest.mark.parametrize(
        "words", ["--at 2027-03-28", "--at 2026-02-30", "--at 25:00", "--tz Nowhere", "--length 0", "--hear-by never"]
    )
    def test_what_can_not_be_is_refused_and_nothing_changes(self, crm, words):
        crm.ok('interview log Acme --at "2026-11-27 02:30"')
        before = interview(crm)
        assert crm(f"interview edit i1 {words} --note changed").code == 2
        assert interview(crm) == before

    def test_people_come_and_go(self, held):
        result = held.ok('interview edit i1 --with "Ana Silva" --without mara')
        assert panel(held) == ["Jon", "Ana Silva"]
        assert "Added contact c3 Ana Silva (Bluewater Robotics)" in result.err
        held.ok("interview edit i1 --with jon")
        assert panel(held) == ["Jon", "Ana Silva"]

    def test_without_the_lead_the_first_seat_leads(self, held):
        held.ok("interview edit i1 --lead jon")
        assert panel(held) == ["Mara Lindqvist", "Jon*"]
        held.ok("interview edit i1 --without jon")
        assert panel(held) == ["Mara Lindqvist"]
        assert interview(held).lead.contact == "c1"

    def test_a_new_lead_takes_over_and_a_stranger_comes_first(self, held):
        held.ok("interview edit i1 --lead mara")
        held.ok('interview edit i1 --lead "Ana Silva"')
        assert panel(held) == ["Ana Silva*", "Mara Lindqvist", "Jon"]

    def test_the_lead_is_looked_for_on_the_panel_first(self, held):
        held.ok('log "Jon Abara" hello --new')
        held.ok('log "Mara Reed" hello --new')
        held.ok("interview edit i1 --lead mara")
        assert panel(held) == ["Mara Lindqvist*", "Jon"]

    def test_who_is_not_on_the_panel_can_not_leave_it(self, held):
        held.ok('log "Ana Silva" hello --new')
        for name in ("ana", "Nobody", "c9"):
            result = held("interview", "edit", "i1", "--without", name, "--note", "x")
            assert result.code == 2
            assert "On it: c1 Mara Lindqvist (Bluewater Robotics); c2 Jon (Bluewater Robotics)." in result.err
        assert interview(held).note == ""

    def test_an_empty_text_or_date_takes_away_what_is_there(self, held):
        held.ok("interview edit i1 --kind video --round 2 --hear-by friday --hear-how phone --note x --length 30")
        held.ok('interview edit i1 --kind "" --round 0 --hear-by "" --hear-how "" --note ""')
        found = interview(held)
        assert (found.kind, found.round, found.hear_by, found.hear_how, found.note) == ("", None, None, "", "")
        assert found.length == 30

    def test_nothing_to_change_is_said_so(self, held):
        assert "nothing to change" in held("interview edit i1").err

    def test_as_json_the_record_is_given(self, held):
        assert held.ok("interview edit i1 --kind video --json").item["kind"] == "video"


class TestRemove:
    def test_notes_go_and_promises_and_letters_stay(self, held):
        from crm_core.records import Letter, Promise, Ref

        held.ok('note add i1 "They move"')
        book = held.book
        with book.change("test"):
            book.promises.add(Promise(text="send references", interview=Ref("i1"), made=book.today))
            book.letters.add(Letter(contact=Ref("c1"), kind="thank-you", interview=Ref("i1")))
        asked = held("interview remove i1")
        assert asked.code == 2
        assert "goes with it: 1 note (n1)" in asked.err
        assert "1 promise (p1), 1 letter (l1)" in asked.err
        held.ok("interview remove i1 --yes")
        book = held.book
        assert len(book.interviews) == len(book.notes) == 0
        assert book.promises.get("p1").interview is None
        assert book.letters.get("l1").interview is None


class TestOutcome:
    def test_a_next_round_and_then_the_next_interview(self, held):
        result = held.ok("interview outcome bluewater next-round")
        assert result.out == (
            "i1 Engineer at Bluewater Robotics, yesterday 14:00: next-round, today; "
            "application a1 stands at interviewing\n"
        )
        assert "crm interview log a1 --at WHEN" in result.err
        held.ok('interview log a1 --at "friday 14:00" --round 2')
        assert stages(held) == [("interviewing", "2026-11-22")]
        assert (interview(held).outcome, str(interview(held).outcome_on)) == ("next-round", "2026-11-23")
        held.today = "2026-11-28"
        held.ok("interview outcome bluewater offer")
        assert interview(held, "i2").outcome == "offer"
        assert stages(held)[-1] == ("offer", "2026-11-28")

    def test_the_last_that_ended_is_meant_not_the_next(self, held):
        held.ok('interview log a1 --at "friday 14:00"')
        assert held.ok("interview outcome engineer rejected --on yesterday").out.startswith("i1 ")
        assert interview(held, "i2").outcome is None
        assert stages(held)[-1] == ("rejected", "2026-11-22")

    def test_an_outcome_is_one_change(self, held):
        before = len(history(held))
        held.ok("interview outcome i1 rejected")
        assert len(history(held)) == before + 1
        assert {image.table for image in history(held)[-1].images} == {"interviews", "applications"}

    @pytest.mark.parametrize(
        "words", ["rejected --on friday", "rejected --on 2026-11-21", "hired", "offer --on 2026-02-30"]
    )
    def test_what_can_not_be_is_refused_and_nothing_changes(self, held, words):
        before = stages(held)
        assert held(f"interview outcome i1 {words}").code == 2
        assert interview(held).outcome is None
        assert stages(held) == before

    def test_the_day_of_an_outcome_is_corrected_with_that_of_its_move(self, held):
        held.ok("interview outcome i1 rejected")
        held.ok("interview outcome i1 rejected --on yesterday")
        assert str(interview(held).outcome_on) == "2026-11-22"
        assert stages(held) == [("interviewing", "2026-11-22"), ("rejected", "2026-11-22")]
        held.today = "2026-11-30"
        held.ok("interview outcome i1 rejected")
        assert str(interview(held).outcome_on) == "2026-11-22"

    def test_an_outcome_after_its_stage_was_noted_takes_the_day_of_that(self, held):
        held.ok("application move a1 rejected --on yesterday")
        assert held.ok("interview outcome i1 rejected --json").item["outcome_on"] == "2026-11-22"
        assert [stage for stage, _ in stages(held)] == ["interviewing", "rejected"]

    def test_the_outcome_of_one_that_has_not_begun_is_recorded_with_a_remark(self, crm):
        crm.ok('interview log Acme --at "friday 14:00"')
        unknown = crm("interview outcome acme rejected")
        assert (unknown.code, "i1" in unknown.err) == (2, True)
        assert "has not begun" in crm.ok("interview outcome i1 rejected").err
        assert stages(crm)[-1] == ("rejected", "2026-11-23")


def test_names_with_terminal_escapes_are_kept_but_never_shown_as_they_are(crm):
    results = [
        crm.ok(
            "interview", "log", f"Acme {HOSTILE}", "--at", "yesterday 14:00", "--role", f"Cook {HOSTILE}",
            "--with", f"Ana {HOSTILE}", "--kind", HOSTILE, "--hear-how", HOSTILE,
        ),
        crm.ok("interview list"),
        crm.ok("interview list", columns=80),
        crm.ok("interview list --json"),
        crm.ok("interview show i1", columns=80),
        crm("interview", "edit", "i1", "--without", HOSTILE),
        crm("interview", "show", HOSTILE + "?"),
        crm.ok("interview outcome i1 rejected"),
        crm("interview", "log", "Beta", "--at", HOSTILE, "--tz", HOSTILE),
    ]  # fmt: skip
    assert HOSTILE in crm.book.contacts.get("c1").name
    for result in results:
        assert not set("\x1b\x07\x00\u202e") & set(result.out + result.err)


def test_a_huge_name_does_not_fill_the_screen(crm):
    refused = crm("interview", "log", "x" * 1_000_000, "--at", "yesterday 14:00")
    assert (refused.code, len(refused.err) < 1_000) == (2, True)
    name = "x" * 498
    crm.ok("interview", "log", name, "--at", "yesterday 14:00", "--with", f"{name} y")
    assert len(crm.ok("interview list", columns=80).out) < 1_000
    assert len(crm("interview", "show", name + "z").err) < 1_000
    assert len(history(crm)[0].title) < 200


def test_what_another_command_created_meanwhile_is_found_not_doubled(crm):
    from crm_core.cli.given import Newcomers

    book = crm.book
    assert len(book.companies) == len(book.contacts) == 0
    crm.ok('interview log Acme --at "yesterday 14:00" --with "Ana Silva"')
    with book.change("test"):
        newcomers = Newcomers(book, new=False)
        assert (newcomers.company("acme").id, newcomers.contact("ana silva").id) == ("co1", "c1")
    assert newcomers.lines == []


def test_half_a_character_is_refused_and_nothing_is_written(crm):
    assert crm("interview", "log", "Acme", "--at", "yesterday 14:00", "--with", "Ana \udc80").code == 2
    assert len(crm.book.companies) == 0
