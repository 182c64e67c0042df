"""How Sphinx makes the site: `sphinx-build -W -c docs . build/site`, with what the extra `docs` installs.

The pages are those that are read on the repository, with links that work in both places. Where a page stands in the
site is read from the pages that are maps: their links, in their order, are the contents. Nothing is fetched, neither
while the site is built nor by who reads it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from crm_core.version import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "crm"
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
include_patterns = ["*.md", "crm_core/cli/topics/*.md", "docs/**", "examples/**.md", "plugins/**.md"]
exclude_patterns = ["docs/conf.py", "docs/**/.*"]
root_doc = "docs/README"
smartquotes = False  # what is to be typed is typed so

myst_heading_anchors = 4  # a heading's link is made as the repository's pages make it
suppress_warnings = ["misc.highlighting_failure"]  # our files' excerpts are cut short by `...`

html_theme = "furo"
html_title = "crm"
html_copy_source = False
html_show_copyright = False
html_theme_options: dict[str, object] = {"footer_icons": []}

ROOT = Path(__file__).parents[1]
MAPS = ("docs/README", "docs/decisions/README", "plugins/README")
LINK = re.compile(r"\]\(([\w./-]+)\.md\)")
INDEX = '<!doctype html><title>crm</title><meta http-equiv="refresh" content="0; url={page}"><a href="{page}">crm</a>\n'


def linked(page: str, text: str) -> list[str]:
    """The pages that a piece of a page leads to, each once, from the top of the repository."""
    folder = (ROOT / page).parent
    pages = [(folder / link).resolve().relative_to(ROOT).as_posix() for link in LINK.findall(text)]
    return list(dict.fromkeys(pages))


def contents(page: str, text: str) -> str:
    """The tables of contents of a map, one for each of its sections; none of them is shown in the page itself."""
    tables = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE):
        title, _, _ = section.partition("\n")
        caption = [f":caption: {title}"] if "#" not in title and section != text else []
        if pages := linked(page, section):
            tables += ["", "```{toctree}", ":hidden:", *caption, "", *(f"/{page}" for page in pages), "```", ""]
    return "\n".join(tables)


def add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    """Give each map its contents as it is read."""
    if page in MAPS:
        source[0] += contents(page, source[0])


def add_index(app: Sphinx, failure: Exception | None) -> None:
    """Lead who opens the site's folder to its first page."""
    if failure is None:
        (Path(app.outdir) / "index.html").write_text(INDEX.format(page=f"{root_doc}.html"), "utf-8")


def setup(app: Sphinx) -> None:
    """What Sphinx calls."""
    app.connect("source-read", add_contents)
    app.connect("build-finished", add_index)
