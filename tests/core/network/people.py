"""Small random networks of people, made of few names and facts so that many agree."""

from __future__ import annotations

from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from msgspec import convert

from crm_core.records import Contact, Position, Profile

property_test = settings(deadline=None)
thorough = settings(deadline=None, max_examples=300)

NAMES = (
    "Ana Silva", "Silva, Ana", "Silva Ana", "ana silva", "Ana M. Silva", "A. Silva", "Ana", "Bob Müller",
    "Robert Mueller", "Bob Muller", "Annemarie Ek", "Anne-Marie Ek", "Jon Smith", "John Smith", "John Smith Jr.",
    "ana@acme.example", "", "王伟",
)  # fmt: skip
ORGANISATIONS = ("Acme", "ACME Inc.", "Acme Robotics", "Zenith", "", "The Co")
TITLES = ("", "CTO", "cto", "Engineer")
EMAILS = ("ana@acme.example", "ANA@acme.example", "bob@mail.acme.example", "bob@gmail.com", "nothing", "")
PHONES = ("+49 170 1234567", "0170/1234567", "170-1234567", "+1 (800) FLOWERS", "112", "call me", "٠١٢٣٤٥٦٧", "")
PROFILES = (
    Profile(network="linkedin", handle="ana", url="https://www.linkedin.com/in/ana/"),
    Profile(network="linkedin", handle="Ana"),
    Profile(network="web", url="http://linkedin.com/in/ana"),
    Profile(network="web", url="https://ana.example"),
    Profile(network="github", handle="@ana", url="https://ana.example/"),
    Profile(network="web"),
)
BIRTHDAYS = ("", "1990-05-04", "19900504", "--05-04", "1991-05-04", "in May")
NOTES = ("", "met", "met\n\nlater", "later", " met ", "meter")

some_days = st.sampled_from((None, date(2020, 1, 1), date(2021, 1, 1)))
positions = st.builds(
    Position,
    organisation=st.sampled_from(ORGANISATIONS),
    company=st.sampled_from((None, "co1", "co2")),
    title=st.sampled_from(TITLES),
    since=some_days,
    until=some_days,
    former=st.booleans(),
)


class Listed:
    """Contacts in a list as a book's table hands them out."""

    def __init__(self, people):
        self._people = {person.id: person for person in people}

    def glimpses(self, kind):
        return ((id_, convert(person, kind, from_attributes=True)) for id_, person in self._people.items())

    def find(self, ref):
        return self._people.get(ref)


def few(choices, most=3):
    values = choices if isinstance(choices, st.SearchStrategy) else st.sampled_from(choices)
    return st.lists(values, max_size=most).map(tuple)


def contacts(ids=("",)):
    return st.builds(
        Contact,
        id=st.sampled_from(ids),
        name=st.sampled_from(NAMES),
        given=st.sampled_from(("", "Ana", "Bob")),
        family=st.sampled_from(("", "Silva", "Müller")),
        nickname=st.sampled_from(("", "Bob", "Ani, Nana", "Bob Silva")),
        positions=few(positions),
        emails=few(EMAILS),
        phones=few(PHONES),
        profiles=few(PROFILES),
        address=st.sampled_from(("", "Main Street 1", "Elsewhere")),
        birthday=st.sampled_from(BIRTHDAYS),
        how=st.sampled_from(("", "at a fair")),
        introduced_by=st.sampled_from((None, "c1", "c2", "c3")),
        knows=few(("c1", "c2", "c3")),
        tags=few(("Berlin", "berlin", "tech")),
        note=st.sampled_from(NOTES),
        uid=st.sampled_from(("", "", "urn:1", "urn:2")),
        kept=few(("X-A:1", "X-B:2")),
    )
