"""No record can do anything to the terminal of who looks at it: every command, on a book full of hostile texts."""

from __future__ import annotations

import json
import re
from time import monotonic
from typing import Final

import pytest

from crm_core.testing import Crm, Result
from tests.hostile.command_lines import FILES, CommandLine, command_lines
from tests.hostile.conftest import RECORDS, HostileHome
from tests.hostile.filling import CODES, fill
from tests.hostile.words import ACTING, HUGE, IN_NO_FILE

LINES: Final = list(command_lines())
NEEDS_MORE: Final = frozenset({"crm research add", "crm card mine", "crm contact photo"})
FORGED: Final = "crm: all good"

each_command = pytest.mark.parametrize("line", LINES, ids=[line.path for line in LINES])


def run(home: HostileHome, line: CommandLine, number: int, *more: str, columns: int | None = None) -> Result:
    """Run a command on the records of that number; what it prints is held against what no command may."""
    home.renew()
    words = (*home.about(line.words, number), *more)
    result = home.crm(*(words or ("--",)), columns=columns)
    # A file's contents go into a pipe as they are.
    pattern = IN_NO_FILE if columns is None and line.path.startswith(FILES) else ACTING
    assert not pattern.search(result.out), pattern.search(result.out)
    assert not ACTING.search(result.err), ACTING.search(result.err)
    assert result.code in {0, 1, 2, 3}
    assert not [said for said in result.err.splitlines() if said.strip().startswith(FORGED)]
    return result


@each_command
def test_no_record_acts_on_a_terminal_or_a_pipe(many: HostileHome, line: CommandLine):
    """On a screen narrow enough to shorten everything, then in a pipe; and until it has something to show."""
    codes = [run(many, line, 2, columns=60).code]
    while len(codes) < 2 or (not {0, 3} & {*codes} and len(codes) < RECORDS):
        codes.append(run(many, line, len(codes) + 2).code)

    assert {0, 3} & {*codes} or line.path in NEEDS_MORE, (
        f"say in tests/hostile/command_lines.py with what words `{line.path}` works"
    )


@pytest.mark.parametrize("line", [line for line in LINES if line.json], ids=lambda line: line.path)
def test_no_record_breaks_json(many: HostileHome, line: CommandLine):
    result = run(many, line, 4, "--json")
    if result.out:
        assert json.loads(result.out)["schema"] == 1
    if result.code in {1, 2}:
        assert json.loads(result.err.splitlines()[-1])["error"]["code"] == result.code


@pytest.mark.slow
@each_command
def test_none_of_all_records_acts_on_a_terminal_or_a_pipe(many: HostileHome, line: CommandLine):
    for number in range(1, RECORDS + 1):
        run(many, line, number, columns=(None, 40, 120)[number % 3])


def test_commands_to_be_typed_are_safe_to_paste_into_a_shell(many: HostileHome):
    """What a step says to type holds ids and words of ours; nothing that a shell would run, and no line of its own."""
    steps = many.crm.ok("agenda", "--all", "--json").items

    assert len({step["plugin"] for step in steps}) > 8
    for step in steps:
        assert re.fullmatch(r"""[\w ."-]*""", step["command"]), step["command"]


def test_a_name_with_a_line_end_can_not_forge_a_command_to_be_typed(crm: Crm):
    command = "        crm contact remove c1 --yes"
    fill(crm.book, [f"Eve\n{command}", f"Eve\r{command}", f"Eve\u2028{command}"])

    shown = crm.ok("agenda", "--all").out

    assert command.strip() in shown
    assert not [line for line in shown.splitlines() if line.strip() == command.strip()]


@pytest.mark.parametrize(
    "size", [pytest.param(30_000, id="large"), pytest.param(1_000_000, id="huge", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", ["a megabyte of escapes", "very many marks"])
def test_a_huge_name_costs_seconds_and_fills_no_agenda(crm: Crm, alone: None, name: str, size: int):
    """As another program may write it: ours takes none that is so long."""
    fill(crm.book, ["Ana"], {**CODES, "name": HUGE[name][:size], "organisation": HUGE[name][:size]})
    began = monotonic()

    agenda = crm.ok("agenda", columns=80).out

    assert len(agenda) < 10_000
    for words in ("contact list", "contact show c2", "company show co2", "checklist i2", "thank i2"):
        assert not ACTING.search(crm(words, columns=80).out)
    assert monotonic() - began < 60


def test_only_addresses_of_the_web_and_of_mail_are_opened(many: HostileHome):
    for number in range(1, RECORDS + 1):
        many.crm("letter", "open", f"l{number}", "--force")
        many.crm("social", "open", f"c{number}")
        many.crm("social", "open", f"co{number}")

    assert len(many.opened) > RECORDS
    for address in many.opened:
        assert re.match(r"https?://[\w.]|mailto:", address), address
        assert not re.search(r"[\s\x00-\x1f\x7f-\x9f]", address), address
