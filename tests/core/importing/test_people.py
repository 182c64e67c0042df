"""What becomes of an entry: whose it is, what they become by it, and what is said of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from crm_core.importing import Problem
from crm_core.records import Label, Position
from crm_core.store.attachments import attachment_name
from tests.core.importing.making import actions, card, imported, open_shelf, people

MAIL = ("ana@acme.example",)
LONG_UID = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
PHOTO = b"\xff\xd8\xff a photo"


def test_what_could_not_be_read_is_refused_with_its_line(shelf):
    rows = imported(shelf, Problem(line=7, reason="no name", text="TEL:1"), Problem(line=9, reason="a group"))
    assert [(row.action, row.file, row.line, row.reason) for row in rows] == [
        ("refused", "cards.vcf", 7, "no name: TEL:1"),
        ("refused", "cards.vcf", 9, "a group"),
    ]


def test_an_update_says_which_fields_it_changed(shelf):
    imported(shelf, card("Ana Silva", emails=MAIL))
    (row,) = imported(shelf, card("Ana Silva", emails=MAIL, phones=("112233",), address="Up"))
    assert (row.action, row.id, row.changed) == ("updated", "c1", ("phones", "address"))


def test_further_entries_of_one_person_in_one_import_are_merged_and_do_not_undo_the_first(shelf):
    first = card("Ana Silva", emails=MAIL, address="Up")
    second = card("Ana Silva", emails=MAIL, address="Down")
    rows = imported(shelf, first, second)
    (ana,) = people(shelf)
    assert actions(rows) == ["added", "updated"]
    assert (ana.address, ana.note) == ("Up", "Another address: Down")
    assert actions(imported(shelf, first, second)) == ["same", "same"]
    # In another import it is news.
    assert imported(shelf, second)[0].changed == ("address",)


def test_numbers_that_come_twice_come_in_once_with_all_that_they_are_for(shelf):
    labels = (Label(of="+44 7700 900101", label="cell"), Label(of="+447700900101", label="work"))
    imported(shelf, card("Ana", phones=("+44 7700 900101", "+447700900101"), labels=labels))
    (ana,) = people(shelf)
    assert (ana.phones, ana.labels) == (("+44 7700 900101",), (Label(of="+44 7700 900101", label="cell, work"),))


def test_a_uid_that_the_book_gave_out_finds_its_contact_and_is_not_written_into_it(shelf):
    imported(shelf, card("Ana Silva"))
    book = open_shelf(shelf)
    uid = book.uid(book.contacts.get("c1"))
    (row,) = imported(shelf, card("Zé Rocha", uid=uid))
    (ana,) = people(shelf)
    assert (row.action, row.id, ana.name, ana.uid, ana.kept) == ("updated", "c1", "Zé Rocha", "", ())


def test_a_uid_that_another_book_gave_out_is_a_uid_like_any_other(shelf):
    imported(shelf, card("Zé Rocha"), card("Ana Silva", uid="crm-0123456789abcdef-c1"))
    assert [(contact.name, contact.uid) for contact in people(shelf)] == [
        ("Zé Rocha", ""),
        ("Ana Silva", "crm-0123456789abcdef-c1"),
    ]


def test_the_uid_of_a_contact_that_was_merged_leads_to_the_one_it_is_in(shelf):
    imported(shelf, card("Ana Silva", uid="from the phone"), card("Anita"))
    book = open_shelf(shelf)
    ana, anita = book.contacts
    uid = book.uid(anita)
    with book.change("merged"):
        book.merge(ana, anita, ana)
    (row,) = imported(shelf, card("Ana Silva", uid=uid, address="Up"))
    (ana,) = people(shelf)
    assert (row.action, row.id, ana.uid, ana.kept) == ("updated", "c1", "from the phone", ())


def test_somebody_in_two_address_books_is_found_by_either_uid(shelf):
    phone = card("Ana Silva", emails=MAIL, uid="phone-1", address="Up")
    mail = card("Ana Silva", emails=MAIL, uid="mail-1", birthday="1990-05-04")
    imported(shelf, phone)
    imported(shelf, mail)
    assert [actions(imported(shelf, entry)) for entry in (phone, mail, phone)] == [["same"]] * 3
    married = card("Rita Costa", emails=MAIL, uid="mail-1")
    assert [(row.action, row.id) for row in imported(shelf, married)] == [("updated", "c1")]


def test_one_uid_for_two_names_in_one_file_is_two_people(shelf):
    entries = [card("Ana Silva", uid=LONG_UID), card("Rui Costa", uid=LONG_UID)]
    rows = imported(shelf, *entries)
    assert actions(rows) == ["added", "unsure"]
    assert rows[1].reason == "may be c1 Ana Silva: the same UID, but another name"
    assert [(contact.uid, contact.kept) for contact in people(shelf)] == [
        (LONG_UID, ()),
        ("", (f"X-CRM-UID:{LONG_UID}",)),
    ]
    assert actions(imported(shelf, *entries)) == ["same", "same"]
    # In a file of another day it is somebody who has changed their name.
    assert [(row.action, row.id) for row in imported(shelf, card("Ana Rocha", uid=LONG_UID))] == [("updated", "c1")]


def test_a_short_uid_of_another_program_is_no_proof(shelf):
    imported(shelf, card("Ana Silva", uid="contact1"))
    rows = imported(shelf, card("Rui Costa", uid="contact1"), file="others.vcf")
    assert actions(rows) == ["unsure"]
    assert len(people(shelf)) == 2


def test_the_same_email_alone_joins_nobody(shelf):
    rows = imported(shelf, card("Ana Silva", emails=MAIL), card("Rui Costa", emails=MAIL))
    assert actions(rows) == ["added", "added"]


def test_who_may_be_any_of_several_is_said(shelf):
    acme = (Position(organisation="Acme"),)
    imported(shelf, *(card("Ana Silva", positions=acme, address=text) for text in ("Up", "Down", "Left", "Right")))
    (row,) = imported(shelf, card("Ana Silva", positions=acme, address="Away"))
    assert row.action == "unsure"
    assert row.reason == (
        "may be c1 Ana Silva or c2 Ana Silva or c3 Ana Silva: the same name, the same organisation acme"
    )


def test_a_dry_run_gives_nobody_an_id_and_attaches_nothing(shelf):
    acme = (Position(organisation="Acme"),)
    entries = [
        card("Ana Silva", emails=MAIL, photo=PHOTO, positions=acme),
        card("Ana Silva", positions=acme, note="new", line=9),
    ]
    rows = imported(shelf, *entries, dry_run=True)
    assert [(row.action, row.id, row.reason) for row in rows] == [
        ("added", "", ""),
        ("unsure", "", "may be Ana Silva: the same name, the same organisation acme"),
    ]
    assert (shelf.tables, shelf.files) == ({}, {})
    again = imported(shelf, entries[0], replace(entries[0], photo=b""), dry_run=True)
    assert [(row.action, row.id) for row in again] == [("added", ""), ("same", "")]


class TestTwoWhoDiffer:
    """Father and son of one name and one telephone, whom the user said to be two."""

    FATHER = card("Jan Berg", phones=("+47 5550 1234",), address="Up")
    SON = card("Jan Berg", phones=("+47 5550 1234",), address="Down")

    @pytest.fixture
    def shelf(self, shelf):
        imported(shelf, self.FATHER)
        book = open_shelf(shelf)
        with book.change("the son"):
            son = book.contacts.add(replace(self.SON.contact, differs_from=("c1",)))
            book.contacts.save(replace(book.contacts.get("c1"), differs_from=(son.id,)))
        return shelf

    def test_each_is_found_by_what_is_known(self, shelf):
        rows = imported(shelf, self.FATHER, self.SON)
        assert [(row.action, row.id) for row in rows] == [("same", "c1"), ("same", "c2")]

    def test_a_card_that_may_be_of_either_is_taken_for_neither(self, shelf):
        (row,) = imported(shelf, replace(self.SON, contact=replace(self.SON.contact, address="Away")))
        assert (row.action, row.id) == ("unsure", "c3")
        assert row.reason.startswith("may be c1 Jan Berg or c2 Jan Berg")


class TestPhotos:
    def test_a_photo_is_kept_with_the_book_and_named_by_the_contact(self, shelf):
        imported(shelf, card("Ana Silva", emails=MAIL, photo=PHOTO))
        (ana,) = people(shelf)
        assert (ana.photo, shelf.files) == (attachment_name(PHOTO), {ana.photo: PHOTO})

    def test_a_card_without_one_leaves_it_and_another_one_takes_its_place(self, shelf):
        imported(shelf, card("Ana Silva", emails=MAIL, photo=PHOTO))
        assert actions(imported(shelf, card("Ana Silva", emails=MAIL))) == ["same"]
        (row,) = imported(shelf, card("Ana Silva", emails=MAIL, photo=b"GIF8"))
        assert row.changed == ("photo",)
        assert people(shelf)[0].photo == attachment_name(b"GIF8")
        assert len(shelf.files) == 2

    def test_a_second_one_in_the_same_import_is_not_lost(self, shelf):
        imported(shelf, card("Ana Silva", emails=MAIL, photo=PHOTO), card("Ana Silva", emails=MAIL, photo=b"GIF8"))
        (ana,) = people(shelf)
        assert ana.photo == attachment_name(PHOTO)
        assert ana.note == f'Another photo: "{attachment_name(b"GIF8")}"'
        assert open_shelf(shelf).snapshot().attachments == shelf.files
        assert shelf.files.keys() == {attachment_name(PHOTO), attachment_name(b"GIF8")}


class TestEntriesThatWereOurs:
    """A card that this program wrote comes back; the base is how it was then."""

    BASE = card("Ana Silva", phones=("112233",), address="Up", uid=LONG_UID)

    @pytest.fixture
    def shelf(self, shelf):
        imported(shelf, self.BASE)
        return shelf

    def back(self, **changes):
        return replace(self.BASE, contact=replace(self.BASE.contact, **changes), base=self.BASE)

    def edit(self, shelf, **changes):
        book = open_shelf(shelf)
        with book.change("edited"):
            book.contacts.save(replace(book.contacts.get("c1"), **changes))

    def test_what_went_there_goes_here(self, shelf):
        (row,) = imported(shelf, self.back(phones=()))
        assert (row.action, row.changed, people(shelf)[0].phones) == ("updated", ("phones",), ())

    def test_what_changed_here_stays_though_the_file_has_the_old_one(self, shelf):
        self.edit(shelf, address="Down", phones=())
        (row,) = imported(shelf, self.back())
        assert (row.action, people(shelf)[0].address, people(shelf)[0].phones) == ("same", "Down", ())

    def test_what_changed_on_both_sides_is_a_conflict_and_all_else_is_taken_over(self, shelf):
        self.edit(shelf, address="Down")
        (row,) = imported(shelf, self.back(address="Left", note="new"))
        (ana,) = people(shelf)
        assert (row.action, row.id, row.changed) == ("conflict", "c1", ("note",))
        assert [(clash.field, clash.book, clash.file) for clash in row.conflicts] == [("address", "Down", "Left")]
        assert (ana.address, ana.note) == ("Down", "new")

    def test_the_file_is_right_where_that_is_said(self, shelf):
        self.edit(shelf, address="Down")
        (row,) = imported(shelf, self.back(address="Left"), file_wins=True)
        assert (row.action, people(shelf)[0].address) == ("updated", "Left")

    def test_a_photo_goes_and_comes_likewise(self, shelf):
        before = replace(self.BASE, photo=PHOTO)
        imported(shelf, before)
        imported(shelf, replace(self.BASE, base=before))
        assert people(shelf)[0].photo == ""
        imported(shelf, replace(before, base=self.BASE))
        assert people(shelf)[0].photo == attachment_name(PHOTO)

    def test_who_was_removed_here_does_not_come_back(self, shelf):
        book = open_shelf(shelf)
        with book.change("removed"):
            book.remove(book.removal(book.contacts.get("c1")))
        (row,) = imported(shelf, self.back())
        assert (row.action, row.id, row.reason) == ("left", "", "removed from the book since the file was written")
        (row,) = imported(shelf, self.back(note="new", phones=()))
        assert row.action == "conflict"
        assert row.reason == "removed from the book, but changed in the file: phones, note"
        assert people(shelf) == []

    def test_by_facts_alone_an_entry_that_was_ours_is_nobody_elses(self, shelf):
        entry = self.back(uid="another", emails=MAIL)
        assert actions(imported(shelf, replace(entry, base=entry))) == ["left"]
        assert len(people(shelf)) == 1
