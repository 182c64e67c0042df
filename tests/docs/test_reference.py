"""The generated pages are what the program would write now, and no page names what does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from crm_core.cli.given import DateOrNothing
from crm_core.cli.params import Dated
from crm_core.settings import Me
from tests.docs.manual import HAND_WRITTEN, name
from tests.docs.reference import GENERATED, ROOT, all_commands, host

COMMAND = re.compile(r"\bcrm((?: --(?:demo|no-plugins|debug))*)((?: [a-z][a-z-]*)+)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
TYPED = {"", "sh", "text", "console"}
# Commands that a page's own plugin brings.
BROUGHT = {
    "docs/plugin-authors/first-plugin.md": ("crm pay",),
    "docs/plugin-authors/package.md": ("crm coffee",),
    "docs/plugin-authors/storage.md": ("crm favour",),
    "examples/crm-coffee/README.md": ("crm coffee",),
}


@pytest.mark.parametrize("page", GENERATED)
def test_a_generated_page_is_up_to_date(page):
    assert (ROOT / page).read_text("utf-8") == GENERATED[page](), "run: python -m tests.docs.reference"


def typed(text: str) -> list[str]:
    """The command lines that a page shows, in code spans and in fenced blocks."""
    blocks = "\n".join(block for kind, block in FENCE.findall(text) if kind in TYPED)
    spans = [span for span in CODE.findall(FENCE.sub("", text)) if span.startswith("crm ")]
    lines = [line.strip().removeprefix("$ ") for line in blocks.splitlines()]
    return spans + [line for line in lines if line.startswith(("crm ", ".venv/bin/crm "))]


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name)
def test_every_command_and_option_that_a_page_names_exists(page: Path):
    known = {path: context.command for path, context in all_commands()}
    brought = BROUGHT.get(str(page.relative_to(ROOT)), ())
    for line in typed(page.read_text("utf-8")):
        if line.startswith(brought):
            continue
        words = line.removeprefix(".venv/bin/").split("#")[0].split()
        words = [word for word in words if word not in {"--demo", "--no-plugins", "--debug"}]
        path = "crm"
        while len(words) > 1 and f"{path} {words[1]}" in known:
            path = f"{path} {words.pop(1)}"
        rest = words[1] if len(words) > 1 else ""
        is_argument = not isinstance(known[path], click.Group) or not re.fullmatch(r"[a-z][a-z-]*", rest)
        assert is_argument, f"{line!r}: there is no command {path} {rest}"
        options = {opt for param in known[path].params for opt in (*param.opts, *param.secondary_opts)}
        for word in words[1:]:
            if word.startswith("--") and word != "--":
                assert word.split("=")[0] in options | {"--help", "--version"}, f"{line!r}: {path} has no {word}"


def test_every_command_is_on_a_page_that_somebody_wrote():
    pages = "\n".join(page.read_text("utf-8") for page in HAND_WRITTEN if name(page) != "CHANGELOG.md")
    commands = [path for path, context in all_commands() if not isinstance(context.command, click.Group)]

    assert [path for path in commands if not re.search(rf"{path}(?![\w-])", pages)] == []


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=name)
def test_every_setting_that_a_page_names_exists(page):
    sections = {"me": Me, **host().sections()}
    text = page.read_text("utf-8")
    named = re.findall(rf"(?:`|settings set )({'|'.join(sections)})\.(\w+)", text)

    tables = {kind.table for kind in host().kinds()}
    for section, setting in named:
        is_one = setting in sections[section].__struct_fields__ or f"{section}.{setting}" in tables
        assert is_one, f"there is no setting {section}.{setting}"


def test_every_setting_is_explained_on_its_plugins_page():
    for section, kind in host().sections().items():
        text = (ROOT / "plugins" / section / "README.md").read_text("utf-8")
        explained = set(re.findall(rf"^\| `(?:{section}\.)?(\w+)` \|", text, re.MULTILINE))
        assert set(kind.__struct_fields__) == explained, section


def test_every_command_has_help_and_an_example():
    for path, context in all_commands():
        command = context.command
        assert command.help, f"{path} says nothing of itself"
        if not isinstance(command, click.Group):
            assert "crm " in (command.epilog or ""), f"{path} --help shows no example"


def test_every_date_is_read_as_people_say_it():
    """`interview log` and `edit` read theirs with the time zone at hand; see tests/cli/test_interview.py."""
    own = {("crm interview log", "--at"), ("crm interview edit", "--at")}
    dated = [
        (path, param)
        for path, context in all_commands()
        for param in context.command.params
        if {"DATE", "WHEN"} & {*(param.metavar or "").split()} and (path, param.opts[0]) not in own
    ]
    assert len(dated) > 40
    for path, param in dated:
        kinds = param.type.types if isinstance(param.type, click.Tuple) else [param.type]
        assert any(isinstance(kind, Dated | DateOrNothing) for kind in kinds), f"{path} {param.opts[0]} reads no date"


def test_every_option_has_help():
    for path, context in all_commands():
        command = context.command
        for param in command.params:
            if isinstance(param, click.Option):
                assert param.help, f"{path} {param.opts[0]} has no help"
