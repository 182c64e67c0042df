"""Paths to a company: what is one, what is none, and in which order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.network import companies, paths
from crm_core.network.paths import PATH_KINDS, PathFinder, closeness
from crm_core.records import BusinessCard, Company, Contact, Interaction, Position
from tests.core.network.people import Listed, contacts, property_test

ACME = Company(id="co1", name="Acme Robotics", aliases=("AR",), domains=("acme.example",))
ZENITH = Company(id="co2", name="Zenith")


def person(id_, name, *positions, **facts):
    return Contact(id=id_, name=name, positions=positions, **facts)


def at(organisation, title="", **facts):
    return Position(organisation=organisation, title=title, **facts)


def found(*people, interviewers=(), company=ACME, known=(ACME, ZENITH), **more):
    return list(PathFinder(known, Listed(people), **more).paths(company, interviewers))


def proofs(*people, **more):
    return [f"{path.person.name} {path.proof}" for path in found(*people, **more)]


@pytest.mark.parametrize(
    ("position", "proof"),
    [
        (at("Acme Robotics", "CTO"), "works there now: CTO"),
        (at("ACME Robotics, Inc."), 'works there now: as "ACME Robotics, Inc."'),
        (at("ar"), 'works there now: as "ar"'),
        (at("North Lab", company="co1"), 'works there now: as "North Lab"'),
        (at("Acme Robotics", since=date(2021, 3, 1)), "works there now: since March 2021"),
        (at("Acme Robotics"), "works there now"),
        (at("Acme Robotics", "Clerk", former=True), "worked there before: Clerk"),
        (at("Acme Robotics", until=date(2024, 5, 31)), "worked there before: until May 2024"),
    ],
)
def test_who_works_or_worked_there_has_a_path_with_its_proof(position, proof):
    assert proofs(person("c1", "Ana", position)) == [f"Ana {proof}"]


@pytest.mark.parametrize("organisation", ["Acme", "Acme Robotics Bank", "Macme Robotics", "Robotics", "", "?", "Meta"])
def test_a_part_of_a_name_is_no_path(organisation):
    assert found(person("c1", "Ana", at(organisation))) == []


def test_a_firms_own_entry_in_an_address_book_is_nobody_to_ask():
    firm = person("c1", "Acme Robotics Ltd", at("ACME Robotics Ltd"), emails=("info@acme.example",), knows=("c2",))
    assert found(firm, person("c2", "Ana")) == []
    assert proofs(person("c3", "Ana", at("Acme Robotics")), firm) == ["Ana works there now"]


def test_a_reference_to_another_company_goes_before_the_printed_name():
    assert found(person("c1", "Ana", at("Acme Robotics", company="co2"))) == []


@pytest.mark.parametrize("printed", ["Acme Robotics Ltd", "Acme Robotics, Ltd.", "ACME ROBOTICS LTD"])
def test_a_legal_form_decides_where_another_company_bears_it(printed):
    other = Company(id="co3", name="Harbour Group", aliases=("Acme Robotics Ltd",))
    assert found(person("c1", "Ana", at(printed)), known=(ACME, other)) == []
    assert [path.person.id for path in found(person("c1", "Ana", at(printed)), known=(other, ACME), company=other)]


def test_the_card_that_it_stands_on_is_named():
    cards = [
        BusinessCard(id="bc1", contact="c1", organisation="Acme Robotics", received=date(2026, 11, 3)),
        BusinessCard(id="bc2", contact="c1", organisation="Zenith", received=date(2026, 11, 4)),
        BusinessCard(id="bc3", contact="c1", organisation="ACME Robotics", received=date(2025, 1, 4)),
    ]
    people = person("c1", "Ana", at("Acme Robotics", "CTO"))
    assert proofs(people, cards=cards) == ["Ana works there now: CTO, as printed on the card of 3 November 2026"]


@pytest.mark.parametrize("email", ["ana@acme.example", " Ana@Mail.ACME.example"])
def test_an_address_there_is_a_path(email):
    (path,) = found(person("c1", "Ana", emails=(email,)))
    assert (path.kind, path.proof) == ("address there", f"has an e-mail address there: {email.strip()}")


@pytest.mark.parametrize("email", ["ana@gmail.com", "ana@notacme.example", "ana@acme.example.org", "acme.example", "@"])
def test_freemail_and_other_domains_are_no_path(email):
    careless = Company(id="co1", name="Acme", domains=("gmail.com", "acme.example"))
    assert found(person("c1", "Ana", emails=(email,)), company=careless, known=(careless,)) == []


def test_somebody_who_left_worked_there_whatever_their_address():
    ana = person("c1", "Ana", at("Acme Robotics", former=True), emails=("ana@acme.example",))
    assert [path.kind for path in found(ana)] == ["worked there"]


MARA = person("c9", "Mara", at("Acme Robotics"), at("Harbour & Finch", former=True))


@pytest.mark.parametrize(
    ("position", "proof"),
    [
        (at("Harbour and Finch Ltd", former=True), "worked at Harbour and Finch Ltd like Mara"),
        (at("Harbour & Finch"), "works at Harbour & Finch, where Mara worked"),
    ],
)
def test_who_shares_an_employer_with_an_interviewer_has_a_path(position, proof):
    (path,) = found(MARA, person("c1", "Ana", position), interviewers={"c9"})
    assert (path.kind, path.proof, path.via) == ("shared employer", proof, MARA)


@pytest.mark.parametrize(
    ("since", "until", "when"),
    [(2001, 2003, ", at another time"), (2009, 2012, ", at the same time"), (None, None, "")],
)
def test_dates_say_whether_colleagues_met(since, until, when):
    mara = person("c9", "Mara", at("Harbour", since=date(2010, 1, 1), until=date(2014, 1, 1)))
    dates = {"since": date(since, 1, 1), "until": date(until, 1, 1)} if since else {"former": True}
    assert proofs(mara, person("c1", "Ana", at("Harbour", **dates)), interviewers=["c9"]) == [
        f"Ana worked at Harbour like Mara{when}"
    ]


@pytest.mark.parametrize("nowhere", ["Self-employed", "freelance", "Selbständig", "N/A", "", "Retired"])
def test_having_no_employer_in_common_is_no_path(nowhere):
    mara = person("c9", "Mara", at("Acme Robotics"), at(nowhere, former=True))
    assert found(mara, person("c1", "Ana", at(nowhere)), interviewers=["c9"]) == []


def test_the_company_itself_is_no_shared_employer():
    assert [path.kind for path in found(MARA, person("c1", "Ana", at("AR", former=True)), interviewers=["c9"])] == [
        "worked there"
    ]


def test_interviewers_are_not_asked_and_may_lack_a_record():
    assert found(MARA, interviewers=["c9", "c77"]) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "words"),
    [
        ({"knows": ("c2",)}, {}, "knows"),
        ({}, {"knows": ("c1",)}, "is known to"),
        ({"introduced_by": "c2"}, {}, "was introduced to you by"),
        ({}, {"introduced_by": "c1"}, "introduced you to"),
    ],
)
def test_who_knows_somebody_there_has_a_path_of_two_legs(mine, theirs, words):
    bob = person("c2", "Bob", at("Acme Robotics", former=True), **theirs)
    ana = person("c1", "Ana", **mine)
    assert proofs(bob, ana)[1:] == [f"Ana {words} Bob, who worked there"]


def test_knowing_an_interviewer_is_a_path_and_three_legs_are_none():
    people = (MARA, person("c1", "Ana", knows=("c9", "c55")), person("c2", "Bob", knows=("c1", "c2")))
    assert proofs(*people, interviewers=["c9"]) == ["Ana knows Mara, who interviews there"]


def test_everybody_has_one_path_the_shortest():
    ana = person("c1", "Ana", at("AR"), at("Acme Robotics", former=True), emails=("a@acme.example",), knows=("c9",))
    assert [path.kind for path in found(MARA, ana, interviewers=["c9"])] == ["works there"]


def test_kinds_go_before_closeness_closeness_before_the_last_exchange_that_before_time():
    here = at("Acme Robotics")
    people = [
        person("c1", "left", at("Acme Robotics", former=True), tags=("friend",)),
        person("c2", "new", at("Acme Robotics", since=date(2025, 1, 1))),
        person("c3", "old", at("Acme Robotics", since=date(2015, 1, 1))),
        person("c4", "lately", here),
        person("c5", "earlier", here),
        person("c6", "met", here, how="at a fair"),
        person("c7", "boss", here, how="was my boss"),
    ]
    exchanges = [
        Interaction(contact=id_, on=date(2026, month, 1), about="lunch") for id_, month in (("c4", 9), ("c5", 3))
    ]
    names = [path.person.name for path in found(*people, interactions=exchanges)]
    assert names == ["boss", "met", "lately", "earlier", "old", "new", "left"]


def test_who_left_last_comes_first_of_those_who_left():
    years = {"Ana": 2019, "Bob": 2025, "Cem": 2022}
    people = [person(f"c{y}", n, at("AR", until=date(y, 1, 1))) for n, y in years.items()]
    assert [path.person.name for path in found(*people)] == ["Bob", "Cem", "Ana"]


@pytest.mark.parametrize(
    ("facts", "close"),
    [({"tags": ("Family",)}, 2), ({"how": "worked with me at Acme"}, 2), ({"how": "interviewed me"}, 1), ({}, 0)],
)
def test_closeness_is_read_from_tags_and_how_we_know_them(facts, close):
    assert closeness(Contact(name="Ana", **facts)) == close


def test_a_company_without_a_record_is_known_by_its_printed_name():
    (path,) = found(person("c1", "Ana", at("Northmole AG")), company=Company(name="northmole"))
    assert path.kind == "works there"


def test_each_organisation_is_compared_once_however_many_work_there(monkeypatch):
    asked = []

    def counted(text):
        asked.append(text)
        return companies.organisation_key(text)

    monkeypatch.setattr(paths, "organisation_key", counted)
    people = [person(f"c{n}", f"P{n}", at(f"Firm {n % 50}", former=n % 2 == 0)) for n in range(1, 3001)]
    assert found(*people) == []
    assert len(asked) == len(set(asked)) == 50


@property_test
@given(st.lists(contacts(), min_size=2, max_size=8), st.data())
def test_the_order_of_the_facts_does_not_matter(people, data):
    named = [Contact(**{**facts_of(c), "id": f"c{n}", "name": f"P{n}"}) for n, c in enumerate(people, 1)]
    shuffled = data.draw(st.permutations(named))
    company = Company(id="co1", name="Acme", domains=("acme.example",))
    one, other = (found(*order, interviewers=["c1"], company=company, known=(company,)) for order in (named, shuffled))
    assert one == other
    assert len({path.person.id for path in one}) == len(one)
    assert all(path.person.id != "c1" for path in one)
    kinds = [PATH_KINDS.index(path.kind) for path in one]
    assert kinds == sorted(kinds)


def facts_of(contact):
    return {name: getattr(contact, name) for name in contact.__struct_fields__}


def test_somebody_under_an_old_id_is_no_second_path():
    class Merged(Listed):
        def find(self, ref):
            return super().find({"c9": "c1"}.get(ref, ref))

    people = [person("c1", "Ana", at("Acme Robotics")), person("c2", "Ben", at("Acme Robotics"), knows=("c9",))]

    paths_found = list(PathFinder([ACME, ZENITH], Merged(people)).paths(ACME))

    assert [path.person.id for path in paths_found] == ["c1", "c2"]
