"""Whatever is typed in the place of any word: an exit code that is promised, nothing raw on the terminal, no fault."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import click
import pytest

from tests.hostile.command_lines import FILES, command_lines
from tests.hostile.conftest import HostileHome
from tests.hostile.words import ACTING, BYTES, HUGE, IN_NO_FILE, STORABLE

FAULT: Final = "fault of crm"
LONGEST_WORD: Final = 100_000
"""Characters: Linux takes 131,072 bytes at the most for one word."""
TYPED: Final = {
    **{name: " ".join(texts).replace("\0", "") for name, texts in STORABLE.items()},
    "escape": "\x1b[2J",
    "bytes": " ".join(BYTES),
    "nothing": "",
    "stdin": "-",
    "path": "../../../../owned",
    "bracket": "{{",
}
"""What a command line can hold: no NUL."""


class Place(NamedTuple):
    """A place on a command line where a word of the user's own stands: `before`, the word, `after`."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def places() -> Iterator[Place]:
    """Every argument and every value of an option of every command."""
    for line in command_lines():
        first = len(line.path.split()) - 1
        for number, word in enumerate(line.words[first:], start=first):
            if not word.startswith("-"):
                yield Place(f"{line.path} [{number - first}]", line.words[:number], line.words[number + 1 :])
        for option in line.command.params:
            if isinstance(option, click.Option) and not option.is_flag:
                yield Place(f"{line.path} {option.opts[-1]}", (*line.words, option.opts[-1]), ())


PLACES: Final = list(places())


@pytest.fixture
def typed(few: HostileHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Types a word in a place, in a folder that relative paths don't lead out of, and checks what comes of it."""
    folder = tmp_path / "a/b/c/d/e"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    few.crm.environ.pop("CRM_STRICT")

    def run(place: Place, text: str) -> None:
        few.renew()
        words = (*few.about(place.before, 2), text, *few.about(place.after, 2))
        result = few.crm(*(words if len(words) > 1 else ("--no-plugins", *words)))
        acting = IN_NO_FILE if place.name.startswith(FILES) else ACTING
        assert not acting.search(result.out), acting.search(result.out)
        assert not ACTING.search(result.err), ACTING.search(result.err)
        assert FAULT not in result.err
        assert result.code in {0, 1, 2, 3}
        if result.code == 0:
            few.crm.ok("contact", "list")

    yield run
    few.crm.environ["CRM_STRICT"] = "1"


def test_hostile_words_are_those_that_a_command_line_can_hold():
    assert [name for name, text in TYPED.items() if "\0" in text or os.fsdecode(os.fsencode(text)) != text] == []


@pytest.mark.parametrize(("number", "place"), [*enumerate(PLACES)], ids=[place.name for place in PLACES])
def test_a_hostile_word_is_taken_or_refused(typed, number: int, place: Place):
    """One of the texts in each place; the slow test takes a quarter of all for each."""
    typed(place, [*TYPED.values()][number % len(TYPED)])


@pytest.mark.slow
@pytest.mark.parametrize(("number", "place"), [*enumerate(PLACES)], ids=[place.name for place in PLACES])
def test_further_hostile_words_are_taken_or_refused(typed, number: int, place: Place):
    for text in [*TYPED.values(), *HUGE.values()][number % 4 :: 4]:
        typed(place, text[:LONGEST_WORD])
