"""HTML to plain text, and links that are safe to show; for texts that strangers wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

LONGEST_READ: Final = 50_000
LONGEST_LINK: Final = 2_000

_UNSAFE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_SILENT: Final = frozenset({"script", "style", "template", "iframe", "object", "svg", "math", "noscript"})
_INLINE: Final = frozenset({"a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "s", "small", "span",
                            "strong", "sub", "sup", "tt", "u", "wbr"})  # fmt: skip
_NOT_IN_LINKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\"<>\\^`{|}]")
FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})


class _Words(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A tag that is no part of a word separates words."""
        if tag in _SILENT:
            self._silent.append(tag)
        self._space(tag)

    def handle_endtag(self, tag: str) -> None:
        """Likewise."""
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        self._space(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Likewise."""
        self._space(tag)

    def handle_data(self, data: str) -> None:
        """What is to be read."""
        if not self._silent:
            self.words.append(data)

    def _space(self, tag: str) -> None:
        if tag not in _INLINE:
            self.words.append(" ")


class _Links(HTMLParser):
    """Collects the feeds that a page names: `<link rel="alternate" type="application/rss+xml" href=...>`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        values = {name: value or "" for name, value in attrs}
        kind = values.get("type", "").split(";")[0].strip().lower()
        if tag == "link" and "alternate" in values.get("rel", "").lower().split() and kind in FEED_TYPES:
            self.found.append(values.get("href", ""))


def plain(html: str, longest: int) -> str:
    """One line of plain text, of at most so many characters; a longer one is cut at a word and ends in `…`.

    Args:
        html: HTML, or a text without any.
        longest: Characters.
    """
    text = html[:LONGEST_READ]
    if "<" in text or "&" in text:
        parser = _Words()
        parser.feed(text)
        parser.close()
        text = "".join(parser.words)
    text = " ".join(_UNSAFE.sub("", text).split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    head, _, tail = cut.rpartition(" ")
    return f"{head if head and len(tail) < 40 else cut}…"


def safe_link(link: str, base: str) -> str:
    """A link as an address of the web, resolved against where it stood; empty if it leads anywhere else."""
    try:
        whole = urljoin(base, link.strip())
        parts = urlsplit(whole)
        safe = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return whole if safe and len(whole) <= LONGEST_LINK and not _NOT_IN_LINKS.search(whole) else ""


def named_feeds(html: str, base: str) -> list[str]:
    """The addresses of the feeds that a web page names; feeds of comments come last."""
    parser = _Links()
    parser.feed(html[: 20 * LONGEST_READ])
    links = dict.fromkeys(link for href in parser.found if href and (link := safe_link(href, base)))
    return sorted(links, key=lambda link: "comment" in link.lower())
