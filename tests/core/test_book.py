"""The book as typed records: adding, saving, conflicts, removal, merging, and plugins that are away."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.errors import BookUnreadable, Conflict, InputError, UnknownName
from crm_core.records import (
    Application,
    BusinessCard,
    Company,
    Contact,
    Interview,
    Letter,
    Mark,
    Note,
    OwnedBy,
    Position,
    Promise,
    Record,
    RecordKind,
    Ref,
    Seat,
)
from crm_core.store.tiny import TinyStore
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf

AT = Moment(datetime(2026, 11, 20, 14), "Europe/Berlin")  # noqa: DTZ001 (its zone stands beside it)
DAY = date(2026, 11, 20)
OpenBook = Callable[..., Book]


class Follow(Record, frozen=True, kw_only=True):
    """A plugin's record: one for each person and network."""

    contact: OwnedBy[Contact]
    network: str
    state: str = ""
    seen_by: tuple[Ref[Contact], ...] = ()

    def tidied(self) -> "Follow":
        return replace(self, seen_by=tuple(dict.fromkeys(self.seen_by)))


FOLLOWS = RecordKind(
    type=Follow,
    prefix="fo",
    label="follow",
    plural="follows",
    table="crm_social.follows",
    unique=("contact", "network"),
)


@pytest.fixture(params=["file", "memory"])
def open_book(request: pytest.FixtureRequest, tmp_path: Path) -> OpenBook:
    """Opens the book as another command would; with `plugin=True` that of the follows is there."""
    shelf = Shelf()

    def open_(*, plugin: bool = True) -> Book:
        store = TinyStore(tmp_path / "book.json") if request.param == "file" else MemoryStore(shelf)
        return book_in(store, kinds=[FOLLOWS] if plugin else [])

    return open_


def add(book: Book, record):
    """Add one record in a change of its own."""
    with book.change(f"added a {type(record).__name__}"):
        return book.table(type(record)).add(record)


def save(book: Book, record, **values):
    """Save one record, with other values, in a change of its own."""
    with book.change("edited"):
        return book.table(type(record)).save(replace(record, **values))


@pytest.fixture
def book(open_book: OpenBook) -> Book:
    """A search: two people, two companies, an application with an interview, and what hangs on them."""
    book = open_book()
    with book.change("a search"):
        acme, beta = (book.companies.add(Company(name=name)) for name in ("Acme", "Beta"))
        ana = book.contacts.add(Contact(name="Ana", positions=(Position(organisation="Acme", company=acme.id),)))
        ben = book.contacts.add(Contact(name="Ben", knows=(ana.id,), introduced_by=ana.id))
        role = book.applications.add(Application(company=acme.id, role="Engineer"))
        book.applications.add(Application(company=beta.id, role="Editor"))
        panel = (Seat(contact=ana.id, role="boss", lead=True), Seat(contact=ben.id))
        talk = book.interviews.add(Interview(application=role.id, at=AT, panel=panel))
        book.notes.add(Note(interview=talk.id, contact=ana.id, text="likes tests"))
        book.promises.add(Promise(text="references", contact=ana.id, interview=talk.id, made=DAY))
        book.letters.add(Letter(contact=ana.id, kind="thank-you", interview=talk.id))
        book.cards.add(BusinessCard(contact=ben.id, interview=talk.id))
        book.table(Follow).add(Follow(contact=ana.id, network="x", state="asked"))
    return book


def ids(records) -> list[str]:
    return [str(record.id) for record in records]


def test_ids_count_up_with_the_prefix_of_their_kind(book: Book, open_book: OpenBook):
    assert ids(book.contacts) == ["c1", "c2"]
    assert ids(book.companies) == ["co1", "co2"]
    assert ids(book.table(Follow)) == ["fo1"]
    with book.change("two more"):
        first, second = (book.contacts.add(Contact(name=name, id=Ref("c1"))) for name in ("Cara", "Dora"))
        assert (first.id, second.id, book.new_move_id(), book.new_move_id()) == ("c3", "c4", "m1", "m2")

    assert ids(open_book().contacts) == ["c1", "c2", "c3", "c4"]


def test_what_was_added_is_found_by_its_id_at_once_and_later(book: Book, open_book: OpenBook):
    added = add(book, Contact(name="Cara", emails=("cara@x.example",)))

    for opened in (book, open_book()):
        assert opened.contacts.get(added.id) == opened.get(added.id) == opened.contacts.find("c3") == added
        assert list(opened.contacts)[-1] == added
        assert len(opened.contacts) == 3


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "c",
        "c9",
        "co9",
        "C1",
        "c01",
        "c1 ",
        " c1",
        "c1\n",
        "c-1",
        "c+1",
        "c1.0",
        "c\uff11",
        "c²",
        "1",
        "m1",
        "h1",
        "x" * 9999,
    ],
)
def test_what_is_no_id_of_a_record_finds_nothing(book: Book, ref: str):
    assert book.contacts.find(ref) is None
    assert book.find(ref) is None
    with pytest.raises(UnknownName):
        book.contacts.get(ref)
    with pytest.raises(UnknownName):
        book.get(ref)


def test_an_id_of_another_kind_is_not_found_in_a_table(book: Book):
    assert book.contacts.find("co1") is None
    assert book.companies.find("c1") is None
    assert book.find("co1") == book.companies.get("co1")
    assert book.contacts.find(None) is book.find(None) is None


def test_records_are_found_by_what_they_refer_to(book: Book):
    assert ids(book.applications.where("company", "co1")) == ["a1"]
    assert ids(book.notes.where("contact", "c1")) == ["n1"]
    assert book.notes.where("contact", "c2") == []
    added = add(book, Note(interview=Ref("i1"), contact=Ref("c2"), text="quiet"))
    assert book.notes.where("contact", "c2") == [added]
    assert ids(book.notes.where("interview", "i1")) == ["n1", "n2"]
    save(book, added, contact=Ref("c1"))
    assert ids(book.notes.where("contact", "c1")) == ["n1", "n2"]
    with book.change("dropped"):
        book.notes.drop(book.notes.get("n1"))
    assert ids(book.notes.where("interview", "i1")) == ["n2"]


def test_a_saved_record_is_what_everybody_sees(book: Book, open_book: OpenBook):
    saved = save(book, book.contacts.get("c1"), name="Ana Silva", emails=("ana@x.example",))

    assert book.contacts.get("c1") == open_book().contacts.get("c1") == saved
    assert ids(open_book().contacts) == ["c1", "c2"]


def test_saving_what_is_stored_commits_nothing(book: Book, open_book: OpenBook):
    store = book._session._store
    before = store.revision

    save(book, book.contacts.get("c1"))
    save(book, book.contacts.get("c1"), name="Ana")

    assert (store.revision, open_book()._session._store.revision) == (before, before)


def test_a_dropped_record_is_gone_and_its_id_is_not_given_again(book: Book, open_book: OpenBook):
    with book.change("dropped"):
        book.promises.drop(book.promises.get("p1"))
        assert book.promises.find("p1") is None

    assert list(open_book().promises) == list(book.promises) == []
    assert add(open_book(), Promise(text="cv", made=DAY)).id == "p2"


def test_a_record_that_is_not_in_the_book_can_not_be_saved_or_dropped(book: Book):
    gone = book.promises.get("p1")
    with book.change("dropped"):
        book.promises.drop(gone)

    for record in (gone, Promise(text="", made=DAY), replace(gone, id=Ref("p77")), replace(gone, id=Ref("c1"))):
        with pytest.raises(UnknownName):
            save(book, record)
    with pytest.raises(UnknownName), book.change("again"):
        book.promises.drop(gone)


def test_records_change_only_inside_a_change(book: Book):
    ana = book.contacts.get("c1")

    for act in (lambda: book.contacts.add(ana), lambda: book.contacts.save(ana), lambda: book.contacts.drop(ana)):
        with pytest.raises(RuntimeError, match="inside"):
            act()
    with pytest.raises(RuntimeError):
        book.new_move_id()


def test_a_change_inside_a_change_is_a_fault(book: Book):
    with pytest.raises(RuntimeError, match="open already"), book.change("outer"), book.change("inner"):
        pytest.fail("two changes at once")
    assert add(book, Contact(name="Cara")).id == "c3"


def test_a_change_is_one_entry_of_the_history_however_much_it_changes(book: Book, open_book: OpenBook):
    (change,) = open_book()._session._store.history()

    assert (change.title, change.command, change.at) == ("a search", "crm test", NOW)
    assert len(change.images) == 12


def test_an_exception_leaves_the_book_as_it_was(book: Book, open_book: OpenBook):
    def act() -> None:
        with book.change("in vain"):
            book.contacts.save(replace(book.contacts.get("c1"), name="Eve"))
            book.contacts.add(Contact(name="Cara"))
            book.notes.drop(book.notes.get("n1"))
            book.merge(book.companies.get("co1"), book.companies.get("co2"), book.companies.get("co1"))
            assert (len(book.contacts), len(book.notes), len(book.companies)) == (3, 0, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    for opened in (book, open_book()):
        assert [contact.name for contact in opened.contacts] == ["Ana", "Ben"]
        assert ids(opened.notes) == ["n1"]
        assert opened.companies.get("co2").name == "Beta"
        assert opened.notes.where("contact", "c1") == list(opened.notes)


def test_inside_read_only_nothing_can_be_changed(book: Book, open_book: OpenBook):
    with book.read_only():
        with pytest.raises(RuntimeError, match="read-only"), book.change("in vain"):
            pytest.fail("it was opened")
        assert book.contacts.get("c1").name == "Ana"
    with book.change("outer"):
        with book.read_only(), book.read_only(), pytest.raises(RuntimeError, match="read-only"):
            book.contacts.add(Contact(name="Cara"))
        book.contacts.add(Contact(name="Dora"))

    assert [contact.name for contact in open_book().contacts] == ["Ana", "Ben", "Dora"]


def test_a_type_that_nobody_declared_has_no_table(open_book: OpenBook):
    with pytest.raises(LookupError, match="Follow"):
        open_book(plugin=False).table(Follow)


def test_the_present_needs_a_named_zone(open_book: OpenBook):
    with pytest.raises(ValueError, match="zone"):
        book_in(MemoryStore(Shelf()), now=datetime(2026, 11, 23))  # noqa: DTZ001 (that is the point)


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


def put_raw(book: Book, table: str, key: str, document: bytes) -> None:
    """What another version of the program may have written."""
    with book._session._store.begin("", "", NOW) as transaction:
        transaction.put(table, key, document)


def raw(book: Book, table: str, key: str) -> bytes:
    return bytes(book._session._store.documents(table)[key])


def test_fields_of_a_newer_version_survive_an_edit_a_merge_and_a_removal(book: Book, open_book: OpenBook):
    document = (
        b'{"name":"Ben","knows":["c1"],"mood":{"today":"fine"},'
        b'"positions":[{"organisation":"Acme","company":"co1","desk":7},{"organisation":"Beta","desk":9}]}'
    )
    put_raw(book, "contacts", "2", document)
    book = open_book()
    ben = book.contacts.get("c2")
    save(book, ben, note="edited", positions=ben.positions[::-1])
    with book.change("removed"):
        book.remove(book.removal(book.companies.get("co1")))

    stored = raw(open_book(), "contacts", "2")

    assert b'"mood":{"today":"fine"}' in stored
    assert stored.index(b'"desk":9') < stored.index(b'"desk":7')
    assert open_book().contacts.get("c2").positions == (Position(organisation="Beta"), Position(organisation="Acme"))


def test_a_record_that_is_not_changed_is_not_rewritten(book: Book, open_book: OpenBook):
    document = b'{ "rate": 1.50, "name": "Cara" }'
    put_raw(book, "contacts", "3", document)
    book = open_book()
    save(book, book.contacts.get("c3"))
    save(book, book.contacts.get("c1"), note="edited")
    with book.change("merged"):
        book.merge(book.contacts.get("c1"), book.contacts.get("c2"), book.contacts.get("c1"))

    assert raw(open_book(), "contacts", "3") == document


@pytest.mark.parametrize("document", [b"7", b'{"name":7}', b"{}", b'{"name":"Ana","knows":[5]}', b'{"name":"\xff"}'])
def test_a_document_that_is_no_such_record_is_named_and_left_alone(book: Book, open_book: OpenBook, document: bytes):
    put_raw(book, "contacts", "3", document)
    book = open_book()

    with pytest.raises(BookUnreadable, match="c3") as caught:
        list(book.contacts)

    assert caught.value.exit_code == 4
    assert book.contacts.get("c1").name == "Ana"
    assert raw(book, "contacts", "3") == document


@pytest.mark.parametrize("text", ["\ud800", "Ana \udcff Silva"])
def test_half_a_character_is_an_input_error_and_nothing_is_written(book: Book, open_book: OpenBook, text: str):
    store = open_book()._session._store

    with pytest.raises(InputError, match="contact") as caught:
        add(book, Contact(name="Cara", emails=("fine@x.example", text)))
    with pytest.raises(InputError):
        save(book, book.contacts.get("c1"), note=text)

    assert caught.value.exit_code == 2
    assert open_book()._session._store.revision == store.revision
    assert book.contacts.get("c1").note == ""


@pytest.mark.parametrize(
    "text", ["\x00", "\x1b[2J\x07", "\u202e", "a" * 300_000, "\r\n\t", "\U0001f600", "\ufeff\ufffe", '{}[]"\\']
)
def test_any_other_text_is_kept_as_it_is(book: Book, open_book: OpenBook, text: str):
    add(book, Contact(name=text, note=text))

    assert open_book().contacts.get("c3") == Contact(id=Ref("c3"), name=text, note=text)


@pytest.mark.parametrize(
    "record",
    [
        Contact(name=None),
        Contact(name="Ana", emails=(5,)),
        Promise(text="cv", made=NOW),
        Promise(text="cv", made=DAY, due=NOW),
        Interview(application=Ref("a1"), at=NOW),
        Mark(step="p/k", state="gone", marked=AT),
        Contact(name="Ana", positions=({"organisation": "Acme", "company": 5},)),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_value_that_could_not_be_read_again_does_not_get_into_the_book(
    book: Book, open_book: OpenBook, record: Record
):
    before = open_book()._session._store.revision

    with pytest.raises(TypeError, match="could be read again"):
        add(book, record)

    assert open_book()._session._store.revision == before
    assert len(open_book().contacts) == 2
