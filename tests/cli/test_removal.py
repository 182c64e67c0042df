"""What was written down by mistake can be removed, and brought back."""

from __future__ import annotations

import pytest

from crm_core.records import Letter

REMOVED = {
    "note remove n1": "Removed n1 Mara Lindqvist",
    "note remove n2": "Removed n2 talked",
    "letter remove l1": "Removed l1 to Mara Lindqvist, draft",
    "interaction remove x1": "Removed x1 with Mara Lindqvist, yesterday",
}


@pytest.fixture
def met(crm):
    crm.ok("interview log Bluewater --at 'yesterday 14:00' --with 'Mara Lindqvist'")
    crm.ok("note add i1 'How it fails over' --about Mara")
    crm.ok("note add i1 'Parking is hard'")
    crm.ok("log Mara 'asked for references' --in --on yesterday")
    book = crm.book
    with book.change("a draft"):
        book.letters.add(Letter(contact="c1", kind="thank-you"))
    return crm


@pytest.mark.parametrize(("command", "said"), REMOVED.items())
def test_it_is_removed_when_somebody_says_yes_and_comes_back_by_undo(met, command, said):
    id_ = command.split()[-1]
    before = met.book.get(id_)

    assert "crm: stopped; nothing was changed" in met(command, typed="n\n").err
    assert met.book.get(id_) == before
    result = met.ok(f"{command} --yes")
    assert result.out == f"{said}\n"
    assert met.book.find(id_) is None
    met.ok("undo")
    assert met.book.get(id_) == before


@pytest.mark.parametrize("command", REMOVED)
def test_with_nobody_there_to_be_asked_nothing_is_removed(met, command):
    result = met(command)

    assert result.code == 2
    assert met.book.find(command.split()[-1]) is not None


def test_a_letter_that_was_sent_takes_what_it_closed_along(met):
    (step,) = met.ok("agenda --json --plugin thankyou").items
    met.ok("done", step["handle"])
    assert met.ok("agenda --json --plugin thankyou").items == []
    sent = next(letter for letter in met.book.letters if letter.sent is not None)
    met.ok(f"letter remove {sent.id} --yes")
    (again,) = met.ok("agenda --json --plugin thankyou").items
    assert again["key"] == step["key"]
