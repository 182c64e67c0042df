"""`crm thank`, as it is typed, and the step on the agenda. The present is Friday 20 November 2026, 12:00, in Berlin."""

from __future__ import annotations

from datetime import date

import pytest

from crm_core import Application, Company, Contact, Interview, Letter, Move, Seat
from tests.plugins.facts import berlin


@pytest.fixture
def met(crm):
    """A book with i1, yesterday, with Mara (lead) and Tom, and i2, next Friday, with Tom."""
    crm.today = "2026-11-20T12:00"
    crm.ok("me set name 'Ana Silva'")
    book = crm.book
    with book.change("interviews"):
        company = book.companies.add(Company(name="Bluewater Robotics"))
        mara = book.contacts.add(Contact(name="Mara Lindqvist", given="Mara"))
        tom = book.contacts.add(Contact(name="Tom Okafor"))
        moves = (Move(id="m1", stage="interviewing", on=date(2026, 11, 1)),)
        application = book.applications.add(Application(company=company.id, role="Engineer", moves=moves))
        both = (Seat(contact=mara.id), Seat(contact=tom.id))
        for at, panel in (("2026-11-19T14:00", both), ("2026-11-27T10:00", both[1:])):
            book.interviews.add(Interview(application=application.id, at=berlin(at), panel=panel))
    return crm


def steps(crm, *options):
    return crm.ok("agenda", "--plugin", "thankyou", "--json", *options).items


def test_thank_drafts_for_the_lead_of_the_last_interview(met):
    result = met.ok("thank")
    assert "\nDear Mara,\n" in result.out
    lines = result.err.splitlines()
    assert lines[0] == "Interview: Engineer at Bluewater Robotics, yesterday 14:00 (i1)"
    assert "       crm letter export l1 --eml -o thank-you.eml" in lines
    assert lines[-1] == "Not thanked yet, of this panel: Mara Lindqvist, Tom Okafor"
    assert [line.split() for line in result.out.splitlines()[-3:]] == [
        ["name", "role", "letter", "state"],
        ["Mara", "Lindqvist", "lead", "l1", "drafted"],
        ["Tom", "Okafor", "-", "nothing"],
    ]


def test_thank_once_more_shows_the_same_letter(met):
    met.ok("thank Bluewater --by post")
    assert met.ok("thank i1 --json").item["channel"] == "post"
    assert len(met.book.letters) == 1


def test_thank_says_when_everybody_was_thanked(met):
    book = met.book
    with book.change("thanked"):
        for person in ("c1", "c2"):
            book.letters.add(Letter(contact=person, kind="x", family="thanks", interview="i1", sent=date(2026, 11, 20)))
    assert met.ok("thank").err.splitlines()[-1] == "Everybody on the panel has been thanked."


def test_thank_for_an_interview_ahead_says_that_it_is(met):
    result = met.ok("thank i2")
    assert "(i2); it has not begun yet" in result.err
    assert "panel" not in result.err


def test_thank_without_a_panel_says_how_to_name_somebody(met):
    book = met.book
    with book.change("nobody"):
        book.interviews.add(Interview(application="a1", at=berlin("2026-11-20T09:00")))
    result = met("thank")
    assert result.code == 2
    assert "Nobody is on the panel of i3" in result.err
    assert "crm interview edit i3 --with" in result.err


def test_thank_on_an_empty_book_is_no_traceback(crm):
    result = crm("thank")
    assert result.code == 2
    assert "There is no interview" in result.err


def test_the_step_is_on_the_agenda_until_the_letter_is_sent(met):
    (step,) = steps(met)
    assert (step["title"], step["state"], step["for"], step["about"]) == ("Thank Mara Lindqvist", "due", "c1", "i1")
    assert (step["due"], step["late"]) == ("2026-11-20T15:00:00+01:00", "2026-11-21T15:00:00+01:00")
    assert step["command"] == "crm thank i1"
    met.ok("thank")
    assert len(steps(met)) == 1
    met.ok("letter sent l1 --force")
    assert steps(met) == []
    assert [step["state"] for step in steps(met, "--all")] == ["done"]


def test_done_records_a_letter_that_was_written_elsewhere(met):
    (step,) = steps(met)
    met.ok("done", step["handle"], "--on", "yesterday 19:00")
    (letter,) = met.book.letters
    assert (letter.contact, letter.versions) == ("c1", ())
    assert len(met.book.marks) == 0
    assert steps(met) == []


def test_done_before_the_interview_is_refused_and_changes_nothing(met):
    (step,) = steps(met)
    result = met("done", step["handle"], "--on", "2026-11-18")
    assert result.code == 2
    assert "is before the interview" in result.err
    assert (len(met.book.letters), len(met.book.marks)) == (0, 0)


def test_the_step_ends_with_the_application(met):
    met.ok("application move a1 rejected")
    assert steps(met) == []


def test_the_settings_have_their_section(met):
    met.ok("settings set crm_thankyou.due_hours 6")
    (step,) = steps(met)
    assert step["due"] == "2026-11-19T21:00:00+01:00"
    assert step["state"] == "due"


def test_a_proposal_is_a_letter_besides_the_thanks(met):
    met.ok("thank")
    result = met.ok("thank --proposal --by video")
    assert "[look into the camera]" in result.out
    assert "The script is about " in result.err
    item = met.ok("thank --proposal --json").item
    assert (item["id"], item["kind"], item["family"], item["contact"]) == ("l2", "proposal", "proposal", "c1")
    met.ok("letter sent l2 --force")
    assert [step["state"] for step in steps(met)] == ["due"]
