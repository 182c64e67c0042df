"""Text is found in every field that holds any, whatever its case, accents and writing; and nothing is missed."""

import string
from datetime import date
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.book import Book
from crm_core.dates import moment_of
from crm_core.records import (
    CORE_KINDS,
    Application,
    BusinessCard,
    Company,
    Contact,
    FeedItem,
    Interaction,
    Interview,
    Letter,
    Note,
    Position,
    Profile,
    Promise,
    Question,
    Ref,
    Version,
)
from crm_core.search import EXCERPT, TEXTS, Hit, core_hits, excerpt, findings, mentions
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf

DAY = date(2026, 11, 20)
# What no search looks through: references, words of ours, what only programs read, and what another field shows.
LEFT_OUT = {
    Contact: {"given", "family", "uid", "kept", "labels", "photo"},
    BusinessCard: {"image"},
    Interaction: {"channel", "direction"},
    Interview: {"outcome"},
    Note: {"kind"},
    Letter: {"kind", "family", "channel", "versions"},
    FeedItem: {"feed", "key", "state"},
}


@pytest.fixture
def book() -> Book:
    """An empty book."""
    return book_in(MemoryStore(Shelf()))


def add(book: Book, record):
    with book.change("added"):
        return book.table(type(record)).add(record)


def found(book: Book, sought: str) -> list[tuple[str, str]]:
    return [(str(hit.record), hit.where) for hit in core_hits(book, sought)]


@pytest.mark.parametrize("kind", [kind.type for kind in CORE_KINDS if kind.label != "mark"])
def test_every_field_that_may_hold_text_is_looked_through_or_left_out_on_purpose(kind):
    may_hold_text = {
        name
        for name, hint in get_type_hints(kind).items()
        if name in kind.__struct_fields__ and "str" in repr(hint).replace("Ref", "") and "Literal" not in repr(hint)
    }
    looked_through = set(TEXTS[kind])

    assert may_hold_text - looked_through - LEFT_OUT.get(kind, set()) == set()
    assert looked_through & LEFT_OUT.get(kind, set()) == set()


def test_every_kind_is_looked_through():
    assert set(TEXTS) == {kind.type for kind in CORE_KINDS}


@pytest.fixture
def crowd(book: Book) -> Book:
    """One record a kind, each with a word of its own."""
    company = add(book, Company(name="Zebra Works", aliases=("Stripes",), note="quagga"))
    person = add(
        book,
        Contact(
            name="Inês Þorsdóttir",
            nickname="Nes",
            positions=(Position(organisation="Tapir Ltd", title="Keeper"),),
            emails=("ines@tapir.example",),
            profiles=(Profile(network="mastodon", handle="@okapi"),),
            knows=(Ref("c1"),),
            note='Said "bongo" and \\dik-dik\\.\nThen: kudu',
            kept=("PHOTO;ENCODING=b:gnugnugnu",),
        ),
    )
    application = add(book, Application(company=company.id, role="Gazelle Analyst", posting="must like oryx"))
    interview = add(book, Interview(application=application.id, at=moment_of(NOW), note="impala in the lobby"))
    add(book, BusinessCard(contact=person.id, organisation="Eland & Sons"))
    add(book, Interaction(contact=person.id, on=DAY, about="asked about the nyala"))
    add(book, Note(interview=interview.id, text="The bushbuck fails over", topic="sitatunga"))
    add(book, Promise(text="send the steenbok", contact=person.id, made=DAY))
    add(book, Question(application=application.id, text="Who feeds the duiker?", answer="the springbok"))
    versions = (Version(written=moment_of(NOW), body="old lechwe"), Version(written=moment_of(NOW), body="new puku"))
    add(book, Letter(contact=person.id, kind="thank-you", versions=versions))
    add(book, FeedItem(company=company.id, feed="f", key="k", title="Topi opens an office", summary="hartebeest"))
    return book


@pytest.mark.parametrize(
    ("sought", "hits"),
    [
        ("stripes", [("co1", "alias"), ("a1", "company")]),
        ("zebra", [("co1", "name"), ("a1", "company")]),
        ("quagga", [("co1", "note")]),
        ("ines thorsdottir", [("c1", "name")]),
        ("THORSDÓTTIR  inês", [("c1", "name")]),
        ("tapir", [("c1", "position")]),
        ("keeper", [("c1", "position")]),
        ("ines@tapir", [("c1", "e-mail")]),
        ("okapi", [("c1", "profile")]),
        ('"bongo"', [("c1", "note")]),
        ("\\dik-dik\\", [("c1", "note")]),
        ("kudu then", [("c1", "note")]),
        ("gnugnu", []),
        ("c1", []),
        ("gazelle", [("a1", "role")]),
        ("oryx", [("a1", "posting")]),
        ("impala", [("i1", "note")]),
        ("eland", [("bc1", "organisation")]),
        ("nyala", [("x1", "about")]),
        ("bushbuck", [("n1", "text")]),
        ("sitatunga", [("n1", "topic")]),
        ("bushbuck sitatunga", []),
        ("steenbok", [("p1", "text")]),
        ("duiker", [("q1", "text")]),
        ("springbok", [("q1", "answer")]),
        ("puku", [("l1", "body")]),
        ("lechwe", []),
        ("topi", [("f1", "title")]),
        ("hartebeest", [("f1", "summary")]),
        ("ops an office", []),
        ("pens office", [("f1", "title")]),
        ("unicorn", []),
        ("note", []),
    ],
)
def test_each_word_is_found_where_it_stands(crowd: Book, sought: str, hits: list[tuple[str, str]]):
    assert found(crowd, sought) == hits


@pytest.mark.parametrize(
    ("text", "sought", "answer"),
    [
        ("The Docking service", "dock", True),
        ("undocking", "DOCK", True),
        ("Zoë Müller", "zoe muller", True),
        ("Zoe Muller", "Zoë Müller", True),
        ("\ufb01le \uff21\uff22\uff23", "file abc", True),
        ("a b", "b a", True),
        ("a b", "ab", False),
        ("路线规划", "规划", True),
        ("", "x", False),
        ("x", "", True),
    ],
)
def test_case_accents_width_and_order_do_not_matter(text: str, sought: str, answer: bool):
    assert mentions(text, sought) is answer


ODD = (
    'a"b',
    "a\\b",
    "\\u0041",
    "ÄÖÜ",
    "\u017f",
    "İstanbul",
    "\x00\x1f",
    "\ufb00",
    "straße",
    "\u2028x",
    "\uff02q\uff02",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(ODD)


@given(TEXT, TEXT)
def test_what_a_text_mentions_is_found_in_the_book(text: str, sought: str):
    """The look at the stored bytes holds nothing back."""
    book = book_in(MemoryStore(Shelf()))
    add(book, Company(name="x", note=text))

    assert bool(found(book, sought)) == (mentions("x", sought) or (text != "" and mentions(text, sought)))


@pytest.mark.parametrize("sought", ["müller", "muller", "Ü"])
def test_characters_that_are_stored_as_numbers_are_found(book: Book, sought: str):
    with book.change("by another program"):
        transaction = book._session.transaction
        transaction.draw("c")
        transaction.put("contacts", "1", b'{"name":"Zo\\u00eb M\\u00fcller"}')

    assert found(book, sought) == [("c1", "name")]


def test_only_what_may_mention_it_is_decoded(book: Book, monkeypatch: pytest.MonkeyPatch):
    with book.change("many"):
        for number in range(200):
            book.contacts.add(Contact(name=f"Person {number:03}", note="Zoë" if number % 2 else ""))
    book.contacts.forget()
    decoded: list[str] = []
    decode = type(book.contacts)._decode
    monkeypatch.setattr(
        type(book.contacts), "_decode", lambda table, key, raw: decoded.append(key) or decode(table, key, raw)
    )

    assert found(book, "person 117") == [("c118", "name")]
    assert decoded == ["118"]


@pytest.mark.parametrize(
    ("text", "sought", "shown"),
    [
        ("short", "short", "short"),
        ("one two three four five six", "six", "… two three four five six"),
        ("a\nb\t c", "b", "a b c"),
        ("x" * 300, "x", "x" * EXCERPT),
        ("a " + "b" * 300, "b", "a …"),
        ("nothing of it", "else", "nothing of it"),
        ("", "x", ""),
    ],
)
def test_an_excerpt_is_around_the_first_word(text: str, sought: str, shown: str):
    assert excerpt(text, sought) == shown


@given(st.text(st.sampled_from("ab \n" + string.punctuation), max_size=400), st.sampled_from(["a", "b", "ab", ""]))
def test_an_excerpt_is_one_short_line_of_the_text(text: str, sought: str):
    shown = excerpt(text, sought)

    assert "\n" not in shown
    assert len(shown) <= 2 * EXCERPT + 4
    assert shown.strip("… ") in " ".join(text.split())


def test_a_record_is_shown_once_and_kinds_are_in_their_order(crowd: Book):
    def hit(record: str, where: str) -> Hit:
        return Hit(record=Ref(record), label="L", where=where, text="some text")

    shown = findings(crowd, [hit("l1", "a"), hit("c1", "b"), hit("l1", "c"), hit("co1", "d")], "some")

    assert [(one.id, one.kind, one.plural, one.where) for one in shown] == [
        ("co1", "company", "companies", "d"), ("c1", "contact", "contacts", "b"), ("l1", "letter", "letters", "a"),
    ]  # fmt: skip


LABELS = {
    "quagga": "Zebra Works",
    "okapi": "Inês Þorsdóttir (Tapir Ltd)",
    "oryx": "Gazelle Analyst at Zebra Works",
    "impala": "Gazelle Analyst at Zebra Works, today 12:00",
    "eland": "Inês Þorsdóttir",
    "nyala": "Inês Þorsdóttir, Fri 20 Nov",
    "bushbuck": "Gazelle Analyst at Zebra Works, today 12:00",
    "steenbok": "Inês Þorsdóttir",
    "duiker": "Gazelle Analyst at Zebra Works",
    "puku": "thank-you to Inês Þorsdóttir",
    "topi": "Zebra Works",
}


@pytest.mark.parametrize("sought", LABELS)
def test_a_label_says_what_it_is(crowd: Book, sought: str):
    assert [hit.label for hit in core_hits(crowd, sought)] == [LABELS[sought]]


def test_what_it_belonged_to_may_be_gone(book: Book):
    add(book, Promise(text="send the steenbok", made=DAY))
    add(book, Note(interview=Ref("i9"), text="steenbok"))
    add(book, Question(application=Ref("a9"), text="steenbok"))
    add(book, FeedItem(company=Ref("co9"), feed="f", key="k", title="steenbok"))

    assert [hit.label for hit in core_hits(book, "steenbok")] == ["", "", "", ""]
