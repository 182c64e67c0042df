"""What every store promises; whoever brings another engine subclasses `StoreContract` and lives by it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest

from crm_core.store.base import Change, Image, Store, Transaction, digest

AT = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
ANA, BEN, CARA = b'{"name":"Ana"}', b'{"name":"Ben"}', b'{"name":"Cara"}'
OpenStore = Callable[[], Store]


def commit(
    store: Store, title: str = "", put: dict[str, bytes] | None = None, delete: str = "", table: str = "people"
) -> None:
    """One change set: those documents are put, that one is removed."""
    with store.begin(title, "crm test", AT) as transaction:
        for key, document in (put or {}).items():
            transaction.put(table, key, document)
        if delete:
            transaction.delete(table, delete)


def draw(store: Store, counter: str) -> int:
    """A number drawn by a change set that is committed."""
    with store.begin("", "", AT) as transaction:
        number = transaction.draw(counter)
        transaction.put("drawn", f"{len(transaction.documents('drawn')) + 1}", b"{}")
    return number


def people(store: Store, table: str = "people") -> dict[str, bytes]:
    """A table with its documents as plain bytes."""
    return {key: bytes(raw) for key, raw in store.documents(table).items()}


def state(store: Store) -> tuple[object, ...]:
    """All that can be seen of a store."""
    tables = {name: people(store, name) for name in store.tables()}
    return store.revision, tables, dict(store.redirects), [change.id for change in store.history()]


class Stop(Exception):
    """Ends a change set from inside."""


def begin_in_vain(store: Store, act: Callable[[Transaction], object], error: type[BaseException] = Stop) -> None:
    """A change set that does something and then ends by an exception."""
    with store.begin("in vain", "", AT) as transaction:
        act(transaction)
        raise error


class StoreContract:
    """Subclass it in a test module and give a fixture `open_store`: a function that opens a store on the same data."""

    @pytest.fixture
    def open_store(self) -> OpenStore:
        raise NotImplementedError("give the fixture `open_store`")

    def test_a_new_book_is_empty_at_revision_0(self, open_store: OpenStore) -> None:
        store = open_store()

        assert state(store) == (0, {}, {}, [])
        assert people(store, "people") == {}

    def test_a_commit_is_the_next_revision_for_this_store_and_for_those_opened_later(
        self, open_store: OpenStore
    ) -> None:
        store = open_store()

        commit(store, put={"1": ANA})
        commit(store, put={"2": BEN})

        assert store.revision == 2
        assert people(store) == {"1": ANA, "2": BEN}
        assert state(open_store()) == state(store)

    def test_a_transaction_sees_its_own_changes_and_nobody_else_does(self, open_store: OpenStore) -> None:
        store = open_store()
        commit(store, put={"1": ANA, "2": BEN})

        with store.begin("", "", AT) as transaction:
            transaction.put("people", "1", CARA)
            transaction.put("people", "3", ANA)
            transaction.delete("people", "2")
            transaction.redirect("c9", "c1")
            seen = {key: bytes(raw) for key, raw in transaction.documents("people").items()}
            assert seen == {"1": CARA, "3": ANA}
            assert dict(transaction.redirects) == {"c9": "c1"}
            for other in (store, open_store()):
                assert people(other) == {"1": ANA, "2": BEN}
                assert (dict(other.redirects), other.revision) == ({}, 1)

        assert people(store) == people(open_store()) == {"1": CARA, "3": ANA}

    def test_documents_come_in_the_order_of_their_numbers_even_those_put_back(self, open_store: OpenStore) -> None:
        store = open_store()
        commit(store, put={"7": ANA, "10": BEN, "9": CARA})
        commit(store, put={"7": BEN, "8": ANA})
        commit(store, delete="9")
        with store.begin("", "", AT) as transaction:
            transaction.put("people", "9", CARA)
            transaction.put("people", "11", CARA)
            assert list(transaction.documents("people")) == ["7", "8", "9", "10", "11"]

        assert list(store.documents("people")) == list(open_store().documents("people")) == ["7", "8", "9", "10", "11"]

    def test_documents_handed_out_stay_as_they_were(self, open_store: OpenStore) -> None:
        store = open_store()
        commit(store, put={"1": ANA, "2": BEN})
        before = store.documents("people")

        commit(store, put={"1": CARA, "3": CARA}, delete="2")

        assert {key: bytes(raw) for key, raw in before.items()} == {"1": ANA, "2": BEN}

    @pytest.mark.parametrize("error", [Stop, KeyboardInterrupt, SystemExit])
    def test_an_exception_changes_nothing_and_goes_on(self, open_store: OpenStore, error: type[BaseException]) -> None:
        store = open_store()
        commit(store, put={"1": ANA, "2": BEN})
        before = state(store)

        def act(transaction: Transaction) -> None:
            transaction.put("people", "1", CARA)
            transaction.put("places", "1", CARA)
            transaction.delete("people", "2")
            transaction.redirect("c2", "c1")

        with pytest.raises(error):
            begin_in_vain(store, act, error)

        assert state(store) == state(open_store()) == before

    def test_the_lock_is_free_after_an_exception(self, open_store: OpenStore) -> None:
        store = open_store()
        with pytest.raises(Stop):
            begin_in_vain(store, lambda _: None)

        commit(store, put={"1": ANA})
        commit(open_store(), put={"2": BEN})

        assert people(open_store()) == {"1": ANA, "2": BEN}

    def test_a_change_set_that_leaves_all_as_it_was_is_not_committed(self, open_store: OpenStore) -> None:
        store = open_store()
        commit(store, put={"1": ANA})
        before = state(store)

        commit(store)
        commit(store, put={"1": ANA})
        commit(store, delete="5")
        commit(store, delete="5", table="nowhere")
        with store.begin("there and back", "", AT) as transaction:
            transaction.draw("c")
            transaction.put("people", "2", BEN)
            transaction.delete("people", "2")
            transaction.delete("people", "1")
            transaction.put("people", "1", BEN)
            transaction.put("people", "1", ANA)

        assert state(store) == state(open_store()) == before

    def test_numbers_are_drawn_from_1_for_each_counter(self, open_store: OpenStore) -> None:
        store = open_store()

        with store.begin("", "", AT) as transaction:
            drawn = [transaction.draw(counter) for counter in ("c", "c", "co", "c", "co")]
            transaction.put("people", "1", ANA)

        assert drawn == [1, 2, 1, 3, 2]
        assert draw(open_store(), "c") == 4
        assert draw(store, "co") == 3

    def test_a_number_is_never_drawn_again_after_a_removal(self, open_store: OpenStore) -> None:
        store = open_store()
        with store.begin("", "", AT) as transaction:
            transaction.put("people", str(transaction.draw("c")), ANA)
        commit(store, delete="1")

        assert draw(open_store(), "c") == 2

    def test_a_number_is_not_drawn_again_after_a_change_set_that_failed_or_came_to_nothing(
        self, open_store: OpenStore
    ) -> None:
        store = open_store()
        drawn = []
        with pytest.raises(Stop):
            begin_in_vain(store, lambda transaction: drawn.append(transaction.draw("c")))
        with store.begin("", "", AT) as transaction:
            drawn.append(transaction.draw("c"))
        drawn.append(draw(store, "c"))

        assert len(set(drawn)) == 3

    def test_two_stores_never_draw_the_same_number(self, open_store: OpenStore) -> None:
        one, other = open_store(), open_store()

        drawn = [draw(store, "c") for store in (one, other, other, one, other)]

        assert drawn == [1, 2, 3, 4, 5]

    def test_one_open_store_sees_one_revision_until_it_begins_a_change_set(self, open_store: OpenStore) -> None:
        commit(open_store(), put={"1": ANA})
        store = open_store()
        before = state(store)

        commit(open_store(), put={"2": BEN})
        assert state(store) == before

        with store.begin("", "", AT) as transaction:
            assert transaction.moved
            assert {key: bytes(raw) for key, raw in transaction.documents("people").items()} == {"1": ANA, "2": BEN}
        assert store.revision == 2
        assert people(store) == {"1": ANA, "2": BEN}

    def test_a_store_moved_only_if_somebody_else_committed_since_it_was_read(self, open_store: OpenStore) -> None:
        other = open_store()
        commit(other, put={"1": ANA})
        unread, store = open_store(), open_store()
        moved = []

        def begin(begun: Store) -> None:
            with begun.begin("", "", AT) as transaction:
                moved.append(transaction.moved)

        begin(unread)
        assert store.revision == 1
        begin(store)
        commit(store, put={"2": BEN})
        begin(store)
        with pytest.raises(Stop):
            begin_in_vain(other, lambda transaction: transaction.put("people", "3", CARA))
        begin(store)
        commit(other, put={"3": CARA})
        begin(store)
        begin(store)

        assert moved == [False, False, False, False, True, False]

    def test_a_redirect_is_remembered(self, open_store: OpenStore) -> None:
        store = open_store()
        for old, new in (("c2", "c1"), ("c3", "c2")):
            with store.begin("merged", "", AT) as transaction:
                transaction.redirect(old, new)

        assert store.revision == 2
        assert dict(store.redirects) == dict(open_store().redirects) == {"c2": "c1", "c3": "c2"}

    def test_a_redirect_that_is_taken_away_is_remembered_by_its_change(self, open_store: OpenStore) -> None:
        store = open_store()
        for old, new in (("c2", "c1"), ("c3", "c2")):
            with store.begin("merged", "", AT) as transaction:
                transaction.redirect(old, new)
        with store.begin("separated", "", AT) as transaction:
            transaction.separate("c3")
            transaction.separate("c9")
            assert dict(transaction.redirects) == {"c2": "c1"}
            assert dict(store.redirects) == {"c2": "c1", "c3": "c2"}

        assert dict(store.redirects) == dict(open_store().redirects) == {"c2": "c1"}
        change = open_store().history()[-1]
        assert (change.redirects, change.separated) == ({}, {"c3": "c2"})

    def test_a_redirect_that_is_there_again_at_the_end_is_no_change(self, open_store: OpenStore) -> None:
        store = open_store()
        with store.begin("merged", "", AT) as transaction:
            transaction.redirect("c2", "c1")
        before = state(store)

        with store.begin("there and back", "", AT) as transaction:
            transaction.separate("c2")
            transaction.redirect("c2", "c1")
            transaction.redirect("c3", "c1")
            transaction.separate("c3")

        assert state(store) == state(open_store()) == before

    def test_a_change_remembers_what_it_took_back_and_did_again_even_if_that_came_to_nothing(
        self, open_store: OpenStore
    ) -> None:
        store = open_store()
        commit(store, put={"1": ANA})
        commit(store, put={"1": BEN})
        with store.begin("took back both", "", AT) as transaction:
            transaction.put("people", "1", ANA)
            transaction.mark_undone(["h2", "h1"])
        with store.begin("did both again", "", AT) as transaction:
            transaction.mark_redone(["h1", "h2"])

        assert store.revision == 4
        changes = open_store().history()
        assert [change.undoes for change in changes] == [(), (), ("h2", "h1"), ()]
        assert [change.redoes for change in changes] == [(), (), (), ("h1", "h2")]

    def test_the_history_tells_what_happened_oldest_first(self, open_store: OpenStore) -> None:
        store = open_store()
        local = AT.astimezone(timezone(timedelta(hours=5)))
        with store.begin("added Ana", "crm contact add Ana", local) as transaction:
            transaction.put("people", "1", ANA)
        with store.begin("merged", "crm contact merge c1 c2", local) as transaction:
            transaction.redirect("c2", "c1")

        first, second = open_store().history()

        assert (first.id, first.title, first.command) == ("h1", "added Ana", "crm contact add Ana")
        assert (second.id, second.title, second.command) == ("h2", "merged", "crm contact merge c1 c2")
        assert first.at == AT
        assert first.at.utcoffset() == timedelta(0)
        assert [change.redirects for change in (first, second)] == [{}, {"c2": "c1"}]

    def test_the_history_has_an_image_of_each_document_that_changed(self, open_store: OpenStore) -> None:
        store = open_store()
        spaced = b'{"name": "Ana", "rate": 1.50}'
        commit(store, put={"1": spaced, "2": BEN})
        with store.begin("", "", AT) as transaction:
            transaction.put("people", "1", CARA)
            transaction.put("people", "1", ANA)
            transaction.delete("people", "2")
            transaction.put("people", "2", BEN)
            transaction.put("people", "3", BEN)
            transaction.put("places", "1", BEN)
            transaction.put("places", "2", BEN)
            transaction.delete("places", "2")
        commit(store, delete="2")

        later = open_store()
        added, changed, removed = (_images(later, change) for change in later.history())

        assert {key: before for key, (before, _) in added.items()} == {("people", "1"): None, ("people", "2"): None}
        assert {key: before for key, (before, _) in changed.items()} == {
            ("people", "1"): spaced,
            ("people", "3"): None,
            ("places", "1"): None,
        }
        assert removed == {("people", "2"): (BEN, "")}
        assert {key: found for key, (_, found) in changed.items()} == {
            ("people", "1"): digest(msgspec.Raw(ANA)),
            ("people", "3"): digest(msgspec.Raw(BEN)),
            ("places", "1"): digest(msgspec.Raw(BEN)),
        }

    def test_tables_are_those_that_hold_documents_whoever_knows_them(self, open_store: OpenStore) -> None:
        store = open_store()
        commit(store, put={"1": ANA}, table="crm_absent.things")
        commit(store, put={"1": ANA}, table="people")
        assert store.tables() == open_store().tables() == ["crm_absent.things", "people"]

        commit(store, delete="1", table="people")

        assert store.tables() == open_store().tables() == ["crm_absent.things"]

    def test_documents_are_kept_byte_for_byte(self, open_store: OpenStore) -> None:
        odd = (
            b'{ "z" : 1.50,"a":[ 1e3, 12345678901234567890123 ], "\\u0041":"\\u00e9 \xc3\xa9", "b":{"y":{},"x":null} }'
        )
        store = open_store()
        commit(store, put={"1": odd, "2": ANA})
        commit(store, put={"1": odd}, table="crm_absent.things")

        commit(open_store(), put={"2": BEN, "3": CARA})
        commit(open_store(), put={"1": CARA}, table="places")

        assert people(open_store())["1"] == odd
        assert people(open_store(), "crm_absent.things") == {"1": odd}

    def test_any_text_will_do_for_the_history(self, open_store: OpenStore) -> None:
        store = open_store()
        with store.begin("took in Fr\udcfchling.vcf", "crm import Fr\udcfchling.vcf \x00\x1b[2J", AT) as transaction:
            transaction.put("people", "1", ANA)

        (change,) = open_store().history()

        assert change.command.startswith("crm import Fr")
        assert people(open_store()) == {"1": ANA}

    def test_a_version_is_remembered_with_the_change_that_sets_it(self, open_store: OpenStore) -> None:
        store = open_store()
        assert dict(store.versions) == {"core": 1}

        with store.begin("", "", AT) as transaction:
            transaction.set_version("crm_absent", 2)
            transaction.put("crm_absent.things", "1", ANA)
            assert dict(transaction.versions) == {"core": 1, "crm_absent": 2}

        assert dict(store.versions) == dict(open_store().versions) == {"core": 1, "crm_absent": 2}
        assert [change.migrated for change in open_store().history()] == [()]

    def test_a_version_alone_is_nothing_to_commit_but_a_migration_is(self, open_store: OpenStore) -> None:
        store = open_store()
        commit(store, put={"1": ANA})
        with store.begin("", "", AT) as transaction:
            transaction.set_version("crm_absent", 2)
        assert (store.revision, dict(store.versions)) == (1, {"core": 1})

        with store.begin("migrated", "", AT) as transaction:
            transaction.set_version("crm_absent", 2, migrated=True)
            transaction.set_version("crm_other", 3, migrated=True)

        assert dict(open_store().versions) == {"core": 1, "crm_absent": 2, "crm_other": 3}
        assert open_store().history()[-1].migrated == ("crm_absent", "crm_other")

    def test_the_first_commit_gives_the_book_an_identity_that_stays(self, open_store: OpenStore) -> None:
        store = open_store()
        assert store.identity == ""

        commit(store, put={"1": ANA})
        identity = store.identity
        commit(store, put={"2": BEN})

        assert len(bytes.fromhex(identity)) == 8
        assert store.identity == open_store().identity == identity

    def test_an_attachment_is_found_by_the_name_that_it_was_given(self, open_store: OpenStore) -> None:
        name = open_store().attach(b"\xff\xd8\xff picture")

        assert name.endswith(".jpg")
        assert open_store().attach(b"\xff\xd8\xff picture") == name
        assert open_store().attachment(name) == b"\xff\xd8\xff picture"
        assert open_store().attachment("0" * 32) is None
        assert open_store().attachment("../book.json") is None


def _images(store: Store, change: Change) -> dict[tuple[str, str], tuple[bytes | None, str]]:
    images = store.images(change)
    keys = [(image.table, image.key) for image in images]
    assert len(keys) == len(set(keys))
    return dict(zip(keys, (_image(image) for image in images), strict=True))


def _image(image: Image) -> tuple[bytes | None, str]:
    return (bytes(image.before) if isinstance(image.before, msgspec.Raw) else None), image.digest
