"""The README's and the tutorial's words, typed as they stand, do what they say."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.docs.reference import ROOT

README = (ROOT / "README.md").read_text("utf-8")
TEN_THINGS = (ROOT / "docs/ten-things.md").read_text("utf-8")
TUTORIAL = (ROOT / "docs/tutorial.md").read_text("utf-8")


def typed(page: str) -> list[list[str]]:
    """The words after `crm` of each line that a page says to type."""
    blocks = re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith("$ crm") for line in lines)
    return [shlex.split(line)[2:] for line in lines]


@pytest.fixture
def clone(monkeypatch, tmp_path):
    """A folder with the examples in it, as a clone has them."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("clone")
def test_the_first_five_minutes_work_when_typed(crm, tmp_path):
    shown = [crm.ok(*(words or ["agenda"])).out for words in typed(README)]

    assert len(shown) == 11

    assert "12 added" in shown[2]
    agenda = shown[6]
    assert "Thank Mara Lindqvist" in agenda
    assert "send the references" in agenda
    assert "docking service" in shown[7]
    assert (tmp_path / "thank-you.eml").exists()
    assert "Thank Mara" not in crm.ok("agenda").out


@pytest.mark.usefixtures("clone")
def test_the_tutorial_works_when_typed(crm, tmp_path):
    lines = typed(TUTORIAL)

    shown = [crm.ok(*(words or ["agenda"])) for words in lines]

    assert len(shown) > 50
    assert all(result.out or result.err for result in shown)
    before, after = (shown[place].out for place in (lines.index([]), lines.index(["agenda"])))
    for step in ("Thank Mara Lindqvist", "Write to Tom Okafor", "send the slides about flaky tests"):
        assert step in before
        assert step not in after
    assert {path.name for path in tmp_path.glob("*.eml")} == {"to-mara.eml", "to-tom.eml"}
    assert "Apply for" not in crm.ok("agenda").out


def ten_things():
    """The number and the command of each, as their page has them."""
    return re.findall(r"^\| (\d+) \|[^|]+\| `crm ([\w-]+)`", TEN_THINGS, re.MULTILINE)


def test_each_of_the_ten_commands_does_something_alone(crm):
    crm.ok("interview log Bluewater --at 'yesterday 14:00' --with 'Mara Lindqvist' --with 'Tom Okafor'")
    for _, command in ten_things():
        result = crm.ok(command)
        assert result.out or result.err
        assert "Usage:" not in result.out


def test_the_tutorial_does_all_ten_things():
    things = ten_things()
    used = {words[0] for words in typed(TUTORIAL) if words}

    assert [number for number, _ in things] == [str(number) for number in range(11)]
    assert {command for _, command in things} <= used


def test_two_commands_do_all_the_set_up():
    run, test = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)[:2]

    assert run.rstrip().endswith("crm demo")
    assert "pytest" in test
    assert run.count("\n") == test.count("\n") == 1
