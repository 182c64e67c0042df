"""Days as tables write them."""

from datetime import date

import pytest

from crm_csv.days import birthday_of, day_of


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-08",
        "2026-2-8",
        "2026-02-08 14:03:22 UTC",
        "20260208",
        "08 Feb 2026",
        "8 February 2026",
        "8-Feb-26",
        "8. Februar 2026",
        "08.02.2026",
        "8.2.26",
        "2/8/2026",
        "2/8/26",
        "Feb 8, 2026",
        "8 févr. 2026",
        "8 de febrero de 2026",
        "8 de fevereiro de 2026",
        "8 feb 2026",
        "8-2-2026",
    ],
)
def test_a_day_is_read_however_it_is_written(text):
    assert day_of(text) == date(2026, 2, 8)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20/1/1991", date(1991, 1, 20)),
        ("13.12.2025", date(2025, 12, 13)),
        ("12 Mrz 2023", date(2023, 3, 12)),
        ("1 août 2023", date(2023, 8, 1)),
        ("3 gen 2024", date(2024, 1, 3)),
        ("3 ottobre 2024", date(2024, 10, 3)),
        ("3 out 2024", date(2024, 10, 3)),
        ("1 mei 2024", date(2024, 5, 1)),
        ("1-Dec-68", date(2068, 12, 1)),
        ("1-Dec-69", date(1969, 12, 1)),
    ],
)
def test_months_have_names_in_several_languages_and_slashes_may_have_the_day_first(text, day):
    assert day_of(text) == day


@pytest.mark.parametrize(
    "text", ["", "0/0/00", "31 Feb 2026", "8 Xyz 2026", "yesterday", "2026", "1/2/3/4", "٨/٢/٢٠٢٦"]
)
def test_what_names_no_day_is_none(text):
    assert day_of(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("8/2/2026", date(2026, 2, 8)), ("2/13/2026", date(2026, 2, 13)), ("31/12/26", date(2026, 12, 31))],
)
def test_the_day_may_come_first_between_slashes(text, day):
    assert day_of(text, day_first=True) == day


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("1980-03-22", "1980-03-22"),
        ("3/22/1980", "1980-03-22"),
        ("22.03.1980", "1980-03-22"),
        ("3/22/60", "1960-03-22"),
        ("3/22/05", "2005-03-22"),
        ("--03-22", "--03-22"),
        ("--3-2", "--03-02"),
        ("--02-29", "--02-29"),
        ("--02-30", "--02-30"),
        ("0/0/00", ""),
        ("in spring", "in spring"),
    ],
)
def test_a_birthday_may_have_no_year_and_was_long_ago(text, birthday):
    assert birthday_of(text) == birthday
