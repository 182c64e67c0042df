"""References are found by the types of fields, in core records and in any plugin's."""

from datetime import date, datetime
from typing import Annotated

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_core.dates import Moment
from crm_core.records import (
    CORE_KINDS,
    Company,
    Contact,
    Interview,
    Letter,
    OwnedBy,
    Owner,
    Part,
    Position,
    Promise,
    Record,
    Ref,
    Seat,
)
from crm_core.references import Vanished, owned_by, references, refers_to, relinked

AT = Moment(datetime(2026, 11, 23, 12), "UTC")  # noqa: DTZ001 (its zone stands beside it)
C1, C2, C3, CO1, CO2 = (Ref(text) for text in ("c1", "c2", "c3", "co1", "co2"))


class Place(Part, frozen=True, kw_only=True):
    company: Ref[Company]
    by: Ref[Contact] | None = None


class Plan(Record, frozen=True, kw_only=True):
    """Every shape that a reference may have."""

    text: str = "c1"
    needed: Ref[Contact] = C3
    owner: OwnedBy[Contact] | None = None
    many: list[Ref[Contact]] = msgspec.field(default_factory=list)
    few: frozenset[Ref[Contact]] = frozenset()
    perhaps: tuple[Ref[Contact], ...] | None = None
    owners: tuple[OwnedBy[Company], ...] = ()
    place: Place | None = None
    places: tuple[Place, ...] = ()
    marked: Annotated[tuple[Ref[Contact], ...], "anything"] = ()


class Home(Record, frozen=True, kw_only=True):
    place: Place


PLAN = Plan(
    needed=C3,
    owner=C1,
    many=[C1, C2],
    few=frozenset({C1, C2}),
    perhaps=(C2, C1),
    owners=(CO1,),
    place=Place(company=CO1, by=C1),
    places=(Place(company=CO1, by=C1), Place(company=CO2)),
    marked=(C1,),
)


def cleared(*gone: str):
    return lambda ref: None if ref in gone else ref


def moved(old: str, new: str):
    return lambda ref: Ref(new) if ref == old else ref


def test_every_reference_is_found_in_whatever_shape():
    found = [str(ref) for ref, _ in references(PLAN)]

    assert sorted(found) == sorted(
        ["c3", "c1", "c1", "c2", "c1", "c2", "c2", "c1", "co1", "co1", "c1", "co1", "c1", "co2", "c1"]
    )
    assert list(references(Plan())) == [(C3, False)]


def test_owners_are_told_from_other_references():
    assert {str(ref) for ref, owner in references(PLAN) if owner} == {"c1", "co1"}
    owned = {kind.type.__name__ for kind in CORE_KINDS if _has_owner(kind.type)}
    assert owned == {
        "BusinessCard",
        "Application",
        "Interview",
        "Interaction",
        "Note",
        "Question",
        "Letter",
        "FeedItem",
    }


def _has_owner(kind: type[Record]) -> bool:
    hints = Record.__annotations__ | kind.__annotations__
    return any("OwnedBy" in str(hint) or Owner.__name__ in str(hint) for hint in hints.values())


def test_the_owners_of_core_records_are_found():
    letter = Letter(contact=C1, kind="thank-you", interview=Ref("i1"))

    assert owned_by(letter, {"c1"})
    assert not owned_by(letter, {"i1"})
    assert refers_to(letter, {"i1"})
    assert not refers_to(letter, {"c2", "thank-you"})


def test_relinking_replaces_every_occurrence_and_nothing_else():
    after = relinked(PLAN, moved("c1", "c9"))

    assert "c1" not in {ref for ref, _ in references(after)}
    assert [str(ref) for ref, _ in references(after)].count("c9") == 7
    assert (after.text, after.places[1]) == ("c1", PLAN.places[1])
    assert (type(after.many), type(after.few), type(after.perhaps)) == (list, frozenset, tuple)


def test_a_record_in_which_nothing_changes_is_the_very_same():
    assert relinked(PLAN, moved("c8", "c9")) is PLAN
    assert relinked(PLAN, lambda ref: ref) is PLAN


def test_clearing_empties_optional_fields_and_takes_elements_out():
    after = relinked(PLAN, cleared("c1"))

    assert (after.owner, after.many, after.few, after.perhaps, after.marked) == (None, [C2], frozenset({C2}), (C2,), ())
    assert after.place == Place(company=CO1)
    assert after.places == (Place(company=CO1), Place(company=CO2))


def test_a_part_without_what_it_needs_goes():
    after = relinked(PLAN, cleared("co1"))

    assert after.places == (Place(company=CO2),)
    assert after.place is None
    assert after.owners == ()


def test_a_record_without_what_it_needs_is_not_there_and_so_owned():
    plan, home = Plan(needed=C1), Home(place=Place(company=CO1))

    for record, gone in ((plan, "c1"), (home, "co1")):
        with pytest.raises(Vanished):
            relinked(record, cleared(gone))
        assert owned_by(record, {gone})
        assert not owned_by(record, {"c2"})
    assert not owned_by(Home(place=Place(company=CO1, by=C1)), {"c1"})


def test_seats_and_positions_are_reached():
    interview = Interview(application=Ref("a1"), at=AT, panel=(Seat(contact=C1, lead=True), Seat(contact=C2)))
    contact = Contact(name="Ana", positions=(Position(organisation="Acme", company=CO1),), knows=(C2,))

    assert relinked(interview, cleared("c1")).panel == (Seat(contact=C2),)
    assert relinked(interview, moved("c1", "c3")).panel[0] == Seat(contact=C3, lead=True)
    assert relinked(contact, cleared("co1")).positions == (Position(organisation="Acme"),)
    assert relinked(contact, moved("co1", "co2")).positions == (Position(organisation="Acme", company=CO2),)


def test_a_promise_loses_its_interview_and_stays():
    promise = Promise(text="references", made=date(2026, 11, 3), contact=C1, interview=Ref("i1"))

    assert not owned_by(promise, {"i1", "c1"})
    assert relinked(promise, cleared("i1")).interview is None


ids = st.sampled_from(["c1", "c2", "c3"]).map(Ref)
interviews = st.builds(
    Interview,
    application=st.just(Ref("a1")),
    at=st.just(AT),
    panel=st.lists(st.builds(Seat, contact=ids, role=st.sampled_from(["", "boss"]), lead=st.booleans())).map(tuple),
)


@given(interviews)
@settings(deadline=None)
def test_a_tidied_interview_seats_everybody_once_in_the_order_of_the_first(interview: Interview):
    tidied = interview.tidied()

    assert [seat.contact for seat in tidied.panel] == list(dict.fromkeys(seat.contact for seat in interview.panel))
    for seat in tidied.panel:
        same = [other for other in interview.panel if other.contact == seat.contact]
        assert seat.lead == any(other.lead for other in same)
        assert seat.role in {other.role for other in same}
        assert bool(seat.role) == any(other.role for other in same)
    assert tidied.tidied() == tidied


@given(st.lists(ids).map(tuple), st.none() | ids)
@settings(deadline=None)
def test_a_tidied_contact_knows_everybody_once_and_not_itself(knows, introduced_by):
    tidied = Contact(id=C1, name="Ana", knows=knows, introduced_by=introduced_by).tidied()

    assert list(tidied.knows) == [ref for ref in dict.fromkeys(knows) if ref != C1]
    assert tidied.introduced_by == (None if introduced_by == C1 else introduced_by)
