"""Records of a plugin that is away are kept, and right again when it is back."""

import pytest

from crm_core.book import Book
from crm_core.records import (
    Ref,
)
from tests.core.book.search import Follow, OpenBook, add, ids, save


class TestAbsentPlugins:
    """A plugin is away while its people are merged, and comes back."""

    @pytest.fixture
    def without(self, book: Book, open_book: OpenBook) -> Book:
        """The book without the plugin, after somebody was merged."""
        add(book, Follow(contact=Ref("c2"), network="x", state="accepted", seen_by=(Ref("c2"), Ref("c1"))))
        add(book, Follow(contact=Ref("c2"), network="github"))
        away = open_book(plugin=False)
        with away.change("merged"):
            away.merge(away.contacts.get("c1"), away.contacts.get("c2"), away.contacts.get("c1"))
        return away

    def test_its_records_are_kept_while_it_is_away(self, without: Book):
        assert "crm_social.follows" in without._session._store.tables()
        assert without.find("fo1") is None

    def test_its_records_are_relinked_and_tidied_when_it_is_back(self, without: Book, open_book: OpenBook):
        follows = open_book().table(Follow)

        assert [(follow.id, follow.contact, follow.network) for follow in follows] == [
            ("fo2", "c1", "x"), ("fo3", "c1", "github"),
        ]  # fmt: skip
        assert follows.get("fo2").seen_by == ("c1",)
        assert ids(follows.where("contact", "c1")) == ids(follows.where("contact", "c2")) == ["fo2", "fo3"]
        assert len(follows) == 2

    def test_the_older_of_two_that_became_equal_does_not_come_back(self, without: Book, open_book: OpenBook):
        book = open_book()
        assert [follow.state for follow in book.table(Follow)] == ["accepted", ""]
        with book.change("dropped"):
            book.table(Follow).drop(book.table(Follow).get("fo2"))

        assert ids(book.table(Follow)) == ids(open_book().table(Follow)) == ["fo3"]
        assert list(open_book()._session._store.documents("crm_social.follows")) == ["3"]

    def test_looking_the_older_up_by_its_id_does_not_show_it_again(self, without: Book, open_book: OpenBook):
        follows = open_book().table(Follow)
        assert ids(follows) == ["fo2", "fo3"]

        assert follows.find("fo1") is None
        assert ids(follows) == ["fo2", "fo3"]

    def test_a_record_that_came_back_can_be_edited(self, without: Book, open_book: OpenBook):
        book = open_book()
        saved = save(book, book.table(Follow).get("fo3"), state="asked")

        assert (saved.contact, saved.state) == ("c1", "asked")
        assert open_book().table(Follow).get("fo3") == saved

    def test_what_it_owned_goes_with_the_merged_person(self, without: Book, open_book: OpenBook):
        book = open_book()
        with book.change("removed"):
            book.remove(book.removal(book.contacts.get("c1")))

        assert list(open_book().table(Follow)) == []
