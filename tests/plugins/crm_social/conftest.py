"""A book with one application at Bluewater Robotics and two people there; the present is 23 November 2026, 12:00."""

from __future__ import annotations

from datetime import date

import pytest

from crm_core import Application, Company, Contact, Interview, Move, Profile, Seat
from tests.plugins.facts import berlin


class Job:
    """Bluewater is on LinkedIn; Mara is on LinkedIn and Mastodon; of Tom nothing is known."""

    def __init__(self, crm):
        crm.only("crm_social")
        self.crm = crm
        book = crm.book
        with book.change("a company and its people"):
            there = (Profile(network="linkedin", url="https://www.linkedin.com/company/bluewater"),)
            company = book.companies.add(Company(name="Bluewater Robotics", profiles=there)).id
            book.contacts.add(
                Contact(
                    name="Mara Lindqvist",
                    given="Mara",
                    profiles=(
                        Profile(network="linkedin", handle="mara"),
                        Profile(network="mastodon", handle="mara@s.example"),
                    ),
                )
            )
            book.contacts.add(Contact(name="Tom Okafor"))
            moves = (Move(id="m1", stage="applied", on=date(2026, 11, 1)),)
            book.applications.add(Application(company=company, role="Engineer", moves=moves))

    def interview(self, at, *people, application="a1"):
        """An interview of an hour, Berlin time; with Mara and Tom if nobody is named."""
        book = self.crm.book
        with book.change("an interview"):
            panel = tuple(Seat(contact=person) for person in people or ("c1", "c2"))
            return book.interviews.add(Interview(application=application, at=berlin(at), panel=panel))

    def add(self, record):
        book = self.crm.book
        with book.change("a fact"):
            return book.table(type(record)).add(record)

    def steps(self, *options):
        return self.crm.ok("agenda", "--json", "--plugin", "social", *options).items

    def titles(self, *options):
        return sorted(step["title"] for step in self.steps(*options))


@pytest.fixture
def job(crm):
    return Job(crm)
