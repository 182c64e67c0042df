"""Address books as programs really write them, through `crm import`: nobody garbled, lost without a word, or doubled.

They are a collection that is not part of this project, looked for in a folder `shared/corpus` beside the checkout. Its
own script says which cards were read right.
"""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from crm_core.network.keys import address_key

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CARDS = CORPUS / "vcard" / "vcf"
EASY = "LargeFile"  # a thousand cards of one kind
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

pytestmark = pytest.mark.skipif(not CARDS.exists(), reason="no folder shared/corpus beside the checkout")

Facts = dict[str, Any]


def files() -> list[str]:
    """All files of the collection, by their place in it."""
    found = [*CARDS.rglob("*"), *(CORPUS / "csv").glob("*.csv")] if CARDS.exists() else []
    return sorted(str(path.relative_to(CORPUS)) for path in found if path.is_file())


def cut(value: str, mark: str) -> list[str]:
    r"""The parts of a line's value at a mark, without the backslashes."""
    return [re.sub(r"\\(.)", r"\1", part) for part in re.split(rf"(?<!\\){mark}", value)]


def kept_parts(contact: Facts, name: str) -> list[str]:
    """The parts of a line that was kept because it says more than a field has a place for."""
    lines = (line.partition(":") for line in contact["kept"])
    found = (value for head, _, value in lines if head.partition(";")[0].upper() == name)
    return cut(next(found, ""), ";")


def as_judged(row: Facts) -> Facts:
    """The contact that an entry came to, in the script's words."""
    contact = row["contact"]
    position = next(iter(contact["positions"]), {"organisation": "", "title": ""})
    organisation = kept_parts(contact, "ORG")
    organisation = organisation if any(organisation) else [position["organisation"]]
    name = kept_parts(contact, "N")
    return {
        "fn": None if any(said.startswith("no FN") for said in row["repaired"]) else contact["name"],
        "n": name if len(name) > 1 else [contact["family"], contact["given"]],
        "emails": contact["emails"],
        "phones": contact["phones"],
        "org": organisation if organisation != [""] else [],
        "title": position["title"],
        "notes": [contact["note"]] if contact["note"] else [],
    }


def lacks_a_page(card: Facts, row: Facts) -> bool:
    """Whether a web address is missing; a contact may have more, from lines that are not asked about."""
    known = {address_key(profile["url"]) for profile in row["contact"]["profiles"]}
    return not known.issuperset(map(address_key, card["urls"] or []))


def to_be_had(card: Facts) -> Facts:
    """What is expected of a card in a book: an address or a number that stands in it twice is one, a control none."""
    once = {name: list(dict.fromkeys(card[name] or [])) for name in ("emails", "phones")}
    return {**card, **once, "notes": [CONTROLS.sub("", text) for text in card["notes"] or []]}


def imported(crm, name: str) -> list[Facts]:
    """The rows of an import of one file, each with the contact that it came to."""
    result = crm("import", str(CORPUS / name), "--json")
    assert result.code in {0, 3}, f"{name}: {result.err}"
    people = {contact["id"]: contact for contact in crm.ok("contact list --json").items}
    return [{**row, "contact": people.get(row["id"])} for row in result.items]


def test_at_least_241_of_244_cards_come_in_right_and_none_is_lost_without_a_word(crm, tmp_path):
    script = runpy.run_path(str(CORPUS / "vcard" / "score.py"))
    expected = json.loads((CORPUS / "vcard" / "expected.json").read_text(encoding="utf-8"))["files"]
    right, wrong = 0, []
    for number, (name, cards) in enumerate(expected.items()):
        if EASY in name or not cards:
            continue
        crm.environ["CRM_HOME"] = str(tmp_path / str(number))
        rows = imported(crm, f"vcard/vcf/{name}")
        assert all(row["contact"] or row["reason"] for row in rows), name
        assert len(rows) >= len(cards), name
        taken = [row for row in rows if row["contact"]]
        wanted = [to_be_had(card) for card in cards]
        for card, place in zip(wanted, script["align"](wanted, [as_judged(row) for row in taken]), strict=True):
            if place is None:
                # Who names nobody at all is rightly refused.
                faults = [] if "empty" in card["flags"] else ["refused"]
            else:
                faults = script["diff"](card, as_judged(taken[place]))
                faults += ["urls"] if lacks_a_page(card, taken[place]) else []
            right += not faults
            wrong += [(name, card["fn"], faults[0])] if faults else []
    assert right + len(wrong) == 244
    assert right >= 241, wrong


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
