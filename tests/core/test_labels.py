"""What numbers and addresses are for, in the usual words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.labels import USUAL_LABELS, usual_label

words = st.sampled_from(
    [*USUAL_LABELS, "Mobile", "phone", "HomeFAX", "Work Fax", "Sundays", "Only on Sundays", "ça va", "(", ""]
)


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("CELL", "cell"),
        ("Mobile", "cell"),
        ("Mobile Phone", "cell"),
        ("Work Fax", "work, fax"),
        ("Fax (work)", "work, fax"),
        ("fax,WORK,voice", "work, fax"),
        ("HomeFAX", "home, fax"),
        ("Business", "work"),
        ("E-mail Address", ""),
        ("internet,pref", ""),
        ("", ""),
        ("Only on Sundays", "Only on Sundays"),
        ("Sundays, WORK", "work, Sundays"),
        ("  at   the lake ", "at the lake"),
        ("x-foo,x-foo", "x-foo"),
        ("Büro", "Büro"),
        ("(?)", "(?)"),
    ],
)
def test_a_label_has_one_usual_form(text: str, usual: str) -> None:
    assert usual_label(text) == usual


@given(st.lists(words, max_size=4).map(",".join) | st.text())
def test_the_usual_form_of_a_usual_form_is_itself(text: str) -> None:
    assert usual_label(usual_label(text)) == usual_label(text)
