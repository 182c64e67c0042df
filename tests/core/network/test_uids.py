"""Further UIDs of a person are lines that go out and come in with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.network import merged, updated
from crm_core.network.uids import ALSO, KNOWS, kept_uids, uid_line, uids_of
from crm_core.records import Contact

uids = st.text(min_size=1).map(lambda text: " ".join(text.split())).filter(bool)


@given(uids)
def test_a_uid_is_read_as_it_was_kept(uid):
    line = uid_line(ALSO, uid)
    assert "\n" not in line
    assert kept_uids([line, uid_line(KNOWS, "x"), "X-A:1"], ALSO) == [uid]


def test_all_uids_count_in_whatever_form_they_are_written():
    assert uids_of(Contact(name="Ana")) == ()
    ana = Contact(name="Ana", uid=" URN:UUID:AB-1 ", kept=("X-CRM-UID:urn:uuid:ab-1", "X-CRM-UID:b\\;2", "X-CRM-UID:"))
    assert uids_of(ana) == ("ab-1", "b;2")


@pytest.mark.parametrize("become", [merged, updated])
def test_the_first_uid_stays_and_the_other_is_kept_once(become):
    phone, mail = Contact(id="c1", name="Ana", uid="phone-1"), Contact(name="Ana", uid="mail-1")
    once = become(phone, mail)
    assert (once.uid, once.kept) == ("phone-1", ("X-CRM-UID:mail-1",))
    assert become(once, mail) == once
    assert become(once, Contact(name="Ana", uid="phone-1")) == once
    assert become(Contact(id="c2", name="Ana"), mail).uid == "mail-1"


def test_a_uid_with_line_ends_is_known_again_by_the_line_that_keeps_it():
    table = Contact(name="Ana", uid="a\r\n b")
    once = updated(Contact(id="c1", name="Ana", uid="1"), table)
    assert once.kept == ("X-CRM-UID:a b",)
    assert updated(once, table) == once


def test_a_uid_that_is_known_to_be_another_ones_does_not_become_their_own():
    ana = Contact(id="c1", name="Ana", kept=("X-CRM-UID:17",))
    assert updated(ana, Contact(name="Ana", uid="17")) == ana
