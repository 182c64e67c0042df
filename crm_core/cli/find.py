"""`crm find`: text anywhere in the book. Finding is `search.py`'s, and plugins' among records of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from crm_core.cli.agenda import tell_failed
from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app
from crm_core.errors import InputError

if TYPE_CHECKING:
    from crm_core.cli.screen.output import Output
    from crm_core.search import Finding

FEW: Final = 10  # of a kind that are shown on a terminal


@click.command(
    epilog="""\b
Examples:
  crm find docking
  crm find "route planner" --all
  crm find muller --json
"""
)
@click.argument("text", nargs=-1, required=True)
@click.option("--all", "everything", is_flag=True, help=f"Also on a terminal, more than {FEW} of a kind.")
@json_option
@pass_app
def find(app: App, text: Sequence[str], everything: bool, as_json: bool) -> None:
    """Find text anywhere in the book: in names, addresses, notes, promises, letters, answers.

    Case and accents do not matter. Of several words all must be in one text, in any order.
    """
    from crm_core.search import core_hits, findings

    sought = " ".join(text)
    if not sought.strip():
        raise InputError("There is nothing to look for", "Say what: crm find docking")
    found = findings(app.book, [*core_hits(app.book, sought), *app.host.search(app.book, sought)], sought)
    if as_json:
        app.output.json_items(found)
    elif found:
        _show(app.output, found, None if everything or app.output.room is None else FEW)
    else:
        app.output.talk(f"Nothing mentions {sought[:60]!r}.")
    tell_failed(app, "search")


def _show(output: Output, found: Sequence[Finding], limit: int | None) -> None:
    """What was found under a heading a kind, at most so many of each."""
    for number, (plural, group) in enumerate(groupby(found, key=lambda finding: finding.plural)):
        of_kind = list(group)
        if number:
            output.line()
        output.line(plural[:1].upper() + plural[1:], "heading")
        for finding in of_kind[:limit]:
            _item(output, finding)
        if limit is not None and len(of_kind) > limit:
            output.line(f"  {limit} of {len(of_kind):,}; --all shows them all", "dim")


def _item(output: Output, finding: Finding) -> None:
    """One record; where it was found, unless its label shows it."""
    indent = max(len(finding.id) + 4, 8)
    where = f"{finding.where}: {finding.excerpt}"
    first, rest = (finding.label, where) if finding.label else (where, "")
    output.block(f"  {finding.id:<{indent - 2}}{output.wrap(first, indent)}")
    if rest and finding.excerpt not in finding.label:
        output.block(" " * indent + output.wrap(rest, indent))
