"""An answer from the web to news: RSS and Atom by feedparser, JSON Feed by ourselves; or why it is no feed.

Only bytes come in and nothing is fetched. What feedparser does with hostile documents was measured: it expands
entities, so declarations are taken out first; its sanitiser and its resolving of links are switched off, since we make
plain text of everything and let only links of the web pass. What a document may cost in time is limited by `child.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from crm_research.charsets import decoded
from crm_research.fetching import Answer
from crm_research.plain import named_feeds, plain, safe_link

MOST_ARTICLES: Final = 200
LONGEST_TITLE: Final = 200
LONGEST_SUMMARY: Final = 600
LONGEST_KEY: Final = 200
JSON_FEED: Final = "https://jsonfeed.org/version/"

_DECLARATION: Final = re.compile(r"<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
_SUBSET_END: Final = re.compile(r"\]\s*>")
_XML_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]{0,500}\?>", re.IGNORECASE)
_PAGE: Final = re.compile(r"(?:\s|<!--[^>]{0,500}-->|<\?[^>]{0,500}>)*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_FEED: Final = re.compile(r"<(?:rss|feed|rdf:rdf)\b", re.IGNORECASE)
# feedparser looks for declarations at the beginning of each line, which takes minutes where a million are empty.
_GAP: Final = re.compile(r"\s{50,}")
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a feed, in plain text. `key` is what tells it from the feed's other entries, now and later."""

    key: str
    title: str
    link: str = ""
    summary: str = ""
    published: date | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer turned out to be.

    Args:
        why_not: Why it is no feed, in a few words; empty if it is one.
        title: The feed's own title.
        articles: The first of its entries.
        named: If it is a web page, the feeds that it names.
    """

    why_not: str = ""
    title: str = ""
    articles: tuple[Article, ...] = ()
    named: tuple[str, ...] = ()


def read_feed(answer: Answer) -> Reading:
    """The news in an answer."""
    text = decoded(answer.body or b"", answer.content_type).replace("\0", "")
    if not text.strip():
        return Reading(why_not="it is empty")
    if text.lstrip()[:1] in {"{", "["}:
        return _read_json(text, answer.url)
    if _PAGE.match(text) and not _FEED.search(text[:5000]):
        return _page(text, answer.url)
    return _read_xml(text, answer)


def without_declarations(text: str) -> str:
    """XML without its DOCTYPE and what is declared in it; what begins one and never ends is dropped to the end."""
    kept, at, doctypes = [], 0, 0
    while found := _DECLARATION.search(text, at):
        kept.append(text[at : found.start()])
        end = text.find(">", found.end())
        subset = text.find("[", found.end(), end if end >= 0 else None)
        if subset >= 0 and not doctypes and (close := _SUBSET_END.search(text, subset)):
            end = close.end() - 1
        doctypes += found[1].lower() == "doctype"
        if end < 0:
            return "".join(kept)
        at = end + 1
    return "".join([*kept, text[at:]])


def _page(text: str, url: str) -> Reading:
    named = named_feeds(text, url)
    return Reading(why_not="it is a web page, not a feed", named=tuple(named))


def _read_xml(text: str, answer: Answer) -> Reading:
    import io

    import feedparser

    tame = _GAP.sub("\n", without_declarations(_XML_DECLARATION.sub("", text, count=1)))
    parsed = feedparser.parse(
        io.BytesIO(tame.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        return _page(text, answer.url) if "html" in answer.content_type else Reading(why_not="it is not a feed")
    articles = [_article(entry, answer.url) for entry in parsed.entries[:MOST_ARTICLES]]
    return _reading(_text(parsed.feed.get("title")), articles)


def _article(entry: Mapping[str, Any], base: str) -> Article:
    contents = entry.get("content") or [{}]
    # feedparser warns where `updated_parsed` is asked for and only the other is there.
    updated = entry["updated_parsed"] if "updated_parsed" in entry else None  # noqa: SIM401
    summary = _text(entry.get("summary")) or _text(contents[0].get("value"))
    return _made(
        key=_text(entry.get("id")),
        title=_text(entry.get("title")),
        link=safe_link(_text(entry.get("link")), base) if entry.get("link") else "",
        summary=summary,
        published=_day(entry.get("published_parsed") or updated),
    )


def _read_json(text: str, base: str) -> Reading:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    try:
        whole = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return Reading(why_not="it is neither a feed nor proper JSON")
    if not isinstance(whole, dict) or not _text(whole.get("version")).startswith(JSON_FEED):
        return Reading(why_not="it is JSON, but not a JSON Feed")
    items = whole.get("items")
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return _reading(_text(whole.get("title")), [_json_article(item, base) for item in entries[:MOST_ARTICLES]])


def _json_article(item: Mapping[str, Any], base: str) -> Article:
    link = _text(item.get("url")) or _text(item.get("external_url"))
    number = item.get("id")
    texts = (_text(item.get(name)) for name in ("summary", "content_text", "content_html"))
    return _made(
        key=str(number) if isinstance(number, int | float) else _text(number),
        title=_text(item.get("title")),
        link=safe_link(link, base) if link else "",
        summary=next(filter(None, texts), ""),
        published=_iso_day(_text(item.get("date_published")) or _text(item.get("date_modified"))),
    )


def _reading(title: str, articles: list[Article]) -> Reading:
    """A feed with each entry once: of those with the same key the first."""
    unique: dict[str, Article] = {}
    for article in articles:
        unique.setdefault(article.key, article)
    return Reading(title=plain(title, LONGEST_TITLE), articles=tuple(unique.values()))


def _made(key: str, title: str, link: str, summary: str, published: date | None) -> Article:
    """An entry in plain text; one without a title is called by how it begins."""
    short = plain(summary, LONGEST_SUMMARY)
    named = plain(title, LONGEST_TITLE) or plain(short, 80) or link or "(no title)"
    return Article(key=_key(key, link, named, short), title=named, link=link, summary=short, published=published)


def _key(given: str, link: str, title: str, summary: str) -> str:
    key = plain(given, LONGEST_KEY + 1) or link
    if key and len(key) <= LONGEST_KEY:
        return key
    whole = (given or f"{title}\n{summary}").encode("utf-8", "replace")
    return "hash:" + hashlib.blake2b(whole, digest_size=16).hexdigest()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _day(parsed: Any) -> date | None:
    """The day of a time as feedparser gives it."""
    try:
        return date(*parsed[:3])
    except (TypeError, ValueError, IndexError):
        return None


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if _ISO_DAY.match(text) else None
    except ValueError:
        return None
