"""`crm remind`: what makes the system itself remind you, day by day, with a notification. Printed, never installed."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Any, Final

import click

from crm_core.cli.app import App
from crm_core.cli.context import pass_app
from crm_core.errors import InputError
from crm_core.words import read_clock

TITLE: Final = "Job search"
PLACES: Final = ("CRM_HOME", "CRM_BOOK", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
"""Variables that say which book is meant; cron and systemd do not know those of a shell."""

HOW: Final = """\
A systemd timer (Linux):
  mkdir -p ~/.config/systemd/user
  crm remind service > ~/.config/systemd/user/crm-remind.service
  crm remind timer --at 9:00 > ~/.config/systemd/user/crm-remind.timer
  systemctl --user enable --now crm-remind.timer

Or a line for cron (any Unix):
  (crontab -l; crm remind cron --at 9:00) | crontab -

Both show how much is overdue and due today, and nothing if nothing is.
"""

SERVICE: Final = """\
[Unit]
Description={title}: what is overdue or due today

[Service]
Type=oneshot
{environment}ExecStart=/bin/sh -c {script}
"""

TIMER: Final = """\
[Unit]
Description={title}: a reminder at {at:%H:%M}

[Timer]
OnCalendar=*-*-* {at:%H:%M}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


class Clock(click.ParamType[time]):
    """A time of day."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:  # noqa: ARG002
        """What click asks for."""
        return read_clock(value) if isinstance(value, str) else value


@click.command(
    epilog="""\b
Examples:
  crm remind
  crm remind cron --at 8:30
  crm remind timer > ~/.config/systemd/user/crm-remind.timer
"""
)
@click.argument("what", type=click.Choice(["cron", "service", "timer"]), required=False)
@click.option("--at", type=Clock(), default="9:00", show_default=True, metavar="TIME", help="When, each day.")
@pass_app
def remind(app: App, what: str | None, at: time) -> None:
    """Print what makes your system remind you each day, with a notification on the desktop.

    A line for cron, or the service and the timer of systemd. Without a word, how to use them. Nothing is installed.
    """
    given = {name: value for name in PLACES if (value := app.environ.get(name))}
    program = _program()
    _check_plain(program, *given.values())
    script = _script([program, *(["--demo"] if app.flags.demo else [])])
    if what == "cron":
        app.output.line(f"{at.minute} {at.hour} * * *  {_for_cron(given, script)}")
    elif what == "service":
        environment = "".join(f"Environment={_for_systemd(f'{name}={value}')}\n" for name, value in given.items())
        app.output.block(
            SERVICE.format(title=TITLE, environment=environment, script=_for_systemd(script, dollars=True))
        )
    elif what == "timer":
        app.output.block(TIMER.format(title=TITLE, at=at))
    else:
        app.output.block(app.output.typed(HOW))


def _program() -> str:
    """Where this program is: those who run it at nine do not have your PATH."""
    own = Path(sys.argv[0])
    found = str(own.absolute()) if own.name == "crm" and own.exists() else shutil.which("crm")
    return found or "crm"


def _check_plain(*paths: str) -> None:
    """A line end in a path would begin a line of its own, and what that does.

    Raises:
        InputError: A path has one, or another control character.
    """
    strange = next((path for path in paths if not path.isprintable()), None)
    if strange is not None:
        raise InputError(f"There are control characters in the path {strange[:200]!r}", "Name that place otherwise.")


def _script(program: list[str]) -> str:
    """A line for a shell: a notification, if there is something to do."""
    return f'text=$({shlex.join([*program, "agenda", "--brief"])}); if test -n "$text"; then {_notification()}; fi'


def _notification() -> str:
    """The text holds digits and four words, so it needs no more than quotation marks."""
    if sys.platform == "darwin":
        return f'osascript -e "display notification \\"$text\\" with title \\"{TITLE}\\""'
    return f'notify-send --app-name=crm {shlex.quote(TITLE)} "$text"'


def _for_cron(given: Mapping[str, str], script: str) -> str:
    r"""A command as a crontab takes it: `%` would end it there, and a desktop is found by its bus."""
    bus = "" if sys.platform == "darwin" else "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u)/bus; "
    names = " ".join(f"{name}={shlex.quote(value)}" for name, value in given.items())
    exported = " ".join(filter(None, [names, "DBUS_SESSION_BUS_ADDRESS" if bus else ""]))
    return f"{bus}{f'export {exported}; ' if exported else ''}{script}".replace("%", "\\%")


def _for_systemd(text: str, *, dollars: bool = False) -> str:
    """A word as systemd takes it (systemd.syntax, systemd.service): quoted, without what it would put something for."""
    special = {"\\": "\\\\", '"': '\\"', "%": "%%", "\n": "\\n", **({"$": "$$"} if dollars else {})}
    return f'"{"".join(special.get(character, character) for character in text)}"'
