"""Address books as programs really write them, through `crm import`: nobody is doubled, and no file raises.

They are a collection that is not part of this project, looked for in a folder `shared/corpus` beside the checkout.
"""

from __future__ import annotations

from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CARDS = CORPUS / "vcard" / "vcf"

pytestmark = pytest.mark.skipif(not CARDS.exists(), reason="no folder shared/corpus beside the checkout")


def files() -> list[str]:
    """All files of the collection, by their place in it."""
    found = [*CARDS.rglob("*"), *(CORPUS / "csv").glob("*.csv")] if CARDS.exists() else []
    return sorted(str(path.relative_to(CORPUS)) for path in found if path.is_file())


@pytest.mark.parametrize("name", files())
def test_any_file_again_adds_and_changes_nobody(crm, name):
    first = crm("import", str(CORPUS / name), "--json")
    assert first.code in {0, 2, 3}
    if first.code == 2:
        assert not (crm.home / "book.json").exists()
        return
    stored = (crm.home / "book.json").read_bytes() if any(row["id"] for row in first.items) else b""

    again = crm("import", str(CORPUS / name), "--json")

    assert {row["action"] for row in again.items} <= {"same", "refused"}
    assert (crm.home / "book.json").read_bytes() == stored if stored else not (crm.home / "book.json").exists()


def test_all_of_them_together_again_add_and_change_nobody(crm):
    crm("import", str(CORPUS / "vcard"), str(CORPUS / "csv"), "--yes")
    stored = (crm.home / "book.json").read_bytes()

    again = crm("import", str(CORPUS / "vcard"), str(CORPUS / "csv"), "--json")

    assert {row["action"] for row in again.items} <= {"same", "refused"}
    assert len(again.items) > 1_300
    assert (crm.home / "book.json").read_bytes() == stored
