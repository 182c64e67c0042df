"""Guided entry: `interview log` and `application add` ask step by step, at a terminal and nowhere else."""

from __future__ import annotations

import re

import msgspec
import pytest

from crm_core.cli.dialog.offering import matching
from crm_core.network import fold
from tests.cli.terminal import Terminal, at_terminal

INTERVIEW = (
    ("Company, or an application's id", "Bluewater Robotics"),
    ("Role", "Engineer"),
    ("When, as in friday 14:00", "friday 9:30"),
    ("With whom", "Mara Lindqvist"),
    ("Who else", "Jon Abara"),
    ("Who else", ""),
    ("Who leads it", "jon"),
    ("How: phone, video, on site", "video"),
    ("How long", "90m"),
    ("By when you will hear", "next friday"),
    ("How you will hear", "by phone"),
)
APPLICATION = (
    ("Company", "Acme"),
    ("Role", "Cook"),
    ("Stage", ""),
    ("Since when", "yesterday"),
    ("Where the posting is", "jobs.acme.example/cook"),
    ("How you came to know", "job fair"),
    ("Which CV", "short"),
)


def typed(answers):
    return "".join(f"{answer}\n" for _, answer in answers)


@pytest.fixture
def start():
    """Starts a command line at a terminal; whatever still runs at the end is ended."""
    started: list[Terminal] = []

    def begin(crm, *words, columns=80, **environ):
        started.append(at_terminal(crm, *words, columns=columns, **environ))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.kill()


@pytest.mark.parametrize("columns", [60, 80])
def test_an_interview_is_logged_by_answers_at_a_terminal(crm, start, columns):
    terminal = start(crm, "interview", "log", columns=columns)
    for question, answer in INTERVIEW:
        terminal.answer(question, answer)

    assert terminal.end() == 0
    found = crm.book.interviews.get("i1")
    assert str(found.at.local) == "2026-11-27 09:30:00"
    assert (found.length, found.kind, str(found.hear_by), found.hear_how) == (90, "video", "2026-12-04", "by phone")
    assert [(seat.contact, seat.lead) for seat in found.panel] == [("c1", False), ("c2", True)]
    assert crm.book.applications.get("a1").role == "Engineer"
    for told in (
        "Bluewater Robotics is new and will be added",
        "Jon Abara (Bluewater Robotics) is new and will be added",
        "Added company co1 Bluewater Robotics",
        "Added contact c2 Jon Abara (Bluewater Robotics)",
        "To take it all back: crm undo",
    ):
        assert told in terminal.screen
    crm.ok("undo")
    assert not len(crm.book.companies) + len(crm.book.contacts) + len(crm.book.interviews)


def test_an_application_is_added_by_answers_at_a_terminal(crm, start):
    terminal = start(crm, "application", "add")
    for question, answer in APPLICATION:
        terminal.answer(question, answer)

    assert terminal.end() == 0
    found = crm.book.applications.get("a1")
    assert (found.role, found.stage, found.source, found.cv) == ("Cook", "applied", "job fair", "short")
    assert (found.url, str(found.moves[0].on)) == ("https://jobs.acme.example/cook", "2026-11-22")


@pytest.mark.parametrize(("words", "answers"), [("interview log", INTERVIEW), ("application add", APPLICATION)])
def test_the_same_is_recorded_as_by_options(crm, words, answers):
    crm.ok(words, typed=typed(answers))
    by_answers = [*crm.book.interviews, *crm.book.applications, *crm.book.contacts, *crm.book.companies]
    crm.ok("undo")
    crm.ok(
        {
            "interview log": (
                "interview log 'Bluewater Robotics' --role Engineer --at 'friday 9:30' --with 'Mara Lindqvist' "
                "--with 'Jon Abara' --lead 'Jon Abara' --kind video --length 90m --hear-by 'next friday' "
                "--hear-how 'by phone'"
            ),
            "application add": (
                "application add Acme Cook --on yesterday --url jobs.acme.example/cook --source 'job fair' --cv short"
            ),
        }[words]
    )
    by_options = [*crm.book.interviews, *crm.book.applications, *crm.book.contacts, *crm.book.companies]
    assert list(map(without_ids, by_answers)) == list(map(without_ids, by_options))


def without_ids(record):
    """A record's facts: numbers are never given twice, not even after undo."""
    return re.sub(r'"(?:c|co|a|i|m)\d+"', '""', msgspec.json.encode(record, enc_hook=str).decode())


@pytest.mark.parametrize(("words", "answers"), [("interview log", INTERVIEW), ("application add", APPLICATION)])
def test_the_end_of_input_at_any_question_writes_nothing(crm, words, answers):
    for number in range(len(answers)):
        result = crm(words, typed=typed(answers[:number]))
        assert result.code == 1
        assert result.err.splitlines()[-1] == "crm: stopped; nothing was changed"
        assert not crm.home.joinpath("book.json").exists()


@pytest.mark.parametrize(("words", "answers"), [("interview log", INTERVIEW), ("application add", APPLICATION)])
def test_ctrl_c_at_any_question_ends_with_one_line_and_writes_nothing(crm, start, words, answers):
    for number, (question, _) in enumerate(answers):
        terminal = start(crm, *words.split())
        for earlier, answer in answers[:number]:
            terminal.answer(earlier, answer)
        terminal.wait_for(question)
        terminal.wait_for(": ")
        assert terminal.interrupt() == 1
        assert terminal.screen.splitlines()[-1] == "crm: stopped; nothing was changed"
        assert "Traceback" not in terminal.screen
        assert not crm.home.joinpath("book.json").exists()


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("interview log", "argument 'COMPANY'"),
        ("interview log Acme", "option '--at'"),
        ("application add", "argument 'COMPANY'"),
        ("application add Acme", "argument 'ROLE'"),
    ],
)
def test_where_nobody_can_answer_what_is_missing_is_a_mistake(crm, words, missing):
    for result in (crm(words, stdin="Acme\nCook\n" * 20), crm(f"{words} --json", typed=typed(INTERVIEW))):
        assert result.code == 2
        assert f"Missing {missing}" in result.err
    assert not crm.home.joinpath("book.json").exists()


def test_only_what_is_missing_is_asked(crm):
    result = crm.ok(
        "interview log Acme --role Cook --with Ana --length 45m --kind phone --hear-by friday --hear-how mail",
        typed="yesterday 14:00\n",
    )
    assert result.err.count(": ") < 5
    assert crm.book.interviews.get("i1").length == 45
    assert crm("interview log Acme --at yesterday", typed="").code == 2, "everything needed is given: nothing is asked"


def test_an_answer_that_can_not_be_used_is_asked_for_again(crm):
    result = crm.ok("application add", typed="!!\nAcme\nCook\nsleeping\nApplied\ntomorrow\n\njavascript:x\n\n\n\n")
    assert "'!!' is no name for a company" in result.err
    assert "'sleeping' is not a stage. Give one of: wishlist" in result.err
    assert "2026-11-24, a Tuesday, is still ahead" in result.err
    assert "'javascript:x' is not a web address" in result.err
    assert crm.book.applications.get("a1").stage == "applied"


class TestNames:
    @pytest.fixture(autouse=True)
    def known(self, crm):
        crm.ok('interview log "Bluewater Robotics" --role Engineer --at "yesterday 14:00" --with "Mara Lindqvist"')

    def test_a_company_with_one_application_alive_needs_no_role(self, crm):
        result = crm.ok("interview log", typed="Bluewater Robotics\nfriday 14:00\n\n\n\n\n\n")
        assert "a1 Engineer at Bluewater Robotics, interviewing" in result.err
        assert crm.book.interviews.get("i2").application == "a1"

    def test_of_several_applications_one_is_chosen_by_its_id(self, crm):
        crm.ok("application add co1 Cook")
        result = crm.ok("interview log", typed="co1\na9\na2\nfriday 14:00\n\n\n\n\n\n")
        assert "'a9' is not one of them. Give one of: a1, a2." in result.err
        assert crm.book.interviews.get("i2").application == "a2"

    def test_an_application_that_has_ended_is_reached_by_its_id(self, crm):
        crm.ok("application move a1 rejected")
        crm.ok("interview log", typed="a1\nfriday 14:00\n\n\n\n\n\n")
        assert crm.book.interviews.get("i2").application == "a1"

    def test_a_name_like_a_known_one_is_added_only_when_that_is_said(self, crm):
        result = crm.ok("application add", typed="Bluewater\nco9\n\nCook\n\n\n\n\n\n")
        assert "there is something similar: co1 Bluewater Robotics" in result.err
        assert "'co9' is not one of them. Give one of: co1, new." in result.err
        assert (len(crm.book.companies), crm.book.applications.get("a2").company) == (1, "co1")
        crm.ok("application add", typed="Bluewater\nNew\nCook\n\n\n\n\n\n")
        assert [company.name for company in crm.book.companies] == ["Bluewater Robotics", "Bluewater"]

    def test_of_several_that_look_similar_none_is_meant_by_enter(self, crm):
        crm.ok("company add 'Bluewater Shipping' --new")
        crm.ok("application add", typed="Bluewater\n\nco2\nCook\n\n\n\n\n\n")
        assert crm.book.applications.get("a2").company == "co2"

    def test_a_person_is_found_by_a_part_of_the_name(self, crm):
        result = crm.ok("interview log", typed="co1\nfriday 14:00\nmara\n\n\n\n\n\n")
        assert "c1 Mara Lindqvist (Bluewater Robotics)" in result.err
        assert len(crm.book.contacts) == 1

    def test_of_two_people_of_one_name_an_id_says_who_is_meant(self, crm):
        crm.ok("contact add 'Mara Olsen'")
        result = crm.ok("interview log", typed="Acme\n\nfriday 14:00\nmara\nc2\n\n\n\n\n\n")
        assert "'mara' could be several people. c1 Mara Lindqvist" in result.err
        assert crm.book.interviews.get("i2").panel[0].contact == "c2"

    def test_a_lead_given_as_an_option_is_one_of_the_panel_or_anybody(self, crm):
        crm.ok("interview log co1 --lead mara", typed="friday 14:00\nJon\n\n\n\n\n\n")
        assert [(seat.contact, seat.lead) for seat in crm.book.interviews.get("i2").panel] == [
            ("c1", True),
            ("c2", False),
        ]

    def test_a_second_application_for_a_role_needs_again(self, crm):
        result = crm.ok("application add", typed="co1\nengineer\nCook\n\n\n\n\n\n")
        assert "a1 Engineer at Bluewater Robotics is in the book already" in result.err
        crm.ok("application add --again", typed="co1\nengineer\n\n\n\n\n\n")
        assert [a.role for a in crm.book.applications] == ["Engineer", "Cook", "engineer"]

    def test_a_book_that_can_not_be_read_ends_it(self, crm):
        path = crm.home / "book.json"
        path.write_bytes(path.read_bytes().replace(b'"Bluewater', b"!Bluewater"))
        result = crm("interview log", typed="Acme\nAcme\nAcme\n")
        assert result.code == 4
        assert result.err.count("Company") <= 1

    def test_hostile_names_can_do_nothing_to_the_screen(self, crm):
        crm.ok("company", "add", "Evil \x1b[2J\x07Corp")
        result = crm("interview log", typed="Evil\n")
        assert "\x1b" not in result.err


class TestTab:
    @pytest.fixture(autouse=True)
    def known(self, crm):
        crm.ok('interview log "Bluewater Robotics" --role Engineer --at "yesterday 14:00" --with "Mara Lindqvist"')
        crm.ok("company add Bluebird")
        crm.ok("company", "add", "Evil \x1b[2J\x07Corp")

    def test_companies_and_people_are_completed(self, crm, start):
        terminal = start(crm, "interview", "log")
        terminal.wait_for("application's id: ")
        terminal.type("bluew\t")
        terminal.wait_for("Bluewater Robotics")
        terminal.type("\r")
        terminal.answer("When", "friday 14:00")
        terminal.wait_for("With whom (Enter: not said): ")
        terminal.type("lindq\t")
        terminal.wait_for("Mara Lindqvist")
        terminal.type("\r")
        terminal.wait_for("c1 Mara Lindqvist (Bluewater Robotics)")
        terminal.kill()

    def test_of_several_all_are_shown_and_the_question_stays_in_sight(self, crm, start):
        terminal = start(crm, "application", "add", columns=60)
        terminal.wait_for("Company: ")
        terminal.type("blue\t")
        assert terminal.wait_for("Company: ").split() == ["blue", "Bluebird", "Bluewater", "Robotics"]
        terminal.wait_for("Blue")
        terminal.kill()

    def test_a_name_that_could_act_on_the_terminal_is_not_offered(self, crm, start):
        terminal = start(crm, "application", "add")
        terminal.wait_for("Company: ")
        terminal.type("evil\t\t\r")
        terminal.wait_for("Evil")
        terminal.kill()
        assert "\x1b[2J" not in terminal.raw
        assert "\x07Corp" not in terminal.raw


NAMES = [(fold(name), name) for name in ("Mara Lindqvist", "Märta Berg", "Ana Silva", "Ana Berg")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mar", ["Mara Lindqvist", "Märta Berg"]),
        ("MÄR", ["Mara Lindqvist", "Märta Berg"]),
        ("lind", ["Mara Lindqvist"]),
        ("berg", []),
        ("ana b", ["Ana Berg"]),
        ("x", []),
    ],
)
def test_names_are_completed_from_their_beginning_or_the_only_word_that_fits(text, found):
    assert matching(NAMES, text) == found
