"""Asking plugins for figures: in order, each inside its gate; and the example that the hook's page shows."""

from __future__ import annotations

from datetime import date

import pytest

from crm_core.host.host import Host
from tests.core.host.conftest import Install, MakeHost, Told
from tests.core.making import book_in
from tests.core.store.memory import MemoryStore, Shelf

UNTIL = date(2026, 11, 23)
FIGURES = """
from crm_core import Count, Figure

@hookimpl
def crm_summary(book, since, until):
    yield Figure(title="Walks", rows=(Count(label="so far", value=3),), place=PLACE)
"""
BAD = {
    "raises": ("def crm_summary(): 1 / 0", "ZeroDivisionError"),
    "raises on the way": ("def crm_summary():\n    yield Figure(title='a', rows=())\n    1 / 0", "ZeroDivisionError"),
    "exits": ("def crm_summary(): raise SystemExit(3)", "SystemExit: 3"),
    "returns one": ("def crm_summary(): return Figure(title='a', rows=())", "TypeError"),
    "returns rows": ("def crm_summary(): return [Count(label='a', value=1)]", "expected Figure, got Count"),
    "returns pairs": ("def crm_summary(): return {'a': 1}", "expected Figure, got str"),
    "is negative": ("def crm_summary(): yield Figure(title='a', rows=(Count(label='a', value=-1),))", ">= 0"),
    "is more than all": (
        "def crm_summary(): yield Figure(title='a', rows=(Count(label='a', value=2, of=1),))",
        "2 of 1",
    ),
    "is no number": (
        "def crm_summary(): yield Figure(title='a', rows=(Count(label='a', value='1'),))",
        "Expected `int`",
    ),
    "writes": ("def crm_summary(book):\n    with book.change('sneaky'): pass", "the book is read-only here"),
}


def ask(host: Host) -> list[tuple[str, str]]:
    book = book_in(MemoryStore(Shelf()), kinds=host.kinds())
    return [(plugin, figure.title) for plugin, figure in host.summary(book, None, UNTIL)]


def states(host: Told) -> dict[str, str]:
    return {plugin.name: plugin.state for plugin in host.plugins}


def test_figures_stand_in_the_order_of_their_places(install: Install, host: MakeHost):
    install("crm_a", FIGURES.replace("PLACE", "70"))
    install("crm_b", FIGURES.replace("PLACE", "20"))
    install("crm_c", FIGURES.replace(", place=PLACE", ""))

    assert ask(host(strict=True)) == [("crm_b", "Walks"), ("crm_a", "Walks"), ("crm_c", "Walks")]


@pytest.mark.parametrize("bad", BAD)
def test_a_plugin_that_answers_wrongly_loses_its_figures_alone(install: Install, host: MakeHost, bad: str):
    source, said = BAD[bad]
    install("crm_bad", f"from crm_core import Count, Figure\n@hookimpl\n{source}")
    install("crm_fine", FIGURES.replace("PLACE", "20"))
    loaded = host()

    assert ask(loaded) == [("crm_fine", "Walks")]
    assert states(loaded)["crm_bad"] == "failing"
    (line,) = loaded.lines
    assert line.startswith("plugin crm_bad 1.2 failed in crm_summary: ")
    assert said in line
    assert "Cure: update crm_bad, or crm plugins off crm_bad" in line


def test_one_that_asks_for_another_argument_is_left_out(install: Install, host: MakeHost):
    install("crm_bad", "@hookimpl\ndef crm_summary(book, until, applications): return []")
    loaded = host()

    assert ask(loaded) == []
    assert states(loaded)["crm_bad"] == "broken"


def test_one_that_takes_long_is_named(install: Install, host: MakeHost):
    install("crm_slow", "import time\n@hookimpl\ndef crm_summary():\n    time.sleep(0.3)\n    return []")
    noticed: list[str] = []

    assert ask(host(notice=noticed.append, patience=0.05)) == []
    (line,) = noticed
    assert line.startswith("plugin crm_slow 1.2 is taking long in crm_summary.")
