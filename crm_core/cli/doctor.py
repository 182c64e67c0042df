"""`crm doctor`: what is wrong, each with the command that mends it. It runs whatever is broken.

What is looked at, and what mending without asking means, is `doctor/`'s; settings and plugins are looked at here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from crm_core.cli.app import App, system_zone
from crm_core.cli.context import json_option, pass_app
from crm_core.doctor import Examination, Finding
from crm_core.errors import CrmError
from crm_core.host.switches import read_switches
from crm_core.migrating import bring_up
from crm_core.records import CORE_KINDS

if TYPE_CHECKING:
    from crm_core.cli.screen.output import Output

SHOWN: Final = 20
"""Findings of one sort that are spelt out; the rest is counted."""


@click.command(
    epilog="""\b
Examples:
  crm doctor
  crm doctor --fix
"""
)
@click.option("--fix", is_flag=True, help="Mend what needs no decision of yours; undo takes back what it changes.")
@click.option("--accept", is_flag=True, help="Accept a book that you changed by hand: seal it anew as it is.")
@json_option
@pass_app
def doctor(app: App, fix: bool, accept: bool, as_json: bool) -> int:
    """Look for what is wrong with the book and its files, and say what mends it.

    Exit code 1 if something needs mending. It changes nothing unless it is told to.
    """
    app.host = app.load(() if app.flags.no_plugins else app.found, lambda _: None)
    if accept:
        kept = _examination(app).accept(_now(app))
        app.output.talk(f"Accepted the book as it is. As it was before, it is kept as {kept.path}")
    if fix:
        _fix(app)
    examination = _examination(app)
    findings = [*_of_settings(app), *_of_plugins(app), *examination.findings()]
    if as_json:
        app.output.json_items(findings)
    else:
        _show(app.output, findings)
        _tell_health(app, examination, findings)
    return int(any(not finding.note for finding in findings))


def _fix(app: App) -> None:
    """Mend the files, then the records of a book that can be opened, in the versions that they have today."""
    mended = _examination(app).files.mend()
    refused = bring_up(app.store, [*CORE_KINDS, *app.host.kinds()], app.command_line, _now(app))
    for one in refused:
        app.host.turn_off(one.owner, "migration", one.error)
    mended += _examination(app).mend_records(app.command_line, _now(app))
    app.output.talk(f"Mended {mended:,} thing{'' if mended == 1 else 's'}" if mended else "There was nothing to mend")


def _examination(app: App) -> Examination:
    """Look at the book as it is now."""
    return Examination(
        app.store,
        [*CORE_KINDS, *app.host.kinds()],
        app.places,
        chosen=bool(app.environ.get("CRM_BOOK")) and not app.flags.demo,
        cure=lambda owner: _cure(app, owner),
    )


def _cure(app: App, owner: str) -> str:
    """What gets a plugin back; nothing for one that is not installed."""
    state = next((plugin.state for plugin in app.host.plugins if plugin.name == owner), "")
    if not state:
        return ""
    return f"crm plugins {'on' if state in {'off', 'new'} else 'show'} {owner}"


def _now(app: App) -> datetime:
    """The present; settings that can't be read do not keep anybody from mending the book."""
    try:
        return app.now
    except CrmError:
        return datetime.now(ZoneInfo(system_zone(app.environ)))


def _of_settings(app: App) -> Iterator[Finding]:
    path = app.places.config
    edit = (f"${{EDITOR:-vi}} {quote(str(path))}",)
    told = set()
    for kind in app.settings.sections.values():
        try:
            app.settings.section(kind)
        except CrmError as error:
            if error.message not in told:
                yield Finding(check="settings", what=f"{error.message} ({path})", commands=edit)
            told.add(error.message)
    try:
        read_switches(app.places.switches)
    except CrmError as error:
        yield Finding(check="settings", what=error.message, commands=(f"rm {quote(str(app.places.switches))}",))


def _of_plugins(app: App) -> Iterator[Finding]:
    for plugin in app.host.failed:
        yield Finding(
            check="plugins", what=f"{plugin.name}: {plugin.error}", commands=(f"crm plugins off {plugin.name}",)
        )


def _show(output: Output, findings: Sequence[Finding]) -> None:
    """Each finding with what mends it under it; of many of one sort the first."""
    shown: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for finding in sorted(findings, key=lambda finding: finding.note):
        sort = finding.check, finding.commands
        shown[sort] += 1
        if shown[sort] > SHOWN:
            continue
        output.block(output.wrap(f"{'note: ' if finding.note else ''}{finding.what}"))
        for number, command in enumerate(finding.commands):
            output.block(f"    {'or  ' if number else ''}{output.typed(command)}")
    for (check, commands), count in shown.items():
        if count > SHOWN:
            output.line(
                f"and {count - SHOWN:,} more like that ({check}): {output.typed(commands[0] if commands else '')}"
            )


def _tell_health(app: App, examination: Examination, findings: Sequence[Finding]) -> None:
    """One line that says how it stands."""
    wrong = sum(not finding.note for finding in findings)
    if wrong:
        app.output.talk(f"{wrong:,} thing{' needs' if wrong == 1 else 's need'} mending")
    elif examination.contents is None:
        app.output.line(f"There is no book yet: {app.places.book}")
    else:
        backups = examination.backups
        app.output.line(
            f"Nothing is wrong with {app.places.book}: {examination.contents.records:,} records, "
            f"{backups} backup{'' if backups == 1 else 's'}"
        )
