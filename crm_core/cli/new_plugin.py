"""`crm plugins new`: a plugin to begin with. What is in it is `scaffold`'s; here is what is asked and where it goes."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from crm_core.cli.app import App
from crm_core.cli.context import pass_app
from crm_core.cli.dialog.asking import confirm, someone_there
from crm_core.cli.params import FILE_NAME
from crm_core.errors import InputError
from crm_core.files import make_private_folder, replace_file
from crm_core.scaffold import LICENSES, PARTS, PartName, Plan, plain_name

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from crm_core.scaffold import License

USUAL: Final[tuple[PartName, ...]] = ("steps",)
SAID: Final[dict[PartName, str]] = {
    "steps": "steps for the agenda",
    "command": "a command",
    "record": "a kind of record",
    "settings": "settings",
    "letter": "a kind of letter",
    "importer": "an importer",
    "exporter": "an exporter",
}


@click.command(
    "new",
    epilog="""\b
Examples:
  crm plugins new coffee
  crm plugins new coffee --with steps --with record --with command
  crm plugins new coffee --one-file --with steps
""",
)
@click.argument("name")
@click.option(
    "--with", "given", type=click.Choice(PARTS), multiple=True, help="What it adds; repeatable. Asked on a terminal."
)
@click.option("--output", "-o", type=FILE_NAME, metavar="DIR", help="The folder to make; by default NAME in this one.")
@click.option("--license", "given_license", type=click.Choice(LICENSES), help="The licence. Asked on a terminal.")
@click.option("--one-file", "one_file", is_flag=True, help="A single file, in the plugins folder.")
@pass_app
def new(
    app: App,
    name: str,
    given: Sequence[PartName],
    output: str | None,
    given_license: License | None,
    one_file: bool,
) -> None:
    """Begin a plugin. It is a whole distribution with tests that pass, or a single file.

    It can be installed at once, and does something small in each part that you choose. Make it yours from there.
    """
    plain = plain_name(name)
    if one_file and output is not None:
        raise InputError("--one-file goes into the plugins folder", "Leave out --output.")
    _refuse_a_known_plugin(app, plain)
    place = app.places.plugins / f"{plain}.py" if one_file else Path(output or name.strip())
    _refuse_what_is_there(place)
    parts = given or _asked_parts()
    _refuse_a_taken_word(app, plain, parts)
    plan = Plan(
        name=plain,
        parts=parts,
        author=app.settings.me.name,
        year=app.now.year,
        license="none" if one_file else given_license or _asked_license(),
    )
    if one_file:
        _make_file(app, plan, place)
    else:
        _make_distribution(app, plan, place)


def _make_file(app: App, plan: Plan, path: Path) -> None:
    from crm_core.scaffold import one_file

    make_private_folder(path.parent)
    replace_file(path, [one_file(plan).encode()])
    app.output.line(f"Made {path}: the plugin {plan.name}, with {_listed(plan.parts)}")
    app.output.talk(f"Make it yours, then switch it on: crm plugins on {plan.name}")


def _make_distribution(app: App, plan: Plan, folder: Path) -> None:
    from crm_core.scaffold import make_distribution

    make_distribution(plan, folder)
    app.output.line(f"Made {folder}: the plugin {plan.module}, with {_listed(plan.parts)}")
    app.output.talk("Next, in the environment that crm runs in:")
    for line in (
        f"cd {shlex.quote(str(folder))}",
        'pip install -e ".[dev]"',
        "pytest",
        f"crm plugins show {plan.module}",
    ):
        app.output.talk(f"  {line}")


def _asked_parts() -> Sequence[PartName]:
    """What somebody at the terminal wants; the usual if nobody is there or nothing is wanted."""
    if not someone_there():
        return USUAL
    return [part for part in PARTS if confirm(f"Does it add {SAID[part]}?", f"--with {part}")] or USUAL


def _asked_license() -> License:
    """What somebody at the terminal wants; nobody's work is given away unasked."""
    return "MIT" if someone_there() and confirm("Under the MIT licence?", "--license") else "none"


def _refuse_a_known_plugin(app: App, name: str) -> None:
    known = next((found for found in app.found if found.name in {name, f"crm_{name}"}), None)
    if known is not None:
        raise InputError(
            f"There is a plugin {known.name} already, in {known.origin}",
            f"Choose another name, or look at that one: crm plugins show {known.name}",
        )


def _refuse_what_is_there(place: Path) -> None:
    if os.path.lexists(place):
        raise InputError(f"{place} is there already", "Nothing was written over. Choose another name, or -o DIR.")


def _refuse_a_taken_word(app: App, name: str, parts: Collection[PartName]) -> None:
    """A command, a kind of letter and a format are called as the plugin is."""
    word = name.replace("_", "-")
    for part, owners in _words(app).items():
        if part in parts and word in owners:
            raise InputError(
                f"{SAID[part][:1].upper()}{SAID[part][1:]} called {word!r} is there already: {owners[word]}'s",
                "Choose another name for the plugin.",
            )


def _words(app: App) -> dict[PartName, dict[str, str]]:
    """Words that are taken, and by whom."""
    from crm_core.cli.main import CORE_COMMANDS

    core = [command.name for command in CORE_COMMANDS]
    taken: dict[PartName, dict[str, str]] = {"command": dict.fromkeys(core, "the core"), "letter": {}}
    taken |= {"importer": {"json": "the core"}, "exporter": {"json": "the core"}}
    for plugin, offers in app.load_quietly().ask_all(core).items():
        taken["command"] |= {str(command.name): plugin for command in offers.commands}
        taken["letter"] |= {kind.name: plugin for kind in offers.letters}
        taken["importer"] |= {importer.name: plugin for importer in offers.importers}
        taken["exporter"] |= {exporter.name: plugin for exporter in offers.exporters}
    return taken


def _listed(parts: Collection[PartName]) -> str:
    said = [SAID[part] for part in PARTS if part in parts]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
