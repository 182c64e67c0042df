"""The documentation as a site: made without a warning, whole, and without anything that is fetched from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.manual import PAGES
from tests.docs.reference import ROOT

pytestmark = pytest.mark.site

FETCHED = {"audio": "src", "embed": "src", "iframe": "src", "img": "src", "link": "href", "object": "data",
           "script": "src", "source": "src", "video": "src"}  # fmt: skip


class Seen(NamedTuple):
    """What one page of the site holds: what a browser fetches for it, where it leads, and its places."""

    fetched: set[str]
    links: set[str]
    places: set[str]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen(set(), set(), {""})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        if tag in FETCHED and FETCHED[tag] in given:
            self.seen.fetched.add(given[FETCHED[tag]])
        if tag == "a" and "href" in given:
            self.seen.links.add(given["href"])
        self.seen.places.update(given[name] for name in ("id", "name") if name in given)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", str(folder)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (made.returncode, made.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Seen]:
    """Every page of the site by its path."""
    found = {}
    for path in site.rglob("*.html"):
        reader = Reader()
        reader.feed(path.read_text("utf-8"))
        found[path] = reader.seen
    return found


def test_it_has_every_page(site):
    missing = [page for page in PAGES if not (site / page.relative_to(ROOT)).with_suffix(".html").exists()]

    assert missing == []
    assert 'href="docs/README.html"' in (site / "index.html").read_text("utf-8")


def test_a_browser_fetches_nothing_from_elsewhere(site, pages):
    fetched = {(page, link) for page, seen in pages.items() for link in seen.fetched}

    assert len(fetched) > len(pages)
    for page, link in fetched:
        parts = urlsplit(link)
        assert parts.scheme + parts.netloc == "", f"{page} fetches {link}"
        assert (page.parent / unquote(parts.path)).exists(), f"{page} wants {link}, which is not there"
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*['\"]?(https?:)?//", sheet.read_text("utf-8")), sheet


def test_every_link_leads_somewhere(pages):
    followed = 0
    for page, seen in pages.items():
        for link in seen.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.exists(), f"{page} leads to {link}, which is not there"
            if target in pages:
                assert unquote(parts.fragment) in pages[target].places, f"{page} leads to {link}: no such place"
                followed += 1
    assert followed > 1000
