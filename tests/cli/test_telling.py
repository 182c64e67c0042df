"""`crm_changed`: plugins are told once, after the change, and can do no harm to it."""

from __future__ import annotations

import pytest

PREFACE = "from crm_core import CrmError, hookimpl, talk\n\n@hookimpl\n"


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("contact add Ana", 1),
        ("contact list", 0),
        ("agenda", 0),
        ("contact edit Mara --name Mara", 0),
        ("contact show nobody", 0),
        ("undo", 1),
        ("interview log Acme --at 'yesterday 14:00' --with Ana --with Jon", 1),
    ],
)
def test_it_is_told_once_by_each_command_that_changed_the_book(crm, install, words, times):
    crm.ok("contact add Mara")
    install("crm_told", PREFACE + "def crm_changed(book): talk(f'told of {len(book.contacts)}')")
    assert crm(words).err.count("told of ") == times


def test_it_sees_the_book_as_it_is_now_and_all_steps(crm, install):
    source = "def crm_changed(book, agenda):\n    talk(f'{len(book.interviews)} and {len(agenda())}')"
    install("crm_told", PREFACE + source)
    said = crm.ok("interview log Acme --at 'yesterday 14:00' --with Ana").err
    steps = len(crm.ok("agenda --all --until 'in 5 years' --json").items)
    assert f"1 and {steps}\n" in said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def crm_changed(): raise CrmError('No room', 'Make some.')", "crm: warning: No room. Make some."),
        ("def crm_changed(): 1 / 0", "failed in crm_changed: ZeroDivisionError"),
        ("def crm_changed(): raise SystemExit(3)", "failed in crm_changed: SystemExit: 3"),
        ("def crm_changed(): return 7", "failed in crm_changed: TypeError: expected no answer, got int"),
        ("def crm_changed(book):\n    with book.change('x'): pass", "the book is read-only here"),
    ],
)
def test_whatever_a_plugin_does_the_change_is_made_and_the_command_ends_well(crm, install, source, said):
    install("crm_told", PREFACE + source)
    result = crm("contact add Ana")
    assert result.code == 0
    assert said in result.err
    assert len(crm.book.contacts) == 1


def test_a_command_that_failed_after_its_change_tells_it_too(crm, install, tmp_path):
    install("crm_told", PREFACE + "def crm_changed(book): talk(f'told of {len(book.contacts)}')")
    cards = tmp_path / "cards.vcf"
    cards.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ana\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:\nEND:VCARD\n")
    result = crm("import", str(cards))
    assert (result.code, result.err.count("told of 1")) == (3, 1)
