"""`crm checklist`: the ten things to do after an interview, and where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm_core.cli.agenda import tell_failed
from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app, show
from crm_core.cli.params import INTERVIEW
from crm_core.cli.screen.output import Column

if TYPE_CHECKING:
    from crm_core.checklist import Row
    from crm_core.records import Interview


@click.command(
    epilog="""\b
Examples:
  crm checklist
  crm checklist "Bluewater Robotics"
"""
)
@click.argument("interview", type=INTERVIEW, default="")
@json_option
@pass_app
def checklist(app: App, interview: Interview, as_json: bool) -> None:
    """The ten things to do after an interview: done, due, late or not called for, and why.

    INTERVIEW is an id, a company or a role: the last that ended. Without it, your last interview.
    """
    from crm_core.checklist import checklist as rows_of
    from crm_core.lookup import interview_label

    if not as_json:
        app.output.talk(f"Interview: {interview_label(app.book, interview)} ({interview.id})")
    columns: tuple[Column[Row], ...] = (
        Column("", lambda row: str(row.number), priority=3, right=True, min=2),
        Column("what", lambda row: row.title, priority=2, min=20),
        Column("state", lambda row: row.state, priority=3, min=14),
        Column("why", lambda row: row.why, priority=1, min=20),
    )
    rows = rows_of(app.book, app.host, interview)
    show(rows, columns, as_json=as_json, empty="No plugin has a row in the checklist.", extra={"interview": interview})
    tell_failed(app, "checklist")
