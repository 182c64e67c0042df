"""A book with one application at Bluewater Robotics, and three people there; the present is 23 November 2026, 12:00."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from crm_core import Application, Company, Contact, Interview, Move, Position, Seat
from tests.plugins.facts import berlin


class Job:
    """An application that began on 10 November; Ana works there, Ben did, Cleo knows Ana, Mara interviews."""

    def __init__(self, crm):
        crm.only("crm_referrals")
        self.crm = crm
        book = crm.book
        with book.change("a network"):
            company = book.companies.add(Company(name="Bluewater Robotics")).id
            here = Position(organisation="Bluewater Robotics", title="Engineer")
            ana = book.contacts.add(Contact(name="Ana Silva", given="Ana", positions=(here,)))
            book.contacts.add(Contact(name="Ben Okoro", positions=(replace(here, former=True),)))
            book.contacts.add(Contact(name="Cleo Brandt", knows=(ana.id,)))
            book.contacts.add(Contact(name="Mara Lindqvist", positions=(here,)))
            book.contacts.add(Contact(name="Zoe Nobody"))
            moves = (Move(id="m1", stage="applied", on=date(2026, 11, 10)),)
            book.applications.add(Application(company=company, role="Engineer", moves=moves))

    def interview(self, at, application="a1", **facts):
        """An interview with Mara, Berlin time, of an hour."""
        book = self.crm.book
        with book.change("an interview"):
            panel = (Seat(contact="c4"),)
            return book.interviews.add(Interview(application=application, at=berlin(at), panel=panel, **facts))

    def steps(self, *options):
        return self.crm.ok("agenda", "--json", "--plugin", "referrals", *options).items

    def titles(self, *options):
        return [step["title"] for step in self.steps(*options)]


@pytest.fixture
def job(crm):
    return Job(crm)
