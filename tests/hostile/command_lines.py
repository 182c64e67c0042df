"""Every command of the program with words for all that it must be given, found by asking click.

A new command is covered as soon as it is there, if the types of its parameters say what they want. Where they do not,
`test_screens.py` fails and asks for a line in `WORDS` here.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final, NamedTuple

import click

from crm_core.cli import params
from tests.docs.reference import all_commands

WORDS: Final = {
    "crm application add": "Brandnew Engineer --new",
    "crm application edit": "a{n} --role Tester",
    "crm application list": "--all",
    "crm card add": "c{n} --phone 1",
    "crm card remove": "bc{n}",
    "crm card show": "bc{n}",
    "crm company add": "Brandnew --new",
    "crm company edit": "co{n} --website new.example",
    "crm company merge": "co{n} co{other}",
    "crm contact add": "Brandnew --new",
    "crm contact edit": "c{n} --how met",
    "crm contact merge": "c{n} c{other}",
    "crm contact photo": "c{n}",
    "crm doctor": "--fix",
    "crm done": "{step}",
    "crm forget": "c{n}",
    "crm hearback ask": "i{n}",
    "crm hearback told": "i{n} --how phone",
    "crm import": "{cards}",
    "crm interaction remove": "x{n}",
    "crm interaction show": "x{n}",
    "crm interview edit": "i{n} --kind chat",
    "crm interview log": "co{n} --role Tester --at 'today 9:00'",
    "crm letter draft": "thank-you c{n}",
    "crm letter edit": "l{n} --body new",
    "crm letter sent": "l{n} --on today --force",
    "crm log": "c{n} text",
    "crm note remove": "n{n}",
    "crm note show": "n{n}",
    "crm panel": "i{n}",
    "crm plugins new": "coffee -o {out}",
    "crm plugins off": "crm_quota",
    "crm plugins on": "crm_quota",
    "crm plugins show": "crm_quota",
    "crm promise break": "p{n}",
    "crm promise keep": "p{n}",
    "crm promise list": "--all",
    "crm promise show": "p{n}",
    "crm quota pause": "2026-11-24 2026-11-25",
    "crm quota resume": "pz{n}",
    "crm referral ask": "a{n} c{other} --again",
    "crm referral paths": "co{n}",
    "crm reopen": "{skipped}",
    "crm research asked": "q{n}",
    "crm research ask": "a{n} text",
    "crm research brief": "i{n}",
    "crm research keep": "f{n}",
    "crm research read": "f{n}",
    "crm restore": "{backup}",
    "crm settings set": "crm_quota.applications 7",
    "crm settings show": "crm_quota",
    "crm skip": "{step} --because boredom",
    "crm snooze": "{step} tomorrow",
    "crm social asked": "c{n} linkedin",
    "crm social connected": "c{n} linkedin",
    "crm social declined": "c{n} linkedin",
    "crm social followed": "c{n} linkedin",
    "crm social forget": "c{n} linkedin",
    "crm social open": "c{n}",
    "crm social show": "c{n}",
}
"""What to give a command, where the types of its parameters don't say it.

`{n}` stands for the number of a record, `{other}` for another record's, `{step}` and `{skipped}` for handles of steps,
`{cards}` for a file of vCards, `{backup}` for one of the book a little earlier, `{out}` for what is to be written.
"""

FILES: Final = ("crm export ", "crm card mine", "crm contact photo")
"""How commands begin whose output is a file's contents where it goes into a pipe."""

BY_TYPE: Final = {
    params.CONTACT: "c{n}",
    params.COMPANY: "co{n}",
    params.APPLICATION: "a{n}",
    params.INTERVIEW: "i{n}",
    params.ONE_INTERVIEW: "i{n}",
    params.NEXT_INTERVIEW: "i{n}",
    params.LETTER: "l{n}",
    params.DATE: "2026-11-22",
    params.WHEN: "2026-11-22",
}


class CommandLine(NamedTuple):
    """A command, and what it must be given with placeholders as in `WORDS`."""

    path: str
    words: tuple[str, ...]
    command: click.Command

    @property
    def json(self) -> bool:
        """Whether it can print JSON."""
        return any("--json" in parameter.opts for parameter in self.command.params)


def command_lines() -> Iterator[CommandLine]:
    """Every command that does something when it is typed."""
    for path, context in all_commands():
        command = context.command
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield CommandLine(path, (*path.split()[1:], *_words(path, command)), command)


def _words(path: str, command: click.Command) -> Iterator[str]:
    if any("--yes" in parameter.opts for parameter in command.params):
        yield "--yes"
    if path in WORDS:
        yield from shlex.split(WORDS[path])
        return
    for parameter in command.params:
        if parameter.required:
            yield from parameter.opts[:1] if isinstance(parameter, click.Option) else ()
            yield _word(parameter)


def _word(parameter: click.Parameter) -> str:
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    if "--output" in parameter.opts:
        return "{out}"
    return next((word for kind, word in BY_TYPE.items() if kind is parameter.type), "text")
