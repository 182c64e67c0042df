"""`crm hearback`: the list, writing down when news comes, and the letter that asks for it."""

from __future__ import annotations

import pytest

from crm_hearback.letter import agreed_channel


@pytest.fixture
def met(crm):
    """An interview last Thursday with Mara and Tom."""
    crm.ok("me set name 'Robin Vale'")
    crm.ok(
        "interview log 'Bluewater Robotics' --role Engineer --at '2026-11-19 14:00' --with 'Mara Lindqvist' --with Tom"
    )
    return crm


def test_with_nothing_to_wait_for_it_says_so(crm):
    assert "You wait for nobody." in (crm.ok("hearback").out + crm.ok("hearback").err)
    assert crm.ok("hearback --json").items == []


def test_it_lists_whom_you_wait_for(met):
    met.ok("application add Northwind Analyst --on 2026-11-10")
    met.ok("application add Fab Developer --stage wishlist")
    result = met.ok("hearback")
    assert "Bluewater Robotics" in result.out
    assert "Northwind" in result.out
    assert "Fab" not in result.out
    assert "crm hearback told i1 --by DATE" in result.err
    rows = met.ok("hearback --json").items
    assert [(row["id"], row["what"], row["since"]) for row in rows] == [
        ("a2", "an answer", "2026-11-10"),
        ("i1", "news", "2026-11-19"),
    ]


def test_the_day_agreed_comes_first_and_overdue_says_what_to_type(met):
    met.ok("application add Northwind Analyst --on 2026-11-10")
    met.ok("hearback told Bluewater --by 2026-11-20 --how 'by e-mail'")
    result = met.ok("hearback")
    assert "Overdue: crm hearback ask i1" in result.err
    row = met.ok("hearback --json").items[0]
    assert (row["id"], row["by"], row["how"], row["asked"]) == ("i1", "2026-11-20", "by e-mail", None)
    met.ok("log Mara 'any news?' --out --on 2026-11-22")
    assert met.ok("hearback --json").items[0]["asked"] == "2026-11-22"


def test_told_writes_the_day_and_the_way_into_the_interview(met):
    result = met.ok("hearback told Bluewater --by friday --how ' by   phone '")
    assert "you will hear by Fri 27 Nov (by phone)" in result.out
    interview = met.book.interviews.get("i1")
    assert (str(interview.hear_by), interview.hear_how) == ("2026-11-27", "by phone")
    assert met.ok("hearback told i1 --how email --json").item["hear_by"] == "2026-11-27"


def test_told_before_the_interview_closes_the_question(crm):
    crm.ok("interview log Acme --at 'tomorrow 10:00'")
    assert len(crm.ok("agenda --plugin hearback --json").items) == 1
    crm.ok("hearback told i1 --by 'in 2 weeks'")
    assert crm.ok("agenda --plugin hearback --json").items == []


def test_told_without_a_day_asks_for_it(met):
    assert "crm hearback told i1 --by DATE" in met.ok("hearback told i1 --how 'by phone'").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("hearback told i1", "Nothing to write down"),
        ("hearback told i1 --how ' '", "Nothing to write down"),
        ("hearback told i1 --by 2026-11-18", "before the interview"),
        ("hearback told i1 --by someday", "someday"),
        ("hearback told Nowhere --by friday", "There is no interview"),
        ("hearback ask Nowhere", "There is no interview"),
        ("hearback told", "INTERVIEW"),
    ],
)
def test_what_can_not_be_meant_is_refused(met, words, said):
    result = met(words)
    assert result.code == 2
    assert said in result.err
    assert met.book.interviews.get("i1").hear_by is None


def test_ask_drafts_a_letter_to_the_lead_in_the_agreed_way(met):
    met.ok("hearback told i1 --by 2026-11-20 --how 'a message on LinkedIn'")
    letter = met.ok("hearback ask --json").item
    assert (letter["contact"], letter["interview"], letter["kind"]) == ("c1", "i1", "hearback")
    assert (letter["family"], letter["channel"], letter["blanks"]) == ("hearback", "message", [])
    assert "Thursday 19 November" in letter["body"]
    assert "Engineer" in letter["body"]


def test_ask_again_shows_the_letter_that_is_being_written_the_way_it_was_made(met):
    met.ok("hearback told i1 --by 2026-11-20 --how email")
    met.ok("hearback ask --by message")
    shown = met.ok("hearback ask --json").item
    assert (shown["id"], shown["channel"]) == ("l1", "message")
    assert len(met.book.letters) == 1


def test_ask_without_a_name_takes_what_is_longest_overdue(met):
    met.ok("interview log Acme --at '2026-11-17 10:00' --with Ana")
    met.ok("hearback told i1 --by 2026-11-20")
    met.ok("hearback told i2 --by 2026-11-22")
    assert met.ok("hearback ask --json").item["interview"] == "i1"
    met.ok("letter sent l1")
    assert met.ok("hearback ask --json").item["interview"] == "i2"


def test_ask_says_when_it_is_early_and_when_they_wanted_to_phone(met):
    met.ok("hearback told i1 --by friday --how 'they phone me'")
    result = met.ok("hearback ask i1")
    assert "it is early to ask" in result.err
    assert "--by phone --out" in result.err


def test_ask_with_nobody_to_ask_says_what_to_type(crm):
    assert "You wait for news of no interview" in crm("hearback ask").err
    crm.ok("interview log Acme --at '2026-11-17 10:00'")
    result = crm("hearback ask")
    assert result.code == 2
    assert "crm interview edit i1 --with" in result.err


def test_a_sent_letter_closes_the_step(met):
    met.ok("hearback told i1 --by 2026-11-20")
    met.ok("hearback ask")
    met.ok("letter sent l1")
    (step,) = met.ok("agenda --plugin hearback --all --json").items
    assert step["state"] == "done"
    assert met.ok("agenda --plugin hearback --json").items == []


def test_done_on_the_agenda_records_that_you_asked(met):
    met.ok("hearback told i1 --by 2026-11-20")
    (step,) = met.ok("agenda --plugin hearback --json").items
    met.ok("done", step["handle"])
    assert [(x.contact, x.direction) for x in met.book.interactions] == [("c1", "out")]
    assert len(met.book.marks) == 0


@pytest.mark.parametrize("channel", ["email", "post", "message", "video"])
def test_every_channel_and_no_interview_make_a_whole_letter(met, channel):
    met.ok("application add Northwind Analyst --on 2026-11-10")
    letter = met.ok(f"letter draft hearback Mara --application a2 --by {channel} --json").item
    assert "Analyst at Northwind" in letter["body"]
    assert letter["blanks"] == []


def test_the_letter_claims_no_agreement_where_no_day_was_said(met):
    letter = met.ok("hearback ask i1 --json").item
    assert met.book.interviews.get("i1").hear_by is None
    assert "agreed" not in letter["body"]
    assert "Since we talked on" in letter["body"]


@pytest.mark.parametrize(
    ("how", "channel"),
    [
        ("", "email"), ("by e-mail", "email"), ("Email", "email"), ("by post", "post"), ("they phone me", "email"),
        ("WhatsApp message", "message"), ("on LinkedIn", "message"), ("a video call", "video"),
    ],
)  # fmt: skip
def test_the_agreed_way_is_understood(how, channel):
    assert agreed_channel(how) == channel


def test_hostile_text_stays_text(met):
    met.ok("hearback", "told", "i1", "--by", "2026-11-20", "--how", "\x1b[31m {{ me }} [[x]]\x00")
    result = met.ok("hearback")
    assert "\x1b" not in result.out
    assert "{{ me }}" in result.out
    assert "\x1b" not in met.ok("agenda --plugin hearback").out
