"""Every hook has an example; that each is run, and what comes of it, is held by the page that is made of them."""

from __future__ import annotations

import pytest

from tests.docs.hook_examples import HOOKS, SHOWN, run, sources


def test_each_hook_has_an_example_and_they_stand_in_its_order():
    assert tuple(sources()) == HOOKS
    assert tuple(SHOWN) == HOOKS


def test_an_example_that_does_not_have_its_hook_asked_is_noticed(monkeypatch):
    monkeypatch.setitem(SHOWN, "crm_summary", SHOWN["crm_steps"])
    with pytest.raises(AssertionError, match="crm_summary is not asked by"):
        run("crm_summary")
