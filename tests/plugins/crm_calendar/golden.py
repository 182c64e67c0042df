"""The demo's calendar at a fixed moment: `python -m tests.plugins.crm_calendar.golden` writes it anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from crm_core.testing import Crm

GOLDEN = Path(__file__).with_name("demo.ics")
NOBODY = "0" * 16


def demo_calendar(home: Path) -> bytes:
    """What the demo gives a calendar, whatever identity its book got."""
    crm = Crm(home)
    crm.ok("demo")
    crm.ok(f"--demo export ics -o {home}/demo.ics")
    demo = Crm(home / "demo").book
    return (home / "demo.ics").read_bytes().replace(demo.identity.encode(), NOBODY.encode())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.write_bytes(demo_calendar(Path(folder) / "crm"))
