"""Names as text: folding, words, and finding by name."""
# ruff: noqa: RUF001 - names have apostrophes, hyphens and letters of all kinds

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.network import find_by_name, fold
from crm_core.network.names import readings, words_of
from tests.core.network.people import property_test

names = st.text(max_size=30) | st.text(alphabet="aAäßøÆ ıİ,.-'’\u0308\t\x00\x1b", max_size=12)
LIVING = 0x20000  # above are rare Chinese characters only, and tags
PEOPLE = (
    ("c1", ("Ana Silva", "")),
    ("c2", ("Anabel Silvestre", "Bela")),
    ("c3", ("Joana Castro", "")),
    ("c4", ("Conan O’Neill", "")),
    ("c5", ("", "")),
    ("c6", ("José-María Núñez", "Pepe")),
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Ana \t Silva\n", "ana silva"),
        ("MÜLLER", "muller"),
        ("Mu\u0308ller", "muller"),
        ("Straße", "strasse"),
        ("Łukasz Đorđević", "lukasz dordevic"),
        ("Søren Ærø", "soren aero"),
        ("José Nuñez", "jose nunez"),
        ("O’Neill", "o'neill"),
        ("Anne‑Marie", "anne-marie"),
        ("İstanbul ısı", "istanbul isi"),
        ("Ёлка Йод", "елка иод"),
        ("Ωμέγα", "ωμεγα"),
        ("Ｗｉｄｅ", "wide"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\u202eevil", "evil"),
        ("", ""),
    ],
)
def test_folding_drops_case_accents_and_spare_space(text, folded):
    assert fold(text) == folded


def test_marks_that_make_another_letter_are_no_accents():
    assert fold("かき") != fold("がき")
    assert fold("が") == fold("か\u3099")
    assert fold("क्") != fold("क") != fold("क़")


@property_test
@given(names)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_each_character_of_the_living_scripts_folds_to_what_stays_as_it_is():
    changed = [code for code in range(LIVING) if fold(fold(chr(code))) != fold(chr(code))]
    assert changed == []


@property_test
@given(names, names)
def test_case_never_matters(one, other):
    assert fold(f"{one} {other}".upper().lower()) == fold(f"{one.upper()} {other.upper()}".lower())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ana silva", ["c1"]),
        ("ANA  SILVA ", ["c1"]),
        ("bela", ["c2"]),
        ("silva ana", ["c1"]),
        ("ana sil", ["c1", "c2"]),
        ("sil ana", ["c1", "c2"]),
        ("ana", ["c1", "c2"]),
        ("oneill", ["c4"]),
        ("o'neill", ["c4"]),
        ("maria", ["c6"]),
        ("pepe nunez", ["c6"]),
        ("astr", ["c3"]),
        ("oan", ["c3"]),
        ("ana costa", []),
        ("-", ["c6"]),
        ("", []),
        (" \t\u200b", []),
    ],
)
def test_a_name_is_found_exactly_else_by_beginnings_of_words_else_inside(text, found):
    assert find_by_name(text, PEOPLE) == found


def test_an_exact_name_hides_those_that_only_begin_so():
    entries = [("c1", ["Ana Silva Costa"]), ("c2", ["Ana Silva"]), ("c3", ["Anatol", "ana silva"])]
    assert find_by_name("Ana Silva", entries) == ["c2", "c3"]


def test_words_that_begin_so_hide_those_that_only_contain_it():
    assert find_by_name("ann", [("c1", ["Johann"]), ("c2", ["Anna"]), ("c3", ["Hannes"])]) == ["c2"]
    assert find_by_name("ann", [("c1", ["Johann"]), ("c3", ["Hannes"])]) == ["c1", "c3"]


def test_a_part_is_not_looked_for_across_two_names():
    assert find_by_name("va be", [("c1", ["Ana Silva", "Bela"])]) == []


@property_test
@given(names, st.lists(st.tuples(st.text(max_size=3), st.lists(names, max_size=3)), max_size=5))
def test_finding_gives_ids_in_their_order_and_never_fails(text, entries):
    numbered = [(f"c{number}", found) for number, (_, found) in enumerate(entries)]
    hits = find_by_name(text, numbered)
    assert hits == [id_ for id_, _ in numbered if id_ in hits]


@property_test
@given(names.filter(fold), st.lists(names, max_size=3))
def test_everybody_is_found_by_each_name_as_it_stands(name, others):
    assert "c1" in find_by_name(name, [("c0", others), ("c1", [*others, name])])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Smith, John", "john smith"),
        ("John Smith", "john smith"),
        ("Dr. John Smith", "john smith"),
        ("Smith, Dr. John", "john smith"),
        ("John Smith, Ph.D., MBA", "john smith"),
        ("John Smith, Jr.", "john smith jr"),
        ("J.R.R. Tolkien", "j r r tolkien"),
        ("O'Neill", "oneill"),
        ("Anne-Marie Dupont", "anne marie dupont"),
        ("Dr.", "dr"),
        ("王伟", "王伟"),
        (", ,", ""),
        ("", ""),
    ],
)
def test_a_name_in_words_has_no_titles_and_the_family_name_last(name, words):
    assert words_of(name) == tuple(words.split())


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("Jürgen Müller", "juergen mueller"), ("Søren Åkerman", "soeren aakerman"), ("Mu\u0308ller", "mueller")],
)
def test_umlauts_are_read_spelled_out_too(name, spelled):
    assert readings(name) == (words_of(name), tuple(spelled.split()))


@pytest.mark.parametrize("name", ["Mueller", "José", "王伟"])
def test_other_names_have_one_reading(name):
    assert readings(name) == (words_of(name),)
