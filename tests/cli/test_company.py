"""`crm company`: adding, listing, showing, changing, removing and merging employers, agencies and schools."""

from __future__ import annotations

import io
import sys

import pytest

from crm_core.cli.main import main
from crm_core.cli.screen.output import Output
from crm_core.records import Company

ESCAPE = "Evil \x1b[2J\x07\u202eCorp\x00"


@pytest.fixture
def searching(crm):
    """co1 with one live and one ended application, two interviews and three people, one of them gone."""
    crm.ok('company add "Bluewater Robotics" --website bluewater.example --tag robots --alias Bluewater')
    crm.ok('contact add "Mara Lindqvist" --company "BLUEWATER robotics GmbH" --title CTO')
    crm.ok('contact add "Tom Berg" --was-at Bluewater --company Acme')
    crm.ok('application add co1 "Test Engineer" --on 2026-11-02')
    crm.ok('application add co1 Analyst --stage rejected --on "last friday"')
    crm.ok('interview log a1 --at "last friday 14:00" --with c1')
    crm.ok('interview log a1 --at "yesterday 14:00" --with "Ola Nowak"')
    return crm


def names(crm):
    return [company.name for company in crm.book.companies]


def test_adding_says_the_id_and_keeps_everything(crm):
    result = crm.ok(
        "company", "add", " Acme  GmbH ", "--website", "acme.example/jobs", "--domain", "https://www.Acme.example/",
        "--domain", "mara@mail.acme.example", "--alias", "Acme Works", "--feed", "https://acme.example/news.xml",
        "--profile", "linkedin.com/company/acme", "--tag", "robots", "--tag", "ROBOTS", "--note", " big ", "--json",
    )  # fmt: skip
    assert result.item == {
        "id": "co1", "name": "Acme GmbH", "aliases": ["Acme Works"], "website": "https://acme.example/jobs",
        "domains": ["acme.example", "mail.acme.example"], "feeds": ["https://acme.example/news.xml"],
        "profiles": [{"network": "linkedin", "handle": "", "url": "https://linkedin.com/company/acme"}],
        "tags": ["robots"], "note": "big",
    }  # fmt: skip
    assert crm.ok("company add Beta").out == "Added co2 Beta\n"


@pytest.mark.parametrize("again", ["Bluewater Robotics", "bluewater robotics gmbh", "BLUEWATER", "co1"])
def test_a_company_that_is_known_is_not_added_twice(searching, again):
    result = searching("company", "add", again, "--new")
    assert result.code == 2
    assert result.err.splitlines()[0] == f"crm: {again} is in the book already: co1 Bluewater Robotics"
    assert "crm company edit co1" in result.err
    assert names(searching) == ["Bluewater Robotics"]


def test_a_similar_company_stops_and_new_adds_it(searching):
    result = searching("company", "add", "Bluewater Robotic", "--json")
    assert (result.code, result.error["code"], result.out) == (2, 2, "")
    assert "co1 Bluewater Robotics" in result.error["hint"]
    searching.ok("company", "add", "Bluewater Robotic", "--new")
    assert names(searching) == ["Bluewater Robotics", "Bluewater Robotic"]


def test_an_alias_that_is_another_companys_name_is_refused(searching):
    result = searching("company add Acme --alias Bluewater")
    assert (result.code, result.err) == (2, "crm: Bluewater is a name of co1 Bluewater Robotics\n")
    searching.ok("company add Acme")
    result = searching('company edit Acme --name "Bluewater"')
    assert result.code == 2
    assert "crm company merge co1 co2" in result.err
    assert names(searching) == ["Bluewater Robotics", "Acme"]


@pytest.mark.parametrize(
    "wrong",
    ["--website javascript:alert(1)", "--website 'a b.example'", "--feed file:///etc/passwd", "--domain acme",
     "--domain 'a b.example'", "--profile mara"],
)  # fmt: skip
def test_what_is_no_address_is_refused(crm, wrong):
    result = crm(f"company add Acme {wrong}")
    assert result.code == 2
    assert result.err.count("\n") == 2
    assert len(crm.book.companies) == 0


@pytest.mark.parametrize("name", ["", "   ", "!?", "\x1b"])
def test_a_name_without_a_letter_is_refused(crm, name):
    assert crm("company", "add", name, "--new").code == 2
    assert len(crm.book.companies) == 0


def test_people_whose_cards_name_a_new_company_are_mentioned(crm):
    crm.ok('contact add "Mara Lindqvist" --company "Acme Ltd"')
    crm.ok('contact add "Tom Berg" --was-at Acme')
    result = crm.ok("company add Acme")
    assert result.err == "People there now: 1, before: 1. To see them: crm company show co1\n"


def test_the_list_counts_open_applications_and_people_there_now(searching):
    searching.ok("company add Acme")
    assert searching.ok("company list", columns=80).out.splitlines() == [
        "id   name                open applications  people  tags",
        "co2  Acme                                0       1",
        "co1  Bluewater Robotics                  1       2  robots",
    ]


def test_the_list_can_be_of_one_tag(searching):
    searching.ok("company add Acme --tag agency --tag berlin")
    items = searching.ok("company list --tag AGENCY --tag berlin --json").items
    assert [(item["id"], item["name"], item["open_applications"], item["people"]) for item in items] == [
        ("co2", "Acme", 0, 1)
    ]
    nothing = searching.ok("company list --tag school")
    assert (nothing.out, nothing.err) == ("", "No company is found by that.\n")


def test_a_person_with_two_positions_at_a_company_counts_once(crm):
    crm.ok("company add Acme")
    crm.ok('contact add "Mara Lindqvist" --company "Acme Ltd" --was-at Acme')
    assert crm.ok("company list --json").items[0]["people"] == 1
    shown = crm.ok("company show Acme --json").item
    assert [person["id"] for person in shown["people_now"]] == ["c1"]
    assert shown["people_before"] == []


def test_an_empty_list_says_what_to_type(crm):
    result = crm.ok("company list")
    assert result.out == ""
    assert "crm company add" in result.err
    assert crm.ok("company list --json").items == []


def test_show_tells_the_facts_applications_and_people(searching):
    assert searching.ok("company show Bluewater", columns=80).out.splitlines() == [
        "company        co1 Bluewater Robotics",
        "also called    Bluewater",
        "website        https://bluewater.example",
        "tags           robots",
        "applications   a1 Test Engineer: interviewing since Fri 20 Nov",
        "               a2 Analyst: rejected since Fri 20 Nov",
        "people now     c1 Mara Lindqvist, CTO",
        "               c3 Ola Nowak",
        "people before  c2 Tom Berg",
    ]


def test_show_as_json_has_the_record_and_what_is_around_it(searching):
    item = searching.ok("company show co1 --json").item
    assert item["website"] == "https://bluewater.example"
    assert item["applications"][0] == {
        "id": "a1", "role": "Test Engineer", "stage": "interviewing", "since": "2026-11-20",
    }  # fmt: skip
    assert item["people_before"] == [{"id": "c2", "name": "Tom Berg", "title": ""}]


def test_editing_changes_only_what_is_given(searching):
    result = searching.ok("company edit Bluewater --note 'ask Mara' --tag berlin --domain bluewater.example")
    assert result.out == "Changed co1 Bluewater Robotics: domains, tags, note\n"
    company = searching.book.companies.get("co1")
    assert (company.note, company.tags, company.aliases) == ("ask Mara", ("robots", "berlin"), ("Bluewater",))
    searching.ok('company edit co1 --note "" --untag ROBOTS --alias "" --website ""')
    company = searching.book.companies.get("co1")
    assert (company.note, company.tags, company.aliases, company.website) == ("", ("berlin",), (), "")
    assert company.domains == ("bluewater.example",)


def test_a_new_name_keeps_the_old_one_as_an_alias_so_that_people_stay(searching):
    searching.ok("company edit co1 --name Deepwater")
    company = searching.book.companies.get("co1")
    assert (company.name, company.aliases) == ("Deepwater", ("Bluewater", "Bluewater Robotics"))
    assert len(searching.ok("company show Deepwater --json").item["people_now"]) == 2
    searching.ok('company edit co1 --name "Deepwater AG"')
    assert searching.book.companies.get("co1").aliases == ("Bluewater", "Bluewater Robotics")


def test_editing_nothing_says_so(searching):
    assert searching("company edit co1").code == 2
    revision = (searching.home / "book.json").read_bytes()
    result = searching.ok("company edit co1 --tag robots --name 'Bluewater Robotics'")
    assert result.out == "co1 Bluewater Robotics is so already: nothing was changed\n"
    assert (searching.home / "book.json").read_bytes() == revision


def test_a_company_that_shares_its_name_can_still_be_edited(crm):
    book = crm.book
    with book.change("two of one name"):
        book.companies.add(Company(name="Acme"))
        book.companies.add(Company(name="Acme GmbH"))
    crm.ok("company edit co2 --note second")
    assert crm.book.companies.get("co2").note == "second"


def test_an_ambiguous_name_lists_the_candidates(crm):
    crm.ok("company add 'Acme Works'")
    crm.ok("company add 'Acme Labs' --new")
    result = crm("company show acme")
    assert (result.code, result.out) == (2, "")
    assert "co1 Acme Works; co2 Acme Labs" in result.err
    assert crm("company show nobody").code == 2


def test_removing_lists_what_goes_along_and_needs_a_yes(searching):
    result = searching("company remove co1")
    assert result.code == 2
    assert result.err.splitlines() == [
        "goes with it: 2 applications (a1, a2), 2 interviews (i1, i2)",
        "loses its reference: 3 contacts (c1, c2, c3)",
        "crm: An answer is needed: Remove co1 Bluewater Robotics?",
        "     hint: Say yes with --yes.",
    ]
    assert len(searching.book.companies) == 1


def test_removing_takes_all_that_hangs_on_it_and_leaves_the_people(searching):
    result = searching.ok("company remove co1 --yes")
    assert result.out == "Removed co1 Bluewater Robotics and 4 records that hung on it\n"
    book = searching.book
    assert (len(book.companies), len(book.applications), len(book.interviews)) == (0, 0, 0)
    assert [contact.position.organisation for contact in book.contacts][:2] == ["BLUEWATER robotics GmbH", "Acme"]
    assert not any(position.company for contact in book.contacts for position in contact.positions)


def test_removing_what_nothing_hangs_on_says_only_that(crm):
    crm.ok("company add Acme")
    result = crm.ok("company remove Acme --yes")
    assert (result.out, result.err) == ("Removed co1 Acme\n", "To bring it back: crm undo\n")


def test_many_ids_are_counted_rather_than_spelt_out(crm):
    crm.ok("company add Acme")
    for number in range(14):
        crm.ok(f"application add co1 'Role {number}'")
    listed = crm("company remove co1").err.splitlines()[0]
    assert listed.startswith("goes with it: 14 applications (a1, a2, ")
    assert listed.endswith("a12 and 2 more)")
    assert crm.ok("company remove co1 --yes").out.endswith("and 14 records that hung on it\n")


def test_answering_no_changes_nothing_and_is_no_success(searching, monkeypatch):
    monkeypatch.setattr("crm_core.cli.removal.confirm", lambda question: False)
    monkeypatch.setattr("crm_core.cli.merging.confirm", lambda question: False)
    searching.ok("company add Acme")
    assert searching("company remove co1").code == 1
    assert searching("company merge co1 co2").code == 1
    assert names(searching) == ["Bluewater Robotics", "Acme"]


def test_answering_yes_removes(searching, monkeypatch):
    asked = []
    monkeypatch.setattr("crm_core.cli.removal.confirm", lambda question: not asked.append(question))
    searching.ok("company remove co1")
    assert asked == ["Remove co1 Bluewater Robotics?"]
    assert names(searching) == []


def test_what_another_command_adds_while_one_thinks_is_not_removed_unseen(searching, monkeypatch):
    def slow_yes(question):
        searching.ok("application add co1 'Late Role'")
        return True

    monkeypatch.setattr("crm_core.cli.removal.confirm", slow_yes)
    result = searching("company remove co1")
    assert result.code == 1
    assert "changed by another command meanwhile" in result.err
    assert len(searching.book.applications) == 3


def test_a_company_that_another_command_changes_while_one_thinks_is_not_merged(searching, monkeypatch):
    def slow_yes(question):
        searching.ok("company edit co2 --note important")
        return True

    searching.ok("company add Acme")
    monkeypatch.setattr("crm_core.cli.merging.confirm", slow_yes)
    result = searching("company merge co1 co2")
    assert result.code == 1
    assert "co2 was changed by another command meanwhile" in result.err
    assert searching.book.companies.get("co2").note == "important"


def test_merging_moves_everything_and_the_old_id_still_resolves(searching):
    searching.ok("company add 'Deep Sea' --domain deepsea.example --tag sea --note found --feed deepsea.example/rss")
    searching.ok("application add co2 Welder")
    searching.ok("contact add 'Ana Silva' --company co2")
    result = searching.ok("company merge Bluewater co2 --yes")
    assert result.out.splitlines() == [
        "Merged co2 Deep Sea into co1 Bluewater Robotics; co2 leads to co1 now",
        "Moved to co1: 1 contact (c4), 1 application (a3)",
    ]
    merged = searching.book.companies.get("co2")
    assert (merged.id, merged.name, merged.website) == ("co1", "Bluewater Robotics", "https://bluewater.example")
    assert set(merged.aliases) == {"Bluewater", "Deep Sea"}
    assert (merged.domains, merged.tags, merged.note) == (("deepsea.example",), ("robots", "sea"), "found")
    assert searching.book.applications.get("a3").company == "co1"
    shown = searching.ok("company show co2 --json").item
    assert shown["id"] == "co1"
    assert [person["id"] for person in shown["people_now"]] == ["c1", "c3", "c4"]


def test_a_company_is_not_merged_with_itself(searching):
    result = searching("company merge co1 Bluewater --yes")
    assert result.code == 2
    assert result.err.startswith("crm: co1 can't be merged with itself\n")


def test_merging_says_what_would_move_before_it_asks(searching):
    searching.ok("company add Acme --new")
    result = searching("company merge co2 co1")
    assert result.code == 2
    assert result.err.splitlines()[:2] == [
        "moves along: 3 contacts (c1, c2, c3), 2 applications (a1, a2)",
        "crm: An answer is needed: Merge co1 Bluewater Robotics into co2 Acme?",
    ]


def test_a_hostile_name_is_shown_clean_everywhere(crm):
    crm.ok("company", "add", ESCAPE, "--note", ESCAPE, "--tag", ESCAPE, "--alias", f"{ESCAPE} 2")
    crm.ok("application", "add", "co1", ESCAPE)
    outputs = [
        crm.ok("company list", columns=80), crm.ok("company show co1", columns=80), crm.ok("company list --json"),
        crm("company", "add", ESCAPE), crm("company remove co1"), crm.ok("company remove co1 --yes"),
    ]  # fmt: skip
    text = "".join(result.out + result.err for result in outputs)
    assert "Evil" in text
    assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(text)


def test_a_half_character_and_a_huge_name_end_in_one_line(crm):
    result = crm("company", "add", "Acme \ud800")
    assert result.code == 2
    assert result.err.count("\n") <= 2
    huge = crm("company", "add", "x" * 100_000)
    assert huge.code == 2
    assert len(huge.err) < 1_000
    crm.ok("company", "add", "x" * 500)
    assert max(map(len, crm.ok("company list", columns=80).out.splitlines())) <= 80


def test_a_file_where_the_folder_should_be_is_one_clear_line(crm):
    crm.home.write_text("not a folder")
    result = crm("company add Acme")
    assert result.code != 0
    assert result.err.startswith("crm: ")
    assert "Traceback" not in result.err
    assert crm.home.read_text() == "not a folder"


def test_with_standard_input_closed_nothing_is_asked(searching, monkeypatch):
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stdin", closed)
    out, err = io.StringIO(), io.StringIO()
    assert main(["company", "remove", "co1"], searching.environ, Output(out, err)) == 2
    assert "Say yes with --yes." in err.getvalue()
    assert names(searching) == ["Bluewater Robotics"]


def test_every_command_of_the_group_has_an_example_in_its_help(crm):
    for command in ("add", "list", "show", "edit", "remove", "merge"):
        assert f"crm company {command}" in crm.ok(f"company {command} --help").out.partition("Example")[2]
