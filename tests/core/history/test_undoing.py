"""What is taken back is as it was, byte for byte; what can't be is refused, with nothing written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.errors import Conflict, CrmError, InputError, UnknownName
from crm_core.history import Past, newest_changes, reverse
from crm_core.records import BusinessCard, Contact, Mark, Migration, Promise, Ref
from tests.core.book.search import AT, DAY, FOLLOWS, Follow, OpenBook, add, ids, save
from tests.core.history.acting import amend, change_ids, everything, past_of, redo, rewrite_history, store_of, undo
from tests.core.making import NOW


def remove(book: Book, ref: str) -> None:
    with book.change(f"removed {ref}"):
        book.remove(book.removal(book.get(ref)))


def merge(book: Book, into: str, other: str, **values: Any) -> None:
    with book.change(f"merged {other} into {into}"):
        one, two = book.get(into), book.get(other)
        book.merge(one, two, replace(one, **values))


def drop(book: Book, ref: str) -> None:
    record = book.get(ref)
    with book.change(f"dropped {ref}"):
        book.table(type(record)).drop(record)


ACTS: dict[str, Callable[[Book], object]] = {
    "adding": lambda book: add(book, Promise(text="cv", made=DAY, contact=Ref("c2"))),
    "editing": lambda book: save(book, book.contacts.get("c1"), name="Ana Silva", note="met twice"),
    "removing a person": lambda book: remove(book, "c1"),
    "removing a company": lambda book: remove(book, "co1"),
    "merging people": lambda book: merge(book, "c1", "c2", note="one person"),
    "merging people the other way": lambda book: merge(book, "c2", "c1"),
    "merging companies": lambda book: merge(book, "co2", "co1", aliases=("Acme",)),
    "a plugin's record": lambda book: save(book, book.table(Follow).get("fo1"), state="accepted"),
}


class TestThereAndBack:
    @pytest.mark.parametrize("plugin", [True, False], ids=["plugin", "plugin away"])
    @pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
    def test_undo_and_redo_are_exact(
        self, book: Book, open_book: OpenBook, act: Callable[[Book], object], plugin: bool
    ):
        before = everything(open_book)
        act(book)
        after = everything(open_book)
        assert after != before

        for _ in range(2):
            undo(open_book, plugin=plugin)
            assert everything(open_book) == before
            redo(open_book)
            assert everything(open_book) == after

    def test_undo_steps_back_and_redo_forward(self, book: Book, open_book: OpenBook):
        states = [everything(open_book)]
        for act in ("adding", "editing", "merging people", "removing a person"):
            ACTS[act](open_book())
            states.append(everything(open_book))

        for state in states[-2::-1]:
            undo(open_book)
            assert everything(open_book) == state
        undo(open_book)
        with pytest.raises(CrmError, match="nothing to take back"):
            undo(open_book)
        redo(open_book)
        for state in states[1:]:
            redo(open_book)
            assert everything(open_book) == state
        with pytest.raises(CrmError, match="nothing to do again"):
            redo(open_book)

    def test_several_are_taken_back_in_one_change(self, book: Book, open_book: OpenBook):
        before = everything(open_book)
        for act in ("editing", "merging people", "removing a company"):
            ACTS[act](open_book())
        after = everything(open_book)

        change = undo(open_book, last=3)

        assert everything(open_book) == before
        assert (change.id, change.undoes, change.title) == ("h5", ("h4", "h3", "h2"), "took back 3 changes: h4, h3, h2")
        change = redo(open_book)
        assert everything(open_book) == after
        assert (change.redoes, change.title) == (("h4", "h3", "h2"), "did 3 changes again: h4, h3, h2")

    def test_a_change_in_the_middle_is_taken_back_by_its_id(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        save(book, book.contacts.get("c2"), note="second")

        change = undo(open_book, "h2")

        assert [contact.note for contact in open_book().contacts] == ["", "second"]
        assert (change.undoes, change.title) == (("h2",), "took back h2: edited")

    def test_undo_goes_past_what_was_taken_back_by_its_id(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        save(book, book.contacts.get("c2"), note="second")
        undo(open_book, "h2")

        assert undo(open_book).undoes == ("h3",)
        assert undo(open_book).undoes == ("h1",)
        assert [redo(open_book).redoes for _ in range(3)] == [("h1",), ("h3",), ("h2",)]

    def test_an_undo_is_taken_back_by_its_id_and_so_is_a_redo(self, book: Book, open_book: OpenBook):
        before = everything(open_book)
        save(book, book.contacts.get("c1"), note="first")
        after = everything(open_book)
        undo(open_book)

        again = undo(open_book, "h3")
        assert (everything(open_book), again.redoes, again.undoes) == (after, ("h2",), ())
        back = undo(open_book, again.id)
        assert (everything(open_book), back.undoes, back.title) == (before, ("h2",), "took back h2: edited")
        redo(open_book)
        assert everything(open_book) == after

    def test_one_of_several_that_were_done_again_can_be_taken_back_alone(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        save(book, book.contacts.get("c2"), note="second")
        undo(open_book, last=2)
        redo(open_book)

        undo(open_book, "h2")

        assert [contact.note for contact in open_book().contacts] == ["", "second"]
        with pytest.raises(InputError, match="h5 does not hold any more since h6"):
            undo(open_book, "h5")

    def test_a_change_that_came_to_nothing_together_is_remembered_as_taken_back(self, book: Book, open_book: OpenBook):
        first = save(book, book.contacts.get("c1"), note="there")
        save(book, first, note="")
        before = everything(open_book)

        change = undo(open_book, last=2)

        assert everything(open_book) == before
        assert change.images == ()
        assert ids(past_of(open_book).undoable()) == ["h1"]

    def test_ids_are_not_given_again(self, book: Book, open_book: OpenBook):
        first = add(book, Contact(name="Cara"))
        undo(open_book)

        assert (first.id, add(open_book(), Contact(name="Dora")).id) == ("c3", "c4")
        undo(open_book)
        redo(open_book)
        assert ids(open_book().contacts) == ["c1", "c2", "c4"]

    def test_a_record_that_is_back_has_its_old_place(self, book: Book, open_book: OpenBook):
        for network in ("github", "mastodon"):
            add(book, Follow(contact=Ref("c1"), network=network))
        drop(book, "fo1")

        undo(open_book)

        assert ids(open_book().table(Follow)) == ["fo1", "fo2", "fo3"]

    def test_the_history_says_who_did_it_and_how(self, book: Book, open_book: OpenBook):
        add(book, Promise(text="cv", made=DAY))

        change = undo(open_book)

        assert (change.title, change.command, change.at) == ("took back h2: added a Promise", "crm undo", NOW)
        assert redo(open_book).title == "did h2 again: added a Promise"


class TestMerges:
    def test_an_old_id_leads_to_its_own_record_again(self, book: Book, open_book: OpenBook):
        merge(book, "c1", "c2")
        assert open_book().contacts.get("c2").id == "c1"

        undo(open_book)

        assert open_book().contacts.get("c2").name == "Ben"
        assert dict(store_of(open_book).redirects) == {}
        redo(open_book)
        assert open_book().contacts.get("c2").id == "c1"

    def test_a_chain_is_shortened_from_its_end(self, book: Book, open_book: OpenBook):
        add(book, Contact(name="Cara"))
        merge(book, "c2", "c1")
        merge(open_book(), "c3", "c2")
        assert open_book().contacts.get("c1").name == "Cara"

        undo(open_book)

        assert open_book().contacts.get("c1").name == open_book().contacts.get("c2").name == "Ben"
        undo(open_book)
        assert open_book().contacts.get("c1").name == "Ana"

    def test_the_first_of_a_chain_waits_for_the_second(self, book: Book, open_book: OpenBook):
        add(book, Contact(name="Cara"))
        merge(book, "c2", "c1")
        merge(open_book(), "c3", "c2")

        refused(open_book, "h3", because="contact c2 Ben was merged into c3 by h4", first="h4", last=2)

    def test_what_was_added_since_stays_with_the_one_that_they_were(self, book: Book, open_book: OpenBook):
        merge(book, "c1", "c2")
        add(open_book(), Promise(text="cv", made=DAY, contact=Ref("c1")))

        undo(open_book, "h2")

        assert [promise.contact for promise in open_book().promises] == ["c1", "c1"]
        assert ids(open_book().contacts) == ["c1", "c2"]

    def test_doubles_that_a_merge_dropped_are_back(self, book: Book, open_book: OpenBook):
        add(book, Follow(contact=Ref("c2"), network="x", state="accepted"))
        merge(book, "c1", "c2")
        assert ids(open_book().table(Follow)) == ["fo2"]

        undo(open_book)

        assert [(f.id, f.contact) for f in open_book().table(Follow)] == [("fo1", "c1"), ("fo2", "c2")]

    def test_somebody_who_was_merged_into_a_newcomer_keeps_them_from_going(self, book: Book, open_book: OpenBook):
        add(book, Contact(name="Cara"))
        merge(book, "c3", "c2")

        refused(open_book, "h2", because="c2 was merged into contact c3 Cara by h3", first="h3", last=2)

    def test_that_holds_where_the_newcomer_was_not_changed(self, book: Book, open_book: OpenBook):
        add(book, BusinessCard(contact=Ref("c1")))
        with store_of(open_book).begin("merged bc9 into bc2", "", NOW) as transaction:
            transaction.redirect("bc9", "bc2")

        refused(open_book, "h2", because="bc9 was merged into business card bc2 by h3", first="h3", last=2)

    def test_one_who_was_merged_and_then_removed_is_removed_again(self, book: Book, open_book: OpenBook):
        merge(book, "c1", "c2")
        remove(open_book(), "c1")
        after = everything(open_book)
        undo(open_book)
        undo(open_book)
        redo(open_book)

        redo(open_book)

        assert everything(open_book) == after


class TestPluginAway:
    def test_records_of_a_table_that_nobody_declares_are_taken_back_too(self, book: Book, open_book: OpenBook):
        before = everything(open_book)
        remove(book, "c1")

        undo(open_book, plugin=False)

        assert everything(open_book) == before
        assert open_book().table(Follow).get("fo1").state == "asked"

    def test_they_keep_a_newcomer_from_going(self, book: Book, open_book: OpenBook):
        add(book, Contact(name="Cara"))
        add(book, Follow(contact=Ref("c3"), network="x"))

        refused(
            open_book, "h2", because="crm_social.follows 2 x refers to contact c3 Cara since h3", first="h3", last=2,
            plugin=False,
        )  # fmt: skip

    def test_a_merge_while_it_was_away_is_taken_back(self, book: Book, open_book: OpenBook):
        before = everything(open_book)
        away = open_book(plugin=False)
        merge(away, "c2", "c1")
        assert open_book().table(Follow).get("fo1").contact == "c2"

        undo(open_book)

        assert everything(open_book) == before
        assert open_book().table(Follow).get("fo1").contact == "c1"
        redo(open_book)
        assert open_book().table(Follow).get("fo1").contact == "c2"

    def test_not_once_it_wrote_one_of_its_records_for_the_other(self, book: Book, open_book: OpenBook):
        away = open_book(plugin=False)
        merge(away, "c2", "c1")
        back = open_book()
        save(back, back.table(Follow).get("fo1"), state="accepted")

        refused(
            open_book, "h2", because="follow fo1 x was taken for one of c2, not c1, by h3", first="h3", last=2,
            plugin=True,
        )  # fmt: skip
        before = everything(open_book)
        undo(open_book, last=2)
        redo(open_book)
        assert everything(open_book) == before


def refused(
    open_book: OpenBook, id_: str, *, because: str, first: str = "", last: int = 0, plugin: bool = True
) -> None:
    """That change can't be taken back for that reason; the hint says what to do first, and doing so helps."""
    before, changes = everything(open_book), change_ids(open_book)
    with pytest.raises(Conflict) as caught:
        undo(open_book, id_, plugin=plugin)

    assert caught.value.exit_code == 1
    assert caught.value.message.startswith(f"{id_} can't be taken back: ")
    assert because in caught.value.message
    assert f"{first} (today 12:00: " in caught.value.message
    assert f"`crm undo {first}` takes that back first" in caught.value.hint
    assert f"`crm undo --last {last}` takes back everything since {id_}" in caught.value.hint
    assert (everything(open_book), change_ids(open_book)) == (before, changes)
    undo(open_book, last=last, plugin=plugin)
    redo(open_book)
    assert everything(open_book) == before
    undo(open_book, first, plugin=plugin)


class TestConflicts:
    def test_a_record_that_was_changed_since(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        save(book, book.contacts.get("c1"), note="second")

        refused(open_book, "h2", because="contact c1 Ana was changed by h3", first="h3", last=2)
        undo(open_book, "h2")

    def test_a_record_that_was_removed_since(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        remove(open_book(), "c1")

        refused(open_book, "h2", because="contact c1 Ana was removed by h3", first="h3", last=2)

    def test_the_newest_of_several_later_changes_is_named(self, book: Book, open_book: OpenBook):
        for note in ("first", "second", "third"):
            save(book, book.contacts.get("c1"), note=note)

        refused(open_book, "h2", because="was changed by h4", first="h4", last=3)
        refused(open_book, "h2", because="was changed by h3", first="h3", last=2)

    def test_a_newcomer_that_a_record_refers_to(self, book: Book, open_book: OpenBook):
        add(book, Contact(name="Cara"))
        add(book, Promise(text="references", made=DAY, contact=Ref("c3")))

        refused(open_book, "h2", because="promise p2 references refers to contact c3 Cara since h3", first="h3", last=2)

    def test_a_reference_to_what_was_removed_since(self, book: Book, open_book: OpenBook):
        drop(book, "n1")
        remove(open_book(), "i1")

        refused(open_book, "h2", because="note n1 likes tests refers to i1, which was removed by", first="h3", last=2)

    def test_a_reference_to_what_was_merged_since(self, book: Book, open_book: OpenBook):
        drop(book, "n1")
        merge(book, "c2", "c1")

        refused(open_book, "h2", because="n1 likes tests refers to c1, which was merged into c2 by", first="h3", last=2)

    def test_a_plugins_record_may_refer_to_what_was_merged_since(self, book: Book, open_book: OpenBook):
        drop(book, "fo1")
        merge(book, "c2", "c1")

        undo(open_book, "h2")

        assert open_book().table(Follow).get("fo1").contact == "c2"

    def test_a_reference_that_led_nowhere_before_may_again(self, book: Book, open_book: OpenBook):
        store = store_of(open_book)
        with store.begin("by hand", "", NOW) as transaction:
            transaction.put("notes", "7", b'{"interview":"i9","text":"torn"}')
        with store.begin("tidied", "", NOW) as transaction:
            transaction.delete("notes", "7")

        undo(open_book)

        assert open_book().notes.get("n7").text == "torn"

    def test_a_record_that_stands_in_its_place_now(self, book: Book, open_book: OpenBook):
        mark = add(book, Mark(step="p/k/i1", state="done", marked=AT))
        drop(book, mark.id)
        add(book, Mark(step="p/k/i1", state="skipped", marked=AT))

        refused(
            open_book, "h3", because="mark k2 p/k/i1 stands in the place of k1 since h4", first="h4", last=2
        )  # fmt: skip

    def test_a_plugins_record_that_a_merge_made_the_double_of_another(self, book: Book, open_book: OpenBook):
        drop(book, "fo1")
        add(book, Follow(contact=Ref("c2"), network="x"))
        merge(book, "c2", "c1")

        with pytest.raises(Conflict, match=r"follow fo2 x stands in the place of fo1 since h3"):
            undo(open_book, "h2")

    def test_doing_again_what_a_later_change_would_be_lost_by(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        undo(open_book)
        save(open_book(), open_book().contacts.get("c1"), note="other")
        before = everything(open_book)

        with pytest.raises(Conflict, match="h2 can't be done again: contact c1 Ana was changed by h4") as caught:
            redo(open_book)

        assert caught.value.hint == "`crm undo h4` takes that back first."
        assert everything(open_book) == before
        undo(open_book, "h4")
        assert redo(open_book).redoes == ("h4",)

    def test_a_book_that_was_mended_by_hand(self, book: Book, open_book: OpenBook):
        add(book, Promise(text="cv", made=DAY))
        add(book, Promise(text="letter", made=DAY))
        with store_of(open_book).begin("by hand", "", NOW) as transaction:
            transaction.put("promises", "2", b'{"text":"by hand","made":"2026-11-20"}')
        rewrite_history(open_book, lambda changes: changes[:-1])

        with pytest.raises(Conflict, match=r"promise p2 by hand was changed$") as caught:
            undo(open_book, "h2")
        assert "No change that is remembered did that" in caught.value.hint

    def test_another_command_was_quicker(self, book: Book, open_book: OpenBook):
        add(book, Promise(text="cv", made=DAY))
        store = store_of(open_book)
        assert store.history()
        add(open_book(), Promise(text="letter", made=DAY))
        before = everything(open_book)

        with pytest.raises(Conflict, match="changed by another command meanwhile"):
            reverse(store, [FOLLOWS], newest_changes, command="", now=NOW)
        assert everything(open_book) == before

    def test_another_commands_change_of_something_else_is_no_hindrance(self, book: Book, open_book: OpenBook):
        add(book, Promise(text="cv", made=DAY))
        store = store_of(open_book)
        assert store.history()
        save(open_book(), open_book().contacts.get("c1"), note="theirs")

        change = reverse(store, [], lambda past: [past.find("h2")], command="", now=NOW)

        assert (change.undoes, ids(open_book().promises)) == (("h2",), ["p1"])
        assert open_book().contacts.get("c1").note == "theirs"


class TestImpossible:
    def test_somebody_was_forgotten(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        save(book, book.contacts.get("c2"), note="second")
        amend(open_book, "h3", forgotten=True, images=())
        before = everything(open_book)

        with pytest.raises(
            CrmError, match="h3 can't be taken back: somebody who was in it has been forgotten"
        ) as caught:
            undo(open_book)

        assert (caught.value.exit_code, caught.value.hint) == (1, "The one before it: crm undo h2")
        assert everything(open_book) == before
        undo(open_book, "h2")

    def test_a_change_that_is_in_the_way_and_can_not_be_taken_back_itself(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        save(book, book.contacts.get("c1"), note="second")
        amend(open_book, "h3", migrated=("crm_social",))

        with pytest.raises(Conflict, match="was changed by h3") as caught:
            undo(open_book, "h2")

        assert caught.value.hint == "h3 can't be taken back itself, and so this can't either."

    @pytest.mark.parametrize("owner", ["core", "crm_social"])
    def test_nothing_of_an_owner_is_taken_back_across_its_migration(self, book: Book, open_book: OpenBook, owner: str):
        save(book, book.contacts.get("c1"), note="first")
        save(book, book.table(Follow).get("fo1"), state="accepted")
        add(book, Promise(text="cv", made=DAY))
        amend(open_book, "h4", migrated=(owner,), backup="b17")
        before = everything(open_book)
        theirs, others = ("h2", "h3") if owner == "core" else ("h3", "h2")

        for id_ in (theirs, "h4"):
            with pytest.raises(
                CrmError, match=f"{id_} can't be taken back: h4 brought the records of {owner}"
            ) as caught:
                undo(open_book, id_)
            assert caught.value.hint == "A backup has the book as it was before that: crm restore b17"
        assert everything(open_book) == before
        undo(open_book, others)

    def test_a_mark_is_also_of_the_plugin_whose_step_it_is_about(self, book: Book, open_book: OpenBook):
        for step in ("crm_social/ask/c1", "crm_quota/apply"):
            drop(book, add(book, Mark(step=step, state="done", marked=AT)).id)
        add(book, Promise(text="cv", made=DAY))
        amend(open_book, "h6", migrated=("crm_social",))

        with pytest.raises(CrmError, match="h3 can't be taken back: h6 brought the records of crm_social"):
            undo(open_book, "h3")
        undo(open_book, "h5")
        assert [mark.step for mark in open_book().marks] == ["crm_quota/apply"]

    def test_records_that_are_still_of_an_older_version_are_read_as_those_of_an_absent_plugin(
        self, book: Book, open_book: OpenBook
    ):
        add(book, Contact(name="Cara"))
        add(book, Follow(contact=Ref("c3"), network="x"))
        newer = replace(FOLLOWS, migrations=(Migration(to=2, name="follows are of people only"),))
        with store_of(open_book).begin("by an older version", "", NOW) as transaction:
            transaction.put("crm_social.follows", "9", b'{"person":"c3","network":"x"}')
        assert Past(store_of(open_book), [newer]).kinds.references(
            ("crm_social.follows", "9"), store_of(open_book).documents("crm_social.follows")["9"]
        ) == {"c3"}

        with pytest.raises(Conflict, match="follow fo"):
            reverse(store_of(open_book), [newer], lambda past: [past.find("h2")], command="", now=NOW)

    def test_what_the_history_has_lost_is_said(self, book: Book, open_book: OpenBook):
        for note in ("first", "second", "third"):
            save(book, book.contacts.get("c1"), note=note)
        rewrite_history(open_book, lambda changes: changes[2:])

        with pytest.raises(UnknownName, match="The change h2 is not remembered any more") as caught:
            undo(open_book, "h2")
        assert "begins with h3" in caught.value.hint
        with pytest.raises(CrmError, match="Only 2 changes can be taken back, not 3"):
            undo(open_book, last=3)
        undo(open_book, last=2)
        assert open_book().contacts.get("c1").note == "first"

    def test_an_undo_whose_change_is_not_remembered_can_still_be_taken_back(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        undo(open_book)
        rewrite_history(open_book, lambda changes: changes[-1:])

        change = redo(open_book)

        assert (change.redoes, change.title) == (("h2",), "did h2 again")
        assert open_book().contacts.get("c1").note == "first"
        assert undo(open_book, change.id).title == "took back h2"

    @pytest.mark.parametrize("id_", ["h99", "x1", "h0", "h01", "", "h1; rm", "h9999999999999999999999"])
    def test_a_change_that_there_is_none_of(self, book: Book, open_book: OpenBook, id_: str):
        with pytest.raises(UnknownName, match="There is no change"):
            past_of(open_book).find(id_)

    def test_a_number_is_no_change(self, book: Book, open_book: OpenBook):
        with pytest.raises(UnknownName) as caught:
            undo(open_book, "3")
        assert caught.value.hint == "Is it `crm undo h3`, or `crm undo --last 3`?"

    def test_what_was_taken_back_already(self, book: Book, open_book: OpenBook):
        save(book, book.contacts.get("c1"), note="first")
        undo(open_book)

        with pytest.raises(InputError, match="h2 was taken back already, by h3") as caught:
            undo(open_book, "h2")
        assert caught.value.hint == "`crm undo h3` does it again."
