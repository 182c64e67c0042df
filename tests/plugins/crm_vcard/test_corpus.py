"""Cards as programs really write them, from a collection that is not part of this project.

It is looked for in a folder `shared/corpus` beside the checkout; its README says what the files of facts mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_core import Candidate, Problem
from crm_vcard.content import values
from crm_vcard.reader import looks_like_cards, read_cards

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "vcard"

pytestmark = pytest.mark.skipif(
    not (CORPUS / "expected.json").exists(), reason="no folder shared/corpus/vcard beside the checkout"
)

Facts = dict[str, Any]


def facts_of(found: Candidate) -> Facts:
    """A candidate in the words of the files of facts."""
    contact = found.contact
    position = contact.positions[0] if contact.positions else None
    full = next((line for line in contact.kept if re.match(r"(?i)(?:[\w-]+\.)?ORG[;:]", line)), "")
    units = [" ".join(unit.split()) for unit in values(full.partition(":")[2], ";")[1:]]
    organisation = position.organisation if position else ""
    return {
        "fn": None if any(text.startswith("no FN") for text in found.repaired) else contact.name,
        "names": [contact.family, contact.given],
        "emails": list(contact.emails),
        "phones": list(contact.phones),
        "org": [organisation, *filter(None, units)],
        "title": position.title if position else "",
        "urls": [profile.url for profile in contact.profiles],
        "note": contact.note,
    }


def squeezed(value: Any) -> Any:
    """Text without control characters and with white space collapsed; None is empty."""
    if isinstance(value, list):
        return [squeezed(item) for item in value]
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", value or "").split())


def bare(phones: list[str]) -> list[str]:
    return sorted(re.sub(r";ext=.*", "", squeezed(phone)) for phone in phones)


def wrong_in(expected: Facts, found: Facts) -> list[str]:
    """The names of the facts that the reader got wrong."""
    names = (expected["n"] or ["", ""])[:2]
    organisation = squeezed(expected["org"] or [""])
    note = "".join(expected["notes"] or [])
    right = {
        "fn": squeezed(expected["fn"]) == squeezed(found["fn"]),
        "n": squeezed(names) == squeezed(found["names"]),
        "emails": sorted(squeezed(expected["emails"] or [])) == sorted(squeezed(found["emails"])),
        "phones": bare(expected["phones"] or []) == bare(found["phones"]),
        "org": organisation[0] == found["org"][0] and organisation[1:] in (found["org"][1:], []),
        "title": squeezed(expected["title"]) == squeezed(found["title"]),
        "urls": set(squeezed(expected["urls"] or [])) <= set(squeezed(found["urls"])),
        "notes": re.sub(r"\s", "", squeezed(note)) == re.sub(r"\s", "", found["note"]),
    }
    return [fact for fact, is_right in right.items() if not is_right and fact not in expected["undecided"]]


def read(path: Path) -> list[Candidate | Problem]:
    with path.open("rb") as stream:
        return list(read_cards(stream))


def pairs() -> Iterator[tuple[str, Facts, Candidate | Problem]]:
    """Every card of the collection with what the reader made of it, as both go in file order."""
    expected = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))["files"]
    for name, cards in expected.items():
        found = read(CORPUS / "vcf" / name)
        if cards:
            assert len(found) == len(cards), name
        else:
            assert [type(part) for part in found] == [Problem], name
        yield from ((name, facts, part) for facts, part in zip(cards, found, strict=False))


def test_every_card_is_read_right() -> None:
    read_cards_by_version: dict[str, int] = {}
    wrong = []
    for name, expected, found in pairs():
        if isinstance(found, Candidate):
            version = expected["version"] or "none"
            read_cards_by_version[version] = read_cards_by_version.get(version, 0) + 1
            wrong += [(Path(name).name, fact) for fact in wrong_in(expected, facts_of(found))]
    assert wrong == []
    assert read_cards_by_version == {"2.1": 45, "3.0": 1134, "4.0": 28, "none": 26}


def test_cards_that_are_refused_name_nobody_or_are_groups() -> None:
    refused = [(expected, found) for _, expected, found in pairs() if isinstance(found, Problem)]
    assert len(refused) == 11
    for expected, found in refused:
        if found.reason == "a group, not a person":
            assert expected["fn"] == "Subsub Group"
        else:
            assert found.reason == "no name, organisation, e-mail address or phone number"
            assert not any(expected[fact] for fact in ("fn", "n", "org", "emails", "phones"))


def test_no_file_raises_and_each_has_an_account() -> None:
    files = [path for path in (CORPUS / "vcf").rglob("*") if path.is_file()]
    assert len(files) == 192
    assert [path.name for path in files if not read(path)] == []


def test_every_file_that_has_cards_is_recognised() -> None:
    expected = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))["files"]
    heads = {name: (CORPUS / "vcf" / name).read_bytes()[:4096] for name in expected}
    assert {name for name, head in heads.items() if looks_like_cards(head)} == {
        n for n, cards in expected.items() if cards
    }
