"""What an import says of its entries: short, complete, and with what to type next."""

from __future__ import annotations

import io

import pytest

from crm_core.cli.intake.accounting import LISTED, check_all_taken, counts, report
from crm_core.cli.screen.output import Output
from crm_core.errors import PartlyDone
from crm_core.importing import Row
from crm_core.network.reconciling import Clash


def row(action, number=1, **said):
    return Row(**{"file": "/x/cards.vcf", "line": number, "action": action, "name": f"Person {number}", **said})


def told(rows, *, columns=None, every=False, dry_run=False):
    """What is said on the screen, and beside it."""
    out, err = io.StringIO(), io.StringIO()
    report(Output(out, err, columns), rows, {"/x/cards.vcf": "cards.vcf"}, every=every, dry_run=dry_run)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_only_what_wants_a_look_is_shown_and_the_sum():
    rows = [
        row("added", 1, id="c1"),
        row("added", 2, id="c2", repaired=("END:VCARD is missing",)),
        row("updated", 3, id="c3", changed=("phones",)),
        row("updated", 4, id="c4", left_out=("KEY",), changed=("emails", "kept")),
        row("same", 5, id="c5", repaired=("END:VCARD is missing",)),
        row("left", 6, id="c6", reason="removed"),
        row("unsure", 7, id="c7", reason="may be c1 Person 1: the same name"),
        row("refused", 8, reason="no name", name=""),
        row("added", 9, id="c9", links_to=("uid-1", "uid-2")),
    ]
    out, err = told(rows)
    assert out == [
        "         id  name      where        remark",
        "added    c2  Person 2  cards.vcf:2  END:VCARD is missing",
        "updated  c4  Person 4  cards.vcf:4  changed: e-mails, further lines; left out: KEY",
        "left     c6  Person 6  cards.vcf:6  removed",
        "unsure   c7  Person 7  cards.vcf:7  may be c1 Person 1: the same name",
        "refused                cards.vcf:8  no name",
        "added    c9  Person 9  cards.vcf:9  knows somebody who is not here yet: uid-1, uid-2",
        "Imported 9 entries: 3 added, 2 updated, 1 same, 1 left, 1 unsure, 1 refused",
    ]
    assert err == ["Look at the unsure ones: crm contact duplicates", "To take it all back: crm undo"]


def test_on_a_terminal_no_remark_is_cut():
    reason = "may be c1 Person 1: the same name in another spelling, the same phone number, ending in 301234567"
    out, _ = told([row("unsure", 7, id="c7", reason=reason)], columns=60)
    assert out[1:4] == [
        "unsure  c7  Person 7  cards.vcf:7",
        "    may be c1 Person 1: the same name in another spelling,",
        "    the same phone number, ending in 301234567",
    ]


def test_a_conflict_tells_what_either_has():
    clashes = (Clash(field="address", book="Up", file="Down"), Clash(field="phones", book="1; 2", file=""))
    out, err = told([row("conflict", 1, id="c1", conflicts=clashes, changed=("note",))])
    assert out[1].partition("cards.vcf:1  ")[2] == (
        "changed: note; address: the book has Up, the file Down; phones: the book has 1; 2, the file nothing"
    )
    assert err == ["To take it all back: crm undo"]
    assert told([row("conflict", 1, id="c1", conflicts=clashes)])[1] == []


def test_a_long_report_shows_the_most_pressing_in_file_order_and_says_how_many_there_are():
    rows = [row("added", number, id=f"c{number}", repaired=("mended",)) for number in range(1, 200)]
    rows += [row("unsure", 200, id="c200"), row("refused", 201), row("conflict", 202, id="c202")]
    out, _ = told(rows)
    assert len(out) == 1 + LISTED + 2
    assert [line.split()[0] for line in out[-6:-2]] == ["added", "unsure", "refused", "conflict"]
    assert out[1].startswith("added     c1 ")
    assert out[-2] == "50 of 202 that want a look are shown: the same again with --all shows the rest"
    assert len(told(rows, every=True)[0]) == 1 + 202 + 1


def test_a_dry_run_says_what_would_be_and_nothing_of_what_to_do():
    out, err = told([row("unsure", 1)], dry_run=True, every=True)
    assert out[-1] == "Would import 1 entry: 1 unsure"
    assert err == []


def test_nothing_found_is_said():
    assert told([]) == (["Imported 0 entries: none found"], [])


@pytest.mark.parametrize(
    ("actions", "dry_run", "message"),
    [
        (["refused", "added"], False, "1 of 2 entries was refused"),
        (["refused", "refused"], True, "2 of 2 entries would be refused"),
        (["conflict", "added"], False, "1 entry was changed here and there"),
        (["conflict", "conflict"], False, "2 entries were changed here and there"),
        (["refused", "conflict", "conflict"], False, "1 of 3 entries was refused and 2 were changed here and there"),
    ],
)
def test_the_end_says_what_could_not_be_taken_in(actions, dry_run, message):
    with pytest.raises(PartlyDone) as caught:
        check_all_taken([row(action) for action in actions], dry_run=dry_run)
    assert caught.value.message == message
    assert ("--file-wins" in caught.value.hint) == ("conflict" in actions)


def test_all_else_ends_well():
    rows = [row(action) for action in ("added", "updated", "same", "left", "unsure")]
    check_all_taken(rows, dry_run=False)
    assert counts(rows) == {
        "added": 1,
        "updated": 1,
        "same": 1,
        "left": 1,
        "unsure": 1,
        "conflict": 0,
        "refused": 0,
    }
