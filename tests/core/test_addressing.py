"""A letter that speaks of its reader as of somebody else."""

from __future__ import annotations

import pytest

from crm_core.letters import of_the_reader
from crm_core.records import Contact

PETRA = Contact(id="c1", name="Dr. Petra Vogel", given="Petra", family="Vogel", nickname="Jo")


@pytest.mark.parametrize(
    "said",
    [
        "Petra wants the rota halved.",
        "Since then I keep coming back to this: Petra wants the rota halved.",
        "Of all, it was Vogel who asked most.",
        "Afterwards I wrote down for myself: He showed the CI.",
        "She cares about fewer pages at night.",
        "Petra's team is small.",
    ],
)
def test_a_note_about_the_reader_is_found_in_the_letter_to_them(said):
    letter = f"Dear Dr. Petra Vogel,\n\nThank you for your time.\n\n- {said}\n\nKind regards,\n\nPetra Vogel-Smith"
    assert of_the_reader(letter, PETRA).removeprefix("- ").startswith(said[:12])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Dear Petra,\n\nThank you for your time.\n\nBest wishes,\n\nPetra",
        "Dear Petra,\n\nyou said that she will come, and the doctor too. Jo, Dr and petra are no names here.",
        "Dear Petra,\n\n[[what Petra said]]",
    ],
)
def test_the_greeting_blanks_and_words_that_are_no_name_are_none(body):
    assert of_the_reader(body, PETRA) == ""


def test_a_name_that_is_a_word_counts_with_its_capital_only():
    will = Contact(id="c2", name="Will May")
    assert of_the_reader("Dear Will,\n\nI will send it in time, and may call you.", will) == ""
    assert of_the_reader("Dear Will,\n\nI think that Will knows.", will) == "I think that Will knows."


def test_a_contact_without_a_name_is_nobody_spoken_of():
    assert of_the_reader("Dear Sir,\n\nThank you.", Contact(id="c3", name="")) == ""
