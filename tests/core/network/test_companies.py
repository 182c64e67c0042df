"""Companies: which one is meant by a printed name or a domain, and which look similar."""
# ruff: noqa: RUF001 - names have apostrophes, hyphens and letters of all kinds

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.network import (
    CompanyIndex,
    company_of,
    email_domain,
    organisation_key,
    same_company,
    similar_companies,
)
from crm_core.network.domains import site_domain
from crm_core.records import Company, Contact, Position, Ref
from tests.core.network.people import property_test

WORDS = "The the & and Co. Inc GmbH S.A. A/S S A sp z o.o. K.K. Acme Müller 1 . , - / ’ + ! ( )".split()  # noqa: SIM905 - a list of so many words would hide them
organisations = st.text(max_size=20) | st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("acme", ["Acme", "ACME, Inc.", "acme llc", "Acme Ltd", "Acme Limited", "Acme GmbH", "Acme AG", "Acme S.A.",
                  "Acme SAS", "Acme S.A.R.L.", "Acme S. A.", "Acme B.V.", "Acme N.V.", "Acme AB", "Acme Oy", "Acme A/S",
                  "Acme ApS", "Acme Pty Ltd", "Acme Co.", "Acme Corp", "Acme Corporation", "The Acme Company",
                  "Acme PLC", "Acme KG", "Acme GmbH & Co. KG", "Acme SpA", "Acme S.r.l.", "Acme K.K.",
                  "Acme Sp. z o.o.", "ACMÉ"]),
        ("smith and sons", ["Smith & Sons", "Smith and Sons Ltd.", "Smith&Sons"]),
        ("mcdonalds", ["McDonald's", "McDonald’s Corp."]),
        ("muller", ["Müller AG"]),
        ("the co", ["The Co", "the co."]),
        ("the the", ["The The"]),
        ("limited", ["Limited"]),
        ("gmbh and co kg", ["GmbH & Co. KG"]),
        ("at and t", ["AT&T"]),
        ("yahoo", ["Yahoo!"]),
        ("3m", ["3M"]),
        ("plan h m", ["Plan H M", "Plan H. M. Ltd"]),
        ("", ["", " ", "-", "…"]),
    ],
)  # fmt: skip
def test_an_organisations_key_leaves_out_its_legal_form(key, texts):
    assert {text: organisation_key(text) for text in texts} == dict.fromkeys(texts, key)


@property_test
@given(organisations)
def test_a_key_is_its_own_key_and_never_empty_for_letters_or_digits(text):
    key = organisation_key(text)
    assert organisation_key(key) == key
    assert key or not any(character.isalnum() for character in text)


def test_each_letter_and_digit_of_the_living_scripts_has_a_key():
    lost = [code for code in range(0x20000) if chr(code).isalnum() and not organisation_key(chr(code))]
    assert lost == []


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ana@acme.example", "acme.example"),
        (" Ana@Mail.ACME.Example. ", "mail.acme.example"),
        ("ana@müller.example", "müller.example"),
        ("ana@live.nation.example", "live.nation.example"),
        ("ana@yahoo-fans.example", "yahoo-fans.example"),
        *((f"ana@{freemail}", "") for freemail in (
            "gmail.com", "GoogleMail.com", "outlook.com", "outlook.de", "hotmail.co.uk", "live.fr", "yahoo.com",
            "yahoo.co.jp", "yahoo.com.br", "icloud.com", "me.com", "mac.com", "gmx.de", "gmx.at", "web.de", "proton.me",
            "aol.com", "mail.ru", "qq.com", "163.com", "fastmail.com", "zoho.com", "yandex.ru", "orange.fr", "free.fr",
            "t-online.de",
        )),
        ("", ""), ("ana", ""), ("@acme.example", ""), ("ana@", ""), ("ana@localhost", ""),
        ("ana smith@acme.example", ""), ("ana@acme..example", ""), ("ana@-.example", ""),
        ("ana@" + "a." * 200 + "example", ""),
    ],
)  # fmt: skip
def test_only_a_working_address_tells_a_domain(address, domain):
    assert email_domain(address) == domain


@property_test
@given(st.text(max_size=20) | st.text(alphabet="a@.-[]:/?# é\x00", max_size=12))
def test_domains_of_anything_are_empty_or_have_a_dot(text):
    for domain in (email_domain(text), site_domain(text)):
        assert not domain or "." in domain


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.acme.example/jobs?id=1", "acme.example"),
        ("acme.example", "acme.example"),
        ("@acme.example", "acme.example"),
        ("HTTP://ACME.example:8080", "acme.example"),
        ("https://user@careers.acme.example#top", "careers.acme.example"),
        ("https://www.linkedin.com/company/acme", ""),
        ("https://de.linkedin.com/company/acme", ""),
        ("https://www.linkedin.com/", "linkedin.com"),
        ("https://acme.github.io/", "acme.github.io"),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_a_website_tells_the_domain_unless_it_is_a_page_on_somebody_elses(address, domain):
    assert site_domain(address) == domain


ACME = Company(
    id="co1",
    name="Acme Robotics GmbH",
    aliases=("Acme",),
    website="https://www.acme.example/de",
    domains=("acme.test",),
)
META = Company(id="co2", name="Meta", website="https://meta.example")
METABOLON = Company(id="co3", name="Metabolon, Inc.", domains=("Metabolon.example",))


@pytest.mark.parametrize(
    ("text", "domain", "company"),
    [
        ("ACME ROBOTICS", "", ACME),
        ("The Acme Co.", "", ACME),
        ("", "acme.example", ACME),
        ("", "mail.acme.test", ACME),
        ("Unknown", "acme.test", ACME),
        ("", "notacme.test", None),
        ("", "test", None),
        ("Acme Robot", "", None),
        ("Meta", "", META),
        ("Metabolon", "", METABOLON),
        ("", "metabolon.example", METABOLON),
        ("Metab", "", None),
        ("Meta", "metabolon.example", META),
        ("", "", None),
        ("-", "gmail.com", None),
    ],
)
def test_a_company_is_told_by_its_whole_name_else_by_its_domain(text, domain, company):
    companies = (ACME, META, METABOLON)
    assert company_of(companies, text, domain) is company
    assert CompanyIndex(companies).match(text, domain) is company
    assert company is None or same_company(company, text, domain)
    if company is None:
        assert not any(same_company(other, text, domain) for other in companies)


def test_a_name_as_it_stands_goes_before_its_key_and_a_name_before_an_alias():
    inc, gmbh, other = (
        Company(id="co1", name="Acme Inc"),
        Company(id="co2", name="Acme GmbH"),
        Company(id="co3", name="Zenith", aliases=("Acme AG",)),
    )
    companies = (other, inc, gmbh)
    found = {text: company_of(companies, text) for text in ("acme gmbh", "ACME AG", "Acme Ltd", "Acme")}
    assert found == {"acme gmbh": gmbh, "ACME AG": other, "Acme Ltd": inc, "Acme": inc}


def test_a_nameless_company_matches_nobody():
    nameless = Company(name=" ", aliases=("",))
    assert company_of([nameless], "") is None
    assert not same_company(nameless, "")


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Acme", "Acme Robotics"),
        ("Acme Robotics", "Acme"),
        ("Acme Robotics Ltd", "Acme Robotics"),
        ("Robotics Acme", "Acme Robotics"),
        ("Acme Robotcis", "Acme Robotics"),
        ("Googel", "Google"),
        ("Goo", "Google"),
        ("Go", "Google"),
        ("Robotics", "Acme Robotics"),
        ("Mueller Maschinenbau", "Müller Maschinenbau AG"),
        ("Müller Maschinenbau", "Mueller Maschinenbau"),
        ("Meta", "Metabolon"),
        ("Blue Water", "Bluewater"),
    ],
)
def test_similar_companies_are_listed(typed, known):
    company = Company(name=known)
    assert similar_companies(typed, [company]) == [company]
    assert similar_companies(typed, [Company(name="Other", aliases=(known,))])


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("General Electric", "General Motors"),
        ("Deutsche Bank", "Deutsche Bahn"),
        ("Acme Robotics", "Zenith Robotics"),
        ("Metabolon", "Meta"),
        ("IBM", "IBN"),
        ("Area 51", "Area 52"),
        ("Tandem", "Quillfish"),
        ("G", "Google"),
        ("", "Google"),
        ("Google", ""),
    ],
)
def test_other_companies_are_not_listed(typed, known):
    assert similar_companies(typed, [Company(name=known)]) == []


def test_where_a_person_works_is_what_is_referred_to_else_what_is_printed():
    companies = CompanyIndex(
        [Company(id="co1", name="Bluewater Robotics Ltd"), Company(id="co2", name="Cobalt Freight")]
    )
    contact = Contact(
        name="Mara Lindqvist",
        positions=(
            Position(organisation="Bluewater Robotics"),
            Position(organisation="as printed once", company=Ref("co1")),
            Position(organisation="Cobalt Freight", former=True),
            Position(organisation="Bluewater Bank"),
            Position(organisation=""),
        ),
    )
    assert companies.employers(contact.positions) == ["co1"]
