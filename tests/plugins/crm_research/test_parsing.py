"""Feeds of every kind to plain news, and documents that are none; hostile ones in a process that can be ended."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_research.charsets import decoded
from crm_research.child import read_safely
from crm_research.fetching import Answer, FetchError
from crm_research.parsing import MOST_ARTICLES, Reading, read_feed, without_declarations
from crm_research.plain import plain, safe_link

from .conftest import rss

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "feeds"
MARKUP = ["<rss>", "<item>", "<title>", "</title>", "<![CDATA[", "]]>", "<!--", "&amp;", "&x;", "<!DOCTYPE a [",
          "<!ENTITY a 'b'>", "]>", "x", "<", ">", "\n", "<a b='"]  # fmt: skip
FEW = settings(max_examples=60, deadline=None)


def read(body, content_type="", url="https://acme.example/news/feed.xml"):
    whole = body.encode() if isinstance(body, str) else body
    return read_feed(Answer(url=url, body=whole, content_type=content_type))


def only(body, **more):
    (article,) = read(body, **more).articles
    return article


def item(inner):
    return f'<rss version="2.0"><channel><title>Acme</title><item>{inner}</item></channel></rss>'


def test_rss_is_read():
    found = read(rss("One", "Two"))
    assert (found.why_not, found.title) == ("", "Acme news")
    first = found.articles[0]
    assert (first.key, first.title, first.link) == ("key-One", "One", "https://acme.example/1")
    assert first.published == date(2026, 11, 1)


def test_atom_is_read():
    article = only(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme</title><entry><id>urn:1</id>'
        '<title type="html">A &lt;b&gt;new&lt;/b&gt; site</title><link href="../site"/>'
        "<updated>2026-11-03T10:00:00Z</updated><summary>In Kiel.</summary></entry></feed>"
    )
    assert (article.key, article.title, article.link) == ("urn:1", "A new site", "https://acme.example/site")
    assert (article.summary, article.published) == ("In Kiel.", date(2026, 11, 3))


def test_json_feed_is_read():
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Acme",
        "items": [
            {"id": 7, "url": "/a", "title": "One", "content_html": "<p>Big</p>", "date_published": "2026-11-03T10:00Z"},
            {"id": "x", "external_url": "javascript:alert(1)", "content_text": "no title here"},
            {"date_published": "2026-99-99", "title": None, "url": 5, "id": [1]},
            "noise",
        ],
    }
    first, second, third = read(json.dumps(whole)).articles
    assert (first.key, first.link, first.summary) == ("7", "https://acme.example/a", "Big")
    assert first.published == date(2026, 11, 3)
    assert (second.title, second.link) == ("no title here", "")
    assert (third.title, third.published) == ("(no title)", None)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "it is empty"),
        (b"  \n ", "it is empty"),
        (b"\x89PNG\r\n\x1a\n", "it is not a feed"),
        (b"hello", "it is not a feed"),
        (b"<svg/>", "it is not a feed"),
        (b"{}", "it is JSON, but not a JSON Feed"),
        (b"[1]", "it is JSON, but not a JSON Feed"),
        (b"{", "it is neither a feed nor proper JSON"),
        (b"[" * 100_000, "it is neither a feed nor proper JSON"),
    ],
)
def test_what_is_no_feed_is_said(body, why):
    assert read(body).why_not == why


def test_a_web_page_is_no_feed_but_names_its_own():
    page = (
        "<!-- made by hand --><!DOCTYPE html><html><head>"
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
        '<LINK REL="home ALTERNATE" TYPE="application/atom+xml; charset=utf-8" HREF="feed.atom">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">'
        '<link rel="stylesheet" type="text/css" href="x.css"><link rel=alternate type=application/feed+json>'
        "</head></html>"
    )
    found = read(page)
    assert found.why_not == "it is a web page, not a feed"
    assert found.named == ("https://acme.example/news/feed.atom", "https://acme.example/comments/feed")


def test_a_page_that_only_its_server_calls_one_is_one_too():
    body = '<head><link rel=alternate type="application/rss+xml" href="/f.xml"></head>'
    assert read(body, "text/html; charset=utf-8").named == ("https://acme.example/f.xml",)


def test_an_ill_formed_feed_is_read_all_the_same():
    assert only(item("<title>Tom & Jerry</title><link>https://a.example/?a=1&b=2</link>")).title == "Tom & Jerry"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<script>alert(1)</script>Big <b>new</b>s", "Big news"),
        ("one<br>two<p>three</p>", "one two three"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("5 < 6", "5 < 6"),
        ("\x1b[31mred\x1b[0m \u202eback", "[31mred[0m back"),
        ("nul\x00l\x07", "null"),
        ("<img src=https://spy.example/1.gif>", ""),
        ("<style>p{}</style><p>text", "text"),
        ("\ud800half", "half"),
        ("x" * 50, "x" * 19 + "…"),
        ("one two three four five six", "one two three four…"),
    ],
)
def test_html_becomes_one_line_of_plain_text(html, text):
    assert plain(html, 20) == text


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://user:pass@a.example/", "http://[",
     "https://a.example/\x1b[31m", "https://a.example/a b", "mailto:a@b.example", "http:///x", "https://a.example/<b>",
     "https://a.example/" + "x" * 3000, " java\nscript:alert(1)"],
)  # fmt: skip
def test_a_link_that_is_not_of_the_web_is_dropped(link):
    assert safe_link(link, "https://acme.example/") in {"", "https://acme.example/"}


def test_hostile_titles_and_links_come_out_harmless():
    article = only(
        item(
            "<title>&lt;script&gt;alert(1)&lt;/script&gt;Ne\u202ews</title><link>javascript:alert(1)</link>"
            "<description><![CDATA[<img src=x onerror=alert(1)>Hello<iframe>no</iframe>]]></description>"
        )
    )
    assert (article.title, article.link, article.summary) == ("News", "", "Hello")


def test_an_entry_without_a_title_is_called_by_how_it_begins():
    assert only(item("<description>We moved to Kiel.</description>")).title == "We moved to Kiel."
    assert only(item("<link>https://a.example/x</link>")).title == "https://a.example/x"


def test_entries_are_told_apart_by_key_then_link_then_what_they_say():
    entries = ["<guid>k</guid><title>a</title>", "<guid>k</guid><title>b</title>", "<link>https://a.example/1</link>",
               "<title>c</title>", "<title>c</title>", f"<guid>{'long' * 200}</guid>"]  # fmt: skip
    found = read(item("</item><item>".join(entries))).articles
    assert [article.key[:5] for article in found] == ["k", "https", "hash:", "hash:"]
    assert read(item("</item><item>".join(entries))).articles == found


def test_no_more_entries_than_anybody_reads():
    assert len(read(rss(*(f"t{n}" for n in range(MOST_ARTICLES + 50)))).articles) == MOST_ARTICLES


TEXT = "Größe für Zürich"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "text/xml; charset=iso-8859-1"),
        (TEXT.encode("utf-8-sig"), "text/xml; charset=iso-8859-1"),
        (TEXT.encode("utf-16"), "text/xml; charset=utf-8"),
        (TEXT.encode("latin-1"), "text/xml; charset=ISO-8859-1"),
        (TEXT.encode("latin-1"), "text/xml; charset=utf-8"),
        (TEXT.encode("latin-1"), "text/xml; charset=unheard-of"),
        (TEXT.encode("latin-1"), "text/xml; charset='rot13'"),
        (TEXT.encode("latin-1"), "text/xml; charset=punycode"),
    ],
)
def test_bytes_become_text_whatever_is_said_of_them(data, content_type):
    assert decoded(data, content_type) == TEXT


def test_the_xml_declaration_says_what_it_is_in_where_nobody_else_does():
    text = '<?xml version="1.0" encoding="KOI8-R"?><a>Привет</a>'
    assert decoded(text.encode("koi8-r")) == text
    assert decoded(text.encode("koi8-r"), "text/xml; charset=big5-nonsense") == text


@FEW
@given(st.binary(max_size=400), st.text("charset=utf-8\"' ;1632kojis", max_size=30))
def test_any_bytes_become_text(data, content_type):
    assert isinstance(decoded(data, content_type), str)


@FEW
@given(st.text(st.characters(codec=None), max_size=300), st.integers(2, 50))
def test_any_text_becomes_one_short_line_without_controls(text, longest):
    line = plain(text, longest)
    assert len(line) <= longest
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 or 0xD800 <= ord(char) < 0xE000 for char in line)


@FEW
@given(st.lists(st.sampled_from(MARKUP)).map("".join))
def test_any_markup_is_read_or_refused(text):
    found = read(text)
    assert isinstance(found, Reading)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Reading) == found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<!DOCTYPE a><a/>", "<a/>"),
        ("<!doctype a [<!ENTITY b '<c>'>] ><a/>", "<a/>"),
        ("<!DOCTYPE a [<!ENTITY b 'c'><a/>", "<a/>"),
        ("x<!ENTITY b 'c'>y<!ATTLIST z>", "xy"),
        ("x<!DOCTYPE never ends", "x"),
        ("<!-- no declaration --><a/>", "<!-- no declaration --><a/>"),
    ],
)
def test_declarations_are_taken_out(text, left):
    assert without_declarations(text) == left


BOMBS = {
    "comments": rss("x").replace(b"</item>", b"<!-- " * 50_000),
    "comments alone": b"<!-- " * 400_000,
    "entities": b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 20_000 + b'">]>' + rss("&a;" * 5_000),
    "laughs": b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 99 + b'">]>' + rss("&b;" * 99),
    "empty lines": b"\n" * 1_900_000 + rss("x"),
    "doctypes": b"<!DOCTYPE a [" * 150_000,
    "deep": rss("x", more="<b>" * 100_000),
    "authors": rss("x", more="<item><author>" + "a." * 900_000 + "</author></item>"),
    "brackets": b"<" * 1_900_000,
    "json": b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"[" * 900_000,
    "page": b"<html><link " + b"a='" * 300_000,
    "html": rss("x", more="<item><description><![CDATA[" + "<a <!-- " * 100_000 + "]]></description></item>"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_or_given_up_in_time(name):
    """Were the child not ended in time, this process would be: the outer limit fails the test instead of hanging it."""
    code = (
        "import sys; from crm_research.child import read_safely; from crm_research.fetching import Answer, FetchError\n"
        "answer = Answer(url='https://a.example/', body=sys.stdin.buffer.read())\n"
        "try: read_safely(answer, 3)\n"
        "except FetchError as error: print(error.message)\n"
    )
    subprocess.run([sys.executable, "-c", code], input=BOMBS[name], timeout=60, check=True, capture_output=True)


def test_a_parser_that_hangs_is_ended():
    with pytest.raises(FetchError, match="longer than"):
        read_safely(Answer(url="https://a.example/", body=BOMBS["authors"]), 0.2)


def test_reading_in_another_process_gives_the_same(tmp_path, monkeypatch):
    (tmp_path / "feedparser.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(tmp_path)
    answer = Answer(url="https://a.example/", body=rss("One", "Zwei"))
    assert read_safely(answer, 30) == read_feed(answer)


def test_entities_that_name_files_or_servers_are_not_asked_for(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    body = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + item("<title>&x;</title>")
    assert "the secret" not in only(body).title


needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="no folder shared/corpus/feeds beside the checkout")


def samples():
    return sorted(path for path in CORPUS.glob("*.*") if path.name != "manifest.json") if CORPUS.exists() else []


@needs_corpus
@pytest.mark.parametrize("path", samples(), ids=lambda path: path.name)
def test_every_sample_is_read_as_well_as_feedparser_reads_it(path):
    found = read(path.read_bytes(), url="https://sample.example/feed")
    known = {row["file"]: row["feedparser_6_0_14"] for row in json.loads((CORPUS / "manifest.json").read_text())}
    expected = known[path.name]
    assert bool(found.why_not) == (not expected["version"] and not expected["entries"] and path.suffix != ".json")
    if expected["entries"] and path.name != "own-duplicate-guids.xml":
        assert len(found.articles) == min(expected["entries"], MOST_ARTICLES)
    for article in found.articles:
        assert article.key
        assert article.title
        assert not article.link or article.link.startswith(("http://", "https://"))
        assert "\x1b" not in article.title + article.summary


@needs_corpus
def test_samples_in_odd_character_sets_are_read_right():
    titles = {path.name: read(path.read_bytes()).title for path in samples()}
    assert titles["encoding-euc-kr.xml"] == "년"
    assert titles["entities-8217.xml"] == "testing \u2019 entity"
    assert read((CORPUS / "encoding-demoronize-1.xml").read_bytes()).articles[0].title == "don\u2019t"
