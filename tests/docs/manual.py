"""Every page of the documentation, and what is shown on one to be typed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.docs.reference import GENERATED, QUOTING, ROOT

PAGES: Final = sorted(
    {
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("crm_core/cli/topics/*.md"),
        *ROOT.glob("plugins/**/*.md"),
        *ROOT.glob("examples/**/*.md"),
    }
)
HAND_WRITTEN: Final = [page for page in PAGES if page not in {ROOT / name for name in GENERATED if name != QUOTING}]
FENCE: Final = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def name(page: Path) -> str:
    """A page as one names it: by its path in the repository."""
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """A page without its blocks."""
    return FENCE.sub("", page.read_text("utf-8"))
