"""Who works at a company now, found without reading anybody in full."""

from __future__ import annotations

from datetime import date

from crm_core.network import Staff
from crm_core.records import Company, Contact, Position, Ref
from tests.core.network.people import Listed

ACME, ZENITH = Company(id=Ref("co1"), name="Acme Robotics"), Company(id=Ref("co2"), name="Zenith")


def person(id_, *positions):
    return Contact(id=id_, name=id_, positions=positions)


def test_people_are_at_the_company_that_is_meant_as_long_as_they_hold_the_post():
    people = Listed([
        person("c1", Position(organisation="ACME Robotics, Inc."), Position(organisation="Zenith", former=True)),
        person("c2", Position(organisation="North Lab", company=Ref("co1"))),
        person("c3", Position(organisation="Acme Robotics", until=date(2024, 5, 1))),
        person("c4", Position(organisation="Acme"), Position(organisation="Zenith")),
        person("c5"),
    ])  # fmt: skip
    staff = Staff([ACME, ZENITH], people)

    assert [contact.id for contact in staff.at("co1")] == ["c1", "c2"]
    assert [contact.id for contact in staff.at("co2")] == ["c4"]
    assert staff.at("co3") == []
    assert staff.employers(people.find("c1")) == ["co1"]
