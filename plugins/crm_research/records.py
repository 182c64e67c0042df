"""The research's own record, private to it. News and questions are records of the core."""

from __future__ import annotations

from datetime import date

from crm_core import Company, Moment, OwnedBy, Record


class FeedState(Record, frozen=True, kw_only=True):
    """What is known about one feed of one company.

    `etag` and `modified` are what its server gave with the last good answer, to ask only for what is newer; `tried`
    and `fetched` are when it was last asked, and last read well; `error` is why the last try failed, empty if it did
    not; `looked` is a day on which the user said they had read the news.
    """

    company: OwnedBy[Company]
    feed: str
    etag: str = ""
    modified: str = ""
    tried: Moment | None = None
    fetched: Moment | None = None
    error: str = ""
    looked: date | None = None
