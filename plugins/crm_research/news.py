"""News of companies: several feeds fetched at a time, and what is new in them stored as unread.

Fetching happens outside of any change set, storing inside one; nothing here prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from crm_core import FeedItem, moment_of
from crm_research.records import FeedState

if TYPE_CHECKING:
    from datetime import date

    from crm_core import Book, Company
    from crm_research.fetching import Limits, Wire
    from crm_research.parsing import Article, Reading
    from crm_research.settings import ResearchSettings


class Source(NamedTuple):
    """One feed of one company, and what is known about it."""

    company: Company
    feed: str
    state: FeedState


class Fetched(NamedTuple):
    """What came of one feed: a reading, or why there is none; neither if nothing changed there."""

    source: Source
    reading: Reading | None = None
    error: str = ""
    etag: str = ""
    modified: str = ""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What fetching one feed brought, as lists and `--json` show it."""

    company: str
    company_name: str
    feed: str
    new: int
    items: int
    changed: bool
    error: str


def sources(book: Book, companies: Iterable[Company]) -> list[Source]:
    """The feeds of those companies."""
    known = {(state.company, state.feed): state for state in book.table(FeedState)}
    return [
        Source(company, feed, known.get((company.id, feed)) or FeedState(company=company.id, feed=feed))
        for company in companies
        for feed in dict.fromkeys(company.feeds)
    ]


def limits_of(settings: ResearchSettings) -> Limits:
    """What one feed may cost."""
    from crm_research.fetching import Limits

    return Limits(settings.timeout, settings.megabytes * 1_000_000, settings.allow_local)


def fetched(wanted: Sequence[Source], settings: ResearchSettings, wire: Wire | None = None) -> Iterator[Fetched]:
    """What came of each feed, in the order in which they come in; one that fails stops no other."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    pool = ThreadPoolExecutor(settings.parallel)
    try:
        futures = [pool.submit(_fetched, source, limits_of(settings), wire) for source in wanted]
        for future in as_completed(futures):
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _fetched(source: Source, limits: Limits, wire: Wire | None) -> Fetched:
    from crm_research.child import read_safely
    from crm_research.fetching import FetchError, fetch

    try:
        answer = fetch(source.feed, limits, etag=source.state.etag, modified=source.state.modified, wire=wire)
        if answer.body is None:
            return Fetched(source, etag=source.state.etag, modified=source.state.modified)
        reading = read_safely(answer, limits.seconds)
    except FetchError as error:
        return Fetched(source, error=error.message)
    if reading.why_not:
        return Fetched(source, error=_not_a_feed(reading))
    return Fetched(source, reading, etag=answer.etag, modified=answer.modified)


def _not_a_feed(reading: Reading) -> str:
    return f"{reading.why_not}; it names {reading.named[0]}" if reading.named else reading.why_not


def store(book: Book, results: Iterable[Fetched]) -> list[Summary]:
    """Store what came of feeds, inside an open change set: new items as unread, and each feed's state.

    A company that was removed meanwhile gets nothing.
    """
    summaries = []
    for result in results:
        company = book.companies.find(result.source.company.id)
        if company is not None:
            summaries.append(_stored(book, company, result))
    return summaries


def _stored(book: Book, company: Company, result: Fetched) -> Summary:
    articles = result.reading.articles if result.reading is not None else ()
    new = list(_new_articles(book, company, result.source.feed, articles))
    for article in reversed(new):
        book.feed_items.add(_item(company, result.source.feed, article, book.today))
    _remember(book, company, result)
    return Summary(
        company=company.id,
        company_name=company.name,
        feed=result.source.feed,
        new=len(new),
        items=len(articles),
        changed=result.reading is not None,
        error=result.error,
    )


def _new_articles(book: Book, company: Company, feed: str, articles: Iterable[Article]) -> Iterator[Article]:
    """Those that are not known by their key, nor, where a publisher gave new keys to all, by link and title."""
    known = book.feed_items.where("company", company.id)
    keys = {item.key for item in known if item.feed == feed}
    pages = {(item.link, item.title) for item in known if item.link}
    for article in articles:
        if article.key not in keys and (article.link, article.title) not in pages:
            keys.add(article.key)
            if article.link:
                pages.add((article.link, article.title))
            yield article


def _item(company: Company, feed: str, article: Article, today: date) -> FeedItem:
    """An article as a record; a day that is yet to come is a mistake of the publisher's."""
    dated = article.published is not None and article.published <= today + timedelta(days=1)
    return FeedItem(
        company=company.id,
        feed=feed,
        key=article.key,
        title=article.title,
        link=article.link,
        summary=article.summary,
        published=article.published if dated else None,
    )


def _remember(book: Book, company: Company, result: Fetched) -> None:
    now = moment_of(book.now)
    before = state_of(book, company, result.source.feed)
    after = replace(before, tried=now, error=result.error)
    if not result.error:
        after = replace(after, fetched=now, etag=result.etag, modified=result.modified)
    keep_state(book, after)


def state_of(book: Book, company: Company, feed: str) -> FeedState:
    """What is known about a feed; a new record, not yet in the book, if nothing is."""
    known = book.table(FeedState).where("company", company.id)
    return next((state for state in known if state.feed == feed), FeedState(company=company.id, feed=feed))


def keep_state(book: Book, state: FeedState) -> None:
    """Store what is known about a feed, inside an open change set."""
    if state.id:
        book.table(FeedState).save(state)
    else:
        book.table(FeedState).add(state)


def unread(book: Book, company: str) -> list[FeedItem]:
    """A company's news that was not read yet."""
    return [item for item in book.feed_items.where("company", company) if item.state == "unread"]


def newest_first(items: Iterable[FeedItem]) -> list[FeedItem]:
    """News by day, those without one last; what came in last first among equals."""
    return sorted(items, key=lambda item: (str(item.published or ""), int(item.id.lstrip("f") or 0)), reverse=True)
