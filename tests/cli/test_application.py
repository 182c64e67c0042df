from __future__ import annotations

import pytest

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202eRed\x00"


@pytest.fixture
def applied(crm):
    """One application, a1, at co1, since 9 November (m1)."""
    crm.ok('application add "Bluewater Robotics" "Data Engineer" --source "job fair" --on "2 weeks ago"')
    return crm


def moves(crm, id_="a1"):
    return [(move.id, move.stage, str(move.on)) for move in crm.book.applications.get(id_).moves]


def test_adding_an_application_creates_the_company_and_says_so(crm):
    result = crm.ok('application add "Bluewater Robotics" "Data Engineer"')
    assert result.out == "Added a1 Data Engineer at Bluewater Robotics: applied since today\n"
    assert result.err == "Added company co1 Bluewater Robotics\nTo take it all back: crm undo\n"
    assert crm.ok("application add co1 Analyst").err == ""
    assert [company.name for company in crm.book.companies] == ["Bluewater Robotics"]


def test_everything_that_is_said_of_an_application_is_kept(crm, tmp_path):
    posting = tmp_path / "posting.txt"
    posting.write_bytes("\ufeffWe look for\r\na cook\r\n".encode())
    item = crm.ok(
        "application", "add", "Acme", " Sous  Chef ", "--stage", "offer", "--on", "2026-11-20",
        "--url", "acme.example/jobs/1", "--source", "Jon", "--closes", "2026-11-30", "--respond-by", "in 2 weeks",
        "--cv", "cv-2.pdf", "--note", " ask for Fridays ", "--posting-file", str(posting), "--json",
    ).item  # fmt: skip
    assert item == {
        "id": "a1", "company": "co1", "role": "Sous Chef", "source": "Jon", "url": "https://acme.example/jobs/1",
        "moves": [{"id": "m1", "stage": "offer", "on": "2026-11-20"}], "posting": "We look for\na cook",
        "closes": "2026-11-30", "respond_by": "2026-12-07", "cv": "cv-2.pdf", "note": "ask for Fridays",
    }  # fmt: skip


def test_a_similar_company_stops_and_new_goes_on(applied):
    result = applied("application add Bluewater Analyst")
    assert result.code == 2
    assert "co1 Bluewater Robotics" in result.err
    assert len(applied.book.applications) == 1
    applied.ok("application add Bluewater Analyst --new")
    assert [company.name for company in applied.book.companies] == ["Bluewater Robotics", "Bluewater"]


def test_the_same_role_twice_is_refused_unless_it_is_meant(applied):
    result = applied('application add "bluewater robotics GmbH" "data  ENGINEER" --json')
    assert result.code == 2
    assert "a1" in result.error["message"]
    assert "crm application move a1 STAGE" in result.error["hint"]
    applied.ok('application add "Bluewater Robotics" "Data Engineer" --again')
    assert len(applied.book.applications) == 2


def test_the_same_role_may_be_tried_again_once_it_has_ended(applied):
    applied.ok("application move a1 rejected")
    applied.ok('application add "Bluewater Robotics" "Data Engineer"')
    assert len(applied.book.applications) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--on", "friday"], "2026-11-27, a Friday, is still ahead"),
        (["--on", "2026-02-30"], "no such day"),
        (["--on", "03/04/2026"], "ambiguous"),
        (["--closes", "someday"], "someday"),
        (["--stage", "hired"], "hired"),
        (["--url", "javascript:alert(1)"], "not a web address"),
        (["--posting-file", "/nowhere/posting.txt"], "can't be read"),
        (["--posting-file", "/"], "can't be read"),
        (["--posting-file", "a\x00b"], "can't be read"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_added(crm, words, said):
    result = crm("application", "add", "Acme", "Analyst", *words)
    assert result.code == 2
    assert said in result.err
    assert len(crm.book.applications) == len(crm.book.companies) == 0


@pytest.mark.parametrize(("company", "role"), [("", "Analyst"), ("  ", "Analyst"), ("Acme", ""), ("Acme", " \n ")])
def test_empty_names_are_refused(crm, company, role):
    assert crm("application", "add", company, role).code == 2
    assert len(crm.book.companies) == 0


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"%PDF-1.7 abc", "is not a text"),
        (b"\x00\x01\x02", "is not a text"),
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"x" * 1_000_001, "is longer than"),
    ],
)
def test_a_file_that_is_no_posting_is_refused(crm, tmp_path, raw, said):
    (tmp_path / "posting").write_bytes(raw)
    result = crm("application", "add", "Acme", "Analyst", "--posting-file", str(tmp_path / "posting"))
    assert result.code == 2
    assert said in result.err
    assert len(crm.book.companies) == 0


@pytest.mark.parametrize(
    ("raw", "remark"),
    [("Köchin".encode(), ""), ("Köchin".encode("utf-16"), ""), ("Köchin".encode("cp1252"), "Windows-1252")],
)
def test_a_posting_is_read_in_the_charset_it_was_saved_in(crm, tmp_path, raw, remark):
    (tmp_path / "posting").write_bytes(raw)
    result = crm.ok("application", "add", "Acme", "Cook", "--posting-file", str(tmp_path / "posting"))
    assert crm.book.applications.get("a1").posting == "Köchin"
    assert remark in result.err


def test_a_posting_may_come_through_a_pipe(crm):
    crm.ok("application add Acme Cook --posting-file -", stdin="We look for a cook\n")
    assert crm.book.applications.get("a1").posting == "We look for a cook"


def test_moving_says_from_where_to_where(applied):
    result = applied.ok("application move bluewater interviewing --on yesterday")
    assert result.out == "a1 Data Engineer at Bluewater Robotics: from applied to interviewing, yesterday\n"
    assert moves(applied) == [("m1", "applied", "2026-11-09"), ("m2", "interviewing", "2026-11-22")]


def test_moving_back_in_time_is_refused_and_the_way_to_correct_is_told(applied):
    result = applied("application move a1 offer --on 2026-11-08")
    assert result.code == 2
    assert "crm application edit a1 --move-date m1 DATE" in result.err
    assert len(moves(applied)) == 1


def test_moving_into_the_future_is_refused(applied):
    assert applied("application move a1 offer --on friday").code == 2
    assert applied("application edit a1 --move-date m1 tomorrow").code == 2
    assert len(moves(applied)) == 1


def test_moving_to_the_same_stage_changes_nothing_and_tells_how_to_correct_the_day(applied):
    result = applied.ok("application move a1 applied --on 2026-11-05")
    assert "as before" in result.out
    assert "crm application edit a1 --move-date m1 2026-11-05" in result.err
    assert moves(applied) == [("m1", "applied", "2026-11-09")]
    applied.ok("application edit a1 --move-date m1 2026-11-05")
    assert moves(applied) == [("m1", "applied", "2026-11-05")]


def test_an_offer_is_to_be_answered_by_a_day(applied):
    assert "--respond-by DATE" in applied.ok("application move a1 offer").err
    assert applied.ok("application move a1 withdrawn").err.splitlines()[-1] == "`crm` shows what to do next."
    applied.ok("undo")
    item = applied.ok("application move a1 offer --respond-by friday --json").item
    assert item["respond_by"] == "2026-11-27"
    assert [move["stage"] for move in item["moves"]] == ["applied", "offer"]
    assert applied("application move a1 accepted --respond-by friday").code == 2


def test_the_list_shows_the_live_ones_and_counts_the_rest(applied):
    applied.ok("application add Acme Analyst --stage rejected")
    applied.ok("application add Beta Cook")
    applied.ok('interview log Beta --at "friday 14:00"')
    result = applied.ok("application list")
    lines = result.out.splitlines()
    assert lines[0].split() == ["id", "company", "role", "stage", "since", "next", "interview", "source"]
    assert [line.split()[0] for line in lines[1:]] == ["a3", "a1"]
    assert "interviewing  today  Fri 27 Nov 14:00" in lines[1]
    assert "job fair" in lines[2]
    assert result.err == "1 more has ended: crm application list --all\n"
    assert len(applied.ok("application list --all").out.splitlines()) == 4
    assert applied.ok("application list --all").err == ""


def test_the_list_as_json_has_the_record_and_what_follows_from_it(applied):
    applied.ok('interview log a1 --at "friday 14:00"')
    (item,) = applied.ok("application list --json").items
    assert item["id"] == "a1"
    assert item["stage"] == "interviewing"
    assert item["since"] == "2026-11-23"
    assert item["company_name"] == "Bluewater Robotics"
    assert item["next_interview"] == "2026-11-27T14:00:00+01:00"
    assert item["interviews"] == ["i1"]
    assert [move["id"] for move in item["moves"]] == ["m1", "m2"]


def test_the_list_is_narrowed_by_stage_and_company(applied):
    applied.ok("application add Acme Analyst --stage rejected")
    applied.ok("application add Acme Cook")

    def ids(words):
        return {item["id"] for item in applied.ok(f"application list {words} --json").items}

    assert ids("--stage rejected") == {"a2"}
    assert ids("--stage rejected --stage applied") == {"a1", "a2", "a3"}
    assert ids("--company acme") == {"a3"}
    assert ids("--company acme --all") == {"a2", "a3"}
    assert ids("--stage offer") == set()
    assert applied.ok("application list --stage applied").err == ""
    assert applied("application list --company Nobody").code == 2


def test_an_empty_list_says_what_to_type(crm):
    result = crm.ok("application list")
    assert result.out == ""
    assert "crm application add" in result.err
    assert crm.ok("application list --json").items == []


def test_the_list_fits_a_terminal(applied):
    applied.ok("application", "add", "The Extraordinarily Long Company Name of Upper Austria", "Chief " * 30)
    applied.ok('interview log a2 --at "2026-11-27 09:30" --tz America/New_York')
    result = applied.ok("application list", columns=80)
    assert max(map(len, result.out.splitlines())) <= 80
    assert all(word in result.out for word in ("a1", "a2", "interviewing", "Fri 27 Nov 15:30"))


def test_show_tells_the_whole_story(applied, tmp_path):
    (tmp_path / "posting").write_text("We look for\nan engineer")
    applied.ok(f"application edit a1 --posting-file {tmp_path}/posting --closes 2026-12-01")
    applied.ok('interview log a1 --at "yesterday 14:00" --with "Mara Lindqvist"')
    applied.ok("interview outcome i1 offer --on yesterday")
    out = applied.ok("application show bluewater").out
    for part in ("offer since yesterday", "m1  applied", "m2  interviewing", "m3  offer", "i1  yesterday 14:00",
                 "We look for\nan engineer", "closes       1 Dec"):  # fmt: skip
        assert part in out
    item = applied.ok("application show a1 --json").item
    assert (item["stage"], item["interviews"], item["letters"]) == ("offer", ["i1"], [])


def test_editing_changes_what_is_given_and_an_empty_text_takes_away(applied):
    before = applied.book.applications.get("a1")
    applied.ok("application edit a1 --closes 2026-12-01 --respond-by friday --url https://acme.example")
    applied.ok('application edit a1 --closes "" --source "" --role "Senior  Engineer"')
    after = applied.book.applications.get("a1")
    assert (after.closes, str(after.respond_by), after.source) == (None, "2026-11-27", "")
    assert (after.role, after.url, after.moves) == ("Senior Engineer", "https://acme.example", before.moves)


def test_editing_nothing_or_the_role_away_is_refused(applied):
    assert applied("application edit a1").code == 2
    assert applied('application edit a1 --role " "').code == 2
    assert applied.book.applications.get("a1").role == "Data Engineer"


def test_correcting_a_moves_day_keeps_its_id_and_the_order(applied):
    applied.ok("application move a1 rejected --on 2026-11-20")
    applied.ok("application edit a1 --move-date m1 2026-11-20 --move-date m2 2026-11-21")
    assert moves(applied) == [("m1", "applied", "2026-11-20"), ("m2", "rejected", "2026-11-21")]
    result = applied("application edit a1 --move-date m2 2026-11-19 --note changed")
    assert result.code == 2
    assert "2026-11-20 is after 2026-11-19" in result.err
    assert applied.book.applications.get("a1").note == ""
    result = applied("application edit a1 --move-date m7 2026-11-19")
    assert "m1 applied on 2026-11-20" in result.err


def test_removing_lists_what_goes_along_and_asks(applied):
    applied.ok('interview log a1 --at "yesterday 14:00"')
    applied.ok('note add i1 "They move"')
    result = applied("application remove a1")
    assert result.code == 2
    assert "1 interview (i1), 1 note (n1)" in result.err
    assert "--yes" in result.err
    assert len(applied.book.applications) == 1
    applied.ok("application remove a1 --yes")
    assert len(applied.book.applications) == len(applied.book.interviews) == len(applied.book.notes) == 0
    assert len(applied.book.companies) == 1


@pytest.mark.parametrize("command", ["move {} offer", "show {}", "edit {} --note x", "remove {} --yes"])
def test_unknown_and_ambiguous_applications_are_told_with_candidates(applied, command):
    applied.ok('application add "Bluewater Robotics" Analyst')
    unknown = applied(f"application {command.format('Nobody')}")
    assert (unknown.code, "no application 'Nobody'" in unknown.err) == (2, True)
    ambiguous = applied(f"application {command.format('bluewater')}")
    assert ambiguous.code == 2
    assert "a1 Data Engineer at Bluewater Robotics; a2 Analyst at Bluewater Robotics" in ambiguous.err


def test_names_with_terminal_escapes_are_kept_but_never_shown_as_they_are(crm):
    results = [
        crm.ok("application", "add", f"Acme {HOSTILE}", f"Cook {HOSTILE}", "--source", HOSTILE),
        crm.ok("application list"),
        crm.ok("application list", columns=80),
        crm.ok("application list --json"),
        crm.ok("application show a1"),
        crm("application", "show", HOSTILE + "?"),
        crm("application", "add", f"Acme {HOSTILE}", f"Cook {HOSTILE}"),
        crm.ok("application move a1 rejected"),
    ]
    assert HOSTILE in crm.book.applications.get("a1").role
    for result in results:
        assert not set("\x1b\x07\x00\u202e") & set(result.out + result.err)


def test_half_a_character_is_refused_and_nothing_is_written(crm):
    assert crm("application", "add", "Acme", "Cook \udc80").code == 2
    assert len(crm.book.companies) == 0


def test_the_history_has_one_change_for_one_command(applied):
    from crm_core.files import Places
    from crm_core.store.tiny import TinyStore

    history = TinyStore(Places.of(applied.environ).book).history()
    assert [change.title for change in history] == ["added an application: Data Engineer at Bluewater Robotics"]
    assert len(history[0].images) == 2
