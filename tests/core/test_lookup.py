from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core import lookup, pipeline
from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.errors import AmbiguousName, CrmError, InputError, UnknownName
from crm_core.records import Application, Company, Contact, Interview, Letter, Position, Ref, Seat

HOSTILE = "\x1b[2J\x00\u202eMara" + "x" * 5000


def company(book: Book, name: str, **fields) -> Company:
    with book.change("test"):
        return book.companies.add(Company(name=name, **fields))


def contact(book: Book, name: str, at: Company | None = None, **fields) -> Contact:
    positions = (Position(organisation=at.name, company=Ref(at.id)),) if at else ()
    with book.change("test"):
        return book.contacts.add(Contact(name=name, positions=positions, **fields))


def application(book: Book, at: Company, role: str, stage: str = "applied") -> Application:
    with book.change("test"):
        return pipeline.apply(book, Application(company=Ref(at.id), role=role), stage, date(2026, 11, 2))


def interview(book: Book, for_: Application, at: str, panel: tuple[Contact, ...] = ()) -> Interview:
    seats = tuple(Seat(contact=Ref(person.id)) for person in panel)
    moment = Moment(datetime.fromisoformat(at), "Europe/Berlin")
    with book.change("test"):
        return book.interviews.add(Interview(application=Ref(for_.id), at=moment, panel=seats))


def test_an_id_comes_before_any_name(book):
    first = contact(book, "Ana Silva")
    contact(book, f"{first.id}")
    assert lookup.contact_named(book, f" {first.id} ") == first


def test_exact_then_beginnings_of_words_then_any_part(book):
    ann, joanna, anna = (contact(book, name) for name in ("Ann", "Joanna Reed", "Anna Bell"))
    assert lookup.contact_named(book, "ann") == ann
    assert lookup.contact_named(book, "anna") == anna
    assert lookup.contact_named(book, "oanna") == joanna


def test_case_and_accents_do_not_matter_and_a_nickname_will_do(book):
    zoe = contact(book, "Zoë Müller", nickname="Zuzu")
    assert lookup.contact_named(book, "zoe MULLER") == zoe
    assert lookup.contact_named(book, "zuzu") == zoe


def test_several_people_are_listed_with_their_ids_and_where_they_work(book):
    acme = company(book, "Acme")
    first, second = contact(book, "Mara Lindqvist", acme), contact(book, "Mara Ito")
    with pytest.raises(AmbiguousName) as error:
        lookup.contact_named(book, "mara")
    assert error.value.hint == f"{first.id} Mara Lindqvist (Acme); {second.id} Mara Ito"
    assert error.value.exit_code == 2


def test_of_very_many_only_the_first_are_listed_and_the_rest_is_counted(book):
    for number in range(20):
        contact(book, f"Mara {number}")
    with pytest.raises(AmbiguousName, match="could be several contacts") as error:
        lookup.contact_named(book, "mara")
    assert error.value.hint.endswith("; and 12 more")


@pytest.mark.parametrize("text", ["", " ", "Nobody", "c99", "c0", "c-1", "c٣", HOSTILE, "a1"])
def test_who_is_not_known_is_said_so_in_few_words(book, text):
    contact(book, "Ana Silva")
    with pytest.raises(UnknownName) as error:
        lookup.contact_named(book, text)
    assert len(error.value.message) < 300
    assert "crm contact list" in error.value.hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Marra Lindqvist", "c1 Mara Lindqvist"),
        ("mara lindkvist", "c1 Mara Lindqvist"),
        ("Lindqivst", "c1 Mara Lindqvist"),
        ("marda", "c1 Mara Lindqvist or c2 Märta Berg"),
        ("Zuzanna", ""),
        ("x", ""),
        ("Bergg 12", ""),
        ("Marra " * 500, ""),
    ],
)
def test_who_may_be_meant_by_a_slip_is_asked(book, typed, meant):
    for name in ("Mara Lindqvist", "Märta Berg", "Jon Abara"):
        contact(book, name)
    with pytest.raises(UnknownName) as error:
        lookup.contact_named(book, typed)
    assert error.value.hint == (f"Did you mean {meant}? " if meant else "") + (
        "`crm contact list` shows them all with their ids."
    )


def test_at_most_three_are_asked_about_the_nearest_first(book):
    for name in ("Maraa Ito", "Marab Ito", "Marac Ito", "Marad Ito", "Maro Ito"):
        contact(book, name)
    with pytest.raises(UnknownName) as error:
        lookup.contact_named(book, "Maru Itto")
    assert error.value.hint.startswith("Did you mean c5 Maro Ito? ")
    with pytest.raises(UnknownName) as error:
        lookup.contact_named(book, "Marax Ito")
    assert error.value.hint.startswith("Did you mean c1 Maraa Ito or c2 Marab Ito or c3 Marac Ito? ")


def test_companies_applications_interviews_and_letters_are_asked_about_too(book):
    bluewater = company(book, "Bluewater Robotics")
    mara = contact(book, "Mara Lindqvist", bluewater)
    application(book, bluewater, "Engineer")
    for named, text, meant in (
        (lookup.company_named, "Bluewatr", "co1 Bluewater Robotics"),
        (lookup.application_named, "bluwater", "a1 Engineer at Bluewater Robotics"),
        (lookup.interview_named, "Enginer", "a1 Engineer at Bluewater Robotics"),
        (lookup.letter_named, "Lindkvist", f"{mara.id} Mara Lindqvist (Bluewater Robotics)"),
    ):
        with pytest.raises(UnknownName) as error:
            named(book, text)
        assert error.value.hint.startswith(f"Did you mean {meant}? `crm ")


def test_a_company_goes_by_its_aliases_too(book):
    found = company(book, "International Business Machines", aliases=("IBM",))
    assert lookup.company_named(book, "ibm") == found


def test_an_application_is_named_by_id_role_company_or_both(book):
    acme, other = company(book, "Acme"), company(book, "Other")
    engineer, analyst = application(book, acme, "Engineer"), application(book, other, "Analyst")
    for text in (engineer.id, "engineer", "Acme", "acme engineer", acme.id):
        assert lookup.application_named(book, text) == engineer
    assert lookup.application_named(book, "Other") == analyst


def test_of_several_applications_the_only_live_one_is_meant(book):
    acme = company(book, "Acme")
    application(book, acme, "Analyst", "rejected")
    live = application(book, acme, "Engineer")
    assert lookup.application_named(book, "acme") == live


def test_an_application_that_has_ended_is_found_by_its_own_name_before_a_live_one_of_a_longer_name(book):
    ended = application(book, company(book, "Acme"), "Engineer", "rejected")
    application(book, company(book, "Other"), "Senior Engineer")
    assert lookup.application_named(book, "engineer") == ended


def test_an_id_is_never_taken_for_a_part_of_a_name(book):
    ended = application(book, company(book, "Acme"), "Analyst", "rejected")
    application(book, company(book, f"N{ended.id}tech"), "Engineer")
    assert lookup.application_named(book, ended.id) == ended


def test_several_live_applications_are_listed_without_those_that_have_ended(book):
    acme = company(book, "Acme")
    application(book, acme, "Intern", "withdrawn")
    first, second = application(book, acme, "Engineer"), application(book, acme, "Analyst")
    with pytest.raises(AmbiguousName) as error:
        lookup.application_named(book, "acme")
    assert error.value.hint == f"{first.id} Engineer at Acme; {second.id} Analyst at Acme"


def test_the_companys_only_live_application_needs_no_role(book):
    acme = company(book, "Acme")
    assert lookup.live_application(book, acme) is None
    application(book, acme, "Intern", "withdrawn")
    live = application(book, acme, "Engineer")
    assert lookup.live_application(book, acme) == live
    assert lookup.live_application(book, acme, "ENGINEER") == live
    assert lookup.live_application(book, acme, "Analyst") is None
    second = application(book, acme, "Analyst")
    with pytest.raises(AmbiguousName) as error:
        lookup.live_application(book, acme)
    assert live.id in error.value.hint
    assert second.id in error.value.hint
    assert "--role" in error.value.hint


def test_two_live_applications_for_one_role_are_told_apart_by_id_only(book):
    acme = company(book, "Acme")
    application(book, acme, "Engineer")
    application(book, acme, "engineer")
    with pytest.raises(AmbiguousName) as error:
        lookup.live_application(book, acme, "engineer")
    assert "by its id" in error.value.hint
    assert "--role" not in error.value.hint


class TestInterviews:
    @pytest.fixture
    def acme(self, book):
        return company(book, "Acme")

    @pytest.fixture
    def engineer(self, book, acme):
        return application(book, acme, "Engineer")

    @pytest.fixture
    def three(self, book, engineer):
        return [interview(book, engineer, f"2026-11-{day}T14:00") for day in (10, 20, 27)]

    def test_a_company_or_role_means_the_last_that_ended_or_the_next(self, book, engineer, acme, three):
        for text in ("Acme", "engineer", engineer.id, acme.id, None, ""):
            assert lookup.interview_named(book, text) == three[1]
            assert lookup.interview_named(book, text, "ahead") == three[2]

    def test_an_id_means_that_one_whatever_was_asked_for(self, book, three):
        assert lookup.interview_named(book, f"{three[2].id} ", "ended") == three[2]
        assert lookup.interview_named(book, three[0].id, "only") == three[0]

    def test_where_one_is_needed_several_are_listed_in_order(self, book, three):
        with pytest.raises(AmbiguousName) as error:
            lookup.interview_named(book, "Acme", "only")
        places = [error.value.hint.index(found.id) for found in three]
        assert places == sorted(places)

    def test_interviews_of_two_companies_are_never_mixed_up(self, book, three):
        other = application(book, company(book, "Other"), "Engineer")
        later = interview(book, other, "2026-11-21T10:00")
        with pytest.raises(AmbiguousName) as error:
            lookup.interview_named(book, "engineer")
        assert three[1].id in error.value.hint
        assert later.id in error.value.hint
        assert f"{three[0].id} " not in error.value.hint
        assert lookup.interview_named(book, "engineer", "ahead") == three[2]
        assert lookup.interview_named(book, None) == later

    def test_where_one_is_needed_those_at_two_companies_are_all_listed(self, book, three):
        other = interview(book, application(book, company(book, "Other"), "Engineer"), "2026-11-21T10:00")
        with pytest.raises(AmbiguousName) as error:
            lookup.interview_named(book, "engineer", "only")
        assert all(found.id in error.value.hint for found in (*three, other))
        assert lookup.interview_named(book, "other", "only") == other

    def test_none_that_has_ended_lists_those_that_are_known(self, book, engineer):
        ahead = interview(book, engineer, "2026-11-27T14:00")
        with pytest.raises(UnknownName, match="has ended yet") as error:
            lookup.interview_named(book, "Acme")
        assert ahead.id in error.value.hint

    def test_none_that_is_ahead(self, book, engineer):
        interview(book, engineer, "2026-11-20T14:00")
        with pytest.raises(UnknownName, match="is ahead"):
            lookup.interview_named(book, None, "ahead")

    @pytest.mark.parametrize("text", ["Acme", "i1", "Nobody", HOSTILE, None])
    @pytest.mark.parametrize("which", ["ended", "ahead", "only"])
    def test_no_interview_at_all(self, book, engineer, text, which):
        with pytest.raises(UnknownName, match="There is no interview"):
            lookup.interview_named(book, text, which)

    def test_a_company_of_that_very_name_without_interviews_is_not_another_that_begins_so(self, book, acme, engineer):
        labs = application(book, company(book, "Acme Labs"), "Chemist")
        interview(book, labs, "2026-11-20T14:00")
        with pytest.raises(UnknownName):
            lookup.interview_named(book, "Acme")

    def test_of_several_people_the_one_on_the_panel_is_meant(self, book, engineer):
        mara, jon = contact(book, "Mara Lindqvist"), contact(book, "Jon Abara")
        contact(book, "Mara Ito")
        held = interview(book, engineer, "2026-11-20T14:00", (jon, mara))
        assert lookup.person_meant(book, held, "mara") == mara
        assert lookup.panelist_named(book, held, "mara") == mara
        assert lookup.panelist_named(book, held, jon.id) == jon

    def test_somebody_of_exactly_that_name_is_meant_before_a_part_of_a_name_on_the_panel(self, book, engineer):
        ann, joanna = contact(book, "Ann"), contact(book, "Joanna Reed")
        held = interview(book, engineer, "2026-11-20T14:00", (joanna,))
        assert lookup.person_meant(book, held, "ann") == ann

    def test_who_is_not_on_the_panel_is_told_who_is(self, book, engineer):
        mara, jon = contact(book, "Mara Lindqvist"), contact(book, "Jon Abara")
        held = interview(book, engineer, "2026-11-20T14:00", (jon,))
        for text in ("mara", mara.id, "nobody"):
            with pytest.raises(UnknownName) as error:
                lookup.panelist_named(book, held, text)
            assert error.value.hint == f"On it: {jon.id} Jon Abara."
        with pytest.raises(UnknownName) as error:
            lookup.panelist_named(book, replace(held, panel=()), "jon")
        assert error.value.hint == "On it: nobody."

    def test_two_on_the_panel_of_one_name_are_listed(self, book, engineer):
        people = contact(book, "Mara Lindqvist"), contact(book, "Mara Ito")
        held = interview(book, engineer, "2026-11-20T14:00", people)
        for find in (lookup.person_meant, lookup.panelist_named):
            with pytest.raises(AmbiguousName):
                find(book, held, "mara")


def test_a_letter_is_named_by_id_or_the_newest_to_a_person(book):
    mara = contact(book, "Mara Lindqvist")
    with pytest.raises(UnknownName, match="no letter to"):
        lookup.letter_named(book, "mara")
    with book.change("test"):
        first, second = (book.letters.add(Letter(contact=Ref(mara.id), kind="thank-you")) for _ in range(2))
    assert lookup.letter_named(book, "mara") == second
    assert lookup.letter_named(book, first.id) == first


def test_a_known_company_is_found_by_id_name_alias_or_with_its_legal_form(book):
    acme = company(book, "Acme GmbH", aliases=("Roadrunner Supplies",))
    for text in (acme.id, f" {acme.id} ", "acme", "ACME  GmbH", "Acme Inc.", "roadrunner supplies"):
        assert lookup.known_or_new_company(book, text) == acme


def test_a_new_company_has_no_id_yet_and_single_spaces(book):
    assert lookup.known_or_new_company(book, "  Blue \n Water ") == Company(name="Blue Water")
    assert len(book.companies) == 0


def test_a_company_that_looks_similar_is_not_created_in_passing(book):
    acme = company(book, "Bluewater Robotics")
    with pytest.raises(InputError) as error:
        lookup.known_or_new_company(book, "Bluewater")
    assert f"{acme.id} Bluewater Robotics" in error.value.hint
    assert "--new" in error.value.hint
    assert lookup.known_or_new_company(book, "Bluewater", new=True) == Company(name="Bluewater")


@pytest.mark.parametrize("text", ["", "  ", "\n", "---", "\u200b", "\x1b\x07", "\x00"])
@pytest.mark.parametrize("find", [lookup.known_or_new_company, lookup.known_or_new_contact])
def test_what_holds_no_letter_is_no_name(book, find, text):
    contact(book, "Ana Silva", company(book, "Acme"))
    for new in (False, True):
        with pytest.raises(InputError, match="is no name"):
            find(book, text, new=new)


@pytest.mark.parametrize(
    ("find", "own", "other"), [(lookup.known_or_new_company, "co7", "a3"), (lookup.known_or_new_contact, "c99", "i12")]
)
def test_what_is_written_as_an_id_is_not_made_a_name_in_passing(book, find, own, other):
    for text in (own, other):
        with pytest.raises(UnknownName, match="There is no"):
            find(book, text)
    with pytest.raises(UnknownName):
        find(book, own, new=True)
    assert find(book, other, new=True).name == other
    assert find(book, other.upper()).name == other.upper()


def test_a_known_person_is_found_by_whole_words_of_their_name(book):
    mara = contact(book, "Mara Lindqvist")
    for text in (mara.id, "mara", "lindqvist", "Lindqvist Mara", "MARA  lindqvist"):
        assert lookup.known_or_new_contact(book, text) == mara


def test_a_new_person_works_where_we_met_them(book):
    acme = company(book, "Acme")
    found = lookup.known_or_new_contact(book, "Mara  Lindqvist", acme)
    assert found == Contact(name="Mara Lindqvist", positions=(Position(organisation="Acme", company=Ref(acme.id)),))
    assert lookup.known_or_new_contact(book, "Mara Lindqvist").positions == ()


def test_somebody_who_looks_similar_is_not_created_in_passing(book):
    mara = contact(book, "Mara Lindqvist")
    with pytest.raises(InputError) as error:
        lookup.known_or_new_contact(book, "Mara Lindquist")
    assert mara.id in error.value.hint
    assert lookup.known_or_new_contact(book, "Mara Lindquist", new=True).id == ""
    assert lookup.known_or_new_contact(book, "mara", new=True).id == ""
    assert lookup.known_or_new_contact(book, "mara lindqvist", new=True) == mara


def test_of_two_people_of_one_name_the_one_at_the_company_is_meant(book):
    acme, other = company(book, "Acme"), company(book, "Other")
    here, there = contact(book, "Mara Ito", acme), contact(book, "Mara Ito", other)
    assert lookup.known_or_new_contact(book, "Mara Ito", acme) == here
    assert lookup.known_or_new_contact(book, "Mara Ito", other) == there
    assert lookup.known_or_new_contact(book, "Mara", other, near=(here.id,)) == here
    with pytest.raises(AmbiguousName):
        lookup.known_or_new_contact(book, "Mara Ito", company(book, "Third"))
    with pytest.raises(AmbiguousName):
        lookup.known_or_new_contact(book, "Mara Ito")


def test_who_left_the_company_is_not_meant_by_it(book):
    acme = company(book, "Acme")
    left = (Position(organisation="Acme", company=Ref(acme.id), former=True),)
    with book.change("test"):
        book.contacts.add(Contact(name="Mara Ito", positions=left))
    here = contact(book, "Mara Reed", acme)
    assert lookup.known_or_new_contact(book, "mara", acme) == here


def test_records_in_words(book):
    acme = company(book, "Acme")
    engineer, unknown = application(book, acme, "Engineer"), application(book, acme, pipeline.UNKNOWN_ROLE)
    held = interview(book, engineer, "2026-11-22T14:00")
    assert lookup.application_label(book, engineer) == "Engineer at Acme"
    assert lookup.application_label(book, unknown) == "unknown role at Acme"
    assert lookup.interview_label(book, held) == "Engineer at Acme, yesterday 14:00"
    assert lookup.application_label(book, replace(engineer, company=Ref("co99"))) == "Engineer at an unknown company"
    assert lookup.interview_label(book, replace(held, application=Ref("a99"))).startswith("an unknown application")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_found_or_refused_with_one_line_and_nothing_else_happens(book, text):
    if not len(book.interviews):
        mara = contact(book, "Mara Lindqvist")
        interview(book, application(book, company(book, "Acme"), "Engineer"), "2026-11-20T14:00", (mara,))
    held = next(iter(book.interviews))
    finders = (
        lookup.contact_named, lookup.company_named, lookup.application_named, lookup.interview_named,
        lookup.letter_named, lookup.known_or_new_company, lookup.known_or_new_contact,
        lambda book, text: lookup.person_meant(book, held, text),
        lambda book, text: lookup.panelist_named(book, held, text),
    )  # fmt: skip
    for find in finders:
        refusal = None
        try:
            assert find(book, text) is not None
        except CrmError as error:
            refusal = error
        assert refusal is None or (refusal.exit_code == 2 and "\n" not in refusal.message)
    assert [len(book.contacts), len(book.companies), len(book.applications)] == [1, 1, 1]


def test_why_a_step_follows_an_interview_names_role_company_and_end(crm):
    crm.ok("interview log Acme --at 'yesterday 14:00'")
    crm.ok("interview log Zeta --role Engineer --at 'tomorrow 14:00'")
    book = crm.book
    held, ahead = book.interviews.get("i1"), book.interviews.get("i2")

    assert lookup.ended_label(book, held) == "Interview at Acme ended yesterday 15:00"
    assert lookup.ended_label(book, ahead) == "Engineer interview at Zeta ends tomorrow 15:00"
    assert lookup.employer_of(book, held).name == lookup.employer_name(book, book.applications.get("a1")) == "Acme"
