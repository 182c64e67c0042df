"""`crm referral`, as it is typed."""

from __future__ import annotations

from datetime import date

import pytest

from crm_referrals.records import Ask


def test_paths_are_listed_with_their_proof_and_what_to_type_next(job):
    result = job.crm.ok("referral paths Bluewater")
    lines = result.out.splitlines()
    assert lines[0].split() == ["id", "name", "how", "last", "contact", "state"]
    assert "works there now: Engineer" in lines[1]
    assert "knows Ana Silva, who works there" in lines[-1]
    assert result.err == "Next:  crm referral ask a1 c1\n"


def test_paths_as_json_have_all_that_is_known(job):
    job.crm.ok("log Ana 'had lunch' --on yesterday")
    first = job.crm.ok("referral paths a1 --json").items[0]
    assert first == {
        "contact": "c1", "name": "Ana Silva", "kind": "works there", "proof": "works there now: Engineer",
        "via": None, "via_name": "", "closeness": 0, "last": "2026-11-22", "asked": "",
    }  # fmt: skip


def test_no_path_is_said_plainly_and_is_no_failure(job):
    job.crm.ok("company add Metabolon")
    result = job.crm.ok("referral paths Metabolon")
    said = result.out + result.err
    assert "Nobody in your book works or worked at Metabolon" in said
    assert job.crm.ok("referral paths Metabolon --json").items == []


def test_a_company_without_a_record_is_found_by_what_is_printed(job):
    job.crm.ok("contact add 'Nils Ek' --was-at 'Northmole AG'")
    result = job.crm.ok("referral paths northmole")
    assert "Nils Ek" in result.out


def test_a_company_without_a_record_is_named_as_a_shell_takes_it(job):
    job.crm.ok("contact", "add", "Nils Ek", "--was-at", "$(id) AG")
    result = job.crm.ok("referral", "paths", "$(id) AG")
    assert "crm application add '$(id) AG' ROLE" in result.err


@pytest.mark.parametrize("name", ["Nix", "a99", "co99", "\x1b[31m", ""])
def test_a_name_that_nobody_knows_is_refused(job, name):
    result = job.crm("referral", "paths", name)
    assert result.code == 2
    assert "\x1b" not in result.err


def test_paths_show_who_was_asked(job):
    job.crm.ok("referral asked a1 Ana")
    assert [path["asked"] for path in job.crm.ok("referral paths Bluewater --json").items][:2] == ["asked", ""]


def test_ask_drafts_a_letter_to_that_person_about_that_application(job):
    result = job.crm.ok("referral ask Bluewater Ana")
    assert "Dear Ana," in result.out
    assert "the role of Engineer at Bluewater Robotics" in result.out
    assert "Ana Silva works there now: Engineer" in result.err
    assert "crm referral asked a1 c1" in result.err
    (letter,) = job.crm.book.letters
    assert (letter.kind, letter.family, letter.contact, letter.application) == ("referral", "referral", "c1", "a1")
    job.crm.ok("referral ask Bluewater Ana --by message")
    assert len(job.crm.book.letters) == 1


@pytest.mark.parametrize("channel", ["email", "post", "message", "video"])
def test_the_letter_has_a_form_for_each_channel(job, channel):
    job.crm.ok("me set name 'Robin Vale'")
    body = job.crm.ok("referral", "ask", "a1", "c1", "--by", channel, "--json").item["body"]
    assert body.count("put in a word") == 1
    assert ("Dear Ana" in body) == (channel in {"email", "post"})
    assert "{" not in body
    assert "\n\n\n" not in body


def test_a_letter_that_was_sent_closes_the_step(job):
    job.crm.ok("referral ask a1 c1")
    job.crm.ok("letter sent l1 --force")
    assert [step["state"] for step in job.steps()] == ["waiting"]
    assert "was asked today already" in job.crm.ok("referral ask a1 c1").err


def test_an_interviewer_is_not_asked(job):
    job.interview("2026-11-19T14:00")
    result = job.crm("referral ask a1 Mara")
    assert result.code == 2
    assert "Mara Lindqvist interviews you at Bluewater Robotics" in result.err
    assert len(job.crm.book.letters) == 0


def test_asking_without_a_path_or_for_an_ended_application_says_so(job):
    job.crm.ok("application move a1 rejected")
    told = job.crm.ok("referral ask a1 Zoe").err
    assert "does not say what Zoe Nobody has to do with Bluewater Robotics" in told
    assert "has ended: rejected" in told


def test_what_became_of_it_is_recorded_and_the_last_word_holds(job):
    first = job.crm.ok("referral asked Bluewater Ana --on 2026-11-20 --note 'at lunch'")
    assert first.out == "Asked Fri 20 Nov: rq1 Ana Silva, Engineer at Bluewater Robotics\n"
    assert "crm referral agreed a1 c1" in first.err
    second = job.crm.ok("referral agreed a1 c1")
    assert second.out.endswith("; until now: asked Fri 20 Nov\n")
    item = job.crm.ok("referral spoke a1 c1 --json").item
    assert (item["id"], item["state"], item["asked"], item["note"]) == ("rq1", "spoke", "2026-11-20", "at lunch")
    job.crm.ok("referral declined a1 c1 --note no")
    (ask,) = job.crm.book.table(Ask)
    assert (ask.state, ask.asked, ask.on, ask.note) == ("declined", date(2026, 11, 20), date(2026, 11, 23), "no")


def test_the_same_again_changes_nothing(job):
    job.crm.ok("referral asked a1 c1")
    before = (job.crm.home / "book.json").read_bytes()
    job.crm.ok("referral asked a1 c1")
    assert (job.crm.home / "book.json").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("referral asked a1 c1 --on tomorrow", "is still ahead"),
        ("referral agreed a1 c1 --on 2026-11-01", "was asked on 2026-11-20"),
        ("referral asked a1 c99", "no contact"),
        ("referral asked a99 c1", "no application"),
        ("referral asked a1", "Missing argument"),
        ("referral agreed a1 c1 --on never", "never"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_written(job, line, said):
    job.crm.ok("referral asked a1 c1 --on 2026-11-20")
    before = list(job.crm.book.table(Ask))
    result = job.crm(line)
    assert result.code == 2
    assert said in result.err
    assert list(job.crm.book.table(Ask)) == before


def test_list_shows_requests_newest_first_and_says_when_there_are_none(job):
    empty = job.crm.ok("referral list")
    assert "Nobody was asked yet" in empty.out + empty.err
    job.crm.ok("referral declined a1 Ana --on 2026-11-20")
    job.crm.ok("referral asked a1 Ben")
    job.crm.ok("referral ask a1 Cleo")
    job.crm.ok("letter sent l1 --on 2026-11-12 --force")
    rows = job.crm.ok("referral list --json").items
    assert [(row["id"], row["name"], row["state"]) for row in rows] == [
        ("rq2", "Ben Okoro", "asked"), ("rq1", "Ana Silva", "declined"), ("", "Cleo Brandt", "asked"),
    ]  # fmt: skip
    assert "Engineer at Bluewater Robotics" in job.crm.ok("referral list").out
