"""A contact written as a card and read again is the same contact, whatever is in it, in both versions."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from crm_core import Candidate, Contact, Label, Position, Profile
from crm_vcard.exact import NOT_EXACT
from crm_vcard.kept import ORDER
from crm_vcard.profiles import PROFILE_NAMES, UNSAFE
from crm_vcard.reader import read_cards
from crm_vcard.writer import VERSIONS, Sheet, card_of

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "vcard" / "vcf"

anything = st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n")
odd_texts = st.sampled_from((
    "", " ", "a  b", " a", "a\n", "\n", "a\\nb", "\\", ";", ",", "a;b,c\\", "a:b", '"', "e\u0301", "\u202ea",
    "\u2028", "{}", "Zoë 🚀", "mailto:a", "tel:1", "?", "myContacts", "https://x.com/zoe", "xmpp:zoe@s.example",
    "--05-04", "1990-05-04", "19900504", "1990-05-04T10:00", "home", "work, fax", "Only, on Sundays",
))  # fmt: skip
long_texts = st.just("x").map(lambda letter: letter * 2_100)
texts = odd_texts | long_texts | st.text(anything, max_size=20)
handles = texts.filter(lambda text: not UNSAFE.match(text))
days = st.none() | st.dates()


def some(strategy, most=3):
    return st.lists(strategy, max_size=most).map(tuple)


positions = st.builds(
    Position, organisation=texts, title=texts, since=days, until=days, former=st.booleans(), company=st.none()
)
profiles = st.builds(
    Profile, network=st.sampled_from(["web", "linkedin", "x", "mastodon", "matrix"]) | texts, handle=texts, url=handles
)
kept_lines = texts | st.sampled_from((
    "X-A:1", "x-a;B=c:2", "item1.X-B:3", "item1.X-ABLabel:Of three", "END:VCARD", "BEGIN:VCARD", "VERSION:2.1",
    "KIND:org", "UID:other", "X-CRM-HOW:other", "PHOTO;VALUE=uri:https://pictures.example/1.jpg",
    "RELATED;TYPE=friend:urn:x",
))  # fmt: skip


def of_a_field(line: str) -> bool:
    """Whether it is such a line as is dropped when it says something else than its field."""
    name = re.split("[;:]", line)[0].rpartition(".")[2].strip().upper().replace("_", "-")
    return name in {*ORDER, *PROFILE_NAMES}


STRATEGIES = {
    "name": texts,
    "given": texts,
    "family": texts,
    "nickname": texts,
    "positions": some(positions),
    "emails": some(texts),
    "phones": some(texts),
    "profiles": some(profiles),
    "address": texts,
    "birthday": texts,
    "how": texts,
    "tags": some(texts),
    "note": texts,
    "uid": texts,
    "kept": some(kept_lines.filter(lambda line: not of_a_field(line))),
    "labels": some(st.builds(Label, of=texts, label=texts)),
}
uids = st.text("abc-:.1", min_size=1, max_size=8)
sheets = st.builds(
    Sheet,
    st.builds(Contact, **STRATEGIES),
    uid=texts.filter(bool),
    photo=st.sampled_from([b"", b"\xff\xd8\xff picture", b"RIFF1234WEBP", b"anything"]) | st.binary(max_size=80),
    introduced_by=st.just("") | uids,
    knows=st.lists(uids, max_size=3, unique=True).map(tuple),
)


def read_again(sheet: Sheet, version: str) -> Candidate:
    data = card_of(sheet, version)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    data.decode()
    (found,) = read_cards(io.BytesIO(data))
    assert isinstance(found, Candidate)
    assert (found.repaired, found.left_out) == ((), ())
    return found


def test_every_field_is_written_and_read():
    """A new field of a contact needs a strategy here, and a way out and in."""
    assert set(STRATEGIES) == {field.name for field in fields(Contact)} - NOT_EXACT


@pytest.mark.parametrize("version", VERSIONS)
@settings(max_examples=400)
@given(sheet=sheets)
def test_whatever_is_in_a_contact_comes_back(version: str, sheet: Sheet):
    found = read_again(sheet, version)

    assert found.contact == replace(sheet.contact, uid=sheet.uid)
    assert (found.photo, found.introduced_by, found.knows) == (sheet.photo, sheet.introduced_by, sheet.knows)
