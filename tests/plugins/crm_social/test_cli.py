"""`crm social`, as it is typed."""

from __future__ import annotations

from datetime import date

import click
import pytest

from crm_core import Contact, Note, Profile
from crm_social.note import length
from crm_social.records import Follow
from tests.plugins.crm_social.test_networks import HOSTILE


@pytest.fixture
def opened(monkeypatch):
    """The addresses that were given to a browser."""
    addresses = []

    def launch(url):
        addresses.append(url)
        return 0

    monkeypatch.setattr(click, "launch", launch)
    return addresses


def test_the_list_has_a_row_for_each_network_of_those_you_meet(job):
    job.interview("2026-11-20T14:00")
    job.crm.ok("contact add 'Zoe Far' --profile github:zoe")
    rows = job.crm.ok("social --json").items
    assert [(row["name"], row["network"], row["state"]) for row in rows] == [
        ("Bluewater Robotics", "linkedin", "to follow"),
        ("Mara Lindqvist", "linkedin", "to follow"),
        ("Mara Lindqvist", "mastodon", "to follow"),
    ]
    assert "mara@s.example" in job.crm.ok("social").out


def test_a_name_that_is_no_command_is_shown(job):
    job.crm.ok("social asked Mara linkedin --on yesterday")
    rows = job.crm.ok("social Mara --json").items
    assert rows[0] == {
        "who": "c1", "name": "Mara Lindqvist", "network": "linkedin", "state": "asked", "handle": "mara",
        "url": "https://www.linkedin.com/in/mara", "on": "2026-11-22", "id": "fo1",
    }  # fmt: skip
    assert job.crm.ok("social show Mara --json").items == rows
    assert [row["who"] for row in job.crm.ok("social Bluewater --json").items] == ["co1"]


def test_an_empty_list_says_what_to_do(job):
    shown = job.crm.ok("social Tom")
    assert "crm contact edit c2 --profile" in shown.out + shown.err
    assert job.crm.ok("social Tom --json").items == []


def test_a_companys_own_name_goes_before_a_part_of_a_persons(job):
    job.add(Contact(name="Press of Bluewater Robotics"))
    assert job.crm.ok("social followed 'bluewater robotics' x --json").item["company"] == "co1"


@pytest.mark.parametrize("state", ["followed", "asked", "connected", "declined"])
def test_what_was_done_is_recorded_and_the_last_word_holds(job, state):
    assert job.crm.ok("social followed Mara twitter").out == "Followed today: fo1 Mara Lindqvist on X\n"
    told = job.crm.ok(f"social {state} Mara x --on 2026-11-20").out
    assert told.endswith("on X; until now: followed today\n")
    (follow,) = job.crm.book.table(Follow)
    assert (follow.network, follow.state, follow.on) == ("x", state, date(2026, 11, 20))


def test_forget_takes_it_back(job):
    job.crm.ok("social followed Mara linkedin")
    job.crm.ok("social followed Bluewater linkedin")
    assert job.crm.ok("social forget Mara linkedin").out.startswith("Forgotten: fo1")
    job.crm.ok("social forget Bluewater linkedin")
    assert {row["state"] for row in job.crm.ok("social --json").items} == {"to follow"}
    assert "Nothing is recorded of Mara Lindqvist on LinkedIn" in job.crm("social forget Mara linkedin").err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("social followed Mara myspace", "no network"),
        ("social followed Mara x --on tomorrow", "is still ahead"),
        ("social followed Nobody x", "no person or company"),
        ("social followed c99 x", "no person or company"),
        ("social followed Mara", "Missing argument"),
        ("social Nobody", "no person or company"),
        ("social open Tom", "no page"),
        ("social open Mara x", "no page on X"),
        ("social open Mara web", "no page"),
        ("social note Nobody", "no contact"),
        ("social note Mara --network fax", "no network"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(job, opened, line, said):
    result = job.crm(line)
    assert result.code == 2
    assert said in result.err
    assert (len(job.crm.book.table(Follow)), opened) == (0, [])


def test_open_opens_the_page_and_says_what_to_type_then(job, opened):
    result = job.crm.ok("social open Mara")
    assert opened == ["https://www.linkedin.com/in/mara"]
    assert result.err == "When you have: crm social followed c1 linkedin\n"


def test_open_goes_on_to_the_network_where_they_are_still_to_be_followed(job, opened):
    job.crm.ok("social asked Mara linkedin")
    job.crm.ok("social open Mara")
    job.crm.ok("social open Mara linkedin")
    assert opened == ["https://s.example/@mara", "https://www.linkedin.com/in/mara"]


def test_open_print_opens_nothing(job, opened):
    assert job.crm.ok("social open Bluewater --print").out == "https://www.linkedin.com/company/bluewater\n"
    assert opened == []


def test_open_shows_another_page_where_no_network_is_known(job, opened):
    job.add(Contact(name="Zoe Far", profiles=(Profile(network="web", url="https://zoe.example"),)))
    job.crm.ok("social open Zoe")
    job.crm.ok("social open Zoe web")
    assert opened == ["https://zoe.example"] * 2


def test_open_fails_where_there_is_no_browser(job, monkeypatch):
    monkeypatch.setattr(click, "launch", lambda _url: 1)
    result = job.crm("social open Mara")
    assert (result.code, result.out) == (1, "https://www.linkedin.com/in/mara\n")


@pytest.mark.parametrize("network", ["linkedin", "mastodon", "web", "github"])
def test_a_hostile_page_is_never_opened(job, opened, network):
    for url in HOSTILE:
        if "\ud800" not in url:
            job.add(Contact(name=f"Eve {len(job.crm.book.contacts)}", profiles=(Profile(network=network, url=url),)))
    for contact in list(job.crm.book.contacts)[2:]:
        assert job.crm("social", "open", contact.id).code == 2
        assert job.crm("social", "open", contact.id, network).code == 2
        assert "\x1b" not in job.crm.ok("social", contact.id).out
    assert opened == []


def note(job, *words):
    return job.crm.ok("social", "note", "Mara", "--json", *words).item


def test_a_note_thanks_for_the_last_interview_and_says_its_length(job):
    job.crm.ok("me set name 'Robin Vale'")
    job.interview("2026-11-09T14:00")
    job.interview("2026-11-20T14:00")
    result = job.crm.ok("social note Mara")
    assert result.out == (
        "Hello Mara, thank you for talking with me about the role of Engineer at Bluewater Robotics. "
        "I would be glad to stay in touch. Robin Vale\n"
    )
    assert f"{len(result.out) - 1} characters of the 200 that LinkedIn allows." in result.err
    assert "(i2)" in result.err
    assert "crm social asked c1 linkedin" in result.err
    assert note(job, "--interview", "i1")["interview"] == "i1"


def test_a_note_takes_up_what_was_talked_about_with_that_person(job):
    job.interview("2026-11-20T14:00")
    job.add(Note(interview="i1", text="The kitchen", contact=None))
    job.add(Note(interview="i1", text="Winches that sing", contact="c2"))
    job.add(Note(interview="i1", text="Seems tired", contact="c1", kind="impression"))
    job.add(Note(interview="i1", text="The seal that ate two robots", contact="c1"))
    assert "I keep thinking of this: The seal that ate two robots." in note(job)["text"]
    for other in ("kitchen", "Winches", "tired"):
        assert other not in note(job)["text"]


def test_a_point_goes_before_the_role_where_there_is_no_room_for_both(job):
    job.interview("2026-11-20T14:00")
    job.add(Note(interview="i1", text="w" * 100, contact="c1"))
    assert "w" * 100 in note(job)["text"]
    assert "Engineer" not in note(job)["text"]
    assert "Engineer" in note(job, "--premium")["text"]


def test_a_note_for_somebody_you_have_not_met_claims_nothing(job):
    result = job.crm.ok("social note Mara --network xing")
    assert result.out == "Hello Mara, I would be glad to be in touch.\n"
    assert "no limit of XING's is known" in result.err
    assert "You have not met Mara Lindqvist yet." in result.err


@pytest.mark.parametrize("limit", [200, 300])
@pytest.mark.parametrize("text", ["a note", "n" * 5000, "😀" * 150, "word " * 60, "tab\tand\x1b[31m\u202eline\nbreak"])
@pytest.mark.parametrize("name", ["Mara", "M" * 400, "😀 " * 120])
def test_a_note_is_never_longer_than_the_network_allows(job, limit, text, name):
    job.interview("2026-11-20T14:00")
    job.add(Note(interview="i1", text=text, contact="c1"))
    book = job.crm.book
    with book.change("a name"):
        book.contacts.save(Contact(id="c1", name=name))
    item = job.crm.ok("social", "note", "c1", "--json", *(["--premium"] if limit == 300 else [])).item
    assert item["length"] == length(item["text"]) <= item["limit"] == limit
    assert item["text"].isprintable()
