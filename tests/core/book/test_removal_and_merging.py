"""What hangs on a record goes or follows, wherever the reference stands."""

import pytest
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.errors import Conflict, InputError
from crm_core.records import (
    Application,
    Company,
    Contact,
    Interview,
    Letter,
    Note,
    Position,
    Promise,
    Ref,
    Seat,
)
from tests.core.book.search import Follow, OpenBook, add, ids, save


class TestRemoval:
    def test_what_is_owned_goes_and_the_rest_loses_its_reference(self, book: Book):
        removal = book.removal(book.interviews.get("i1"))

        assert ids(removal.gone) == ["i1", "n1"]
        assert ids(removal.cleared) == ["bc1", "p1", "l1"]

    def test_ownership_goes_all_the_way_down(self, book: Book, open_book: OpenBook):
        with book.change("removed"):
            removal = book.removal(book.companies.get("co1"))
            book.remove(removal)

        assert ids(removal.gone) == ["co1", "a1", "i1", "n1"]
        after = open_book()
        assert [len(after.table(kind)) for kind in (Company, Application, Interview, Note)] == [1, 1, 0, 0]
        assert after.contacts.get("c1").positions == (Position(organisation="Acme"),)
        assert [(p.contact, p.interview) for p in after.promises] == [("c1", None)]
        assert [(card.contact, card.interview) for card in after.cards] == [("c2", None)]

    def test_a_person_takes_along_letters_and_follows_and_leaves_seats_and_acquaintances(
        self, book: Book, open_book: OpenBook
    ):
        with book.change("removed"):
            removal = book.removal(book.contacts.get("c1"))
            book.remove(removal)

        assert ids(removal.gone) == ["c1", "l1", "fo1"]
        after = open_book()
        assert after.interviews.get("i1").panel == (Seat(contact=Ref("c2")),)
        assert (after.contacts.get("c2").knows, after.contacts.get("c2").introduced_by) == ((), None)
        assert (after.notes.get("n1").contact, after.promises.get("p1").contact) == (None, None)
        assert list(after.table(Follow)) == list(after.letters) == []

    def test_several_are_removed_together(self, book: Book, open_book: OpenBook):
        with book.change("removed"):
            removal = book.removal(*book.contacts)
            book.remove(removal)

        assert ids(removal.gone) == ["c1", "c2", "bc1", "l1", "fo1"]
        assert list(open_book().contacts) == []
        assert open_book().interviews.get("i1").panel == ()

    def test_a_plan_changes_nothing(self, book: Book, open_book: OpenBook):
        before = [list(book.table(kind.type)) for kind in book.kinds]

        book.removal(book.companies.get("co1"))

        assert [list(open_book().table(kind.type)) for kind in book.kinds] == before

    def test_a_plan_of_what_another_command_changed_is_a_conflict(self, book: Book, open_book: OpenBook):
        removal = book.removal(book.contacts.get("c1"))
        save(open_book(), open_book().promises.get("p1"), text="theirs")

        with pytest.raises(Conflict), book.change("removed"):
            book.remove(removal)

        assert open_book().contacts.find("c1") is not None


class TestMerging:
    def merge(self, book: Book, into: str, other: str, **values):
        with book.change("merged"):
            one, two = book.get(into), book.get(other)
            return book.merge(one, two, replace(one, **values))

    def test_every_reference_follows_even_inside_parts(self, book: Book, open_book: OpenBook):
        merged = self.merge(book, "c2", "c1", note="one person")

        assert (merged.id, merged.name, merged.note) == ("c2", "Ben", "one person")
        for opened in (book, open_book()):
            assert ids(opened.contacts) == ["c2"]
            assert opened.interviews.get("i1").panel == (Seat(contact=Ref("c2"), role="boss", lead=True),)
            for kind in (Note, Promise, Letter, Follow):
                assert [record.contact for record in opened.table(kind)] == ["c2"]
            assert ids(opened.letters.where("contact", "c2")) == ids(opened.letters.where("contact", "c1")) == ["l1"]

    def test_nobody_knows_or_introduced_themselves_afterwards(self, book: Book, open_book: OpenBook):
        ben = self.merge(book, "c2", "c1")
        assert (ben.knows, ben.introduced_by) == ((), None)

        cara = add(book, Contact(name="Cara", knows=(ben.id,)))
        dora = add(book, Contact(name="Dora", knows=(ben.id, cara.id), introduced_by=cara.id))
        both = self.merge(book, dora.id, cara.id, knows=(ben.id, cara.id, dora.id, ben.id))
        assert (both.knows, both.introduced_by) == (("c2",), None)
        assert open_book().contacts.get(dora.id) == both

    def test_acquaintances_are_not_doubled(self, book: Book, open_book: OpenBook):
        cara = add(book, Contact(name="Cara", knows=(Ref("c2"), Ref("c1"))))

        self.merge(book, "c1", "c2")

        assert open_book().contacts.get(cara.id).knows == ("c1",)

    def test_companies_merge_with_positions_and_applications(self, book: Book, open_book: OpenBook):
        self.merge(book, "co2", "co1", aliases=("Acme",))

        after = open_book()
        assert after.contacts.get("c1").positions == (Position(organisation="Acme", company=Ref("co2")),)
        assert ids(after.applications.where("company", "co2")) == ["a1", "a2"]

    def test_the_old_id_leads_to_the_one_that_stayed(self, book: Book, open_book: OpenBook):
        with book.change("merged"):
            kept = book.merge(book.contacts.get("c2"), book.contacts.get("c1"), book.contacts.get("c2"))
            assert book.contacts.get("c1") == book.get("c1") == kept

        for opened in (book, open_book()):
            assert opened.contacts.get("c1") == opened.find("c1") == opened.contacts.find(Ref("c1")) == kept
            assert (opened.redirected("c1"), opened.redirected("c2"), opened.redirected(None)) == ("c2", "c2", "")

    def test_redirects_chain(self, book: Book, open_book: OpenBook):
        for name in ("Cara", "Dora"):
            add(book, Contact(name=name))
        self.merge(book, "c2", "c1")
        self.merge(book, "c3", "c2")
        self.merge(book, "c4", "c3")

        after = open_book()
        assert [after.contacts.get(ref).name for ref in ("c1", "c2", "c3", "c4")] == ["Dora"] * 4
        assert after.interviews.get("i1").panel[0].contact == "c4"

    def test_several_merges_in_one_change(self, book: Book, open_book: OpenBook):
        for name in ("Cara", "Dora"):
            add(book, Contact(name=name))
        with book.change("merged"):
            for other in ("c2", "c3", "c4"):
                ana = book.contacts.get("c1")
                book.merge(ana, book.contacts.get(other), ana)

        after = open_book()
        assert ids(after.contacts) == ["c1"]
        assert after.contacts.get("c4").name == "Ana"
        assert len(after._session._store.history()) == 4

    @pytest.mark.parametrize(("into", "other"), [("c1", "c2"), ("c2", "c1")])
    def test_where_two_become_equal_the_newer_wins(self, book: Book, open_book: OpenBook, into: str, other: str):
        add(book, Follow(contact=Ref("c2"), network="x", state="accepted"))
        add(book, Follow(contact=Ref("c2"), network="github", state="asked"))

        self.merge(book, into, other)

        follows = open_book().table(Follow)
        assert [(follow.id, follow.contact, follow.network, follow.state) for follow in follows] == [
            ("fo2", into, "x", "accepted"),
            ("fo3", into, "github", "asked"),
        ]

    def test_plugin_records_are_tidied_too(self, book: Book, open_book: OpenBook):
        added = add(book, Follow(contact=Ref("c2"), network="x", seen_by=(Ref("c1"), Ref("c2"))))

        self.merge(book, "c1", "c2")

        assert open_book().table(Follow).get(added.id).seen_by == ("c1",)

    def test_a_record_can_not_be_merged_with_itself(self, book: Book):
        with pytest.raises(InputError):
            self.merge(book, "c1", "c1")

    def test_a_merge_of_what_another_command_changed_is_a_conflict(self, book: Book, open_book: OpenBook):
        one, two = book.contacts.get("c1"), book.contacts.get("c2")
        save(open_book(), open_book().contacts.get("c2"), note="theirs")

        with pytest.raises(Conflict), book.change("merged"):
            book.merge(one, two, one)

        assert ids(open_book().contacts) == ["c1", "c2"]

    def test_the_other_may_be_removed_later_and_the_old_id_leads_nowhere(self, book: Book, open_book: OpenBook):
        self.merge(book, "c2", "c1")
        with book.change("removed"):
            book.remove(book.removal(book.contacts.get("c2")))

        assert open_book().find("c1") is None
        assert add(open_book(), Contact(name="Cara")).id == "c3"
