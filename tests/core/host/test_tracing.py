"""A traced call is one line: the plugin, the hook, what it was given and answered in short, how long it took."""

import re
from datetime import date

import pytest

from crm_core import Command, Step
from crm_core.host.tracing import traced
from tests.core.host.conftest import Install, MakeHost
from tests.core.host.test_host import INTERVIEW, SINCE, UNTIL
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf


def without_times(lines: list[str]) -> list[str]:
    assert all(re.search(r"; \d+\.\d\d ms\Z", line) for line in lines)
    return [line.rpartition(";")[0] for line in lines]


def test_imports_and_calls_are_told_in_their_order(install: Install, host: MakeHost):
    install("crm_bad", "@hookimpl\ndef crm_steps(since): raise KeyError('due')")
    lines: list[str] = []
    loaded = host(trace=lines.append)
    book = book_in(MemoryStore(Shelf()))

    loaded.sections()
    list(loaded.steps(book, SINCE, UNTIL))
    list(loaded.checklist(book, INTERVIEW, []))
    with book.change("done"):
        loaded.done(book, "crm_good", Step(kind="k", title="T", why="", starts=NOW, due=NOW), date(2026, 11, 23))

    assert without_times(lines) == [
        "crm_bad: imported crm_bad",
        "crm_good: imported crm_good",
        "crm_good: crm_settings() -> Settings",
        "crm_bad: crm_steps(since=2026-10-24T12:00+02:00) raised KeyError: 'due'",
        "crm_good: crm_steps(book) -> 1: Step good",
        "crm_good: crm_checklist(interview=Interview i7, steps=nothing) -> 1: Row 1",
        "crm_good: crm_done(book, step=Step k, on=2026-11-23) -> True",
    ]


def test_nothing_is_told_unless_it_was_asked_for(host: MakeHost):
    loaded = host()
    loaded.sections()
    assert loaded.lines == []


class Odd:
    """Nothing can be learnt of it."""

    def __getattr__(self, name):
        raise RuntimeError("hands off")

    def __repr__(self):
        raise RuntimeError("hands off")


class Unsayable:
    """Its name can't be said."""

    @property
    def name(self):
        return Odd()


@pytest.mark.parametrize(
    ("answer", "short"),
    [
        ([], "nothing"),
        ((), "nothing"),
        ([1, "two", None], "3: 1, 'two', None"),
        (list(range(10_000)), "10000: 0, 1, 2, ..."),
        ([Command("coffee", "Drink", "x:y")], "1: Command coffee"),
        ("x" * 1_000, "'" + "x" * 39),
        (int, "int"),
        (object(), "object"),
    ],
)
def test_an_answer_in_short(answer: object, short: str):
    lines: list[str] = []

    assert traced(lambda: answer, "crm_x: crm_y", {}, lines.append) is answer

    assert without_times(lines) == [f"crm_x: crm_y() -> {short}"]


@pytest.mark.parametrize("kind", [Odd, Unsayable])
def test_what_can_not_be_named_is_called_by_its_type(kind: type):
    lines: list[str] = []

    traced(lambda: [kind()], "crm_x: crm_y", {"it": kind()}, lines.append)

    name = kind.__name__
    assert without_times(lines) == [f"crm_x: crm_y(it={name}) -> 1: {name}"]
