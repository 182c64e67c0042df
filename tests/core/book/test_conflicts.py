"""Two commands on one book: what another one changed is never written over unseen."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.errors import Conflict, UnknownName
from crm_core.records import (
    Contact,
    Mark,
    Note,
    Promise,
    Ref,
)
from tests.core.book.search import AT, DAY, OpenBook, add, ids, save


class TestConflicts:
    """Another command changed something between this one's reading and its change."""

    def test_a_record_that_another_command_changed_is_a_conflict(self, book: Book, open_book: OpenBook):
        ana = book.contacts.get("c1")
        save(open_book(), open_book().contacts.get("c1"), note="theirs")

        with pytest.raises(Conflict) as caught:
            save(book, ana, note="mine")

        assert (caught.value.exit_code, "c1" in caught.value.message) == (1, True)
        assert open_book().contacts.get("c1").note == book.contacts.get("c1").note == "theirs"

    def test_nothing_of_a_change_with_a_conflict_is_written(self, book: Book, open_book: OpenBook):
        ana, before = book.contacts.get("c1"), list(book.notes)
        save(open_book(), open_book().contacts.get("c1"), note="theirs")

        def act() -> None:
            with book.change("both"):
                book.notes.add(Note(interview=Ref("i1"), text="mine"))
                book.contacts.drop(ana)

        with pytest.raises(Conflict):
            act()
        assert list(open_book().notes) == before
        assert open_book().contacts.find("c1") is not None

    def test_after_a_conflict_one_reads_again_and_can_save(self, book: Book, open_book: OpenBook):
        ana = book.contacts.get("c1")
        save(open_book(), open_book().contacts.get("c1"), note="theirs")
        with pytest.raises(Conflict):
            save(book, ana, name="Ana Silva")
        with pytest.raises(Conflict):
            save(book, ana, name="Ana Silva")

        save(book, book.contacts.get("c1"), name="Ana Silva")

        assert (book.contacts.get("c1").name, open_book().contacts.get("c1").note) == ("Ana Silva", "theirs")

    def test_another_record_may_change_meanwhile(self, book: Book, open_book: OpenBook):
        ana = book.contacts.get("c1")
        other = open_book()
        save(other, other.contacts.get("c2"), note="theirs")
        add(other, Contact(name="Cara"))

        save(book, ana, note="mine")

        assert [contact.note for contact in open_book().contacts] == ["mine", "theirs", ""]

    def test_a_record_that_was_changed_and_changed_back_is_none(self, book: Book, open_book: OpenBook):
        ana, other = book.contacts.get("c1"), open_book()
        save(other, other.contacts.get("c1"), note="theirs")
        save(other, other.contacts.get("c1"), note="")

        save(book, ana, note="mine")

        assert open_book().contacts.get("c1").note == "mine"

    def test_what_is_read_inside_the_change_is_what_the_other_wrote(self, book: Book, open_book: OpenBook):
        assert book.contacts.get("c1").note == ""
        save(open_book(), open_book().contacts.get("c1"), note="theirs")

        with book.change("added to it"):
            ana = book.contacts.get("c1")
            book.contacts.save(replace(ana, note=f"{ana.note} and mine"))
            book.contacts.save(replace(book.contacts.get("c1"), name="Ana Silva"))

        assert open_book().contacts.get("c1").note == "theirs and mine"

    @pytest.mark.parametrize("look", [lambda book: list(book.contacts), lambda book: book.contacts.get("c1")])
    def test_looking_again_inside_the_change_does_not_make_the_old_record_new(
        self, book: Book, open_book: OpenBook, look: Callable[[Book], object]
    ):
        ana = book.contacts.get("c1")
        save(open_book(), open_book().contacts.get("c1"), note="theirs")

        def act() -> None:
            with book.change("edited"):
                look(book)
                book.contacts.save(replace(ana, name="Ana Silva"))

        with pytest.raises(Conflict):
            act()
        assert open_book().contacts.get("c1").note == "theirs"

    def test_a_record_can_be_saved_twice_in_a_change_and_again_in_the_next(self, book: Book, open_book: OpenBook):
        ana, other = book.contacts.get("c1"), open_book()
        add(other, Contact(name="Cara"))

        with book.change("twice"):
            first = book.contacts.save(replace(ana, note="one"))
            second = book.contacts.save(replace(first, note=""))
            third = book.contacts.save(replace(second, note="three"))
        add(other, Contact(name="Dora"))
        save(book, third, note="four")

        assert open_book().contacts.get("c1").note == "four"

    def test_a_change_that_failed_leaves_no_false_conflict(self, book: Book, open_book: OpenBook):
        ana, other = book.contacts.get("c1"), open_book()

        def act() -> None:
            with book.change("in vain"):
                book.contacts.save(replace(ana, note="in vain"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            act()
        add(other, Contact(name="Cara"))
        save(book, ana, note="mine")

        assert open_book().contacts.get("c1").note == "mine"

    def test_a_record_that_another_command_removed_is_unknown(self, book: Book, open_book: OpenBook):
        note = book.notes.get("n1")
        other = open_book()
        with other.change("removed"):
            other.notes.drop(other.notes.get("n1"))

        with pytest.raises(UnknownName, match="any more"):
            save(book, note, text="edited")

    def test_a_mark_is_a_record_like_any_other(self, book: Book, open_book: OpenBook):
        mark = add(book, Mark(step="p/k/i1", state="done", marked=AT))
        other = open_book()
        save(other, other.marks.get(mark.id), state="skipped")

        with pytest.raises(Conflict), book.change("reopened"):
            book.marks.drop(mark)

    def test_a_reference_to_somebody_who_was_merged_meanwhile_follows(self, book: Book, open_book: OpenBook):
        assert book.contacts.get("c2").name == "Ben"
        other = open_book()
        with other.change("merged"):
            other.merge(other.contacts.get("c1"), other.contacts.get("c2"), other.contacts.get("c1"))

        added = add(book, Promise(text="cv", made=DAY, contact=Ref("c2")))

        assert added.contact == "c1"
        assert ids(open_book().promises.where("contact", "c1")) == ["p1", "p2"]
