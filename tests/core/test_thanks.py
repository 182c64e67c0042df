"""Who on a panel has been written to."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crm_core.dates import Moment
from crm_core.letters import open_thanks
from crm_core.records import Application, Company, Contact, Interview, Letter, Position, Seat
from crm_core.thanks import coverage


@pytest.fixture
def panel(book):
    """A book and its interview: Tom, Mara who leads, and Jo."""
    with book.change("an interview"):
        company = book.companies.add(Company(name="Bluewater Robotics"))
        position = (Position(organisation="Bluewater", title="Winch Engineer"),)
        for name, positions in (("Tom", position), ("Mara", position), ("Jo", ())):
            book.contacts.add(Contact(name=name, positions=positions))
        application = book.applications.add(Application(company=company.id, role="Engineer"))
        seats = (
            Seat(contact="c1"),
            Seat(contact="c2", lead=True, role="Chair"),
            Seat(contact="c3"),
            Seat(contact="c1"),
        )
        at = Moment(datetime.fromisoformat("2026-11-19T14:00"), "Europe/Berlin")
        return book, book.interviews.add(Interview(application=application.id, at=at, panel=seats))


def write(book, contact, **facts):
    usual = {"contact": contact, "kind": "panel", "family": "thanks", "interview": "i1"}
    with book.change("a letter"):
        return book.letters.add(Letter(**{**usual, **facts}))


def test_everybody_is_there_once_the_lead_first(panel):
    book, interview = panel
    assert [(one.name, one.role, one.lead, one.state, one.letter) for one in coverage(book, interview)] == [
        ("Mara", "Chair", True, "nothing", None),
        ("Tom", "Winch Engineer", False, "nothing", None),
        ("Jo", "", False, "nothing", None),
    ]


def test_any_letter_of_thanks_counts_and_no_other(panel):
    book, interview = panel
    write(book, "c1")
    write(book, "c2", kind="proposal", family="proposal", sent=date(2026, 11, 20))
    write(book, "c3", kind="thank-you", sent=date(2026, 11, 20))
    write(book, "c3", sent=date(2026, 11, 18))
    assert [(one.name, one.state, one.letter, one.sent) for one in coverage(book, interview)] == [
        ("Mara", "nothing", None, None),
        ("Tom", "drafted", "l1", None),
        ("Jo", "thanked", "l3", date(2026, 11, 20)),
    ]


def test_a_letter_that_went_out_before_a_postponed_interview_thanks_nobody(panel):
    book, interview = panel
    write(book, "c3", sent=date(2026, 11, 18))
    assert coverage(book, interview)[2].state == "nothing"


def test_the_open_letter_is_the_newest_of_the_kind_asked_for_else_of_the_family(panel):
    book, interview = panel
    tom = book.contacts.get("c1")
    assert open_thanks(book, interview, tom, "panel") is None
    write(book, "c1", kind="thank-you")
    assert open_thanks(book, interview, tom, "panel").id == "l1"
    write(book, "c1")
    write(book, "c1", kind="thank-you")
    assert open_thanks(book, interview, tom, "panel").id == "l2"
    assert open_thanks(book, interview, tom).id == "l3"


def test_an_interview_without_a_panel_covers_nobody(panel):
    book, interview = panel
    with book.change("nobody"):
        alone = book.interviews.add(Interview(application="a1", at=interview.at))
    assert coverage(book, alone) == []
