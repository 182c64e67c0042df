"""Links between people: by UID, within the import or to the book, and never lost."""

from __future__ import annotations

from msgspec.structs import replace

from tests.core.importing.making import actions, card, imported, open_shelf, people

ANA = card("Ana Silva", uid="ana-1", knows=("rui-1",), introduced_by="zé-1")
RUI = card("Rui Costa", uid="rui-1", knows=("ana-1",))
ZE = card("Zé Rocha", uid="zé-1")


def links(shelf):
    return {contact.name: (contact.introduced_by, contact.knows, contact.kept) for contact in people(shelf)}


def test_people_later_in_the_import_and_in_a_circle_are_linked(shelf):
    rows = imported(shelf, ANA, ("other.vcf", RUI), ZE)
    assert links(shelf) == {
        "Ana Silva": ("c3", ("c2",), ()),
        "Rui Costa": (None, ("c1",), ()),
        "Zé Rocha": (None, (), ()),
    }
    assert [(row.action, row.changed, row.links_to) for row in rows] == [("added", (), ())] * 3
    assert actions(imported(shelf, ANA, RUI, ZE)) == ["same"] * 3


def test_people_of_the_book_are_linked_by_a_uid_that_it_gave_out(shelf):
    imported(shelf, card("Rui Costa"))
    book = open_shelf(shelf)
    imported(shelf, replace(ANA, knows=(book.uid(book.contacts.get("c1")),), introduced_by=""))
    assert links(shelf)["Ana Silva"] == (None, ("c1",), ())


def test_a_link_to_nobody_is_reported_and_kept_until_they_come(shelf):
    (row,) = imported(shelf, ANA)
    assert (row.action, row.links_to) == ("added", ("rui-1", "zé-1"))
    assert links(shelf)["Ana Silva"] == (None, (), ("X-CRM-KNOWS:rui-1", "X-CRM-INTRODUCED-BY:zé-1"))
    assert [(row.action, row.links_to) for row in imported(shelf, ANA)] == [("same", ("rui-1", "zé-1"))]

    rows = imported(shelf, RUI, ANA)

    assert [(row.action, row.changed) for row in rows] == [("added", ()), ("updated", ("knows", "kept"))]
    assert links(shelf)["Ana Silva"] == (None, ("c2",), ("X-CRM-INTRODUCED-BY:zé-1",))


def test_a_link_that_waits_is_made_when_their_card_comes_by_whichever_file(shelf):
    imported(shelf, ANA)
    announced = imported(shelf, RUI, file="rui.vcf", dry_run=True)
    (row,) = imported(shelf, RUI, file="rui.vcf")
    assert (row.action, row.reason) == ("added", "c1 Ana Silva waited for them")
    assert announced == [replace(row, id="")]
    assert links(shelf)["Ana Silva"] == (None, ("c2",), ("X-CRM-INTRODUCED-BY:zé-1",))
    assert imported(shelf, ZE)[0].reason == "c1 Ana Silva waited for them"
    assert links(shelf)["Ana Silva"] == ("c3", ("c2",), ())
    assert [(row.action, row.reason) for row in imported(shelf, ANA, RUI, ZE)] == [("same", "")] * 3


def test_a_waiting_link_comes_out_and_in_with_its_line(shelf):
    imported(shelf, ANA)
    (ana,) = people(shelf)
    exported = replace(ANA, contact=replace(ana, id=""), knows=(), introduced_by="")
    assert [(row.action, row.links_to) for row in imported(shelf, exported)] == [("same", ("rui-1", "zé-1"))]
    imported(shelf, RUI)
    assert actions(imported(shelf, exported)) == ["same"]
    assert links(shelf)["Ana Silva"] == (None, ("c2",), ("X-CRM-INTRODUCED-BY:zé-1",))


def test_nobody_knows_themselves(shelf):
    imported(shelf, card("Ana Silva", uid="ana-1", knows=("ana-1",), introduced_by="ana-1"))
    assert links(shelf) == {"Ana Silva": (None, (), ())}


def test_a_card_adds_to_the_users_links_and_takes_none(shelf):
    imported(shelf, ZE, RUI, replace(ANA, knows=(), introduced_by="rui-1"))
    imported(shelf, replace(ANA, knows=("zé-1",), introduced_by="zé-1"))
    assert links(shelf)["Ana Silva"] == ("c2", ("c1",), ())


class TestEntriesThatWereOurs:
    def back(self, **changes):
        return replace(ANA, base=ANA, **changes)

    def test_links_come_and_go_with_the_file(self, shelf):
        imported(shelf, ANA, RUI, ZE)
        (row,) = imported(shelf, self.back(knows=("zé-1",), introduced_by="rui-1"))
        assert (row.action, row.changed) == ("updated", ("introduced_by", "knows"))
        assert links(shelf)["Ana Silva"] == ("c2", ("c3",), ())
        assert actions(imported(shelf, self.back(knows=("zé-1",), introduced_by="rui-1"))) == ["same"]

    def test_a_link_that_the_user_took_away_does_not_come_back(self, shelf):
        imported(shelf, ANA, RUI, ZE)
        book = open_shelf(shelf)
        with book.change("edited"):
            book.contacts.save(replace(book.contacts.get("c1"), knows=(), introduced_by=None))
        assert actions(imported(shelf, self.back())) == ["same"]
        assert links(shelf)["Ana Silva"] == (None, (), ())

    def test_a_link_to_nobody_goes_with_the_file(self, shelf):
        imported(shelf, ANA)
        imported(shelf, self.back(knows=(), introduced_by=""))
        assert links(shelf)["Ana Silva"] == (None, (), ())

    def test_two_introducers_are_a_conflict(self, shelf):
        imported(shelf, ANA, RUI, ZE)
        book = open_shelf(shelf)
        with book.change("edited"):
            book.contacts.save(replace(book.contacts.get("c1"), introduced_by=None))
        (row,) = imported(shelf, self.back(introduced_by="rui-1"))
        assert row.action == "conflict"
        assert [(clash.field, clash.book, clash.file) for clash in row.conflicts] == [("introduced_by", "", "c2")]
        assert links(shelf)["Ana Silva"][0] is None
        imported(shelf, self.back(introduced_by="rui-1"), file_wins=True)
        assert links(shelf)["Ana Silva"][0] == "c2"
