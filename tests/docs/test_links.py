"""Every link and every path in the docs leads to what is there, and every page can be found from the map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.manual import PAGES, name, prose
from tests.docs.reference import ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = ("http:", "https:", "mailto:")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Where a page leads to: the file, and the place in it."""
    for link in LINK.findall(prose(page)):
        if not link.startswith(ELSEWHERE):
            path, _, place = link.partition("#")
            yield ((page.parent / path) if path else page).resolve(), place


def places(page: Path) -> set[str]:
    """What a link can name on a page: its headings, as the repository's pages and the site name them."""
    headings = re.findall(r"^#+ +(.+?) *$", prose(page), re.MULTILINE)
    shown = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "") for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in shown}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page):
    for target, place in links(page):
        assert target.exists(), f"{name(page)} leads to {target}, which does not exist"
        assert not place or place in places(target), f"{name(page)} leads to #{place}, which is no heading of {target}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_that_a_page_names_exists(page):
    for path in re.findall(r"`((?:crm_core|plugins|tests|docs|examples)/[\w./-]*)`", prose(page)):
        assert (ROOT / path).exists(), f"{name(page)} names {path}, which does not exist"


def test_the_map_leads_to_every_page():
    """By itself, or by a page that it leads to and that stands above: decisions, plugins."""
    start = ROOT / "docs/README.md"
    maps = [start, ROOT / "docs/decisions/README.md", ROOT / "plugins/README.md"]
    found = {start, *(target for page in maps for target, _ in links(page))}

    assert set(PAGES) - found == set()
