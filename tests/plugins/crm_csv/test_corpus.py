"""Tables as programs write them, from a collection that is not part of this project.

It is looked for in a folder `shared/corpus` beside the checkout; its README says what the file of facts means.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crm_core import Candidate, Problem
from crm_vcard.reader import read_cards

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
FACTS = CORPUS / "csv" / "expected_csv.json"

pytestmark = pytest.mark.skipif(not FACTS.exists(), reason="no folder shared/corpus/csv beside the checkout")

EXPECTED: dict[str, dict[str, Any]] = json.loads(FACTS.read_text("utf-8")) if FACTS.exists() else {}
COUNTED = sorted(
    name for name, facts in EXPECTED.items() if isinstance(facts.get("contacts"), int) and facts["contacts"]
)
NO_PEOPLE = sorted(name for name, facts in EXPECTED.items() if "rows" in facts)
LIKE_CARDS = ["roundcube-gmail", "roundcube-tb_plain"]


def facts_of(contact) -> dict[str, Any]:
    """A contact in the words of the file of facts."""
    position = contact.positions[0] if contact.positions else None
    pages = [profile.url for profile in contact.profiles if profile.url]
    return {
        "name": contact.name,
        "emails": list(contact.emails),
        "phones": list(contact.phones),
        "org": position.organisation if position else "",
        "title": position.title if position else "",
        "url": pages[0] if pages else "",
        "url_count": len(pages),
        "connected": next((line.partition(":")[2] for line in contact.kept if "CONNECTED-ON" in line), ""),
    }


def path(name: str) -> Path:
    return CORPUS / "csv" / name


@pytest.mark.parametrize("name", COUNTED)
def test_every_person_is_read_and_the_first_one_right(read, name):
    found = read(path(name).read_bytes())
    people = [part.contact for part in found if isinstance(part, Candidate)]
    refused = [part for part in found if isinstance(part, Problem)]

    assert (len(people), len(refused)) == (EXPECTED[name]["contacts"], EXPECTED[name].get("skipped", 0))
    first = facts_of(people[0])
    assert {fact: first[fact] for fact in EXPECTED[name].get("first", {})} == EXPECTED[name].get("first", {})


@pytest.mark.parametrize("name", COUNTED)
def test_they_come_in_by_the_command_and_again_as_the_same(crm, name):
    facts = EXPECTED[name]
    counts = [crm("import", str(path(name)), "--json").data["summary"] for _ in range(2)]

    assert counts[0]["added"] + counts[0]["unsure"] == facts["contacts"]
    assert counts[1] == {**dict.fromkeys(counts[1], 0), "same": facts["contacts"], "refused": facts.get("skipped", 0)}


@pytest.mark.parametrize("name", NO_PEOPLE)
def test_invitations_and_messages_are_told_and_not_imported(crm, name):
    result = crm("import", str(path(name)))

    assert result.code == 2
    assert re.search("holds LinkedIn (invitations|messages), no people", result.err)


def test_a_file_without_people_has_none(crm):
    empty = crm("import", str(path("empty.csv")))

    assert (empty.code, "it is empty" in empty.err) == (2, True)
    assert (
        crm.ok("import", str(path("linkedin-connections-preamble-only.csv"))).out == "Imported 0 entries: none found\n"
    )


@pytest.mark.parametrize("name", LIKE_CARDS)
def test_a_table_and_a_card_of_one_person_say_the_same(read, name):
    """The names of the columns that hold the same are another program's, which wrote both."""
    (row,) = read(path(f"{name}.csv").read_bytes())
    card_file = CORPUS / "vcard/vcf/roundcube+roundcubemail/tests/src/Csv2vcard" / f"{name.partition('-')[2]}.vcf"
    (card,) = read_cards(io.BytesIO(card_file.read_bytes()))

    mine, theirs = row.contact, card.contact
    for field in ("name", "given", "family", "nickname", "birthday", "emails", "phones", "positions", "note"):
        assert getattr(mine, field) == getattr(theirs, field), field
    assert [p.url.removeprefix("https://") for p in mine.profiles] == [p.url for p in theirs.profiles]


def test_the_whole_folder_comes_in_with_every_entry_accounted_for(crm):
    result = crm("import", str(CORPUS / "csv"), "--json")

    assert result.code == 3
    files = {Path(row["file"]).name for row in result.items} | {
        Path(row["file"]).name for row in result.data["passed_over"]
    }
    assert files | {"linkedin-connections-preamble-only.csv"} == {file.name for file in path(".").glob("*.csv")}
    refused = [(Path(row["file"]).name, row["line"]) for row in result.items if row["action"] == "refused"]
    assert [where for where in refused if where[0] == "ragged.csv"] == [("ragged.csv", 3), ("ragged.csv", 5)]
